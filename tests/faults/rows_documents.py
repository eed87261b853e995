"""What can be wrong with documents about a domain's mail, and with the servers that have them."""

import contextlib
import json
import plistlib
import select
import socket
import ssl
import subprocess
import tempfile
import threading
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from autodiscover_family import XML
from model import MX, Domain, Expected, Machine, Site, autoconfig, configured, spf, srv
from row import Row

CONFIG = "/mail/config-v1.1.xml"
OWNER = "domain-owner"


def document(name, **more):
    return autoconfig(name, f"imaps post.{name}", f"submissions post.{name}", **more)


def published(name, text, zone="", machine=(), **more):
    """NAME with a document of its own at autoconfig.NAME; post.NAME serves what `machine` says."""
    machines = [Machine([f"post.{name}"], machine)] if machine else []
    return Domain(name, name, spf(MX, zone), Expected(), machines, [configured(name, text, **more)])


def led_to(name, target):
    """autoconfig.NAME leads every path to `target`."""
    return Domain(name, name, spf(MX), Expected(), [], [Site(f"autoconfig.{name}", locations=f"location / {{ return 302 {target}; }}")])


def beside_srv(name, answer):
    """Autodiscover at autodiscover.NAME says `answer` (nginx's words), and the SRV records say where the mail is."""
    return Domain(name, name, spf(MX, srv("post", "_imaps", "_submissions")), Expected(), [Machine([f"post.{name}"])],
                  [Site(f"autodiscover.{name}", takes_posts=True, answers={XML: answer})])


def no_address_in_clear(lab, run):
    told = [line for line in lab.web_log.read_text(errors="replace").splitlines() if "alice" in line and "lighter" in line]
    return f"the address was told in clear: {told[0]}" if told else None


def status_is_named(number):
    """The probe says which status came, and no password went there."""
    def check(lab, run):
        probes = [one for one in run.report["probes"] if one["kind"] == "http" and one["target"].endswith(XML)]
        if not any(str(number) in one["detail"] for one in probes):
            return f"no probe says {number}: {probes}"
        named = [line for line in lab.web_log.read_text(errors="replace").splitlines() if " - - [" not in line]
        return f"somebody gave a name and a password: {named[0]}" if named else None
    return check


def address_stays(name):
    """No other domain is told of the address."""
    def check(_, run):
        told = [one for one in run.report["disclosures"] if not one.get("host", "").endswith(name) and one.get("learned") == "address"]
        return f"told of the address: {told}" if told else None
    return check


def slow_document(name):
    """Headers at once, then a byte every half second, for longer than anybody waits."""
    @contextlib.contextmanager
    def peers(lab):
        host = f"autoconfig.{name}"
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(lab.certificates[host].chain, lab.certificates[host].key)
        door = socket.create_server((lab.address_of[host], 443), backlog=64)

        def serve(plain):
            with contextlib.suppress(OSError), context.wrap_socket(plain, server_side=True) as client:
                client.recv(65536)
                client.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 2000\r\n\r\n")
                while True:
                    client.sendall(b" ")
                    select.select([client], [], [], 0.5)  # the next one, or at once the error of a client that has gone

        def accept():
            while True:
                plain, _ = door.accept()
                threading.Thread(target=serve, args=(plain,), daemon=True).start()
        threading.Thread(target=accept, daemon=True).start()
        yield
    return peers


def dropped(_, run):
    """Nobody waited for the end of the document."""
    ends = {one["outcome"] for one in run.report["probes"] if one["kind"] == "http" and one["target"].startswith("https://autoconfig.f93.example")}
    return None if ends and ends <= {"cancelled", "timeout"} else f"the slow document ended as {ends}"


def both_sides(*hosts):
    """The contradiction is told with what each source says."""
    def check(_, run):
        told = [one for one in run.report["verdicts"] if one["code"] == "settings-conflict"]
        evidence = " ".join(told[0].get("evidence") or []) if told else ""
        missing = [host for host in hosts if host not in evidence]
        return f"{missing} do not stand in the evidence: {told}" if missing else None
    return check


HOSTILE_NAME = 'O\'Reilly "&amp;quot;" \\ $(id) `id` ${HOME} %USER% ; = [x] &lt;script&gt; &#10;end'


def writers_hold(lab, run):
    """Every writer takes the report, and its file is still one that its readers can read, with as many entries as for plain names."""
    with tempfile.TemporaryDirectory() as folder:
        account = Path(folder, "report.json")
        account.write_text(json.dumps(run.report))
        words = [lab.portolan, "write", "--for", "apple,thunderbird,thunderbird-autoconfig,outlook", "--account", str(account), "--into",
                 f"{folder}/out"]
        done = subprocess.run(words, capture_output=True, text=True, env={"PATH": "/usr/bin:/bin", "HOME": folder, "LC_ALL": "C.UTF-8"})
        files = [one for one in Path(folder, "out").rglob("*") if one.is_file()] if Path(folder, "out").exists() else []
        if done.returncode or not files:
            return f"write ended with {done.returncode}: {done.stderr}"
        for file in files:
            data = file.read_bytes()
            if file.suffix == ".mobileconfig":
                plistlib.loads(data)
            elif file.suffix == ".xml":
                ElementTree.fromstring(data)
            elif file.suffix == ".prf" and any(line and b"=" not in line and not line.startswith((b"[",
                                                                                                  b";")) for line in data.splitlines()):
                return f"{file.name} has a line that is no entry"
            if b"$(id)" in data and file.suffix == ".js" and b'"' not in data:
                return f"{file.name} holds a name without quotes"
    return None


