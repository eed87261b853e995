"""What a case is, and the cases that every protocol has."""

from dataclasses import dataclass

from mail import (BARE_LISTS, GO, GREETINGS, LISTS, Mail, close, drip, endless, hello_then_close, silence, text_before, text_instead, text_within, tls_then)
from peer import scrambled

OWNER, NETWORK = "domain-owner", "this-network"
PROTOCOLS = ("imap", "pop3", "smtp")
WORKS = "works"


@dataclass(frozen=True)
class Case:
    """`expected`: "CODE" or "CODE/DETAIL" of the one error for this service, or WORKS: TLS stands, and the password went through it and nowhere else.
    `servers`: by security, what plays there ("starttls" where nothing is said); `cost`: its memory, time and bytes are measured."""
    name: str
    protocol: str
    expected: str
    servers: object
    who: str = OWNER
    cost: bool = False
    about: str = ""             # a row of the fault matrix

    def by_security(self):
        if isinstance(self.servers, dict):
            return self.servers
        return {"tls" if getattr(self.servers, "implicit", False) else "starttls": self.servers}


INJECTED = {"imap": f"* CAPABILITY IMAP4rev1 AUTH=LOGIN AUTH=CRAM-MD5 X-CLEAR\n", "pop3": "+OK\nSASL LOGIN CRAM-MD5\nX-CLEAR\n.\n",
            "smtp": "250-mail\n250-X-CLEAR\n250 AUTH LOGIN CRAM-MD5\n"}
STRIPPED = {"imap": "* CAPABILITY IMAP4rev1 XXXXXXXA AUTH=PLAIN AUTH=CRAM-MD5 X-CLEAR\n{tag} OK\n", "pop3": "+OK\nXXXX\nUSER\nSASL PLAIN CRAM-MD5\nX-CLEAR\n.\n",
            "smtp": "250-mail\n250-XXXXXXXA\n250-X-CLEAR\n250 AUTH PLAIN LOGIN CRAM-MD5\n"}
BEHIND = "tls-injection/behind-the-answer"
INSTEAD = "tls-injection/instead-of-tls"
PAYLOADS = {
    "list": None,               # the protocol's own
    "bye": {"imap": "* BYE go away\n", "pop3": "-ERR go away\n", "smtp": "421 go away\n"},
    "alert": {"imap": "* OK [ALERT] call this number\n", "pop3": "+OK call this number\n", "smtp": "220 call this number\n"},
    "one-byte": dict.fromkeys(PROTOCOLS, "x"),
    "line-end": dict.fromkeys(PROTOCOLS, "\n"),
    "nul": dict.fromkeys(PROTOCOLS, "\0"),
    "half-a-line": {"imap": "* CAPABIL", "pop3": "+O", "smtp": "250-AU"},
    "future-ok": {"imap": "p3 OK\np4 OK\n", "pop3": "+OK\n+OK\n", "smtp": "250 ok\n235 ok\n"},
    "spaces": dict.fromkeys(PROTOCOLS, "    "),
    "much": dict.fromkeys(PROTOCOLS, "x" * 3000 + "\n"),
    "record": dict.fromkeys(PROTOCOLS, "\x15\x03\x03\x00\x02\x02\x28"),
}
GREETING_BYTES = {"imap": "* OK " + "x" * 1995, "pop3": "+OK " + "x" * 1996, "smtp": "220 " + "x" * 1996}


