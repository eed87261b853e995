"""What can go wrong on the person's own computer, and what the program itself may never leave behind."""

import contextlib
import json
import os
import plistlib
import signal
import subprocess
import tempfile
import threading
from pathlib import Path

from lab import command
from mail import Mail
from model import PASSWORD
from name_server import NameServer
from row import Row
from scripted import domain_of, playing, scripted
from secrets_seen import forms_of
from servers import wait_until

GOOD = "alice@lighthouse.example"
TARGETS = "apple,thunderbird,thunderbird-autoconfig,outlook"
DEAF = "127.0.0.197"
NOISE = "\0\x1b[2J\x1b]0;x\x07\x9b31m\xe2\x80\xae\xff\xfe\r</script><script>fetch('https://elsewhere.test/')</script>"


def environment(home):
    return {"PATH": "/usr/bin:/bin", "HOME": str(home), "TMPDIR": str(home), "LC_ALL": "C.UTF-8",
            **{name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")}}


def files_in(folder):
    return sorted(one for one in Path(folder).rglob("*") if not one.is_dir() or one.is_symlink())


def write_words(lab, folder, run, into):
    account = Path(folder, "report.json")
    account.write_text(json.dumps(run.report))
    return [lab.portolan, "write", "--for", TARGETS, "--account", str(account), "--into", str(into)]


def write(lab, folder, run, into):
    return subprocess.run(write_words(lab, folder, run, into), capture_output=True, text=True, timeout=30, env=environment(folder))


@contextlib.contextmanager
def mounted(options, into):
    into.mkdir()
    command("mount", "-t", "tmpfs", "-o", options, "small", str(into))
    try:
        yield
    finally:
        command("umount", str(into))


def nothing_written(options):
    """Into a file system mounted so, nothing is written, and the exit status says it."""
    def check(lab, run):
        with tempfile.TemporaryDirectory() as folder:
            into = Path(folder, "out")
            with mounted(options, into):
                done = write(lab, folder, run, into)
                left = list(into.rglob("*"))
            if done.returncode != 2 or "cannot write" not in done.stderr:
                return f"write ended with {done.returncode}: {done.stderr}"
            return f"left behind: {left}" if left else None
    return check


def existing_file_stays(lab, run):
    with tempfile.TemporaryDirectory() as folder:
        into = Path(folder, "out")
        if write(lab, folder, run, into).returncode:
            return "write failed"
        before = files_in(into)
        for one in before:
            one.write_text("somebody's own")
        into.joinpath("outlook", "guide.html").unlink()
        done = write(lab, folder, run, into)
        if done.returncode != 2 or "is there already" not in done.stderr:
            return f"write ended with {done.returncode}: {done.stderr}"
        changed = [one for one in files_in(into) if one.read_text() != "somebody's own"]
        return f"changed or new beside what was there: {changed}" if changed else None


def link_is_not_followed(lab, run):
    """A link at a file's name, and one in place of a folder below the target, with --force as well."""
    with tempfile.TemporaryDirectory() as folder:
        into, victim = Path(folder, "out"), Path(folder, "victim")
        into.joinpath("apple").mkdir(parents=True)
        victim.mkdir()
        into.joinpath("apple", "alice@lighthouse.example.mobileconfig").symlink_to(victim / "file")
        into.joinpath("outlook").symlink_to(victim)
        for force in ([], ["--force"]):
            done = subprocess.run([*write_words(lab, folder, run, into), *force], capture_output=True, text=True, timeout=30,
                                  env=environment(folder))
            if done.returncode != 2:
                return f"write ended with {done.returncode}: {done.stderr}"
            if any(victim.iterdir()):
                return f"written through a link: {list(victim.iterdir())}"
        return None


class Phases:
    """A server that says when a client is at a certain point, and leaves it there."""

    def __init__(self):
        self.greeted, self.signing_in = threading.Semaphore(0), threading.Semaphore(0)

    def __call__(self, peer):
        Mail("imap", implicit=True, inside={"CAPABILITY": self.wait_for_list, "AUTHENTICATE": self.wait_for_answer})(peer)

    def wait_for_list(self, peer):
        self.greeted.release()
        peer.wait(0.3)
        peer.say(f"* CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN\r\n{peer.tag} OK\r\n")

    def wait_for_answer(self, peer):
        self.signing_in.release()
        peer.silence()


PHASES = Phases()


@contextlib.contextmanager
def phases(lab):
    with playing("post.f97.example", {993: PHASES})(lab):
        with NameServer(DEAF, lambda *_: None) as lab.deaf:
            yield


def takes_interrupts():
    """A test in a shell's background inherits that Ctrl+C is ignored; a person's command has it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def ended(process, sign, folder, allowed):
    process.send_signal(sign)
    out, err = process.communicate(timeout=10)
    if process.returncode != -sign:
        return f"ended with {process.returncode} after signal {sign}: {(out + err).decode(errors='replace')}"
    left = [one for one in files_in(folder) if one not in allowed]
    if left:
        return f"left behind after signal {sign}: {left}"
    secret = [name for name, form in forms_of(PASSWORD).items() if form in out + err]
    return f"the password is in the output: {secret}" if secret else None


def stopped_while_it_searches(lab, folder):
    """While it asks for names, while it hears a greeting, and in the middle of a sign-in."""
    home = Path(folder, "home")
    home.mkdir()
    password = Path(folder, "password")
    password.write_text(PASSWORD + "\n")

    def names_are_asked():
        wait_until(lambda: lab.deaf.asked, "a question for a name", 10)
        lab.deaf.asked.clear()

    for sign in (signal.SIGINT, signal.SIGKILL):
        for phase, resolver, reached in (("names", DEAF, names_are_asked),
                                         ("greeting", lab.resolver, lambda: PHASES.greeted.acquire(timeout=10)),
                                         ("sign-in", lab.resolver, lambda: PHASES.signing_in.acquire(timeout=10))):
            process = subprocess.Popen([lab.portolan, "find", "alice@f97.example", "--resolver", resolver, "--ca-file", str(lab.ca_file),
                                        "--password-file", str(password)],
                                       stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(home),
                                       cwd=home, preexec_fn=takes_interrupts)
            reached()
            if words := ended(process, sign, home, []):
                return f"{phase}: {words}"
            while PHASES.greeted.acquire(blocking=False):  # the connections before the one of the sign-in
                pass
    return None


def readable(file, whole):
    """As long as a whole one, and what its kind has to be; two runs differ in nothing but identifiers."""
    if file.suffix == ".mobileconfig":
        plistlib.loads(file.read_bytes())
    return file.stat().st_size == whole.stat().st_size


def stopped_while_it_writes(lab, run, folder):
    """At the start, and as soon as one file more is there, to the last: every file with its own name is whole, whatever the moment."""
    whole = Path(folder, "whole")
    if write(lab, folder, run, whole).returncode:
        return "write failed"
    steps = len(files_in(whole)) + 1
    for sign in (signal.SIGINT, signal.SIGKILL):
        for step in range(steps):
            into = Path(folder, f"out-{sign}-{step}")
            process = subprocess.Popen(write_words(lab, folder, run, into), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                       env=environment(folder), preexec_fn=takes_interrupts)
            wait_until(lambda: process.poll() is not None or into.exists() and len(files_in(into)) >= step, f"{step} files", 10)
            process.send_signal(sign)
            process.wait()
            for file in files_in(into) if into.exists() else []:
                if file.name.startswith(".portolan-") and file.name.endswith(".new"):
                    continue  # never had its name
                if not readable(file, whole / file.relative_to(into)):
                    return f"half-written: {file}"
    return None


def stopped(lab, run):
    with tempfile.TemporaryDirectory() as folder:
        return stopped_while_it_searches(lab, folder) or stopped_while_it_writes(lab, run, folder)


def echo(peer):
    """Says back what was sent, among what a terminal or a browser would act upon."""
    sent = peer.inside.decode("latin-1").splitlines()[-1]
    peer.say(f"{peer.tag} NO {NOISE} {sent}\r\n")


def harmless(lab, run):
    """Both forms of the report, as they are and as a person gets them."""
    if words := acts(run.output, "JSON"):
        return words
    if b"<" in run.output:
        return "a tag could begin in the JSON"
    with tempfile.TemporaryDirectory() as home:
        for language in ("C.UTF-8", "de_DE.UTF-8"):
            done = subprocess.run([lab.portolan, "find", "alice@f100.example", "--resolver", lab.resolver, "--ca-file", str(lab.ca_file),
                                   "--password-stdin"],
                                  input=(PASSWORD + "\n").encode(), capture_output=True, timeout=60, env={**environment(home),
                                                                                                          "LC_ALL": language})
            if words := acts(done.stdout + done.stderr, f"the text ({language})"):
                return words
    return None


def acts(output, where):
    text = output.decode("utf-8", "replace")
    turning = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069\u200f"  # marks of direction
    controls = {one for one in text if (ord(one) < 32 and one != "\n") or 127 <= ord(one) < 160 or one in turning}
    if controls:
        return f"{where} has {', '.join(hex(ord(one)) for one in sorted(controls))}"
    told = [name for name, form in forms_of(PASSWORD).items() if form in output]
    return f"{where} has the password: {told}" if told else None


ROWS = [
    Row("F96", "the disk is full", GOOD, check=nothing_written("size=4k")),
    Row("F96b", "the folder can only be read", GOOD, check=nothing_written("ro")),
    Row("F96c", "files are there already", GOOD, check=existing_file_stays),
    Row("F96d", "links stand where files and folders should", GOOD, check=link_is_not_followed),
    Row("F97", "stopped by Ctrl+C or killed, at every stage", GOOD, check=stopped, peers=phases,
        domain=domain_of("f97.example", "a server that keeps its clients waiting", ["_imaps"])),
    Row("F98", "this computer has no list of whom to trust", GOOD, "certificate-untrusted-issuer", "portolan", "no-anchors",
        outcome="attention",
        environment=(("SSL_CERT_FILE", "/nonexistent"), ("SSL_CERT_DIR", "/nonexistent")), ca_file=False),
    scripted("F100", "servers that say what a terminal or a browser would act upon, and the password back", "sign-in-rejected", who="you",
             form="%EMAILADDRESS%",
             imaps=Mail("imap", implicit=True, greeting=f"* OK {NOISE}\n".replace("\r", ""),
                        inside={"AUTHENTICATE": echo}), check=harmless),
]
