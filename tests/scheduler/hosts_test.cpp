// Dead hosts, wildcard zones, guesses, and how many connections one address may cost (design section 3).
#include "tests/support/scripted_world.hpp"

#include <doctest/doctest.h>

using namespace portolan;
using namespace portolan::scripted;

namespace {

void silent(World& world, const std::string& ip)
{
    for (const auto kind : {ServiceKind::imap, ServiceKind::pop3, ServiceKind::smtp})
        for (const auto security : {Security::tls, Security::starttls})
            world.server(ip, {.kind = kind, .security = security, .manner = Manner::silent});
}

}

TEST_CASE("peers' mistake 14: one dead host costs one timeout in total, however many sources name it")
{
    World world;
    const std::string dead = "mail.example.org";
    world.srv_pair("example.org", dead, dead);
    world.srv("_imap._tcp.example.org", {0, 1, 143, dead});
    world.srv("_submission._tcp.example.org", {0, 1, 587, dead});
    world.address("autoconfig.example.org", "192.0.2.80");
    world.page("https://autoconfig.example.org/mail/config-v1.1.xml",
               autoconfig(incoming(dead, 993) + outgoing(dead, 465) + incoming(dead, 995, "SSL", "", "pop3")), 100ms);
    world.address(dead, "192.0.2.66");
    silent(world, "192.0.2.66");
    SUBCASE("nothing else answers, and the name is guessed as well")
    {
        const auto found = search(world, "alice@example.org");
        REQUIRE(found.ended);
        CHECK(found.took > 3s);                                        // the connect limit
        CHECK(found.took < 3s + 500ms);
        CHECK(found.report.outcome == ReportOutcome::attention);
        CHECK(has(found.report, VerdictCode::connection_timeout));
        std::set<Port> ports;
        for (const auto& contact : world.contacts)
            if (contact.to.address().to_string() == "192.0.2.66") CHECK(ports.insert(contact.to.port()).second);
    }
    SUBCASE("a guess answers once the published ones have failed")
    {
        world.address("imap.example.org", "192.0.2.1");
        world.address("smtp.example.org", "192.0.2.1");
        world.pair("192.0.2.1");
        const auto found = search(world, "alice@example.org");
        REQUIRE(found.ended);
        CHECK(in_host(found.report) == "imap.example.org");
        CHECK(out_host(found.report) == "smtp.example.org");
        CHECK(found.took > 3s);
        CHECK(found.took < 4s);
        CHECK(has(found.report, VerdictCode::settings_endpoint_dead));
    }
}

TEST_CASE("a port that is filtered says nothing about a host that answers at another one")
{
    World world;
    world.srv("_imaps._tcp.example.org", {0, 1, 993, "mail.example.org"});
    world.srv("_submission._tcp.example.org", {0, 1, 587, "mail.example.org"});
    world.address("mail.example.org", "192.0.2.1");
    world.server("192.0.2.1", {.kind = ServiceKind::imap, .manner = Manner::silent});
    world.server("192.0.2.1", {.kind = ServiceKind::imap, .security = Security::starttls});
    world.server("192.0.2.1", {.kind = ServiceKind::smtp, .security = Security::starttls});
    const auto found = search(world, "alice@example.org");
    REQUIRE(found.ended);
    REQUIRE(found.report.account.incoming());
    CHECK(found.report.account.incoming()->port == 143);               // guessed, after 993 stayed silent
    CHECK(found.report.account.find(ServiceKind::smtp)->port == 587);
}

TEST_CASE("one black-holed guess adds at most the grace period")
{
    World world;
    world.address("imap.example.org", "192.0.2.66");
    silent(world, "192.0.2.66");
    world.address("mail.example.org", "192.0.2.1");
    world.pair("192.0.2.1");
    const auto found = search(world, "alice@example.org");
    REQUIRE(found.ended);
    CHECK(in_host(found.report) == "mail.example.org");
    CHECK(found.took == 100ms + 200ms);                                // proven after five steps of 20 ms, grace twice that
}

TEST_CASE("a slow answer of DNS for one name holds up neither the other guesses nor the sources")
{
    World world;
    world.address("imap.example.org", "192.0.2.1");
    world.address("smtp.example.org", "192.0.2.1");
    world.pair("192.0.2.1");
    world.slow_names["pop3.example.org"] = 4s;
    const auto found = search(world, "alice@example.org");
    REQUIRE(found.ended);
    CHECK(in_host(found.report) == "imap.example.org");
    CHECK(world.first_contact("192.0.2.1") == 20ms);
    CHECK(found.took <= 1s);
}

