// Design section 4, the rules that concern where a password goes and how often. One case a rule, its number in the name.
#include "tests/conversations/perform.hpp"
#include "tests/conversations/small_world.hpp"

#include "probe/search.hpp"

using namespace portolan;
using namespace portolan::tests;

namespace {

/// After a sign-in by the first command: the mailbox is looked at, and left.
const std::string opened = "C: p2 SELECT INBOX\nS: * 3 EXISTS\nS: p2 OK [READ-WRITE]\nC: p3 LOGOUT\nS: p3 OK";
const std::string good_imap = "TLS\nS: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN]\nC: p1 AUTHENTICATE PLAIN «\\0alice@example.org\\0correct horse»\nS: p1 OK\n" + opened;
const std::string good_smtp = "TLS\nS: 220 hi\nC: EHLO [127.0.0.1]\nS: 250-hi\nS: 250 AUTH PLAIN\nC: AUTH PLAIN «\\0alice@example.org\\0correct horse»\nS: 235 ok\nC: MAIL FROM:<alice@example.org>\nS: 250 ok\nC: RSET\nS: 250 ok\nC: QUIT\nS: 221 bye";

std::string imap_refusing(const std::string& name, const std::string& words)
{
    return "TLS\nS: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN]\nC: p1 AUTHENTICATE PLAIN «\\0" + name + "\\0correct horse»\nS: p1 NO " + words + "\nC: p2 LOGOUT\nS: p2 OK";
}

std::string smtp_refusing(const std::string& name, const std::string& words)
{
    return "TLS\nS: 220 hi\nC: EHLO [127.0.0.1]\nS: 250-hi\nS: 250 AUTH PLAIN\nC: AUTH PLAIN «\\0" + name + "\\0correct horse»\nS: " + words + "\nC: QUIT\nS: 221 bye";
}

Service service(ServiceKind kind, const char* host = "mail.example.org", Port port = 0)
{
    Service one;
    one.service = kind;
    one.host = *parse_hostname(host);
    one.port = port ? port : default_port(kind, Security::tls);
    one.trust = Trust::authenticated;
    one.state = ServiceState::reachable;
    return one;
}

/// A report as a search leaves it: IMAP and submission found and tested.
Report found()
{
    Report report;
    report.address = *parse_email_address("alice@example.org");
    report.domain = report.address->domain();
    report.account.services = {service(ServiceKind::imap), service(ServiceKind::smtp)};
    return report;
}

SearchOptions with_password()
{
    SearchOptions options;
    options.password = Secret("correct horse");
    return options;
}

void as_scripted(const SmallWorld& world)
{
    for (const auto& played : world.played) {
        for (const auto& complaint : played->complaints) FAIL_CHECK("the client ", complaint);
        for (const auto& line : played->unheard) FAIL_CHECK("the client never said: ", line);
    }
}

std::string everything_written(const SmallWorld& world)
{
    std::string all;
    for (const auto& played : world.played) all += played->clear + played->encrypted;
    return all;
}

bool holds_secret(std::string_view text)
{
    return std::ranges::any_of(forms_of_secret(alice), [&](const std::string& form) { return text.find(form) != std::string_view::npos; });
}

}

TEST_CASE("rule 7: a referral is followed nowhere")
{
    SmallWorld world;
    world.serve(993, imap_refusing("alice@example.org", "[REFERRAL imap://alice@evil.example/] over there"));
    TrialOptions options;
    options.credentials = Credentials{"alice@example.org", Secret("correct horse")};
    const auto trial = world.run(try_service(service(ServiceKind::imap), *parse_hostname("example.org"), world.around, options));
    as_scripted(world);
    CHECK_FALSE(trial.outcome);
    CHECK(world.connections == std::vector<Port>{993});
    CHECK(world.names_asked == std::set<std::string>{"mail.example.org"});
}

