// POP3 (RFC 1939, RFC 2449, RFC 2595, RFC 5034): the exchanges that go well.
#include "tests/conversations/perform.hpp"

using namespace portolan;
using namespace portolan::tests;

namespace {

Scene scene(Security security, std::string script, std::optional<Login> login = alice)
{
    return {.kind = ServiceKind::pop3, .security = security, .login = std::move(login), .script = std::move(script)};
}

}

TEST_CASE("POP3 over implicit TLS is looked at without a password")
{
    for (const auto& take : perform(scene(Security::tls, R"(
        TLS
        S: +OK POP3 ready
        C: CAPA
        S: +OK
        S: TOP
        S: sasl PLAIN SCRAM-SHA-256
        S: USER
        S: UIDL
        S: .
        C: QUIT
        = ok)", std::nullopt))) {
        CHECK(take.heard.mechanisms == std::vector{Mechanism::scram_sha_256, Mechanism::plain, Mechanism::native});
        CHECK(take.heard.capabilities == std::vector<std::string>{"TOP", "SASL PLAIN SCRAM-SHA-256", "USER", "UIDL"});
        CHECK(take.played.clear.empty());
    }
}

TEST_CASE("POP3 by STLS asks for capabilities again; a list forged in clear loses")
{
    for (const auto& take : perform(scene(Security::starttls, R"(
        S: +OK <1896.697170952@mail.example.org>
        C: CAPA
        S: +OK
        S: STLS
        S: SASL LOGIN
        S: .
        C: STLS
        S: +OK begin
        TLS
        C: CAPA
        S: +OK
        S: SASL PLAIN
        S: .
        C: AUTH PLAIN
        S: +
        C: «\0alice@example.org\0correct horse»
        S: +OK maildrop ready
        C: QUIT
        S: +OK bye
        = ok)"))) {
        CHECK(take.heard.mechanisms == std::vector{Mechanism::plain});
        CHECK(take.heard.signed_in_with == Mechanism::plain);
        CHECK(take.played.clear == "CAPA\r\nSTLS\r\n");
    }
}

TEST_CASE("POP3 USER and PASS; the timestamp of APOP is left alone")
{
    for (const auto& take : perform(scene(Security::tls, R"(
        TLS
        S: +OK ready <1896.697170952@mail.example.org>
        C: CAPA
        S: +OK
        S: USER
        S: .
        C: USER alice@example.org
        S: +OK
        C: PASS correct horse
        S: +OK
        C: QUIT
        S: +OK
        = ok)"))) {
        CHECK(take.heard.signed_in_with == Mechanism::native);
        CHECK(take.said_to_whom.find("C: PASS …\n") != std::string::npos);
    }
}

TEST_CASE("a POP3 server from before CAPA has USER and PASS, inside TLS alone")
{
    perform(scene(Security::starttls, R"(
        S: +OK
        C: CAPA
        S: -ERR unknown command
        C: STLS
        S: +OK
        TLS
        C: CAPA
        S: -ERR unknown command
        C: USER alice@example.org
        S: +OK
        C: PASS correct horse
        S: +OK
        C: QUIT
        S: +OK
        = ok)"));
}

TEST_CASE("POP3 SCRAM-SHA-256 and LOGIN")
{
    for (const auto& take : perform(scene(Security::tls, R"(
        TLS
        S: +OK
        C: CAPA
        S: +OK
        S: SASL PLAIN SCRAM-SHA-256
        S: .
        C: AUTH SCRAM-SHA-256
        S: +
        C: «scram:client-first»
        S: + «scram:server-first»
        C: «scram:client-final»
        S: + «scram:server-final»
        C:
        S: +OK
        C: QUIT
        S: +OK
        = ok)")))
        CHECK(take.heard.signed_in_with == Mechanism::scram_sha_256);
    for (const auto& take : perform(scene(Security::tls, R"(
        TLS
        S: +OK
        C: CAPA
        S: +OK
        S: SASL LOGIN
        S: .
        C: AUTH LOGIN
        S: + «Username:»
        C: «alice@example.org»
        S: + «Password:»
        C: «correct horse»
        S: +OK
        C: QUIT
        S: +OK
        = ok)")))
        CHECK(take.heard.signed_in_with == Mechanism::login);
}
