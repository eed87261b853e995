// Servers that are somebody else, break the protocol, talk too much, fall silent or hang up: at every step.
#include "tests/conversations/perform.hpp"

using namespace portolan;
using namespace portolan::tests;

namespace {

struct Greeted {
    ServiceKind kind;
    const char* greeting;
    const char* ending;
    std::optional<ServiceKind> who;
};

const std::string whole_imap = R"(
    S: * OK ready
    C: p1 CAPABILITY
    S: * CAPABILITY IMAP4rev1 STARTTLS
    S: p1 OK
    C: p2 STARTTLS
    S: p2 OK
    TLS
    C: p3 CAPABILITY
    S: * CAPABILITY IMAP4rev1 AUTH=SCRAM-SHA-256
    S: p3 OK
    C: p4 AUTHENTICATE SCRAM-SHA-256
    S: +
    C: «scram:client-first»
    S: + «scram:server-first»
    C: «scram:client-final»
    S: + «scram:server-final»
    C:
    S: p4 OK
    C: p5 LOGOUT
    S: p5 OK)";
const std::string whole_pop3 = R"(
    S: +OK ready
    C: CAPA
    S: +OK
    S: STLS
    S: .
    C: STLS
    S: +OK
    TLS
    C: CAPA
    S: +OK
    S: USER
    S: .
    C: USER alice@example.org
    S: +OK
    C: PASS correct horse
    S: +OK
    C: QUIT
    S: +OK)";
const std::string whole_smtp = R"(
    S: 220 hi
    C: EHLO [127.0.0.1]
    S: 250-hi
    S: 250 STARTTLS
    C: STARTTLS
    S: 220 go
    TLS
    C: EHLO [127.0.0.1]
    S: 250-hi
    S: 250 AUTH LOGIN
    C: AUTH LOGIN
    S: 334 «Username:»
    C: «alice@example.org»
    S: 334 «Password:»
    C: «correct horse»
    S: 235 ok
    C: QUIT
    S: 221 bye)";

/// Ends the script in front of every line that the server owes, and says where the dialog ended each time ("ok" after the goodbye), each once.
std::string cut_everywhere(ServiceKind kind, const std::string& text, const Step& cut, const std::function<void(const Take&, const std::string& stage)>& check)
{
    const auto script = parse_script(text);
    std::string stages;
    for (std::size_t i = 0; i < script.steps.size(); ++i) {
        if (script.steps[i].kind != Step::says && script.steps[i].kind != Step::tls) continue;
        Script shorter{{script.steps.begin(), script.steps.begin() + static_cast<std::ptrdiff_t>(i)}, {}};
        shorter.steps.push_back(cut);
        for (const auto feed : {Feed::whole, Feed::line, Feed::byte}) {
            const auto take = perform_once({.kind = kind, .security = Security::starttls, .login = alice}, shorter, feed);
            const auto stage = take.heard.outcome ? std::string("ok") : std::string(slug(take.heard.outcome.error().stage));
            CAPTURE(i);
            INFO(take.said_to_whom);
            check(take, stage);
            CHECK(take.played.closed);
            for (const auto& complaint : take.played.complaints) FAIL_CHECK("the client ", complaint);
            for (const auto& secret : forms_of_secret(alice)) {
                CHECK(take.played.clear.find(secret) == std::string::npos);
                CHECK(take.said_to_whom.find(secret) == std::string::npos);
            }
            if (!(" " + stages).ends_with(" " + stage)) stages += (stages.empty() ? "" : " ") + stage;
        }
    }
    return stages;
}

}

TEST_CASE("somebody else at this port is named, and no word is said to them")
{
    const auto imap = ServiceKind::imap, pop3 = ServiceKind::pop3, smtp = ServiceKind::smtp, web = ServiceKind::jmap;
    for (const auto& [kind, greeting, ending, who] : std::initializer_list<Greeted>{
             {imap, "+OK POP3 ready", "greeting not-this-protocol", pop3},       {imap, "220 mail ESMTP", "greeting not-this-protocol", smtp},
             {imap, "HTTP/1.1 400 Bad Request", "greeting not-this-protocol", web}, {imap, "SSH-2.0-OpenSSH", "greeting not-this-protocol", std::nullopt},
             {imap, "p1 OK tagged", "greeting broke-protocol", std::nullopt},    {imap, "* NO go away", "greeting not-this-protocol", imap},
             {imap, "", "greeting broke-protocol", std::nullopt},                {pop3, "* OK IMAP ready", "greeting not-this-protocol", imap},
             {pop3, "220 mail ESMTP", "greeting not-this-protocol", smtp},       {pop3, "+O", "greeting broke-protocol", std::nullopt},
             {pop3, "+OKAY", "greeting broke-protocol", std::nullopt},           {smtp, "* OK IMAP ready", "greeting not-this-protocol", imap},
             {smtp, "+OK POP3", "greeting not-this-protocol", pop3},             {smtp, "250 hi", "greeting broke-protocol", std::nullopt},
             {smtp, "354 hi", "greeting broke-protocol", std::nullopt},          {smtp, "SSH-2.0-OpenSSH", "greeting not-this-protocol", std::nullopt},
         }) {
        if (kind == imap && who == imap) continue;
        CAPTURE(greeting);
        for (const auto& take : perform({.kind = kind, .login = alice, .script = std::string("TLS\nS: ") + greeting + "\n= " + ending})) {
            CHECK(take.played.lines.empty());
            CHECK(take.heard.other_protocol == who);
        }
    }
}