TEST_CASE("trials start with the first plausible candidate, long before the last source ended")
{
    World world;
    world.srv_pair("example.org", "a.example.org", "b.example.org");
    world.address("a.example.org", "192.0.2.1");
    world.address("b.example.org", "192.0.2.2");
    world.pair("192.0.2.1");
    world.pair("192.0.2.2");
    world.address("autoconfig.example.org", "192.0.2.80");
    world.page("https://autoconfig.example.org/mail/config-v1.1.xml", "", 6s);
    REQUIRE(search(world, "alice@example.org").ended);
    CHECK(world.first_contact("192.0.2.1") == 40ms);
    CHECK(world.first_contact("192.0.2.2") == 40ms);                   // incoming and outgoing side by side
}

TEST_CASE("guesses wait while something published is under trial")
{
    World world;
    world.srv_pair("example.org", "a.hoster.example", "a.hoster.example");
    world.address("a.hoster.example", "192.0.2.1");
    world.address("imap.example.org", "192.0.2.2");
    world.address("smtp.example.org", "192.0.2.2");
    world.pair("192.0.2.2");
    SUBCASE("which works: they are never tried")
    {
        world.pair("192.0.2.1");
        REQUIRE(search(world, "alice@example.org").ended);
        CHECK(world.contacts_of("192.0.2.2") == 0);
    }
    SUBCASE("which fails: then they are")
    {
        for (const auto kind : {ServiceKind::imap, ServiceKind::smtp}) world.server("192.0.2.1", {.kind = kind, .manner = Manner::mute});
        const auto found = search(world, "alice@example.org");
        REQUIRE(found.ended);
        REQUIRE(world.first_contact("192.0.2.2"));
        CHECK(*world.first_contact("192.0.2.2") >= 8s);                // the greeting's limit
        CHECK(in_host(found.report) == "imap.example.org");
    }
    SUBCASE("of the one direction; the other one, where nothing is published, is guessed at once")
    {
        World half;
        half.srv("_imaps._tcp.example.org", {0, 1, 993, "a.hoster.example"});
        half.address("a.hoster.example", "192.0.2.1");
        half.pair("192.0.2.1", 200ms);
        half.address("smtp.example.org", "192.0.2.2");
        half.pair("192.0.2.2");
        const auto found = search(half, "alice@example.org");
        REQUIRE(found.ended);
        CHECK(half.first_contact("192.0.2.2") == 20ms);
        CHECK(out_host(found.report) == "smtp.example.org");
    }
}

TEST_CASE("peers' mistake 22: in a wildcard zone the existence of a guessed name proves nothing")
{
    World world;
    world.wildcard("example.org", "192.0.2.80");
    world.page("https://autoconfig.example.org/mail/config-v1.1.xml", "<html><body>Welcome</body></html>", 30ms);
    SUBCASE("a web server answers for every name: nothing is found")
    {
        const auto found = search(world, "alice@example.org");
        REQUIRE(found.ended);
        CHECK(found.report.outcome == ReportOutcome::not_found);
        CHECK(found.report.account.services.empty());
    }
    SUBCASE("the wildcard's host speaks mail with a certificate for somebody else")
    {
        for (const auto kind : {ServiceKind::imap, ServiceKind::smtp})
            world.server("192.0.2.80", {.kind = kind, .problem = VerdictCode::certificate_name_mismatch});
        const auto found = search(world, "alice@example.org");
        REQUIRE(found.ended);
        CHECK(found.report.outcome != ReportOutcome::ready);
    }
    SUBCASE("a name with an address of its own stands before those of the wildcard")
    {
        world.address("mail.example.org", "192.0.2.1");
        world.pair("192.0.2.1");
        world.pair("192.0.2.80");
        const auto found = search(world, "alice@example.org");
        REQUIRE(found.ended);
        CHECK(in_host(found.report) == "mail.example.org");
        CHECK(out_host(found.report) == "mail.example.org");
    }
}