def starttls_cases(protocol):
    def case(name, expected, who=OWNER, about="", **server):
        return Case(name, protocol, expected, Mail(protocol, **server), who, about=about)
    bare = BARE_LISTS[protocol]
    yield case("honest", WORKS)
    yield case("O_1 not listed", "tls-not-offered/not-listed", listed=bare, about="F58")
    yield case("F59 list of X", "tls-not-offered/hidden-by-firewall", NETWORK, listed=STRIPPED[protocol], about="F59")
    hidden = {"imap": "* OK ************************\n", "pop3": "+OK ***********************\n", "smtp": "220 ***************************\n"}
    yield case("F59 greeting of asterisks", "tls-not-offered/hidden-by-firewall", NETWORK, listed=bare, greeting=hidden[protocol], about="F59")
    for name, payload in PAYLOADS.items():
        text = INJECTED[protocol] if payload is None else payload[protocol]
        yield case(f"B_1 behind the answer: {name}", BEHIND, behind=text, then=silence, about="F62")
        yield case(f"B_1 behind the answer, TLS follows: {name}", BEHIND, behind=text, about="F62")
        if name not in ("record",):  # a record of TLS where TLS is due is a handshake that fails
            yield case(f"B_2 in a segment of its own: {name}", INSTEAD, then=text_before(text), about="F62")
    yield case("T2 text for the hello", INSTEAD, then=text_instead("TLS not available due to temporary reason\n"), about="F61")
    yield case("T2 an answer of the protocol for the hello",
               INSTEAD, then=text_instead({"imap": "p2 BAD no TLS\n", "pop3": "-ERR no TLS\n", "smtp": "454 TLS not available\n"}[protocol]), about="F61")
    yield case("T2 text within the handshake", INSTEAD, then=text_within("* OK never mind\n"))
    yield case("T4 stray text after the handshake", "tls-handshake-failed/broke-after-handshake", then=tls_then("NOOP\r\n"), about="F56")
    yield case("T4 stray record after the handshake", "tls-handshake-failed/broke-after-handshake", then=tls_then(scrambled(64)), about="F56")
    yield case("go-ahead, then silence", "tls-handshake-failed/never-spoke", then=silence)
    yield case("go-ahead, then the end", "tls-handshake-failed/closed-at-once", then=close)
    yield case("go-ahead, hello, then the end", "tls-handshake-failed/closed-at-once", then=hello_then_close)
    yield case("go-ahead twice", BEHIND, go=GO[protocol] + GO[protocol].replace("{tag}", "p2"), then=silence)
    yield case("early go-ahead", "protocol-error/early-reply", early=GO[protocol].replace("{tag}", "p2"), about="F70")
    for kind, code in (("self-signed", "certificate-self-signed"), ("unknown-issuer", "certificate-untrusted-issuer"), ("wrong-name", "certificate-name-mismatch"),
                       ("expired", "certificate-expired"), ("incomplete-chain", "certificate-incomplete-chain")):
        number = {"self-signed": "T_1", "unknown-issuer": "T_2", "wrong-name": "T_3", "expired": "T_4"}.get(kind, "F46")
        yield case(f"{number} {kind} over STARTTLS", code, certificate=kind)
        yield case(f"{number} {kind} on implicit TLS", code, certificate=kind, implicit=True)
    # Good all the same, at the bounds of what is looked at (F55).
    for kind in ("30-in-the-chain", "10000-names"):
        yield Case(f"F55 {kind}", protocol, WORKS, Mail(protocol, certificate=kind, implicit=True), cost=True, about="F55")


