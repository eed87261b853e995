// Where a password may not be found, whatever the server does with it, and what never leaves in the first place.
#include "tests/conversations/perform.hpp"

using namespace portolan;
using namespace portolan::tests;

namespace {

const std::string imap_plain = "TLS\nS: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN]\nC: p1 AUTHENTICATE PLAIN «\\0alice@example.org\\0correct horse»\n";

/// A sign-in that must not happen: TLS, the list, then the goodbye, whatever the protocol.
std::string only_looked_at(ServiceKind kind, const std::string& tls, const std::string& ending)
{
    if (kind == ServiceKind::imap) return tls + "\nS: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN AUTH=SCRAM-SHA-256]\nC: p1 LOGOUT\n= " + ending;
    if (kind == ServiceKind::pop3) return tls + "\nS: +OK\nC: CAPA\nS: +OK\nS: USER\nS: SASL PLAIN\nS: .\nC: QUIT\n= " + ending;
    return tls + "\nS: 220 hi\nC: EHLO [127.0.0.1]\nS: 250-hi\nS: 250 AUTH PLAIN LOGIN\nC: QUIT\n= " + ending;
}

constexpr std::array mail_kinds{ServiceKind::imap, ServiceKind::pop3, ServiceKind::smtp};

}

TEST_CASE("a server that echoes the password, plain or in base64, finds it masked in the transcript, the refusal and the failure")
{
    for (const auto* echo : {"p1 NO no such user «\\0alice@example.org\\0correct horse»", "p1 NO password correct horse is wrong", "p1 NO «correct horse»",
                             "* NO you said correct horse\nS: p1 NO [AUTHENTICATIONFAILED] «\\0alice@example.org\\0correct horse»"}) {
        CAPTURE(echo);
        for (const auto& take : perform({.login = alice, .script = imap_plain + "S: " + echo + "\nC: p2 LOGOUT\nS: * BYE correct horse\nS: p2 OK\n= sign-in rejected"})) {
            CHECK(take.heard.refusal.starts_with("NO "));
            CHECK(take.said_to_whom.find("…") != std::string::npos);
        }
    }
    for (const auto& take : perform({.login = alice, .script = imap_plain + "S: * OK thinking about correct horse\nS: what correct horse?\n= sign-in broke-protocol"}))
        CHECK(take.heard.outcome.error().reply == "what …?");
    for (const auto& take : perform({.kind = ServiceKind::pop3, .login = alice,
                                     .script = "TLS\nS: +OK\nC: CAPA\nS: -ERR\nC: USER alice@example.org\nS: +OK\nC: PASS correct horse\nS: -ERR PASS correct horse?\nC: QUIT\nS: +OK\n= sign-in rejected"}))
        CHECK(take.heard.refusal == "-ERR PASS …?");
    for (const auto& take : perform({.kind = ServiceKind::smtp, .login = alice,
                                     .script = "TLS\nS: 220 hi\nC: EHLO [127.0.0.1]\nS: 250-hi\nS: 250 AUTH LOGIN\nC: AUTH LOGIN\nS: 334 «User»\nC: «alice@example.org»\nS: 334 «Pass»\n"
                                               "C: «correct horse»\nS: 535-5.7.8 «correct horse»\nS: 535 5.7.8 correct horse\nC: QUIT\nS: 221 bye\n= sign-in rejected"}))
        CHECK(take.heard.refusal == "535 5.7.8 … 5.7.8 …");
}

TEST_CASE("where the words of a failure are cut, no half of a password is left")
{
    const auto no_half = [](const std::vector<Take>& takes) {
        for (const auto& take : takes) CHECK(take.heard.outcome.error().reply.find("corre") == std::string::npos);
    };
    const std::string nearly_200(194, 'x'), nearly_4096(4083, 'x');
    no_half(perform({.login = alice, .script = imap_plain + "S! " + nearly_200 + "correct horse\nCLOSE\n= sign-in closed"}));
    no_half(perform({.login = alice, .script = imap_plain + "S: " + nearly_200 + "correct horse" + std::string(16384, 'x') + "\n= sign-in too-much"}));
    no_half(perform({.login = alice, .script = imap_plain + "S: p1 NO " + nearly_4096 + "correct horse\nC: p2 LOGOUT\nS: p2 OK\n= sign-in rejected"}));
}

