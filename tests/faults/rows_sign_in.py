"""What can be wrong with a sign-in, as the servers' own words and codes have it."""

import base64
import contextlib
import hashlib
import re

from mail import Mail, Scram
from model import MX, Domain, Expected, Machine, PASSWORD, Site, autoconfig, configured, spf, srv
from own_servers import dovecot, postfix
from peer import Gone
from row import Row
from scripted import honest, scripted

PROVIDER = "mail-provider"
ADDRESS = "%EMAILADDRESS%"


def refusing(words, protocol="imap", **more):
    """Takes no sign-in, and says why."""
    verb = {"imap": "AUTHENTICATE", "pop3": "AUTH", "smtp": "AUTH"}[protocol]
    return Mail(protocol, implicit=True, inside={verb: words.rstrip("\n") + "\n", **more})


def imap_offering(mechanisms):
    return Mail("imap", implicit=True, inside={"CAPABILITY": f"* CAPABILITY IMAP4rev1 SASL-IR {mechanisms}\n{{tag}} OK\n"})


def smtp_offering(mechanisms):
    return Mail("smtp", implicit=True, inside={"EHLO": f"250-mail\n250 AUTH {mechanisms}\n"})


class Lock:
    """Turns the next connection away after a refused sign-in, as a lock for failures does."""

    def __init__(self):
        self.shut = False

    def __call__(self, peer):
        if self.shut:
            self.shut = False
            raise Gone
        Mail("imap", implicit=True, inside={"AUTHENTICATE": self.refuse})(peer)

    def refuse(self, peer):
        self.shut = True
        peer.say(f"{peer.tag} NO [AUTHENTICATIONFAILED] Authentication failed.\r\n")


class LoginAlone:
    """IMAP from before SASL: LOGIN is all it has, and what is not ASCII comes in literals (RFC 3501 §4.3)."""

    def __call__(self, peer):
        peer.tls()
        peer.say("* OK ready\r\n")
        while True:
            tag, verb, *words = peer.line().split(" ")
            if verb == "CAPABILITY":
                peer.say(f"* CAPABILITY IMAP4rev1\r\n{tag} OK\r\n")
            elif verb == "LOGIN":
                right = self.literal(peer, words[-1]) == PASSWORD.encode() and words[0] == '"alice@f78b.example"'
                peer.say(f"{tag} OK\r\n" if right else f"{tag} NO [AUTHENTICATIONFAILED] no\r\n")
            elif verb == "SELECT":
                peer.say(f"* 0 EXISTS\r\n{tag} OK [READ-WRITE]\r\n")
            else:
                peer.say(f"* BYE\r\n{tag} OK\r\n")
                raise Gone

    @staticmethod
    def literal(peer, announced):
        if not announced.startswith("{"):
            return b""
        peer.say("+ go on\r\n")
        return peer.line().encode("latin-1")


def own(name, story, labels=("imaps",), machine_serves=("submissions",), form=ADDRESS):
    """NAME with a machine whose `labels` a Dovecot of the row's own serves; the rest is the small internet's."""
    post = f"post.{name}"
    document = autoconfig(name, *(f"{label} {post}" for label in labels), f"submissions {post}", username=form)
    return Domain(name, story, spf(MX), Expected(), [Machine([post], machine_serves)], [configured(name, document)])


def mailbox(folder, machine, user):
    home = folder / "mail" / machine.address / user
    for one in ("cur", "new", "tmp"):
        (home / one).mkdir(parents=True)
    (home / "cur" / "1:2,S").write_text("Subject: hello\n\n" + "hello\n" * 500)
    for one in (folder / "mail" / machine.address, home, *home.iterdir(), home / "cur" / "1:2,S"):
        one.chmod(0o777)
    return home


def hashed(folder, machine):
    """Nothing from which SCRAM could be done, while PLAIN works."""
    digest = base64.b64encode(hashlib.sha256(PASSWORD.encode()).digest()).decode()
    (folder / f"users-{machine.address}").write_text("".join(f"{name}:{{SHA256}}{digest}\n" for name, _ in machine.accounts))


@contextlib.contextmanager
def without_its_accounts(lab):
    """Dovecot may not read its list of users: it cannot know whether a password is right."""
    address = lab.address_of["post.f77.example"]
    (lab.folder / "dovecot" / f"users-{address}").chmod(0)
    yield


def one_refusal(*words):
    """No more than one sign-in was refused."""
    def check(lab, run):
        refused = run.report["sign_in"]["refused"]
        return f"{refused} sign-ins were refused" if refused > 1 else None
    return check


def sending_was_tried(_, run):
    states = [one["state"] for one in run.report["account"]["services"] if one["service"] == "smtp"]
    return None if states == ["verified"] else f"nobody tried whether sending works: {states}"


def sent_nothing(lab, run):
    log = (lab.folder / "postfix-post.f82.example" / "postfix.log").read_text(errors="replace")
    return "a message was begun" if re.search(r"smtpd\[\d+\]: [0-9A-Za-z]{6,}: client=", log) or "cleanup" in log else None


QUOTA = """
mail_plugins = quota
protocol imap {
  mail_plugins = quota imap_quota
}
plugin {
  quota = maildir:User quota
  quota_rule = *:bytes=1000
}
"""
ACL = """
mail_plugins = acl
protocol imap {
  mail_plugins = acl imap_acl
}
plugin {
  acl = vfile
}
"""


def read_only(folder, machine):
    home = mailbox(folder, machine, "alice@f81c.example")
    (home / "dovecot-acl").write_text("owner lr\n")


def unreadable(folder, machine):
    """A file stands where the mailbox should."""
    (folder / "mail" / machine.address).mkdir()
    (folder / "mail" / machine.address / "alice@f81b.example").write_text("not a mailbox")


