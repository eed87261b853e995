"""What only one of the three protocols has: NO STARTTLS (USENIX Security 2021), case by case."""

from cases import OWNER, PROTOCOLS, WORKS, Case, network_cases, race_cases, scram_cases, starttls_cases
from mail import BARE_LISTS, GREETINGS, LISTS, Mail, after, endless, silence

REFERRAL = "imap://alice;AUTH=*@elsewhere.example/"
TAMPERING = ('* LIST (\\Sent) "/" X-CLEAR', '* LSUB () "/" X-CLEAR', "* STATUS X-CLEAR (MESSAGES 17)", "* STATUS INBOX (UIDNEXT 3 MESSAGES 2)", "* SEARCH 2 3 6",
             "* FLAGS (\\Seen \\X-CLEAR)", "* 23 EXISTS", "* 5 RECENT", "* 44 EXPUNGE", "* 23 FETCH (FLAGS (\\Seen) RFC822.SIZE 44827)")


def imap():
    def case(name, expected, who=OWNER, about="", cost=False, **server):
        return Case(name, "imap", expected, Mail("imap", **server), who, cost, about)
    for word, detail in (("NO not now", "refused"), ("BAD unknown", "unknown-command"), ("NO [UNAVAILABLE] later", "refused-for-now"), ("BAD XXXXXXXX?", "hidden-by-firewall")):
        who = "this-network" if detail == "hidden-by-firewall" else OWNER
        yield case(f"O_2 STARTTLS answered {word}", f"tls-not-offered/{detail}", who, go=f"{{tag}} {word}\n", about="F60")
    yield case("O_1 not listed, and unknown", "tls-not-offered/not-listed", listed=BARE_LISTS["imap"], go="{tag} BAD unknown\n")
    for answer in ("+ continue\n", "+\n"):
        yield case(f"O_4 STARTTLS answered {answer.strip()}", "tls-not-offered/no-go-ahead", go=answer)
    yield case("O_4 STARTTLS is not answered", "greeting-timeout", go=silence)
    yield case("D_1 neither CAPABILITY nor STARTTLS are known", "tls-not-offered/unknown-command", listed="{tag} BAD unknown\n", go="{tag} BAD unknown\n")
    yield case("D_2 IMAP4 alone, in the greeting", "tls-not-offered/not-listed", greeting="* OK [CAPABILITY IMAP4 AUTH=CRAM-MD5] ready\n",
               listed="* CAPABILITY IMAP4 AUTH=CRAM-MD5 X-CLEAR\n{tag} OK\n")
    yield case("D_3 IMAP4 alone", "tls-not-offered/not-listed", listed="* CAPABILITY IMAP4 AUTH=CRAM-MD5 X-CLEAR\n{tag} OK\n")
    for number, code in enumerate(("", "[CAPABILITY IMAP4rev1 STARTTLS] ", "[CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ", "[CAPABILITY IMAP4rev1 AUTH=PLAIN] ",
                                   "[CAPABILITY IMAP4rev1 LOGINDISABLED] ", "[CAPABILITY IMAP4rev1] ")):
        yield case(f"P_{number} PREAUTH {code.strip()}", "protocol-error/preauth-in-clear", greeting=f"* PREAUTH {code}welcome\n", about="F63")
        yield case(f"P_{number} PREAUTH {code.strip()}, with a referral", "protocol-error/preauth-in-clear", greeting=f"* PREAUTH [REFERRAL {REFERRAL}] {code}x\n", about="F63")
    yield case("P inside TLS", "protocol-error", implicit=True, greeting="* PREAUTH welcome\n")
    for letter, where in (("A", "in the greeting"), ("B", "with STARTTLS")):
        for number in ("L_1", "M_1", "M_2"):
            code = {"L_1": f"[REFERRAL {REFERRAL}]", "M_1": f"[REFERRAL {REFERRAL}INBOX]", "M_2": f"[REFERRAL imap://elsewhere.example/INBOX imap://third.example/]"}[number]
            if letter == "A":
                yield case(f"{number}_A referral {where}", WORKS, greeting=f"* OK {code} ready\n")
            else:
                yield case(f"{number}_B referral {where}", "tls-not-offered/refused", go=f"{{tag}} NO {code} elsewhere\n")
    yield case("L_1 referral at the sign-in", "sign-in-rejected", "you", implicit=True, inside={"AUTHENTICATE": f"{{tag}} NO [REFERRAL {REFERRAL}] elsewhere\n"})
    yield case("B_2 ALERT before the answer", WORKS, go="* OK [ALERT] call this number\n{tag} OK begin\n", then=lambda peer: peer.tls())
    yield case("B_2 ALERT inside TLS", WORKS, inside={"CAPABILITY": "* OK [ALERT] call this number\n* CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN\n{tag} OK\n"})
    yield case("B_3 BYE behind the answer", "tls-injection/behind-the-answer", behind="* BYE over\n")
    yield case("B_3 BYE for an answer", "tls-not-offered/refused", go="* BYE over\n")
    for number, data in enumerate(TAMPERING):
        yield case(f"tampering after the greeting: {data[2:14]}", WORKS, greeting=f"* OK ready\n{data}\n")
        yield case(f"tampering with the list: {data[2:14]}", WORKS, listed=data + "\n" + LISTS["imap"])
        yield case(f"tampering before STARTTLS: {data[2:14]}", "protocol-error/early-reply", early=data + "\n")
        yield case(f"tampering with the answer: {data[2:14]}", WORKS, go=data + "\n{tag} OK begin\n", then=lambda peer: peer.tls())
    yield case("tampering: referral before TLS", WORKS, listed=f"* OK [REFERRAL {REFERRAL}] x\n" + LISTS["imap"])
    for code in ("[ALERT]", "[BADCHARSET (X)]", "[PARSE]"):
        for word in ("OK", "NO"):
            yield case(f"UI: {word} {code} with the list", WORKS, listed=f"* {word} {code} visit https://elsewhere.example/\n" + LISTS["imap"])
    yield case("UI: ALERT in the greeting", WORKS, greeting="* OK [ALERT] visit https://elsewhere.example/\n")
    for answer, expected in (("* NO go away", "protocol-error/wrong-reply-code"), ("* BAD go away", "protocol-error/wrong-reply-code"), ("* BYE go away", "greeting-rejected"),
                             ("p1 OK ready", "protocol-error/early-reply"), ("a OK ready", "protocol-error/early-reply"), ("garbage", "protocol-error"),
                             ("garbage\n* OK ready", "protocol-error"), ("* MAYBE ready", "protocol-error/wrong-reply-code"),
                             ("* BYE [UNAVAILABLE] later", "greeting-rejected/refused-for-now"),
                             ("* BYE Too many connections from your address", "greeting-rejected/too-many-connections"),
                             ("* BYE Maximum number of connections from user+IP exceeded", "greeting-rejected/too-many-connections"),
                             ("* BYE 127.0.0.1 is on our block list", "greeting-rejected/blocklisted")):
        yield case(f"greeting {answer.splitlines()[0]}{' and more' if chr(10) in answer else ''}", expected, greeting=answer + "\n", about="F64")
    yield case("reorder: the answers to all commands in the greeting", "protocol-error/early-reply", greeting="* OK ready\np1 OK\np2 OK\np3 OK\n", about="F70")
    yield case("reorder: the answer to a command that never came", "protocol-error/early-reply", listed=LISTS["imap"].replace("{tag}", "p2"), about="F70")
    yield case("reorder: a future answer for STARTTLS", "protocol-error/early-reply", go="p3 OK begin\n", about="F70")
    yield case("a spent tag for STARTTLS", "protocol-error", go="p1 OK begin\n")
    yield case("a status that is none for STARTTLS", "protocol-error/wrong-reply-code", go="{tag} YES begin\n")
    yield case("untagged CAPABILITY in the greeting's segment", WORKS, greeting="* OK ready\n* CAPABILITY IMAP4rev1 AUTH=CRAM-MD5 X-CLEAR\n")
    yield case("untagged CAPABILITY before STARTTLS", "protocol-error/early-reply", early="* CAPABILITY IMAP4rev1 AUTH=CRAM-MD5 X-CLEAR\n")
    yield case("utf8_only_1", WORKS, inside={"CAPABILITY": "* CAPABILITY IMAP4rev2 UTF8=ONLY SASL-IR AUTH=PLAIN\n{tag} OK\n"})
    yield case("utf8_only_2", WORKS, greeting="* OK [CAPABILITY IMAP4rev2 UTF8=ONLY STARTTLS] ready\n")
    yield case("imapsieve", WORKS, inside={"CAPABILITY": "* CAPABILITY IMAP4rev1 IMAPSIEVE=sieve://elsewhere.example SASL-IR AUTH=PLAIN\n{tag} OK\n"})
    yield case("balsa_48: no list at all", "protocol-error", listed="{tag} OK\n")
    yield case("balsa_48: no list inside TLS", "protocol-error", inside={"CAPABILITY": "{tag} OK\n"})
    for size in ("4294967295", "18446744073709551616", "9" * 60, "20000", "20000+"):
        yield case(f"F67 a literal of {size[:24]}", "too-much-data/giant-literal", listed=f'* LIST () "/" {{{size}}}\n', cost=True, about="F67")
        yield case(f"F67 a literal of {size[:24]} inside TLS", "too-much-data/giant-literal", inside={"CAPABILITY": f"* CAPABILITY {{{size}}}\n"}, cost=True, about="F67")
    yield case("F67 a literal without end", "greeting-timeout/too-slow", listed="* LIST () \"/\" {16000}\nx", about="F67")
    yield case("F67 an honest literal that looks like an answer", WORKS, listed='* LIST () "/" {10}\np1 OK no\n\n' + LISTS["imap"], about="F67")


