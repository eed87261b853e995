"""A small internet on this machine: real NSD, nginx, Dovecot and Postfix in a network namespace of their own, with standard ports and an address for each host.

    python3 tests/internet/lab.py --run COMMAND [ARGUMENT…]

starts it, runs COMMAND inside and ends with its exit status. COMMAND finds in its environment
  PORTOLAN_LAB                folder of everything, gone at the end
  PORTOLAN_LAB_RESOLVER       address of the name server (also in /etc/resolv.conf there)
  PORTOLAN_LAB_CA             PEM file with the root that vouches for the good certificates
  PORTOLAN_LAB_PASSWORD_FILE  the password of every account
  PORTOLAN_LAB_DOVECOT_LOG, PORTOLAN_LAB_POSTFIX_LOG, PORTOLAN_LAB_WEB_LOG
domains.py says which addresses there are. Needs root, or the package uidmap and a range for the user in /etc/subuid and /etc/subgid.
"""

import ctypes
import json
import os
import pwd
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import domains
from authority import Authority
from hostile_documents import Endless
from servers import FAR_NAME_SERVER, NAME_SERVER, SILENT_NAME_SERVER, MailStore, NameServer, SilentPorts, Submission, WebServer, start, wait_until

INSIDE = "PORTOLAN_LAB"
PR_SET_PDEATHSIG = 1


def namespace_command():
    """What puts a command into namespaces of its own: network, mounts (a private /tmp folder, resolv.conf) and processes (none outlives the lab)."""
    command = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
    if os.geteuid() == 0:
        return command
    # Postfix and Dovecot change to users of their own, so one mapped user is not enough.
    command[1:1] = ["--user", "--map-root-user", "--map-auto"]
    tried = subprocess.run([*command, "true"], capture_output=True, text=True)
    if tried.returncode:
        user = pwd.getpwuid(os.geteuid()).pw_name
        said = (tried.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise SystemExit("internet: without root this needs the package uidmap, a range for "
                         f"{user} in /etc/subuid and /etc/subgid, and user namespaces ({said})")
    return command


def enter():
    """Runs this program again inside the namespaces, and ends with its exit status; returns only there."""
    if INSIDE in os.environ:
        return
    command = namespace_command()
    folder = tempfile.mkdtemp(prefix="small-internet-")
    try:
        libc = ctypes.CDLL(None)
        inner = subprocess.Popen([*command, sys.executable, os.path.abspath(sys.argv[0]), *sys.argv[1:]],
                                 env={**os.environ, INSIDE: folder}, preexec_fn=lambda: libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL))
        # unshare keeps SIGTERM from its child: end it, and the kernel ends everything in the namespace.
        for one in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(one, lambda *_: inner.kill())
        while True:
            try:
                status = inner.wait()
                break
            except KeyboardInterrupt:
                inner.kill()
    finally:
        os.rmdir(folder)
    sys.exit(status if status >= 0 else 128 - status)


@dataclass(frozen=True)
class SignIn:
    """One sign-in as Dovecot decided it; `address` is the server's, `service` imap, pop3 or smtp."""
    service: str
    address: str
    user: str
    mechanism: str
    accepted: bool


