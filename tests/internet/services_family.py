"""Domains that publish more than mail, or in other ways: PACC, SRV and TXT for calendars and contacts, well-known URLs."""

import base64
import hashlib
import json

from model import MX, Domain, Expected, Machine, Site, on, spf, srv

SIGN_IN = """add_header WWW-Authenticate 'Basic realm="%s"' always; return 401;"""


def _document(mail_host, **urls):
    protocols = {"imap": {"host": mail_host}, "submit": {"host": mail_host}, **{kind: {"url": url} for kind, url in urls.items()}}
    info = {"provider": {"name": "Mail for sailors"}}
    return json.dumps({"protocols": protocols, "authentication": {"password": True}, "info": info}, indent=2)


def _hash(document):
    digest = base64.b64encode(hashlib.sha256(document.encode()).digest()).decode()
    return f'_ua-auto-config TXT "v=UAAC1; a=sha256; d={digest}"'


def _site(domain, document):
    return Site(f"ua-auto-config.{domain}", {"/.well-known/user-agent-configuration.json": document})


def _well_known(**answers):
    """nginx's words for /.well-known/NAME."""
    return "\n".join(f"location = /.well-known/{name} {{ {answer} }}" for name, answer in answers.items())


REGISTERED = _document("mail.outfitter.test", jmap="https://jmap.registry.example/session", caldav="https://dav.registry.example/cal/",
                       carddav="https://dav.registry.example/card/")
SMUDGED = _document("mail.outfitter.test", caldav="https://dav.smudged.example/")
UNSIGNED = _document("post.chandler.test", caldav="https://dav.unsigned.example/")


def _with_mail(name, story, zone, services, sites=()):
    """Mail by SRV, so that what is found beside it is all that differs."""
    return Domain(name, story, spf(MX, srv("post", "_imaps", "_submissions"), *zone),
                  Expected(**on(f"post.{name}"), sources=("srv",), services=services), [Machine([f"post.{name}"])], list(sites))


DOMAINS = [
    Domain("registry.example", "PACC: a document whose hash stands in the DNS; its servers are elsewhere, and nobody needs to be asked",
           spf(MX, '_ua-auto-config TXT "v=UAAC1; a=sha256; d=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="', _hash(REGISTERED)),
           Expected(**on("mail.outfitter.test"), sources=("pacc",), never=("settings-malformed", "settings-conflict", "dns-failure"),
                    services=("jmap https://jmap.registry.example/session", "caldav https://dav.registry.example/cal/",
                              "carddav https://dav.registry.example/card/")),
           [Machine(["mail.outfitter.test"])], [_site("registry.example", REGISTERED)]),

    Domain("smudged.example", "PACC: the document was changed after its hash was published; the SRV records speak",
           spf(MX, srv("post", "_imaps", "_submissions"), _hash(SMUDGED)),
           Expected(**on("post.smudged.example"), sources=("srv",), verdicts=("settings-malformed",), services=()),
           [Machine(["post.smudged.example"])], [_site("smudged.example", SMUDGED + "\n")]),

    Domain("unsigned.example", "PACC: a document without a hash in the DNS: the person confirms the hoster once",
           spf(MX),
           Expected(**on("post.chandler.test"), sources=("pacc",), trust="confirm", confirm="chandler.test",
                    verdicts=("settings-host-outside-domain",), services=("caldav https://dav.unsigned.example/ (confirm)",)),
           [Machine(["post.chandler.test"])], [_site("unsigned.example", UNSIGNED)]),

    _with_mail("almanac.example", "SRV for every service, a TXT record with a path for one of them, and one that leads out of its place",
               ("_sieve._tcp SRV 0 1 4190 post", "_jmap._tcp SRV 0 1 443 jmap", "_caldavs._tcp SRV 0 1 8443 dav",
                '_caldavs._tcp TXT "path=/remote.php/dav/"', "_carddavs._tcp SRV 0 1 443 dav",
                '_carddavs._tcp TXT "path=//elsewhere.test/"', "_caldav._tcp SRV 0 1 80 dav"),
               ("managesieve post.almanac.example:4190 (confirm)", "jmap https://jmap.almanac.example/.well-known/jmap (confirm)",
                "caldav https://dav.almanac.example:8443/remote.php/dav/ (confirm)",
                "carddav https://dav.almanac.example/.well-known/carddav (confirm)")),

    _with_mail("ledger.example", "SRV for calendars without TLS alone",
               ("_caldav._tcp SRV 0 1 80 dav", '_caldav._tcp TXT "path=/cal/"'), ("caldav http://dav.ledger.example/cal/ (insecure)",)),

    _with_mail("marina.example", "well-known URLs that redirect: one within the domain, one to a hoster, who is not contacted", (),
               ("caldav https://cloud.marina.example/remote.php/dav/", "carddav https://cloud.hosting.test/dav/ (confirm)"),
               [Site("marina.example", page_for_everything=True,
                     locations=_well_known(caldav="return 301 https://cloud.marina.example/remote.php/dav;",
                                           carddav="return 302 https://cloud.hosting.test/dav/;")),
                Site("cloud.marina.example", locations="location = /remote.php/dav { return 308 /remote.php/dav/; }\n"
                                                       "location /remote.php/dav/ { " + SIGN_IN % "Cloud" + " }")]),

    _with_mail("jetty.example", "JMAP at the well-known URL, which asks for a sign-in", (),
               ("jmap https://jetty.example/.well-known/jmap",),
               [Site("jetty.example", locations=_well_known(jmap=SIGN_IN % "JMAP"))]),

    _with_mail("gatehouse.example", "a web site that wants a sign-in for every path has neither JMAP nor calendars", (), (),
               [Site("gatehouse.example", locations="location / { " + SIGN_IN % "Members" + " }")]),

    _with_mail("signpost.example", "a web site that leads every path to another domain has neither JMAP nor calendars", (), (),
               [Site("signpost.example", locations="location / { return 301 https://signpost.test$request_uri; }")]),

    _with_mail("mooring.example", "calendars are declined by SRV, though the web site has them; contacts are not",
               ("_caldavs._tcp SRV 0 0 0 .",), ("carddav https://mooring.example/.well-known/carddav",),
               [Site("mooring.example", locations=_well_known(caldav=SIGN_IN % "DAV", carddav=SIGN_IN % "DAV"))]),
]
