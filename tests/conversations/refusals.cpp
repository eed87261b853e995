// Orderly refusals: the server's words are kept, the goodbye is said, and nothing is tried a second time.
#include "tests/conversations/perform.hpp"

#include "probe/trial/causes.hpp"

using namespace portolan;
using namespace portolan::tests;

namespace {

/// The sign-in part of a script that is the same up to there; `answer` is the server's.
std::string imap_answering(const std::string& answer)
{
    return R"(
        TLS
        S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
        C: p1 AUTHENTICATE PLAIN «\0alice@example.org\0correct horse»
        S: )" + answer + R"(
        C: p2 LOGOUT
        S: * BYE
        S: p2 OK
        = sign-in rejected)";
}

std::string pop3_answering(const std::string& answer)
{
    return R"(
        TLS
        S: +OK
        C: CAPA
        S: +OK
        S: USER
        S: .
        C: USER alice@example.org
        S: +OK
        C: PASS correct horse
        S: )" + answer + R"(
        C: QUIT
        S: +OK
        = sign-in rejected)";
}

std::string smtp_answering(const std::string& answer)
{
    return R"(
        TLS
        S: 220 hi
        C: EHLO [127.0.0.1]
        S: 250-hi
        S: 250 AUTH PLAIN
        C: AUTH PLAIN «\0alice@example.org\0correct horse»
        S: )" + answer + R"(
        C: QUIT
        S: 221 bye
        = sign-in rejected)";
}

struct Refused {
    ServiceKind kind;
    const char* answer;
    const char* kept;                          ///< Conversation::refusal
    VerdictCode code;
    Who who;
    bool counts;
};

}

TEST_CASE("a refused sign-in keeps the server's words, says goodbye, and is called by its name")
{
    using enum VerdictCode;
    const auto imap = ServiceKind::imap, pop3 = ServiceKind::pop3, smtp = ServiceKind::smtp;
    for (const auto& [kind, answer, kept, code, who, counts] : std::initializer_list<Refused>{
             {imap, "p1 NO [AUTHENTICATIONFAILED] wrong", "NO [AUTHENTICATIONFAILED] wrong", sign_in_rejected, Who::you, true},
             {imap, "p1 NO sorry", "NO sorry", sign_in_rejected, Who::you, true},
             {imap, "p1 BAD not like this", "BAD not like this", sign_in_rejected, Who::you, true},
             {imap, "p1 NO [UNAVAILABLE] later", "NO [UNAVAILABLE] later", sign_in_try_later, Who::mail_provider, false},
             {imap, "p1 NO [EXPIRED] change it", "NO [EXPIRED] change it", sign_in_rejected, Who::you, true},
             {imap, "p1 NO [PRIVACYREQUIRED] TLS first", "NO [PRIVACYREQUIRED] TLS first", sign_in_cleartext_refused, Who::mail_provider, false},
             {imap, "p1 NO [ALERT] Application-specific password required", "NO [ALERT] Application-specific password required", sign_in_app_password_needed, Who::you, true},
             {imap, "p1 NO [WEBALERT https://a.example/] Web login required", "NO [WEBALERT https://a.example/] Web login required", sign_in_oauth2_needed, Who::you, true},
             {imap, "p1 NO [CONTACTADMIN] closed", "NO [CONTACTADMIN] closed", sign_in_disabled_by_provider, Who::mail_provider, true},
             {pop3, "-ERR [AUTH] no", "-ERR [AUTH] no", sign_in_rejected, Who::you, true},
             {pop3, "-ERR", "-ERR", sign_in_rejected, Who::you, true},
             {pop3, "-ERR [SYS/TEMP] later", "-ERR [SYS/TEMP] later", sign_in_try_later, Who::mail_provider, false},
             {pop3, "-ERR [IN-USE] locked", "-ERR [IN-USE] locked", service_busy, Who::you, false},
             {pop3, "-ERR [LOGIN-DELAY] slowly", "-ERR [LOGIN-DELAY] slowly", sign_in_try_later, Who::you, false},
             {pop3, "-ERR [SYS/PERM] Your account is not enabled for POP access", "-ERR [SYS/PERM] Your account is not enabled for POP access", service_disabled_for_account, Who::you, true},
             {smtp, "535 5.7.8 no", "535 5.7.8 no", sign_in_rejected, Who::you, true},
             {smtp, "535-5.7.8 Username and Password\n        S: 535 5.7.8 not accepted", "535 5.7.8 Username and Password 5.7.8 not accepted", sign_in_rejected, Who::you, true},
             {smtp, "454 4.7.0 later", "454 4.7.0 later", sign_in_try_later, Who::mail_provider, false},
             {smtp, "534-5.7.9 Application-specific password required.\n        S: 534 5.7.9 See the help", "534 5.7.9 Application-specific password required. 5.7.9 See the help",
              sign_in_app_password_needed, Who::you, true},
             {smtp, "534 5.7.9 too weak", "534 5.7.9 too weak", sign_in_mechanism_unsupported, Who::mail_provider, true},
             {smtp, "535 5.7.139 Authentication unsuccessful, basic authentication is disabled", "535 5.7.139 Authentication unsuccessful, basic authentication is disabled",
              sign_in_oauth2_needed, Who::you, true},
         }) {
        CAPTURE(answer);
        const auto script = kind == imap ? imap_answering(answer) : kind == pop3 ? pop3_answering(answer) : smtp_answering(answer);
        for (const auto& take : perform({.kind = kind, .login = alice, .script = script})) {
            CHECK(take.heard.refusal == kept);
            CHECK(take.heard.outcome.error().reply == kept);
            CHECK(take.heard.sign_in_tried);
            CHECK_FALSE(take.heard.signed_in_with);
            const auto meaning = read_refusal(take.heard.refusal);
            CHECK(slug(meaning.code) == slug(code));
            CHECK(slug(meaning.who) == slug(who));
            CHECK(meaning.counts == counts);
        }
    }
}

