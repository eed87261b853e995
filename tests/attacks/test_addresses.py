"""Private and reserved addresses: a search with nobody there to ask sends them nothing, whoever names them and in whatever form.

    python3 tests/attacks/test_addresses.py ATTACK_UNATTENDED PORTOLAN

Every domain below leads somewhere inside: by a document, a record, a redirect. The kernel (nftables) counts what goes there. Name server and web
server stand at public addresses, which are this machine's own for the time of the test; all others have a route, so that a packet would be seen.
"""

import http.server
import json
import os
import re
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from names import A, SRV, Names, encoded, read_question
from test_attacks import Authority, lab
from autoconfig_file import autoconfig

NAME_SERVER, WEB, NOBODY, INSIDE = "9.9.9.53", "9.9.9.80", "9.9.9.66", "10.9.9.9"
AT_ONCE = 24
CNAME, MX, TXT, AAAA = 5, 15, 16, 28
ZONE = "attacks.example"
RANGES_4 = ("0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 "
            "198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4").split()
RANGES_6 = "::/96 ::ffff:0:0/96 64:ff9b::/96 64:ff9b:1::/48 100::/64 2001::/23 2002::/16 2001:db8::/32 3fff::/20 fc00::/7 fe80::/10 ff00::/8".split()
INNER_4 = ("10.0.0.1 127.0.0.1 0.0.0.0 100.64.0.1 169.254.169.254 172.16.0.1 192.0.0.1 192.0.2.1 192.88.99.1 192.168.0.1 198.18.0.1 198.51.100.1 203.0.113.1 "
           "224.0.0.1 240.0.0.1 255.255.255.255").split()
INNER_6 = ("::1 :: fe80::1 fc00::1 fd12::1 ff02::1 ::ffff:10.0.0.1 ::ffff:127.0.0.1 64:ff9b::10.0.0.1 64:ff9b::7f00:1 64:ff9b:1::a00:1 2002:a00:1::1 2002:7f00:1::1 "
           "2001:0:a00:1::1 2001:db8::1 100::1 3fff::1 ::10.0.0.1 2001:2::1").split()
# Other spellings of addresses inside, and what only looks like an address.
SPELLINGS = ("0x7f000001", "0x0a000001", "2130706433", "167772161", "0177.0.0.1", "0x7f.1", "127.1", "10.1", "127.0.0.1.", "\uff11\uff12\uff17.0.0.1",
             "127\u30020\u30020\u30021", "localhost", "localhost.", "[::1]", "[::ffff:127.0.0.1]", "fe80::1%lo", "[fe80::1%25lo]", "0000:0000::0001", "::ffff:0x7f000001")
REDIRECTS = ("http://127.0.0.1/", "https://127.0.0.1/", "https://10.0.0.1:993/", "https://[::1]/", "https://[::ffff:10.0.0.1]/", "https://[64:ff9b::a00:1]/", "https://0x7f000001/",
             "https://2130706433/", "https://0177.0.0.1/", "https://127.1/", "https://localhost/", "https://inside.attacks.example/", "//127.0.0.1/", "///127.0.0.1/",
             "https:/127.0.0.1/", "https://user@127.0.0.1/", "https://9.9.9.80@127.0.0.1/", "https://127.0.0.1:0/", "https://127.0.0.1\\@9.9.9.80/", "file:///etc/passwd",
             "gopher://127.0.0.1:143/_x", "ftp://10.0.0.1/", "dict://127.0.0.1:143/x", "ldap://10.0.0.1/", "https://[fe80::1%25lo]/", "https://\uff11\uff12\uff17.0.0.1/")


