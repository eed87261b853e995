"""Domains that publish autoconfig documents in every place and shape, and what stands there instead."""

from model import MX, Domain, Expected, Machine, Site, autoconfig, configured, on, spf

NO_ADDRESS = "if ($arg_emailaddress) { return 444; }"  # an address where none may be: the request fails, and so does the case


def _document(name, host="", labels=("imaps", "submissions"), **more):
    return autoconfig(name, *(f"{label} {host or 'post.' + name}" for label in labels), **more)


def _published(name, story, document=None, expected=None, locations="", serves=("imaps", "submissions"), **more):
    """A document of the domain itself, for post.NAME."""
    host = f"post.{name}"
    site = configured(name, _document(name) if document is None else document, locations=locations)
    expected = expected or Expected(**on(host), sources=("autoconfig",))
    return Domain(name, story, spf(MX), expected, [Machine([host], serves)], [site], **more)


def _nothing(name, story, *sites, verdicts=()):
    return Domain(name, story, spf(MX), Expected("not-found", 3, verdicts=verdicts), sites=list(sites))


def _over_http(name, story, **site):
    """HTTP alone has a document; post.NAME is in the domain, so its good certificate is enough for the password."""
    host = f"post.{name}"
    expected = Expected(**on(host), sources=("autoconfig-http",), verdicts=("settings-insecure-source",))
    return Domain(name, story, spf(MX), expected, [Machine([host])], [configured(name, _document(name), locations=NO_ADDRESS, **site)])


def _by_provider(name, story, provider, mx, source, sites=()):
    """Servers of whoever takes the domain's mail, which a person confirms once."""
    host = f"post.{provider}"
    expected = Expected(**on(host), sources=(source,), trust="confirm", confirm=provider)
    return Domain(name, story, f"@ MX 10 {mx}.", expected, [Machine([host])], list(sites))


_TWO_NAMES = "%EMAILADDRESS%".join(  # the second of two
    _document("purser.example", username="%EMAILLOCALPART%").rsplit("%EMAILLOCALPART%", 1))
_ONE_BAD = _document("patchwork.example", labels=("imaps", "imaps", "submissions")).replace(
    "<socketType>SSL</socketType>", "<socketType>SSL=starttls</socketType>", 1)
_PLAIN = _document("naked.example", labels=("imap", "submission")).replace("STARTTLS", "plain")
_BARE = _document("bareboat.example", labels=("imap", "submission")).replace("STARTTLS", "plain")
_LATIN = _document("umbrella.example").replace("UTF-8", "ISO-8859-1").replace("Mail at", "Post für")
_WIDE = _document("broadside.example").replace("UTF-8", "UTF-16")
_ENTITIES = _document("echo.example").replace("<clientConfig", '<!DOCTYPE c [<!ENTITY a "b">]>\n<clientConfig')

DATABASE = Site("v1.ispdb.net", {"/harbour-club.net": _document("harbour-club.net"), "/ship-hoster.net": _document("ship-hoster.net")},
                locations=NO_ADDRESS)
SITES = [DATABASE]

DOMAINS = [
    Domain("harbour-club.net", "the database of providers alone knows the domain", spf(MX),
           Expected(**on("post.harbour-club.net"), sources=("ispdb",)), [Machine(["post.harbour-club.net"])]),
    _by_provider("rowing-club.net", "the database knows who takes the domain's mail", "ship-hoster.net", "mx1.ship-hoster.net", "ispdb-mx"),
    _by_provider("galley.example", "whoever takes the domain's mail has a document", "dock-hoster.net", "mx1.eu.dock-hoster.net",
                 "autoconfig-mx", [configured("dock-hoster.net", _document("dock-hoster.net"), locations=NO_ADDRESS)]),

    _over_http("lighter.example", "a document over HTTP alone, nothing listens for HTTPS", plain_only=True),
    _over_http("raft.example", "a document over HTTP alone, HTTPS has another customer's certificate", certificate="wrong-name"),
    _nothing("pirate.example", "HTTPS says no, HTTP has a document: nobody asks for that",
             configured("pirate.example", _document("pirate.example"), locations="if ($scheme = https) { return 404; }")),
    _nothing("downgrade.example", "HTTPS leads to HTTP: refused at that step, and not asked by ourselves either",
             configured("downgrade.example", _document("downgrade.example"),
                        locations="if ($scheme = https) { return 302 http://$host$uri; }"),
             verdicts=("settings-redirect-loop",)),
    _nothing("carousel.example", "a redirect to the next, eleven of them and more",
             Site("autoconfig.carousel.example",
                  locations="location ~ ^/mail/(x*)config { return 302 https://$host/mail/x$1config-v1.1.xml; }"),
             verdicts=("settings-redirect-loop",)),

    Domain("pennant.example", "a TXT record that leads to a document",
           spf(MX, '@ TXT "mailconf=https://files.pennant.example/a.xml"'),
           Expected(**on("post.pennant.example"), sources=("autoconfig-txt",)), [Machine(["post.pennant.example"])],
           [configured("pennant.example", _document("pennant.example"), "/a.xml", "files.pennant.example", locations=NO_ADDRESS)]),

    _published("broadside.example", "a document in UTF-16", _WIDE.encode("utf-16")),
    _published("umbrella.example", "a document in Latin-1", _LATIN.encode("latin-1")),
    _published("patchwork.example", "one server with a socket type that nobody knows: skipped alone", _ONE_BAD,
               Expected(**on("post.patchwork.example"), sources=("autoconfig",), verdicts=("settings-malformed",))),
    _published("shy.example", "400 to the form with the address", locations="if ($arg_emailaddress) { return 400; }"),
    _published("formal.example", "400 to the form without the address", locations="if ($arg_emailaddress = '') { return 400; }"),
    _published("purser.example", "one user name for reading, another for sending", _TWO_NAMES,
               Expected(**on("post.purser.example"), sources=("autoconfig",), form="local-part"),
               login="alice", login_out="alice@purser.example"),
    _published("hold.example", "a document that names POP3 alone", _document("hold.example", labels=("pop3s", "submissions")),
               Expected(**on("post.hold.example", "pop3s"), sources=("autoconfig",), verdicts=("pop3-only",)),
               serves=("pop3s", "submissions")),
    _published("naked.example", "a document that names servers without TLS alone: the same servers take STARTTLS, and get the password there", _PLAIN,
               Expected(**on("post.naked.example", "imap", "submission"), sources=("guess",), alternatives=("imap- post.naked.example",)),
               serves=("imap", "submission")),
    Domain("bareboat.example", "servers without TLS, and a document that says so: kept, and no password goes there", spf(MX),
           Expected("attention", 1, **on("post.bareboat.example", "imap-", "submission-"), sources=("autoconfig",), trust="insecure",
                    verdicts=("sign-in-cleartext-refused",)),
           [Machine(["post.bareboat.example"], ("imap", "submission"), bare=True)], [configured("bareboat.example", _BARE)]),

    _nothing("mirror.example", "a page for people, with status 200, whatever is asked",
             Site("autoconfig.mirror.example", page_for_everything=True)),
    _nothing("robot.example", "JSON where the document should be", configured("robot.example", '{"error": "not found"}')),
    _nothing("void.example", "an empty document", configured("void.example", "")),
    _nothing("echo.example", "a document with entities of its own", configured("echo.example", _ENTITIES),
             verdicts=("settings-malformed",)),
]
