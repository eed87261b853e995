// RFC 8305 in virtual time, the ledger, and which addresses are nobody's business (design sections 3.4 and 3.6, rule 18).
#include "probe/net/mailbox.hpp"
#include "tests/support/scripted_world.hpp"

#include <doctest/doctest.h>

using namespace portolan;
using namespace portolan::scripted;

namespace {

std::vector<IpAddress> addresses(std::initializer_list<const char*> texts)
{
    std::vector<IpAddress> list;
    for (const auto* text : texts) list.push_back(asio::ip::make_address(text));
    return list;
}

struct Raced {
    Outcome<IpEndpoint> winner;
    milliseconds took;
};

Raced race(World& world, HostLedger& ledger, std::vector<IpAddress> list, RacePolicy policy = {}, Port port = 993)
{
    const auto began = world.elapsed();
    auto outcome =
        run(world, race_addresses(world.connector(), world.clock, ledger, host("mail.example.org"), port, std::move(list), policy));
    Raced raced{std::unexpected(Failure{}), world.elapsed() - began};
    if (outcome) raced.winner = (*outcome)->peer();
    else raced.winner = std::unexpected(outcome.error());
    return raced;
}

void listens(World& world, const std::string& ip, Manner manner, milliseconds rtt = 20ms)
{
    world.server(ip, {.rtt = rtt, .manner = manner});
}
}

TEST_CASE("peers' mistake 19: a black hole on IPv6 costs 250 ms, and the loser is closed")
{
    World world;
    HostLedger ledger;
    listens(world, "2001:db8::1", Manner::silent);
    listens(world, "192.0.2.1", Manner::answers);
    const auto raced = race(world, ledger, addresses({"2001:db8::1", "192.0.2.1"}));
    REQUIRE(raced.winner);
    CHECK(raced.winner->address().is_v4());
    CHECK(raced.took == 270ms);                                        // at most 300 ms
    CHECK(world.open_streams == 0);
    CHECK(ledger.last_good_v6() == false);
    CHECK(ledger.is_silent(asio::ip::make_address("2001:db8::1")));
    SUBCASE("and the next race of this run does not pay it again")
    {
        const auto again = race(world, ledger, addresses({"2001:db8::1", "192.0.2.1"}));
        REQUIRE(again.winner);
        CHECK(again.took == 20ms);
    }
}

TEST_CASE("a failure starts the next attempt at once")
{
    World world;
    HostLedger ledger;
    listens(world, "2001:db8::1", Manner::refuses, 30ms);
    listens(world, "192.0.2.1", Manner::unreachable, 5ms);
    listens(world, "192.0.2.2", Manner::answers, 20ms);
    const auto raced = race(world, ledger, addresses({"2001:db8::1", "192.0.2.1", "192.0.2.2"}));
    REQUIRE(raced.winner);
    CHECK(raced.took == 55ms);
    std::vector<milliseconds> starts;
    for (const auto& contact : world.contacts) starts.push_back(contact.at);
    CHECK(starts == std::vector<milliseconds>{0ms, 30ms, 35ms});
}

TEST_CASE("without failures the attempts are 250 ms apart, and the first to answer wins, not the last to start")
{
    World world;
    HostLedger ledger;
    listens(world, "2001:db8::1", Manner::answers, 600ms);
    for (const auto* ip : {"192.0.2.1", "192.0.2.2", "192.0.2.3"}) listens(world, ip, Manner::silent);
    const auto raced = race(world, ledger, addresses({"2001:db8::1", "192.0.2.1", "192.0.2.2", "192.0.2.3"}));
    REQUIRE(raced.winner);
    CHECK(raced.winner->address().is_v6());
    CHECK(raced.took == 600ms);
    std::vector<milliseconds> starts;
    for (const auto& contact : world.contacts) starts.push_back(contact.at);
    CHECK(starts == std::vector<milliseconds>{0ms, 250ms, 500ms});
    CHECK(world.open_streams == 0);
    CHECK(ledger.last_good_v6() == true);
}