class World(Names):
    """The names of this test. `turns`: names whose answer is another one each time."""

    def __init__(self):
        super().__init__(NAME_SERVER)
        self.turns, self.aliases, self.pages, self.addresses = {}, {}, {}, []

    def domain(self, label):
        """A domain with a mailbox; what it publishes is up to the caller."""
        name = f"{label}.{ZONE}"
        self.addresses.append(f"alice@{name}")
        self.known.add(name)
        return name

    def ip(self, name, address):
        if ":" in address:
            self.add(name, AAAA, socket.inet_pton(socket.AF_INET6, address))
        else:
            self.host(name, address)

    def pair(self, domain, target):
        self.service(f"_imaps._tcp.{domain}", 993, target)
        self.service(f"_submissions._tcp.{domain}", 465, target)

    def page(self, host, answer):
        """`answer`: (status, location or body), for every path of the host."""
        self.host(host, WEB)
        self.pages[host] = answer

    def answer(self, question):
        name, kind, asked = read_question(question)
        if name in self.turns and kind == A:
            turns = self.turns[name]
            self.records[(name, A)] = [socket.inet_aton(turns.pop(0) if len(turns) > 1 else turns[0])]
        if name in self.aliases and kind in (A, AAAA):
            to = self.aliases[name]
            found = [(b"\xc0\x0c", CNAME, encoded(to))] + [(encoded(to), kind, data) for data in self.records.get((to, kind), [])]
            body = b"".join(owner + struct.pack(">HHIH", one, 1, 0, len(data)) + data for owner, one, data in found)
            return question[:2] + struct.pack(">HHHHH", 0x8180, 1, len(found), 0, 0) + asked + body
        return super().answer(question)


def autodiscover(account):
    return ('<?xml version="1.0" encoding="utf-8"?><Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006">'
            '<Response xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a"><Account><AccountType>email</AccountType>'
            f"{account}</Account></Response></Autodiscover>")


def protocols(host):
    return "<Action>settings</Action>" + "".join(
        f"<Protocol><Type>{kind}</Type><Server>{host}</Server><Port>{port}</Port><SSL>on</SSL><LoginName>alice</LoginName></Protocol>" for kind, port in (("IMAP", 993), ("SMTP", 465)))


def fill(world):
    """All the ways to lead somebody inside."""
    world.ip(f"inside.{ZONE}", "10.0.0.1")
    world.ip("localhost", "127.0.0.1")
    for number, address in enumerate((*INNER_4, *INNER_6)):
        domain = world.domain(f"literal{number}")
        world.page(f"autoconfig.{domain}", (200, autoconfig(domain, f"imaps {address}", f"submissions {address}")))
        domain = world.domain(f"record{number}")
        world.pair(domain, f"post.{domain}")
        world.ip(f"post.{domain}", address)
    for number, spelling in enumerate(SPELLINGS):
        domain = world.domain(f"spelling{number}")
        world.page(f"autoconfig.{domain}", (200, autoconfig(domain, f"imaps {spelling}", f"submissions {spelling}")))
    for number, location in enumerate(REDIRECTS):
        domain = world.domain(f"redirect{number}")
        world.page(f"autoconfig.{domain}", (302, location))
        world.page(domain, (307, location))
        domain = world.domain(f"autodiscover{number}")
        world.page(f"autodiscover.{domain}", (200, autodiscover(f"<Action>redirectUrl</Action><RedirectUrl>{location}</RedirectUrl>")))
    for number, address in enumerate(("10.0.0.1", "::1", "localhost", f"inside.{ZONE}")):
        domain = world.domain(f"protocols{number}")
        world.page(f"autodiscover.{domain}", (200, autodiscover(protocols(address))))
        domain = world.domain(f"json{number}")
        host = f"[{address}]" if ":" in address else address
        world.page(f"autodiscover.{domain}", (200, json.dumps({"Protocol": "AutodiscoverV1", "Url": f"https://{host}/autodiscover/autodiscover.xml"})))
    # Names that are asked for, and names that are guessed.
    for name in ("autoconfig", "autodiscover", "ua-auto-config", "imap", "smtp", "mail", "pop3"):
        world.ip(f"{name}.{world.domain(f'named-{name}')}", "192.168.7.7")
    world.ip(world.domain("itself"), "10.7.7.7")
    domain = world.domain("exchanger")
    world.add(domain, MX, struct.pack(">H", 10) + encoded(f"mx.{domain}"))
    world.ip(f"mx.{domain}", "172.20.0.1")
    for label in ("_autodiscover", "_jmap", "_caldavs", "_carddavs"):
        domain = world.domain(f"srv{label.replace('_', '-')}")
        world.service(f"{label}._tcp.{domain}", 443, f"inside.{ZONE}")
    domain = world.domain("text")
    world.add(domain, TXT, bytes([len(b"mailconf=https://127.0.0.1/mail")]) + b"mailconf=https://127.0.0.1/mail")
    domain = world.domain("port-zero")
    world.service(f"_imaps._tcp.{domain}", 0, f"inside.{ZONE}")
    domain = world.domain("alias")
    world.pair(domain, f"post.{domain}")
    world.aliases[f"post.{domain}"] = f"inside.{ZONE}"
    domain = world.domain("rebound")
    world.pair(domain, f"post.{domain}")
    world.turns[f"post.{domain}"] = [NOBODY, "127.0.0.1"]
    domain = world.domain("rebound-page")
    world.page(f"autoconfig.{domain}", (302, f"https://autoconfig.{domain}/mail/again.xml"))
    world.turns[f"autoconfig.{domain}"] = [WEB, "127.0.0.1"]
    # 9.9.9.67 stays silent: whoever wonders why asks the other ports of the same server.
    for number, order in enumerate(((NOBODY, "10.0.0.1"), ("10.0.0.1", NOBODY), ("10.0.0.1", "9.9.9.67"))):
        domain = world.domain(f"both{number}")
        world.pair(domain, f"post.{domain}")
        for address in order:
            world.ip(f"post.{domain}", address)
    return len(world.addresses)


