// Signed in is not all: the mailbox may be gone, full or closed to changes, and the sender may not be allowed to send.
#include "tests/conversations/perform.hpp"
#include "tests/conversations/small_world.hpp"

#include "probe/trial/trial.hpp"

using namespace portolan;
using namespace portolan::tests;

namespace {

const std::string into_imap = "TLS\nS: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hi\nC: p1 AUTHENTICATE PLAIN «\\0alice@example.org\\0correct horse»\n";
const std::string into_smtp = "TLS\nS: 220 hi\nC: EHLO [127.0.0.1]\nS: 250-hi\nS: 250 AUTH PLAIN\nC: AUTH PLAIN «\\0alice@example.org\\0correct horse»\nS: 235 ok\n";

/// The small world is at a reserved address, which is said each time.
void without_scenery(Trial& trial)
{
    std::erase_if(trial.verdicts, [](const Verdict& one) { return one.code == VerdictCode::settings_private_address; });
}

Trial tried(SmallWorld& world, ServiceKind kind, std::string script, std::string sender = "alice@example.org")
{
    Service one;
    one.service = kind;
    one.host = *parse_hostname("mail.example.org");
    one.port = default_port(kind, Security::tls);
    world.serve(one.port, std::move(script));
    TrialOptions options;
    options.credentials = Credentials{"alice@example.org", Secret("correct horse")};
    options.look_inside = true;
    options.sender = std::move(sender);
    auto trial = world.run(try_service(one, *parse_hostname("example.org"), world.around, options));
    for (const auto& played : world.played) {
        for (const auto& complaint : played->complaints) FAIL_CHECK("the client ", complaint);
        for (const auto& line : played->unheard) FAIL_CHECK("the client never said: ", line);
    }
    without_scenery(trial);
    return trial;
}

}

TEST_CASE("a mailbox that is not there, full or closed to changes is told, with the server's words; the sign-in stands")
{
    struct Row {
        const char* script;                    ///< from the answer to the sign-in on
        std::optional<Detail> detail;          ///< of the verdict; nothing: there is none
        const char* said;
    };
    for (const auto& [script, detail, said] : std::initializer_list<Row>{
             {"S: p1 OK\nC: p2 SELECT INBOX\nS: * 3 EXISTS\nS: p2 OK [READ-WRITE] here\nC: p3 LOGOUT\nS: p3 OK", std::nullopt, ""},
             {"S: p1 OK\nC: p2 SELECT INBOX\nS: p2 NO [SERVERBUG] no such mailbox\nC: p3 LOGOUT\nS: p3 OK", Detail::none,
              "NO [SERVERBUG] no such mailbox"},
             {"S: p1 OK\nC: p2 SELECT INBOX\nS: p2 NO [OVERQUOTA] full\nC: p3 LOGOUT\nS: p3 OK", Detail::over_quota, "NO [OVERQUOTA] full"},
             {"S: p1 OK\nC: p2 SELECT INBOX\nS: * NO [OVERQUOTA] nearly\nS: p2 OK [READ-WRITE]\nC: p3 LOGOUT\nS: p3 OK",
              Detail::over_quota, "* NO [OVERQUOTA] nearly"},
             {"S: p1 OK\nC: p2 SELECT INBOX\nS: p2 OK [read-only] look\nC: p3 LOGOUT\nS: p3 OK", Detail::read_only, "OK [read-only] look"},
             // a server that does not understand says nothing of the mailbox
             {"S: p1 OK\nC: p2 SELECT INBOX\nS: p2 BAD what\nC: p3 LOGOUT\nS: p3 OK", std::nullopt, ""},
             // what it says of space, where it says that it knows (RFC 9208)
             {"S: p1 OK [CAPABILITY IMAP4rev1 QUOTA] in\nC: p2 SELECT INBOX\nS: p2 OK\nC: p3 GETQUOTAROOT INBOX\nS: * QUOTAROOT INBOX \"\"\n"
              "S: * QUOTA \"\" (STORAGE 10 10)\nS: p3 OK\nC: p4 LOGOUT\nS: p4 OK",
              Detail::over_quota, "* QUOTA \"\" (STORAGE 10 10)"},
             {"S: p1 OK [CAPABILITY IMAP4rev1 QUOTA] in\nC: p2 SELECT INBOX\nS: p2 OK\nC: p3 GETQUOTAROOT INBOX\nS: * QUOTA \"\" (MESSAGE 7 100 STORAGE 9 10)\n"
              "S: * QUOTA x (STORAGE 5 0)\nS: * QUOTA y (STORAGE 5 99999999999999999999)\nS: * QUOTA z ()\nS: p3 OK\nC: p4 LOGOUT\nS: p4 OK",
              std::nullopt, ""},
         }) {
        CAPTURE(script);
        SmallWorld world;
        const auto trial = tried(world, ServiceKind::imap, into_imap + script);
        CHECK(trial.service.state == ServiceState::verified);
        REQUIRE(trial.verdicts.size() == (detail ? 1 : 0));
        if (!detail) continue;
        CHECK(trial.verdicts[0].code == VerdictCode::mailbox_problem);
        CHECK(trial.verdicts[0].detail == *detail);
        CHECK(trial.verdicts[0].said == said);
        CHECK(trial.verdicts[0].who == (*detail == Detail::over_quota ? Who::you : Who::domain_owner));
        CHECK(trial.verdicts[0].severity == (*detail == Detail::read_only ? Severity::warning : Severity::error));
    }
}

