"""Domains with a flaw: what Portolan must say, and when no password may leave."""

from model import MX, Domain, Expected, Machine, Site, autoconfig, bad_certificate, configured, on, spf, srv

BROKEN_ZONES = ["fog.example"]  # NSD knows the zone but cannot load it: SERVFAIL


def _nothing(name, story, zone, *verdicts, outcome="not-found", status=3, **more):
    return Domain(name, story, zone, Expected(outcome, status, verdicts=verdicts), **more)


DOMAINS = [
    bad_certificate("expired.example", "expired", "certificate-expired", "a certificate that has expired"),
    bad_certificate("homemade.example", "self-signed", "certificate-self-signed", "a certificate that vouches for itself"),
    bad_certificate("misnamed.example", "wrong-name", "certificate-name-mismatch", "another customer's certificate"),
    bad_certificate("stranger.example", "unknown-issuer", "certificate-untrusted-issuer", "a certificate of an authority that nobody knows"),
    bad_certificate("gap.example", "incomplete-chain", "certificate-incomplete-chain", "a server that does not send the certificate of its issuer"),

    Domain("rust.example", "an expired certificate on a machine that SRV records name, in the domain",
           spf(MX, srv("post", "_imaps", "_submissions")),
           Expected("attention", 1, **on("post.rust.example"), sources=("srv",), accept="certificate-expired"),
           [Machine(["post.rust.example"], certificate="expired")]),

    Domain("key-changed.example", "another password than the person's, and the user name's form is known: one refusal",
           spf(MX),
           Expected("attention", 1, **on("post.key-changed.example"), sources=("autoconfig",), refusals=1, verdicts=("sign-in-rejected",)),
           [Machine(["post.key-changed.example"], password="another")],
           [configured("key-changed.example", autoconfig("key-changed.example", "imaps post.key-changed.example", "submissions post.key-changed.example"))]),

    Domain("locked-out.example", "another password than the person's, and the user name's form is unknown: two refusals, never three",
           spf("@ MX 10 mail.locked-out.example."),
           Expected("attention", 1, **on("mail.locked-out.example"), sources=("guess",), refusals=2, verdicts=("sign-in-rejected",)),
           [Machine(["mail.locked-out.example"], password="another", logins=("alice", "alice@locked-out.example"))]),

    Domain("wreckage.example", "SRV records for a machine that refuses connections, and nothing else",
           spf(MX, srv("post", "_imaps", "_submissions")),
           Expected("attention", 1, **on("post.wreckage.example"), sources=("srv",), verdicts=("connection-refused",)),
           [Machine(["post.wreckage.example"], ())]),

    Domain("mirage.example", "SRV records for a machine that has no address",
           spf(MX, srv("post", "_imaps", "_submissions")),
           Expected("attention", 1, **on("post.mirage.example"), sources=("srv",), verdicts=("settings-point-nowhere",))),

    _nothing("empty.example", "the domain exists, and publishes nothing", '@ TXT "v=spf1 -all"'),
    _nothing("no-such-domain.example", "a domain that does not exist", "", "dns-no-such-domain"),
    _nothing("mute.example", "a domain that takes no mail (null MX), with a web site", '@ MX 0 .\n@ TXT "v=spf1 -all"',
             sites=[Site("mute.example", page_for_everything=True)]),
    _nothing("estuary.example", "a wildcard leads every name to a web server, which has a page and a certificate for all of them", spf(MX),
             sites=[Site("*.estuary.example", page_for_everything=True)]),
    _nothing("parked.example", "a wildcard leads every name to a parking page with somebody else's certificate",
             "* A 198.51.100.80\n@ A 198.51.100.80"),
    _nothing("retired.example", "every mail service is declined by SRV, though mail. still answers",
             spf(MX, *(f"_{label}._tcp SRV 0 0 0 ." for label in ("imaps", "imap", "pop3s", "pop3", "submissions", "submission"))),
             machines=[Machine(["mail.retired.example"])]),
    _nothing("torn.example", "an autoconfig file that breaks off, and nothing else", spf(MX), "settings-malformed",
             sites=[configured("torn.example", autoconfig("torn.example", "imaps post.torn.example", "submissions post.torn.example")[:400])]),
    _nothing("fog.example", "the domain's name servers fail", "", "dns-failure"),
]
