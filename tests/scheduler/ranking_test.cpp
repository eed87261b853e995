// Merging and ranking: the strongest that works wins, contradictions are said with both sides (design rule 17; the NDSS 2025 cases A3, A8, A9, A10).
#include "probe/trial/candidates.hpp"
#include "tests/support/scripted_world.hpp"

#include <doctest/doctest.h>

using namespace portolan;
using namespace portolan::scripted;

namespace {

constexpr auto document_url = "https://autoconfig.example.org/mail/config-v1.1.xml";

void publish(World& world, const std::string& servers)
{
    world.address("autoconfig.example.org", "192.0.2.80");
    world.page(document_url, autoconfig(servers), 30ms);
}

Server speaking(ServiceKind kind, Security security)
{
    Server server;
    server.kind = kind;
    server.security = security;
    return server;
}

/// Implicit TLS and STARTTLS, for reading and for sending.
void both_ways(World& world, const std::string& ip)
{
    world.pair(ip);
    for (const auto kind : {ServiceKind::imap, ServiceKind::smtp}) world.server(ip, speaking(kind, Security::starttls));
}

const Service* chosen(const Report& report, ServiceKind kind) { return report.account.find(kind); }

}

TEST_CASE("A3.2: SRV names STARTTLS alone; implicit TLS at the same host is tried, and wins where it works")
{
    World world;
    world.srv("_imap._tcp.example.org", {0, 1, 143, "mail.example.org"});
    world.srv("_submission._tcp.example.org", {0, 1, 587, "mail.example.org"});
    world.address("mail.example.org", "192.0.2.1");
    world.server("192.0.2.1", speaking(ServiceKind::imap, Security::starttls));
    world.server("192.0.2.1", speaking(ServiceKind::smtp, Security::starttls));
    SUBCASE("it works")
    {
        world.pair("192.0.2.1");
        const auto found = search(world, "alice@example.org");
        REQUIRE(found.ended);
        REQUIRE(chosen(found.report, ServiceKind::imap));
        CHECK(chosen(found.report, ServiceKind::imap)->port == 993);
        CHECK(chosen(found.report, ServiceKind::smtp)->port == 465);
        const auto weaker = std::ranges::find_if(found.report.alternatives, [](const Service& one) { return one.port == 143; });
        REQUIRE(weaker != found.report.alternatives.end());
        CHECK(weaker->lost == Lost::weaker);
    }
    SUBCASE("nobody listens there: STARTTLS stands, and nothing is said of what nobody promised")
    {
        const auto found = search(world, "alice@example.org");
        REQUIRE(found.ended);
        REQUIRE(chosen(found.report, ServiceKind::imap));
        CHECK(chosen(found.report, ServiceKind::imap)->port == 143);
        CHECK(chosen(found.report, ServiceKind::imap)->security == Security::starttls);
        CHECK_FALSE(has(found.report, VerdictCode::settings_endpoint_dead));
        CHECK_FALSE(has(found.report, VerdictCode::connection_refused));
    }
}

TEST_CASE("A3.1: a document that names plaintext alone never leads to it while an encrypted way works")
{
    World world;
    publish(world, incoming("mail.example.org", 143, "plain") + outgoing("mail.example.org", 587, "plain"));
    world.address("mail.example.org", "192.0.2.1");
    world.server("192.0.2.1", speaking(ServiceKind::imap, Security::starttls));
    world.server("192.0.2.1", speaking(ServiceKind::smtp, Security::tls));
    const auto found = search(world, "alice@example.org");
    REQUIRE(found.ended);
    REQUIRE(chosen(found.report, ServiceKind::imap));
    CHECK(chosen(found.report, ServiceKind::imap)->security == Security::starttls);
    CHECK(chosen(found.report, ServiceKind::smtp)->security == Security::tls);
    CHECK(found.report.outcome == ReportOutcome::ready);
}

TEST_CASE("A3.1: where plaintext is all there is, the settings are kept and no password goes there")
{
    World world;
    publish(world, incoming("mail.example.org", 143, "plain") + outgoing("mail.example.org", 587, "plain"));
    world.address("mail.example.org", "192.0.2.1");
    for (const auto& [kind, port] : {std::pair{ServiceKind::imap, Port{143}}, std::pair{ServiceKind::smtp, Port{587}}})
        world.server("192.0.2.1", port, speaking(kind, Security::plaintext));
    SearchOptions options;
    options.password = Secret("correct horse");
    const auto report = signed_in(world, "alice@example.org", options);
    REQUIRE(chosen(report, ServiceKind::imap));
    CHECK(chosen(report, ServiceKind::imap)->security == Security::plaintext);
    CHECK(chosen(report, ServiceKind::imap)->trust == Trust::insecure);
    CHECK(has(report, VerdictCode::sign_in_cleartext_refused));
    CHECK(report.outcome == ReportOutcome::attention);
    CHECK(world.sign_ins.empty());
}

