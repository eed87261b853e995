// Answers that are not to be believed: a resolver that invents names, a zone that has every name (facts of discovery: 2.9).
#include "probe/discovery/finding.hpp"
#include "tests/support/scripted_world.hpp"

#include <doctest/doctest.h>

using namespace portolan;
using namespace portolan::scripted;

TEST_CASE("a resolver that answers for a name below .invalid is named, and what it says of usual names counts nothing")
{
    World world;
    world.wildcard("invalid", "192.0.2.99");
    for (const auto* name : {"imap.example.org", "smtp.example.org", "autoconfig.example.org"}) world.address(name, "192.0.2.99");
    world.address("mail.example.org", "192.0.2.1");
    world.pair("192.0.2.1");
    const auto found = search(world, "alice@example.org");
    REQUIRE(found.ended);
    const auto* verdict = said(found.report, VerdictCode::dns_hijacked);
    REQUIRE(verdict);
    CHECK(verdict->who == Who::this_network);
    CHECK(verdict->severity == Severity::warning);
    CHECK(verdict->said == "192.0.2.99");
    CHECK(in_host(found.report) == "mail.example.org");
    CHECK(out_host(found.report) == "mail.example.org");
}

TEST_CASE("an honest resolver is not accused: not by a wildcard of the domain's own, nor by a refusal")
{
    World world;
    SUBCASE("a wildcard") { world.wildcard("example.org", "192.0.2.99"); }
    SUBCASE("a refusal") { world.broken_names[name_that_cannot_exist()] = DnsStatus::refused; }
    world.address("mail.example.org", "192.0.2.1");
    world.pair("192.0.2.1");
    const auto found = search(world, "alice@example.org");
    REQUIRE(found.ended);
    CHECK_FALSE(has(found.report, VerdictCode::dns_hijacked));
    CHECK(in_host(found.report) == "mail.example.org");
}

namespace {

/// Every name of the domain is one web server that answers 200 with a page for people, whatever is asked for.
class PagesEverywhere : public Http {
public:
    explicit PagesEverywhere(World& world) : world_(world) {}
    Task<HttpExchange> fetch(HttpRequest request) override
    {
        co_await asio::this_coro::throw_if_cancelled(false);
        HttpExchange exchange;
        if (!co_await world_.clock.wait_for(60ms)) {
            exchange.outcome = std::unexpected(Failure{Stage::request, Cause::cancelled, {}});
            co_return exchange;
        }
        HttpAnswer answer;
        answer.status = 200;
        answer.authenticated = request.url.starts_with("https://");
        answer.final_url = request.url;
        answer.body = "<!DOCTYPE html><html><head><title>This domain may be for sale</title></head><body>Welcome</body></html>";
        exchange.outcome = std::move(answer);
        co_return exchange;
    }

private:
    World& world_;
};

}

TEST_CASE("peers' mistake 22: a wildcard zone or a parked domain whose one web server has a page for every path is no evidence for anything")
{
    World world;
    world.wildcard("example.org", "192.0.2.80");
    SUBCASE("a wildcard zone") {}
    SUBCASE("a parked domain: it has an address itself, and takes its own mail")
    {
        world.address("example.org", "192.0.2.80");
        world.mx("example.org", 10, "example.org");
    }
    PagesEverywhere web(world);
    Run one(world);
    Surroundings around{world.clock, one.around().resolver, world.connector(), web, one.ledger(), one.log(), RacePolicy{}};
    const auto report = run(world, find(mail_address("alice@example.org"), around, SearchOptions{}));
    CHECK(report.outcome == ReportOutcome::not_found);
    CHECK(report.account.services.empty());
    CHECK(report.alternatives.empty());
    for (const auto& finding : report.findings) CHECK(finding.source == Source::guess);
    CHECK_FALSE(has(report, VerdictCode::settings_malformed));
    CHECK_FALSE(has(report, VerdictCode::dns_hijacked));
}

TEST_CASE("an autoconfig alias that leads nowhere is said to its owner, and is no evidence")
{
    World world;
    world.alias("autoconfig.example.org", "settings.gone.test");
    world.srv_pair("example.org", "mail.example.org", "mail.example.org");
    world.address("mail.example.org", "192.0.2.1");
    world.pair("192.0.2.1");
    const auto found = search(world, "alice@example.org");
    REQUIRE(found.ended);
    const auto* verdict = said(found.report, VerdictCode::settings_point_nowhere);
    REQUIRE(verdict);
    CHECK(verdict->target == "settings.gone.test");
    CHECK(verdict->who == Who::domain_owner);
    CHECK(verdict->severity == Severity::warning);
    CHECK(found.report.outcome == ReportOutcome::ready);
    CHECK(std::ranges::none_of(world.fetched, [](const std::string& url) { return url.contains("autoconfig.example.org"); }));
    World honest;
    honest.srv_pair("example.org", "mail.example.org", "mail.example.org");
    honest.address("mail.example.org", "192.0.2.1");
    honest.pair("192.0.2.1");
    CHECK_FALSE(has(search(honest, "alice@example.org").report, VerdictCode::settings_point_nowhere));
}

TEST_CASE("settings from a host whose certificate does not name it are nobody's authenticated word")
{
    World world;
    world.address("autoconfig.example.org", "192.0.2.80");             // the host of another customer
    world.page("https://autoconfig.example.org/mail/config-v1.1.xml", autoconfig(incoming("mail.other.test", 993) + outgoing("mail.other.test", 465)), 30ms, false);
    world.address("mail.other.test", "192.0.2.9");
    world.pair("192.0.2.9");
    const auto found = search(world, "alice@example.org");
    REQUIRE(found.ended);
    for (const auto& service : found.report.account.services) CHECK(service.trust != Trust::authenticated);
    CHECK(found.report.outcome != ReportOutcome::ready);
}
