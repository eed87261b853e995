"""Domains that publish for Outlook: Autodiscover over HTTPS, by redirect, by SRV record, and what goes wrong with it."""

from model import MX, Domain, Expected, Machine, Site, on, spf, srv

XML = "/autodiscover/autodiscover.xml"
RESPONSE = "http://schemas.microsoft.com/exchange/autodiscover"
PORTS = {"imaps": ("IMAP", 993), "imap": ("IMAP", 143), "submissions": ("SMTP", 465), "submission": ("SMTP", 587)}


def _answer(inner, schema="outlook/responseschema/2006a"):
    return (f'<?xml version="1.0" encoding="utf-8"?>\n<Autodiscover xmlns="{RESPONSE}/responseschema/2006">\n'
            f'<Response xmlns="{RESPONSE}/{schema}">\n{inner}\n</Response>\n</Autodiscover>\n')


def _settings(*endpoints, more=""):
    """`endpoints` are "imaps HOST" and so on."""
    protocols = []
    for text in endpoints:
        label, host = text.split()
        kind, port = PORTS[label]
        protocols.append(f"<Protocol><Type>{kind}</Type><Server>{host}</Server><Port>{port}</Port><SSL>on</SSL>{more}"
                         "<SPA>off</SPA><AuthRequired>on</AuthRequired></Protocol>")
    return _answer("<Account><AccountType>email</AccountType><Action>settings</Action>" + "\n".join(protocols) + "</Account>")


def _redirect(element, target):
    action = element[0].lower() + element[1:]
    return _answer(f"<Account><AccountType>email</AccountType><Action>{action}</Action><{element}>{target}</{element}></Account>")


def _site(host, document=None, path=XML, **more):
    return Site(host, {path: document} if document else {}, takes_posts=True, **more)


def _published(name, story, sites, zone="", trust="authenticated", source="autodiscover", verdicts=(), never=()):
    """The mail server has a name that nobody guesses."""
    post = f"post.{name}"
    expected = Expected(**on(post), sources=(source,), trust=trust, verdicts=verdicts, never=Expected.never + never)
    return Domain(name, story, spf(MX, zone), expected, [Machine([post])], sites)


def _pair(name):
    return _settings(f"imaps post.{name}", f"submissions post.{name}")


def _nothing(name, story, sites, *verdicts, machines=(), zone=""):
    return Domain(name, story, spf(MX, zone), Expected("not-found", 3, verdicts=verdicts), list(machines), sites)


DOMAINS = [
    _published("skiff.example", "Autodiscover at its own host alone", [_site("autodiscover.skiff.example", _pair("skiff.example"))]),
    _published("punt.example", "Autodiscover on the domain's web site alone",
               [_site("punt.example", _pair("punt.example"), page_for_everything=True)]),

    Domain("yawl.example", "one port each, SSL on: 143 and 587 mean STARTTLS",
           spf(MX), Expected(**on("post.yawl.example", "imap", "submission"), sources=("autodiscover",)),
           [Machine(["post.yawl.example"], ("imap", "submission"))],
           [_site("autodiscover.yawl.example", _settings("imap post.yawl.example", "submission post.yawl.example"))]),

    _published("lugger.example", "autodiscover. has no certificate of its own and redirects, without TLS, to a host of the domain",
               [_site("autodiscover.lugger.example", certificate="wrong-name",
                      answers={XML: "return 302 https://ex.lugger.example/Autodiscover/Autodiscover.xml"}),
                _site("ex.lugger.example", _pair("lugger.example"), "/Autodiscover/Autodiscover.xml")],
               never=("certificate-name-mismatch",)),

    _published("smack.example", "the SRV record for Autodiscover alone", [_site("ex.smack.example", _pair("smack.example"))],
               "_autodiscover._tcp SRV 0 0 443 ex", source="autodiscover-srv"),

    _published("cutter.example", "a redirect inside of the domain, over HTTPS",
               [_site("autodiscover.cutter.example", answers={XML: "return 301 https://ex.cutter.example/here.xml"}),
                _site("ex.cutter.example", _pair("cutter.example"), "/here.xml")]),

    _published("ketch.example", "a new address in the domain: asked about at its own host",
               [_site("autodiscover.ketch.example", _redirect("RedirectAddr", "alice@staff.ketch.example")),
                _site("autodiscover.staff.ketch.example", _pair("ketch.example"))]),

    _published("barge.example", "autodiscover. redirects in a circle; the domain's web site has the answer",
               [_site("autodiscover.barge.example", answers={XML: "return 302 https://autodiscover.barge.example/b",
                                                             "/b": f"return 302 https://autodiscover.barge.example{XML}"}),
                _site("barge.example", _pair("barge.example"))],
               verdicts=("settings-redirect-loop",)),

    Domain("moored.example", "an Exchange server that wants a sign-in first: it gets none, and the SRV records speak",
           spf(MX, srv("post", "_imaps", "_submissions")),
           Expected(**on("post.moored.example"), sources=("srv",)),
           [Machine(["post.moored.example"])],
           [_site("autodiscover.moored.example",
                  answers={XML: "add_header WWW-Authenticate Negotiate always; add_header WWW-Authenticate NTLM always; "
                                "add_header WWW-Authenticate 'Basic realm=\"x\"' always; return 401"})]),

    Domain("bilge.example", "SSL is on, and Encryption takes it back: without encryption nothing is signed in to, by STARTTLS it is",
           spf(MX),
           Expected(**on("post.bilge.example", "imap", "submission"), sources=("guess",), alternatives=("imap- post.bilge.example",)),
           [Machine(["post.bilge.example"], ("imap", "submission"))],
           [_site("autodiscover.bilge.example",
                  _settings("imap post.bilge.example", "submission post.bilge.example", more="<Encryption>None</Encryption>"))]),

    _nothing("shoal.example", "SSL has a value that nobody knows: nothing of it is believed",
             [_site("autodiscover.shoal.example", _settings("imap post.shoal.example").replace("<SSL>on</SSL>", "<SSL>starttls</SSL>"))],
             "settings-malformed", machines=[Machine(["post.shoal.example"], ("imap",))]),

    _nothing("whirlpool.example", "a new address that is the old one",
             [_site("autodiscover.whirlpool.example", _redirect("RedirectAddr", "alice@whirlpool.example"))], "settings-redirect-loop"),

    Domain("dinghy.example", "ActiveSync alone",
           spf(MX),
           Expected("attention", 1, sources=("autodiscover",), services=("activesync https://mail.dinghy.example/Microsoft-Server-ActiveSync",)),
           [],
           [_site("autodiscover.dinghy.example",
                  _answer("<Culture>en:us</Culture><Action><Settings><Server><Type>MobileSync</Type>"
                          "<Url>https://mail.dinghy.example/Microsoft-Server-ActiveSync</Url></Server></Settings></Action>",
                          "mobilesync/responseschema/2006"))]),

    _nothing("wherry.example", "a redirect to a hoster: a notice, followed once that hoster is confirmed",
             [_site("autodiscover.wherry.example", answers={XML: f"return 302 https://autodiscover.boathouse.test{XML}"}),
              _site("autodiscover.boathouse.test", _settings("imaps mail.boathouse.test", "submissions mail.boathouse.test"))],
             "settings-host-outside-domain", machines=[Machine(["mail.boathouse.test"])]),
]
