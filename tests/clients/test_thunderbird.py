"""Thunderbird as judge: started headless on the profile that `portolan write` made, it must sign in, in and out, by Dovecot's own log;
and its own reader must find the same servers in the autoconfig file.

    python3 tests/clients/test_thunderbird.py PORTOLAN [unittest's arguments, such as -k cargo]

A person would do two things that the profile cannot: type the password once, and (here alone) trust the root of the small internet.
Both are done in a profile without accounts, whose key, certificate and password stores are then laid into the written one. Nothing else
is touched.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "internet"))

import domains
import lab
from marionette import Marionette
from servers import PORTS, wait_until

PORTOLAN = ""
LAB = None
STORES = None

# domain: incoming service of Dovecot's log, the scheme under which Thunderbird keeps its password
CASES = {
    "lighthouse.example": ("imap", "imap"),         # implicit TLS, in and out
    "anchor.example": ("imap", "imap"),             # STARTTLS, in and out
    "cargo.example": ("pop3", "mailbox"),           # POP3
    "pilot.example": ("imap", "imap"),              # the local part signs in
    "xn--bcher-kva.example": ("imap", "imap"),      # an international domain
}
STORE_FILES = ("cert9.db", "key4.db", "pkcs11.txt", "logins.json", "logins.db")

FILL_STORES = """
const [certificate, logins] = args;
Cc["@mozilla.org/security/x509certdb;1"].getService(Ci.nsIX509CertDB).addCertFromBase64(certificate, "C,,");
for (const [origin, user, password] of logins) {
    const login = Cc["@mozilla.org/login-manager/loginInfo;1"].createInstance(Ci.nsILoginInfo);
    login.init(origin, null, origin, user, password, "", "");
    await Services.logins.addLoginAsync(login);
}
return (await Services.logins.getAllLogins()).length;
"""

SEND = """
const [path] = args;
const { MailServices } = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
const file = Cc["@mozilla.org/file/local;1"].createInstance(Ci.nsIFile);
file.initWithPath(path);
const identity = MailServices.accounts.defaultAccount.defaultIdentity;
const outgoing = MailServices.outgoingServer.getServerByIdentity(identity);
const recipients = MailServices.headerParser.parseEncodedHeaderW(identity.email);
outgoing.sendMailMessage(file, recipients, [], identity, identity.email, null, null, false, "", { onSendStart() {}, onSendStop() {} });
"""

READ_AUTOCONFIG = """
const [text, address] = args;
const { JXON } = ChromeUtils.importESModule("resource:///modules/JXON.sys.mjs");
const { readFromXML } = ChromeUtils.importESModule("resource:///modules/accountcreation/readFromXML.sys.mjs");
const { AccountConfig } = ChromeUtils.importESModule("resource:///modules/accountcreation/AccountConfig.sys.mjs");
const config = readFromXML(JXON.build(new DOMParser().parseFromString(text, "text/xml")), "disk");
AccountConfig.replaceVariables(config, "Alice", address, "");
return [config.incoming, config.outgoing].map(one => [one.type, one.hostname, one.port, one.socketType, one.auth, one.username]);
"""


def named(name):
    return next(domain for domain in domains.DOMAINS if domain.name == name)


class Thunderbird:
    """The program on one profile, in a process group of its own that ends with it."""

    def __init__(self, profile, home):
        self.log = home / "thunderbird.log"
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(home), "TMPDIR": str(home), "LC_ALL": "C.UTF-8",
                       "MOZ_HEADLESS": "1", "MOZ_CRASHREPORTER_DISABLE": "1"}
        with open(self.log, "wb") as out:
            self._process = subprocess.Popen(
                ["thunderbird", "--headless", "--no-remote", "--profile", str(profile), "--marionette", "-remote-allow-system-access"],
                env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, start_new_session=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self._process.wait()

    def running(self):
        return self._process.poll() is None

    def session(self):
        def connected():
            if not self.running():
                raise RuntimeError(f"Thunderbird ended: {self.log.read_text(errors='replace')}")
            return Marionette.connect()
        return wait_until(connected, "Thunderbird to listen", 120)

    def wait(self):
        self._process.wait(120)


def setUpModule():
    global LAB, STORES
    LAB = lab.Lab().__enter__()
    unittest.addModuleCleanup(LAB.stop)
    STORES = Path(tempfile.mkdtemp(dir=LAB.folder))
    root = "".join(line for line in LAB.ca_file.read_text().splitlines() if "-----" not in line)
    logins = []
    for name, (_, scheme) in CASES.items():
        domain = named(name)
        for machine in domain.machines:
            logins += [(f"{kind}://{machine.host}", domain.login or domain.address, domains.PASSWORD) for kind in (scheme, "smtp")]
    with tempfile.TemporaryDirectory(dir=LAB.folder) as home, Thunderbird(STORES, Path(home)) as thunderbird:
        session = thunderbird.session()
        kept = session.run(FILL_STORES, root, logins)
        assert kept == len(logins), (kept, logins)
        session.quit()
        thunderbird.wait()


class SignsIn(unittest.TestCase):
    """One case for each domain; see add_cases."""

    def sign_ins(self, domain):
        addresses = {machine.address for machine in domain.machines}
        return [(one.service, one.user, one.accepted) for one in LAB.sign_ins() if one.address in addresses]

    def mentions(self, user):
        """A cheap look at whether it is worth reading the log."""
        return LAB.dovecot_log.read_bytes().count(user.encode())

    def written_profile(self, domain, folder):
        into = folder / "files"
        command = [PORTOLAN, "write", "--for", "thunderbird,thunderbird-autoconfig", "--into", str(into), domain.address,
                   "--resolver", LAB.resolver, "--ca-file", str(LAB.ca_file), "--password-file", str(LAB.password_file)]
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "LC_ALL": "C.UTF-8"}
        environment |= {key: value for key, value in os.environ.items() if key.endswith("SAN_OPTIONS")}
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=90, env=environment)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        profile = into / "thunderbird" / "profile"
        self.assertEqual([path.name for path in profile.iterdir()], ["prefs.js"])
        return profile, (into / "thunderbird" / f"{domain.name}.xml").read_text(encoding="utf-8")

    def expected_server(self, text, user):
        """As Thunderbird's account setup keeps it: socket type 3 is implicit TLS, 2 STARTTLS; way of signing in 3 is a password."""
        label, host = text.split()
        kind = {"imaps": "imap", "pop3s": "pop3", "submissions": "smtp", "submission": "smtp"}.get(label, label)
        return [kind, host, PORTS[label], 3 if label.endswith("s") else 2, 3, user]

    def walk(self, name):
        domain = named(name)
        incoming, _ = CASES[name]
        user = domain.login or domain.address
        with tempfile.TemporaryDirectory(dir=LAB.folder) as folder:
            folder = Path(folder)
            profile, autoconfig = self.written_profile(domain, folder)
            for store in STORE_FILES:
                shutil.copy(STORES / store, profile / store)
            before = len(self.sign_ins(domain))
            mentioned = self.mentions(user)
            with Thunderbird(profile, folder) as thunderbird:
                def decided(service):
                    nonlocal mentioned
                    if not thunderbird.running():
                        raise RuntimeError("Thunderbird ended")
                    mentions = self.mentions(user)
                    if mentions == mentioned:
                        return []
                    mentioned = mentions
                    return [one for one in self.sign_ins(domain)[before:] if one[0] == service]
                try:
                    # Nobody tells it to: the profile checks for mail when it starts.
                    seen = wait_until(lambda: decided(incoming), f"Thunderbird to sign in by {incoming}", 120)
                    self.assertEqual(seen[0], (incoming, user, True))
                    message = folder / "message.eml"
                    message.write_text(f"From: {user}\r\nTo: {user}\r\nSubject: Proof\r\n\r\nSent by Thunderbird.\r\n")
                    session = thunderbird.session()
                    session.run(SEND, str(message))
                    local_part = domain.address.partition("@")[0]
                    self.assertEqual(session.run(READ_AUTOCONFIG, autoconfig, f"{local_part}@{domain.name}"),
                                     [self.expected_server(text, user) for text in (domain.expected.incoming, domain.expected.outgoing)])
                    seen = wait_until(lambda: decided("smtp"), "Thunderbird to sign in for sending", 120)
                    self.assertEqual(seen[0], ("smtp", user, True))
                    session.close()
                except Exception as failure:
                    failure.add_note(thunderbird.log.read_text(errors="replace")[-4000:])
                    raise
            refused = [one for one in self.sign_ins(domain)[before:] if not one[2]]
            self.assertEqual(refused, [])


def add_cases():
    for name in CASES:
        def case(self, name=name):
            self.walk(name)
        case.__doc__ = f"{name}: {named(name).story}"
        setattr(SignsIn, "test_" + name.replace(".", "_").replace("-", "_"), case)


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1].startswith("-"):
        raise SystemExit(__doc__)
    lab.enter()
    PORTOLAN = os.path.abspath(sys.argv[1])
    add_cases()
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]])
