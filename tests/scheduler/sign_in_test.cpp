// Who may have the password, under which name, and how often (design rules 13, 14 and 22, RFC 6186 section 4).
#include "tests/support/scripted_world.hpp"

#include <doctest/doctest.h>

using namespace portolan;
using namespace portolan::scripted;

namespace {

/// A domain whose SRV records name `host_name`, with the same user names on both servers.
void published(World& world, const std::string& host_name, std::set<std::string> names, std::optional<VerdictCode> problem = std::nullopt,
               std::string key = "11aa")
{
    world.srv_pair("example.org", host_name, host_name);
    world.address(host_name, "192.0.2.1");
    for (const auto kind : {ServiceKind::imap, ServiceKind::smtp})
        world.server("192.0.2.1", {.kind = kind, .problem = problem, .key = key, .names = names});
}

SearchOptions with(std::string_view password)
{
    SearchOptions options;
    options.password = Secret(password);
    return options;
}

std::vector<std::string> tried(const World& world)
{
    std::vector<std::string> lines;
    for (const auto& one : world.sign_ins) lines.push_back(std::to_string(one.port) + " " + one.username);
    return lines;
}

using Lines = std::vector<std::string>;

}

TEST_CASE("without evidence the full address comes first, then the local part, and what worked is used for the other direction")
{
    World world;
    SUBCASE("the full address opens it: one attempt each")
    {
        published(world, "mail.example.org", {"alice@example.org"});
        const auto report = signed_in(world, "alice@example.org", with(world.password));
        CHECK(tried(world) == Lines{"993 alice@example.org", "465 alice@example.org"});
        CHECK(report.outcome == ReportOutcome::ready);
        CHECK(report.account.incoming()->state == ServiceState::verified);
        CHECK(report.sign_in_attempts == 2);
        CHECK(report.sign_in_refusals == 0);
    }
    SUBCASE("the local part opens it: one refusal, and submission is asked with the name that worked")
    {
        published(world, "mail.example.org", {"alice"});
        const auto report = signed_in(world, "alice@example.org", with(world.password));
        CHECK(tried(world) == Lines{"993 alice@example.org", "993 alice", "465 alice"});
        CHECK(report.outcome == ReportOutcome::ready);
        CHECK(report.account.find(ServiceKind::smtp)->username == "alice");
        CHECK(report.account.incoming()->username_form == UsernameForm::local_part);
        CHECK(has(report, VerdictCode::sign_in_username_form));
        CHECK(report.sign_in_refusals == 1);
    }
}

TEST_CASE("rule 22: a wrong password costs two refusals where the form is unknown, one where it is known, and nothing afterwards")
{
    World world;
    published(world, "mail.example.org", {"alice"});
    SUBCASE("unknown form: the second direction is never asked")
    {
        const auto report = signed_in(world, "alice@example.org", with("wrong"));
        CHECK(tried(world) == Lines{"993 alice@example.org", "993 alice"});
        CHECK(report.sign_in_refusals == 2);
        CHECK(report.outcome == ReportOutcome::attention);
        CHECK(has(report, VerdictCode::sign_in_rejected));
    }
    SUBCASE("known from the document")
    {
        world.address("autoconfig.example.org", "192.0.2.80");
        world.page("https://autoconfig.example.org/mail/config-v1.1.xml",
                   autoconfig(incoming("mail.example.org", 993, "SSL", "%EMAILLOCALPART%") +
                              outgoing("mail.example.org", 465, "SSL", "%EMAILLOCALPART%")),
                   20ms);
        SUBCASE("wrong")
        {
            const auto report = signed_in(world, "alice@example.org", with("wrong"));
            CHECK(tried(world) == Lines{"993 alice"});
            CHECK(report.sign_in_refusals == 1);
        }
        SUBCASE("right")
        {
            const auto report = signed_in(world, "alice@example.org", with(world.password));
            CHECK(tried(world) == Lines{"993 alice", "465 alice"});
            CHECK(report.outcome == ReportOutcome::ready);
        }
    }
    SUBCASE("the person's own word")
    {
        auto options = with("wrong");
        options.username = "a.lice";
        const auto report = signed_in(world, "alice@example.org", options);
        CHECK(tried(world) == Lines{"993 a.lice"});
        CHECK(report.sign_in_refusals == 1);
    }
    SUBCASE("never an empty password")
    {
        (void)signed_in(world, "alice@example.org", with(""));
        CHECK(world.sign_ins.empty());
    }
}

