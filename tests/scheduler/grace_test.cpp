// Design section 3.5: how long an answer waits for a better one.
#include "tests/support/scripted_world.hpp"

#include <doctest/doctest.h>

using namespace portolan;
using namespace portolan::scripted;

namespace {

constexpr auto document_url = "https://autoconfig.example.org/mail/config-v1.1.xml";

/// SRV names a hoster (rank 8, soon there); autoconfig of the domain names another one (rank 3, `after`).
void quick_srv_and_slow_autoconfig(World& world, milliseconds after)
{
    world.srv_pair("example.org", "quick.hoster.example", "quick.hoster.example");
    world.address("quick.hoster.example", "192.0.2.1");
    world.pair("192.0.2.1");
    world.address("autoconfig.example.org", "192.0.2.2");
    world.page(document_url, autoconfig(incoming("best.hoster.example", 993) + outgoing("best.hoster.example", 465)), after);
    world.address("best.hoster.example", "192.0.2.3");
    world.pair("192.0.2.3");
}

/// The moment at which the first pair of the world above is proven: two waves of DNS, connect, TLS, greeting and EHLO.
constexpr milliseconds quick_pair_at = 20ms + 20ms + 4 * 20ms;

struct Listener : SearchListener {
    std::function<void()> act;
    int pairs = 0;
    Report at_pair;
    void pair_ready(const Report& report) override
    {
        ++pairs;
        at_pair = report;
        if (act) act();
    }
};

}

TEST_CASE("peers' mistake 15: a slower but better source beats a quick poor one within the grace period")
{
    World world;
    quick_srv_and_slow_autoconfig(world, 100ms);
    const auto found = search(world, "alice@example.org");
    REQUIRE(found.ended);
    CHECK(in_host(found.report) == "best.hoster.example");
    CHECK(out_host(found.report) == "best.hoster.example");
    CHECK(found.report.account.incoming()->trust == Trust::authenticated);
    CHECK(found.report.outcome == ReportOutcome::ready);
    // The quick answer stays in the report as an alternative.
    CHECK(std::ranges::any_of(found.report.alternatives, [](const Service& one) { return one.host.text() == "quick.hoster.example"; }));
}

TEST_CASE("beyond the grace period the quick answer stands")
{
    World world;
    quick_srv_and_slow_autoconfig(world, 3000ms);
    const auto found = search(world, "alice@example.org");
    REQUIRE(found.ended);
    CHECK(in_host(found.report) == "quick.hoster.example");
    CHECK(out_host(found.report) == "quick.hoster.example");
    CHECK(world.open_requests == 0);
    CHECK(world.contacts_of("192.0.2.3") == 0);
}

TEST_CASE("the grace period is twice the elapsed time, at least 150 ms and at most 700 ms")
{
    struct Row { milliseconds step, proven, grace; };
    // `step` is one DNS answer and one round trip; the pair is proven after six of them.
    for (const auto& [step, proven, grace] : std::initializer_list<Row>{{5ms, 30ms, 150ms},
                                                                        {12ms, 72ms, 150ms},
                                                                        {13ms, 78ms, 156ms},
                                                                        {20ms, 120ms, 240ms},
                                                                        {58ms, 348ms, 696ms},
                                                                        {60ms, 360ms, 700ms},
                                                                        {200ms, 1200ms, 700ms}}) {
        CAPTURE(step.count());
        World world;
        quick_srv_and_slow_autoconfig(world, 15s);
        world.dns_takes = step;
        world.pair("192.0.2.1", step);
        const auto found = search(world, "alice@example.org");
        REQUIRE(found.ended);
        CHECK(found.took == proven + grace);
    }
}

TEST_CASE("peers' mistake 15: a complete answer from the top rank that can still be reached ends the wait at once")
{
    SUBCASE("the built-in catalogue")
    {
        World world;
        for (const auto* name : {"imap.gmx.net", "mail.gmx.net", "pop.gmx.net"}) world.address(name, "192.0.2.1");
        world.pair("192.0.2.1");
        world.address("autoconfig.gmx.net", "192.0.2.2");
        world.page("https://autoconfig.gmx.net/mail/config-v1.1.xml", "", 15s);
        const auto found = search(world, "alice@gmx.net");
        REQUIRE(found.ended);
        CHECK(found.report.provider_id == "gmx.net");
        CHECK(found.took == 5 * 20ms);                                 // DNS once, connect, TLS, greeting, EHLO: nothing waited for
    }
    SUBCASE("the domain's own autoconfig, when the catalogue does not know it")
    {
        World world;
        quick_srv_and_slow_autoconfig(world, 10ms);
        world.slow_names["_imaps._tcp.example.org"] = 4s;              // SRV (rank 8) is still under way
        const auto found = search(world, "alice@example.org");
        REQUIRE(found.ended);
        CHECK(in_host(found.report) == "best.hoster.example");
        CHECK(found.took == 20ms + 10ms + 20ms + 4 * 20ms);
    }
}

