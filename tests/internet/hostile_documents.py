"""Documents that are meant to hurt whoever reads them: too large, too deep, without end, larger than they look. Each is refused with a verdict of its
own; what a search may cost while it does that stands in test_internet.Hostile."""

import base64
import gzip
import hashlib
import socket
import ssl
import threading
import zlib
from dataclasses import dataclass

from autoconfig_file import autoconfig
from model import MX, Domain, Expected, Machine, Site, spf

MIB = 1024 * 1024
PATH = "/mail/config-v1.1.xml"
OUTLOOK = "/autodiscover/autodiscover.xml"
PACC = "/.well-known/user-agent-configuration.json"
HEAD = '<clientConfig version="1.1"><emailProvider id="p">'
TAIL = "</emailProvider></clientConfig>"
ANSWER = '<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006">'
LAUGHS = ("<!DOCTYPE l [<!ENTITY a0 'ha'>" + "".join(f"<!ENTITY a{i} '{f'&a{i - 1};' * 10}'>" for i in range(1, 10)) + "]>")


@dataclass
class Refusal:
    domain: Domain
    code: str  # the verdict
    said: str = ""  # the reason that it names, where the verdict is settings-malformed


def _refused(name, story, code, said="", sites=(), machines=(), zone=""):
    return Refusal(Domain(name, story, spf(MX, zone), Expected("not-found", 3, verdicts=(code,)), list(machines), list(sites)), code, said)


def _autoconfig(name, story, document, code, said="", **more):
    return _refused(name, story, code, said, [Site(f"autoconfig.{name}", {PATH: document}, **more)])


def _outlook(name, story, document, code, said="", **more):
    return _refused(name, story, code, said, [Site(f"autodiscover.{name}", {OUTLOOK: document}, takes_posts=True, **more)])


def _outlook_json(name, story, document, code, said=""):
    return _refused(name, story, code, said, [Site(f"autodiscover.{name}", {f"/autodiscover/autodiscover.json/v1.0/alice@{name}": document})])


def _pacc(name, story, document, code, said=""):
    """Its hash is published, so it is meant as it is."""
    digest = base64.b64encode(hashlib.sha256(document.encode()).digest()).decode()
    return _refused(name, story, code, said, [Site(f"ua-auto-config.{name}", {PACC: document})], zone=f'_ua-auto-config TXT "v=UAAC1; a=sha256; d={digest}"')


def _without_end(name, story, what):
    """At an address of its own, see Endless."""
    return _refused(name, story, "too-much-data", machines=[Machine([f"autoconfig.{name}"], (), endless=what)])


def _bomb(document_begins):
    """64 MiB of blanks in 64 KiB."""
    return gzip.compress(document_begins.encode() + b" " * (64 * MIB), compresslevel=9)


