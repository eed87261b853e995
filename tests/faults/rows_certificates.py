"""What can be wrong with certificates and with the handshake that shows them (F41 to F57)."""

import contextlib
import hashlib
import os
import select
import socket
import ssl
import struct
import subprocess
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent / "certificates"))

import hosts  # noqa: E402
import lab  # noqa: E402
from mail import Mail  # noqa: E402
from model import MX, Domain, Expected, Machine, autoconfig, configured, spf, srv  # noqa: E402
from name_server import NameServer  # noqa: E402
from peer import Listeners, scrambled  # noqa: E402
from row import Row  # noqa: E402
from shop import Shop, Shown  # noqa: E402

FOLDER = Path(os.environ.get(lab.INSIDE, "/tmp")) / "certificates"
PROGRAM = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else "portolan"
OTHER_DAY = Path(PROGRAM).resolve().parent.parent / "tests" / "certificates" / "libother_day.so"
DAY = 24 * 3600
TLSA = 52
IMPLICIT = (("imap", 993), ("smtp", 465))
IN_CLEAR = (("imap", 143), ("smtp", 587))
KINDS = {host.name: host for host in hosts.HOSTS}
OWNER = "domain-owner"
MISMATCH = "certificate-name-mismatch"
TRUSTING = "--ca-file", str(FOLDER / "root.pem")


class Quay:
    """The shop and the listeners of all rows here; made when the first row needs them."""
    shop = listeners = None

    @classmethod
    def open(cls):
        if cls.shop is None:
            cls.shop, cls.listeners = Shop(FOLDER), Listeners({})
            (FOLDER / "root.pem").write_text(cls.shop.root.pem)
            cls.listeners.start()
        return cls

    @classmethod
    def serve(cls, label, address, shown, doors=IMPLICIT, **more):
        """Mail servers at `address` that show this; `more` is the scripted server's."""
        cls.open().listeners.contexts[label] = cls.shop.context(shown)
        for protocol, port in doors:
            implicit = more.get("implicit", port in (993, 465, 995))
            cls.listeners.listen(address, port, label, Mail(protocol, certificate=label, **{**more, "implicit": implicit}))


def of(row_id, kind, name, **more):
    """What starts the servers of one host of hosts.py at the machine of `name`."""
    @contextlib.contextmanager
    def peers(place):
        Quay.open()
        host = f"post.{name}"
        Quay.serve(row_id, place.address_of[host], KINDS[kind].shows(Quay.shop, host), **more)
        yield
    return peers


def published(name, *labels):
    return Domain(name, "", spf(MX, srv("post", *(labels or ("_imaps", "_submissions")))), Expected(), [Machine([f"post.{name}"], ())])


def row(row_id, story, kind, outcome="attention", who=OWNER, **more):
    """A host of hosts.py as the server of a domain that names it in SRV records."""
    host = KINDS[kind]
    name = f"{row_id.lower()}-certificates.example"
    wanted = {"code": host.code, "detail": host.detail, "said": host.said, **more}
    return Row(row_id, story, domain=published(name), who=who if wanted["code"] else "", outcome=outcome, arguments=TRUSTING,
               peers=of(row_id, kind, name), **wanted)


def service(run, kind):
    return next(one for one in run.report["account"]["services"] if one["service"] == kind)


def verdict(run, code):
    return next(one for one in run.report["verdicts"] if one["code"] == code)


def says(*parts, code):
    """Each part stands in what the verdict tells an engineer."""
    def check(_, run):
        told = verdict(run, code)["why"]
        missing = [part for part in parts if part not in told]
        return f"{missing} is not in “{told}”" if missing else None
    return check


def revocation(wanted):
    def check(_, run):
        got = service(run, "imap")["certificate"]["revocation"]
        return None if got == wanted else f"revocation is {got}"
    return check


def quick(place, run):
    """Processor time of a run of its own, without a sign-in: how busy the machine is decides nothing."""
    words = [PROGRAM, "find", run.report["address"], "--json", "--resolver", place.resolver, *TRUSTING]
    asking = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              env={"PATH": "/usr/bin:/bin", "HOME": str(FOLDER), "LC_ALL": "C.UTF-8"})
    _, status, usage = os.wait4(asking.pid, 0)
    asking.returncode = os.waitstatus_to_exitcode(status)
    spent = usage.ru_utime + usage.ru_stime
    return f"took {spent:.2f} s of processor time" if spent > 1.0 else None


