"""Programs of the command line as judges: each started on the file that `portolan write` made, it must sign in at the real servers, by Dovecot's own
log, once and with the right name.

    python3 tests/clients/test_terminal.py PORTOLAN [unittest's arguments, such as -k mbsync]

The keyring is played by a command `secret-tool` that gives the password for the very words that it should be asked with. The root of the small
internet stands where Debian's programs look for roots. Nothing of a written file is changed.
"""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "internet"))

import domains
import lab
from model import MX, Domain, Expected, Machine, srv
from servers import wait_until

PORTOLAN = ""
LAB = None
DEADLINE = 60
ROOTS = Path("/etc/ssl/certs/ca-certificates.crt")

TLS, STARTTLS, LOCAL, POP3, WORLD = "lighthouse.example", "anchor.example", "pilot.example", "cargo.example", "xn--bcher-kva.example"
INCOMING = (TLS, STARTTLS, LOCAL, WORLD)


# getmail signs in with ASCII passwords alone.
ASCII = "correct \"horse\" \\ 7&;%$x"
for name, label in (("getter.example", "imaps"), ("getter-pop.example", "pop3s")):
    domains.DOMAINS.append(Domain(name, "a password in ASCII", f"{MX}\n{srv('post', '_' + label, '_submissions')}", Expected(),
                                  [Machine([f"post.{name}"], (label, "submissions"), password=ASCII)]))


def named(name):
    return next(domain for domain in domains.DOMAINS if domain.name == name)


def address_of(domain):
    """As the files have it."""
    return f"{domain.address.partition('@')[0]}@{domain.name}"


def setUpModule():
    global LAB
    LAB = lab.Lab().__enter__()
    unittest.addModuleCleanup(LAB.stop)
    # Inside the lab's own mounts; gone with them.
    subprocess.run(["mount", "--bind", str(LAB.ca_file), str(ROOTS)], check=True)