TEST_CASE("a bell that was overtaken by a failure does not ring twice")
{
    World world;
    HostLedger ledger;
    listens(world, "2001:db8::1", Manner::refuses, 100ms);
    for (const auto* ip : {"192.0.2.1", "192.0.2.2"}) listens(world, ip, Manner::silent);
    listens(world, "192.0.2.3", Manner::answers, 10ms);
    const auto raced = race(world, ledger, addresses({"2001:db8::1", "192.0.2.1", "192.0.2.2", "192.0.2.3"}));
    REQUIRE(raced.winner);
    std::vector<milliseconds> starts;
    for (const auto& contact : world.contacts) starts.push_back(contact.at);
    CHECK(starts == std::vector<milliseconds>{0ms, 100ms, 350ms, 600ms});
}

TEST_CASE("the most informative cause of all addresses is the failure, and the host is written down as dead")
{
    struct Row { Manner first, second; Cause cause; };
    for (const auto& [first, second, cause] :
         {Row{Manner::unreachable, Manner::refuses, Cause::refused}, Row{Manner::refuses, Manner::unreachable, Cause::refused},
          Row{Manner::silent, Manner::refuses, Cause::refused}, Row{Manner::unreachable, Manner::silent, Cause::timed_out},
          Row{Manner::unreachable, Manner::unreachable, Cause::unreachable}, Row{Manner::silent, Manner::silent, Cause::timed_out}}) {
        CAPTURE(static_cast<int>(first));
        CAPTURE(static_cast<int>(second));
        World world;
        HostLedger ledger;
        listens(world, "2001:db8::1", first);
        listens(world, "192.0.2.1", second);
        const auto raced = race(world, ledger, addresses({"2001:db8::1", "192.0.2.1"}));
        REQUIRE(!raced.winner);
        CHECK(raced.winner.error().cause == cause);
        CHECK(raced.winner.error().stage == Stage::connect);
        CHECK(raced.took <= 3250ms);
        REQUIRE(ledger.known_dead(host("mail.example.org"), 993));
        CHECK(ledger.known_dead(host("mail.example.org"), 993)->cause == cause);
        CHECK(!ledger.known_dead(host("mail.example.org"), 143));
        CHECK(world.open_streams == 0);
    }
}

TEST_CASE("where packets are lost an address is knocked at again, for twice the limit, and its silence is no fact for the other ports")
{
    World world;
    HostLedger ledger;
    listens(world, "192.0.2.1", Manner::silent);
    RacePolicy policy;
    policy.insist = true;
    SUBCASE("silent to the end")
    {
        const auto raced = race(world, ledger, addresses({"192.0.2.1"}), policy);
        REQUIRE(!raced.winner);
        CHECK(raced.took == 6s);
        std::vector<milliseconds> starts;
        for (const auto& contact : world.contacts) starts.push_back(contact.at);
        CHECK(starts == std::vector<milliseconds>{0ms, 700ms, 1400ms, 2100ms, 2800ms, 3500ms, 4200ms, 4900ms});
    }
    SUBCASE("of two addresses the one that answers wins, and the other is not taken for dead")
    {
        listens(world, "2001:db8::1", Manner::silent);
        listens(world, "192.0.2.1", Manner::answers);
        const auto raced = race(world, ledger, addresses({"2001:db8::1", "192.0.2.1"}), policy);
        REQUIRE(raced.winner);
        CHECK(raced.took == 270ms);
        CHECK_FALSE(ledger.is_silent(asio::ip::make_address("2001:db8::1")));
    }
    SUBCASE("whoever refuses has spoken")
    {
        listens(world, "192.0.2.1", Manner::refuses);
        const auto raced = race(world, ledger, addresses({"192.0.2.1"}), policy);
        REQUIRE(!raced.winner);
        CHECK(raced.winner.error().cause == Cause::refused);
        CHECK(world.contacts.size() == 1);
    }
}

