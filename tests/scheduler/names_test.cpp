// What is asked of DNS, and what is contacted (design sections 3.1 to 3.4, rules 10, 16, 17, 25).
#include "probe/discovery/finding.hpp"
#include "tests/support/scripted_world.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace portolan;
using namespace portolan::scripted;

namespace {

bool was_asked(const World& world, std::string_view name, RecordType type)
{
    return std::ranges::any_of(world.asked, [&](const Asked& one) { return one.name == name && one.type == type; });
}

}

TEST_CASE("the burst asks everything at t = 0, and a run asks each question once")
{
    World world;
    world.srv_pair("example.org", "mail.example.org", "mail.example.org");
    world.address("mail.example.org", "192.0.2.1");
    world.pair("192.0.2.1");
    REQUIRE(search(world, "alice@example.org").ended);

    std::set<std::pair<std::string, RecordType>> seen;
    for (const auto& one : world.asked) {
        CAPTURE(one.name);
        CHECK(seen.insert({one.name, one.type}).second);
        CHECK(one.at == 0ms);
    }
    for (const auto type : {RecordType::mx, RecordType::txt}) CHECK(was_asked(world, "example.org", type));
    for (const auto* label : {"_imaps", "_imap", "_pop3s", "_pop3", "_submissions", "_submission", "_autodiscover",
                              "_sieve", "_jmap", "_caldavs", "_caldav", "_carddavs", "_carddav"})
        CHECK(was_asked(world, std::string(label) + "._tcp.example.org", RecordType::srv));
    CHECK(was_asked(world, "_ua-auto-config.example.org", RecordType::txt));
    for (const auto* name : {"autoconfig.example.org", "autodiscover.example.org", "imap.example.org", "smtp.example.org", "mail.example.org", "example.org"})
        for (const auto type : {RecordType::a, RecordType::aaaa}) CHECK(was_asked(world, name, type));
    // What few domains have is asked for AAAA only where A has not said that there is no such name.
    for (const auto* name : {"ua-auto-config.example.org", "pop.example.org", "pop3.example.org", "mx.example.org"}) {
        CHECK(was_asked(world, name, RecordType::a));
        CHECK_FALSE(was_asked(world, name, RecordType::aaaa));
    }
    // Two names more: the label that nobody has, and the name that cannot exist.
    CHECK(std::ranges::count_if(world.asked, [](const Asked& one) { return one.type == RecordType::a; }) == 12);
    CHECK(world.asked.size() == 34);
}

TEST_CASE("a rare name that has an IPv6 address alone is found all the same")
{
    World world;
    world.address("pop3.example.org", "2001:db8::1");
    world.address("smtp.example.org", "192.0.2.1");
    world.server("2001:db8::1", {.kind = ServiceKind::pop3});
    world.server("192.0.2.1", {.kind = ServiceKind::smtp});
    const auto found = search(world, "alice@example.org");
    REQUIRE(found.ended);
    CHECK(in_host(found.report) == "pop3.example.org");
}

TEST_CASE("rule 19: at most 45 questions for one address, whatever its records name; what works is found all the same")
{
    World world;
    for (int i = 0; i < 16; ++i) {
        const auto name = "mail" + std::to_string(i) + ".hoster.example";
        world.srv("_imaps._tcp.example.org", {static_cast<std::uint16_t>(i), 1, 993, name});
        world.srv("_submissions._tcp.example.org", {static_cast<std::uint16_t>(i), 1, 465, "out" + name});
        world.srv("_caldavs._tcp.example.org", {static_cast<std::uint16_t>(i), 1, 443, "dav" + name});
        world.mx("example.org", static_cast<std::uint16_t>(i), "mx" + name);
    }
    world.address("mail0.hoster.example", "192.0.2.1");
    world.address("outmail0.hoster.example", "192.0.2.1");
    world.pair("192.0.2.1");
    const auto found = search(world, "alice@example.org");
    REQUIRE(found.ended);
    CHECK(world.asked.size() <= 45);
    CHECK(in_host(found.report) == "mail0.hoster.example");
    CHECK(out_host(found.report) == "outmail0.hoster.example");
}

TEST_CASE("the names of published servers outside the burst are asked once each, as soon as they are known")
{
    World world;
    world.srv_pair("example.org", "one.hoster.example", "one.hoster.example");
    world.address("one.hoster.example", "192.0.2.1");
    world.pair("192.0.2.1");
    REQUIRE(search(world, "alice@example.org").ended);
    int questions = 0;
    for (const auto& one : world.asked)
        if (one.name == "one.hoster.example") {
            ++questions;
            CHECK(one.at == 20ms);
        }
    CHECK(questions == 2);                                             // A and AAAA, although two services name it
}

