"""IMAP, POP3 and submission as a case wants them: honest where it says nothing, and glad of every password that comes, wherever it comes."""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field

from peer import Gone

PASSWORD = "c0rrect-h0rse?Battery=Staple"

# What every list in clear holds beside the case's own words. Nothing of it may be in a report: it was heard before TLS.
CLEAR_WORD, CLEAR_MECHANISM = "X-CLEAR", "CRAM-MD5"


def text64(text):
    return base64.b64encode(text.encode("latin-1")).decode()


@dataclass
class Scram:
    """SCRAM-SHA-256 as a server speaks it (RFC 5802), honest unless told otherwise."""
    iterations: str = "4096"
    signature: str = ""       # base64, in place of the right one

    def first(self, message):
        self.bare = message[message.index("n="):]
        nonce = dict(part.split("=", 1) for part in self.bare.split(","))["r"]
        self.salt = secrets.token_bytes(16)
        self.server_first = f"r={nonce}{secrets.token_hex(8)},s={base64.b64encode(self.salt).decode()},i={self.iterations}"
        return self.server_first

    def final(self, message):
        unproved = message[:message.rindex(",p=")]
        salted = hashlib.pbkdf2_hmac("sha256", PASSWORD.encode(), self.salt, int(self.iterations))
        key = hmac.digest(salted, b"Server Key", "sha256")
        right = base64.b64encode(hmac.digest(key, ",".join((self.bare, self.server_first, unproved)).encode(), "sha256")).decode()
        return "v=" + (self.signature or right)


@dataclass
class Mail:
    """One server. Texts have bare line ends, sent as CRLF; {tag} is the client's. A text may be a function of the peer, which says it by itself."""
    protocol: str
    implicit: bool = False
    certificate: str = "good"
    greeting: object = None
    listed: object = None       # the answer to CAPABILITY, CAPA, EHLO in clear
    early: str = ""             # in the same segment as that, before STARTTLS can have been asked for
    go: object = None           # the answer to STARTTLS
    behind: str = ""            # in the same segment as that
    then: object = None         # what happens where the handshake is due; None: the handshake
    inside: dict = field(default_factory=dict)   # answers inside TLS, by verb
    outside: dict = field(default_factory=dict)  # answers in clear, by verb
    scram: Scram | None = None
    ends: str = "\r\n"
    by_byte: bool = False

    def __call__(self, peer):
        try:
            self._serve(peer)
        except StopIteration:
            pass

    def _serve(self, peer):
        if self.implicit:
            if self.then:
                self.then(peer)
            else:
                peer.tls(self.certificate)
        self._say(peer, self.greeting if self.greeting is not None else GREETINGS[self.protocol])
        while True:
            self._answer(peer, peer.line())

    def _say(self, peer, answer, tag=""):
        if callable(answer):
            return answer(peer)
        text = answer.replace("{tag}", tag).replace("\n", self.ends)
        if self.by_byte:
            for one in text:
                peer.say(one)
        else:
            peer.say(text)

    def _answer(self, peer, line):
        words = line.split(" ")
        tag = words.pop(0) if self.protocol == "imap" and len(words) > 1 else ""
        verb = words[0].upper()
        peer.tag = tag
        own = (self.inside if peer.secure else self.outside).get(verb)
        if own is not None:
            return self._say(peer, own, tag)
        if verb in ("STARTTLS", "STLS") and not peer.secure:
            return self._starttls(peer, tag)
        if verb in ("CAPABILITY", "CAPA", "EHLO"):
            if peer.secure:
                return self._say(peer, self._inner_list(), tag)
            listed = LISTS[self.protocol] if self.listed is None else self.listed
            return self._say(peer, listed if callable(listed) else listed + self.early, tag)
        if verb in ("AUTHENTICATE", "AUTH"):
            return self._sasl(peer, words, tag)
        if verb in ("LOGIN", "PASS"):
            return self._say(peer, YES[self.protocol], tag)
        if verb == "USER":
            return self._say(peer, "+OK\n")
        if verb in ("LOGOUT", "QUIT"):
            self._say(peer, BYES[self.protocol], tag)
            raise Gone
        self._say(peer, {"imap": "{tag} BAD what\n", "pop3": "-ERR what\n", "smtp": "500 what\n"}[self.protocol], tag)

    def _inner_list(self):
        mechanisms = "SCRAM-SHA-256" if self.scram else "PLAIN"
        return {"imap": f"* CAPABILITY IMAP4rev1 SASL-IR AUTH={mechanisms}\n{{tag}} OK\n", "pop3": f"+OK\nSASL {mechanisms}\n.\n",
                "smtp": f"250-hello\n250 AUTH {mechanisms}\n"}[self.protocol]

    def _starttls(self, peer, tag):
        go = self.go if self.go is not None else GO[self.protocol]
        if callable(go):
            return go(peer)
        self._say(peer, go + self.behind, tag)
        if go != GO[self.protocol] and not self.then:
            return None
        if self.then:
            return self.then(peer)
        return peer.tls(self.certificate)

    def _sasl(self, peer, words, tag):
        more = {"imap": "+ ", "pop3": "+ ", "smtp": "334 "}[self.protocol]
        first = words[2] if len(words) > 2 else None
        if self.scram and words[1].upper() == "SCRAM-SHA-256":
            if first is None:
                self._say(peer, more + "\n")
                first = peer.line()
            self._say(peer, more + text64(self.scram.first(base64.b64decode(first).decode())) + "\n")
            reply = peer.line()
            if reply == "*":
                return self._say(peer, {"imap": "{tag} BAD\n", "pop3": "-ERR\n", "smtp": "501 so be it\n"}[self.protocol], tag)
            self._say(peer, more + text64(self.scram.final(base64.b64decode(reply).decode())) + "\n")
            if peer.line() == "*":
                return self._say(peer, {"imap": "{tag} BAD\n", "pop3": "-ERR\n", "smtp": "501 so be it\n"}[self.protocol], tag)
        elif first is None:
            self._say(peer, more + "\n")
            peer.line()
            if words[1].upper() == "LOGIN":
                self._say(peer, more + "\n")
                peer.line()
        return self._say(peer, YES[self.protocol], tag)