TEST_CASE("a host that was silent at one port and never heard is not waited for at another")
{
    World world;
    HostLedger ledger;
    for (const Port port : {Port(993), Port(143)}) world.server("192.0.2.1", port, {.manner = Manner::silent});
    CHECK(race(world, ledger, addresses({"192.0.2.1"})).took == 3s);
    const auto second = race(world, ledger, addresses({"192.0.2.1"}), {}, 143);
    CHECK(second.took == 0ms);
    REQUIRE(!second.winner);
    CHECK(second.winner.error().cause == Cause::timed_out);
    SUBCASE("but one that was heard is")
    {
        HostLedger other;
        (void)race(world, other, addresses({"192.0.2.1"}), {}, 995);  // refuses: alive
        CHECK(race(world, other, addresses({"192.0.2.1"}), {}, 993).took == 3s);
        CHECK(race(world, other, addresses({"192.0.2.1"}), {}, 143).took == 3s);
    }
}

TEST_CASE("a race that is cancelled is nobody's verdict and leaves nothing open")
{
    World world;
    HostLedger ledger;
    listens(world, "192.0.2.1", Manner::silent);
    asio::cancellation_signal stop;
    std::optional<Cause> cause;
    asio::co_spawn(world.loop,
                   race_addresses(world.connector(), world.clock, ledger, host("mail.example.org"), 993, addresses({"192.0.2.1"})),
                   asio::bind_cancellation_slot(stop.slot(), [&](std::exception_ptr, Outcome<std::unique_ptr<Stream>> outcome) {
                       cause = outcome ? Cause::our_bug : outcome.error().cause;
                   }));
    world.clock.run([&] { return world.open_streams == 1; });
    stop.emit(asio::cancellation_type::all);
    world.clock.run([&] { return cause.has_value(); });
    CHECK(cause == Cause::cancelled);
    CHECK(world.elapsed() == 0ms);
    CHECK(world.open_streams == 0);
    CHECK(!ledger.known_dead(host("mail.example.org"), 993));
}

TEST_CASE("rule 18: unattended use reaches no private address, not even when a public one stands beside it")
{
    World world;
    HostLedger ledger;
    listens(world, "10.0.0.1", Manner::answers);
    listens(world, "127.0.0.1", Manner::answers);
    const auto raced = race(world, ledger, addresses({"10.0.0.1", "127.0.0.1"}), {.refuse_private = true});
    REQUIRE(!raced.winner);
    CHECK(raced.winner.error().cause == Cause::private_address);
    CHECK(raced.winner.error().reply == "10.0.0.1");
    CHECK(world.contacts.empty());
    (void)race(world, ledger, addresses({"10.0.0.1", "9.9.9.9"}), {.refuse_private = true});
    REQUIRE(world.contacts.size() == 1);
    CHECK(world.contacts.front().to.address().to_string() == "9.9.9.9");
}

TEST_CASE("rule 18: private and reserved addresses, one by one")
{
    for (const auto* text : {"0.0.0.0", "0.1.2.3", "10.0.0.0", "10.255.255.255", "100.64.0.0", "100.127.255.255", "127.0.0.1",
                             "127.255.255.255", "169.254.0.1", "172.16.0.0", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.168.0.0",
                             "192.168.255.255", "198.18.0.0", "198.19.255.255", "198.51.100.7", "203.0.113.7", "224.0.0.1",
                             "239.255.255.255", "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "febf::1", "fec0::1", "fc00::1",
                             "fdff::1", "ff02::1", "2001:db8::1", "2001::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "2002:c0a8:0101::1",
                             "64:ff9b::10.1.2.3", "64:ff9b:1::8.8.8.8", "64:ff9b::1:808:808", "100::1", "192.88.99.1", "2001:2::1", "2001:10::1", "2001:1ff:ffff::1", "3fff::1",
                             "3fff:fff::1", "::10.0.0.1", "::127.0.0.1", "::2"}) {
        CAPTURE(text);
        CHECK(is_private_or_reserved(asio::ip::make_address(text)));
    }
    for (const auto* text : {"1.0.0.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.1",
                             "169.253.255.255", "169.255.0.1", "172.15.255.255", "172.32.0.0", "192.0.1.1", "192.0.3.1",
                             "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255", "8.8.8.8", "2a00::1",
                             "2600::1", "2001:4860:4860::8888", "::ffff:8.8.8.8", "2002:0808:0808::1", "64:ff9b::8.8.8.8", "101::1", "192.88.98.1", "192.88.100.1", "2001:200::1", "3fff:1000::1", "100:0:0:1::1"}) {
        CAPTURE(text);
        CHECK(!is_private_or_reserved(asio::ip::make_address(text)));
    }
}

