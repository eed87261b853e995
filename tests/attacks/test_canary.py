"""The password is nowhere but where the sign-in has it: not in what is printed or written, not in /proc, not in the memory of the process.

    python3 tests/attacks/test_canary.py PORTOLAN [WIZARD]

The command signs in to hostile servers and to real ones (Dovecot, Postfix), in every way a password can be given. It is stopped twice: when a
server keeps its goodbye back, with the sign-in over and the conversation not, and when the report is written into a pipe that is full. All of its
memory is read then. At the first place the password may stand in locked pages alone, at the second nowhere.
"""

import fcntl
import os
import pty
import quopri
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import termios
import threading
import urllib.parse
from pathlib import Path

import mail
from cases import Case
from mail import BYES, Mail, Scram
from peer import Gone
from secrets_seen import forms_of
from test_attacks import RESOLVER, World, lab
from servers import wait_until

PATIENCE = 60
LARGEST_MAPPING = 1 << 30  # the shadow of a sanitizer is larger, and nothing of ours
# Whoever has capabilities may read what others may not, and is not read by those who have none.
LIKE_A_USER = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"]
KEPT = {"lo", "dd"}  # pages that are locked, and left out of core files (proc(5), VmFlags)
LONG, SHORT = mail.PASSWORD, "Tr0ub4d&r"  # the short one fits into the object of a std::string


class Goodbye:
    """Answers the LOGOUT or QUIT that follows a sign-in only after the process was looked at."""

    def __init__(self, protocol):
        self.protocol = protocol
        self.reached, self.looked = threading.Event(), threading.Event()

    def __call__(self, peer):
        if re.search(rb"AUTH|LOGIN|PASS", peer.inside):
            self.reached.set()
            self.looked.wait(PATIENCE)
        peer.say(BYES[self.protocol].replace("{tag}", peer.tag).replace("\n", "\r\n"))
        raise Gone

    def begin(self, held):
        self.reached.clear()
        self.looked.clear()
        if not held:
            self.looked.set()


def hostile(protocol, **more):
    goodbye = Goodbye(protocol)
    inside = {**more.pop("inside", {}), {"imap": "LOGOUT"}.get(protocol, "QUIT"): goodbye}
    return goodbye, Mail(protocol, inside=inside, **more)


class Place:
    """A mapping of a process: its name, whether its pages are locked, and its bytes."""

    def __init__(self, header, flags, data):
        self.name = header.split()[5] if len(header.split()) > 5 else "anonymous"
        self.locked = KEPT <= set(flags)
        self.data = data