TEST_CASE("a server that says the password again in a form of its own making finds it masked too")
{
    for (const auto* form : {"636f727265637420686f727365", "636F727265637420686F727365", "correct%20horse", "«correct horse!»", "«xcorrect horse!»", "«xxcorrect horse!»"}) {
        CAPTURE(form);
        for (const auto& take : perform({.login = alice, .script = imap_plain + "S: p1 NO you said " + form + "\nC: p2 LOGOUT\nS: * BYE\nS: p2 OK\n= sign-in rejected"})) {
            CHECK(take.heard.refusal.starts_with("NO you said "));
            CHECK(take.heard.refusal.find("…") != std::string::npos);
            CHECK(take.heard.refusal.size() < 28);                     // a few characters of base64 beside the mask
        }
    }
}

TEST_CASE("a password in IMAP's quoted form is masked as well, and one that is the mask itself does no harm")
{
    for (const auto& take : perform({.login = Login{.password = R"(two"quotes")"}, .script = R"(
        TLS
        S: * OK [CAPABILITY IMAP4rev1]
        C: p1 LOGIN "alice@example.org" "two\\"quotes\\""
        S: p1 NO you said two\\"quotes\\" and two"quotes"
        C: p2 LOGOUT
        S: p2 OK
        = sign-in rejected)"}))
        CHECK(take.heard.refusal == "NO you said … and …");
    for (const auto feed : {Feed::whole, Feed::byte}) {
        const auto script = parse_script("TLS\nS: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN]\nC: p1 AUTHENTICATE PLAIN «\\0alice@example.org\\0…»\nS: p1 OK … yes\nC: p2 LOGOUT\nS: p2 OK");
        CHECK(ending_of(perform_once({.login = Login{.password = "…"}}, script, feed).heard) == "ok");
    }
}

TEST_CASE("CR, LF or NUL in a name or a password stops it before use")
{
    for (const auto& login : std::initializer_list<Login>{{"alice\r\n", "correct horse"}, {"alice\nx LOGOUT", "correct horse"}, {std::string("ali\0ce", 6), "correct horse"},
                                                          {"alice", "correct\r\nhorse"}, {"alice", "correct horse\n"}, {"alice", std::string("correct\0horse", 13)}})
        for (const auto kind : mail_kinds)
            for (const auto& take : perform({.kind = kind, .login = login, .script = only_looked_at(kind, "TLS", "sign-in bad-value")})) CHECK_FALSE(take.heard.sign_in_tried);
}

TEST_CASE("an empty password or an empty name is never sent")
{
    for (const auto& login : std::initializer_list<Login>{{"alice@example.org", ""}, {"", "correct horse"}, {"", ""}})
        for (const auto kind : mail_kinds)
            for (const auto& take : perform({.kind = kind, .login = login, .script = only_looked_at(kind, "TLS", "sign-in bad-value")})) CHECK_FALSE(take.heard.sign_in_tried);
}

TEST_CASE("a bad certificate gets questions and a goodbye, never a secret, over implicit TLS and after STARTTLS")
{
    for (const auto kind : mail_kinds)
        for (const auto& take : perform({.kind = kind, .login = alice, .script = only_looked_at(kind, "TLS expired", "sign-in untrusted-certificate")})) {
            CHECK_FALSE(take.heard.sign_in_tried);
            for (const auto& secret : forms_of_secret(alice)) CHECK(take.played.encrypted.find(secret) == std::string::npos);
            CHECK(take.played.encrypted.find("alice") == std::string::npos);
            CHECK(take.heard.tls->certificate.problem == VerdictCode::certificate_expired);
            CHECK(take.heard.mechanisms.size() >= 2);
        }
    for (const auto& take : perform({.security = Security::starttls, .login = alice, .script = R"(
        S: * OK
        C: p1 CAPABILITY
        S: * CAPABILITY IMAP4rev1 STARTTLS
        S: p1 OK
        C: p2 STARTTLS
        S: p2 OK
        TLS expired
        C: p3 CAPABILITY
        S: * CAPABILITY IMAP4rev1 AUTH=PLAIN
        S: p3 OK
        C: p4 LOGOUT
        = sign-in untrusted-certificate)"}))
        CHECK((take.played.clear + take.played.encrypted).find("alice") == std::string::npos);
}

TEST_CASE("without a judgement at hand no certificate is good enough")
{
    perform({.login = alice, .script = only_looked_at(ServiceKind::imap, "TLS", "sign-in untrusted-certificate"), .accept = nullptr});
}

TEST_CASE("a certificate is accepted for its key, not for being offered twice")
{
    const auto this_key = [](const TlsFacts& facts) { return facts.certificate.spki_sha256 == std::string(64, 'e'); };
    perform({.login = alice, .script = "TLS expired\n" + imap_plain.substr(4) + "S: p1 OK\nC: p2 LOGOUT\nS: p2 OK\n= ok", .accept = this_key});
    perform({.login = alice, .script = only_looked_at(ServiceKind::imap, "TLS", "sign-in untrusted-certificate"), .accept = this_key});
}

TEST_CASE("without TLS a server may be looked at, but not signed in to")
{
    for (const auto& take : perform({.security = Security::plaintext, .script = "S: * OK\nC: p1 CAPABILITY\nS: * CAPABILITY IMAP4rev1 AUTH=PLAIN\nS: p1 OK\nC: p2 LOGOUT\n= ok"}))
        CHECK(take.heard.mechanisms == std::vector{Mechanism::plain, Mechanism::native});
    perform({.security = Security::plaintext, .login = alice, .script = "S: * OK\nC: p1 CAPABILITY\nS: * CAPABILITY IMAP4rev1 AUTH=PLAIN\nS: p1 OK\nC: p2 LOGOUT\n= sign-in bad-value"});
    perform({.kind = ServiceKind::smtp, .security = Security::plaintext, .login = alice, .script = "S: 220 hi\nC: EHLO [127.0.0.1]\nS: 250-hi\nS: 250 AUTH PLAIN\nC: QUIT\n= sign-in bad-value"});
    perform({.kind = ServiceKind::pop3, .security = Security::plaintext, .login = alice, .script = "S: +OK\nC: CAPA\nS: +OK\nS: USER\nS: .\nC: QUIT\n= sign-in bad-value"});
}

TEST_CASE("SCRAM: a server that does not know the password, steals the nonce or asks for absurd work is left")
{
    const std::string up_to_first = "TLS\nS: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=SCRAM-SHA-256]\nC: p1 AUTHENTICATE SCRAM-SHA-256 «scram:client-first»\nS: + «scram:server-first»\n";
    for (const auto& take : perform({.login = alice, .script = up_to_first + "C: «scram:client-final»\nS: + «scram:server-final»\nC: *\n= sign-in broke-protocol", .scram = {.wrong_signature = true}}))
        CHECK_FALSE(take.heard.signed_in_with);
    for (const auto* iterations : {"1", "4095", "0", "-4096", "1000001", "2147483648", "99999999999999999999", "", "4096x", " 4096"}) {
        CAPTURE(iterations);
        perform({.login = alice, .script = up_to_first + "C: *\n= sign-in broke-protocol", .scram = {.iterations = iterations}});
    }
    perform({.login = alice, .script = up_to_first + "C: *\n= sign-in broke-protocol", .scram = {.own_nonce_only = true}});
    // "yes" instead of the proof
    perform({.login = alice, .script = up_to_first + "C: «scram:client-final»\nS: p1 OK\n= sign-in broke-protocol"});
    perform({.login = alice, .script = up_to_first + "C: «scram:client-final»\nS: + «e=other-error»\nC: *\nC: p2 LOGOUT\nS: p2 OK\n= sign-in rejected", .scram = {.iterations = "10000"}});
}