TEST_CASE("rule 13: the password goes to the server it was given for, and to no other host that stands in the report")
{
    SmallWorld world;
    world.serve(993, good_imap);
    auto report = found();
    report.account.services = {service(ServiceKind::imap), service(ServiceKind::smtp, "smtp.elsewhere.example")};
    report.account.services[1].trust = Trust::confirm;                 // nobody has agreed to this host
    report = world.run(sign_in(report, world.around, with_password()));
    as_scripted(world);
    CHECK(world.connections == std::vector<Port>{993});
    CHECK(report.account.services[0].state == ServiceState::verified);
    CHECK(report.account.services[1].state != ServiceState::verified);

    SmallWorld agreed;                                                 // with the person's word for that domain it does
    agreed.serve(993, good_imap);
    agreed.serve(465, good_smtp);
    report.account.services[0].state = ServiceState::reachable;
    auto options = with_password();
    options.confirmed = {"elsewhere.example"};
    report = agreed.run(sign_in(report, agreed.around, options));
    as_scripted(agreed);
    CHECK(report.account.services[1].state == ServiceState::verified);
}

TEST_CASE("rule 14: an accepted certificate is one key at one host and port")
{
    const auto expired = facts_of("expired").certificate.spki_sha256;
    const std::string looked_at = "TLS expired\nS: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN]\nC: p1 LOGOUT";
    struct Row {
        const char* what;
        AcceptedCertificate accepted;
        bool good;
    };
    for (const auto& [what, accepted, good] : std::initializer_list<Row>{
             {"this very one", {*parse_hostname("mail.example.org"), 993, expired}, true},
             {"another key", {*parse_hostname("mail.example.org"), 993, std::string(64, 'f')}, false},
             {"another port", {*parse_hostname("mail.example.org"), 143, expired}, false},
             {"another host", {*parse_hostname("imap.example.org"), 993, expired}, false},
             {"the domain above", {*parse_hostname("example.org"), 993, expired}, false},
         }) {
        CAPTURE(what);
        SmallWorld world;
        world.serve(993, good ? "TLS expired\n" + good_imap.substr(4, good_imap.size() - opened.size() - 4) + "C: p2 LOGOUT\nS: p2 OK" : looked_at);
        TrialOptions options;
        options.credentials = Credentials{"alice@example.org", Secret("correct horse")};
        options.accepted = {accepted};
        const auto trial = world.run(try_service(service(ServiceKind::imap), *parse_hostname("example.org"), world.around, options));
        as_scripted(world);
        CHECK(trial.certificate_accepted == good);
        CHECK((trial.service.state == ServiceState::verified) == good);
        CHECK(holds_secret(everything_written(world)) == good);
        const auto& codes = trial.service.verdicts;                     // the reason stays visible either way
        CHECK(std::ranges::find(codes, VerdictCode::certificate_expired) != codes.end());
    }
}

TEST_CASE("rule 21: a password is in no transcript, verdict, probe or report, whatever the server says")
{
    SmallWorld world;
    world.serve(993, imap_refusing("alice@example.org", "[AUTHENTICATIONFAILED] correct horse «correct horse» «\\0alice@example.org\\0correct horse»"));
    world.serve(993, imap_refusing("alice", "[AUTHENTICATIONFAILED] correct horse «\\0alice\\0correct horse»"));
    const auto report = world.run(sign_in(found(), world.around, with_password()));
    as_scripted(world);
    CHECK(report.sign_in_refusals == 2);
    const auto json = to_json(report);
    CHECK(json.find("AUTHENTICATIONFAILED") != std::string::npos);
    CHECK_FALSE(holds_secret(json));
    for (const auto& attempt : report.attempts)
        for (const auto& line : attempt.heard.lines()) CHECK_FALSE(holds_secret(line.text));
    for (const auto& verdict : report.verdicts) CHECK_FALSE(holds_secret(verdict.said));
    for (const auto& probe : report.probes) CHECK_FALSE(holds_secret(probe.target + probe.detail));
}