TEST_CASE("A5.1: where nothing is found nothing is filled in, and what would be filled in is TLS")
{
    World world;
    SUBCASE("an empty domain") {}
    SUBCASE("a usual name that speaks without encryption alone")
    {
        world.address("mail.example.org", "192.0.2.1");
        for (const auto& [kind, port] : {std::pair{ServiceKind::imap, Port{143}}, std::pair{ServiceKind::smtp, Port{587}}})
            world.server("192.0.2.1", port, speaking(kind, Security::plaintext));
    }
    const auto found = search(world, "alice@example.org");
    REQUIRE(found.ended);
    CHECK(found.report.account.services.empty());
    CHECK(found.report.outcome == ReportOutcome::not_found);
    for (const auto& finding : found.report.findings) CHECK(finding.service.security != Security::plaintext);
    CHECK(Service{}.security == Security::tls);
}

TEST_CASE("A8.1: what the domain says today, over an authenticated way, stands before an older catalogue that names the weaker way")
{
    CandidateList candidates(host("gmx.net"));
    Finding old;
    old.source = Source::catalogue;
    old.authenticated = true;
    old.service.service = ServiceKind::imap;
    old.service.host = host("imap.gmx.net");
    old.service.port = 143;
    old.service.security = Security::starttls;
    auto live = old;
    live.source = Source::autoconfig;
    live.service.port = 993;
    live.service.security = Security::tls;
    for (auto finding : {old, live}) {
        auto& candidate = candidates.add(finding);
        Trial trial;
        trial.service = candidate.service;
        trial.outcome = Outcome<void>{};
        trial.certificate_accepted = true;
        candidate.trial = trial;
    }
    REQUIRE(candidates.best_proven(ServiceKind::imap));
    CHECK(candidates.best_proven(ServiceKind::imap)->service.port == 993);
}

TEST_CASE("A8.1: servers of the catalogue that are gone do not hold back what the domain says today, and the report shows which of the two is old")
{
    World world;
    world.address("autoconfig.gmx.net", "192.0.2.80");
    world.page("https://autoconfig.gmx.net/mail/config-v1.1.xml", autoconfig(incoming("new.gmx.net", 993) + outgoing("new.gmx.net", 465), "gmx.net"), 30ms);
    world.address("new.gmx.net", "192.0.2.2");
    world.pair("192.0.2.2");
    world.address("imap.gmx.net", "192.0.2.1");                        // nobody listens there any more
    world.address("mail.gmx.net", "192.0.2.1");
    const auto found = search(world, "alice@gmx.net");
    REQUIRE(found.ended);
    CHECK(in_host(found.report) == "new.gmx.net");
    CHECK(out_host(found.report) == "new.gmx.net");
    CHECK(found.report.account.incoming()->trust == Trust::authenticated);
    const auto stale = std::ranges::find_if(found.report.verdicts, [](const Verdict& one) {
        return one.code == VerdictCode::settings_endpoint_dead && one.target == "imap.gmx.net:993";
    });
    CHECK(stale != found.report.verdicts.end());
    const auto* conflict = said(found.report, VerdictCode::settings_conflict);
    REQUIRE(conflict);
    REQUIRE(conflict->evidence.size() == 2);
    const auto both = conflict->evidence[0] + conflict->evidence[1];
    CHECK(both.contains("catalogue"));
    CHECK(both.contains("new.gmx.net:993"));
}

TEST_CASE("A9.2: SRV gives the weaker form the better priority: the stronger is used where it works")
{
    World world;
    world.srv("_imap._tcp.example.org", {0, 1, 143, "mail.example.org"});
    world.srv("_imaps._tcp.example.org", {10, 1, 993, "mail.example.org"});
    world.srv("_submission._tcp.example.org", {0, 1, 587, "mail.example.org"});
    world.srv("_submissions._tcp.example.org", {10, 1, 465, "mail.example.org"});
    world.address("mail.example.org", "192.0.2.1");
    both_ways(world, "192.0.2.1");
    const auto found = search(world, "alice@example.org");
    REQUIRE(found.ended);
    CHECK(chosen(found.report, ServiceKind::imap)->security == Security::tls);
    CHECK(chosen(found.report, ServiceKind::smtp)->security == Security::tls);
}

