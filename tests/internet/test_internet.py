"""The real command on the small internet: one case for each domain of right.py and wrong.py, and what holds for all of them.

    python3 tests/internet/test_internet.py PORTOLAN [unittest's arguments, such as -k lighthouse]
"""

import base64
import json
import os
import plistlib
import subprocess
import sys
import tempfile
import unittest
from dataclasses import replace
from pathlib import Path

import domains
import lab
from hostile_documents import PLAIN, REFUSALS

PORTOLAN = ""
SANITIZED = False  # a sanitizer's own memory would be measured
LAB = None
SERVICES = {"imaps": ("imap", 993, "tls"), "imap": ("imap", 143, "starttls"), "pop3s": ("pop3", 995, "tls"), "pop3": ("pop3", 110, "starttls"),
            "submissions": ("smtp", 465, "tls"), "submission": ("smtp", 587, "starttls"),
            "imap-plain": ("imap", 143, "none"), "smtp-plain": ("smtp", 587, "none")}


def setUpModule():
    global LAB
    LAB = lab.Lab().__enter__()


def tearDownModule():
    LAB.stop()


def endpoint(service):
    return service["service"], service["host"], service["port"], service["security"]


def expected_endpoint(text):
    label, host = text.split()
    service, port, security = SERVICES[label.removesuffix("-")]
    return service, host, port, "none" if label.endswith("-") else security


def mail_services(report):
    return [service for service in report["account"]["services"] if service["service"] in ("imap", "pop3", "smtp")]


def other_services(report):
    """What was found beside mail, as Expected.services has it."""
    found = set()
    for service in (finding["service"] for finding in report["findings"]):
        if service["service"] in ("imap", "pop3", "smtp"):
            continue
        place = service.get("url") or f"{service['host']}:{service['port']}"
        trust = "" if service["trust"] == "authenticated" else f" ({service['trust']})"
        found.add(f"{service['service']} {place}{trust}")
    return found