def serve_pages(world, certificate):
    class Page(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self):
            status, text = world.pages.get(self.headers.get("Host", "").partition(":")[0], (404, ""))
            body = text.encode() if status == 200 else b""
            self.send_response(status)
            if status in (302, 307):
                self.send_header("Location", text.encode().decode("latin-1"))
            self.send_header("Content-Type", "application/json" if body.startswith(b"{") else "text/xml")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self):
            self.answer()

        def do_POST(self):
            self.rfile.read(int(self.headers.get("Content-Length", "0")))
            self.answer()

        def log_message(self, *_):
            pass

    class Server(http.server.ThreadingHTTPServer):
        daemon_threads, request_queue_size, context = True, 256, None

        def finish_request(self, request, client_address):
            # In the thread of this connection: a handshake that does not come holds nobody up.
            super().finish_request(self.context.wrap_socket(request, server_side=True) if self.context else request, client_address)

        def handle_error(self, *_):
            pass

    secure = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    secure.load_cert_chain(certificate.chain, certificate.key)
    for port, context in ((443, secure), (80, None)):
        server = Server((WEB, port), Page)
        server.context = context
        threading.Thread(target=server.serve_forever, daemon=True).start()


def count_packets():
    rules = f"""
table inet inside {{
  set four {{ type ipv4_addr; flags interval; elements = {{ {", ".join(RANGES_4)} }} }}
  set six {{ type ipv6_addr; flags interval; elements = {{ {", ".join(RANGES_6)} }} }}
  set seen_four {{ type ipv4_addr . inet_service; flags dynamic; size 4096; }}
  set seen_six {{ type ipv6_addr . inet_service; flags dynamic; size 4096; }}
  counter sent {{ }}
  chain out {{
    type filter hook output priority 0;
    meta l4proto {{ tcp, udp }} ip daddr @four counter name sent update @seen_four {{ ip daddr . th dport }}
    meta l4proto {{ tcp, udp }} ip6 daddr @six counter name sent update @seen_six {{ ip6 daddr . th dport }}
  }}
}}
"""
    lab.command("nft", "-f", "-", stdin=rules)