TEST_CASE("A10.1: whichever source an attacker takes away, the answer is never weaker than the strongest that works, and the report shows who was not heard")
{
    for (const auto* gone : {"nobody", "autoconfig", "srv", "autodiscover"}) {
        CAPTURE(gone);
        const std::string away = gone;
        World world;
        publish(world, incoming("mail.example.org", 993) + outgoing("mail.example.org", 465));
        world.srv("_imap._tcp.example.org", {0, 1, 143, "mail.example.org"});
        world.srv("_submission._tcp.example.org", {0, 1, 587, "mail.example.org"});
        world.address("autodiscover.example.org", "192.0.2.81");
        std::string protocols;
        for (const auto& [type, port] : {std::pair{"IMAP", "143"}, std::pair{"SMTP", "587"}})
            protocols += "<Protocol><Type>" + std::string(type) + "</Type><Server>mail.example.org</Server><Port>" + port + "</Port><Encryption>TLS</Encryption></Protocol>";
        world.reply("https://autodiscover.example.org/autodiscover/autodiscover.xml", 200, {},
                    "<Autodiscover><Response><Account><AccountType>email</AccountType><Action>settings</Action>" + protocols + "</Account></Response></Autodiscover>");
        if (away == "srv")
            for (const auto* label : {"_imap._tcp.example.org", "_submission._tcp.example.org", "_imaps._tcp.example.org", "_submissions._tcp.example.org"})
                world.broken_names[label] = DnsStatus::servfail;
        else if (away != "nobody") world.broken_names[away + ".example.org"] = DnsStatus::servfail;
        world.address("mail.example.org", "192.0.2.1");
        both_ways(world, "192.0.2.1");
        const auto found = search(world, "alice@example.org");
        REQUIRE(found.ended);
        CHECK(chosen(found.report, ServiceKind::imap)->security == Security::tls);
        CHECK(chosen(found.report, ServiceKind::smtp)->security == Security::tls);
        const bool shown = std::ranges::any_of(found.report.probes, [&](const Probe& one) {
            const auto* name = away == "srv" ? "_imap._tcp.example.org" : away == "autoconfig" ? "autoconfig.example.org" : "autodiscover.example.org";
            return one.outcome == ProbeOutcome::failed && one.target.ends_with(name);
        });
        CHECK(shown == (away != "nobody"));
    }
}

TEST_CASE("A9.1: weaker named before stronger: the stronger is used, and the order is said to the owner")
{
    World world;
    publish(world, incoming("mail.example.org", 143, "STARTTLS") + incoming("mail.example.org", 993) + outgoing("mail.example.org", 465));
    world.address("mail.example.org", "192.0.2.1");
    world.pair("192.0.2.1");
    world.server("192.0.2.1", speaking(ServiceKind::imap, Security::starttls));
    const auto found = search(world, "alice@example.org");
    REQUIRE(found.ended);
    CHECK(chosen(found.report, ServiceKind::imap)->port == 993);
    const auto* verdict = said(found.report, VerdictCode::settings_conflict);
    REQUIRE(verdict);
    CHECK(verdict->severity == Severity::notice);
    REQUIRE(verdict->evidence.size() == 2);
    CHECK(verdict->evidence[0].find("143") != std::string::npos);
    CHECK(verdict->evidence[1].find("993") != std::string::npos);
}

TEST_CASE("A10.1: sources that name different servers are a contradiction with both sides")
{
    World world;
    world.srv_pair("example.org", "old.example.org", "old.example.org");
    publish(world, incoming("new.example.org", 993) + outgoing("new.example.org", 465));
    world.address("old.example.org", "192.0.2.1");
    world.address("new.example.org", "192.0.2.2");
    world.pair("192.0.2.1");
    world.pair("192.0.2.2");
    const auto found = search(world, "alice@example.org");
    REQUIRE(found.ended);
    CHECK(in_host(found.report) == "new.example.org");
    const auto* verdict = said(found.report, VerdictCode::settings_conflict);
    REQUIRE(verdict);
    REQUIRE(verdict->evidence.size() == 2);
    CHECK((verdict->evidence[0] + verdict->evidence[1]).find("old.example.org:993") != std::string::npos);
    CHECK((verdict->evidence[0] + verdict->evidence[1]).find("new.example.org:993") != std::string::npos);
    const auto old = std::ranges::find_if(found.report.alternatives, [](const Service& one) { return one.host.text() == "old.example.org"; });
    REQUIRE(old != found.report.alternatives.end());
    CHECK(old->lost == Lost::less_trusted);
}

