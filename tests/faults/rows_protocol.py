"""What can be wrong with a server's first words, its way into encryption, and its answers."""

import dataclasses

from mail import BARE_LISTS, GREETINGS, Mail, close, drip, endless, silence, text_before, text_instead
from own_servers import both, postfix
from row import Row
from scripted import honest, scripted

NETWORK = "this-network"
NOISE = "\0\x1b[2J\x1b]0;x\x07\xe2\x80\xae\xff\xfe<script>alert(1)</script>"
WEB = "HTTP/1.1 400 Bad Request\r\nServer: web\r\nConnection: close\r\n\r\n<html><h1>400 Bad Request</h1></html>\r\n"


def cut(peer):
    """Two thousand bytes of a greeting, then a reset."""
    peer.tls()
    peer.say("* OK " + "x" * 1995)
    peer.wait(0.1)
    peer.reset()


def web_page(peer):
    peer.hello()
    peer.raw(WEB)


def names_the_other_port(_, run):
    told = [one for one in run.report["verdicts"] if one["code"] == "tls-not-offered"]
    return None if told and told[0]["instead"].endswith(":993") else f"993 is not named: {told}"


def no_controls(_, run):
    return "control characters of the server's are printed" if any(byte in run.output for byte in (b"\x1b", b"\x07", b"\0",
                                                                                                   b"\xe2\x80\xae")) else None


# Postscreen greets with a first line, waits six seconds for those who talk early, and only then hands the connection to the server;
# nobody is remembered.
POSTSCREEN = """postscreen_greet_action = enforce
postscreen_greet_wait = 6s
postscreen_greet_ttl = 1s
postscreen_access_list =
"""


def held_back():
    row = scripted("F65", "a greeting of several lines, held back for six seconds by postscreen", outcome="ready", real=("_submission",),
                   imaps=honest("_imaps"))
    services = (("inet n - n - - smtpd\n", "inet n - n - 1 postscreen\nsmtpd pass - - n - - smtpd\n"),)
    return dataclasses.replace(row, peers=both(row.peers, postfix("post.f65.example", POSTSCREEN, ("submission",), services)),
                               check=six_seconds)


def six_seconds(lab, run):
    log = (lab.folder / "postfix-post.f65.example" / "postfix.log").read_text(errors="replace")
    if "PREGREET" in log:
        return "talked before it was greeted"
    return None if run.seconds > 6 else f"nothing was held back: {run.seconds:.1f} s"


