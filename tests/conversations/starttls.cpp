// What happens around STARTTLS when somebody does not want it to happen (NO STARTTLS, USENIX Security 2021; NDSS 2025 T1 to T3).
#include "tests/conversations/perform.hpp"

using namespace portolan;
using namespace portolan::tests;

namespace {

/// Both with and without a sign-in the end is the same, and not one byte of a secret is written.
std::vector<Take> refuse(ServiceKind kind, const std::string& script)
{
    auto takes = perform({.kind = kind, .security = Security::starttls, .login = alice, .script = script});
    std::ranges::move(perform({.kind = kind, .security = Security::starttls, .script = script}), std::back_inserter(takes));
    for (const auto& take : takes) {
        CHECK_FALSE(take.heard.sign_in_tried);
        CHECK(take.played.encrypted.empty());
        CHECK(take.heard.mechanisms.empty());
        CHECK(take.heard.capabilities.empty());
    }
    return takes;
}

const std::string imap_up_to_starttls = "S: * OK ready\nC: p1 CAPABILITY\nS: * CAPABILITY IMAP4rev1 STARTTLS\nS: p1 OK\nC: p2 STARTTLS\n";
const std::string pop3_up_to_stls = "S: +OK\nC: CAPA\nS: +OK\nS: STLS\nS: .\nC: STLS\n";
const std::string smtp_up_to_starttls = "S: 220 hi\nC: EHLO [127.0.0.1]\nS: 250-hi\nS: 250 STARTTLS\nC: STARTTLS\n";

}

TEST_CASE("STARTTLS that is promised and not offered stops it")
{
    refuse(ServiceKind::imap, R"(
        S: * OK ready
        C: p1 CAPABILITY
        S: * CAPABILITY IMAP4rev1 AUTH=PLAIN
        S: p1 OK
        C: p2 LOGOUT
        = starttls not-offered)");
    refuse(ServiceKind::imap, R"(
        S: * OK [CAPABILITY IMAP4rev1 STARTTLS] ready
        C: p1 CAPABILITY
        S: * CAPABILITY IMAP4rev1 XXXXXXXA AUTH=PLAIN AUTH=LOGIN
        S: p1 OK
        C: p2 LOGOUT
        = starttls not-offered)");
    refuse(ServiceKind::pop3, R"(
        S: +OK <1896.697170952@mail.example.org>
        C: CAPA
        S: +OK
        S: USER
        S: SASL PLAIN
        S: .
        C: QUIT
        = starttls not-offered)");
    refuse(ServiceKind::smtp, R"(
        S: 220 ***********************
        C: EHLO [127.0.0.1]
        S: 250-hi
        S: 250-XXXXXXXA
        S: 250 AUTH PLAIN LOGIN
        C: QUIT
        = starttls not-offered)");
}

TEST_CASE("STARTTLS that is refused stops it, with the server's words")
{
    for (const auto* answer : {"NO not now", "BAD unknown"})
        for (const auto& take : refuse(ServiceKind::imap, imap_up_to_starttls + "S: p2 " + answer + "\nC: p3 LOGOUT\n= starttls rejected"))
            CHECK(take.heard.outcome.error().reply == answer);
    for (const auto& take : refuse(ServiceKind::pop3, pop3_up_to_stls + "S: -ERR [SYS/PERM] no\nC: QUIT\n= starttls rejected"))
        CHECK(take.heard.outcome.error().reply == "-ERR [SYS/PERM] no");
    refuse(ServiceKind::pop3, "S: +OK\nC: CAPA\nS: -ERR\nC: STLS\nS: -ERR\nC: QUIT\n= starttls rejected");
    for (const auto* answer : {"454 4.7.0 later", "502 unknown", "554 no", "354 go on", "221 bye", "250 fine"})
        for (const auto& take : refuse(ServiceKind::smtp, smtp_up_to_starttls + "S: " + answer + "\nC: QUIT\n= starttls rejected"))
            CHECK(take.heard.outcome.error().reply == answer);
}

TEST_CASE("an answer to STARTTLS that is none ends it at once, without another word")
{
    for (const auto* answer : {"+ go ahead", "p1 OK", "p3 OK", "OK", "p2", "p2 YES", "* PREAUTH hello there\nS: garbage", "250 ok", ""})
        refuse(ServiceKind::imap, imap_up_to_starttls + "S: " + answer + "\n= starttls broke-protocol");
    for (const auto* answer : {"OK", "+", "+ go", "220 go", "p2 OK"})
        refuse(ServiceKind::pop3, pop3_up_to_stls + "S: " + answer + "\n= starttls broke-protocol");
    for (const auto* answer : {"+OK", "22 go", "220go", "2200 go", "* OK", "220-go\nS: 250 on", "abc"})
        refuse(ServiceKind::smtp, smtp_up_to_starttls + "S: " + answer + "\n= starttls broke-protocol");
}

TEST_CASE("bytes behind the answer to STARTTLS are an attack, in the same segment and in one of their own")
{
    for (const auto* injected : {"S: * CAPABILITY IMAP4rev1 AUTH=LOGIN\nS: p3 OK", "S: * BYE", "S: * OK [ALERT] call this number", "S! x", "S! \\n"})
        for (const auto& take : refuse(ServiceKind::imap, imap_up_to_starttls + "S: p2 OK begin\n" + injected + "\n= starttls tls-injected"))
            CHECK(take.played.lines.back() == "p2 STARTTLS");
    refuse(ServiceKind::pop3, pop3_up_to_stls + "S: +OK begin\nS: +OK\nS: SASL LOGIN\nS: .\n= starttls tls-injected");
    refuse(ServiceKind::smtp, smtp_up_to_starttls + "S: 220 go\nS: 250-hi\nS: 250 AUTH LOGIN\n= starttls tls-injected");
}