def programs(**wanted):
    """Which mail programs would take the certificate."""
    def check(_, run):
        accepted = service(run, "imap")["certificate"]["accepted_by"]
        wrong = {name: accepted[name] for name, answer in wanted.items() if accepted[name] != answer}
        return f"accepted_by says {wrong}" if wrong else None
    return check


def with_key(_, run):
    certificate = service(run, "imap")["certificate"]
    return None if len(certificate["spki_sha256"]) == 64 and certificate["problem"] else "no fingerprint to compare"


# F41: one port too early, one too late with TLS

@contextlib.contextmanager
def clear_where_tls_is_due(place):
    host = "post.f41a-certificates.example"
    Quay.serve("F41a", place.address_of[host], Shown(Quay.open().shop.good(host)), implicit=False)
    yield


@contextlib.contextmanager
def tls_where_none_is_due(place):
    host = "post.f41b-certificates.example"
    Quay.serve("F41b", place.address_of[host], Shown(Quay.open().shop.good(host)), IN_CLEAR, implicit=True)
    yield


# F43: whose clock is wrong

def on_another_day(days):
    return ("LD_PRELOAD", str(OTHER_DAY)), ("PORTOLAN_OTHER_DAY", str(days * DAY))


def nobody_else_hears_of_dates(_, run):
    others = [one["target"] for one in run.report["verdicts"] if one["code"].startswith("certificate-") and one["who"] != "you"]
    return f"others are told about {others}" if others else None


LONG_BEHIND, AHEAD, BEHIND = "f43b-certificates.example", "f43c-certificates.example", "f43d-certificates.example"


def with_web_server(name):
    """Its certificate has the wrong dates as well, so that only its answers in clear are read."""
    return Domain(name, "", spf(MX, srv("post", "_imaps", "_submissions")), Expected(), [Machine([f"post.{name}"], ())],
                  [configured(name, autoconfig(name, f"imaps post.{name}", f"submissions post.{name}"))])


# F44: the hoster's own server under a customer's name

CUSTOMER, HOSTER = "f44b-certificates.example", "server7.harbour-hosting.example"
SHARED = Domain(CUSTOMER, "", spf(MX, srv("post", "_imaps", "_submissions")), Expected(), [Machine([f"post.{CUSTOMER}", HOSTER], ())])


@contextlib.contextmanager
def shared_server(place):
    Quay.serve("F44b", place.address_of[f"post.{CUSTOMER}"], Shown(Quay.open().shop.good(HOSTER)))
    yield


def other_name_is_used(_, run):
    instead = verdict(run, "certificate-name-mismatch").get("instead")
    used = service(run, "imap")["host"]
    return None if (instead, used) == (f"{HOSTER}:993", HOSTER) else f"instead {instead}, used {used}"


# F46: with and without a place to fetch the issuer from

@contextlib.contextmanager
def fetchable_issuer(place):
    host = "post.f46b-certificates.example"
    Quay.serve("F46b", place.address_of[host], Shown([Quay.open().shop.leaf(host, edits=hosts.ISSUED)]))
    yield


# F53: not the same everywhere

TWO_FAMILIES, TWO_PORTS = "f53a-certificates.example", "f53b-certificates.example"
FAMILIES = Domain(TWO_FAMILIES, "", spf(MX, srv("post", "_imaps", "_submissions")), Expected(),
                  [Machine([f"post.{TWO_FAMILIES}"], (), family=6), Machine([f"post.{TWO_FAMILIES}"], ())])


@contextlib.contextmanager
def one_certificate_a_family(_):
    Quay.open()
    host = f"post.{TWO_FAMILIES}"
    for machine, days in zip(FAMILIES.machines, (80, 40)):
        Quay.serve(f"F53a {machine.family}", machine.address, Shown(Quay.shop.good(host, days=days)))
    yield


@contextlib.contextmanager
def one_certificate_a_port(place):
    Quay.open()
    host = f"post.{TWO_PORTS}"
    Quay.serve("F53b tls", place.address_of[host], Shown(Quay.shop.good(host, days=80)))
    Quay.serve("F53b starttls", place.address_of[host], Shown(Quay.shop.good(host, days=40)), IN_CLEAR)
    yield


