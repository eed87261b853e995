"""Domains that publish autoconfig documents in every place and shape, and what stands there instead."""

from model import MX, Domain, Expected, Machine, Site, autoconfig, configured, on, spf

NO_ADDRESS = "if ($arg_emailaddress) { return 444; }"  # an address where none may be: the request fails, and so does the case
ADDRESS_FIRST = "if ($arg_emailaddress = '') { return 400; }"


def _post(name, *ports, **more):
    return f"post.{name}", [Machine([f"post.{name}"], *ports, **more)]


def _published(name, story, document=None, expected=None, site=None, **more):
    """A document of the domain itself, for post.NAME."""
    host, machines = _post(name)
    document = document or autoconfig(name, f"imaps {host}", f"submissions {host}")
    return Domain(name, story, spf(MX), expected or Expected(**on(host), sources=("autoconfig",)), machines, [configured(name, document, **(site or {}))], **more)


def _nothing(name, story, *sites, verdicts=(), zone=spf(MX)):
    return Domain(name, story, zone, Expected("not-found", 3, verdicts=verdicts), sites=list(sites))


def _over_http(name, story, **site):
    """HTTP alone has a document; post.NAME is in the domain, so its good certificate is enough for the password."""
    host, machines = _post(name)
    document = autoconfig(name, f"imaps {host}", f"submissions {host}")
    return Domain(name, story, spf(MX), Expected(**on(host), sources=("autoconfig-http",), verdicts=("settings-insecure-source",)), machines,
                  [configured(name, document, locations=NO_ADDRESS, **site)])


def _by_database(name, key, story, sources, zone=spf(MX), **expected):
    host = f"post.{name}" if "confirm" not in expected else f"post.{expected['confirm']}"
    return Domain(name, story, zone, Expected(**on(host), sources=sources, **expected), [Machine([host])]), \
        {f"/{key}": autoconfig(key, f"imaps {host}", f"submissions {host}")}


HARBOUR, HARBOUR_FILE = _by_database("harbour-club.net", "harbour-club.net", "the database of providers alone knows the domain", ("ispdb",))
ROWERS, ROWERS_FILE = _by_database("rowing-club.net", "ship-hoster.net", "the database knows who takes the domain's mail: the person confirms that provider once",
                                   ("ispdb-mx",), "@ MX 10 mx1.ship-hoster.net.", trust="confirm", confirm="ship-hoster.net")
DATABASE = Site("v1.ispdb.net", {**HARBOUR_FILE, **ROWERS_FILE}, locations=NO_ADDRESS)

_TWO_NAMES = "%EMAILADDRESS%".join(  # the second of two
    autoconfig("purser.example", "imaps post.purser.example", "submissions post.purser.example", username="%EMAILLOCALPART%").rsplit("%EMAILLOCALPART%", 1))
_ONE_BAD = autoconfig("patchwork.example", "imaps post.patchwork.example", "imaps post.patchwork.example", "submissions post.patchwork.example").replace(
    "<socketType>SSL</socketType>", "<socketType>SSL=starttls</socketType>", 1)
_POP3 = autoconfig("hold.example", "pop3s post.hold.example", "submissions post.hold.example")
_PLAIN = autoconfig("naked.example", "imap post.naked.example", "submission post.naked.example").replace("STARTTLS", "plain")
_LATIN = autoconfig("umbrella.example", "imaps post.umbrella.example", "submissions post.umbrella.example").replace("UTF-8", "ISO-8859-1").replace("Mail at", "Post für")
_WIDE = autoconfig("broadside.example", "imaps post.broadside.example", "submissions post.broadside.example").replace("UTF-8", "UTF-16")

