// Was it the server, or the way to it: what is asked beside the servers themselves, and what the answers make of a silence.
#include "tests/support/scripted_world.hpp"

#include <doctest/doctest.h>

using namespace portolan;
using namespace portolan::scripted;

namespace {

Server silent_at(ServiceKind kind) { return {.kind = kind, .manner = Manner::silent}; }

const Verdict* with(const Report& report, VerdictCode code, Detail detail)
{
    const auto found = std::ranges::find_if(report.verdicts, [&](const Verdict& one) { return one.code == code && one.detail == detail; });
    return found == report.verdicts.end() ? nullptr : &*found;
}

}

TEST_CASE("a port that is silent at one host: other hosts at that port tell its own firewall from a block on the way")
{
    World world;
    world.srv_pair("example.org", "mail.example.org", "mail.example.org");
    world.address("mail.example.org", "192.0.2.1");
    world.pair("192.0.2.1");
    world.server("192.0.2.1", silent_at(ServiceKind::imap));
    world.address("example.org", "192.0.2.80");                        // its web site; what is not scripted refuses
    SUBCASE("the web site refuses there: the way lets the port through")
    {
        const auto found = search(world, "alice@example.org");
        REQUIRE(found.ended);
        const auto* verdict = with(found.report, VerdictCode::connection_timeout, Detail::server_filters);
        REQUIRE(verdict);
        CHECK(verdict->who == Who::domain_owner);
        CHECK_FALSE(verdict->proof.empty());
    }
    SUBCASE("the web site is as silent there: something on the way")
    {
        world.server("192.0.2.80", silent_at(ServiceKind::imap));
        const auto found = search(world, "alice@example.org");
        REQUIRE(found.ended);
        const auto* verdict = with(found.report, VerdictCode::connection_timeout, Detail::port_blocked);
        REQUIRE(verdict);
        CHECK(verdict->who == Who::this_network);
    }
}

TEST_CASE("an address that lost the race is asked again before it is called dead")
{
    World world;
    SearchScript thorough;
    thorough.options.thorough = true;
    world.srv_pair("example.org", "mail.example.org", "mail.example.org");
    world.address("mail.example.org", "2001:db8::1");
    world.address("mail.example.org", "192.0.2.1");
    world.pair("192.0.2.1");
    SUBCASE("silent each time")
    {
        world.server("2001:db8::1", silent_at(ServiceKind::imap));
        world.server("2001:db8::1", silent_at(ServiceKind::smtp));
        const auto found = search(world, "alice@example.org", thorough);
        REQUIRE(found.ended);
        const auto* verdict = with(found.report, VerdictCode::settings_endpoint_dead, Detail::dead_address);
        REQUIRE(verdict);
        CHECK(verdict->said == "2001:db8::1");
        CHECK(verdict->severity == Severity::notice);
        CHECK(world.contacts_of("2001:db8::1") == 3);
        CHECK(found.took < 1s);
    }
    SUBCASE("who is not thorough does not wait for it")
    {
        world.server("2001:db8::1", silent_at(ServiceKind::imap));
        world.server("2001:db8::1", silent_at(ServiceKind::smtp));
        const auto waited = search(world, "alice@example.org", thorough).took;
        const auto found = search(world, "alice@example.org");
        REQUIRE(found.ended);
        CHECK(found.took + 100ms < waited);
    }
    SUBCASE("it is only slow")
    {
        world.pair("2001:db8::1", 300ms);
        const auto found = search(world, "alice@example.org", thorough);
        REQUIRE(found.ended);
        CHECK_FALSE(with(found.report, VerdictCode::settings_endpoint_dead, Detail::dead_address));
    }
}

TEST_CASE("a name that leads into somebody's own network, where nobody answers, is the cause; no firewall is blamed")
{
    World world;
    world.srv_pair("example.org", "mail.example.org", "mail.example.org");
    world.address("mail.example.org", "10.20.30.40");
    world.server("10.20.30.40", silent_at(ServiceKind::imap));
    world.server("10.20.30.40", silent_at(ServiceKind::smtp));
    for (const Port port : {Port(443), Port(80)}) world.server("10.20.30.40", port, silent_at(ServiceKind::imap));
    const auto found = search(world, "alice@example.org");
    REQUIRE(found.ended);
    const auto* verdict = with(found.report, VerdictCode::settings_private_address, Detail::only_inside);
    REQUIRE(verdict);
    CHECK(verdict->severity == Severity::error);
    CHECK(verdict->who == Who::domain_owner);
    CHECK_FALSE(has(found.report, VerdictCode::connection_timeout));
}

TEST_CASE("an alias that SRV names is mentioned; one that leads nowhere is the cause")
{
    World world;
    world.srv_pair("example.org", "mail.example.org", "mail.example.org");
    world.alias("mail.example.org", "box.example.net");
    SUBCASE("it works")
    {
        world.address("box.example.net", "192.0.2.1");
        world.pair("192.0.2.1");
        const auto found = search(world, "alice@example.org");
        REQUIRE(found.ended);
        const auto* verdict = with(found.report, VerdictCode::settings_malformed, Detail::alias);
        REQUIRE(verdict);
        CHECK(verdict->severity == Severity::notice);
        CHECK(verdict->said == "box.example.net");
        CHECK(found.report.outcome == ReportOutcome::ready);
    }
    SUBCASE("nobody has that name")
    {
        const auto found = search(world, "alice@example.org");
        REQUIRE(found.ended);
        const auto* verdict = with(found.report, VerdictCode::settings_point_nowhere, Detail::alias);
        REQUIRE(verdict);
        CHECK(verdict->said == "box.example.net");
    }
}

TEST_CASE("a host that no resolver can find is its keeper's, where the resolver answers for others")
{
    World world;
    world.srv_pair("example.org", "mail.example.org", "mail.example.net");
    world.broken_names["mail.example.org"] = DnsStatus::servfail;
    world.broken_names["mail.example.net"] = DnsStatus::timed_out;
    const auto found = search(world, "alice@example.org");
    REQUIRE(found.ended);
    REQUIRE(said(found.report, VerdictCode::dns_failure));
    CHECK(said(found.report, VerdictCode::dns_failure)->who == Who::domain_owner);
    REQUIRE(said(found.report, VerdictCode::dns_timeout));
    CHECK(said(found.report, VerdictCode::dns_timeout)->who == Who::mail_provider);
    CHECK(found.report.outcome == ReportOutcome::attention);
}

TEST_CASE("a domain that takes mail and does not say where it is read is told so")
{
    World world;
    world.mx("example.org", 10, "mx.filter.example");
    const auto found = search(world, "alice@example.org");
    REQUIRE(found.ended);
    const auto* verdict = with(found.report, VerdictCode::nothing_published, Detail::mail_exchange_alone);
    REQUIRE(verdict);
    CHECK(verdict->who == Who::domain_owner);
    CHECK(found.report.outcome == ReportOutcome::not_found);
}

TEST_CASE("advertisements in the place of what does not exist are no portal, where the root servers are where they were")
{
    World world;
    world.wildcard("invalid", "192.0.2.99");
    world.wildcard("example.org", "192.0.2.99");
    world.address("example.org", "192.0.2.99");
    world.page("https://example.org/.well-known/autoconfig/mail/config-v1.1.xml", "<html>Buy this name</html>", 30ms, false);
    world.address("a.root-servers.net", "198.41.0.4");
    const auto found = search(world, "alice@example.org");
    REQUIRE(found.ended);
    CHECK(has(found.report, VerdictCode::dns_hijacked));
    CHECK_FALSE(has(found.report, VerdictCode::captive_portal));
}