TEST_CASE("peers' mistake 14: definitive negatives are never asked again, and what has no name is never contacted")
{
    for (const auto status : {DnsStatus::no_such_name, DnsStatus::refused, DnsStatus::no_data, DnsStatus::servfail}) {
        CAPTURE(slug(status));
        World world;
        world.srv_pair("example.org", "gone.example.org", "gone.example.org");
        world.broken_names["gone.example.org"] = status;
        world.broken_names["imap.example.org"] = status;
        const auto found = search(world, "alice@example.org");
        REQUIRE(found.ended);
        CHECK(found.took < 200ms);
        CHECK(world.contacts.empty());
        CHECK(world.fetched.empty());
        for (const auto& one : world.asked) {
            CAPTURE(one.name);
            CHECK(std::ranges::count_if(world.asked, [&](const Asked& other) { return other.name == one.name && other.type == one.type; }) == 1);
        }
    }
}

TEST_CASE("peers' mistake 14: a refused connection is not tried again by any source")
{
    World world;
    world.srv_pair("example.org", "mail.example.org", "mail.example.org");
    world.address("mail.example.org", "192.0.2.1");                    // nobody listens
    world.address("autoconfig.example.org", "192.0.2.80");
    world.page("https://autoconfig.example.org/mail/config-v1.1.xml", autoconfig(incoming("mail.example.org", 993) + outgoing("mail.example.org", 465)), 300ms);
    const auto found = search(world, "alice@example.org");
    REQUIRE(found.ended);
    std::set<Port> ports;
    for (const auto& contact : world.contacts) CHECK(ports.insert(contact.to.port()).second);
    CHECK(has(found.report, VerdictCode::connection_refused));
}

TEST_CASE("rule 10: nothing above or beside the address's own domain is asked")
{
    World world;
    REQUIRE(search(world, "alice@sales.example.co.uk").ended);
    for (const auto& one : world.asked) {
        CAPTURE(one.name);
        if (one.name == name_that_cannot_exist()) continue;            // the resolver's honesty is asked about, nobody's domain
        if (one.name == "v1.ispdb.net") continue;                      // the database of providers, which is asked for the domain itself
        CHECK((one.name == "sales.example.co.uk" || one.name.ends_with(".sales.example.co.uk")));
    }
}

TEST_CASE("rule 10: a public suffix alone is no mail domain: below it every name is somebody else's")
{
    for (const auto* text : {"alice@co.uk", "alice@com.au", "alice@github.io", "alice@example"}) {
        CAPTURE(text);
        const auto parsed = parse_email_address(text);
        REQUIRE(!parsed);
        CHECK(parsed.error() == AddressProblem::domain_incomplete);
    }
}

TEST_CASE("rule 25: reserved names are known, and with them nobody but the domain itself is asked")
{
    for (const auto* name : {"example.com", "mail.example.net", "example.org", "x.test", "a.b.example", "y.invalid", "z.localhost"}) CHECK(is_reserved_name(host(name)));
    for (const auto* name : {"example.de", "myexample.com", "test.org", "invalid.net"}) CHECK(!is_reserved_name(host(name)));
    World world;
    world.address("example.test", "192.0.2.80");
    REQUIRE(search(world, "alice@example.test").ended);
    for (const auto& one : world.asked)
        CHECK((one.name == "example.test" || one.name.ends_with(".example.test") || one.name == name_that_cannot_exist()));
    for (const auto& url : world.fetched) CHECK(url.starts_with("https://example.test/"));
}