def pop3():
    def case(name, expected, who=OWNER, about="", cost=False, **server):
        return Case(name, "pop3", expected, Mail("pop3", **server), who, cost, about)
    for word, detail in (("-ERR no", "refused"), ("-ERR [SYS/PERM] no", "refused"), ("-ERR [SYS/TEMP] later", "refused-for-now"), ("-ERR unknown: XXXX", "hidden-by-firewall")):
        who = "this-network" if detail == "hidden-by-firewall" else OWNER
        yield case(f"O_2 STLS answered {word}", f"tls-not-offered/{detail}", who, go=word + "\n", about="F60")
    for listed in ("-ERR unknown\n", "-ERR [SYS/PERM] unknown\n"):
        yield case(f"O_3 neither CAPA nor STLS: {listed.strip()}", "tls-not-offered/unknown-command", listed=listed, go="-ERR unknown\n")
        yield case(f"capa: {listed.strip()}, STLS works", WORKS, listed=listed, inside={"CAPA": "+OK\nSASL PLAIN\n.\n"})
        yield case(f"auth: CAPA inside TLS {listed.strip()}", WORKS, inside={"CAPA": listed})
    yield case("O_4 APOP banner", WORKS, greeting="+OK <1896.697170952@mail.example>\n")
    yield case("O_4 APOP banner, STLS refused", "tls-not-offered/refused", greeting="+OK <1896.697170952@mail.example>\n", go="-ERR no\n")
    yield case("O_4 APOP banner without end", WORKS, greeting="+OK <" + "1" * 4000 + "@mail.example>\n")
    yield case("capa: every tag but STLS", "tls-not-offered/not-listed",
               listed="+OK\nTOP\nUSER\nSASL PLAIN LOGIN CRAM-MD5\nRESP-CODES\nLOGIN-DELAY 900\nPIPELINING\nEXPIRE 60\nUIDL\nIMPLEMENTATION X-CLEAR\n.\n")
    yield case("capa: nothing", "tls-not-offered/not-listed", listed="+OK\n.\n")
    yield case("capa: SASL, no STLS", "tls-not-offered/not-listed", listed="+OK\nSASL PLAIN CRAM-MD5\n.\n")
    yield case("capa: [SYS/TEMP], STLS refused", "tls-not-offered/unknown-command", listed="-ERR [SYS/TEMP] later\n", go="-ERR what\n")
    yield case("auth: a list without end inside TLS", "too-much-data/endless-lines", inside={"CAPA": "+OK\n" + "SASL PLAIN\n" * 5000}, cost=True)
    yield case("auth: an empty list inside TLS", "sign-in-mechanism-unsupported", inside={"CAPA": "+OK\n.\n"})
    yield case("auth: SASL of strangers", "sign-in-mechanism-unsupported", inside={"CAPA": "+OK\nSASL X-ONE X-TWO\n.\n"})
    yield case("auth: [SYS/PERM] at the sign-in", "service-disabled-for-account", "mail-provider", inside={"AUTH": "-ERR [SYS/PERM] not for you\n"})
    for greeting, expected in (("-ERR", "greeting-rejected"), ("-ERR go away", "greeting-rejected"), ("-ERR [SYS/TEMP] later", "greeting-rejected/refused-for-now"),
                               ("-ERR [SYS/PERM] no", "greeting-rejected"), ("-ERR [IN-USE] locked", "greeting-rejected/refused-for-now"),
                               ("-ERR \x1b[31mred\x1b[0m", "greeting-rejected"), ("-ERR Too many connections", "greeting-rejected/too-many-connections"),
                               ("-ERR your address is in the blocklist", "greeting-rejected/blocklisted"), ("+O", "protocol-error"), ("+OKAY", "protocol-error"),
                               ("OK", "protocol-error"), ("", "protocol-error"), ("garbage", "protocol-error"), ("a1 OK hello", "protocol-error/early-reply")):
        yield case(f"greeting {greeting!r}", expected, greeting=greeting + "\n", about="F64")
    for greeting in ("+OK", "+OK \x1b[2J\x1b[31mready\x1b[0m", "+OK [SYS/TEMP] ready", "+OK " + "x" * 8000):
        yield case(f"greeting {greeting[:20]!r} is fine", WORKS, greeting=greeting + "\n")
    for answer in ("-ERR no", "-ERR [SYS/PERM] no", "+OK", "garbage"):
        yield case(f"quit: {answer}", "tls-not-offered/refused", go="-ERR no\n", outside={"QUIT": answer + "\n"})
    for answer, expected in (("+", "tls-not-offered/no-go-ahead"), ("+ go", "tls-not-offered/no-go-ahead"), ("OK", "protocol-error"), ("220 go", "protocol-error"), ("", "protocol-error")):
        yield case(f"stls: {answer!r}", expected, go=answer + "\n")
    yield case("stls: no answer", "greeting-timeout", go=silence)
    yield case("unsolicited: a listing behind the greeting", "protocol-error/early-reply", greeting="+OK ready\n+OK 2 messages\n1 120\n2 200\n.\n")
    yield case("unsolicited: a listing behind the list", "protocol-error/early-reply", early="1 120\n2 200\n.\n")