TEST_CASE("at most 20 connections for one address, whatever is published")
{
    World world;
    std::string servers;
    for (int i = 0; i < 30; ++i) {
        // Few hosts with many ports: the questions for names have a bound of their own.
        const auto name = "h" + std::to_string(i % 3) + ".example.org";
        const auto port = static_cast<Port>(10'000 + i);
        servers += incoming(name, port) + outgoing(name, port + 100);
        world.srv("_imaps._tcp.example.org", {static_cast<std::uint16_t>(i), 1, static_cast<Port>(port + 200), name});
        world.srv("_submissions._tcp.example.org", {static_cast<std::uint16_t>(i), 1, static_cast<Port>(port + 300), name});
    }
    for (int i = 0; i < 3; ++i) world.address("h" + std::to_string(i) + ".example.org", "192.0.2." + std::to_string(100 + i));
    for (const auto* name : {"imap.example.org", "smtp.example.org", "mail.example.org", "pop3.example.org", "mx.example.org",
                             "autoconfig.example.org", "example.org"})
        world.address(name, "192.0.2.90");
    world.page("https://autoconfig.example.org/mail/config-v1.1.xml", autoconfig(servers), 30ms);
    const auto found = search(world, "alice@example.org");
    REQUIRE(found.ended);
    CHECK(world.contacts.size() + world.fetched.size() <= 20);
    CHECK(world.contacts.size() >= 10);
}

TEST_CASE("peers' mistake 16: the error shown is the most informative one, not the first")
{
    World world;
    world.srv("_imaps._tcp.example.org", {1, 1, 993, "dead.example.org"});
    world.srv("_imaps._tcp.example.org", {2, 1, 993, "expired.example.org"});
    world.srv("_submissions._tcp.example.org", {1, 1, 465, "expired.example.org"});
    world.address("dead.example.org", "192.0.2.66");
    world.address("expired.example.org", "192.0.2.1");
    for (const auto kind : {ServiceKind::imap, ServiceKind::smtp})
        world.server("192.0.2.1", {.kind = kind, .problem = VerdictCode::certificate_expired});
    const auto found = search(world, "alice@example.org");
    REQUIRE(found.ended);
    CHECK(found.report.outcome == ReportOutcome::attention);
    CHECK(in_host(found.report) == "expired.example.org");
    REQUIRE(!found.report.verdicts.empty());
    CHECK(found.report.verdicts.front().code == VerdictCode::certificate_expired);
    CHECK(found.report.account.incoming()->certificate->problem == VerdictCode::certificate_expired);
}

TEST_CASE("rule 17: a published STARTTLS pair that works is beaten by implicit TLS of the same source")
{
    World world;
    world.srv("_imap._tcp.example.org", {0, 1, 143, "mail.example.org"});
    world.srv("_submission._tcp.example.org", {0, 1, 587, "mail.example.org"});
    world.srv_pair("example.org", "mail.example.org", "mail.example.org");
    world.address("mail.example.org", "192.0.2.1");
    world.pair("192.0.2.1", 25ms);
    for (const auto kind : {ServiceKind::imap, ServiceKind::smtp})
        world.server("192.0.2.1", {.kind = kind, .security = Security::starttls, .rtt = 5ms});
    const auto found = search(world, "alice@example.org");
    REQUIRE(found.ended);
    CHECK(found.report.account.incoming()->security == Security::tls);
    CHECK(found.report.account.find(ServiceKind::smtp)->security == Security::tls);
}

TEST_CASE("no answer from DNS at all is told apart from a domain that is not there")
{
    World quiet;
    for (const auto* prefix : {"", "autoconfig.", "imap.", "pop.", "pop3.", "smtp.", "mail.", "mx.", "_imaps._tcp.", "_imap._tcp.",
                               "_pop3s._tcp.", "_pop3._tcp.", "_submissions._tcp.", "_submission._tcp."})
        quiet.broken_names[std::string(prefix) + "example.org"] = DnsStatus::timed_out;
    Run one(quiet);
    SUBCASE("a domain that does not exist")
    {
        World world;
        const auto found = search(world, "alice@example.org");
        CHECK(found.report.outcome == ReportOutcome::not_found);
        CHECK(has(found.report, VerdictCode::dns_no_such_domain));
    }
    SUBCASE("the random label answered NXDOMAIN, so there is a network")
    {
        const auto found = search(quiet, "alice@example.org");
        CHECK(!has(found.report, VerdictCode::dns_no_such_domain));
    }
}