ROWS = [
    Row("F24", "nothing listens at the port: the machine refuses", "alice@wreckage.example", "connection-refused", "domain-owner",
        outcome="attention"),
    scripted("F31", "the server takes the connection and closes it at once", "tls-handshake-failed", "closed-at-once", imaps=close),
    scripted("F31b", "the same without TLS: closed before a greeting", "greeting-rejected", "closed-at-once", imap=close),
    scripted("F32", "the connection is torn off after 2,000 bytes", "connection-reset", "cut-off", NETWORK, imaps=cut),
    scripted("F37", "a tarpit: takes the connection and never says a word", "greeting-timeout", "never-spoke", imap=silence),
    scripted("F38", "a greeting that drips, one byte a second", "greeting-timeout", "too-slow",
             imap=Mail("imap", greeting=drip("* OK ready, slowly and surely\n", 1))),
    scripted("F40", "a web server answers at the mail port", "not-this-protocol", "web-server", imap=web_page),
    scripted("F40b", "an SSH server answers at the mail port", "not-this-protocol", "ssh-server",
             imap=Mail("imap", greeting="SSH-2.0-OpenSSH_9.2p1\n")),
    scripted("F40c", "another mail protocol answers at the mail port", "not-this-protocol", "other-mail-protocol",
             imap=Mail("imap", greeting="+OK POP3 ready\n")),

    scripted("F58", "STARTTLS is taken out at 143, while 993 encrypts", "tls-not-offered", "other-port-encrypts", outcome="ready",
             imaps=honest("_imaps"), imap=Mail("imap",
                                               listed=BARE_LISTS["imap"]),
             provides=("imaps post.f58.example",), check=names_the_other_port),
    scripted("F58b", "STARTTLS is not offered at the only port there is", "tls-not-offered", "not-listed",
             imap=Mail("imap", listed=BARE_LISTS["imap"])),
    scripted("F59", "SMTP inspection overwrites STARTTLS with X and the greeting with asterisks", "tls-not-offered", "hidden-by-firewall",
             NETWORK,
             submission=Mail("smtp", greeting="220 ***********************\n", listed="250-mail\n250-XXXXXXXA\n250 AUTH PLAIN LOGIN\n")),
    scripted("F60", "STARTTLS is put off: 454", "tls-not-offered", "refused-for-now",
             submission=Mail("smtp", go="454 4.7.0 TLS not available at the moment\n"),
             said="TLS not available at the moment"),
    scripted("F60b", "STARTTLS is refused: NO", "tls-not-offered", "refused", imap=Mail("imap", go="{tag} NO not for you\n"),
             said="not for you"),
    scripted("F60c", "STLS is refused: -ERR", "tls-not-offered", "refused", pop3=Mail("pop3", go="-ERR not today\n"), said="not today"),
    scripted("F61", "words stand where the server's handshake is due", "tls-injection", "instead-of-tls",
             imap=Mail("imap", then=text_instead("TLS not available due to temporary reason\n"))),
    scripted("F62", "foreign data behind the answer to STARTTLS", "tls-injection", "behind-the-answer",
             imap=Mail("imap", behind="* CAPABILITY IMAP4rev1 AUTH=LOGIN\n", then=silence)),
    scripted("F62b", "the same in a segment of its own, and an honest handshake after it", "tls-injection", "instead-of-tls",
             imap=Mail("imap", then=text_before("* OK [ALERT] call this number\n"))),
    scripted("F63", "PREAUTH in clear", "protocol-error", "preauth-in-clear", imap=Mail("imap", greeting="* PREAUTH welcome\n")),
    scripted("F64", "the greeting turns away: too many connections", "greeting-rejected", "too-many-connections",
             submissions=Mail("smtp", implicit=True,
                              greeting="421 4.7.0 Too many connections from your host\n"), said="Too many connections"),
    scripted("F64b", "the greeting turns away: on a block list", "greeting-rejected", "blocklisted",
             submissions=Mail("smtp", implicit=True, greeting="554 5.7.1 Your address is listed in a block list\n"), said="block list"),
    scripted("F64c", "the greeting turns away: BYE", "greeting-rejected",
             imaps=Mail("imap", implicit=True, greeting="* BYE closed for inventory\n"), said="closed for inventory"),
    scripted("F64d", "the greeting turns away: -ERR", "greeting-rejected",
             pop3s=Mail("pop3", implicit=True, greeting="-ERR no service here\n"), said="no service here"),
    held_back(),
    scripted("F66", "a greeting of one line without end", "too-much-data", "endless-line",
             imaps=Mail("imap", implicit=True, greeting=endless("y" * 1000))),
    scripted("F66b", "lines without end", "too-much-data", "endless-lines",
             imaps=Mail("imap", implicit=True, inside={"CAPABILITY": endless("* OK still here\n")})),
    scripted("F67", "a literal of four gigabytes is announced", "too-much-data", "giant-literal",
             imaps=Mail("imap", implicit=True, inside={"CAPABILITY": '* LIST () "/" {4294967295}\n'})),
    scripted("F68", "NUL, escapes, bidi marks and broken UTF-8 in a greeting", outcome="ready",
             imaps=Mail("imap", implicit=True, greeting=GREETINGS["imap"].replace("\n", NOISE + "\n")), check=no_controls),
    scripted("F68b", "the same in a refusal, which is quoted", "greeting-rejected",
             imaps=Mail("imap", implicit=True, greeting="* BYE no" + NOISE + "\n"), check=no_controls),
    scripted("F69", "line ends of LF alone, a byte in each segment", outcome="ready",
             imaps=Mail("imap", implicit=True, ends="\n", by_byte=True)),
    scripted("F70", "an answer to a command that was not given yet", "protocol-error", "early-reply",
             imap=Mail("imap", early="p2 OK begin\n")),
]
