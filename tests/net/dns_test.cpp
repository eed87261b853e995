// c-ares against a scripted DNS server on loopback, UDP and TCP at the same port.
#include "probe/net/resolver.hpp"
#include "tests/net/loopback.hpp"
#include "tests/support/dns_message.hpp"

#include <boost/asio/ip/udp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <doctest/doctest.h>

using namespace portolan;
using namespace portolan::scripted;

namespace {

Bytes a(int last) { return {static_cast<char>(192), 0, 2, static_cast<char>(last)}; }

class DnsServer {
public:
    using Script = std::function<std::vector<Bytes>(const Query&)>;

    explicit DnsServer(Script script)
        : script_(std::move(script)), udp_(world.loop), tcp_(world.loop)
    {
        // One port for both, free in both: what is free for datagrams may be taken for connections.
        boost::system::error_code taken = asio::error::address_in_use;
        for (int tries = 0; taken && tries < 100; ++tries) {
            udp_ = asio::ip::udp::socket(world.loop, {asio::ip::address_v4::loopback(), 0});
            tcp_ = asio::ip::tcp::acceptor(world.loop, asio::ip::tcp::v4());
            tcp_.bind({asio::ip::address_v4::loopback(), udp_.local_endpoint().port()}, taken);
        }
        REQUIRE_FALSE(taken);
        tcp_.listen();
        asio::co_spawn(world.loop, datagrams(), asio::detached);
        asio::co_spawn(world.loop, connections(), asio::detached);
        resolver = make_cares_resolver(world.loop, {"127.0.0.1:" + std::to_string(udp_.local_endpoint().port())});
    }
    ~DnsServer()
    {
        resolver.reset();
        udp_.close();
        tcp_.close();
        world.loop.restart();
        world.loop.poll();
    }

    DnsAnswer ask(const std::string& name, RecordType type = RecordType::a) { return world.run(resolver->ask(name, type)); }

    Loopback world;
    std::unique_ptr<Resolver> resolver;
    std::vector<Query> heard;

private:
    Task<void> datagrams()
    {
        std::array<char, 4096> buffer;
        asio::ip::udp::endpoint from;
        for (;;) {
            const auto [error, size] = co_await udp_.async_receive_from(asio::buffer(buffer), from, asio::as_tuple(asio::use_awaitable));
            if (error) co_return;
            heard.push_back(read_query(Bytes(buffer.data(), size), false));
            for (const auto& answer : script_(heard.back()))
                co_await udp_.async_send_to(asio::buffer(answer), from, asio::as_tuple(asio::use_awaitable));
        }
    }
    Task<void> connections()
    {
        for (;;) {
            auto [error, socket] = co_await tcp_.async_accept(asio::as_tuple(asio::use_awaitable));
            if (error) co_return;
            asio::co_spawn(world.loop, stream(std::move(socket)), asio::detached);
        }
    }
    Task<void> stream(asio::ip::tcp::socket socket)
    {
        std::array<unsigned char, 2> size{};
        const auto [error, got] = co_await asio::async_read(socket, asio::buffer(size), asio::as_tuple(asio::use_awaitable));
        if (error) co_return;
        Bytes raw(static_cast<std::size_t>(size[0] << 8 | size[1]), '\0');
        const auto [failed, all] = co_await asio::async_read(socket, asio::buffer(raw), asio::as_tuple(asio::use_awaitable));
        if (failed) co_return;
        heard.push_back(read_query(raw, true));
        for (const auto& answer : script_(heard.back())) {
            const auto framed = u16(static_cast<unsigned>(answer.size())) + answer;
            co_await asio::async_write(socket, asio::buffer(framed), asio::as_tuple(asio::use_awaitable));
        }
    }

    Script script_;
    asio::ip::udp::socket udp_;
    asio::ip::tcp::acceptor tcp_;
};

constexpr unsigned fine = orderly;

}

