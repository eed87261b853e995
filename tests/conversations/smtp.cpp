// Submission (RFC 6409, RFC 5321, RFC 4954, RFC 3207): the exchanges that go well.
#include "tests/conversations/perform.hpp"

using namespace portolan;
using namespace portolan::tests;

namespace {

Scene scene(Security security, std::string script, std::optional<Login> login = alice)
{
    return {.kind = ServiceKind::smtp, .security = security, .login = std::move(login), .script = std::move(script)};
}

}

TEST_CASE("submissions (465) is looked at without a password")
{
    for (const auto& take : perform(scene(Security::tls, R"(
        TLS
        S: 220 mail.example.org ESMTP
        C: EHLO [127.0.0.1]
        S: 250-mail.example.org
        S: 250-size 52428800
        S: 250 AUTH LOGIN PLAIN
        C: QUIT
        = ok)", std::nullopt))) {
        CHECK(take.heard.mechanisms == std::vector{Mechanism::plain, Mechanism::login});
        CHECK(take.heard.capabilities == std::vector<std::string>{"SIZE 52428800", "AUTH LOGIN PLAIN"});
    }
}

TEST_CASE("submission (587) by STARTTLS forgets the first EHLO; multi-line replies and enhanced codes are read")
{
    for (const auto& take : perform(scene(Security::starttls, R"(
        S: 220-mail.example.org
        S: 220-no spam here
        S: 220 ready
        C: EHLO [127.0.0.1]
        S: 250-mail.example.org
        S: 250-AUTH LOGIN
        S: 250 STARTTLS
        C: STARTTLS
        S: 220 2.0.0 go
        TLS
        C: EHLO [127.0.0.1]
        S: 250-mail.example.org
        S: 250-ENHANCEDSTATUSCODES
        S: 250 AUTH PLAIN XOAUTH2
        C: AUTH PLAIN «\0alice@example.org\0correct horse»
        S: 235-2.7.0 Authentication
        S: 235 2.7.0 successful
        C: QUIT
        S: 221 2.0.0 bye
        = ok)"))) {
        CHECK(take.heard.mechanisms == std::vector{Mechanism::xoauth2, Mechanism::plain});
        CHECK(take.heard.signed_in_with == Mechanism::plain);
        CHECK(take.heard.greeting == "220 mail.example.org no spam here ready");
        CHECK(take.played.clear == "EHLO [127.0.0.1]\r\nSTARTTLS\r\n");
        CHECK(take.said_to_whom.find("C: AUTH PLAIN …\n") != std::string::npos);
    }
}

TEST_CASE("submission with SCRAM-SHA-256, with LOGIN, and with AUTH= as old servers write it")
{
    for (const auto& take : perform(scene(Security::tls, R"(
        TLS
        S: 220 hi
        C: EHLO [127.0.0.1]
        S: 250-hi
        S: 250 AUTH PLAIN SCRAM-SHA-256
        C: AUTH SCRAM-SHA-256 «scram:client-first»
        S: 334 «scram:server-first»
        C: «scram:client-final»
        S: 334 «scram:server-final»
        C:
        S: 235 2.7.0 ok
        C: QUIT
        S: 221 bye
        = ok)")))
        CHECK(take.heard.signed_in_with == Mechanism::scram_sha_256);
    for (const auto& take : perform(scene(Security::tls, R"(
        TLS
        S: 220 hi
        C: EHLO [127.0.0.1]
        S: 250-hi
        S: 250 AUTH=LOGIN
        C: AUTH LOGIN
        S: 334 «Username:»
        C: «alice@example.org»
        S: 334 «Password:»
        C: «correct horse»
        S: 235 ok
        C: QUIT
        S: 221 bye
        = ok)")))
        CHECK(take.heard.signed_in_with == Mechanism::login);
}
