"""What can be wrong with names (facts of the DNS; RFC 1035, 2782, 4035, 5452, 7505)."""

import contextlib
import http.server
import threading

import domains
import name_server
from lab import command
from model import MX, PLAIN_WEB, Domain, Expected, Machine, Site, configured, spf, srv
from name_server import asked_of, at
from row import Row
from servers import FAR_NAME_SERVER
from way import drop, drop_to

PORTAL = "198.51.100.99"
REFUSER, INVENTOR, PORTAL_DNS, ADVERTISER, TYPO_ADVERTISER, VALIDATOR, WITNESS, REBINDER, FORGER, CIRCLE = (f"198.51.100.{60 + n}" for n in range(10))


def _domain(name, zone, machines=(), sites=(), **more):
    return Domain(name, "", zone, Expected(), list(machines), list(sites), **more)


def _served(name, *zone):
    """SRV records for one machine that works."""
    return _domain(name, spf(MX, srv("post", "_imaps", "_submissions"), *zone), [Machine([f"post.{name}"])])


@contextlib.contextmanager
def portal(lab):
    """A web server that leads every page to its own sign-in, and a resolver that leads every name to it."""
    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(302)
            self.send_header("Location", "http://login.hotel.test/")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    command("ip", "address", "add", f"{PORTAL}/32", "dev", "lo")
    server = http.server.ThreadingHTTPServer((PORTAL, 80), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with at(PORTAL_DNS, name_server.invents(PORTAL))(lab):
        yield
    server.shutdown()


def _within_six_seconds(_, run):
    took = run.report["elapsed_ms"]  # without the start of the program, which sanitizers make slow
    return None if took < 6000 else f"took {took} ms"


def _means_gmail(_, run):
    return None if run.report.get("suggestion") == "alice@gmail.com" else f"suggests {run.report.get('suggestion')}"


def _names_both_domains(_, run):
    words = " ".join(one["what"] + one["why"] + one["do"] for one in run.report["verdicts"] if one["code"] == "settings-host-outside-domain")
    return None if "hosting.test" in words and "tenant.example" in words else f"says: {words}"


def _best_first(_, run):
    hosts = [one["host"] for one in run.report["account"]["services"] + run.report["alternatives"] if one["service"] == "imap"]
    return None if hosts == ["lead.convoy.example", "rear.convoy.example", "last.convoy.example"] else f"in the order {hosts}"


def _never_above_the_domain(_, run):
    above = {name for name, _ in asked_of(WITNESS) if name.endswith("co.uk") and not name.endswith("quayside.co.uk")}
    return f"asked about {sorted(above)}" if above else None


def _asked_once(_, run):
    lost = [one for one in run.report["probes"] if one["target"] == "A post.berthed.example"]
    return None if len(lost) == 1 else f"asked {len(lost)} times"


def _in_both_forms(_, run):
    words = run.report["address_shown"], run.report["address"], run.report["domain"]
    return None if words == ("alice@bücher.example", "alice@xn--bcher-kva.example", "xn--bcher-kva.example") else f"shown as {words}"


ALIASES = _domain("rigging.example", spf(MX, srv("post", "_imaps", "_submissions")), [Machine(["post.rigging.example"], alias_of="box9.hosting.test")])
CROWD = _domain("throng.example", spf(MX, *(f"_imaps._tcp SRV 50 1 993 one-of-many-{number}.throng.example." for number in range(10, 50)), srv("post", "_submissions")),
                [Machine(["post.throng.example"])])
TWO_ADDRESSES = _domain("twin.example", spf(MX, srv("post", "_imaps", "_submissions"), "post A 192.0.2.250"), [Machine(["post.twin.example"])])

ROWS = [
    Row("F01", "the domain does not exist", "alice@no-such-domain.example", "dns-no-such-domain", "you", outcome="not-found"),
    Row("F01 typo", "a domain that does not exist, one letter away from one that many people have", "alice@gmial.com", "dns-no-such-domain", "you",
        outcome="not-found", check=_means_gmail),
    Row("F02", "the domain exists and publishes nothing about mail", "alice@empty.example", "nothing-published", "domain-owner", outcome="not-found"),
    Row("F03", "the domain says that it takes no mail (RFC 7505)", "alice@mute.example", "takes-no-mail", "domain-owner", outcome="not-found"),
    Row("F04", "the domain's name servers fail", "alice@fog.example", "dns-failure", "domain-owner", outcome="not-found"),

    Row("F05", "the resolver does not answer", "alice@lighthouse.example", "dns-timeout", "this-network", "silent-resolver", FAR_NAME_SERVER,
        outcome="offline", resolver=FAR_NAME_SERVER, way=(drop_to(FAR_NAME_SERVER),), check=_within_six_seconds),
    Row("F06", "the resolver refuses this computer", "alice@lighthouse.example", "dns-failure", "this-network", "refused-here", REFUSER,
        outcome="offline", resolver=REFUSER, peers=at(REFUSER, name_server.refuses)),
    Row("F07", "long answers are truncated, and TCP to port 53 is dropped", code="dns-failure", who="this-network", detail="large-answers-lost",
        outcome="attention", domain=CROWD, resolver=FAR_NAME_SERVER, way=(drop(53),), provides=("submissions post.throng.example",)),
    Row("F08", "the domain's signatures do not hold", code="dns-failure", who="domain-owner", detail="dnssec-bogus", outcome="not-found",
        domain=_served("broken-seal.example"), resolver=VALIDATOR, peers=at(VALIDATOR, name_server.validates("broken-seal.example"))),
    Row("F09", "the zone answers for every name, and there is no mail server at any", "alice@estuary.example", "nothing-published", "domain-owner",
        "wildcard-zone", outcome="not-found"),
    Row("F09 beside", "the zone answers for every name, and two of the names are real", "alice@archipelago.example",
        provides=("imaps imap.archipelago.example", "submissions smtp.archipelago.example")),
    Row("F10", "the resolver invents an address for what does not exist; the domain is not touched by that", "alice@lighthouse.example", "dns-hijacked",
        "this-network", said=PLAIN_WEB, resolver=ADVERTISER, peers=at(ADVERTISER, name_server.sells_what_is_free(PLAIN_WEB)),
        provides=("imaps post.lighthouse.example",)),
    Row("F10 typo", "the resolver invents an address for a domain that does not exist, and advertisements are there", "alice@no-such-domain.example",
        "dns-hijacked", "this-network", said=domains.WEB, outcome="not-found", also=("dns-no-such-domain",), resolver=TYPO_ADVERTISER,
        domain=_domain("root-servers.net", "a A 198.41.0.4"), peers=at(TYPO_ADVERTISER, name_server.sells_what_is_free(domains.WEB))),
    Row("F10 all", "the resolver has one address for every name, and nobody is there", "alice@lighthouse.example", "dns-hijacked", "this-network",
        said="192.0.2.251", outcome="not-found", resolver=INVENTOR, peers=at(INVENTOR, name_server.invents("192.0.2.251"))),
    Row("F11", "a portal: one address for every name, and a web server there that leads to its sign-in", "alice@lighthouse.example", "captive-portal",
        "you", outcome="offline", resolver=PORTAL_DNS, peers=portal),

    Row("F12", "several SRV targets: the lowest priority first, whatever the weights", "alice@convoy.example", check=_best_first,
        provides=("imaps lead.convoy.example", "submissions lead.convoy.example")),
    Row("F13", "every mail service is declined by SRV", "alice@retired.example", "service-declined", "domain-owner", outcome="not-found"),
    Row("F13 TLS", "implicit TLS is declined by SRV, STARTTLS offered", "alice@declined.example",
        provides=("imap post.declined.example", "submission post.declined.example")),
    Row("F14", "SRV targets in a domain of somebody else", "alice@tenant.example", "settings-host-outside-domain", "you", outcome="attention",
        provides=("imaps shared.hosting.test",), check=_names_both_domains),
    Row("F15", "an SRV target that is an alias, which SRV does not allow (RFC 2782); it works", code="settings-malformed", who="domain-owner",
        detail="alias", said="box9.hosting.test", domain=ALIASES, provides=("imaps post.rigging.example",)),
    Row("F15 none", "an SRV target that has no address", "alice@mirage.example", "settings-point-nowhere", "domain-owner", outcome="attention"),
    Row("F15 dangling", "an SRV target that is an alias of a name that is no more", code="settings-point-nowhere", who="domain-owner", detail="alias",
        said="gone.hosting.test", outcome="attention",
        domain=_domain("frayed.example", spf(MX, srv("post", "_imaps", "_submissions"), "post CNAME gone.hosting.test."))),
    Row("F15 circle", "SRV targets that are aliases of each other", code="settings-point-nowhere", who="domain-owner", detail="alias", outcome="attention",
        domain=_domain("whirl.example", spf(MX, srv("post", "_imaps", "_submissions"), "post CNAME pole.whirl.example.", "pole CNAME post.whirl.example."))),
    Row("F15 fails", "SRV targets that no resolver can find (SERVFAIL)", code="dns-failure", who="domain-owner", outcome="attention",
        domain=_domain("eddy.example", spf(MX, srv("post", "_imaps", "_submissions"))), resolver=CIRCLE,
        peers=at(CIRCLE, name_server.fails_for({"post.eddy.example"}))),
    Row("F16", "SRV records for STARTTLS that name the ports of implicit TLS", "alice@mislabelled.example", "settings-conflict", "domain-owner",
        provides=("imaps post.mislabelled.example", "submissions post.mislabelled.example")),
    Row("F17", "the MX host stands right below a public suffix of two labels: nothing above it is asked", code="nothing-published", who="domain-owner",
        outcome="not-found", domain=_domain("quayside.co.uk", "@ MX 10 quayside.co.uk.\n@ A 192.0.2.252"), resolver=WITNESS,
        peers=at(WITNESS, name_server.tells_the_truth), check=_never_above_the_domain),
    Row("F18", "an IPv6 address that does not answer beside an IPv4 address that does", "alice@halfway.example", "settings-endpoint-dead", "domain-owner",
        "dead-address", "2001:db8:dead::1", resolver=FAR_NAME_SERVER, way=(drop_to("2001:db8:dead::1"),), within=10.0,
        provides=("imaps post.halfway.example", "submissions post.halfway.example")),
    Row("F19", "two addresses, of which one does not answer", code="settings-endpoint-dead", who="domain-owner", detail="dead-address", said="192.0.2.250",
        domain=TWO_ADDRESSES, resolver=FAR_NAME_SERVER, way=(drop_to("192.0.2.250"),), within=10.0, provides=("imaps post.twin.example",)),
    Row("F20", "the public name of the servers leads to an address of somebody's own network, where nobody answers", code="settings-private-address",
        who="domain-owner", said="10.20.30.40", outcome="attention", resolver=FAR_NAME_SERVER, way=(drop_to("10.20.30.40"),),
        domain=_domain("indoors.example", spf(MX, srv("post", "_imaps", "_submissions"), "post A 10.20.30.40"))),
    Row("F21", "the servers' address is another one when it is asked for again (rebinding): the checked one is used", domain=_served("berthed.example"),
        resolver=REBINDER, peers=at(REBINDER, name_server.changes_its_mind("berthed.example", "post.berthed.example", "127.0.0.1")),
        provides=("imaps post.berthed.example", "submissions post.berthed.example"), check=_asked_once),
    Row("F22", "a domain with an umlaut, typed with it", "alice@bücher.example", check=_in_both_forms,
        provides=("imaps post.xn--bcher-kva.example", "submissions post.xn--bcher-kva.example")),
    Row("F22 ASCII", "the same domain, typed in its ASCII form", "alice@xn--bcher-kva.example", check=_in_both_forms,
        provides=("imaps post.xn--bcher-kva.example", "submissions post.xn--bcher-kva.example")),
    Row("F23", "answers with another id, and for another question, that arrive before the right ones", "alice@lighthouse.example", "dns-hijacked",
        "this-network", "forged-answers", resolver=FORGER, peers=at(FORGER, name_server.with_forgeries), provides=("imaps post.lighthouse.example",)),
]