TEST_CASE("an answer that is there before STARTTLS was asked for does not count as one")
{
    const auto early = [](ServiceKind kind, const std::string& text) {
        const Scene scene{.kind = kind, .security = Security::starttls, .login = alice, .script = text};
        const auto take = perform_once(scene, parse_script(text), Feed::whole);
        INFO(take.said_to_whom);
        CHECK(ending_of(take.heard) == "starttls broke-protocol");
        CHECK(take.played.clear.find("STARTTLS") == std::string::npos);
        CHECK(take.played.encrypted.empty());
    };
    early(ServiceKind::imap, "S: * OK ready\nC: p1 CAPABILITY\nS: * CAPABILITY IMAP4rev1 STARTTLS\nS: p1 OK\nS: p2 OK begin\nC: p2 STARTTLS\nTLS");
    early(ServiceKind::smtp, "S: 220 hi\nC: EHLO [127.0.0.1]\nS: 250-hi\nS: 250 STARTTLS\nS: 220 go\nC: STARTTLS\nTLS");
}

TEST_CASE("an early tagged answer never stands in for the list it should follow")
{
    for (const auto feed : {Feed::whole, Feed::line, Feed::byte}) {
        const std::string text = "S: * OK ready\nS: p1 OK\nS: p2 OK begin\nS: p3 OK\nC: p1 CAPABILITY";
        const Scene scene{.security = Security::starttls, .login = alice, .script = text};
        const auto take = perform_once(scene, parse_script(text), feed);
        CHECK(ending_of(take.heard) == "capability broke-protocol");
        CHECK(take.played.clear == (feed == Feed::whole ? "" : "p1 CAPABILITY\r\n"));   // seen before the question was even asked
    }
}

TEST_CASE("a handshake that fails is final: no retry, no word in clear")
{
    struct Row {
        const char* variant;
        const char* ending;
    };
    for (const auto& [variant, ending] : std::initializer_list<Row>{{"TLS fails", "tls tls-failed"}, {"TLS old", "tls tls-version"}, {"TLS closed", "tls closed"}, {"CLOSE", "tls closed"}, {"RESET", "tls reset"},
                                                                    {"SILENT", "tls timed-out"}}) {
        CAPTURE(variant);
        refuse(ServiceKind::imap, imap_up_to_starttls + "S: p2 OK\n" + variant + "\n= " + ending);
        refuse(ServiceKind::pop3, pop3_up_to_stls + "S: +OK\n" + variant + "\n= " + ending);
        refuse(ServiceKind::smtp, smtp_up_to_starttls + "S: 220 go\n" + variant + "\n= " + ending);
        for (const auto kind : {ServiceKind::imap, ServiceKind::pop3, ServiceKind::smtp}) perform({.kind = kind, .login = alice, .script = std::string(variant) + "\n= " + ending});
    }
    perform({.login = alice, .script = "S: * OK this port speaks in clear\n= tls tls-not-spoken"});
}

TEST_CASE("PREAUTH in clear stops before a word is said; inside TLS it can be looked at, not signed in to")
{
    for (const auto* greeting : {"* PREAUTH welcome", "* PREAUTH [CAPABILITY IMAP4rev1 STARTTLS] welcome", "* preauth [CAPABILITY IMAP4rev1 LOGINDISABLED] x"})
        for (const auto& take : refuse(ServiceKind::imap, std::string("S: ") + greeting + "\n= greeting broke-protocol")) CHECK(take.played.lines.empty());
    perform({.script = R"(
        TLS
        S: * PREAUTH welcome
        C: p1 CAPABILITY
        S: * CAPABILITY IMAP4rev1
        S: p1 OK
        C: p2 LOGOUT
        = ok)"});
    for (const auto& take : perform({.login = alice, .script = R"(
        TLS
        S: * PREAUTH welcome
        C: p1 CAPABILITY
        S: * CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR
        S: p1 OK
        = sign-in broke-protocol)"}))
        CHECK_FALSE(take.heard.sign_in_tried);
}

TEST_CASE("mailbox data and referrals in clear are forgotten")
{
    for (const auto& take : perform({.security = Security::starttls, .login = alice, .script = R"(
        S: * OK [REFERRAL imap://evil.example/] ready
        C: p1 CAPABILITY
        S: * LIST (\\Sent) "/" Evil
        S: * CAPABILITY IMAP4rev1 STARTTLS AUTH=LOGIN LOGIN-REFERRALS
        S: * 23 EXISTS
        S: p1 OK
        C: p2 STARTTLS
        S: * FLAGS (\\Seen)
        S: p2 OK
        TLS
        C: p3 CAPABILITY
        S: * CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN
        S: p3 OK
        C: p4 AUTHENTICATE PLAIN «\0alice@example.org\0correct horse»
        S: p4 OK
        C: p5 LOGOUT
        S: p5 OK
        = ok)"}))
        CHECK(take.heard.capabilities == std::vector<std::string>{"IMAP4REV1", "SASL-IR", "AUTH=PLAIN"});
}