class Case(unittest.TestCase):
    maxDiff = None

    def portolan(self, *arguments, status, password=True, resolver=None, home=None):
        """Runs the command, checks its exit status and that the password is in none of its output; returns what it printed."""
        words = [PORTOLAN, *arguments, "--resolver", resolver or LAB.resolver, "--ca-file", str(LAB.ca_file)]
        if password:
            words.append("--password-stdin")
        with tempfile.TemporaryDirectory() as empty:
            environment = {"PATH": "/usr/bin:/bin", "HOME": home or empty, "XDG_CACHE_HOME": home or empty, "LC_ALL": "C.UTF-8", **{k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS")}}
            done = subprocess.run(words, input=(domains.PASSWORD + "\n").encode() if password else b"", capture_output=True, timeout=90, env=environment)
        self.story = f"\n$ {' '.join(words)}\n{done.stdout.decode(errors='replace')}{done.stderr.decode(errors='replace')}"
        self.assertEqual(done.returncode, status, self.story)
        self.keeps_secret(done.stdout + done.stderr)
        return done.stdout.decode()

    def keeps_secret(self, output):
        plain = domains.PASSWORD.encode()
        shapes = [plain, json.dumps(domains.PASSWORD)[1:-1].encode(), json.dumps(domains.PASSWORD, ensure_ascii=False)[1:-1].encode(),
                  plain.split()[-1], base64.b64encode(plain)]
        for shape in shapes:
            self.assertNotIn(shape, output, f"the password got out{self.story}")

    def find(self, address, *arguments, **more):
        report = json.loads(self.portolan("find", address, "--json", *arguments, **more))
        self.assertEqual(report["format"], "portolan-report/1")
        return report

    def check(self, what, got, want):
        self.assertEqual(got, want, f"{what}{self.story}")

    def codes(self, report):
        return [verdict["code"] for verdict in report["verdicts"]]

    def has_settings(self, report, expected):
        """The recommended set is the expected one, with its sources and its trust."""
        want = [expected_endpoint(text) for text in (expected.incoming, expected.outgoing) if text]
        services = mail_services(report)
        self.check("endpoints", [endpoint(service) for service in services], want)
        for service in services:
            # A guess that comes in time agrees with what was published, where the host has one of the usual names.
            usual = service["host"].removesuffix(report["domain"]) in ("imap.", "smtp.", "mail.", "pop.", "pop3.", "mx.", "")
            sources = service["service"] == "smtp" and expected.outgoing_sources or expected.sources
            self.check("sources", set(service["sources"]) - ({"guess"} if usual and "guess" not in sources else set()), set(sources))
        if expected.services is not None:
            self.check("services beside mail", other_services(report), set(expected.services))
            recommended = [service["service"] for service in report["account"]["services"] if service not in services]
            self.check("one of each kind is recommended", sorted(recommended), sorted({text.split()[0] for text in expected.services}))
        for text in expected.alternatives:
            self.assertIn(expected_endpoint(text), [endpoint(service) for service in report["alternatives"]], self.story)
        return services

    def has_verdicts(self, report, expected):
        for code in expected.verdicts:
            self.assertIn(code, self.codes(report), self.story)
        for code in expected.never:
            if code not in expected.verdicts:
                self.assertNotIn(code, self.codes(report), self.story)

    def sign_ins(self, domain):
        addresses = {machine.address for machine in domain.machines}
        return [(one.service, one.user, one.accepted) for one in LAB.sign_ins() if one.address in addresses]


class Domains(Case):
    """One case for each domain; see add_cases."""

    def walk(self, domain):
        expected = domain.expected
        before = len(self.sign_ins(domain))
        permissions = []
        if expected.confirm or expected.accept:
            permissions = self.refuses_by_itself(domain, expected)
            self.check("sign-ins without permission", self.sign_ins(domain)[before:], [])
        report = self.find(domain.address, *permissions, status=0 if permissions else expected.status)
        self.check("outcome", report["outcome"], "ready" if permissions else expected.outcome)
        self.check("domain", report["domain"], domain.name)
        self.has_verdicts(report, expected if not permissions else self.without_warning(expected))
        services = self.has_settings(report, expected)
        user = domain.login or domain.address
        signed_in = report["outcome"] == "ready"
        if signed_in:
            for service in services:
                self.check("state", service["state"], "verified")
                self.check("trust", service["trust"], expected.trust)
                name = domain.login_out if domain.login_out and service["service"] == "smtp" else user
                form = expected.form if name == user else "address"
                self.check("user name", (service["username"], service["username_form"]), (name, form))
        else:
            self.assertNotIn("verified", [service["state"] for service in services], self.story)
        kinds = [service["service"] for service in services]
        want = [(kinds[0], False)] * expected.refusals if kinds else []
        want += [(kind, True) for kind in kinds] if signed_in else []
        got = self.sign_ins(domain)[before:]
        self.check("sign-ins that reached the servers", [(service, accepted) for service, _, accepted in got], want)
        for service, name, accepted in got:
            if accepted:
                self.check("user name at the server", name, domain.login_out if domain.login_out and service == "smtp" else user)

    def without_warning(self, expected):
        """Once a person has confirmed the hoster, its warning is gone."""
        remaining = tuple(code for code in expected.verdicts if code != "settings-host-outside-domain")
        return replace(expected, verdicts=remaining)

    def refuses_by_itself(self, domain, expected):
        """Without permission the settings are reported and nothing is sent; returns the permission that is needed."""
        report = self.find(domain.address, status=1)
        self.check("outcome", report["outcome"], "attention")
        self.has_verdicts(report, expected)
        services = self.has_settings(report, expected)
        if expected.confirm:
            for service in services:
                self.check("state", (service["state"], service["trust"]), ("reachable", "confirm"))
                self.assertIn("settings-host-outside-domain", service["verdicts"] + self.codes(report), self.story)
            return ["--confirm", expected.confirm]
        permissions = []
        for service in services:
            self.check("state", service["state"], "failed")
            self.check("certificate", service["certificate"]["problem"], expected.accept)
            self.assertIn(expected.accept, service["verdicts"], self.story)
            spki = LAB.certificates[service["host"]].spki()
            self.check("fingerprint", service["certificate"]["spki_sha256"], spki)
            permissions += ["--accept-certificate", f"{service['host']}:{service['port']}={spki}"]
        self.assertIn(expected.accept, self.codes(report), self.story)
        return permissions


def add_cases():
    for domain in domains.DOMAINS:
        if domain in domains.HOSTILE:
            continue
        def case(self, domain=domain):
            self.walk(domain)
        case.__doc__ = f"{domain.name}: {domain.story}"
        name = "test_" + domain.name.replace(".", "_").replace("-", "_")
        if hasattr(Domains, name):
            raise SystemExit(f"internet: {domain.name} is described twice")
        setattr(Domains, name, case)
    for refusal in REFUSALS:
        def refused(self, refusal=refusal):
            self.refuses(refusal)
        refused.__doc__ = f"{refusal.domain.name}: {refusal.domain.story}"
        name = "test_" + refusal.domain.name.replace(".", "_").replace("-", "_")
        if hasattr(Domains, name) or hasattr(Hostile, name):
            raise SystemExit(f"internet: {refusal.domain.name} is described twice")
        setattr(Hostile, name, refused)


class Hostile(Case):
    """What one address may cost, whatever is sent; one case for each refusal of hostile_documents.py."""
    MEMORY, PROCESSOR = 32, 1.0  # MiB of the whole process, seconds
    plain = None

    def cost(self, domain):
        """The report, MiB and seconds of processor time of one search for it."""
        with tempfile.TemporaryDirectory() as folder:
            note = Path(folder, "cost")
            words = [sys.executable, "-I", "-S", str(Path(__file__).with_name("measured.py")), str(note), PORTOLAN, "find", domain.address, "--json",
                     "--resolver", LAB.resolver, "--ca-file", str(LAB.ca_file)]
            environment = {"PATH": "/usr/bin:/bin", "HOME": folder, "LC_ALL": "C.UTF-8"}
            done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, timeout=90, env=environment)
            self.story = f"\n$ {' '.join(words)}\n{done.stdout.decode(errors='replace')}{done.stderr.decode(errors='replace')}"
            self.assertEqual(done.returncode, domain.expected.status, self.story)
            return json.loads(done.stdout), json.loads(note.read_text())

    def refuses(self, refusal):
        if Hostile.plain is None:
            Hostile.plain = self.cost(PLAIN)[1]
            print(f"a plain search: {Hostile.plain['mib']:.1f} MiB, {Hostile.plain['seconds']:.2f} s of processor time", file=sys.stderr)
        report, cost = self.cost(refusal.domain)
        more = cost["mib"] - Hostile.plain["mib"]
        print(f"{refusal.domain.name}: {cost['mib']:.1f} MiB ({more:+.1f}), {cost['seconds']:.2f} s", file=sys.stderr)
        self.check("outcome", report["outcome"], refusal.domain.expected.outcome)
        said = {(verdict["code"], verdict["said"] or "") for verdict in report["verdicts"]}
        self.assertIn((refusal.code, refusal.said), said, self.story)
        self.assertLess(cost["seconds"], self.PROCESSOR, self.story)
        if not SANITIZED:
            self.assertLess(cost["mib"], self.MEMORY, self.story)


def named(name):
    return next(domain for domain in domains.DOMAINS if domain.name == name)


class Command(Case):
    """What the options promise."""

    def test_without_a_password_nothing_signs_in(self):
        domain = named("lighthouse.example")
        before = len(self.sign_ins(domain))
        report = self.find(domain.address, status=0, password=False)
        self.check("outcome", report["outcome"], "ready")
        self.check("states", [service["state"] for service in report["account"]["services"]], ["reachable", "reachable"])
        self.check("sign-ins", self.sign_ins(domain)[before:], [])

    def test_the_password_comes_from_a_file_as_well(self):
        report = self.find("alice@keel.example", "--password-file", str(LAB.password_file), status=0, password=False)
        self.check("states", [service["state"] for service in report["account"]["services"]], ["verified", "verified"])

    def test_a_user_name_given_is_the_only_one_tried(self):
        domain = named("crew.example")
        before = len(self.sign_ins(domain))
        report = self.find(domain.address, "--username", "alice", status=0)
        self.check("form", {service["username_form"] for service in report["account"]["services"]}, {"custom"})
        self.check("sign-ins", self.sign_ins(domain)[before:], [("imap", "alice", True), ("smtp", "alice", True)])

    def test_only_and_without_choose_the_sources(self):
        report = self.find("alice@fleet.example", "--without", "srv", status=0)
        self.check("sources without srv", {finding["source"] for finding in report["findings"]}, {"autoconfig"})
        report = self.find("alice@fleet.example", "--only", "srv", status=1)
        self.check("sources of srv alone", {finding["source"] for finding in report["findings"]}, {"srv"})
        self.check("services of srv alone", [endpoint(service) for service in report["account"]["services"]], [("imap", "post.fleet.example", 993, "tls")])

    def test_a_confirmation_of_another_domain_does_not_count(self):
        domain = named("tenant.example")
        before = len(self.sign_ins(domain))
        self.find(domain.address, "--confirm", "hosting.example", status=1)
        self.check("sign-ins", self.sign_ins(domain)[before:], [])

    def test_a_redirect_to_another_domain_is_followed_once_that_is_confirmed(self):
        domain = named("wherry.example")
        report = self.find(domain.address, status=3)
        notices = [verdict for verdict in report["verdicts"] if verdict["code"] == "settings-host-outside-domain"]
        self.check("notice", [(one["severity"], one["who"], one["target"]) for one in notices],
                   [("notice", "you", "https://autodiscover.boathouse.test/autodiscover/autodiscover.xml")])
        self.assertIn("--confirm boathouse.test", notices[0]["do"], self.story)
        self.check("probes there", [one["target"] for one in report["probes"] if "boathouse.test" in one["target"]], [])
        report = self.find(domain.address, "--confirm", "boathouse.test", status=0)
        services = report["account"]["services"]
        self.check("services", [endpoint(service) for service in services],
                   [("imap", "mail.boathouse.test", 993, "tls"), ("smtp", "mail.boathouse.test", 465, "tls")])
        self.check("states", {(service["state"], service["trust"]) for service in services}, {("verified", "authenticated")})
        self.check("sources", {source for service in services for source in service["sources"]}, {"autodiscover"})

    def test_notices_of_other_hosts_stand_in_the_report_and_in_the_text(self):
        """UC, WP, WSR and WAD of the NDSS 2025 study: each in JSON and in words, and no password goes anywhere without a yes."""
        for notice, name, code, status, words in (
                ("UC and WSR", "tenant.example", "settings-host-outside-domain", 1, "shared.hosting.test does not belong to tenant.example"),
                ("WP", "bareboat.example", "sign-in-cleartext-refused", 1, "would take your password without encryption"),
                ("WAD", "wherry.example", "settings-host-outside-domain", 3, "wherry.example sends us to autodiscover.boathouse.test")):
            domain = named(name)
            before = len(self.sign_ins(domain))
            self.assertIn(code, self.codes(self.find(domain.address, status=status)), self.story)
            text = " ".join(self.portolan("find", domain.address, status=status).split())
            self.assertIn(code, text, notice + self.story)
            self.assertIn(words, text, notice + self.story)
            self.check("sign-ins", self.sign_ins(domain)[before:], [])

    def test_the_probes_say_what_autodiscover_answered(self):
        report = self.find(named("moored.example").address, status=0)
        details = {one["target"]: one["detail"] for one in report["probes"]}
        self.check("detail", details["https://autodiscover.moored.example/autodiscover/autodiscover.xml"], "401 negotiate ntlm basic")
        report = self.find(named("dinghy.example").address, status=1)
        self.check("ActiveSync", [(one["source"], one["service"]["service"], one["service"]["url"]) for one in report["findings"]],
                   [("autodiscover", "activesync", "https://mail.dinghy.example/Microsoft-Server-ActiveSync")])
        for domain in domains.AUTODISCOVER:
            report = self.find(domain.address, status=domain.expected.status)
            for probe in report["probes"]:
                self.assertNotIn("alice", probe["target"] + probe["detail"], self.story)

    def test_an_acceptance_of_another_key_or_port_does_not_count(self):
        domain = named("homemade.example")
        before = len(self.sign_ins(domain))
        spki = LAB.certificates["post.homemade.example"].spki()
        other = LAB.certificates["post.expired.example"].spki()
        self.find(domain.address, "--accept-certificate", f"post.homemade.example:993={other}",
                  "--accept-certificate", f"post.homemade.example:143={spki}", status=1)
        self.check("sign-ins", self.sign_ins(domain)[before:], [])

    def test_what_worked_is_kept_where_that_is_wanted_and_tried_first(self):
        address = "alice@tenant.example"
        with tempfile.TemporaryDirectory() as home:
            kept = Path(home, "portolan", "worked.json")
            self.find(address, status=1, password=False, home=home)
            self.assertFalse(kept.exists(), "without being asked nothing is kept")
            first = self.find(address, "--remember", status=1, password=False, home=home)
            text = kept.read_text()
            self.check("mode", oct(kept.stat().st_mode & 0o777), "0o600")
            for never in ("alice", "@"):
                self.assertNotIn(never, text)
            again = self.find(address, "--remember", status=1, password=False, home=home)

            self.assertIn("worked-before", [finding["source"] for finding in again["findings"]])
            self.check("the same answer", [(endpoint(one), one["trust"]) for one in mail_services(again)], [(endpoint(one), one["trust"]) for one in mail_services(first)])

    def test_offline_asks_nobody(self):
        report = self.find("alice@runbox.com", "--offline", status=1, password=False, resolver=LAB.silent_resolver)
        self.check("sources", [finding["source"] for finding in report["findings"]][:1], ["catalogue"])
        self.check("probes", report["probes"], [])

    def test_a_resolver_that_does_not_answer_is_no_network(self):
        report = self.find("alice@lighthouse.example", status=4, resolver=LAB.silent_resolver)
        self.check("outcome", report["outcome"], "offline")
        self.assertIn("dns-timeout", self.codes(report), self.story)
        self.assertNotIn("dns-no-such-domain", self.codes(report), self.story)

    def test_a_resolver_that_refuses_connections_is_no_network(self):
        report = self.find("alice@lighthouse.example", status=4, resolver="127.0.0.99")
        self.check("outcome", report["outcome"], "offline")

    def test_written_files_name_the_servers_that_were_found(self):
        with tempfile.TemporaryDirectory() as folder:
            into = Path(folder, "files")
            self.portolan("write", "--for", "apple,thunderbird,outlook", "--into", str(into), "alice@keel.example", status=0)
            files = [file for file in into.rglob("*") if file.is_file()]
            for file in files:
                self.keeps_secret(file.read_bytes())
            profile = plistlib.loads(next(file for file in files if file.suffix == ".mobileconfig").read_bytes())
            mail = next(payload for payload in profile["PayloadContent"] if payload["PayloadType"] == "com.apple.mail.managed")
            self.check("Apple", (mail["IncomingMailServerHostName"], mail["OutgoingMailServerHostName"]), ("imap.keel.example", "smtp.keel.example"))
            for name in ("prefs.js", "user.js", ".prf", ".xml"):
                for file in files:
                    if file.name.endswith(name):
                        text = file.read_bytes().replace(b"\0", b"").decode(errors="replace")
                        self.assertTrue("imap.keel.example" in text, f"{file.name}: {text}")
            self.assertTrue(any(file.name in ("prefs.js", "user.js") for file in files), files)
            self.assertTrue(any(file.suffix in (".reg", ".prf") for file in files), files)


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1].startswith("-"):
        raise SystemExit(__doc__)
    lab.enter()
    PORTOLAN = os.path.abspath(sys.argv[1])
    SANITIZED = any(name in Path(PORTOLAN).read_bytes() for name in (b"__asan_init", b"__tsan_init"))
    add_cases()
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]])