TEST_CASE("a later finding for an endpoint that was tried already costs no second connection and raises its trust")
{
    World world;
    world.srv_pair("example.org", "mx1.hoster.example", "mx1.hoster.example");
    world.address("mx1.hoster.example", "192.0.2.1");
    world.pair("192.0.2.1");
    world.address("autoconfig.example.org", "192.0.2.2");
    world.page(document_url, autoconfig(incoming("mx1.hoster.example", 993) + outgoing("mx1.hoster.example", 465)), 150ms);
    const auto found = search(world, "alice@example.org");
    REQUIRE(found.ended);
    CHECK(world.contacts_of("192.0.2.1") == 2);
    REQUIRE(found.report.account.incoming());
    CHECK(found.report.account.incoming()->sources == std::vector{Source::autoconfig, Source::srv});
    CHECK(found.report.account.incoming()->trust == Trust::authenticated);
    CHECK(found.took == 170ms);                                        // no grace: the top rank has just agreed
}

TEST_CASE("peers' mistake 8: an incomplete answer cannot win")
{
    World world;
    world.address("autoconfig.example.org", "192.0.2.2");
    world.page(document_url, autoconfig(incoming("best.hoster.example", 993)), 10ms);       // incoming only
    world.address("best.hoster.example", "192.0.2.3");
    world.pair("192.0.2.3");
    world.srv("_submissions._tcp.example.org", {0, 1, 465, "quick.hoster.example"});
    world.address("quick.hoster.example", "192.0.2.1");
    world.pair("192.0.2.1");
    for (const auto* prefix : {"_submissions._tcp.", "_submission._tcp."}) world.slow_names[std::string(prefix) + "example.org"] = 1500ms;
    const auto found = search(world, "alice@example.org");
    REQUIRE(found.ended);
    CHECK(in_host(found.report) == "best.hoster.example");
    CHECK(out_host(found.report) == "quick.hoster.example");
    CHECK(found.took >= 1500ms);
}

TEST_CASE("use this now: the best proven set of this moment is the answer")
{
    World world;
    quick_srv_and_slow_autoconfig(world, 100ms);
    SearchControl control;
    Listener listener;
    SUBCASE("asked for when the first pair is ready") { listener.act = [&] { control.use_now(); }; }
    SUBCASE("asked for before there is one") { control.use_now(); }
    const auto found = search(world, "alice@example.org", {.listener = &listener, .control = &control});
    REQUIRE(found.ended);
    CHECK(listener.pairs == 1);
    CHECK(in_host(listener.at_pair) == "quick.hoster.example");
    CHECK(in_host(found.report) == "quick.hoster.example");
    CHECK(found.took == quick_pair_at);
}

TEST_CASE("keep looking: no grace period, every source is heard to its end")
{
    World world;
    quick_srv_and_slow_autoconfig(world, 6s);
    SearchControl control;
    SearchScript script{.control = &control};
    SUBCASE("from the start") { control.keep_looking(); }
    SUBCASE("during the grace period") { script.events.emplace_back(quick_pair_at + 50ms, [&] { control.keep_looking(); }); }
    const auto found = search(world, "alice@example.org", script);
    REQUIRE(found.ended);
    CHECK(in_host(found.report) == "best.hoster.example");
    CHECK(found.took > 6s);
    CHECK(found.took < 7s);
}

TEST_CASE("the deadline ends the run with what was learned")
{
    World world;
    quick_srv_and_slow_autoconfig(world, 60s);
    SearchControl control;
    control.keep_looking();
    SearchScript script{.control = &control};
    milliseconds deadline = 20s;
    SUBCASE("of 20 s unless told otherwise") {}
    SUBCASE("as told") { script.options.deadline = deadline = 2s; }
    const auto found = search(world, "alice@example.org", script);
    REQUIRE(found.ended);
    CHECK(found.took == deadline);
    CHECK(in_host(found.report) == "quick.hoster.example");
    CHECK(found.report.elapsed_ms == deadline.count());
    CHECK(std::ranges::any_of(
        found.report.probes, [](const Probe& probe) { return probe.kind == ProbeKind::http && probe.outcome == ProbeOutcome::cancelled; }));
    CHECK(std::ranges::none_of(found.report.probes, [](const Probe& probe) { return probe.outcome == ProbeOutcome::running; }));
    CHECK(world.open_requests == 0);
}

TEST_CASE("a run without an answer and with silent servers ends by its deadline, too")
{
    World world;
    world.srv_pair("example.org", "mail.example.org", "mail.example.org");
    world.address("mail.example.org", "192.0.2.1");
    for (const auto kind : {ServiceKind::imap, ServiceKind::smtp}) world.server("192.0.2.1", {.kind = kind, .manner = Manner::mute});
    SearchScript script;
    script.options.deadline = 5s;
    const auto found = search(world, "alice@example.org", script);
    REQUIRE(found.ended);
    CHECK(found.took == 5s);
    CHECK(found.report.outcome == ReportOutcome::attention);
    CHECK(world.open_streams == 0);
}