def smtp():
    def case(name, expected, who=OWNER, about="", cost=False, **server):
        return Case(name, "smtp", expected, Mail("smtp", **server), who, cost, about)
    codes = (220, 221, 250, 354, 421, 454, 500, 501, 502, 504, 530, 550, 554)
    for code in codes:
        expected = ("tls-not-offered/no-go-ahead" if code < 400 else "tls-not-offered/refused-for-now" if code < 500 else
                    "tls-not-offered/unknown-command" if code == 500 else "tls-not-offered/refused")
        if code != 220:
            yield case(f"starttls {code}", expected, go=f"{code} so\n", about="F60")
        expected = ("protocol-error/wrong-reply-code" if code < 400 else "greeting-rejected/refused-for-now" if code < 500 else
                    "tls-not-offered/unknown-command" if code <= 504 else "greeting-rejected/refused")
        if code != 250:
            yield case(f"ehlo {code}", expected, listed=f"{code} so\n")
        inside = "protocol-error/unknown-command" if 500 <= code <= 504 else expected
        if code != 250:
            yield case(f"ehlo {code} inside TLS", inside, inside={"EHLO": f"{code} so\n"})
        expected = ("protocol-error/wrong-reply-code" if code < 400 else "greeting-rejected/refused-for-now" if code < 500 else "greeting-rejected")
        if code != 220:
            yield case(f"greeting {code}", expected, greeting=f"{code} so\n", about="F64")
            yield case(f"greeting {code} on implicit TLS", expected, greeting=f"{code} so\n", implicit=True, about="F64")
        # HELO and RSET are never said: a server that would answer them so is refused for what it lacks.
        yield case(f"helo {code}", "tls-not-offered/unknown-command", listed="500 what\n", outside={"HELO": f"{code} so\n", "STARTTLS": "500 what\n"})
        yield case(f"rset {code}", "tls-not-offered/not-listed", listed=BARE_LISTS["smtp"], outside={"RSET": f"{code} so\n"})
        yield case(f"quit {code}", "tls-not-offered/refused", go="502 no\n", outside={"QUIT": f"{code} so\n"})
    yield case("D_1 EHLO and STARTTLS unknown, HELO and AUTH fine", "tls-not-offered/unknown-command", listed="500 what\n", go="500 what\n", outside={"HELO": "250 mail\n"})
    yield case("starttls answered by a firewall", "tls-not-offered/hidden-by-firewall", "this-network", go="500 5.5.1 unrecognized: XXXXXXXX\n", about="F59")
    for greeting, expected in (("421 4.7.0 Too many connections from your host", "greeting-rejected/too-many-connections"),
                               ("421 4.3.2 Maximum concurrent sessions reached", "greeting-rejected/too-many-connections"),
                               ("554 5.7.1 Your address is listed in a block list, see https://elsewhere.example/", "greeting-rejected/blocklisted"),
                               ("554-mail\n554 Your access was rejected due to your poor reputation", "greeting-rejected/blocklisted"),
                               ("220-mail\n250 mixed", "protocol-error/wrong-reply-code"), ("22 short", "protocol-error"), ("2200 long", "protocol-error"),
                               ("", "protocol-error"), ("garbage", "protocol-error")):
        yield case(f"greeting {greeting.splitlines()[0] if greeting else ''!r}", expected, greeting=greeting + "\n", about="F64")
    yield case("F65 a greeting of several lines, held back for six seconds", WORKS, greeting=postscreen, about="F65")
    yield case("250-all: everything is offered", WORKS,
               inside={"EHLO": "250-mail\n" + "".join(f"250-X-FEATURE-{i}\n" for i in range(60)) + "250 AUTH " + " ".join(f"X-{i}" for i in range(60)) + " PLAIN\n"})
    yield case("unsolicited: replies behind the greeting", "protocol-error/early-reply", greeting="220 mail\n250-mail\n250 STARTTLS\n")
    yield case("unsolicited: a second reply to EHLO", "protocol-error/early-reply", early="250 AUTH CRAM-MD5\n")
    yield case("starttls: no answer", "greeting-timeout", go=silence)
    yield case("starttls: garbage", "protocol-error", go="+OK\n")
    yield case("starttls: mixed codes", "protocol-error/wrong-reply-code", go="220-go\n250 on\n")
    yield case("F66 a greeting of endless lines", "too-much-data/endless-lines", greeting=endless("220-hello\n"), cost=True, about="F66")


def postscreen(peer):
    peer.say("220-wait a moment\r\n")
    early = len(peer.clear)
    peer.wait(6)
    if len(peer.clear) != early:
        raise ValueError("the client talks before it is greeted")
    peer.say("220 mail ESMTP\r\n")


def everything():
    for protocol, own in zip(PROTOCOLS, (imap, pop3, smtp)):
        yield from own()
        for shared in (starttls_cases, race_cases, scram_cases, network_cases):
            yield from shared(protocol)