TEST_CASE("a mailbox that takes its time, or a connection that ends there, takes nothing from the sign-in")
{
    for (const auto* script : {"S: p1 OK\nC: p2 SELECT INBOX\nSILENT\nC: p3 LOGOUT\nS: p3 OK", "S: p1 OK\nC: p2 SELECT INBOX\nCLOSE",
                               "S: p1 OK\nWAIT 9000\nC: p2 LOGOUT\nS: p2 OK"}) {
        CAPTURE(script);
        SmallWorld world;
        Service one;
        one.host = *parse_hostname("mail.example.org");
        one.port = 993;
        world.serve(993, into_imap + script);
        TrialOptions options;
        options.credentials = Credentials{"alice@example.org", Secret("correct horse")};
        options.look_inside = true;
        const auto trial = world.run(try_service(one, *parse_hostname("example.org"), world.around, options));
        CHECK((trial.service.state == ServiceState::verified || trial.outcome.error().cause == Cause::timed_out));
        CHECK(std::ranges::none_of(trial.verdicts, [](const Verdict& verdict) { return verdict.code == VerdictCode::mailbox_problem; }));
    }
}

TEST_CASE("a sender that is refused is told; nobody is written to, and what a server does not understand is no refusal")
{
    struct Row {
        const char* answer;
        bool refused;
    };
    for (const auto& [answer, refused] : std::initializer_list<Row>{{"250 2.1.0 ok", false}, {"553 5.7.1 not owned by user", true},
                                                                    {"550 5.7.60 may not send as this sender", true},
                                                                    {"501 5.5.4 what", false}, {"502 5.5.1 what",
                                                                                                false}, {"451 4.3.0 later", false}}) {
        CAPTURE(answer);
        SmallWorld world;
        const auto trial = tried(world, ServiceKind::smtp,
                                 into_smtp + "C: MAIL FROM:<alice@example.org>\nS: " + answer + "\nC: RSET\nS: 250 ok\nC: QUIT\nS: 221 bye");
        CHECK(trial.service.state == ServiceState::verified);
        REQUIRE(trial.verdicts.size() == (refused ? 1 : 0));
        if (!refused) continue;
        CHECK(trial.verdicts[0].code == VerdictCode::sender_rejected);
        CHECK(trial.verdicts[0].severity == Severity::error);
        CHECK(trial.verdicts[0].said.find("5.7.") != std::string::npos);
    }
    SmallWorld nobody;                                                 // a sender that needs quotes is not asked about
    CHECK(tried(nobody, ServiceKind::smtp, into_smtp + "C: QUIT\nS: 221 bye", "").service.state == ServiceState::verified);
}

TEST_CASE("passwords that a server would take in clear are told as a notice, and nothing that was heard there is quoted")
{
    struct Row {
        const char* listed;
        bool told;
    };
    for (const auto& [listed, told] : std::initializer_list<Row>{{"STARTTLS AUTH=PLAIN X-CLEAR", true},
                                                                 {"STARTTLS LOGINDISABLED AUTH=PLAIN", false}}) {
        CAPTURE(listed);
        SmallWorld world;
        Service one;
        one.host = *parse_hostname("mail.example.org");
        one.port = 143;
        one.security = Security::starttls;
        world.serve(143, "S: * OK hi\nC: p1 CAPABILITY\nS: * CAPABILITY IMAP4rev1 " + std::string(listed) +
                             "\nS: p1 OK\nC: p2 STARTTLS\nS: p2 OK\nTLS\nC: p3 CAPABILITY\nS: * CAPABILITY IMAP4rev1 AUTH=PLAIN\nS: p3 OK\nC: p4 LOGOUT\nS: p4 OK");
        auto trial = world.run(try_service(one, *parse_hostname("example.org"), world.around, {}));
        without_scenery(trial);
        CHECK(trial.proven());
        REQUIRE(trial.verdicts.size() == (told ? 1 : 0));
        if (!told) continue;
        CHECK(trial.verdicts[0].code == VerdictCode::sign_in_cleartext_refused);
        CHECK(trial.verdicts[0].detail == Detail::offered_in_clear);
        CHECK(trial.verdicts[0].severity == Severity::notice);
        CHECK(trial.verdicts[0].said.empty());
    }
}