TEST_CASE("rule 22: a wrong password is refused once where the name is known, twice where it is not, and never again")
{
    {
        SmallWorld world;                                              // the form is known: one refusal, submission is not asked
        world.serve(993, imap_refusing("alice@example.org", "[AUTHENTICATIONFAILED] no"));
        auto report = found();
        for (auto& one : report.account.services) {
            one.username = "alice@example.org";
            one.username_known = true;
        }
        report = world.run(sign_in(report, world.around, with_password()));
        as_scripted(world);
        CHECK(world.connections == std::vector<Port>{993});
        CHECK(report.sign_in_refusals == 1);
    }
    {
        SmallWorld world;                                              // unknown: full address, then local part
        world.serve(993, imap_refusing("alice@example.org", "[AUTHENTICATIONFAILED] no"));
        world.serve(993, imap_refusing("alice", "[AUTHENTICATIONFAILED] no"));
        const auto report = world.run(sign_in(found(), world.around, with_password()));
        as_scripted(world);
        CHECK(world.connections == std::vector<Port>{993, 993});
        CHECK(report.sign_in_refusals == 2);
        CHECK(report.sign_in_attempts == 2);
    }
    for (const auto* definitive : {"[EXPIRED] change it", "[ALERT] Application-specific password required", "[WEBALERT https://a.example/] Web login required", "account is locked"}) {
        CAPTURE(definitive);
        SmallWorld world;                                              // definitive: no other form of the name
        world.serve(993, imap_refusing("alice@example.org", definitive));
        const auto report = world.run(sign_in(found(), world.around, with_password()));
        as_scripted(world);
        CHECK(world.connections == std::vector<Port>{993});
        CHECK(report.sign_in_refusals == 1);
    }
    {
        SmallWorld world;                                              // the moment's fault does not count; submission may be tried
        world.serve(993, imap_refusing("alice@example.org", "[UNAVAILABLE] later"));
        world.serve(465, good_smtp);
        const auto report = world.run(sign_in(found(), world.around, with_password()));
        as_scripted(world);
        CHECK(report.sign_in_refusals == 0);
        CHECK(report.account.services[1].state == ServiceState::verified);
    }
    {
        SmallWorld world;                                              // the local part works: submission uses it at once
        world.serve(993, imap_refusing("alice@example.org", "[AUTHENTICATIONFAILED] no"));
        world.serve(993, "TLS\nS: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN]\nC: p1 AUTHENTICATE PLAIN «\\0alice\\0correct horse»\nS: p1 OK\n" + opened);
        world.serve(465, smtp_refusing("alice", "535 5.7.8 no"));
        const auto report = world.run(sign_in(found(), world.around, with_password()));
        as_scripted(world);
        CHECK(world.connections == std::vector<Port>{993, 993, 465});
        CHECK(report.sign_in_refusals == 2);
        CHECK(report.account.services[0].username == "alice");
    }
    for (const auto* password : {"", "correct\nhorse"}) {
        SmallWorld world;                                              // an empty or impossible password is not even connected for
        auto options = with_password();
        options.password = Secret(password);
        (void)world.run(sign_in(found(), world.around, options));
        CHECK(world.connections.empty());
    }
}

namespace {

const std::string plain_or_scram = "TLS\nS: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=SCRAM-SHA-256 AUTH=PLAIN]\n";
const std::string scram_refused = plain_or_scram + "C: p1 AUTHENTICATE SCRAM-SHA-256 «scram:client-first»\nS: p1 NO [AUTHENTICATIONFAILED] no\nC: p2 LOGOUT\nS: p2 OK";

Report found_with_known_name()
{
    auto report = found();
    for (auto& one : report.account.services) {
        one.username = "alice@example.org";
        one.username_known = true;
    }
    return report;
}

const Verdict* verdict_of(const Report& report, VerdictCode code)
{
    const auto found = std::ranges::find(report.verdicts, code, &Verdict::code);
    return found == report.verdicts.end() ? nullptr : &*found;
}

}

