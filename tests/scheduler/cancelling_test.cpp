// Design section 3.7: cancelling frees every socket within 100 ms, whatever was going on.
#include "tests/support/scripted_world.hpp"

#include <doctest/doctest.h>

using namespace portolan;
using namespace portolan::scripted;

namespace {

/// Everything at once: published twice, guesses, a silent host, a mute one, a slow page, a STARTTLS pair.
void busy(World& world)
{
    world.srv_pair("example.org", "a.example.org", "a.example.org");
    world.srv("_imap._tcp.example.org", {5, 1, 143, "b.example.org"});
    world.srv("_submission._tcp.example.org", {5, 1, 587, "b.example.org"});
    world.srv("_pop3s._tcp.example.org", {9, 1, 995, "c.example.org"});
    world.address("a.example.org", "192.0.2.1");
    world.address("b.example.org", "192.0.2.2");
    world.address("c.example.org", "192.0.2.3");
    for (const auto kind : {ServiceKind::imap, ServiceKind::smtp}) world.server("192.0.2.1", {.kind = kind, .manner = Manner::silent});
    for (const auto kind : {ServiceKind::imap, ServiceKind::smtp}) world.server("192.0.2.2", {.kind = kind, .security = Security::starttls, .rtt = 30ms});
    world.server("192.0.2.3", {.kind = ServiceKind::pop3, .manner = Manner::mute});
    world.address("example.org", "192.0.2.80");
    world.address("autoconfig.example.org", "192.0.2.80");
    world.page("https://autoconfig.example.org/mail/config-v1.1.xml", autoconfig(incoming("late.example.org", 993) + outgoing("late.example.org", 465)), 900ms);
    world.address("ua-auto-config.example.org", "192.0.2.80");
    world.page("https://ua-auto-config.example.org/.well-known/user-agent-configuration.json", "{}", 600ms);
    world.srv("_carddavs._tcp.example.org", {0, 1, 443, "dav.example.org"});
    world.address("late.example.org", "192.0.2.4");
    world.slow_names["mx.example.org"] = 700ms;
    world.pair("192.0.2.4", 100ms);
}

}

TEST_CASE("peers' mistake 15: cancelling ends everything at whatever moment it comes")
{
    milliseconds whole{};
    {
        World world;
        busy(world);
        const auto found = search(world, "alice@example.org");
        REQUIRE(found.ended);
        whole = found.took;
    }
    REQUIRE(whole > 500ms);
    int moments = 0;
    for (milliseconds at = 0ms; at < whole; at += at < 200ms ? 1ms : 7ms) {
        CAPTURE(at.count());
        World world;
        busy(world);
        const auto found = search(world, "alice@example.org", {.cancel_at = at});
        REQUIRE(found.ended);
        ++moments;
        CHECK(found.took <= at + 100ms);
        CHECK(found.after_cancel <= 100ms);
        CHECK(world.open_streams == 0);
        CHECK(world.open_questions == 0);
        CHECK(world.open_requests == 0);
        CHECK(std::ranges::none_of(found.report.probes, [](const Probe& probe) { return probe.outcome == ProbeOutcome::running; }));
        // What was cancelled is nobody's fault.
        CHECK(std::ranges::none_of(found.report.verdicts, [](const Verdict& verdict) { return verdict.code == VerdictCode::connection_timeout && verdict.said == "cancelled"; }));
    }
    CHECK(moments > 250);
}

TEST_CASE("a cancelled search reports what it had learned so far and does not sign in")
{
    World world;
    busy(world);
    SearchScript script{.cancel_at = 400ms};
    script.options.password = Secret(world.password);
    const auto found = search(world, "alice@example.org", script);
    REQUIRE(found.ended);
    CHECK(!found.report.findings.empty());
    CHECK(in_host(found.report) == "b.example.org");
    CHECK(world.sign_ins.empty());
}

TEST_CASE("cancelling a sign-in ends it at once, too")
{
    for (milliseconds at = 0ms; at < 800ms; at += 3ms) {
        CAPTURE(at.count());
        World world;
        world.srv_pair("example.org", "mail.example.org", "mail.example.org");
        world.address("mail.example.org", "192.0.2.1");
        world.pair("192.0.2.1");
        world.server("192.0.2.1", {.kind = ServiceKind::imap, .names = {"alice"}});
        SearchScript script{.cancel_at = at};
        script.options.password = Secret(world.password);
        const auto found = search(world, "alice@example.org", script);
        REQUIRE(found.ended);
        CHECK(found.after_cancel <= 100ms);
        CHECK(world.open_streams == 0);
        CHECK(world.open_questions == 0);
    }
}