TEST_CASE("wrong tags, unasked continuations and lines of no kind end it without another word")
{
    for (const auto* answer : {"p2 OK", "P1 OK", "a1 OK", "p1OK", "p1 MAYBE", "+ go on", "hello", "** OK"})
        perform({.script = std::string("TLS\nS: * OK\nC: p1 CAPABILITY\nS: ") + answer + "\n= capability broke-protocol"});
    perform({.script = "TLS\nS: * OK\nC: p1 CAPABILITY\nS: p1 OK but no list\n= capability broke-protocol"});
    for (const auto* answer : {"OK", "+ok-ish", "* OK", "250 ok"})
        perform({.kind = ServiceKind::pop3, .script = std::string("TLS\nS: +OK\nC: CAPA\nS: ") + answer + "\n= capability broke-protocol"});
    for (const auto* answer : {"25 hi", "2500 hi", "250hi", "250-hi\nS: 251 there", "hello", "220 hi", "354 hi"})
        perform({.kind = ServiceKind::smtp, .script = std::string("TLS\nS: 220 hi\nC: EHLO [127.0.0.1]\nS: ") + answer + "\n= capability broke-protocol"});
}

TEST_CASE("a yes that comes before the credentials were asked for is not believed")
{
    for (const auto& take : perform({.login = alice, .script = "TLS\nS: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN]\nC: p1 AUTHENTICATE PLAIN\nS: p1 OK\n= sign-in broke-protocol"})) {
        CHECK_FALSE(take.heard.sign_in_tried);
        CHECK_FALSE(take.heard.signed_in_with);
    }
    for (const auto& take : perform({.kind = ServiceKind::smtp, .login = alice,
                                     .script = "TLS\nS: 220 hi\nC: EHLO [127.0.0.1]\nS: 250-hi\nS: 250 AUTH LOGIN\nC: AUTH LOGIN\nS: 334 «Username:»\nC: «alice@example.org»\nS: 235 ok\n= sign-in broke-protocol"}))
        CHECK_FALSE(take.heard.signed_in_with);
    for (const auto& take : perform({.kind = ServiceKind::pop3, .login = alice,
                                     .script = "TLS\nS: +OK\nC: CAPA\nS: +OK\nS: SASL PLAIN\nS: .\nC: AUTH PLAIN\nS: +OK\n= sign-in broke-protocol"}))
        CHECK_FALSE(take.heard.sign_in_tried);
}

TEST_CASE("challenges that are no base64, and challenges without end")
{
    perform({.kind = ServiceKind::smtp, .login = alice,
             .script = "TLS\nS: 220 hi\nC: EHLO [127.0.0.1]\nS: 250-hi\nS: 250 AUTH LOGIN\nC: AUTH LOGIN\nS: 334 Username:\n= sign-in broke-protocol"});
    perform({.login = alice, .script = R"(
        TLS
        S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN]
        C: p1 AUTHENTICATE PLAIN «\0alice@example.org\0correct horse»
        S: + «and again»
        C: *
        = sign-in broke-protocol)"});
}

TEST_CASE("lines and lists are bounded")
{
    const std::string long_line(20000, 'x');
    perform({.script = "TLS\nS: * OK " + long_line + "\n= greeting too-much"});
    perform({.script = "TLS\nS! " + long_line + "\n= greeting too-much"});
    perform({.kind = ServiceKind::pop3, .script = "TLS\nS: +OK " + long_line + "\n= greeting too-much"});
    perform({.kind = ServiceKind::smtp, .script = "TLS\nS: 220 " + long_line + "\n= greeting too-much"});
    perform({.script = "TLS\nS: * OK\nC: p1 CAPABILITY\nS*300: * OK still here\n= capability too-much"});
    perform({.login = alice, .script = R"(
        TLS
        S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN]
        C: p1 AUTHENTICATE PLAIN «\0alice@example.org\0correct horse»
        S*300: * OK thinking
        = sign-in too-much)"});
    perform({.kind = ServiceKind::pop3, .script = "TLS\nS: +OK\nC: CAPA\nS: +OK\nS*300: X-SOMETHING\n= capability too-much"});
    perform({.kind = ServiceKind::smtp, .script = "TLS\nS*300: 220-hi\n= greeting too-much"});
    perform({.kind = ServiceKind::smtp, .script = "TLS\nS: 220 hi\nC: EHLO [127.0.0.1]\nS*300: 250-X-SOMETHING\n= capability too-much"});
}