TEST_CASE("records of every kind, and only those of the asked name or its alias")
{
    DnsServer server([](const Query& query) -> std::vector<Bytes> {
        const auto& name = query.name;
        if (name == "a.example.org")
            return {reply(
                query, fine | 0x20,
                {record(name, RecordType::a, a(1)), record("other.example.org", RecordType::a, a(66)), record(name, RecordType::a, a(2))})};
        if (name == "six.example.org")
            return {reply(query, fine, {record(name, RecordType::aaaa, Bytes("\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\7", 16))})};
        if (name == "www.example.org")
            return {reply(query, fine,
                          {record("deep.example.net", RecordType::a, a(3)), record(name, RecordType::cname, name_of("edge.example.net")),
                           record("edge.example.net", RecordType::cname, name_of("deep.example.net"))})};
        if (query.type == 15)
            return {reply(query, fine,
                          {record(name, RecordType::mx, u16(20) + name_of("Second.Example.ORG")),
                           record(name, RecordType::mx, u16(10) + name_of("first.example.org"))})};
        if (query.type == 33)
            return {reply(query, fine,
                          {record(name, RecordType::srv, u16(5) + u16(7) + u16(993) + name_of("imap.example.org")),
                           record(name, RecordType::srv, u16(0) + u16(0) + u16(0) + name_of(""))})};
        return {reply(query, fine, {record(name, RecordType::txt, "\x03one\x04 two"), record(name, RecordType::txt, Bytes(1, '\0'))})};
    });
    const auto plain = server.ask("A.Example.ORG");
    CHECK(plain.found());
    CHECK(plain.authentic);                                            // the AD bit, as heard
    REQUIRE(plain.addresses.size() == 2);
    CHECK(plain.addresses[0].to_string() == "192.0.2.1");
    CHECK(plain.addresses[1].to_string() == "192.0.2.2");
    CHECK(server.heard.front().name == "a.example.org");
    CHECK((static_cast<unsigned char>(server.heard.front().raw[3]) & 0x20) != 0);     // and asked for

    const auto six = server.ask("six.example.org", RecordType::aaaa);
    REQUIRE(six.addresses.size() == 1);
    CHECK(six.addresses[0].to_string() == "2001:db8::7");
    CHECK(!six.authentic);

    const auto alias = server.ask("www.example.org");
    CHECK(alias.aliases == std::vector<std::string>{"edge.example.net", "deep.example.net"});
    REQUIRE(alias.addresses.size() == 1);
    CHECK(alias.addresses[0].to_string() == "192.0.2.3");

    CHECK(server.ask("example.org", RecordType::mx).mx == std::vector<MxTarget>{{10, "first.example.org"}, {20, "second.example.org"}});
    CHECK(server.ask("_imaps._tcp.example.org", RecordType::srv).srv ==
          std::vector<SrvTarget>{{5, 7, 993, "imap.example.org"}, {0, 0, 0, ""}});
    CHECK(server.ask("text.example.org", RecordType::txt).txt == std::vector<std::string>{"one two", ""});
    CHECK(server.ask("text.example.org", RecordType::txt).txt_strings == std::vector<std::string>{"one", " two", ""});
}

TEST_CASE("every kind of no is kept apart")
{
    DnsServer server([](const Query& query) -> std::vector<Bytes> {
        if (query.name.starts_with("nxdomain")) return {reply(query, fine | 3, {})};
        if (query.name.starts_with("nodata")) return {reply(query, fine, {})};
        if (query.name.starts_with("alias"))
            return {reply(query, fine, {record(query.name, RecordType::cname, name_of("nothing.example.net"))})};
        if (query.name.starts_with("servfail")) return {reply(query, fine | 2, {})};
        if (query.name.starts_with("notimp")) return {reply(query, fine | 4, {})};
        if (query.name.starts_with("refused")) return {reply(query, fine | 5, {})};
        return {};
    });
    struct Row { const char* name; DnsStatus status; };
    for (const auto& [name, status] : {Row{"nxdomain.example.org", DnsStatus::no_such_name}, Row{"nodata.example.org", DnsStatus::no_data},
                                       Row{"alias.example.org", DnsStatus::no_data}, Row{"servfail.example.org", DnsStatus::servfail},
                                       Row{"notimp.example.org", DnsStatus::servfail}, Row{"refused.example.org", DnsStatus::refused}}) {
        CAPTURE(name);
        const auto before = server.heard.size();
        CHECK(slug(server.ask(name).status) == slug(status));
        if (status == DnsStatus::no_such_name || status == DnsStatus::refused)
            CHECK(server.heard.size() == before + 1);                  // definitive: not asked again
    }
    CHECK(slug(server.ask("silent.example.org").status) == "timeout");
    CHECK(std::ranges::count_if(server.heard, [](const Query& query) { return query.name == "silent.example.org"; }) == 3);
}

TEST_CASE("a truncated answer is asked for again by TCP")
{
    DnsServer server([](const Query& query) -> std::vector<Bytes> {
        if (!query.tcp) return {reply(query, fine | 0x200, {})};
        std::vector<Bytes> records;
        for (int i = 0; i < 100; ++i)
            records.push_back(record(query.name, RecordType::txt, "\x20" + std::string(32, static_cast<char>('a' + i % 26))));
        return {reply(query, fine, records)};
    });
    const auto answer = server.ask("long.example.org", RecordType::txt);
    CHECK(answer.found());
    CHECK(answer.txt.size() == 64);                                    // at most 64 of each kind
    CHECK(server.heard.back().tcp);
}

