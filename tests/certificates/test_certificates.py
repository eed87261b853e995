"""Servers as badssl.com has them, for mail: the real command looks at each on five ports and says the same on implicit TLS and STARTTLS.

    python3 tests/certificates/test_certificates.py PORTOLAN [--only WORD] [--at-once N]
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[1:1] = [str(HERE.parent / one) for one in ("internet", "attacks", "limbo")]

import lab  # noqa: E402
from mail import Mail  # noqa: E402
from names import Names  # noqa: E402
from peer import Listeners  # noqa: E402

from hosts import HOSTS  # noqa: E402
from shop import Shop  # noqa: E402

RESOLVER, ZONE = "127.0.0.53", "badssl.example"
# A domain for each look: what its SRV records name, in and out.
LOOKS = {"tls": (("imap", "_imaps", 993), ("smtp", "_submissions", 465)),
         "starttls": (("imap", "_imap", 143), ("smtp", "_submission", 587)),
         "pop3": (("pop3", "_pop3s", 995), ("smtp", "_submissions", 465))}
PORTS = (993, 465, 143, 587, 995)


class Site:
    """A host with one address for each look: at the address for STARTTLS nothing listens at the other ports, and the other way round."""

    def __init__(self, number, host):
        self.kind = host
        self.number = number

    def address(self, look):
        return f"127.{30 + list(LOOKS).index(look)}.{self.number // 250}.{self.number % 250 + 1}"

    def domain(self, look):
        return f"{look}.{self.number}.{ZONE}"

    def host(self, look):
        return f"{self.kind.host.format(name=self.kind.name)}.{self.domain(look)}"


def serve(sites, names, listeners, shop):
    for site in sites:
        label = str(site.number)
        raw = hasattr(site.kind.shows, "version")
        if not raw:
            listeners.contexts[label] = shop.context(site.kind.shows(shop, ",".join(map(site.host, LOOKS))))
        for look, doors in LOOKS.items():
            names.host(site.host(look), site.address(look))
            for protocol, record, port in doors:
                names.service(f"{record}._tcp.{site.domain(look)}", port, site.host(look))
                play = Mail(protocol, implicit=port in (993, 465, 995), certificate=label, then=site.kind.shows if raw else None)
                listeners.listen(site.address(look), port, label, play)


class Looker:
    def __init__(self, program, ca_file):
        self.program, self.ca_file = program, ca_file

    def look(self, site, look):
        """(report, seconds)"""
        words = [self.program, "find", f"alice@{site.domain(look)}", "--json", "--resolver", RESOLVER, "--only", "srv",
                 "--ca-file", str(self.ca_file)]
        with tempfile.TemporaryDirectory() as home:
            sanitizers = {name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")}
            environment = {"PATH": "/usr/bin:/bin", "HOME": home, "LC_ALL": "C.UTF-8", **sanitizers}
            done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, timeout=120, env=environment)
        try:
            return json.loads(done.stdout)
        except ValueError:
            raise AssertionError(f"no report, status {done.returncode}: {done.stderr.decode(errors='replace')[:500]}") from None


def told(report, service):
    """The verdicts about one service: errors, and all about certificates and TLS."""
    about = [one for one in report["verdicts"] if one["service"] == service]
    return [one for one in about if one["code"].startswith(("certificate-", "tls-")) or one["severity"] == "error"]


def complaints(kind, report, service):
    """What is not as the row has it."""
    verdicts = told(report, service)
    errors = [one for one in verdicts if one["severity"] == "error"]
    heard = ", ".join(f"{one['code']}/{one['detail'] or ''} ({one['who']}) “{one['said'] or ''}”" for one in verdicts) or "nothing"
    wanted_who = "this-network" if kind.detail == "interception" else "domain-owner"
    if kind.code:
        if [(one["code"], one["detail"] or "", one["who"]) for one in errors] != [(kind.code, kind.detail, wanted_who)]:
            yield f"wanted {kind.code}/{kind.detail} ({wanted_who}), heard {heard}"
        elif kind.said not in (errors[0]["said"] or ""):
            yield f"wanted “{kind.said}”, heard {heard}"
    elif errors:
        yield f"wanted it taken, heard {heard}"
    if sorted(one["code"] for one in verdicts if one["severity"] != "error") != sorted(kind.also):
        yield f"wanted {kind.also} beside it, heard {heard}"
    chosen = next((one for one in report["account"]["services"] if one["service"] == service), None)
    if chosen is None:
        yield f"no {service} in the report"
        return
    if (chosen["state"] == "reachable") == bool(kind.code):
        yield f"{service} is {chosen['state']}"
    certificate = chosen["certificate"]
    if kind.code.startswith("tls-"):
        return
    if certificate is None:
        yield f"no certificate of {service}"
        return
    if (certificate["problem"] or "") != kind.code:
        yield f"its problem is {certificate['problem']}"
    if certificate["revocation"] != kind.revocation:
        yield f"revocation is {certificate['revocation']}, wanted {kind.revocation}"
    if tuple(certificate["notes"]) != kind.notes:
        yield f"notes are {certificate['notes']}, wanted {kind.notes}"


def seconds_of_tls(report):
    """The longest handshake with its judgement."""
    return max((probe["elapsed_ms"] for probe in report["probes"] if probe["kind"] == "tls"), default=0) / 1000


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("portolan")
    words.add_argument("--only", default="")
    words.add_argument("--at-once", type=int, default=6)
    asked = words.parse_args()
    lab.enter()
    began = time.monotonic()
    folder = Path(os.environ[lab.INSIDE])
    lab.command("mount", "-t", "tmpfs", "-o", "mode=755,size=256m", "certificates", str(folder))
    lab.command("ip", "link", "set", "lo", "up")
    threading.stack_size(512 * 1024)
    shop = Shop(folder / "shop")
    sites = [Site(number, host) for number, host in enumerate(HOSTS) if asked.only in host.name]
    names, listeners = Names(RESOLVER), Listeners({})
    serve(sites, names, listeners, shop)
    names.start()
    listeners.start()
    made = time.monotonic() - began
    looker = Looker(os.path.abspath(asked.portolan), shop.ca_file)
    rows = [(site, look) for site in sites for look in LOOKS]
    with ThreadPoolExecutor(asked.at_once) as pool:
        reports = dict(zip([(site.number, look) for site, look in rows], pool.map(lambda row: looker.look(*row), rows)))
    failed = 0
    print(f"{'host':24}{'993':>5}{'465':>5}{'143':>5}{'587':>5}{'995':>5}{'ms':>6}  verdict")
    for site in sites:
        cells, wrong, slowest = {}, [], 0.0
        for look, doors in LOOKS.items():
            report = reports[site.number, look]
            slowest = max(slowest, seconds_of_tls(report))
            for protocol, _, port in doors:
                own = list(complaints(site.kind, report, protocol))
                cells[port] = cells.get(port, True) and not own
                wrong += [f"    {port} ({look}): {one}" for one in own]
        kind = site.kind
        says = f"{kind.code}{'/' + kind.detail if kind.detail else ''}" if kind.code else ", ".join(kind.also) or "taken"
        print(f"{kind.name:24}" + "".join(f"{'ok' if cells[port] else 'NO':>5}" for port in PORTS) + f"{slowest * 1000:6.0f}  {says}")
        print("\n".join(dict.fromkeys(wrong)) + "\n" if wrong else "", end="")
        failed += bool(wrong)
    print(f"{len(sites)} hosts, {len(PORTS)} ports each, {len(sites) - failed} right; certificates made in {made:.0f} s, "
          f"all in {time.monotonic() - began:.0f} s", flush=True)
    os._exit(1 if failed else 0)


if __name__ == "__main__":
    main()