TEST_CASE("SCRAM refused before the proof says nothing of the password: PLAIN is tried once, inside TLS, and the finding is told")
{
    SmallWorld world;
    world.serve(993, scram_refused);
    world.serve(993, plain_or_scram + "C: p1 AUTHENTICATE PLAIN «\\0alice@example.org\\0correct horse»\nS: p1 OK\n" + opened);
    world.serve(465, good_smtp);
    const auto report = world.run(sign_in(found_with_known_name(), world.around, with_password()));
    as_scripted(world);
    CHECK(report.sign_in_refusals == 1);
    CHECK(report.account.services[0].state == ServiceState::verified);
    const auto* told = verdict_of(report, VerdictCode::sign_in_mechanism_unsupported);
    REQUIRE(told);
    CHECK(told->detail == Detail::another_mechanism);
    CHECK(told->severity == Severity::notice);
    CHECK(told->said == "scram-sha-256: NO [AUTHENTICATIONFAILED] no");
    CHECK(report.outcome == ReportOutcome::ready);

    SmallWorld wrong;                                                  // and if PLAIN is refused, too: two refusals, and the end
    wrong.serve(993, scram_refused);
    wrong.serve(993, plain_or_scram + "C: p1 AUTHENTICATE PLAIN «\\0alice@example.org\\0correct horse»\nS: p1 NO [AUTHENTICATIONFAILED] no\nC: p2 LOGOUT\nS: p2 OK");
    const auto refused = wrong.run(sign_in(found_with_known_name(), wrong.around, with_password()));
    as_scripted(wrong);
    CHECK(wrong.connections == std::vector<Port>{993, 993});
    CHECK(refused.sign_in_refusals == 2);
    CHECK(verdict_of(refused, VerdictCode::sign_in_rejected));
}

TEST_CASE("a service that is closed to the account is no word about the password: sending is tried, and no third attempt is made")
{
    SmallWorld world;
    world.serve(993, imap_refusing("alice@example.org", "[ALERT] Your account is not enabled for IMAP use."));
    world.serve(465, good_smtp);
    const auto report = world.run(sign_in(found_with_known_name(), world.around, with_password()));
    as_scripted(world);
    CHECK(verdict_of(report, VerdictCode::service_disabled_for_account));
    CHECK(report.account.services[1].state == ServiceState::verified);

    SmallWorld both;
    both.serve(993, imap_refusing("alice@example.org", "[ALERT] Your account is not enabled for IMAP use."));
    both.serve(465, smtp_refusing("alice@example.org", "535 5.7.8 no"));
    const auto refused = both.run(sign_in(found(), both.around, with_password()));
    as_scripted(both);
    CHECK(both.connections == std::vector<Port>{993, 465});
    CHECK(refused.sign_in_refusals == 2);
}

TEST_CASE("a server that refuses the sign-in and then every connection has locked it")
{
    SmallWorld world;
    world.serve(993, imap_refusing("alice@example.org", "[AUTHENTICATIONFAILED] no"));
    const auto report = world.run(sign_in(found(), world.around, with_password()));
    as_scripted(world);
    CHECK(world.connections == std::vector<Port>{993, 993});
    const auto* told = verdict_of(report, VerdictCode::sign_in_locked);
    REQUIRE(told);
    CHECK(told->detail == Detail::shut_out);
    CHECK(told->who == Who::you);
    CHECK(report.sign_in_refusals == 1);
}

TEST_CASE("while one server says that it cannot check passwords, a refusal by the other proves nothing")
{
    SmallWorld world;
    world.serve(993, imap_refusing("alice@example.org", "[UNAVAILABLE] Temporary authentication failure."));
    world.serve(465, smtp_refusing("alice@example.org", "535 5.7.8 Error: authentication failed: (reason unavailable)"));
    const auto report = world.run(sign_in(found(), world.around, with_password()));
    as_scripted(world);
    CHECK(world.connections == std::vector<Port>{993, 465});
    CHECK_FALSE(verdict_of(report, VerdictCode::sign_in_rejected));
    CHECK(verdict_of(report, VerdictCode::sign_in_try_later));
}

TEST_CASE("where nothing but OAuth is offered the password stays here, and the browser is named as the way in")
{
    SmallWorld world;
    world.serve(993, "TLS\nS: * OK [CAPABILITY IMAP4rev1 AUTH=XOAUTH2 AUTH=OAUTHBEARER LOGINDISABLED]\nC: p1 LOGOUT\nS: p1 OK");
    world.serve(465, "TLS\nS: 220 hi\nC: EHLO [127.0.0.1]\nS: 250-hi\nS: 250 AUTH XOAUTH2\nC: QUIT\nS: 221 bye");
    const auto report = world.run(sign_in(found(), world.around, with_password()));
    as_scripted(world);
    const auto* told = verdict_of(report, VerdictCode::sign_in_oauth2_needed);
    REQUIRE(told);
    CHECK(told->who == Who::you);
    CHECK(report.sign_in_attempts == 0);
    CHECK_FALSE(holds_secret(everything_written(world)));
}