TEST_CASE("A7.1: SRV by priority, then by weighted draw, over 4,100 draws")
{
    const std::vector<SrvTarget> targets{{20, 0, 993, "last"}, {10, 0, 993, "zero"}, {10, 10, 993, "one"}, {10, 30, 993, "three"}};
    const auto hosts = [&](std::vector<std::uint32_t> draws) {
        std::size_t next = 0;
        std::string order;
        for (const auto& target : order_srv(targets, [&](std::uint32_t most) {
                 CHECK(draws[next] <= most);
                 return draws[next++];
             }))
            order += target.host + " ";
        return order;
    };
    // Running sums of the first draw: zero 0, one 10, three 40; the first whose sum is not below the number is taken.
    CHECK(hosts({0, 0, 0, 0}) == "zero one three last ");
    CHECK(hosts({1, 0, 0, 0}) == "one zero three last ");
    CHECK(hosts({10, 30, 0, 0}) == "one three zero last ");
    CHECK(hosts({11, 0, 0, 0}) == "three zero one last ");
    CHECK(hosts({40, 10, 0, 0}) == "three one zero last ");

    std::mt19937 seeded(20261124);
    std::map<std::string, int> first;
    for (int i = 0; i < 4100; ++i) ++first[order_srv(targets, [&](std::uint32_t most) { return std::uniform_int_distribution<std::uint32_t>(0, most)(seeded); }).front().host];
    // 1 : 10 : 30 of 41 numbers; the seed is fixed, so these are facts and no chances.
    CHECK(first["last"] == 0);
    CHECK(first["zero"] > 50);
    CHECK(first["zero"] < 160);
    CHECK(first["one"] > 850);
    CHECK(first["one"] < 1150);
    CHECK(first["three"] > 2800);
}

TEST_CASE("rule 16: the published port is used, and a lone \".\" declines the service: it is not guessed either")
{
    World world;
    world.srv("_imaps._tcp.example.org", {0, 1, 10993, "mail.example.org"});
    world.srv("_imap._tcp.example.org", {0, 0, 0, ""});
    world.srv("_submissions._tcp.example.org", {0, 1, 10465, "mail.example.org"});
    world.srv("_pop3._tcp.example.org", {0, 0, 0, ""});
    world.srv("_pop3s._tcp.example.org", {0, 0, 0, ""});
    world.address("mail.example.org", "192.0.2.1");
    world.address("pop.example.org", "192.0.2.9");
    SUBCASE("and the published servers answer")
    {
        world.server("192.0.2.1", 10993, {.kind = ServiceKind::imap});
        world.server("192.0.2.1", 10465, {.kind = ServiceKind::smtp});
        const auto found = search(world, "alice@example.org");
        REQUIRE(found.ended);
        REQUIRE(found.report.account.incoming());
        CHECK(found.report.account.incoming()->port == 10993);
        CHECK(found.report.account.incoming()->security == Security::tls);
        CHECK(found.report.account.find(ServiceKind::smtp)->port == 10465);
    }
    SUBCASE("and the published servers are dead: nothing declined is tried in their place")
    {
        world.server("192.0.2.9", {.kind = ServiceKind::pop3});
        world.server("192.0.2.1", {.kind = ServiceKind::imap, .security = Security::starttls});
        REQUIRE(search(world, "alice@example.org").ended);
        for (const auto& contact : world.contacts) {
            CHECK(contact.to.port() != 995);
            CHECK(contact.to.port() != 110);
            CHECK(contact.to.port() != 143);
        }
        CHECK(world.contacts_of("192.0.2.1") > 2);                     // what was not declined is guessed: imaps, submissions, submission
    }
}

TEST_CASE("the first SRV target is preferred to the later ones, and they stand in for it when it is dead")
{
    for (const bool dead : {false, true}) {
        CAPTURE(dead);
        World world;
        world.srv("_imaps._tcp.example.org", {20, 1, 993, "second.example.org"});
        world.srv("_imaps._tcp.example.org", {10, 1, 993, "first.example.org"});
        world.srv("_submissions._tcp.example.org", {10, 1, 465, "second.example.org"});
        world.address("first.example.org", "192.0.2.1");
        world.address("second.example.org", "192.0.2.2");
        world.pair("192.0.2.2");
        world.server("192.0.2.1", {.kind = ServiceKind::imap, .manner = dead ? Manner::silent : Manner::answers});
        const auto found = search(world, "alice@example.org");
        REQUIRE(found.ended);
        CHECK(in_host(found.report) == (dead ? "second.example.org" : "first.example.org"));
        CHECK(found.took < 1s);
    }
}

TEST_CASE("peers' mistake 3: MX to provider: the lowest preference alone counts, and a null MX says nothing")
{
    const auto provider = [](std::initializer_list<std::pair<int, const char*>> records) {
        World world;
        for (const auto& [preference, name] : records) world.mx("example.org", static_cast<std::uint16_t>(preference), name);
        return search(world, "alice@example.org").report.provider_id;
    };
    CHECK(provider({{10, "mx00.gmx.net"}, {20, "mail.elsewhere.example"}}) == "gmx.net");
    CHECK(provider({{20, "mx00.gmx.net"}, {10, "mail.elsewhere.example"}}).empty());
    CHECK(provider({{0, ""}}).empty());
    CHECK(provider({{10, "mail.elsewhere.example"}}).empty());
}