namespace {

struct Resolved {
    Addresses addresses;
    milliseconds took;
};

class TwoSpeeds : public Resolver {
public:
    TwoSpeeds(World& world, milliseconds v4, milliseconds v6) : world_(world), v4_(v4), v6_(v6) {}
    Task<DnsAnswer> ask(std::string name, RecordType type) override
    {
        co_await asio::this_coro::throw_if_cancelled(false);
        if (!co_await world_.clock.wait_for(type == RecordType::a ? v4_ : v6_)) co_return DnsAnswer{};
        co_return co_await world_.resolver().ask(std::move(name), type);
    }

private:
    World& world_;
    milliseconds v4_, v6_;
};

Resolved resolve(World& world, milliseconds v4, milliseconds v6, std::optional<bool> prefer_v6 = std::nullopt)
{
    world.dns_takes = 0ms;
    TwoSpeeds resolver(world, v4, v6);
    const auto began = world.elapsed();
    auto list = run(world, resolve_addresses(resolver, world.clock, host("mail.example.org"), prefer_v6));
    return {std::move(list), world.elapsed() - began};
}

std::string joined(const Addresses& addresses)
{
    std::string text;
    for (const auto& one : addresses.list) text += one.to_string() + " ";
    return text;
}

}

TEST_CASE("A and AAAA: 50 ms of patience for the slower family, families interleaved, last good one first")
{
    World world;
    for (const auto* ip : {"192.0.2.1", "192.0.2.2", "192.0.2.3"}) world.address("mail.example.org", ip);
    for (const auto* ip : {"2001:db8::1", "2001:db8::2"}) world.address("mail.example.org", ip);
    SUBCASE("both come in time")
    {
        const auto resolved = resolve(world, 20ms, 60ms);
        CHECK(resolved.took == 60ms);
        CHECK(joined(resolved.addresses) == "2001:db8::1 192.0.2.1 2001:db8::2 192.0.2.2 192.0.2.3 ");
    }
    SUBCASE("IPv4 worked last")
    {
        const auto resolved = resolve(world, 20ms, 20ms, false);
        CHECK(joined(resolved.addresses) == "192.0.2.1 2001:db8::1 192.0.2.2 2001:db8::2 192.0.2.3 ");
    }
    SUBCASE("AAAA is late")
    {
        const auto resolved = resolve(world, 20ms, 900ms);
        CHECK(resolved.took == 70ms);
        CHECK(joined(resolved.addresses) == "192.0.2.1 192.0.2.2 192.0.2.3 ");
    }
    SUBCASE("A is late")
    {
        const auto resolved = resolve(world, 900ms, 20ms);
        CHECK(resolved.took == 70ms);
        CHECK(joined(resolved.addresses) == "2001:db8::1 2001:db8::2 ");
    }
}

