// Design section 4, the rules that concern where a password goes and how often. One case a rule, its number in the name.
#include "tests/conversations/perform.hpp"
#include "tests/conversations/small_world.hpp"

#include "probe/search.hpp"

using namespace portolan;
using namespace portolan::tests;

namespace {

const std::string good_imap = "TLS\nS: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN]\nC: p1 AUTHENTICATE PLAIN «\\0alice@example.org\\0correct horse»\nS: p1 OK\nC: p2 LOGOUT\nS: p2 OK";
const std::string good_smtp = "TLS\nS: 220 hi\nC: EHLO [127.0.0.1]\nS: 250-hi\nS: 250 AUTH PLAIN\nC: AUTH PLAIN «\\0alice@example.org\\0correct horse»\nS: 235 ok\nC: QUIT\nS: 221 bye";

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
        world.serve(993, good ? "TLS expired\n" + good_imap.substr(4) : looked_at);
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
        world.serve(993, "TLS\nS: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN]\nC: p1 AUTHENTICATE PLAIN «\\0alice\\0correct horse»\nS: p1 OK\nC: p2 LOGOUT\nS: p2 OK");
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