def _packed_without_end():
    """What such a stream begins with, and a mebibyte of blanks that can be said again and again after it."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    head = packer.compress(HEAD.encode()) + packer.flush(zlib.Z_FULL_FLUSH)
    return head, packer.compress(b" " * MIB) + packer.flush(zlib.Z_FULL_FLUSH)


PACKED_HEAD, PACKED_MORE = _packed_without_end()
UNPACKED = "add_header Content-Encoding gzip"
_ELEVEN = "\n".join(f"location = {PATH if i == 0 else f'/{i}'} {{ return 302 https://$host/{i + 1}; }}" for i in range(11))
_CROWD = HEAD + '<incomingServer type="imap"><hostname>a.bc</hostname><port>993</port></incomingServer>' * 10_000 + TAIL

REFUSALS = [
    _autoconfig("whale.example", "a document of 2 MiB", HEAD + "<!--" + "." * (2 * MIB) + "-->" + TAIL, "too-much-data"),
    _autoconfig("crowd.example", "10,000 servers in one document", _CROWD, "settings-malformed", "too-many-elements"),
    _autoconfig("shoals.example", "a document of 250,000 elements that mean nothing", HEAD + "<a/>" * 250_000 + TAIL, "settings-malformed", "too-many-elements"),
    _autoconfig("chasm.example", "10,000 elements within one another", HEAD + "<a>" * 10_000 + "</a>" * 10_000 + TAIL, "settings-malformed", "too-deep"),
    _autoconfig("laughs.example", "a DTD whose entities would be a billion words", LAUGHS + HEAD + "&a9;" + TAIL, "settings-malformed", "dtd"),
    _autoconfig("airbag.example", "a document of 64 KiB that unpacks to 64 MiB", _bomb(HEAD), "too-much-data", answers={PATH: UNPACKED}),
    _autoconfig("relay-race.example", "a document behind eleven redirects", "", "settings-redirect-loop", locations=_ELEVEN),

    _without_end("herald.example", "headers without end", "headers"),
    _without_end("stream.example", "a document without end", "body"),
    _without_end("balloon.example", "a packed document without end", "packed"),

    _outlook("leviathan.example", "an Autodiscover answer of 2 MiB", ANSWER + "<!--" + "." * (2 * MIB) + "--></Autodiscover>", "too-much-data"),
    _outlook("trench.example", "an Autodiscover answer with 10,000 elements within one another", ANSWER + "<a>" * 10_000 + "</a>" * 10_000 + "</Autodiscover>",
             "settings-malformed", "too-deep"),
    _outlook("crevasse.example", "an Autodiscover answer with 140,000 elements within one another", ANSWER + "<a>" * 140_000 + "</a>" * 140_000 + "</Autodiscover>",
             "settings-malformed", "too-many-elements"),
    _outlook("jester.example", "an Autodiscover answer with entities of its own", LAUGHS + ANSWER + "&a9;</Autodiscover>", "settings-malformed", "dtd"),
    _outlook("lifejacket.example", "an Autodiscover answer of 64 KiB that unpacks to 64 MiB", _bomb(ANSWER), "too-much-data", answers={OUTLOOK: UNPACKED}),
    _outlook("baton.example", "an Autodiscover answer behind eleven redirects", "", "settings-redirect-loop", locations=_ELEVEN.replace(PATH, OUTLOOK)),

    _outlook_json("grotto.example", "Autodiscover in JSON, 10,000 arrays within one another", '{"Protocol":' + "[" * 10_000 + "]" * 10_000 + "}",
                  "settings-malformed", "too-deep"),
    _outlook_json("kraken.example", "Autodiscover in JSON, 2 MiB of it", '{"Protocol":"' + "." * (2 * MIB) + '"}', "too-much-data"),
    _pacc("cavern.example", "PACC, 10,000 arrays within one another", '{"protocols":' + "[" * 10_000 + "]" * 10_000 + "}", "settings-malformed", "too-deep"),
    _pacc("giant.example", "PACC, 2 MiB of it", '{"protocols":{"imap":{"host":"' + "." * (2 * MIB) + '"}}}', "too-much-data"),
]
DOMAINS = [refusal.domain for refusal in REFUSALS]
# What the others are compared with: the same way, and one document as it should be.
PLAIN = Domain("modest.example", "a document like any other, for a server that refuses", spf(MX), Expected("attention", 1), [Machine(["post.modest.example"], ())],
               [Site("autoconfig.modest.example", {PATH: autoconfig("modest.example", "imaps post.modest.example", "submissions post.modest.example")})])
DOMAINS.append(PLAIN)


class Endless:
    """HTTPS servers that never stop: one for each machine that says so, on threads that end with the program."""
    BODY = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nConnection: close\r\n"

    def __init__(self, machines, certificates):
        for machine in machines:
            if machine.endless:
                certificate = certificates[machine.host]
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(certificate.chain, certificate.key)
                door = socket.create_server((machine.address, 443), backlog=16)
                self._thread(self._accept, door, context, machine.endless)

    @staticmethod
    def _thread(task, *arguments):
        threading.Thread(target=task, args=arguments, daemon=True).start()

    def _accept(self, door, context, what):
        while True:
            plain, _ = door.accept()
            self._thread(self._serve, plain, context, what)

    def _serve(self, plain, context, what):
        try:
            plain.settimeout(30)
            with context.wrap_socket(plain, server_side=True) as client:
                client.recv(65536)
                head, more = {
                    "headers": (self.BODY, b"X-More: " + b"." * 1000 + b"\r\n"),
                    "body": (self.BODY + b"\r\n" + HEAD.encode(), b"<!--" + b"." * 16000 + b"-->"),
                    "packed": (self.BODY + b"Content-Encoding: gzip\r\n\r\n" + PACKED_HEAD, PACKED_MORE),
                }[what]
                client.sendall(head)
                while True:
                    client.sendall(more)
        except OSError:  # whoever asked has had enough
            plain.close()
