"""The command as a person or a script meets it: both streams and the status, whole; nothing left behind after a wrong word."""
import json
import os
import pathlib
import pty
import stat
import subprocess
import sys
import tempfile
import unittest

PORTOLAN = os.path.abspath(sys.argv.pop())
PASSWORD = "lighthouse-42"


def portolan(*words, cwd, stdin="", env=None):
    environment = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
    environment.update(env or {})
    return subprocess.run([PORTOLAN, *words], cwd=cwd, input=stdin, env=environment, capture_output=True, text=True, timeout=120)


class InAFolder(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = pathlib.Path(self.folder.name)

    def run_it(self, *words, **more):
        return portolan(*words, cwd=self.folder.name, **more)

    def left_behind(self):
        return sorted(str(one.relative_to(self.path)) for one in self.path.rglob("*"))


WRONG = [
    ([], "a command is missing"),
    (["frob"], "there is no command “frob”"),
    (["alice@example.org"], "did you mean: portolan find alice@example.org"),
    (["--frob"], "there is no option “--frob”"),
    (["find"], "an email address is needed"),
    (["find", ""], "an email address is needed"),
    (["find", "alice"], "has an @ in it"),
    (["find", "example.org"], "has an @ in it"),
    (["find", "alice@@example.org"], "more than one @"),
    (["find", "alice@home@example.org"], "more than one @"),
    (["find", "@example.org"], "the part before the @ is missing"),
    (["find", "alice@"], "the part after the @ is missing"),
    (["find", "al ice@example.org"], "there is a space"),
    (["find", "alice@exa mple.org"], "there is a space"),
    (["find", "alice\x07@example.org"], "cannot be seen"),
    (["find", "alice@example.org\r\nRCPT TO:<x@example.org>"], "cannot be seen"),
    (["find", "a" * 300], "too long"),
    (["find", "a" * 290 + "@example.org"], "too long"),
    (["find", "alice@localhost"], "not a whole domain"),
    (["find", "alice@co.uk"], "not a whole domain"),
    (["find", "alice@-bad-.example"], "is not a domain name"),
    (["find", "--frob", "alice@example.org"], "there is no option “--frob”"),
    (["find", "alice@example.org", "bob@example.org"], "one address at a time"),
    (["find", "--resolver"], "--resolver needs one value"),
    (["find", "--resolver", "name.example", "alice@example.org"], "is not an address of a DNS server"),
    (["find", "--ca-file", "missing.pem", "alice@example.org"], "no certificate can be read from “missing.pem”"),
    (["find", "--deadline", "soon", "alice@example.org"], "is not a time"),
    (["find", "--deadline", "-1", "alice@example.org"], "is not a time"),
    (["find", "--only", "horoscope", "alice@example.org"], "there is no source “horoscope”"),
    (["find", "--without", "horoscope", "alice@example.org"], "there is no source “horoscope”"),
    (["find", "--ispdb", "http://db.example/", "alice@example.org"], "--ispdb: “http://db.example/” is no https address"),
    (["find", "--ispdb", "db.example", "alice@example.org"], "is no https address"),
    (["find", "--ispdb", "https://alice@db.example/", "alice@example.org"], "is no https address"),
    (["find", "--color", "pink", "alice@example.org"], "none of auto, always, never"),
    (["find", "--username", "a\nb", "alice@example.org"], "control character"),
    (["find", "--confirm", "imap.example.org", "alice@example.org"], "did you mean example.org?"),
    (["find", "--confirm", "org", "alice@example.org"], "is no domain"),
    (["find", "--accept-certificate", "x", "alice@example.org"], "is not HOST:PORT=SPKI_SHA256"),
    (["find", "--accept-certificate", "x:99999=" + "0" * 64, "alice@example.org"], "is no port"),
    (["find", "--accept-certificate", "x.example:993=123", "alice@example.org"], "is not a SHA-256 fingerprint"),
    (["find", "--password-file", "missing", "alice@example.org"], "cannot read the password file “missing”"),
    (["find", "--password-file", ".", "alice@example.org"], "it is a folder"),
    (["find", "--password-stdin", "alice@example.org"], "there is no password in standard input"),
    (["find", "--password-stdin", "--password-file", "x", "alice@example.org"], "exclude one another"),
    (["find", "--offline", "--password-stdin", "alice@example.org"], "signs in nowhere"),
    (["write", "--into", "out", "alice@example.org"], "--for is missing"),
    (["write", "--for", "apple", "alice@example.org"], "--into is missing"),
    (["write", "--for", "apple", "--into", "out"], "an ADDRESS or --account FILE is missing"),
    (["write", "--for", "pine", "--into", "out", "alice@example.org"], "there is no target “pine”"),
    (["write", "--for", "apple", "--into", "out", "--account", "missing.json"], "cannot read “missing.json”"),
    (["write", "--for", "apple", "--into", "out", "--account", "a", "alice@example.org"], "exclude one another"),
    (["write", "--for", "apple", "--into", "out", "--sign-key", "k.pem", "alice@example.org"], "go together"),
    (["write", "--for", "apple", "--into", "out", "--sign-key", "k.pem", "--sign-certificate", "c.pem", "alice@example.org"], "cannot read “c.pem”"),
    (["demo", "bob@demo.example"], "the demonstration has no “bob@demo.example”"),
]


class WrongWords(InAFolder):
    def test_each_gets_one_line_status_2_and_leaves_nothing(self):
        for words, said in WRONG:
            with self.subTest(words=words):
                ran = self.run_it(*words)
                self.assertEqual(ran.returncode, 2, ran.stderr)
                self.assertEqual(ran.stdout, "")
                self.assertEqual(ran.stderr.count("\n"), 1, ran.stderr)
                self.assertTrue(ran.stderr.startswith("portolan: "), ran.stderr)
                self.assertIn(said, ran.stderr)
                self.assertEqual(self.left_behind(), [])

    def test_a_password_that_is_too_long_or_impossible_is_not_echoed(self):
        for password in ("x" * 1100, "a\0b"):
            ran = self.run_it("find", "--password-stdin", "alice@example.org", stdin=password)
            self.assertEqual(ran.returncode, 2)
            self.assertNotIn(password, ran.stdout + ran.stderr)

    def test_a_folder_that_cannot_take_files_is_said_before_anything_is_asked(self):
        (self.path / "file").write_text("mine")
        ran = self.run_it("write", "--for", "apple", "--into", "file", "alice@example.org")
        self.assertEqual((ran.returncode, ran.stdout), (2, ""))
        self.assertIn("is not a folder", ran.stderr)
        self.assertEqual((self.path / "file").read_text(), "mine")

    @unittest.skipIf(os.geteuid() == 0, "root may write anywhere")
    def test_a_read_only_folder_is_named(self):
        self.path.chmod(0o500)
        ran = self.run_it("write", "--for", "apple", "--into", "out", "alice@example.org")
        self.path.chmod(0o700)
        self.assertEqual(ran.returncode, 2)
        self.assertIn("cannot write into “out”", ran.stderr)


class HelpPages(InAFolder):
    def test_each_command_has_a_page_that_fits_the_screen(self):
        for words in (["--help"], ["find", "--help"], ["write", "--help"], ["demo", "-h"]):
            with self.subTest(words=words):
                ran = self.run_it(*words)
                self.assertEqual((ran.returncode, ran.stderr), (0, ""))
                self.assertIn("Exit status", ran.stdout)
                self.assertLessEqual(max(map(len, ran.stdout.splitlines())), 120)

    def test_the_version_is_one_line(self):
        ran = self.run_it("--version")
        self.assertRegex(ran.stdout, r"\Aportolan \d+\.\d+\.\d+\n\Z")

    def test_targets_are_listed_one_a_line(self):
        ran = self.run_it("write", "--list")
        self.assertEqual(ran.returncode, 0)
        for name in ("apple", "thunderbird", "outlook"):
            self.assertIn(name, ran.stdout.splitlines())


class Demonstration(InAFolder):
    def test_the_whole_way_ends_with_files_and_without_the_password(self):
        ran = self.run_it("demo")
        self.assertEqual((ran.returncode, ran.stderr), (0, ""))
        self.assertIn("Your account works", ran.stdout)
        self.assertNotIn(PASSWORD, ran.stdout)
        named = [line.strip() for line in ran.stdout.splitlines() if line.startswith("  portolan-demo/")]
        self.assertGreaterEqual(len(named), 6)
        for name in named:
            self.assertGreater((self.path / name).stat().st_size, 0)
            self.assertEqual(stat.S_IMODE((self.path / name).stat().st_mode), 0o600)
            self.assertNotIn(PASSWORD.encode(), (self.path / name).read_bytes())
        again = self.run_it("demo")
        self.assertIn("portolan-demo-2/", again.stdout)

    def test_nothing_that_is_there_is_overwritten(self):
        self.run_it("demo", "--into", "mine")
        before = {one: one.read_bytes() for one in self.path.rglob("*") if one.is_file()}
        ran = self.run_it("demo", "--into", "mine")
        self.assertEqual(ran.returncode, 2)
        self.assertIn("is there already and is left as it is", ran.stderr)
        self.assertEqual(before, {one: one.read_bytes() for one in self.path.rglob("*") if one.is_file()})

    def test_json_is_the_report_and_nothing_else(self):
        ran = self.run_it("demo", "--json")
        report = json.loads(ran.stdout)
        self.assertEqual(report["format"], "portolan-report/1")
        self.assertEqual(report["outcome"], "ready")
        self.assertEqual([(one["service"], one["state"]) for one in report["account"]["services"]],
                         [("imap", "verified"), ("smtp", "verified"), ("caldav", "untested"), ("carddav", "untested")])
        for service in report["account"]["services"]:
            self.assertEqual(service["trust"], "authenticated")
            if service["service"] in ("imap", "smtp"):
                self.assertIn("autoconfig", service["sources"])
                self.assertIsNone(service["certificate"]["problem"])
            else:
                self.assertEqual(service["sources"], ["dav-wellknown"])
        self.assertEqual(report["sign_in"], {"attempts": 2, "refused": 0})
        self.assertNotIn(PASSWORD, ran.stdout + ran.stderr)

    def test_each_story_ends_as_it_says(self):
        rows = [
            ("alice@expired.example", 1, "attention", "certificate-expired", "domain-owner"),
            ("alice@refused.example", 1, "attention", "sign-in-rejected", "you"),
            ("alice@app-password.example", 1, "attention", "sign-in-app-password-needed", "you"),
            ("alice@dead.example", 1, "attention", "connection-timeout", "domain-owner"),
            ("alice@nothing.example", 3, "not-found", None, None),
        ]
        for address, status, outcome, code, who in rows:
            with self.subTest(address=address):
                ran = self.run_it("demo", "--json", address)
                report = json.loads(ran.stdout)
                self.assertEqual((ran.returncode, report["outcome"]), (status, outcome))
                self.assertTrue(report["summary"])
                if code:
                    verdict = report["verdicts"][0]
                    self.assertEqual((verdict["code"], verdict["severity"], verdict["who"]), (code, "error", who))
                    for words in ("what", "why", "do"):
                        self.assertTrue(verdict[words])
                self.assertEqual(self.left_behind(), [])

    def test_a_report_is_good_for_writing_from_it(self):
        (self.path / "report.json").write_text(self.run_it("demo", "--json", "--into", "first").stdout)
        ran = self.run_it("write", "--account", "report.json", "--for", "apple,thunderbird-autoconfig", "--name", "Alice Example", "--into", "second")
        self.assertEqual((ran.returncode, ran.stderr), (0, ""))
        self.assertTrue(any(name.endswith(".mobileconfig") for name in self.left_behind() if name.startswith("second/")))
        from_pipe = self.run_it("write", "--account", "-", "--for", "apple", "--into", "third", stdin=(self.path / "report.json").read_text())
        self.assertEqual(from_pipe.returncode, 0)
        broken = self.run_it("write", "--account", "-", "--for", "apple", "--into", "fourth", stdin='{"address": "alice@example.org"}')
        self.assertEqual((broken.returncode, broken.stdout), (2, ""))
        self.assertIn("look at “account”", broken.stderr)
        self.assertFalse((self.path / "fourth").exists())


class Colours(InAFolder):
    def test_a_pipe_and_no_color_turn_them_off(self):
        self.assertNotIn("\x1b", self.run_it("demo", "alice@nothing.example").stdout)
        self.assertIn("\x1b", self.run_it("demo", "--color", "always", "alice@nothing.example").stdout)
        self.assertNotIn("\x1b", self.run_it("demo", "--color", "never", "alice@nothing.example").stdout)

    def test_a_terminal_gets_them_unless_no_color_is_set(self):
        for env, colours in ({}, True), ({"NO_COLOR": "1"}, False):
            leader, follower = pty.openpty()
            environment = {key: value for key, value in os.environ.items() if key != "NO_COLOR"} | env
            ran = subprocess.Popen([PORTOLAN, "demo", "alice@nothing.example"], cwd=self.folder.name, stdout=follower, stderr=subprocess.DEVNULL, env=environment)
            os.close(follower)
            heard = b""
            while True:
                try:
                    part = os.read(leader, 4096)
                except OSError:
                    break
                if not part:
                    break
                heard += part
            os.close(leader)
            self.assertEqual(ran.wait(60), 3)
            self.assertEqual(b"\x1b[" in heard, colours)

    def test_a_closed_pipe_ends_quietly(self):
        ran = subprocess.Popen([PORTOLAN, "demo", "alice@nothing.example"], cwd=self.folder.name, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        ran.stdout.close()
        self.assertEqual(ran.stderr.read(), b"")
        ran.stderr.close()
        self.assertEqual(ran.wait(60), 3)


class Offline(InAFolder):
    def test_the_catalogue_alone_answers_without_a_network(self):
        ran = self.run_it("find", "--offline", "--json", "alice@gmail.com")
        report = json.loads(ran.stdout)
        self.assertEqual((ran.returncode, report["outcome"]), (1, "attention"))
        self.assertEqual(report["probes"], [])
        self.assertEqual({one["host"] for one in report["account"]["services"] if one["service"] in ("imap", "smtp")}, {"imap.gmail.com", "smtp.gmail.com"})
        self.assertEqual(self.run_it("find", "--offline", "alice@example.org").returncode, 3)

    def test_a_slip_in_a_common_domain_is_said_without_asking_anybody(self):
        ran = self.run_it("find", "--offline", "alice@gmial.com")
        self.assertEqual(ran.returncode, 3)
        self.assertIn("Did you mean alice@gmail.com?", ran.stdout)
        self.assertEqual(json.loads(self.run_it("find", "--offline", "--json", "alice@gmial.com").stdout)["suggestion"], "alice@gmail.com")
        for right in ("alice@gmail.com", "alice@gmx.at", "alice@example.org"):
            self.assertNotIn("suggestion", json.loads(self.run_it("find", "--offline", "--json", right).stdout))

    def test_files_can_be_written_from_the_catalogue(self):
        ran = self.run_it("write", "--offline", "--for", "outlook", "--into", "out", "alice@gmx.net")
        self.assertEqual(ran.returncode, 1, ran.stderr)
        self.assertIn("out/outlook/guide.html", self.left_behind())


    def test_a_program_that_cannot_sign_in_there_holds_up_no_other_one(self):
        ran = self.run_it("write", "--offline", "--for", "apple,thunderbird", "--into", "out", "alice@outlook.com")
        self.assertEqual(ran.returncode, 1)
        self.assertIn("portolan: nothing was written for apple: the server takes no sign-in", ran.stderr)
        self.assertTrue(any(name.endswith("prefs.js") for name in self.left_behind()))
        self.assertFalse(any("apple" in name for name in self.left_behind()))

    def test_two_hyphens_end_the_options(self):
        self.assertEqual(self.run_it("find", "--offline", "--", "-alice@gmx.net").returncode, 1)
        self.assertEqual(self.run_it("find", "--", "--offline").returncode, 2)


class Wizard(InAFolder):
    def test_without_a_display_it_says_what_works_instead(self):
        ran = self.run_it("wizard")
        self.assertEqual((ran.returncode, ran.stdout), (1, ""))
        self.assertEqual(ran.stderr, "portolan: there is no display here; portolan find works without one\n")


class AskedPassword(InAFolder):
    def test_without_a_terminal_it_is_refused_and_not_waited_for(self):
        ran = subprocess.run([PORTOLAN, "find", "--ask-password", "alice@example.org"], cwd=self.folder.name, stdin=subprocess.DEVNULL, capture_output=True,
                             text=True, timeout=60, start_new_session=True)
        self.assertEqual((ran.returncode, ran.stdout), (2, ""))
        self.assertRegex(ran.stderr, r"\Aportolan: --ask-password needs a terminal.*\n\Z")


if __name__ == "__main__":
    unittest.main(verbosity=2)