def network_cases(protocol):
    """Rows of the fault matrix that every protocol has."""
    def case(name, expected, servers, who=OWNER, cost=False):
        return Case(name, protocol, expected, servers, who, cost, about=name.split()[0])
    def mail(**more):
        return Mail(protocol, **more)
    first_bytes = GREETING_BYTES[protocol]
    def cut(peer):
        peer.raw(first_bytes)
        peer.wait(0.1)
        peer.reset()
    def cut_in_tls(peer):
        peer.tls()
        peer.say(first_bytes)
        peer.wait(0.1)
        peer.reset()
    def tls_at_once(peer):
        peer.tls()
        peer.say(GREETINGS[protocol].replace("\n", "\r\n"))
    def web(peer):
        peer.hello()
        peer.raw("HTTP/1.1 400 Bad Request\r\nServer: web\r\nConnection: close\r\n\r\n<html><h1>400 Bad Request</h1></html>\r\n")
    def web_in_tls(peer):
        peer.tls()
        peer.line()
        peer.say("HTTP/1.1 400 Bad Request\r\nServer: web\r\nConnection: close\r\n\r\n<html><h1>400 Bad Request</h1></html>\r\n")
    def mute(peer):
        peer.silence()
    def mute_in_tls(peer):
        peer.tls()
        peer.silence()
    def tls(play):
        return {"tls": play}
    honest = GREETINGS[protocol].strip()
    other = {"imap": "+OK POP3 ready\n", "pop3": "220 mail ESMTP\n", "smtp": "* OK IMAP ready\n"}[protocol]
    yield case("F24 port closed", "connection-refused", {"starttls": None})
    yield case("F24 port closed, implicit TLS", "connection-refused", {"tls": None})
    yield case("F31 accepts and closes", "greeting-rejected/closed-at-once", close)
    yield case("F31 accepts and closes, implicit TLS", "tls-handshake-failed/closed-at-once", tls(close))
    yield case("F32 reset after 2,000 bytes", "connection-reset/cut-off", cut, NETWORK)
    yield case("F32 reset after 2,000 bytes inside TLS", "connection-reset/cut-off", tls(cut_in_tls), NETWORK)
    yield case("F37 tarpit", "greeting-timeout/never-spoke", mute, cost=True)
    yield case("F37 tarpit, implicit TLS", "greeting-timeout/never-spoke", tls(mute), cost=True)
    yield case("F37 tarpit behind TLS", "greeting-timeout/never-spoke", tls(mute_in_tls), cost=True)
    yield case("F38 a byte each second", "greeting-timeout/too-slow", mail(greeting=drip(GREETINGS[protocol] * 3, 1)), cost=True)
    yield case("F38 a byte each second inside TLS", "greeting-timeout/too-slow", mail(greeting=drip(GREETINGS[protocol] * 3, 1), implicit=True), cost=True)
    yield case("F40 a web server that waits", "not-this-protocol/web-server", web)
    yield case("F40 a web server behind TLS", "not-this-protocol/web-server", tls(web_in_tls))
    yield case("F40 a web server that speaks", "not-this-protocol/web-server", mail(greeting="HTTP/1.1 400 Bad Request\n\n"))
    yield case("F40 a web server in clear on implicit TLS", "not-this-protocol/web-server", tls(web))
    yield case("F40 an SSH server", "not-this-protocol/ssh-server", mail(greeting="SSH-2.0-OpenSSH_9.2p1\n"))
    yield case("F40 an SSH server on implicit TLS", "not-this-protocol/ssh-server", tls(lambda peer: peer.raw("SSH-2.0-OpenSSH_9.2p1\r\n")))
    yield case("F40 another mail protocol", "not-this-protocol/other-mail-protocol", mail(greeting=other))
    yield case("F41 no TLS on the port for it", "tls-not-spoken", tls(lambda peer: peer.raw(honest + "\r\n")))
    yield case("F41 TLS on the port without it", "greeting-timeout/expects-tls", tls_at_once)
    yield case("F56 a garbage record, implicit TLS", "tls-handshake-failed/broke-after-handshake", mail(implicit=True, then=tls_then(scrambled(64))))
    yield case("F66 a line without end", "too-much-data/endless-line", mail(greeting=endless("y" * 1000)), cost=True)
    yield case("F66 a line without end inside TLS", "too-much-data/endless-line", mail(greeting=endless("y" * 1000), implicit=True), cost=True)
    line = {"imap": "* OK still here\n", "pop3": "X-SOMETHING\n", "smtp": "250-X-SOMETHING\n"}[protocol]
    yield case("F66 lines without end", "too-much-data/endless-lines", mail(listed=endless_list(protocol, line)), cost=True)
    yield case("F66 lines without end inside TLS", "too-much-data/endless-lines",
               mail(implicit=True, inside={"imap": {"CAPABILITY": endless(line)}, "pop3": {"CAPA": endless_list(protocol, line)}, "smtp": {"EHLO": endless(line)}}[protocol]),
               cost=True)
    noise = "\0\x1b[2J\x1b]0;x\x07\xe2\x80\xae\xff\xfe"
    yield case("F68 NUL, escapes, bidi marks and broken UTF-8", WORKS, mail(greeting=GREETINGS[protocol].replace("\n", noise + "\n")))
    yield case("F68 the same in a refusal", "greeting-rejected",
               mail(greeting={"imap": "* BYE no", "pop3": "-ERR no", "smtp": "554 no"}[protocol] + noise + "\n"))
    yield case("F69 lines end in LF alone", WORKS, mail(ends="\n"))
    yield case("F69 a byte in each segment", WORKS, mail(by_byte=True))
    yield case("F69 a byte in each segment inside TLS", WORKS, mail(by_byte=True, implicit=True))