TEST_CASE("rule 22: a definitive refusal ends it although the other form was not tried")
{
    World world;
    published(world, "mail.example.org", {});
    world.server("192.0.2.1", {.kind = ServiceKind::imap, .refusal = "[ALERT] Application-specific password required"});
    const auto report = signed_in(world, "alice@example.org", with("whatever"));
    CHECK(tried(world) == Lines{"993 alice@example.org"});
    CHECK(has(report, VerdictCode::sign_in_app_password_needed));
}

TEST_CASE("what is the moment's fault is no refusal of the password: the other direction is still asked")
{
    World world;
    published(world, "mail.example.org", {"alice@example.org"});
    world.server("192.0.2.1", {.kind = ServiceKind::imap, .refusal = "[UNAVAILABLE] come back later"});
    const auto report = signed_in(world, "alice@example.org", with(world.password));
    CHECK(report.sign_in_refusals == 0);
    CHECK(tried(world).front() == "993 alice@example.org");
    CHECK(tried(world).back() == "465 alice@example.org");
    CHECK(has(report, VerdictCode::sign_in_try_later));
}

TEST_CASE("a service that refuses what the other has just taken is closed to the account")
{
    World world;
    published(world, "mail.example.org", {"alice@example.org"});
    world.server("192.0.2.1", {.kind = ServiceKind::smtp, .names = {"somebody"}});
    const auto report = signed_in(world, "alice@example.org", with(world.password));
    CHECK(tried(world) == Lines{"993 alice@example.org", "465 alice@example.org"});
    CHECK(has(report, VerdictCode::service_disabled_for_account));
}

TEST_CASE("every password travels inside TLS")
{
    World world;
    world.srv("_imap._tcp.example.org", {0, 1, 143, "mail.example.org"});
    world.srv("_submission._tcp.example.org", {0, 1, 587, "mail.example.org"});
    world.address("mail.example.org", "192.0.2.1");
    for (const auto kind : {ServiceKind::imap, ServiceKind::smtp})
        world.server("192.0.2.1", {.kind = kind, .security = Security::starttls, .names = {"alice@example.org"}});
    const auto report = signed_in(world, "alice@example.org", with(world.password));
    CHECK(report.outcome == ReportOutcome::ready);
    CHECK(tried(world) == Lines{"143 alice@example.org", "587 alice@example.org"});
    for (const auto& one : world.sign_ins) CHECK(one.encrypted);
}

TEST_CASE("the ladder of trust: who may have the password without a person's word")
{
    struct Row {
        const char* description;
        std::string host_name;
        std::optional<VerdictCode> problem;
        std::vector<std::string> confirmed;
        Trust trust;
        bool sent;
    };
    for (const auto& row : std::initializer_list<Row>{
             {"SRV into the domain itself, certificate good", "mail.example.org", std::nullopt, {}, Trust::authenticated, true},
             {"SRV to somebody else", "mail.hoster.example", std::nullopt, {}, Trust::confirm, false},
             {"the same, confirmed", "mail.hoster.example", std::nullopt, {"hoster.example"}, Trust::confirm, true},
             {"another domain was confirmed", "mail.hoster.example", std::nullopt, {"example"}, Trust::confirm, false},
             {"a host is confirmed, not a domain", "mail.hoster.example", std::nullopt, {"mail.hoster.example"}, Trust::confirm, false},
             {"SRV into the domain, certificate expired", "mail.example.org", VerdictCode::certificate_expired, {}, Trust::confirm, false},
             {"the same, and confirmed: that is no word about certificates",
              "mail.example.org",
              VerdictCode::certificate_expired,
              {"example.org"},
              Trust::confirm,
              false},
         }) {
        CAPTURE(row.description);
        World world;
        published(world, row.host_name, {"alice@example.org"}, row.problem);
        auto options = with(world.password);
        options.confirmed = row.confirmed;
        const auto report = signed_in(world, "alice@example.org", options);
        CHECK(world.sign_ins.empty() == !row.sent);
        REQUIRE(report.account.incoming());
        CHECK(report.account.incoming()->trust == row.trust);
        CHECK((report.outcome == ReportOutcome::ready) == row.sent);
    }
}

