// Answers that are not to be believed: a resolver that invents names, a zone that has every name (facts of discovery: 2.9).
#include "probe/discovery/finding.hpp"
#include "tests/support/scripted_world.hpp"

#include <doctest/doctest.h>

using namespace portolan;
using namespace portolan::scripted;

namespace {

const Verdict* said(const Report& report, VerdictCode code)
{
    const auto found = std::ranges::find(report.verdicts, code, &Verdict::code);
    return found == report.verdicts.end() ? nullptr : &*found;
}

}

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