def endless_list(protocol, line):
    def say(peer):
        if protocol == "pop3":
            peer.say("+OK\r\n")
        endless(line)(peer)
    return say


def race_cases(protocol):
    """The evidence of implicit TLS wins, however late it comes; the port in clear is no reason to go there."""
    def late(peer):
        peer.wait(1.5)
        Mail(protocol, implicit=True)(peer)
    yield Case("race: TLS is late, clear is fast", protocol, WORKS, {"tls": late, "starttls": Mail(protocol, listed=BARE_LISTS[protocol])})
    yield Case("F58 stripped, although implicit TLS works", protocol, WORKS, {"tls": Mail(protocol, implicit=True), "starttls": Mail(protocol, listed=BARE_LISTS[protocol])}, about="F58")
    yield Case("race: TLS is dropped, clear is stripped", protocol, "tls-not-offered/not-listed", {"starttls": Mail(protocol, listed=BARE_LISTS[protocol])})
    mechanisms = {"imap": "* CAPABILITY IMAP4rev1 " + " ".join(f"AUTH=X-MECHANISM-{i}" for i in range(50)) + "\n{tag} OK\n",
                  "pop3": "+OK\nSASL " + " ".join(f"X-MECHANISM-{i}" for i in range(50)) + "\n.\n",
                  "smtp": "250-mail\n250 AUTH " + " ".join(f"X-MECHANISM-{i}" for i in range(65)) + "\n"}[protocol]
    yield Case("X_1 fifty mechanisms in clear", protocol, "tls-not-offered/not-listed", Mail(protocol, listed=mechanisms))


def scram_cases(protocol):
    from mail import Scram
    def case(name, expected, scram, cost=False):
        return Case(name, protocol, expected, Mail(protocol, implicit=True, scram=scram), cost=cost, about="F80")
    yield case("F80 an honest SCRAM server", WORKS, Scram())
    yield case("F80 an iteration count of 2^31", "protocol-error/too-many-iterations", Scram(iterations="2147483648"), cost=True)
    yield case("F80 an iteration count without end", "protocol-error/too-many-iterations", Scram(iterations="9" * 300), cost=True)
    yield case("F80 an iteration count just beyond the bound", "protocol-error/too-many-iterations", Scram(iterations="1000001"), cost=True)
    yield case("F80 a wrong signature", "protocol-error/server-not-proven", Scram(signature="d3Jvbmc="))
    more = {"imap": "+ ", "pop3": "+ ", "smtp": "334 "}[protocol]
    verb = {"imap": "AUTHENTICATE", "pop3": "AUTH", "smtp": "AUTH"}[protocol]
    yield Case("F80 empty challenges without end", protocol, "protocol-error", Mail(protocol, implicit=True, inside={verb: endless(more + "\n")}), cost=True, about="F80")
    yield Case("F80 yes before the proof", protocol, "protocol-error/server-not-proven",
               Mail(protocol, implicit=True, scram=Scram(), inside={verb: {"imap": "{tag} OK\n", "pop3": "+OK\n", "smtp": "235 ok\n"}[protocol]}), about="F80")