ROWS = [
    Row("F84", "settings over HTTP alone", "alice@lighter.example", "settings-insecure-source", OWNER, check=no_address_in_clear),
    Row("F85", "HTTPS leads to HTTP", "alice@downgrade.example", "settings-redirect-loop", OWNER, outcome="not-found"),
    Row("F85b", "eleven redirects", "alice@carousel.example", "settings-redirect-loop", OWNER, outcome="not-found"),
    Row("F85c", "a redirect to this very computer, where nothing is", code="settings-redirect-loop", who=OWNER, outcome="not-found",
        domain=led_to("f85c.example", "https://127.0.0.1/config.xml")),
    Row("F85d", "a redirect to a file", code="settings-redirect-loop", who=OWNER, outcome="not-found",
        domain=led_to("f85d.example", "file:///etc/passwd")),
    Row("F85e", "a redirect to another domain, which does not exist", code="settings-redirect-loop", who=OWNER, outcome="not-found",
        domain=led_to("f85e.example", "https://settings.elsewhere.test/config.xml"), check=address_stays("f85e.example")),
    Row("F86", "a page for people where the document should be", "alice@mirror.example", "settings-malformed", OWNER, said="html-page",
        also=("nothing-published",), outcome="not-found"),
    Row("F86b", "JSON where the document should be", "alice@robot.example", "settings-malformed", OWNER, also=("nothing-published",), outcome="not-found"),
    Row("F86c", "an empty document", "alice@void.example", "settings-malformed", OWNER, also=("nothing-published",), outcome="not-found"),
    Row("F87", "a document that breaks off: the line is named", "alice@torn.example", "settings-malformed", OWNER, said="line 11",
        outcome="not-found"),
    Row("F87b", "a document in UTF-16", "alice@broadside.example"),
    Row("F87c", "a document in Latin-1", "alice@umbrella.example"),
    Row("F87d", "a document with a byte order mark", domain=published("f87d.example", "\ufeff" + document("f87d.example"),
                                                                      machine=("imaps", "submissions"))),
    Row("F87e", "a document of another kind of XML", code="settings-malformed", who=OWNER, also=("nothing-published",), outcome="not-found",
        domain=published("f87e.example", '<?xml version="1.0"?>\n<rss version="2.0"><channel><title>News</title></channel></rss>\n')),
    Row("F88", "entities within entities, a billion words in the end", "alice@laughs.example", "settings-malformed", OWNER, said="dtd",
        outcome="not-found"),
    Row("F88b", "10,000 elements within one another", "alice@chasm.example", "settings-malformed", OWNER, said="too-deep",
        outcome="not-found"),
    Row("F88c", "64 KiB that unpack to 64 MiB", "alice@airbag.example", "too-much-data", OWNER, outcome="not-found"),
    Row("F88d", "a document without end", "alice@stream.example", "too-much-data", OWNER, outcome="not-found"),
    Row("F89", "one server with a socket type that nobody knows: skipped alone, and named", "alice@patchwork.example",
        "settings-malformed", OWNER),
    Row("F89b", "port 70000", code="settings-malformed", who=OWNER, outcome="not-found",
        domain=published("f89b.example", document("f89b.example").replace("<port>993</port>",
                                                                          "<port>70000</port>").replace("<port>465</port>",
                                                                                                        "<port>0</port>"))),
    Row("F89c", "servers without TLS alone: the same servers take STARTTLS", "alice@naked.example"),
    Row("F90", "the domain's own document and its SRV records contradict each other", code="settings-conflict", who=OWNER,
        domain=Domain("f90.example", "two masters", spf(MX, srv("harbour", "_imaps", "_submissions")), Expected(),
                      [Machine(["harbour.f90.example"]), Machine(["post.f90.example"])], [configured("f90.example",
                                                                                                     document("f90.example"))]),
        check=both_sides("harbour.f90.example", "post.f90.example")),
    Row("F91", "Autodiscover wants a sign-in first: it gets none", "alice@moored.example", check=status_is_named(401)),
    Row("F91b", "Autodiscover forbids: 403", domain=beside_srv("f91b.example", "return 403"), check=status_is_named(403)),
    Row("F91c", "Autodiscover is broken: 500", domain=beside_srv("f91c.example", "return 500"), check=status_is_named(500)),
    Row("F91d", "Autodiscover is overloaded: 503", domain=beside_srv("f91d.example", "return 503"), check=status_is_named(503)),
    Row("F91e", "Autodiscover sends the address back to itself", "alice@whirlpool.example", "settings-redirect-loop", OWNER,
        outcome="not-found"),
    Row("F91f", "Autodiscover leads to a hoster: asked about first", "alice@wherry.example", "settings-host-outside-domain", "you",
        detail="document-elsewhere", outcome="not-found"),
    Row("F92", "SSL is on, and Encryption takes it back: no password without encryption", "alice@bilge.example",
        provides=("imap post.bilge.example",)),
    Row("F93", "a document that drips: the others do not wait for it", within=15, peers=slow_document("f93.example"), check=dropped,
        domain=Domain("f93.example", "a slow web server", spf(MX, srv("post", "_imaps", "_submissions")), Expected(),
                      [Machine(["post.f93.example"]), Machine(["autoconfig.f93.example"], ())])),
    Row("F94", "a valid document with names that are meant to hurt whoever writes them down",
        domain=published("f94.example", document("f94.example").replace("Mail at f94.example", HOSTILE_NAME),
                         machine=("imaps", "submissions")), check=writers_hold),
    Row("F95", "autoconfig. is an alias of a web hoster without a certificate for it", "alice@dangling.example",
        "certificate-name-mismatch", OWNER),
]