TEST_CASE("a \"no\" of one family is waited out, and the more informative of two is the answer")
{
    struct Row { DnsStatus four, six, said; };
    for (const auto& [four, six, said] : {Row{DnsStatus::no_data, DnsStatus::no_data, DnsStatus::no_data},
                                          Row{DnsStatus::no_such_name, DnsStatus::no_such_name, DnsStatus::no_such_name},
                                          Row{DnsStatus::timed_out, DnsStatus::no_such_name, DnsStatus::no_such_name},
                                          Row{DnsStatus::servfail, DnsStatus::timed_out, DnsStatus::servfail},
                                          Row{DnsStatus::no_data, DnsStatus::servfail, DnsStatus::servfail},
                                          Row{DnsStatus::timed_out, DnsStatus::no_data, DnsStatus::timed_out}}) {
        class Says : public Resolver {
        public:
            Says(DnsStatus a, DnsStatus b) : a_(a), b_(b) {}
            Task<DnsAnswer> ask(std::string, RecordType type) override
            {
                DnsAnswer answer;
                answer.status = type == RecordType::a ? a_ : b_;
                co_return answer;
            }

        private:
            DnsStatus a_, b_;
        } resolver(four, six);
        World world;
        CHECK(slug(run(world, resolve_addresses(resolver, world.clock, host("mail.example.org"))).status) == slug(said));
    }
    World world;
    world.address("mail.example.org", "192.0.2.1");
    const auto resolved = resolve(world, 300ms, 20ms);                 // AAAA: no data, long before A
    CHECK(resolved.took == 300ms);
    CHECK(joined(resolved.addresses) == "192.0.2.1 ");
}

TEST_CASE("an IP literal answers itself, and at most 16 addresses are kept")
{
    World world;
    CHECK(joined(run(world, resolve_addresses(world.resolver(), world.clock, host("192.0.2.7")))) == "192.0.2.7 ");
    CHECK(world.asked.empty());
    for (int i = 1; i <= 40; ++i) world.address("many.example.org", "192.0.2." + std::to_string(i));
    CHECK(run(world, resolve_addresses(world.resolver(), world.clock, host("many.example.org"))).list.size() == 16);
}

TEST_CASE("one connection finds out whether IPv6 works here, those beside it take IPv4")
{
    HostLedger ledger;
    const auto order = [&](std::initializer_list<const char*> texts) {
        auto list = addresses(texts);
        ledger.order_families(list);
        return list;
    };
    const auto both = addresses({"2001:db8::1", "192.0.2.1"}), turned = addresses({"192.0.2.1", "2001:db8::1"});
    CHECK(order({"2001:db8::1"}) == addresses({"2001:db8::1"}));       // one family has nothing to find out
    CHECK(order({"2001:db8::1", "192.0.2.1"}) == both);                // the scout
    CHECK(order({"2001:db8::1", "192.0.2.1"}) == turned);
    CHECK(order({"2001:db8::1"}) == addresses({"2001:db8::1"}));
    ledger.family_worked(true);
    CHECK(order({"2001:db8::1", "192.0.2.1"}) == both);                // known: the resolver's order stands
}

TEST_CASE("eight hosts with silent IPv6 cost nine connections, not sixteen")
{
    World world;
    HostLedger ledger;
    std::vector<std::vector<IpAddress>> lists;
    for (int i = 1; i <= 8; ++i) {
        const auto six = "2001:db8::" + std::to_string(i), four = "192.0.2." + std::to_string(i);
        listens(world, six, Manner::silent);
        listens(world, four, Manner::answers);
        lists.push_back(addresses({six.c_str(), four.c_str()}));
    }
    const auto all = [](World& w, HostLedger& l, std::vector<std::vector<IpAddress>> hosts) -> Task<int> {
        const auto executor = co_await asio::this_coro::executor;
        Nursery nursery(executor);
        int answered = 0;
        const auto one = [](World& to, HostLedger& facts, std::vector<IpAddress> list, int& count) -> Task<void> {
            auto outcome = co_await race_addresses(to.connector(), to.clock, facts, host("mail.example.org"), 993, std::move(list), {});
            if (outcome) ++count;
        };
        for (auto& list : hosts) nursery.start(one(w, l, std::move(list), answered));
        co_await nursery.join();
        co_return answered;
    };
    CHECK(run(world, all(world, ledger, std::move(lists))) == 8);
    CHECK(world.contacts.size() == 9);
}