GREETINGS = {"imap": "* OK ready\n", "pop3": "+OK ready\n", "smtp": "220 mail ESMTP\n"}
LISTS = {"imap": f"* CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN AUTH={CLEAR_MECHANISM} {CLEAR_WORD}\n{{tag}} OK\n",
         "pop3": f"+OK\nSTLS\nUSER\nSASL PLAIN {CLEAR_MECHANISM}\n{CLEAR_WORD}\n.\n",
         "smtp": f"250-mail\n250-STARTTLS\n250-{CLEAR_WORD}\n250 AUTH PLAIN LOGIN {CLEAR_MECHANISM}\n"}
BARE_LISTS = {"imap": f"* CAPABILITY IMAP4rev1 AUTH=PLAIN AUTH={CLEAR_MECHANISM} {CLEAR_WORD}\n{{tag}} OK\n",
              "pop3": f"+OK\nUSER\nSASL PLAIN {CLEAR_MECHANISM}\n{CLEAR_WORD}\n.\n",
              "smtp": f"250-mail\n250-{CLEAR_WORD}\n250 AUTH PLAIN LOGIN {CLEAR_MECHANISM}\n"}
GO = {"imap": "{tag} OK begin\n", "pop3": "+OK begin\n", "smtp": "220 go\n"}
YES = {"imap": "{tag} OK signed in\n", "pop3": "+OK signed in\n", "smtp": "235 2.7.0 signed in\n"}
BYES = {"imap": "* BYE\n{tag} OK\n", "pop3": "+OK bye\n", "smtp": "221 bye\n"}


# Where the handshake is due.

def text_instead(text):
    """The client's hello is answered with words (NDSS 2025, T2)."""
    def then(peer):
        peer.hello()
        peer.raw(text.replace("\n", "\r\n"))
        peer.silence()
    return then


def text_before(text):
    """Words, then an honest handshake."""
    def then(peer):
        peer.hello()
        peer.raw(text.replace("\n", "\r\n"))
        peer.tls()
    return then


def text_within(text):
    """Words between the first record of the server's answer and the next."""
    def then(peer):
        honest = peer.raw
        def divided(data):
            size = 5 + int.from_bytes(data[3:5], "big")
            peer.raw = honest
            honest(data[:size] + text.replace("\n", "\r\n").encode() + data[size:])
        peer.raw = divided
        peer.tls()
    return then


def tls_then(data):
    """A good handshake, then bytes past it (NDSS 2025, T4)."""
    def then(peer):
        peer.tls()
        peer.raw(data)
    return then


def silence(peer):
    peer.silence()


def close(peer):
    raise Gone


def hello_then_close(peer):
    peer.hello()
    raise Gone


def after(seconds, text):
    def say(peer):
        peer.wait(seconds)
        peer.say(text.replace("\n", "\r\n"))
    return say


def drip(text, seconds):
    """A byte every `seconds`."""
    def say(peer):
        for one in text:
            peer.say(one)
            peer.wait(seconds)
    return say


def endless(piece):
    def say(peer):
        block = (piece.replace("\n", "\r\n") * (65536 // len(piece) + 1))[:65536]
        while True:
            peer.say(block)
    return say