TEST_CASE("autoconfig over an authenticated way is trusted, over another way it has to be confirmed")
{
    for (const bool authenticated : {true, false}) {
        CAPTURE(authenticated);
        World world;
        world.address("autoconfig.example.org", "192.0.2.80");
        world.page("https://autoconfig.example.org/mail/config-v1.1.xml",
                   autoconfig(incoming("mail.hoster.example", 993) + outgoing("mail.hoster.example", 465)), 20ms, authenticated);
        world.address("mail.hoster.example", "192.0.2.1");
        for (const auto kind : {ServiceKind::imap, ServiceKind::smtp})
            world.server("192.0.2.1", {.kind = kind, .names = {"alice@example.org"}});
        const auto report = signed_in(world, "alice@example.org", with(world.password));
        CHECK(report.account.incoming()->trust == (authenticated ? Trust::authenticated : Trust::confirm));
        CHECK(world.sign_ins.empty() == !authenticated);
        CHECK(has(report, VerdictCode::settings_host_outside_domain) == !authenticated);
    }
}

TEST_CASE("settings by MX have to be confirmed")
{
    World world;
    world.mx("example.org", 10, "mx00.gmx.net");
    for (const auto* name : {"imap.gmx.net", "mail.gmx.net"}) world.address(name, "192.0.2.1");
    for (const auto kind : {ServiceKind::imap, ServiceKind::smtp})
        for (const auto security : {Security::tls, Security::starttls})
            world.server("192.0.2.1", {.kind = kind, .security = security, .names = {"alice@example.org"}});
    auto options = with(world.password);
    SUBCASE("and are not signed in to without") { options.confirmed = {}; }
    SUBCASE("and are, with it") { options.confirmed = {"gmx.net"}; }
    const auto report = signed_in(world, "alice@example.org", options);
    CHECK(report.provider_id == "gmx.net");
    CHECK(report.account.incoming()->trust == Trust::confirm);
    CHECK(world.sign_ins.empty() == options.confirmed.empty());
}

TEST_CASE("rule 14: an accepted certificate is one key for one host and port")
{
    struct Row { const char* description; AcceptedCertificate accepted; bool incoming_sent; };
    for (const auto& row : std::initializer_list<Row>{
             {"this key, here", {host("mail.example.org"), 993, "77ee"}, true},
             {"another key", {host("mail.example.org"), 993, "11aa"}, false},
             {"another port", {host("mail.example.org"), 143, "77ee"}, false},
             {"another host", {host("imap.example.org"), 993, "77ee"}, false},
         }) {
        CAPTURE(row.description);
        World world;
        published(world, "mail.example.org", {"alice@example.org"}, VerdictCode::certificate_self_signed, "77ee");
        auto options = with(world.password);
        options.accepted = {row.accepted};
        options.confirmed = {"example.org"};
        (void)signed_in(world, "alice@example.org", options);
        const auto in = std::ranges::count_if(world.sign_ins, [](const SignIn& one) { return one.port == 993; });
        CHECK(in == (row.incoming_sent ? 1 : 0));
        CHECK(std::ranges::none_of(world.sign_ins, [](const SignIn& one) { return one.port == 465; }));
    }
}

TEST_CASE("find with a password signs in by the same rules")
{
    World world;
    published(world, "mail.example.org", {"alice@example.org"});
    SearchScript script;
    script.options.password = Secret(world.password);
    const auto found = search(world, "alice@example.org", script);
    REQUIRE(found.ended);
    CHECK(found.report.outcome == ReportOutcome::ready);
    CHECK(found.report.account.incoming()->state == ServiceState::verified);
    CHECK(world.open_streams == 0);
}