def both_sides(*parts, each=""):
    def check(_, run):
        evidence = verdict(run, "certificate-differs")["evidence"]
        missing = [part for part in parts if not any(part in side for side in evidence)]
        return f"{missing} is not in {evidence}" if missing or len(evidence) != 2 or not all(each in side for side in evidence) else None
    return check


# F56: broken, and nothing said in clear

BROKEN = "f56-certificates.example"


def garbage(peer):
    """In place of a greeting: what is no record of this session."""
    peer.raw(scrambled(64))
    peer.silence()


@contextlib.contextmanager
def broken_after_handshake(place):
    host = f"post.{BROKEN}"
    shown = Shown(Quay.open().shop.good(host))
    Quay.serve("F56", place.address_of[host], shown, then=None, greeting=garbage)
    Quay.serve("F56 in clear", place.address_of[host], shown, IN_CLEAR)
    yield


def nobody_tried_in_clear(*_):
    seen = Quay.listeners.take("F56 in clear")
    return f"{len(seen)} connections to the ports in clear" if seen else None


# F57: what the DNS announces

class Announcing(NameServer):
    """What the lab's name server says, with the AD bit of a resolver that has checked it, and one TLSA record for each host."""

    def __init__(self, address, upstream, announced, validates=True):
        self.upstream, self.announced, self.validates = upstream, announced, validates
        super().__init__(address, self.answer)

    def answer(self, data, name, kind):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            asking.settimeout(5)
            asking.sendto(data, (self.upstream, 53))
            answer = bytearray(asking.recv(4096))
        announced = self.announced.get(name.partition("._tcp.")[2]) if kind == TLSA else None
        if announced:
            end = 12 + len(name) + 2 + 4
            record = b"\xc0\x0c" + struct.pack("!HHIH", TLSA, 1, 60, len(announced)) + announced
            answer = bytearray(data[:2] + struct.pack("!HHHHH", 0x8180, 1, 1, 0, 0) + data[12:end] + record)
        if self.validates:
            answer[3] |= 0x20
        return bytes(answer)


ASKED = {}


def announcing(row_id, address, validates=True, right=False):
    host = f"post.{row_id.lower()}-certificates.example"

    @contextlib.contextmanager
    def peers(place):
        chain = Quay.open().shop.good(host)
        Quay.serve(row_id, place.address_of[host], Shown(chain))
        digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(chain[0].pem)).digest() if right else b"\x57" * 32
        with Announcing(address, place.resolver, {host: bytes([3, 0, 1]) + digest}, validates) as ASKED[row_id]:
            yield
    return peers


def no_mismatch(row_id, asked):
    def check(_, run):
        if any(one["code"] == "tlsa-mismatch" for one in run.report["verdicts"]):
            return "a mismatch is told"
        if any(kind == TLSA for _, kind in ASKED[row_id].asked) != asked:
            return "TLSA was asked for" if not asked else "TLSA was not asked for"
        return None
    return check


def announced(row_id, story, number, validates=True, right=False, **more):
    name = f"{row_id.lower()}-certificates.example"
    return Row(row_id, story, domain=published(name), resolver=f"127.0.57.{number}", arguments=TRUSTING,
               peers=announcing(row_id, f"127.0.57.{number}", validates, right), **more)


def own(row_id, story, peers, code, who=OWNER, domain=None, outcome="attention", arguments=(), **more):
    domain = domain or published(f"{row_id.lower()}-certificates.example")
    return Row(row_id, story, domain=domain, code=code, who=who, outcome=outcome, peers=peers, arguments=(*TRUSTING, *arguments), **more)