TEST_CASE("IMAP LOGIN and POP3 USER are refused in order, too")
{
    for (const auto& take : perform({.login = alice, .script = R"(
        TLS
        S: * OK [CAPABILITY IMAP4rev1] ready
        C: p1 LOGIN "alice@example.org" "correct horse"
        S: p1 NO [AUTHENTICATIONFAILED] no
        C: p2 LOGOUT
        S: p2 OK
        = sign-in rejected)"}))
        CHECK(take.heard.refusal == "NO [AUTHENTICATIONFAILED] no");
    for (const auto& take : perform({.kind = ServiceKind::pop3, .login = alice, .script = R"(
        TLS
        S: +OK
        C: CAPA
        S: -ERR
        C: USER alice@example.org
        S: -ERR no such user
        C: QUIT
        S: +OK
        = sign-in rejected)"})) {
        CHECK(take.heard.refusal == "-ERR no such user");
        CHECK(take.played.encrypted.find("horse") == std::string::npos);
    }
}

TEST_CASE("a greeting that refuses ends it with the server's words")
{
    struct Row {
        ServiceKind kind;
        const char* greeting;
    };
    for (const auto security : {Security::tls, Security::starttls})
        for (const auto& [kind, greeting] : std::initializer_list<Row>{{ServiceKind::imap, "* BYE [UNAVAILABLE] too many connections"},
                                                                       {ServiceKind::pop3, "-ERR [SYS/TEMP] come back"},
                                                                       {ServiceKind::smtp, "554 no SMTP service here"},
                                                                       {ServiceKind::smtp, "421 4.3.2 shutting down"}}) {
            CAPTURE(greeting);
            for (const auto& take : perform({.kind = kind, .security = security, .login = alice, .script = std::string(security == Security::tls ? "TLS\n" : "") + "S: " + greeting + "\n= greeting rejected"})) {
                CHECK(take.played.lines.empty());
                CHECK(take.heard.outcome.error().reply == greeting);
            }
        }
}

TEST_CASE("IMAP BYE in the middle is a refusal with its words, whatever comes after")
{
    for (const auto& take : perform({.login = alice, .script = R"(
        TLS
        S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
        C: p1 AUTHENTICATE PLAIN «\0alice@example.org\0correct horse»
        S: * BYE [UNAVAILABLE] too many sign-ins
        CLOSE
        = sign-in rejected)"}))
        CHECK(take.heard.refusal == "* BYE [UNAVAILABLE] too many sign-ins");
    for (const auto& take : perform({.login = alice, .script = R"(
        TLS
        S: * OK [CAPABILITY IMAP4rev1] ready
        C: p1 LOGIN "alice@example.org" "correct horse"
        S: * BYE not you
        CLOSE
        = sign-in rejected)"}))
        CHECK(take.heard.refusal == "* BYE not you");
    for (const auto& take : perform({.login = alice, .script = R"(
        TLS
        S: * OK ready
        C: p1 CAPABILITY
        S: * BYE restarting
        CLOSE
        = capability rejected)"}))
        CHECK(take.heard.outcome.error().reply == "* BYE restarting");
}

TEST_CASE("nothing in common, or forbidden: no credential leaves, the goodbye is said")
{
    for (const auto& take : perform({.login = alice, .script = R"(
        TLS
        S: * OK [CAPABILITY IMAP4rev1 LOGINDISABLED AUTH=GSSAPI] ready
        C: p1 LOGOUT
        = sign-in not-offered)"}))
        CHECK_FALSE(take.heard.sign_in_tried);
    for (const auto& take : perform({.kind = ServiceKind::pop3, .login = alice, .script = R"(
        TLS
        S: +OK
        C: CAPA
        S: +OK
        S: SASL GSSAPI
        S: .
        C: QUIT
        = sign-in not-offered)"}))
        CHECK_FALSE(take.heard.sign_in_tried);
    for (const auto& take : perform({.kind = ServiceKind::smtp, .login = alice, .script = R"(
        TLS
        S: 220 hi
        C: EHLO [127.0.0.1]
        S: 250 hi
        C: QUIT
        = sign-in not-offered)"}))
        CHECK_FALSE(take.heard.sign_in_tried);
}

TEST_CASE("a capability question that is refused ends it before anything else is said")
{
    for (const auto* answer : {"p1 BAD what", "p1 NO"})
        perform({.login = alice, .script = std::string("TLS\nS: * OK\nC: p1 CAPABILITY\nS: ") + answer + "\nC: p2 LOGOUT\n= capability rejected"});
    for (const auto* code : {"421", "454", "500", "501", "502", "504", "530", "550", "554"}) {
        // Before TLS an unknown EHLO means that there is no STARTTLS.
        const bool unknown = std::string_view(code) >= "500" && std::string_view(code) <= "504";
        perform({.kind = ServiceKind::smtp, .security = Security::starttls, .login = alice,
                 .script = std::string("S: 220 hi\nC: EHLO [127.0.0.1]\nS: ") + code + " no\nC: QUIT\n= " + (unknown ? "starttls not-offered" : "capability rejected")});
    }
}
