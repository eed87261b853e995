// IMAP (RFC 9051, RFC 3501): the exchanges that go well.
#include "tests/conversations/perform.hpp"

using namespace portolan;
using namespace portolan::tests;

namespace {

Scene implicit_tls(std::string script, std::optional<Login> login = alice) { return {.security = Security::tls, .login = std::move(login), .script = std::move(script)}; }
Scene starttls(std::string script, std::optional<Login> login = alice) { return {.security = Security::starttls, .login = std::move(login), .script = std::move(script)}; }

}

TEST_CASE("IMAP over implicit TLS is looked at without a password")
{
    for (const auto& take : perform(implicit_tls(R"(
        TLS
        S: * OK ready
        C: p1 CAPABILITY
        S: * CAPABILITY IMAP4rev1 IDLE AUTH=PLAIN AUTH=SCRAM-SHA-256
        S: p1 OK done
        C: p2 LOGOUT
        = ok)", std::nullopt))) {
        CHECK(take.played.name_asked == "mail.example.org");
        CHECK(take.played.clear.empty());
        CHECK(take.heard.greeting == "* OK ready");
        CHECK(take.heard.capabilities == std::vector<std::string>{"IMAP4REV1", "IDLE", "AUTH=PLAIN", "AUTH=SCRAM-SHA-256"});
        CHECK(take.heard.mechanisms == std::vector{Mechanism::scram_sha_256, Mechanism::plain, Mechanism::native});
        REQUIRE(take.heard.tls);
        CHECK(take.heard.tls->version == "TLSv1.3");
        CHECK_FALSE(take.heard.sign_in_tried);
        CHECK_FALSE(take.heard.signed_in_with);
    }
}

TEST_CASE("IMAP capabilities in the greeting are enough inside TLS: no second question")
{
    for (const auto& take : perform(implicit_tls(R"(
        TLS
        S: * OK [CAPABILITY IMAP4rev2 SASL-IR AUTH=PLAIN] ready
        C: p1 AUTHENTICATE PLAIN «\0alice@example.org\0correct horse»
        S: p1 OK [CAPABILITY IMAP4rev2 IDLE] welcome
        C: p2 LOGOUT
        S: * BYE
        S: p2 OK
        = ok)"))) {
        CHECK(take.heard.signed_in_with == Mechanism::plain);
        CHECK(take.heard.sign_in_tried);
    }
}

TEST_CASE("IMAP by STARTTLS asks for capabilities again; PLAIN without SASL-IR waits for its challenge")
{
    for (const auto& take : perform(starttls(R"(
        S: * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready
        C: p1 CAPABILITY
        S: * CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED
        S: p1 OK
        C: p2 STARTTLS
        S: p2 OK begin
        TLS
        C: p3 CAPABILITY
        S: * CAPABILITY IMAP4rev1 AUTH=PLAIN
        S: p3 OK
        C: p4 AUTHENTICATE PLAIN
        S: +
        C: «\0alice@example.org\0correct horse»
        S: p4 OK signed in
        C: p5 LOGOUT
        S: * BYE see you
        S: p5 OK
        = ok)"))) {
        CHECK(take.heard.capabilities == std::vector<std::string>{"IMAP4REV1", "AUTH=PLAIN"});
        CHECK(take.played.clear == "p1 CAPABILITY\r\np2 STARTTLS\r\n");
        CHECK(take.said_to_whom.find("C: p4 AUTHENTICATE PLAIN\nS: +\nC:  …\n") != std::string::npos);
    }
}

TEST_CASE("an IMAP list forged in clear loses against the one heard inside TLS")
{
    for (const auto& take : perform(starttls(R"(
        S: * OK ready
        C: p1 CAPABILITY
        S: * CAPABILITY IMAP4rev1 STARTTLS AUTH=LOGIN SASL-IR
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
        S: p5 OK
        = ok)"))) {
        CHECK(take.heard.mechanisms == std::vector{Mechanism::scram_sha_256, Mechanism::native});
        CHECK(take.heard.signed_in_with == Mechanism::scram_sha_256);
    }
}

TEST_CASE("IMAP SCRAM-SHA-256 with an initial response")
{
    for (const auto& take : perform(implicit_tls(R"(
        TLS
        S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN AUTH=SCRAM-SHA-256] ready
        C: p1 AUTHENTICATE SCRAM-SHA-256 «scram:client-first»
        S: + «scram:server-first»
        C: «scram:client-final»
        S: + «scram:server-final»
        C:
        S: p1 OK
        C: p2 LOGOUT
        S: p2 OK
        = ok)")))
        CHECK(take.heard.signed_in_with == Mechanism::scram_sha_256);
}

TEST_CASE("IMAP AUTHENTICATE LOGIN answers two prompts, whatever they say")
{
    for (const auto* prompt : {"«Username:»", "«User Name»"}) {
        for (const auto& take : perform(implicit_tls(std::string(R"(
            TLS
            S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=LOGIN LOGINDISABLED] ready
            C: p1 AUTHENTICATE LOGIN
            S: + )") + prompt + R"(
            C: «alice@example.org»
            S: + «Password:»
            C: «correct horse»
            S: p1 OK
            C: p2 LOGOUT
            S: p2 OK
            = ok)")))
            CHECK(take.heard.signed_in_with == Mechanism::login);
    }
}

TEST_CASE("IMAP LOGIN is the last resort, its strings quoted, no literal needed")
{
    for (const auto& take : perform(implicit_tls(R"(
        TLS
        S: * OK ready
        C: p1 CAPABILITY
        S: * CAPABILITY IMAP4rev1 AUTH=CRAM-MD5
        S: p1 OK
        C: p2 LOGIN "alice@example.org" "pass \\"word\\" \\\\ horse"
        S: p2 OK
        C: p3 LOGOUT
        S: p3 OK
        = ok)", Login{.password = R"(pass "word" \ horse)"}))) {
        CHECK(take.heard.signed_in_with == Mechanism::native);
        CHECK(take.heard.mechanisms == std::vector{Mechanism::cram_md5, Mechanism::native});
        CHECK(take.said_to_whom.find("C: p2 LOGIN …\n") != std::string::npos);
    }
}

TEST_CASE("a name or password with octets above ASCII goes by IMAP LOGIN in literals that the server asked for, and by PLAIN as it is")
{
    for (const auto& take : perform(implicit_tls(R"(
        TLS
        S: * OK [CAPABILITY IMAP4rev1] ready
        C: p1 LOGIN "alice@example.org" {10}
        S: + go on
        C: pässwörd
        S: p1 OK
        C: p2 LOGOUT
        S: p2 OK
        = ok)", Login{.password = "pässwörd"}))) {
        CHECK(take.heard.signed_in_with == Mechanism::native);
        CHECK(take.said_to_whom.find("{10}") == std::string::npos);
    }
    for (const auto& take : perform(implicit_tls(R"(
        TLS
        S: * OK [CAPABILITY IMAP4rev1] ready
        C: p1 LOGIN {19}
        S: + go on
        C: jürgen@example.org "correct horse"
        S: p1 OK
        C: p2 LOGOUT
        S: p2 OK
        = ok)", Login{.username = "jürgen@example.org"})))
        CHECK(take.heard.signed_in_with == Mechanism::native);
    for (const auto& take : perform(implicit_tls(R"(
        TLS
        S: * OK [CAPABILITY IMAP4rev1] ready
        C: p1 LOGIN "alice@example.org" {10}
        S: p1 BAD no literals here
        C: p2 LOGOUT
        S: p2 OK
        = sign-in rejected)", Login{.password = "pässwörd"}))) {
        CHECK_FALSE(take.heard.password_judged);
        CHECK(take.heard.refusal == "BAD no literals here");
    }
    for (const auto& take : perform(implicit_tls(R"(
        TLS
        S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
        C: p1 AUTHENTICATE PLAIN «\0jürgen@example.org\0pässwörd»
        S: p1 OK
        C: p2 LOGOUT
        S: p2 OK
        = ok)", Login{"jürgen@example.org", "pässwörd"})))
        CHECK(take.heard.signed_in_with == Mechanism::plain);
}

TEST_CASE("untagged chatter in between is heard and changes nothing")
{
    for (const auto& take : perform(implicit_tls(R"(
        TLS
        S: * OK [ALERT] maintenance at noon
        C: p1 CAPABILITY
        S: * OK [WARNING] clock set
        S: * capability imap4rev1 auth=plain sasl-ir
        S: * 3 EXISTS
        S: p1 ok done
        C: p2 AUTHENTICATE PLAIN «\0alice@example.org\0correct horse»
        S: * NO [ALERT] mailbox almost full
        S: * CAPABILITY IMAP4rev1 IDLE
        S: p2 Ok [CAPABILITY IMAP4rev1 IDLE] in
        C: p3 LOGOUT
        S: * BYE
        S: p3 OK
        = ok)"))) {
        CHECK(take.said_to_whom.find("S: * 3 EXISTS\n") != std::string::npos);
        CHECK(take.heard.capabilities == std::vector<std::string>{"IMAP4REV1", "AUTH=PLAIN", "SASL-IR"});
    }
}

TEST_CASE("bare line feeds end a line too")
{
    perform(implicit_tls(R"(
        TLS
        S! * OK ready\n
        C: p1 CAPABILITY
        S! * CAPABILITY IMAP4rev1\np1 OK\n
        C: p2 LOGOUT
        = ok)", std::nullopt));
}

TEST_CASE("IMAP evidence about mechanisms is followed only as far as the server offers them")
{
    auto scene = implicit_tls(R"(
        TLS
        S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN AUTH=SCRAM-SHA-256] ready
        C: p1 AUTHENTICATE PLAIN «\0alice@example.org\0correct horse»
        S: p1 OK
        C: p2 LOGOUT
        S: p2 OK
        = ok)");
    scene.preferred = {Mechanism::oauth2, Mechanism::cram_md5, Mechanism::plain};
    perform(scene);
}