TEST_CASE("where TCP is closed to the DNS, large answers are lost, and that is said")
{
    DnsServer server([](const Query& query) -> std::vector<Bytes> {
        if (query.tcp) return {};
        if (query.name == "short.example.org") return {reply(query, fine, {record(query.name, RecordType::a, a(1))})};
        return {reply(query, fine | 0x200, {})};
    });
    const auto answer = server.ask("long.example.org", RecordType::txt);
    CHECK(slug(answer.status) == "timeout");
    CHECK(slug(answer.detail) == "large-answers-lost");
    CHECK(slug(server.ask("short.example.org").detail) == "none");
}

TEST_CASE("a question that is lost is asked again, and it is known that packets are lost")
{
    std::map<std::string, int> times;
    DnsServer server([&](const Query& query) -> std::vector<Bytes> {
        const int before = times[query.name]++;
        if (query.name.starts_with("lost") && before == 0) return {};
        if (query.name.starts_with("often") && before < 4) return {};
        if (query.name.starts_with("never")) return {};
        return {reply(query, fine, {record(query.name, RecordType::a, a(1))})};
    });
    CHECK(server.ask("here.example.org").found());
    CHECK(server.resolver->lost() == 0);
    CHECK(server.ask("lost.example.org").found());
    CHECK(server.resolver->lost() == 1);
    CHECK(server.ask("often.example.org").found());                    // three times by the library, and by ourselves between
    CHECK(times["often.example.org"] > 3);
    CHECK(slug(server.ask("never.example.org").status) == "timeout");
}

TEST_CASE("a server that was never heard is not asked more often than three times")
{
    int asked = 0;
    DnsServer server([&](const Query&) -> std::vector<Bytes> {
        ++asked;
        return {};
    });
    CHECK(slug(server.ask("example.org").status) == "timeout");
    CHECK(asked == 3);
}