ROWS = [
    own("F41a", "no TLS on the port for it", clear_where_tls_is_due, "tls-not-spoken"),
    own("F41b", "TLS at once on the port for STARTTLS", tls_where_none_is_due, "greeting-timeout", detail="expects-tls",
        domain=published("f41b-certificates.example", "_imap", "_submission")),

    row("F42a", "the certificate ended yesterday", "expired", check=says("was good until", code="certificate-expired")),
    row("F42b", "the certificate ends in 5 days", "expires-soon", "ready", code="certificate-expires-soon"),

    row("F43a", "the certificate begins the day after tomorrow", "not-yet-valid"),
    own("F43b", "this computer believes that it is seven years ago: the program itself is younger", of("F43b", "sha256", LONG_BEHIND),
        "certificate-not-yet-valid", "you", with_web_server(LONG_BEHIND), detail="clock-wrong", environment=on_another_day(-7 * 365),
        check=nobody_else_hears_of_dates),
    own("F43c", "this computer is 200 days ahead; a web server's Date says so", of("F43c", "sha256", AHEAD), "certificate-expired", "you",
        with_web_server(AHEAD), detail="clock-wrong", environment=on_another_day(200), check=nobody_else_hears_of_dates),
    own("F43d", "this computer is 20 days behind, and the certificate is new", of("F43d", "sha256", BEHIND),
        "certificate-not-yet-valid", "you", with_web_server(BEHIND), detail="clock-wrong", environment=on_another_day(-20),
        check=nobody_else_hears_of_dates),

    row("F44a", "a certificate for another name", "wrong-host", check=says("www.post.f44a-certificates.example", code=MISMATCH)),
    own("F44b", "the hoster's server under the customer's name: the hoster's name is used instead", shared_server, MISMATCH,
        domain=SHARED, outcome="ready", detail="other-name", arguments=("--confirm", "harbour-hosting.example"), check=other_name_is_used),

    row("F45a", "a certificate that vouches for itself", "self-signed", check=with_key),
    row("F45b", "a private authority", "untrusted-root", check=with_key),

    row("F46a", "the intermediate is missing", "incomplete-chain", check=programs(outlook=False, iphone=False, thunderbird=False)),
    own("F46b", "the intermediate is missing, and the certificate says where it is", fetchable_issuer, "certificate-incomplete-chain",
        check=programs(outlook=True, iphone=False)),

    row("F47", "security software opens the encryption", "avast", who="this-network"),

    row("F48a", "only TLS 1.0", "tls-v1-0"),
    row("F48b", "only TLS 1.0 and 1.1", "tls-v1-1"),
    row("F49a", "only TLS 1.3", "mozilla-modern", "ready"),
    row("F49b", "only ECDSA", "ecc384", "ready"),
    row("F50a", "a key of 1,024 bits", "rsa1024"),
    row("F50b", "signed with SHA-1", "sha1-2017"),
    row("F51a", "a client certificate is demanded, TLS 1.3", "client-cert-missing"),
    row("F51b", "a client certificate is demanded, TLS 1.2", "client"),
    row("F52", "the server does not know the name", "unrecognized-name"),

    own("F53a", "one certificate over IPv4, another over IPv6", one_certificate_a_family, "certificate-differs", domain=FAMILIES,
        outcome="ready", check=both_sides("192.0.2.", "[2001:db8:", each=":993:")),
    own("F53b", "one certificate at 993, another at 143", one_certificate_a_port, "certificate-differs", outcome="ready",
        domain=published(TWO_PORTS, "_imaps", "_imap", "_submissions", "_submission"), check=both_sides(":993", ":143")),

    row("F54a", "the certificate is withdrawn, by a stapled answer", "revoked", check=revocation("revoked")),
    row("F54b", "a stapled answer: not withdrawn", "not-revoked", "ready", check=revocation("good")),
    row("F54c", "no stapled answer: that is said, too", "sha256", "ready", check=revocation("not-checked")),

    row("F55a", "ten thousand names", "10000-sans", "ready", check=quick),
    row("F55b", "thirty certificates", "30-certificates", "ready", check=quick),

    own("F56", "the first record after the handshake is garbage", broken_after_handshake, "tls-handshake-failed",
        detail="broke-after-handshake", check=nobody_tried_in_clear),

    announced("F57a", "a TLSA record that does not match", 1, code="tlsa-mismatch", who=OWNER, said="3 0 1 5757"),
    announced("F57b", "a TLSA record that matches", 2, right=True, check=no_mismatch("F57b", True)),
    announced("F57c", "nobody vouches for the names: TLSA is not even asked for", 3, validates=False, check=no_mismatch("F57c", False)),
]
