// A network that wants its own sign-in first: its page answers in place of whoever was asked.
#include "probe/discovery/finding.hpp"
#include "tests/support/scripted_world.hpp"

#include <doctest/doctest.h>

using namespace portolan;
using namespace portolan::scripted;

namespace {

/// A resolver that sends every name to the portal.
void lead_everything_to(World& world, const std::string& ip)
{
    world.wildcard("invalid", ip);
    world.wildcard("example.org", ip);
    world.address("example.org", ip);
}

}

TEST_CASE("a portal in the DNS: every name leads to one address where a web server speaks; nothing is believed, no password is asked for")
{
    World world;
    lead_everything_to(world, "192.0.2.99");
    SUBCASE("a page for every path") { world.page("https://example.org/.well-known/autoconfig/mail/config-v1.1.xml", "<html>Welcome to the harbour</html>", 30ms, false); }
    SUBCASE("a redirect to its login page") { world.reply("http://autoconfig.example.org/mail/config-v1.1.xml", 302, "https://login.portal.example/"); }
    const auto found = search(world, "alice@example.org");
    REQUIRE(found.ended);
    const auto* verdict = said(found.report, VerdictCode::captive_portal);
    REQUIRE(verdict);
    CHECK(verdict->severity == Severity::error);
    CHECK(verdict->who == Who::you);
    CHECK_FALSE(said(found.report, VerdictCode::dns_hijacked));                     // one cause, said once
    CHECK(found.report.outcome == ReportOutcome::offline);
}

TEST_CASE("a page that calls itself a portal, or the status that means one, is enough where it stands in the domain's place")
{
    World world;
    world.address("autoconfig.example.org", "192.0.2.80");
    const auto url = "https://autoconfig.example.org/mail/config-v1.1.xml";
    SUBCASE("status 511 (RFC 6585)") { world.reply(url, 511); }
    SUBCASE("WISPr's mark in the page") { world.page(url, "<html><!-- <WISPAccessGatewayParam> --></html>", 30ms, false); }
    const auto found = search(world, "alice@example.org");
    REQUIRE(found.ended);
    const auto* verdict = said(found.report, VerdictCode::captive_portal);
    REQUIRE(verdict);
    CHECK(verdict->target == "autoconfig.example.org");
    CHECK(found.report.outcome == ReportOutcome::offline);
}

TEST_CASE("no portal: a resolver that only invents what does not exist, a parked domain, a wildcard of the domain's own")
{
    World world;
    bool hijacked = false;
    SUBCASE("names that exist lead elsewhere")
    {
        lead_everything_to(world, "192.0.2.99");
        world.address("imap.example.org", "192.0.2.1");
        hijacked = true;
    }
    SUBCASE("the domain has records that no portal would make up")
    {
        lead_everything_to(world, "192.0.2.99");
        world.mx("example.org", 10, "mx.example.net");
        hijacked = true;
    }
    SUBCASE("parked")
    {
        world.wildcard("example.org", "192.0.2.99");
        world.address("example.org", "192.0.2.99");
    }
    world.page("https://example.org/.well-known/autoconfig/mail/config-v1.1.xml", "<html>For sale</html>", 30ms, false);
    const auto found = search(world, "alice@example.org");
    REQUIRE(found.ended);
    CHECK_FALSE(said(found.report, VerdictCode::captive_portal));
    CHECK((said(found.report, VerdictCode::dns_hijacked) != nullptr) == hijacked);
    CHECK(found.report.outcome == ReportOutcome::not_found);
}
