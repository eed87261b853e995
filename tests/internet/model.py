"""The words in which right.py and wrong.py describe domains: machines, web sites, what is published, what Portolan must say."""

from dataclasses import dataclass, field

from autoconfig_file import autoconfig

WEB = "198.51.100.80"
PLAIN_WEB = "198.51.100.81"  # HTTP alone: nothing listens at 443
PASSWORD = 'Möwe "7" \\ Knoten&;%'  # every character that a protocol, a shell or a format could trip over
TLS = ("imaps", "submissions")


@dataclass
class Machine:
    """One server with an address of its own. `serves` and `silent` name ports (servers.PORTS); an empty `serves` is a machine that refuses."""
    names: list
    serves: tuple = TLS
    certificate: str = "good"
    logins: tuple = ()  # user names it takes; empty: those of the domain
    password: str = PASSWORD
    silent: tuple = ()
    bare: bool = False  # no encryption at all: STARTTLS is not there either
    family: int = 4
    alias_of: str = ""  # this name is a CNAME to another one, which has the address
    address: str = ""
    endless: str = ""  # HTTPS that never stops: "headers", "body" or "packed" (hostile_documents.Endless)
    accounts: list = field(default_factory=list)

    @property
    def host(self):
        return self.names[0]


@dataclass
class Site:
    host: str
    documents: dict = field(default_factory=dict)
    certificate: str = "good"
    page_for_everything: bool = False  # 200 and a page for people, whatever is asked
    takes_posts: bool = False  # a POST is answered like a GET
    answers: dict = field(default_factory=dict)  # path -> what nginx says there: "return 401", "return 302 https://…"
    default: bool = False
    plain_only: bool = False  # at PLAIN_WEB
    locations: str = ""  # nginx's own words, for answers that are no file


@dataclass
class Expected:
    """What the report must say. An endpoint is "imaps HOST", without TLS "imap- HOST"; verdicts are those that must be there, `never` those that must not."""
    outcome: str = "ready"
    status: int = 0
    incoming: str = ""
    outgoing: str = ""
    sources: tuple = ()
    outgoing_sources: tuple = ()  # where they differ
    trust: str = "authenticated"
    form: str = "address"
    verdicts: tuple = ()
    never: tuple = ("settings-conflict", "dns-failure", "dns-timeout")
    alternatives: tuple = ()
    refusals: int = 0  # sign-ins that Dovecot must have refused
    confirm: str = ""  # nothing may be signed in to before --confirm with this domain
    services: tuple | None = None  # beside mail, all of them: "caldav https://…", "managesieve HOST:PORT"; their trust behind it: " (confirm)"
    accept: str = ""  # the certificate's verdict: nothing may be signed in to before --accept-certificate


@dataclass
class Domain:
    name: str  # A-labels
    story: str
    zone: str  # records relative to the domain
    expected: Expected
    machines: list = field(default_factory=list)
    sites: list = field(default_factory=list)
    typed: str = ""  # as the person types it, where that is not alice@name
    login: str = ""  # the user name its servers take; the full address unless given
    login_out: str = ""  # for sending, where that is another one

    @property
    def address(self):
        return self.typed or f"alice@{self.name}"


MX = "@ MX 10 mx.filter.test."  # mail passes a filter first: says nothing about the mailbox


def spf(*more):
    return "\n".join(['@ TXT "v=spf1 mx -all"', *more])


def srv(host, *labels):
    ports = {"_imaps": 993, "_imap": 143, "_pop3s": 995, "_submissions": 465, "_submission": 587}
    return "\n".join(f"{label}._tcp SRV 0 1 {ports[label]} {host}" for label in labels)


def on(host, incoming="imaps", outgoing="submissions"):
    return {"incoming": f"{incoming} {host}", "outgoing": f"{outgoing} {host}"}


def configured(domain, document, path="/mail/config-v1.1.xml", host="", **more):
    return Site(host or f"autoconfig.{domain}", {path: document}, **more)


def bad_certificate(name, kind, verdict, story):
    """Published over HTTPS by the domain itself, so that the certificate of the mail server is the only flaw."""
    post = f"post.{name}"
    return Domain(name, story, spf(MX), Expected("attention", 1, **on(post), sources=("autoconfig",), accept=verdict),
                  [Machine([post], certificate=kind)], [configured(name, autoconfig(name, f"imaps {post}", f"submissions {post}"))])
