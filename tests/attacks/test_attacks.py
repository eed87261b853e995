"""Hostile servers and what the command says of them: every case of protocols.py and cases.py, over real sockets, with a password at hand.

    python3 tests/attacks/test_attacks.py PORTOLAN [--rounds N] [--only WORD] [--at-once N]

For each case three things are asked. Safe: not a byte but harmless questions went in clear, the password went nowhere but into TLS with a good
certificate, nothing heard in clear is in the report, and nobody came back to try it without TLS. Named: the report's one error for the service
has the very code, the detail and the party expected. Bounded, where a case says so: memory, processor time and bytes.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "internet"))

import lab  # noqa: E402
from authority import Authority  # noqa: E402
from secrets_seen import forms_of  # noqa: E402

import mail  # noqa: E402
import protocols  # noqa: E402
from cases import PROTOCOLS, WORKS  # noqa: E402
from names import Names  # noqa: E402
from peer import Listeners  # noqa: E402

import ssl  # noqa: E402

RESOLVER = "127.0.0.53"
HOSTER = "attacks.example"
PORTS = {("imap", "starttls"): 143, ("imap", "tls"): 993, ("pop3", "starttls"): 110, ("pop3", "tls"): 995, ("smtp", "starttls"): 587, ("smtp", "tls"): 465}
LABELS = {("imap", "starttls"): "_imap", ("imap", "tls"): "_imaps", ("pop3", "starttls"): "_pop3", ("pop3", "tls"): "_pop3s",
          ("smtp", "starttls"): "_submission", ("smtp", "tls"): "_submissions"}
HARMLESS = re.compile(r"p\d+ (CAPABILITY|STARTTLS|LOGOUT)|CAPA|STLS|STARTTLS|QUIT|EHLO \[127\.0\.0\.1\]")
MEMORY, PROCESSOR, BYTES = 64, 1.0, 1024 * 1024     # MiB, seconds, and what one endpoint may read
SLACK = 192 * 1024                                    # bytes on their way: in the kernel's buffers of the client (see `quiet_kernel`)
CERTIFICATES = ("good", "self-signed", "unknown-issuer", "wrong-name", "expired", "incomplete-chain", "30-in-the-chain", "10000-names")
# What an honest run takes without sanitizers, rounded up. With them all memory is dearer: there the growth over an honest run has to stay within the
# rest of the bound, with every block at its sanitizer's price and nothing but a little kept from reuse.
HONEST = 24
DEAR_MEMORY = "quarantine_size_mb=1:malloc_context_size=0"


def quiet_kernel():
    """Small receive buffers, so that what was acknowledged is what was read, or nearly."""
    Path("/proc/sys/net/ipv4/tcp_rmem").write_text("4096 16384 65536")


class Site:
    """A case with a domain, a host and an address of its own."""

    def __init__(self, case, number):
        self.case = case
        self.domain = f"case{number}.{HOSTER}"
        self.host = f"{case.protocol}-host{number}.{HOSTER}"   # no name that would be guessed
        self.address = f"127.{20 + number // 250}.0.{number % 250 + 1}"

    def set_up(self, names, listeners):
        names.host(self.host, self.address)
        for security, play in self.case.by_security().items():
            key = self.case.protocol, security
            names.service(f"{LABELS[key]}._tcp.{self.domain}", PORTS[key], self.host)
            if play is not None:
                listeners.listen(self.address, PORTS[key], self.domain, play)


class Verdict:
    """What one run of one case came to."""

    def __init__(self, site, complaints, named, heard, cost):
        self.site, self.unsafe, self.named, self.heard, self.cost = site, complaints, named, heard, cost


def clear_lines(peer):
    """The lines before a handshake, or None where what came in clear is neither a line nor a handshake."""
    data = peer.clear
    hello = re.search(rb"(?:^|\n)\x16\x03", data)
    if hello:
        data = data[:hello.start() + (1 if data[hello.start():hello.start() + 1] == b"\n" else 0)]
    return [line.rstrip(b"\r").decode("latin-1") for line in data.split(b"\n") if line]


class Run:
    def __init__(self, program, world, sanitized):
        self.program, self.sanitized = program, sanitized
        self.folder, self.ca_file, self.listeners, self.password_file = world.folder, world.ca_file, world.listeners, world.password_file
        self.forms = forms_of(mail.PASSWORD)
        self.honest = None

    def measure_honest(self, sites):
        """The memory of a run that nobody disturbs; against it a sanitized one is held."""
        honest = min((site for site in sites if site.case.expected == WORKS), key=lambda site: site.case.name != "honest", default=None)
        self.honest = self.one(honest, measured=True).cost["mib"] if honest else None

    def one(self, site, measured=False):
        home = tempfile.mkdtemp(dir=self.folder)
        note = Path(home, "cost")
        words = [self.program, "find", f"alice@{site.domain}", "--json", "--password-file", str(self.password_file), "--resolver", RESOLVER, "--ca-file", str(self.ca_file),
                 "--without", "ispdb"]
        if site.case.cost or measured:
            words = [sys.executable, "-I", "-S", str(Path(lab.__file__).with_name("measured.py")), str(note), *words]
        environment = {"PATH": "/usr/bin:/bin", "HOME": home, "LC_ALL": "C.UTF-8", **{k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS")}}
        if site.case.cost or measured:
            environment["ASAN_OPTIONS"] = ":".join(filter(None, (environment.get("ASAN_OPTIONS"), DEAR_MEMORY)))
        done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, timeout=180, env=environment)
        peers = self.listeners.take(site.domain)
        cost = json.loads(note.read_text()) if note.exists() else None
        try:
            report = json.loads(done.stdout)
        except ValueError:
            return Verdict(site, [f"no report, status {done.returncode}: {done.stderr.decode(errors='replace')}"], False, "", cost)
        printed = done.stdout + done.stderr
        complaints = list(self.complaints(site, report, peers, printed, cost))
        heard = self.said_of(site, report)
        wanted = site.case.expected if site.case.expected == WORKS else f"{site.case.expected} {site.case.who}"
        return Verdict(site, complaints, heard == wanted, heard, cost)

    def said_of(self, site, report):
        """The errors of the service, as `expected` has them; WORKS where it was signed in to and there are none."""
        said = [f"{one['code']}{'/' + one['detail'] if one['detail'] else ''} {one['who']}" for one in report["verdicts"]
                if one["service"] == site.case.protocol and one["severity"] == "error"]
        verified = [one for one in report["account"]["services"] if one["service"] == site.case.protocol and one["state"] == "verified"]
        if not said and verified:
            return WORKS
        return ", ".join(said) or "nothing"

    def complaints(self, site, report, peers, printed, cost):
        case = site.case
        for peer in peers:
            if peer.fault:
                yield f"the case itself: {peer.fault}"
            for line in clear_lines(peer):
                if not HARMLESS.fullmatch(line):
                    yield f"said in clear: {line[:100]!r}"
            for name, form in self.forms.items():
                if form in peer.clear:
                    yield f"the password in clear, {name}"
        right = "good" if case.expected in (WORKS,) else None
        told = [peer for peer in peers if mail.PASSWORD.encode() in peer.inside or any(form in peer.inside for form in self.forms.values())]
        if told and case.expected.startswith("certificate-"):
            yield "the password went to a certificate that is not good"
        if case.expected == WORKS and not any(peer.inside for peer in peers):
            yield "nothing was said inside TLS"
        if right is None and not case.expected.startswith(("sign-in", "service-disabled", "protocol-error")) and told:
            yield "the password was told to a server that is refused"
        for name, form in self.forms.items():
            if form in printed:
                yield f"the password is printed, {name}"
        # Nobody comes back to try it without TLS: one connection to look, one for each form of the name to sign in, to each port.
        for port in {peer.port for peer in peers}:
            if sum(peer.port == port for peer in peers) > (3 if case.expected == "sign-in-rejected" else 2):
                yield f"{sum(peer.port == port for peer in peers)} connections to port {port}"
        services = report["account"]["services"] + report["alternatives"] + [finding["service"] for finding in report["findings"]]
        for service in services:
            if mail.CLEAR_MECHANISM.lower() in service["auth"]:
                yield f"a mechanism heard in clear is in the report ({service['state']})"
            if service["state"] in ("verified", "reachable") and service["security"] == "none":
                yield "a service without encryption is recommended"
        believed = json.dumps([[one["capabilities"] for one in report.get("attempts", [])], report["account"]])
        for word in (mail.CLEAR_WORD, "elsewhere.example"):
            if word in believed:
                yield f"{word}, heard in clear, is in the report"
        for probe in report["probes"]:
            if "elsewhere.example" in probe["target"]:
                yield "a referral was followed"
        if b"\x1b" in printed or b"\xe2\x80\xae" in printed:
            yield "an escape of the server's is printed"
        if cost:
            if cost["seconds"] > PROCESSOR:
                yield f"{cost['seconds']:.2f} s of processor time"
            if not self.sanitized and cost["mib"] > MEMORY:
                yield f"{cost['mib']:.1f} MiB"
            if self.sanitized and self.honest and cost["mib"] > self.honest + MEMORY - HONEST:
                yield f"{cost['mib']:.1f} MiB, where an honest run takes {self.honest:.1f} MiB"
        for peer in peers:
            if case.cost and peer.acked > BYTES + SLACK:
                yield f"{peer.acked} bytes read"


def table(results):
    lines = [f"{'':8}{'cases':>8}{'safe':>8}{'named':>8}"]
    for protocol in (*PROTOCOLS, "all"):
        own = [one for one in results if protocol in (one.site.case.protocol, "all")]
        if own:
            lines.append(f"{protocol:8}{len(own):8}{sum(not one.unsafe for one in own):8}{sum(one.named for one in own):8}")
    return "\n".join(lines)


def costs(results):
    dear = [one for one in results if one.cost]
    if not dear:
        return "nothing was measured"
    return (f"measured in {len(dear)} runs: at most {max(one.cost['mib'] for one in dear):.1f} MiB, {max(one.cost['seconds'] for one in dear):.2f} s of processor time")


def honest_memory(run):
    return f"; an honest run takes {run.honest:.1f} MiB" if run.honest else ""


class World:
    """The names, the certificates and the servers of `cases`, in the namespaces that lab.enter() made."""

    def __init__(self, cases):
        self.folder = Path(os.environ[lab.INSIDE])
        lab.command("mount", "-t", "tmpfs", "-o", "mode=755,size=256m", "attacks", str(self.folder))
        lab.command("ip", "link", "set", "lo", "up")
        quiet_kernel()
        self.sites = [Site(case, number) for number, case in enumerate(cases)]
        authority = Authority(self.folder / "authority")
        self.ca_file = authority.ca_file
        contexts = {}
        for kind in CERTIFICATES:
            names = [f"{number}.x" for number in range(10000)] if kind == "10000-names" else []
            certificate = authority.issue(kind, [*names, f"*.{HOSTER}"], kind)
            contexts[kind] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            contexts[kind].load_cert_chain(certificate.chain, certificate.key)
        threading.stack_size(512 * 1024)
        names, self.listeners = Names(RESOLVER), Listeners(contexts)
        for site in self.sites:
            site.set_up(names, self.listeners)
        names.start()
        self.listeners.start()
        self.password_file = self.folder / "password"
        self.password_file.write_text(mail.PASSWORD + "\n")


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("portolan")
    words.add_argument("--rounds", type=int, default=1, help="every case that often; all rounds have to agree")
    words.add_argument("--only", default="", help="cases with this in \"PROTOCOL NAME\"")
    words.add_argument("--at-once", type=int, default=48)
    asked = words.parse_args()
    lab.enter()
    program = os.path.abspath(asked.portolan)
    sanitized = any(name in Path(program).read_bytes() for name in (b"__asan_init", b"__tsan_init"))
    world = World([case for case in protocols.everything() if asked.only in f"{case.protocol} {case.name}"])
    sites = world.sites
    run = Run(program, world, sanitized)
    run.measure_honest(sites)
    results, began = [], time.monotonic()
    with ThreadPoolExecutor(asked.at_once) as pool:
        for number in range(asked.rounds):
            round_began = time.monotonic()
            # Those that wait are begun first.
            slow = sorted(sites, key=lambda site: not site.case.expected.startswith("greeting-timeout"))
            results += pool.map(run.one, slow)
            if asked.rounds > 1:
                print(f"round {number + 1}: {time.monotonic() - round_began:.0f} s", flush=True)
    failed = 0
    for site in sites:
        own = [one for one in results if one.site is site]
        unsafe = sorted({complaint for one in own for complaint in one.unsafe})
        heard = sorted({one.heard for one in own})
        if unsafe or not all(one.named for one in own):
            failed += 1
            print(f"{site.case.protocol} {site.case.name}: expected {site.case.expected} {site.case.who}, heard {' | '.join(heard)}"
                  + "".join(f"\n    unsafe: {complaint}" for complaint in unsafe))
    print(f"{table(results)}\n{len(sites)} cases, {asked.rounds} rounds, {time.monotonic() - began:.0f} s; {costs(results)}{honest_memory(run)}", flush=True)
    rows = {row for site in sites for row in re.findall(r"F\d\d", site.case.about)}
    print("rows of the fault matrix: " + " ".join(sorted(rows)), flush=True)
    sys.stdout.flush()
    os._exit(1 if failed else 0)


if __name__ == "__main__":
    main()