TEST_CASE("an SRV label against the port it names is said")
{
    World world;
    SUBCASE("another way to encrypt")
    {
        world.srv("_imaps._tcp.example.org", {0, 1, 993, "mail.example.org"});
        world.srv("_submission._tcp.example.org", {0, 1, 465, "mail.example.org"});
    }
    SUBCASE("another protocol")
    {
        world.srv("_imaps._tcp.example.org", {0, 1, 995, "mail.example.org"});
        world.srv("_imap._tcp.example.org", {1, 1, 143, "mail.example.org"});
        world.srv("_submissions._tcp.example.org", {0, 1, 465, "mail.example.org"});
    }
    world.address("mail.example.org", "192.0.2.1");
    world.pair("192.0.2.1");
    const auto found = search(world, "alice@example.org");
    REQUIRE(found.ended);
    CHECK(has(found.report, VerdictCode::settings_conflict));
    CHECK(in_host(found.report) == "mail.example.org");
}

TEST_CASE("a certificate that names another host of the same machine or owner leads to that host")
{
    World world;
    world.srv_pair("example.org", "mail.example.org", "mail.example.org");
    world.address("mail.example.org", "192.0.2.1");
    SUBCASE("the hoster's machine, under its own name: a person confirms the hoster")
    {
        world.address("box7.hoster.test", "192.0.2.1");
        for (const auto kind : {ServiceKind::imap, ServiceKind::smtp}) {
            auto server = speaking(kind, Security::tls);
            server.certificate_names = {"box7.hoster.test", "*.hoster.test"};
            world.server("192.0.2.1", server);
        }
        const auto found = search(world, "alice@example.org");
        REQUIRE(found.ended);
        CHECK(in_host(found.report) == "box7.hoster.test");
        CHECK(out_host(found.report) == "box7.hoster.test");
        CHECK(chosen(found.report, ServiceKind::imap)->trust == Trust::confirm);
        const auto* verdict = said(found.report, VerdictCode::certificate_name_mismatch);
        REQUIRE(verdict);
        CHECK(verdict->severity == Severity::warning);
        CHECK(verdict->instead == "box7.hoster.test:993");
    }
    SUBCASE("another name of the same owner, elsewhere: it is trusted as the domain's own")
    {
        world.address("secure.example.org", "192.0.2.2");
        for (const auto kind : {ServiceKind::imap, ServiceKind::smtp})
            for (const auto* ip : {"192.0.2.1", "192.0.2.2"}) {
                auto server = speaking(kind, Security::tls);
                server.certificate_names = {"secure.example.org"};
                world.server(ip, server);
            }
        const auto found = search(world, "alice@example.org");
        REQUIRE(found.ended);
        CHECK(in_host(found.report) == "secure.example.org");
        CHECK(chosen(found.report, ServiceKind::imap)->trust == Trust::authenticated);
        CHECK(found.report.outcome == ReportOutcome::ready);
    }
    SUBCASE("somebody else's name at somebody else's machine counts nothing")
    {
        world.address("www.stranger.test", "192.0.2.9");
        for (const auto kind : {ServiceKind::imap, ServiceKind::smtp}) {
            auto server = speaking(kind, Security::tls);
            server.certificate_names = {"www.stranger.test"};
            world.server("192.0.2.1", server);
        }
        world.pair("192.0.2.9");
        const auto found = search(world, "alice@example.org");
        REQUIRE(found.ended);
        CHECK(world.contacts_of("192.0.2.9") == 0);
        CHECK(in_host(found.report) == "mail.example.org");
        CHECK(has(found.report, VerdictCode::certificate_name_mismatch));
        CHECK(found.report.outcome == ReportOutcome::attention);
    }
}

TEST_CASE("who learned what: each host once, with the most it learned")
{
    World world;
    publish(world, incoming("mail.example.org", 993) + outgoing("mail.example.org", 465));
    world.address("mail.example.org", "192.0.2.1");
    world.pair("192.0.2.1");
    const auto found = search(world, "alice@example.org");
    REQUIRE(found.ended);
    const auto hosts = disclosures(found.report);
    const auto learned = [&](std::string_view name) {
        const auto one = std::ranges::find(hosts, name, &Disclosure::host);
        return one == hosts.end() ? Told::nothing : one->learned;
    };
    CHECK(learned("DNS") == Told::domain);
    CHECK(learned("autoconfig.example.org") == Told::address);
    CHECK(learned("mail.example.org") == Told::nothing);
}