DOMAINS = [
    HARBOUR,
    ROWERS,
    _over_http("barge.example", "a document over HTTP alone, nothing listens for HTTPS", plain_only=True),
    _over_http("raft.example", "a document over HTTP alone, HTTPS has another customer's certificate", certificate="wrong-name"),
    _nothing("pirate.example", "HTTPS says no, HTTP has a document: nobody asks for that",
             configured("pirate.example", autoconfig("pirate.example", "imaps post.pirate.example", "submissions post.pirate.example"),
                        locations="if ($scheme = https) { return 404; }")),
    _nothing("downgrade.example", "HTTPS leads to HTTP: refused at that step, and not asked by ourselves either",
             configured("downgrade.example", autoconfig("downgrade.example", "imaps post.downgrade.example", "submissions post.downgrade.example"),
                        locations="if ($scheme = https) { return 302 http://$host$uri; }"),
             verdicts=("settings-redirect-loop",)),
    _nothing("carousel.example", "a redirect to the next, eleven of them and more",
             Site("autoconfig.carousel.example", locations="location ~ ^/mail/(x*)config { return 302 https://$host/mail/x$1config-v1.1.xml; }"),
             verdicts=("settings-redirect-loop",)),

    Domain("dinghy.example", "a document at the host of who takes the mail: the person confirms that provider once", "@ MX 10 mx1.eu.dock-hoster.net.",
           Expected(**on("post.dock-hoster.net"), sources=("autoconfig-mx",), trust="confirm", confirm="dock-hoster.net"),
           [Machine(["post.dock-hoster.net"])],
           [configured("dock-hoster.net", autoconfig("dock-hoster.net", "imaps post.dock-hoster.net", "submissions post.dock-hoster.net"), locations=NO_ADDRESS)]),

    Domain("pennant.example", "a TXT record that leads to a document", spf(MX, '@ TXT "mailconf=https://files.pennant.example/a.xml"'),
           Expected(**on("post.pennant.example"), sources=("autoconfig-txt",)), _post("pennant.example")[1],
           [configured("pennant.example", autoconfig("pennant.example", "imaps post.pennant.example", "submissions post.pennant.example"), "/a.xml", "files.pennant.example",
                       locations=NO_ADDRESS)]),

    _published("broadside.example", "a document in UTF-16", _WIDE.encode("utf-16")),
    _published("umbrella.example", "a document in Latin-1", _LATIN.encode("latin-1")),
    _published("patchwork.example", "one server with a socket type that nobody knows: skipped alone", _ONE_BAD,
               Expected(**on("post.patchwork.example"), sources=("autoconfig",), verdicts=("settings-malformed",))),
    _published("shy.example", "400 to the form with the address: the other form is answered", site={"locations": "if ($arg_emailaddress) { return 400; }"}),
    _published("formal.example", "400 to the form without the address", site={"locations": ADDRESS_FIRST}),
    _published("purser.example", "one user name for reading, another for sending", _TWO_NAMES, Expected(**on("post.purser.example"), sources=("autoconfig",), form="local-part"),
               login="alice", login_out="alice@purser.example"),
    Domain("hold.example", "a document that names POP3 alone", spf(MX),
           Expected(**on("post.hold.example", "pop3s"), sources=("autoconfig",), verdicts=("pop3-only",)),
           [Machine(["post.hold.example"], ("pop3s", "submissions"))], [configured("hold.example", _POP3)]),
    Domain("naked.example", "a document that names servers without TLS alone: kept, and no password goes there", spf(MX),
           Expected("attention", 1, incoming="imap- post.naked.example", outgoing="submission- post.naked.example", sources=("autoconfig",),
                    verdicts=("sign-in-cleartext-refused",)),
           [Machine(["post.naked.example"], ("imap", "submission"))], [configured("naked.example", _PLAIN)]),
    _nothing("mirror.example", "a page for people, with status 200, whatever is asked", Site("autoconfig.mirror.example", page_for_everything=True)),
    _nothing("robot.example", "JSON where the document should be", configured("robot.example", '{"error": "not found"}')),
    _nothing("void.example", "an empty document", configured("void.example", "")),
    _nothing("echo.example", "a document with a type of its own making, and entities", configured("echo.example", '<!DOCTYPE c [<!ENTITY a "b">]>' + _POP3[38:]),
             verdicts=("settings-malformed",)),
]
SITES = [DATABASE]