def sent():
    """How many packets went inside since the last call, and where to."""
    listed = json.loads(subprocess.run(["nft", "-j", "list", "table", "inet", "inside"], capture_output=True, text=True, check=True).stdout)["nftables"]
    packets = next(one["counter"]["packets"] for one in listed if "counter" in one)
    where = [element for one in listed if "set" in one and one["set"]["name"].startswith("seen") for element in one["set"].get("elem", [])]
    for name in ("seen_four", "seen_six"):
        lab.command("nft", "flush", "set", "inet", "inside", name)
    subprocess.run(["nft", "reset", "counters", "table", "inet", "inside"], capture_output=True, check=True)
    return packets, where


def search(program, addresses, ca_file, *options):
    """Their reports; so many side by side that nobody waits in vain for the servers of this test."""
    reports = []
    for first in range(0, len(addresses), AT_ONCE):
        lines = "".join(f"{address}\n" for address in addresses[first:first + AT_ONCE])
        done = subprocess.run([program, NAME_SERVER, str(ca_file), *options], input=lines, capture_output=True, text=True, timeout=100)
        if done.returncode:
            raise RuntimeError(done.stderr)
        reports += [json.loads(one) for one in done.stdout.split("\0") if one.strip()]
    return reports


def codes(report):
    return {verdict["code"] for verdict in report["verdicts"]}


def main():
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    lab.enter()
    unattended, portolan = map(os.path.abspath, sys.argv[1:])
    folder = Path(os.environ[lab.INSIDE])
    lab.command("mount", "-t", "tmpfs", "-o", "mode=755,size=64m", "addresses", str(folder))
    lab.command("ip", "link", "set", "lo", "up")
    for address in (NAME_SERVER, WEB, NOBODY, INSIDE):
        lab.command("ip", "address", "add", f"{address}/32", "dev", "lo")
    lab.command("ip", "route", "add", "default", "dev", "lo")
    lab.command("ip", "-6", "route", "add", "default", "dev", "lo")
    world = World()
    inputs = fill(world)
    authority = Authority(folder / "authority")
    certificate = authority.issue("web", [f"*.{ZONE}", *world.pages], "good")
    serve_pages(world, certificate)
    world.start()
    count_packets()
    complaints = []

    reports = search(unattended, world.addresses, authority.ca_file)
    packets, where = sent()
    refused = sum("settings-private-address" in codes(report) for report in reports)
    print(f"{inputs} inputs with nobody there: {packets} packets to private and reserved addresses; {refused} reports name one", flush=True)
    if len(reports) != inputs:
        complaints.append(f"{len(reports)} reports")
    if packets:
        complaints.append(f"{packets} packets: {where}")
    for report in reports:
        if re.match(r"(record|literal)\d|alias", report["domain"]) and "settings-private-address" not in codes(report):
            complaints.append(f"{report['domain']}: not named, {codes(report)}")

    # Some of them with a person there: the packets are seen, so the test is not blind. And what is inside is called so.
    search(unattended, world.addresses[::5], authority.ca_file, "--attended")
    packets, where = sent()
    print(f"{len(world.addresses[::5])} of them with a person there: {packets} packets, to {len(where)} places", flush=True)
    if len(where) < 15:
        complaints.append("the kernel did not count")
    home = world.domain("home")
    world.pair(home, f"post.{home}")
    world.ip(f"post.{home}", INSIDE)
    with tempfile.TemporaryDirectory() as cache:
        words = [portolan, "find", f"alice@{home}", "--json", "--resolver", NAME_SERVER, "--ca-file", str(authority.ca_file)]
        environment = {"PATH": "/usr/bin:/bin", "HOME": cache, "LC_ALL": "C.UTF-8"}
        done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, env=environment)
    said = [verdict for verdict in json.loads(done.stdout)["verdicts"] if verdict["code"] == "settings-private-address"]
    if not sent()[0] or not said or any(one["severity"] != "notice" or INSIDE not in one["why"] for one in said):
        complaints.append(f"find goes there and says so: {said}")
    print("\n".join(complaints) or "nothing was sent inside", flush=True)
    os._exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