TEST_CASE("a literal beyond the bound is refused when it is announced; one within it is read as what it is")
{
    for (const auto* size : {"4294967295", "18446744073709551616", "16385", "4294967295+", "00000000000000000000000000000000099999"})
        for (const auto& take : perform({.script = std::string("TLS\nS: * OK\nC: p1 CAPABILITY\nS: * LIST () \"/\" {") + size + "}\n= capability too-much"}))
            CHECK(take.heard.outcome.error().detail == Detail::giant_literal);
    // In a literal the answer's own words are data (RFC 9051 §4.3): the list that follows counts.
    for (const auto* size : {"10", "10+"})
        for (const auto& take : perform({.script = std::string("TLS\nS: * OK\nC: p1 CAPABILITY\nS: * LIST () \"/\" {") + size +
                                                   "}\nS: p1 OK no\nS: \nS: * CAPABILITY IMAP4rev1\nS: p1 OK\nC: p2 LOGOUT\n= ok"}))
            CHECK(take.heard.capabilities == std::vector<std::string>{"IMAP4REV1"});
    // The text of a status response has no literals, and what is no number announces none.
    perform({.script = "TLS\nS: * OK {4294967295}\nC: p1 CAPABILITY\nS: * OK {77}\nS: * CAPABILITY IMAP4rev1 {x} {}\nS: p1 OK {99999}\nC: p2 LOGOUT\n= ok"});
    perform({.script = "TLS\nS: * OK\nC: p1 CAPABILITY\nS: {4294967295}\n= capability broke-protocol"});
}

TEST_CASE("more than forty mechanisms: the known ones are used, the rest is noise")
{
    std::string list = "* CAPABILITY IMAP4rev1 SASL-IR";
    for (int i = 0; i < 50; ++i) list += " AUTH=X-MECHANISM-" + std::to_string(i);
    for (const auto& take : perform({.login = alice, .script = "TLS\nS: * OK\nC: p1 CAPABILITY\nS: " + list + R"( AUTH=PLAIN
        S: p1 OK
        C: p2 AUTHENTICATE PLAIN «\0alice@example.org\0correct horse»
        S: p2 OK
        C: p3 LOGOUT
        S: p3 OK
        = ok)"}))
        CHECK(take.heard.mechanisms == std::vector{Mechanism::plain, Mechanism::native});
}

TEST_CASE("closed or reset at every step")
{
    for (const auto cause : {Cause::closed, Cause::reset}) {
        const Step cut{cause == Cause::closed ? Step::closes : Step::resets};
        const auto check = [&](const Take& take, const std::string& stage) {
            if (stage != "ok") CHECK(slug(take.heard.outcome.error().cause) == slug(cause));
            CHECK(take.took == milliseconds(0));
        };
        CHECK(cut_everywhere(ServiceKind::imap, whole_imap, cut, check) == "greeting capability starttls tls capability sign-in ok");
        CHECK(cut_everywhere(ServiceKind::pop3, whole_pop3, cut, check) == "greeting capability starttls tls capability sign-in ok");
        CHECK(cut_everywhere(ServiceKind::smtp, whole_smtp, cut, check) == "greeting capability starttls tls capability sign-in ok");
    }
}

TEST_CASE("silent at every step: eight seconds for the greeting and one to see who keeps silent, ten for a step, one for the goodbye")
{
    const Step cut{Step::silent};
    const auto check = [&](const Take& take, const std::string& stage) {
        if (stage != "ok") CHECK(take.heard.outcome.error().cause == Cause::timed_out);
        CHECK(take.took == (stage == "greeting" ? 9s : stage == "ok" ? 1s : 10s));
    };
    CHECK(cut_everywhere(ServiceKind::imap, whole_imap, cut, check) == "greeting capability starttls tls capability sign-in ok");
    CHECK(cut_everywhere(ServiceKind::pop3, whole_pop3, cut, check) == "greeting capability starttls tls capability sign-in ok");
    CHECK(cut_everywhere(ServiceKind::smtp, whole_smtp, cut, check) == "greeting capability starttls tls capability sign-in ok");
}

TEST_CASE("a greeting held back for six seconds is waited for, one of nine is not; nobody talks before it")
{
    for (const auto& take : perform({.kind = ServiceKind::smtp, .script = "TLS\nS: 220-wait\nWAIT 6000\nS: 220 hi\nC: EHLO [127.0.0.1]\nS: 250 hi\nC: QUIT\n= ok"})) CHECK(take.took == 6s);
    for (const auto& take : perform({.kind = ServiceKind::smtp, .script = "TLS\nWAIT 9000\nS: 220 hi\n= greeting timed-out"})) {
        CHECK(take.took == 9s);
        CHECK(take.played.lines == std::vector<std::string>{"QUIT"});    // after the limit, and nothing else
    }
}