def present(pages, start, end):
    """The runs of pages that are there, [(start, end)]; a sanitizer's shadow is terabytes of others (pagemap, bits 62 and 63)."""
    size = os.sysconf("SC_PAGE_SIZE")
    flags = os.pread(pages, (end - start) // size * 8, start // size * 8)[7::8]
    return [(start + found.start() * size, start + found.end() * size) for found in re.finditer(rb"[\x40-\xff]+", flags)]


def memory_of(process):
    """Every page that the process could have written."""
    blocks, header = [], None
    for line in Path(f"/proc/{process}/smaps").read_text().splitlines():
        if re.match(r"[0-9a-f]+-[0-9a-f]+ ", line):
            header = line
        elif line.startswith("VmFlags:"):
            blocks.append((header, line.split()[1:]))
    pages, memory = (os.open(f"/proc/{process}/{name}", os.O_RDONLY) for name in ("pagemap", "mem"))
    for header, flags in blocks:
        start, end = (int(part, 16) for part in header.split()[0].split("-"))
        if "wr" in flags and end - start <= LARGEST_MAPPING:
            for at, until in present(pages, start, end):
                yield Place(header, flags, os.pread(memory, until - at, at))
    os.close(pages)
    os.close(memory)


def look_at(process, forms):
    """The forms of the password in its memory, [(form, Place, offset)]; and what /proc says of it beside."""
    hits = [(form, place, place.data.index(text)) for place in memory_of(process) for form, text in forms.items() if text in place.data]
    proc = Path(f"/proc/{process}")
    links = [os.readlink(one) for one in (proc / "fd").iterdir()]
    said = b"".join((proc / name).read_bytes() for name in ("cmdline", "environ", "maps", "status")) + "\n".join(links).encode()
    return hits, said


def guarded(process):
    """What is wrong with how it is kept from core files and from its neighbours."""
    limits = Path(f"/proc/{process}/limits").read_text()
    soft, hard = re.search(r"Max core file size +(\S+) +(\S+)", limits).groups()
    if (soft, hard) != ("0", "0"):
        yield f"core files are on: {soft}, {hard}"
    # PR_SET_DUMPABLE is seen from outside by who may read its /proc: the same user without capabilities may not (ptrace(2)).
    if readable_without_capabilities(process):
        yield "another program of the same user can read its memory"


def readable_without_capabilities(process):
    done = subprocess.run([*LIKE_A_USER, "cat", f"/proc/{process}/environ"], capture_output=True)
    if done.returncode and b"Permission denied" not in done.stderr:
        raise RuntimeError(f"setpriv: {done.stderr.decode(errors='replace')}")
    return done.returncode == 0


class FullPipe:
    """Standard output that takes nothing until it is read."""

    def __init__(self):
        self.out, self.into = os.pipe()
        size = fcntl.fcntl(self.into, fcntl.F_SETPIPE_SZ, 4096)
        os.write(self.into, b"." * size)
        self.size = size

    def held(self, running):
        """Does the process wait to write into it?"""
        try:
            return "pipe_w" in Path(f"/proc/{running.pid}/wchan").read_text()
        except OSError:
            return False

    def read(self):
        data = bytearray()
        while part := os.read(self.out, 65536):
            data += part
        os.close(self.out)
        return bytes(data[self.size:])


class Run:
    """One run of the command with the password given in one `way`: file, stdin, prompt."""

    def __init__(self, program, words, password, way, home):
        self.password, self.forms = password, forms_of(password)
        self.home, self.out = home, FullPipe()
        self.stderr = tempfile.TemporaryFile()
        self.keyboard = None
        environment = {"PATH": "/usr/bin:/bin", "HOME": home, "XDG_CACHE_HOME": home, "TMPDIR": home, "LC_ALL": "C.UTF-8",
                       **{k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS")}}
        words = [*LIKE_A_USER, program, *words]
        given, more = subprocess.DEVNULL, {}
        if way == "file":
            file = tempfile.NamedTemporaryFile()
            file.write(f"{password}\n".encode())
            file.flush()
            words += ["--password-file", file.name]
            self.file = file
        elif way == "stdin":
            given, typed = os.pipe()
            os.write(typed, f"{password}\n".encode())
            os.close(typed)
            words.append("--password-stdin")
        else:
            self.keyboard, terminal = pty.openpty()
            words.append("--ask-password")

            def take_terminal():
                os.setsid()
                fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
            more = {"preexec_fn": take_terminal, "pass_fds": [terminal]}
        self.process = subprocess.Popen(words, stdin=given, stdout=self.out.into, stderr=self.stderr, env=environment, cwd=home, **more)
        os.close(self.out.into)
        if self.keyboard is not None:
            self.typed_back = self.type_password()

    def type_password(self):
        shown = b""
        while b"alone)" not in shown:
            shown += os.read(self.keyboard, 4096)
        os.write(self.keyboard, f"{self.password}\n".encode())
        while not shown.endswith(b"\n"):
            shown += os.read(self.keyboard, 4096)
        return shown

    def end(self):
        """The rest of it; what was printed and written."""
        printed = self.out.read()
        self.status = self.process.wait(PATIENCE)
        self.stderr.seek(0)
        files = {str(file): str(file).encode() + file.read_bytes() for file in Path(self.home).rglob("*") if file.is_file()}
        return {"printed": printed, "printed on standard error": self.stderr.read(), "shown on the terminal": getattr(self, "typed_back", b""), **files}

    def die(self):
        """An end by a signal that makes a core file where one may be made."""
        os.kill(self.process.pid, signal.SIGSEGV)
        os.close(self.out.out)
        _, status = os.waitpid(self.process.pid, 0)
        self.process.returncode = 1
        return os.WCOREDUMP(status)


class Canary:
    def __init__(self, program):
        self.program = program
        self.complaints, self.runs, self.signed_in = [], 0, 0

    def complain(self, text):
        self.complaints.append(text)
        print(text, flush=True)

    def judge(self, name, run, locked_may):
        hits, said = look_at(run.process.pid, run.forms)
        for form, place, offset in hits:
            if not (locked_may and place.locked):
                around = place.data[max(0, offset - 40):offset + 80]
                self.complain(f"{name}: in memory, {form}: {place.name}{', locked' if place.locked else ''}: {around!r}")
        plain = sum(place.data.count(run.password.encode()) for form, place, _ in hits if form == "plain")
        if locked_may and plain > 1:
            self.complain(f"{name}: in memory {plain} times")
        self.absent(name, run, {"/proc": said})
        for what in guarded(run.process.pid):
            self.complain(f"{name}: {what}")

    def absent(self, name, run, seen):
        for what, data in seen.items():
            for form, text in run.forms.items():
                if text in data:
                    self.complain(f"{name}: {what}, {form}")

    def one(self, name, words, password, way, goodbye=None, dies=False):
        """`goodbye`: the server that keeps its own back."""
        self.runs += 1
        with tempfile.TemporaryDirectory() as home:
            run = Run(self.program, words, password, way, home)
            try:
                if goodbye:
                    wait_until(lambda: goodbye.reached.is_set() or run.process.poll() is not None, f"{name}: the goodbye", PATIENCE)
                    if not goodbye.reached.is_set():
                        raise RuntimeError(f"{name}: nobody said goodbye after a sign-in")
                    os.kill(run.process.pid, signal.SIGSTOP)  # it does not wait for long
                    self.judge(f"{name}, before the goodbye", run, locked_may=True)
                    goodbye.looked.set()
                    os.kill(run.process.pid, signal.SIGCONT)
                wait_until(lambda: run.out.held(run.process) or run.process.poll() is not None, f"{name}: the report", PATIENCE)
                self.judge(f"{name}, before the report", run, locked_may=False)
                if dies:
                    if run.die():
                        self.complain(f"{name}: a core file")
                    return
                seen = run.end()
                self.absent(name, run, seen)
                if b'"verified"' in seen["printed"] or b"Signed in" in seen["printed"]:
                    self.signed_in += 1
            finally:
                if run.process.poll() is None:
                    run.process.kill()


def against_hostile(canary):
    # In every form that a report can be searched for.
    forms = " or ".join([LONG, *(mail.text64("x" * before + LONG + "!") for before in range(3)), LONG.encode().hex(), LONG.encode().hex().upper(),
                         urllib.parse.quote(LONG, safe=""), quopri.encodestring(LONG.encode()).decode()])
    echo = {"imap": "{tag} NO you said " + forms + "\n", "pop3": "-ERR you said " + forms + "\n", "smtp": "535-5.7.8 " + forms + "\n535 5.7.8 " + forms + "\n"}
    plans = [("imap, PLAIN", "imap", LONG, hostile("imap")), ("pop3, PLAIN", "pop3", LONG, hostile("pop3")), ("submission, PLAIN", "smtp", LONG, hostile("smtp")),
             ("imap, PLAIN, short", "imap", SHORT, hostile("imap")),
             ("imap, LOGIN", "imap", LONG, hostile("imap", inside={"CAPABILITY": "* CAPABILITY IMAP4rev1\n{tag} OK\n"})),
             ("imap, LOGIN, short", "imap", SHORT, hostile("imap", inside={"CAPABILITY": "* CAPABILITY IMAP4rev1\n{tag} OK\n"})),
             ("pop3, USER and PASS", "pop3", LONG, hostile("pop3", inside={"CAPA": "-ERR\n"})),
             ("pop3, USER and PASS, short", "pop3", SHORT, hostile("pop3", inside={"CAPA": "-ERR\n"})),
             ("submission, LOGIN", "smtp", LONG, hostile("smtp", inside={"EHLO": "250-mail\n250 AUTH LOGIN\n"})),
             ("imap, SCRAM", "imap", LONG, hostile("imap", scram=Scram())),
             ("imap, a wrong SCRAM signature", "imap", LONG, (None, Mail("imap", scram=Scram(signature="AAAA")))),
             ("imap, the password echoed", "imap", LONG, hostile("imap", inside={"AUTHENTICATE": echo["imap"]})),
             ("pop3, the password echoed", "pop3", LONG, hostile("pop3", inside={"CAPA": "-ERR\n", "PASS": echo["pop3"]})),
             ("submission, the password echoed", "smtp", LONG, hostile("smtp", inside={"AUTH": echo["smtp"]})),
             ("imap, the password echoed, the end cut off", "imap", LONG, (None, Mail("imap", inside={"AUTHENTICATE": "* " + LONG})))]
    world = World([Case(name, protocol, "", plan) for name, protocol, _, (_, plan) in plans])
    for site, (name, _, password, (goodbye, _)) in zip(world.sites, plans):
        ways = ("file", "stdin", "prompt") if name == "imap, PLAIN" else ("file",)
        for way in ways:
            # The report as text holds less than the document; what could get into its sentences is an echo.
            for options in (["--json"], []) if "echoed" in name or len(ways) > 1 else (["--json"],):
                if goodbye:
                    goodbye.begin(held=True)
                words = ["find", f"alice@{site.domain}", "--resolver", RESOLVER, "--ca-file", str(world.ca_file), "--without", "ispdb", "--remember", *options]
                canary.one(f"{name}, {way}{' as JSON' if options else ''}", words, password, way, goodbye, dies=name == "pop3, PLAIN")
                if not any(password.encode() in peer.inside or b"AUTH" in peer.inside for peer in world.listeners.take(site.domain)):
                    canary.complain(f"{name}: it did not sign in")


def against_real(canary):
    with lab.Lab() as internet:
        targets = ",".join(subprocess.run([canary.program, "write", "--list"], capture_output=True, text=True, check=True).stdout.split())
        common = ["--resolver", internet.resolver, "--ca-file", str(internet.ca_file), "--remember"]
        password = internet.password_file.read_text().rstrip("\n")
        for way in ("file", "stdin", "prompt"):
            canary.one(f"Dovecot and Postfix, find, {way}", ["find", "alice@lighthouse.example", "--json", *common], password, way)
            canary.one(f"Dovecot and Postfix, write, {way}", ["write", "--for", targets, "--into", "out", "alice@lighthouse.example", "--json", *common], password, way)
        accepted = [one for one in internet.sign_ins() if one.accepted]
        if len(accepted) != 12:
            canary.complain(f"{len(accepted)} sign-ins at real servers, not 12")


def against_wizard(program):
    """How the wizard is kept; its pages have no place to stop at."""
    with tempfile.TemporaryDirectory() as home:
        environment = {"PATH": "/usr/bin:/bin", "HOME": home, "XDG_RUNTIME_DIR": home, "LC_ALL": "C.UTF-8", "QT_QPA_PLATFORM": "offscreen", "QT_QUICK_BACKEND": "software",
                       **{k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS")}}
        running = subprocess.Popen([*LIKE_A_USER, program, "--demo"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
        try:
            wait_until(lambda: not list(guarded(running.pid)) or running.poll() is not None, "the wizard to keep itself", PATIENCE)
            return [] if running.poll() is None else ["the wizard ended"]
        finally:
            running.kill()
            running.wait()


def main():
    if len(sys.argv) not in (2, 3, 4):
        raise SystemExit(__doc__)
    program = os.path.abspath(sys.argv[1])
    wizard, part = (*sys.argv[2:], "", "")[:2]
    wizard = wizard and os.path.abspath(wizard)
    if not part:
        status = 0
        for name in ("hostile", "real"):
            status |= subprocess.run([sys.executable, os.path.abspath(sys.argv[0]), program, wizard, name]).returncode
        sys.exit(status)
    lab.enter()
    # The test sees what it looks for: a program that is not kept can be read, and a password in memory is found.
    control = secrets.token_hex(16)
    child = subprocess.Popen([*LIKE_A_USER, sys.executable, "-c", "import sys; word = sys.stdin.readline(); print(flush=True); sys.stdin.readline()"],
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    child.stdin.write(f"{control}\n".encode())
    child.stdin.flush()
    child.stdout.readline()
    assert readable_without_capabilities(child.pid) and look_at(child.pid, {"plain": control.encode()})[0], "the test is blind"
    child.kill()
    if any(name in Path(program).read_bytes() for name in (b"__asan_init", b"__tsan_init")):
        KEPT.discard("lo")  # a sanitizer makes nothing of mlock
    canary = Canary(program)
    {"hostile": against_hostile, "real": against_real}[part](canary)
    if wizard and part == "real":
        for what in against_wizard(wizard):
            canary.complain(what)
    print(f"{part}: {canary.runs} runs, {len(canary.complaints)} places where the password should not be or could be read", flush=True)
    sys.stdout.flush()
    os._exit(1 if canary.complaints else 0)


if __name__ == "__main__":
    main()