TEST_CASE("a closed port is refused, an unreadable server is said at once")
{
    Loopback world;
    const auto resolver = make_cares_resolver(world.loop, {"127.0.0.1:" + std::to_string(world.unused_port())});
    REQUIRE(resolver);
    CHECK(slug(world.run(resolver->ask("example.org", RecordType::a)).status) == "refused");
    for (const auto* text : {"127.0.0.1", "127.0.0.1:5353", "[::1]:53", "::1", "[::1]"}) {
        CAPTURE(text);
        CHECK(make_cares_resolver(world.loop, {text}) != nullptr);
    }
    for (const auto* text :
         {"", "resolver.example.org", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:70000", "127.0.0.1:53x", "[::1", "[::1]53", "1.2.3"}) {
        CAPTURE(text);
        CHECK(make_cares_resolver(world.loop, {text}) == nullptr);
    }
}

TEST_CASE("answers that lie about themselves are malformed, and none of them is read beyond its end")
{
    const auto cut = [](const Query& query, int how) -> Bytes {
        const auto good = reply(query, fine, {record(query.name, RecordType::a, a(1))});
        const auto pointer = [&](Bytes target) {
            return reply(query, fine, {Bytes("\xc0", 1) + std::move(target) + u16(1) + u16(1) + u16(0) + u16(0) + u16(4) + a(1)});
        };
        switch (how) {
        case 0: return good.substr(0, good.size() - 2);                // the address is cut off
        case 1: return good.substr(0, 14 + query.question.size());
        case 2: return reply(query, fine, {record(query.name, RecordType::a, "abc")});        // three octets
        case 3: return pointer(Bytes(1, static_cast<char>(12 + query.question.size())));      // a name that points at itself
        case 4: return pointer("\xff");                                // past the end
        case 5: return reply(query, fine, {name_of(query.name) + u16(1) + u16(1) + u16(0) + u16(0) + u16(65000) + a(1)});
        default: {
            auto many = good;
            many[6] = 0x7f;                                            // 32,000 answers are announced
            return many;
        }
        }
    };
    for (int how = 0; how < 7; ++how) {
        CAPTURE(how);
        DnsServer server([&](const Query& query) -> std::vector<Bytes> { return {cut(query, how)}; });
        const auto answer = server.ask("broken.example.org");
        CHECK(slug(answer.status) == "malformed");
    }
    for (const auto& [type, data] : {std::pair(RecordType::mx, u16(1)), std::pair(RecordType::srv, u16(1) + u16(1)),
                                     std::pair(RecordType::txt, Bytes("\x09short")), std::pair(RecordType::aaaa, a(1))}) {
        DnsServer server([&, kind = type, bytes = data](const Query& query) -> std::vector<Bytes> {
            return {reply(query, fine, {record(query.name, kind, bytes)})};
        });
        CHECK(slug(server.ask("broken.example.org", type).status) == "malformed");
    }
}

TEST_CASE("an answer with another id is nobody's answer")
{
    DnsServer server([](const Query& query) -> std::vector<Bytes> {
        return {reply(query, fine, {record(query.name, RecordType::a, a(66))}, true),
                reply(query, fine, {record(query.name, RecordType::a, a(1))})};
    });
    const auto answer = server.ask("mail.example.org");
    REQUIRE(answer.addresses.size() == 1);
    CHECK(answer.addresses.front().to_string() == "192.0.2.1");
    CHECK(slug(answer.detail) == "forged-answers");                    // and it is said, once
}

TEST_CASE("an answer to another question is nobody's answer, a late second one is no forgery")
{
    DnsServer server([](const Query& query) -> std::vector<Bytes> {
        const auto good = reply(query, fine, {record(query.name, RecordType::a, a(1))});
        if (query.name != "forged.example.org") return {good, good};
        auto other = query;
        other.question = name_of("elsewhere.example.org") + u16(1) + u16(1);
        return {reply(other, fine, {record("elsewhere.example.org", RecordType::a, a(66))}), good};
    });
    for (const auto* name : {"one.example.org", "two.example.org", "three.example.org"}) CHECK(slug(server.ask(name).detail) == "none");
    const auto answer = server.ask("forged.example.org");
    REQUIRE(answer.addresses.size() == 1);
    CHECK(answer.addresses.front().to_string() == "192.0.2.1");
    CHECK(slug(answer.detail) == "forged-answers");
    CHECK(slug(server.ask("after.example.org").detail) == "none");
}

TEST_CASE("a signature that does not hold is told apart from a server that fails, with one more question a domain")
{
    const auto checks = [](const Query& query) { return (static_cast<unsigned char>(query.raw[3]) & 0x10) == 0; };
    DnsServer server([&](const Query& query) -> std::vector<Bytes> {
        if (checks(query) || query.name.ends_with("failing.example")) return {reply(query, fine | 2, {})};
        return {reply(query, fine, {record(query.name, RecordType::a, a(1))})};
    });
    for (const auto* name : {"bogus.example", "mail.bogus.example"}) {
        const auto bogus = server.ask(name);
        CHECK(slug(bogus.status) == "servfail");
        CHECK(slug(bogus.detail) == "dnssec-bogus");
        CHECK(bogus.addresses.empty());                                // and nothing of it is used
    }
    CHECK(slug(server.ask("_imaps._tcp.bogus.example", RecordType::srv).detail) == "dnssec-bogus");
    const auto failing = server.ask("failing.example");
    CHECK(slug(failing.status) == "servfail");
    CHECK(slug(failing.detail) == "none");
    CHECK(std::ranges::count_if(server.heard, [&](const Query& query) { return !checks(query); }) == 2);
}

TEST_CASE("names that cannot be asked are refused before a question leaves")
{
    DnsServer server(
        [](const Query& query) -> std::vector<Bytes> { return {reply(query, fine, {record(query.name, RecordType::a, a(1))})}; });
    for (const auto& name : {std::string("a..b"), std::string(64, 'x') + ".example.org", std::string(".")}) {
        CAPTURE(name);
        CHECK(!server.ask(name).found());
    }
    for (const auto& one : server.heard) CHECK(one.name.find("..") == std::string::npos);
}

TEST_CASE("a question that is cancelled ends at once, and the late answer finds nobody")
{
    DnsServer server([](const Query&) -> std::vector<Bytes> { return {}; });
    asio::cancellation_signal stop;
    std::optional<DnsAnswer> answer;
    asio::co_spawn(server.world.loop, server.resolver->ask("silent.example.org", RecordType::a),
                   asio::bind_cancellation_slot(stop.slot(), [&](std::exception_ptr, DnsAnswer one) { answer = std::move(one); }));
    server.world.run_until([&] { return !server.heard.empty(); });
    stop.emit(asio::cancellation_type::all);
    server.world.run_until([&] { return answer.has_value(); });
    CHECK(slug(answer->status) == "cancelled");
    CHECK(server.heard.size() == 1);
}

TEST_CASE("200 questions at once all come back, at most 64 of them under way")
{
    DnsServer server(
        [](const Query& query) -> std::vector<Bytes> { return {reply(query, fine, {record(query.name, RecordType::a, a(1))})}; });
    int answered = 0, found = 0;
    for (int i = 0; i < 200; ++i)
        asio::co_spawn(server.world.loop, server.resolver->ask("n" + std::to_string(i) + ".example.org", RecordType::a),
                       [&](std::exception_ptr, DnsAnswer one) {
                           ++answered;
                           found += one.found() ? 1 : 0;
                       });
    server.world.run_until([&] { return answered == 200; });
    CHECK(found == 200);
}