class Lab:
    """The running small internet. Use as a context manager, inside the namespaces (see enter)."""

    def __init__(self):
        self.folder = Path(os.environ[INSIDE])
        self.resolver = NAME_SERVER
        self.silent_resolver = SILENT_NAME_SERVER
        self.machines = domains.machines()
        self.address_of = {machine.host: machine.address for machine in self.machines}
        self._running = []
        self._barriers = 0

    def __enter__(self):
        try:
            self._build()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def _build(self):
        command("mount", "-t", "tmpfs", "-o", "mode=755,size=256m", "small-internet", str(self.folder))
        self._network()
        authority = Authority(self.folder / "authority")
        self.ca_file = authority.ca_file
        self.certificates = self._certificates(authority)
        self.password_file = self.folder / "password"
        self.password_file.write_text(domains.PASSWORD + "\n")
        accounts = {machine.address: machine.accounts for machine in self.machines}
        dns = NameServer(self.folder / "nsd", domains.zone_lines(), domains.BROKEN_ZONES)
        mail = MailStore(self.folder / "dovecot", self.machines, self.certificates, accounts)
        web = WebServer(self.folder / "nginx", domains.sites(), self.certificates)
        post = Submission(self.folder / "postfix", self.machines, self.certificates)
        self.dovecot_log, self.postfix_log, self.web_log = mail.log, post.log, web.log
        self._silent = SilentPorts(self.machines)
        self._endless = Endless(self.machines, self.certificates)
        with open(self.folder / "servers.log", "wb") as log:
            for server in (mail, post, dns, web):
                self._running.append((server, start(server, log)))
        for server, process in self._running:
            self._wait_for(server, process)

    def _wait_for(self, server, process):
        def up():
            if process.poll() is not None:
                raise RuntimeError(f"{server.command[0]} ended: {(self.folder / 'servers.log').read_text(errors='replace')}{self._logs()}")
            return server.ready()
        wait_until(up, f"{server.command[0]} to answer")

    def _logs(self):
        return "".join(log.read_text(errors="replace") for log in (self.dovecot_log, self.postfix_log) if log.exists())

    def _network(self):
        command("ip", "link", "set", "lo", "up")
        lines = [f"address add {machine.address}/{128 if ':' in machine.address else 32} dev lo{' nodad' if ':' in machine.address else ''}"
                 for machine in self.machines] + [f"address add {web}/32 dev lo" for web in (domains.WEB, domains.PLAIN_WEB, FAR_NAME_SERVER)]
        command("ip", "-batch", "-", stdin="\n".join(lines) + "\n")
        if os.path.exists("/etc/resolv.conf"):
            private = self.folder / "resolv.conf"
            private.write_text(f"nameserver {NAME_SERVER}\n")
            command("mount", "--bind", str(private), "/etc/resolv.conf")

    def _certificates(self, authority):
        wanted = [(machine.host, machine.names, machine.certificate) for machine in self.machines]
        wanted += [(site.host, [site.host], site.certificate) for site in domains.sites()]
        with ThreadPoolExecutor(2) as pool:
            good = [one for one in wanted if one[2] != "expired"]
            issued = pool.map(lambda one: (one[0], authority.issue(one[0].replace("*", "any"), one[1], one[2])), good)
            certificates = dict(issued)
        for host, names, kind in wanted:
            if kind == "expired":  # `openssl ca` keeps an index: one at a time
                certificates[host] = authority.issue(host, names, kind)
        return certificates

    def environment(self):
        return {INSIDE: str(self.folder), "PORTOLAN_LAB_RESOLVER": self.resolver, "PORTOLAN_LAB_CA": str(self.ca_file),
                "PORTOLAN_LAB_PASSWORD_FILE": str(self.password_file), "PORTOLAN_LAB_DOVECOT_LOG": str(self.dovecot_log),
                "PORTOLAN_LAB_POSTFIX_LOG": str(self.postfix_log), "PORTOLAN_LAB_WEB_LOG": str(self.web_log)}

    def sign_ins(self):
        """Every sign-in that ended before this call, oldest first. A sign-in of our own marks the place in the log, so that nothing is still on its way."""
        marker = domains.MARKER
        context = ssl.create_default_context(cafile=str(self.ca_file))
        self._barriers += 1
        with socket.create_connection((self.address_of[marker.host], 993), timeout=20) as plain, \
                context.wrap_socket(plain, server_hostname=marker.host) as secure, secure.makefile("rwb") as line:
            line.readline()
            line.write(b"a LOGIN marker marker\r\nb LOGOUT\r\n")
            line.flush()
            while (answer := line.readline()) and not answer.startswith(b"a "):
                pass
            if not answer.startswith(b"a OK"):
                raise RuntimeError(f"the marker could not sign in: {answer!r}")
        def seen():
            found = self._read_sign_ins()
            return found if sum(one.user == "marker" for one in found) >= self._barriers else None
        return [one for one in wait_until(seen, "the marker in Dovecot's log") if one.user != "marker"]

    def _read_sign_ins(self):
        found = []
        for line in self.dovecot_log.read_text(errors="replace").splitlines():
            _, told, text = line.partition("stats: Info: ")
            if not told or not text.endswith("}}"):
                continue
            fields = json.loads(text)["fields"]
            found.append(SignIn(fields["service"], fields["local_ip"], fields["original_user"], fields["mechanism"], fields.get("success") == "yes"))
        return found

    def stop(self):
        """Ends every server at once, with its workers; nothing of theirs is worth saving."""
        for _, process in self._running:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            process.wait()
        self._running.clear()


def command(*words, stdin=None):
    path = shutil.which(words[0], path="/usr/sbin:/sbin:/usr/bin:/bin")
    done = subprocess.run([path or words[0], *words[1:]], input=stdin, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(words)}: {done.stderr.strip()}")


def main():
    if len(sys.argv) < 3 or sys.argv[1] != "--run":
        raise SystemExit(__doc__)
    enter()
    with Lab() as lab:
        sys.exit(subprocess.run(sys.argv[2:], env={**os.environ, **lab.environment()}).returncode)


if __name__ == "__main__":
    main()