class Terminal:
    """A program at a terminal of its own. Types `keys` one after the other, each once its prompt was seen; what is shown is kept."""

    def __init__(self, words, environment, keys=()):
        self.shown, self.keys = b"", list(keys)
        self.pid, self.screen = pty.fork()
        if self.pid == 0:
            os.execvpe(words[0], words, environment)
        fcntl.ioctl(self.screen, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))

    def read(self):
        """False once it has ended."""
        ready, _, _ = select.select([self.screen], [], [], 0.05)
        if not ready:
            return True
        try:
            more = os.read(self.screen, 65536)
        except OSError:
            return False
        self.shown += more
        if self.keys and self.keys[0][0] in self.shown:
            os.write(self.screen, self.keys.pop(0)[1])
        return bool(more)

    def run(self, done=lambda: False):
        """Until it ends, or `done` says so."""
        end = time.monotonic() + DEADLINE
        try:
            while self.read():
                if done():
                    return
                if time.monotonic() > end:
                    raise TimeoutError(f"still running: {self.shown.decode(errors='replace')[-2000:]}")
        finally:
            try:
                os.kill(self.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            os.waitpid(self.pid, 0)
            os.close(self.screen)


class Program(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(dir=LAB.folder)))
        tools = self.folder / "bin"
        tools.mkdir()
        self.home = self.folder / "home"
        self.home.mkdir()
        self.asked = self.folder / "asked"
        keyring = tools / "secret-tool"
        keyring.write_text(f'#!/bin/sh\necho "$@" >> {self.asked}\nhead -n 1 {self.folder}/password\n')
        keyring.chmod(0o755)
        self.environment = {"PATH": f"{tools}:/usr/bin:/bin:/usr/sbin", "HOME": str(self.home), "LC_ALL": "C.UTF-8", "TERM": "xterm",
                            "SSL_CERT_FILE": str(ROOTS), "EDITOR": "true", "VISUAL": "true", "XDG_CONFIG_HOME": str(self.home / ".config")}

    def write(self, target, domain):
        into = self.folder / "files"
        password = self.folder / "password"
        password.write_text(domain.machines[0].password + "\n", encoding="utf-8")
        command = [PORTOLAN, "write", "--for", target, "--into", str(into), domain.address, "--resolver", LAB.resolver, "--ca-file", str(LAB.ca_file),
                   "--password-file", str(password)]
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(self.folder), "LC_ALL": "C.UTF-8"}
        environment |= {key: value for key, value in os.environ.items() if key.endswith("SAN_OPTIONS")}
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=90, env=environment)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        files = sorted((into / target).rglob("*"))
        for file in files:
            if file.is_file():
                self.assertEqual(file.stat().st_mode & 0o777, 0o600)
                self.assertNotIn(domains.PASSWORD, file.read_text(encoding="utf-8"))
        return into / target

    def run_program(self, *words):
        done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, timeout=DEADLINE, env=self.environment, cwd=self.home)
        self.said = (done.stdout + done.stderr).decode(errors="replace")
        return done.returncode

    def somebody_signs_in(self):
        """A function that says whether that was so since this call, accepted or not."""
        def count():
            return LAB.dovecot_log.read_bytes().count(b"auth_request_finished")
        before = count()
        return lambda: count() > before

    def send(self, words, message):
        """Until somebody has signed in: the small internet takes no mail further."""
        decided = self.somebody_signs_in()
        with open(self.folder / "said", "wb") as out, subprocess.Popen(words, stdin=subprocess.PIPE, stdout=out, stderr=out, env=self.environment, cwd=self.home) as sending:
            sending.stdin.write(message)
            sending.stdin.close()
            try:
                wait_until(lambda: sending.poll() is not None or decided(), f"{words[0]} to sign in", DEADLINE)
            finally:
                sending.kill()
        self.said = (self.folder / "said").read_text(errors="replace")

    def sign_ins(self, domain):
        addresses = {machine.address for machine in domain.machines}
        return [(one.service, one.user, one.accepted) for one in LAB.sign_ins() if one.address in addresses]

    def mail_folder(self, domain):
        folder = self.home / "Mail" / address_of(domain)
        for part in ("cur", "new", "tmp"):
            (folder / part).mkdir(parents=True)
        return folder

    def proves(self, domain, services, act):
        """`act` leads to one good sign-in for each service, and to none that is refused."""
        before = len(self.sign_ins(domain))
        self.said = ""
        act()
        seen = self.sign_ins(domain)[before:]
        users = {"smtp": domain.login_out or domain.login or address_of(domain)}
        want = {(service, users.get(service, domain.login or address_of(domain)), True) for service in services}
        self.assertEqual(set(seen), want, self.said)

    def keyring_was_asked(self, domain):
        self.assertEqual(set(self.asked.read_text().splitlines()), {f"lookup service portolan account {address_of(domain)}"})

    def each(self, names, walk):
        for name in names:
            with self.subTest(domain=name):
                self.setUp()
                walk(named(name))

    def test_mbsync(self):
        def walk(domain):
            folder = self.write("mbsync", domain)
            self.mail_folder(domain)
            self.proves(domain, ["imap"], lambda: self.assertEqual(self.run_program("mbsync", "-c", str(folder / "mbsyncrc"), "-a"), 0, self.said))
            self.assertTrue((self.home / "Mail" / address_of(domain) / "INBOX").is_dir(), self.said)
            self.keyring_was_asked(domain)
        self.each(INCOMING, walk)

    def test_msmtp(self):
        def walk(domain):
            folder = self.write("msmtp", domain)
            message = f"From: {address_of(domain)}\nTo: {address_of(domain)}\nSubject: Proof\n\nSent by msmtp.\n".encode()
            self.proves(domain, ["smtp"], lambda: self.send(["msmtp", "-C", str(folder / "msmtprc"), address_of(domain)], message))
            self.keyring_was_asked(domain)
        self.each(INCOMING + (POP3,), walk)

    def mutt(self, program, file):
        def walk(domain):
            folder = self.write(program, domain)
            rc = str(folder / file)
            words = [program, "-F", rc, "-e", 'set record=""', "-s", "Proof", "--", address_of(domain)]
            self.proves(domain, ["smtp"], lambda: self.send(words, b"Sent.\n"))
            before = len(self.sign_ins(domain))
            kind = "pop3" if domain.name == POP3 else "imap"
            place = f"pops://{domain.machines[0].host}:995/" if kind == "pop3" else "+INBOX"
            terminal = Terminal([program, "-F", rc, "-f", place], self.environment, [(b"Create it?", b"y")])
            terminal.run(self.somebody_signs_in())
            self.assertEqual(self.sign_ins(domain)[before:], [(kind, domain.login or address_of(domain), True)], terminal.shown.decode(errors="replace"))
            self.keyring_was_asked(domain)
        self.each(INCOMING + (POP3,), walk)

    def test_mutt(self):
        self.mutt("mutt", "muttrc")

    def test_neomutt(self):
        self.mutt("neomutt", "neomuttrc")

    def test_aerc(self):
        def walk(domain):
            folder = self.write("aerc", domain)
            place = self.home / ".config" / "aerc"
            place.mkdir(parents=True)
            (place / "accounts.conf").write_bytes((folder / "accounts.conf").read_bytes())
            (place / "accounts.conf").chmod(0o600)
            before = len(self.sign_ins(domain))
            terminal = Terminal(["aerc"], self.environment)
            terminal.run(self.somebody_signs_in())
            self.assertEqual(self.sign_ins(domain)[before:], [("imap", domain.login or address_of(domain), True)], terminal.shown.decode(errors="replace"))
        self.each(INCOMING, walk)

    def test_offlineimap(self):
        def walk(domain):
            folder = self.write("offlineimap", domain)
            self.proves(domain, ["imap"], lambda: self.assertEqual(self.run_program("offlineimap", "-o", "-u", "basic", "-c", str(folder / "offlineimaprc")), 0, self.said))
            self.assertTrue((self.home / "Mail" / address_of(domain) / "INBOX").is_dir(), self.said)
            self.keyring_was_asked(domain)
        # With STARTTLS its library waits for ever now and then: two of its threads read the same socket.
        self.each((TLS, LOCAL, WORLD), walk)

    def test_fetchmail(self):
        def walk(domain):
            folder = self.write("fetchmail", domain)
            words = ["fetchmail", "-f", str(folder / "fetchmailrc"), "-c", "--pidfile", str(self.home / "pid")]
            def act():
                terminal = Terminal(words, self.environment, [(b"Enter password for", domains.PASSWORD.encode() + b"\n")])
                terminal.run()
                self.said = terminal.shown.decode(errors="replace")
            self.proves(domain, ["pop3" if domain.name == POP3 else "imap"], act)
        self.each(INCOMING + (POP3,), walk)

    def test_getmail(self):
        def walk(domain):
            folder = self.write("getmail", domain)
            self.mail_folder(domain)
            self.proves(domain, ["pop3" if "pop" in domain.name else "imap"],
                        lambda: self.assertEqual(self.run_program("getmail", f"--getmaildir={self.home}", f"--rcfile={folder / address_of(domain)}"), 0, self.said))
            self.keyring_was_asked(domain)
        self.each(("getter.example", "getter-pop.example"), walk)


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1].startswith("-"):
        raise SystemExit(__doc__)
    lab.enter()
    PORTOLAN = os.path.abspath(sys.argv[1])
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]])