ROWS = [
    Row("F71", "another password than the person's: one try, and no more", "alice@key-changed.example", "sign-in-rejected", "you",
        outcome="attention"),
    Row("F72", "the server takes the local part alone", "alice@crew.example", "sign-in-username-form", "you"),
    scripted("F73", "IMAP is switched off for the account, and sending works", "service-disabled-for-account", who="you", form=ADDRESS,
             imaps=refusing("{tag} NO [ALERT] Your account is not enabled for IMAP use. Please visit your settings page."),
             said="not enabled for IMAP use", check=sending_was_tried),
    scripted("F74", "an app password is needed", "sign-in-app-password-needed", who="you",
             imaps=refusing("{tag} NO [ALERT] Application-specific password required: https://support.example/185833 (Failure)"),
             said="https://support.example/185833"),
    scripted("F74b", "an app password is needed: 534 5.7.9", "sign-in-app-password-needed", who="you",
             submissions=refusing("534-5.7.9 Application-specific password required. Learn more at\n"
                                  "534 5.7.9 https://support.example/?p=InvalidSecondFactor", "smtp")),
    scripted("F75", "the browser is the only way in: nothing but OAuth is offered", "sign-in-oauth2-needed", who="you",
             imaps=imap_offering("AUTH=XOAUTH2 AUTH=OAUTHBEARER LOGINDISABLED"), submissions=smtp_offering("XOAUTH2"), also=()),
    scripted("F75b", "basic authentication is switched off: 5.7.139", "sign-in-oauth2-needed", who="you",
             submissions=refusing("535 5.7.139 Authentication unsuccessful, basic authentication is disabled.", "smtp")),
    scripted("F75c", "the organisation's rules forbid it: 5.7.139", "sign-in-disabled-by-provider", who=PROVIDER,
             submissions=refusing("535 5.7.139 Authentication unsuccessful, user is locked by your "
                                  "organization's security defaults policy.", "smtp")),
    scripted("F76", "too many tries: [LIMIT]", "sign-in-locked", who="you", imaps=refusing("{tag} NO [LIMIT] Rate limit hit"),
             said="Rate limit hit"),
    scripted("F76b", "too many tries: 454 4.7.0", "sign-in-locked", who="you",
             submissions=refusing("454 4.7.0 Too many login attempts, please try again later.", "smtp")),
    scripted("F76c", "after the refused sign-in the server takes no connection any more", "sign-in-locked", "shut-out", who="you",
             imaps=Lock()),
    Row("F77", "the servers cannot look the password up", code="sign-in-try-later", who=PROVIDER, outcome="attention",
        domain=Domain("f77.example", "the list of users cannot be read", spf(MX, srv("post", "_imaps", "_submissions")), Expected(),
                      [Machine(["post.f77.example"])]),
        peers=without_its_accounts),
    Row("F78", "a password with quotes, a backslash, spaces and umlauts", "alice@lighthouse.example"),
    scripted("F78b", "the same to a server that knows LOGIN alone", outcome="ready", form=ADDRESS, imaps=LoginAlone()),
    Row("F79", "SCRAM is offered and cannot work, PLAIN does: inside TLS", code="sign-in-mechanism-unsupported",
        detail="another-mechanism", who="domain-owner",
        domain=own("f79.example", "passwords that are kept as hashes"), peers=dovecot("post.f79.example",
                                                                                      prepare=hashed), check=one_refusal()),
    scripted("F80", "SCRAM with an iteration count of 2^31", "protocol-error", "too-many-iterations",
             imaps=Mail("imap", implicit=True, scram=Scram(iterations="2147483648"))),
    scripted("F80b", "SCRAM with a wrong signature of the server", "protocol-error", "server-not-proven",
             imaps=Mail("imap", implicit=True, scram=Scram(signature="d3Jvbmc="))),
    Row("F81", "the mailbox is full", code="mailbox-problem", detail="over-quota", who="you", outcome="attention",
        domain=own("f81.example", "a small mailbox with a long message"),
        peers=dovecot("post.f81.example", lines=QUOTA, prepare=lambda folder, machine: mailbox(folder, machine, "alice@f81.example"))),
    Row("F81b", "the mailbox cannot be opened", code="mailbox-problem", who="domain-owner", outcome="attention",
        domain=own("f81b.example", "a file in the mailbox's place"), peers=dovecot("post.f81b.example", prepare=unreadable)),
    Row("F81c", "the mailbox can be read and not changed", code="mailbox-problem", detail="read-only", who="domain-owner",
        domain=own("f81c.example", "a mailbox with rights to read"), peers=dovecot("post.f81c.example", lines=ACL, prepare=read_only)),
    Row("F82", "the sign-in for sending works, and this sender may not send", code="sender-rejected", who="domain-owner",
        outcome="attention", said="not owned by user",
        domain=own("f82.example", "an address that belongs to another account", machine_serves=("imaps",)),
        peers=postfix("post.f82.example", "smtpd_delay_reject = no\nsmtpd_sender_login_maps = inline:{alice@f82.example=bob}\n"
                                          "smtpd_sender_restrictions = reject_sender_login_mismatch\n"),
        check=sent_nothing),
    Row("F83", "passwords would be taken before TLS, too", code="sign-in-cleartext-refused", detail="offered-in-clear", who="domain-owner",
        domain=own("f83.example", "a server that does not insist on encryption", ("imap",)),
        peers=dovecot("post.f83.example", (("ssl = required", "ssl = yes\ndisable_plaintext_auth = no"),), ("imap",))),
    Row("F83b", "passwords are taken after TLS alone: nothing is wrong", "alice@anchor.example"),
]
