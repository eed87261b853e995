// HTTP by libcurl, against HTTPS servers of the test (design rules 9, 11, 18, 19, 20 and the redirect policy).
#include "probe/net/http.hpp"
#include "tests/net/loopback.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <deque>

using namespace portolan;
using namespace portolan::scripted;

namespace {

std::string response(std::string_view status, std::string_view body, std::string_view more = "")
{
    return "HTTP/1.1 " + std::string(status) + "\r\nContent-Type: text/xml\r\n" + std::string(more) +
           "Content-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" + std::string(body);
}
std::string moved(std::string_view to) { return response("302 Found", "", "Location: " + std::string(to) + "\r\n"); }

/// Names at 192.0.2.x, each led to a listener of the test, as the demonstration does it.
class Web {
public:
    Web() : connector_(make_socket_connector(world.tls, [this](IpEndpoint to) { return route(to); })) { restart(); }

    /// One more host: its pages by path, and its certificate. Returns what was heard there.
    std::vector<std::string>& host_at(const std::string& name, std::map<std::string, std::string> pages,
                                      std::shared_ptr<SSL_CTX> context = nullptr, bool plain = false, std::string ip = {})
    {
        if (ip.empty()) ip = "192.0.2." + std::to_string(++hosts_);
        names.address(name, ip);
        auto& heard = heard_.emplace_back();
        if (!context) context = server_context(world.chain("DNS:" + name));
        const auto port = world.serve(context, [this, pages = std::move(pages), plain, &heard](DemoPeer& peer) -> Task<void> {
            if (!plain && !co_await peer.start_tls()) co_return;
            auto first = co_await peer.line();
            if (!first) co_return;
            heard.push_back(*first);
            while (auto line = co_await peer.line()) {
                if (line->empty()) break;
                heard.push_back(*line);
            }
            const auto path = first->substr(first->find(' ') + 1, first->rfind(' ') - first->find(' ') - 1);
            const auto page = pages.find(path.substr(0, path.find('?')));
            if (page == pages.end()) (void)co_await peer.say_raw(response("404 Not Found", "no"));
            else if (page->second == "(never)") {
                waiting = true;
                while (co_await peer.line()) {}
                released = true;
            } else (void)co_await peer.say_raw(page->second);
        });
        routes_[IpEndpoint(asio::ip::make_address(ip), plain ? 80 : 443)] = IpEndpoint(asio::ip::address_v4::loopback(), port);
        return heard;
    }

    HttpExchange get(const std::string& url, HttpRequest request = {})
    {
        request.url = url;
        return world.run(http->fetch(std::move(request)));
    }

    void restart(RacePolicy policy = {}) { http = make_curl_http(world.loop, world.tls, names_, *connector_, world.clock, ledger, policy); }

    Loopback world;
    scripted::World names;                     ///< only its table of names is used
    HostLedger ledger;
    std::vector<IpEndpoint> routed;
    std::vector<std::string> questions;
    bool waiting = false, released = false;
    std::unique_ptr<Http> http;

private:
    /// Answers at once, from the table.
    class Names : public Resolver {
    public:
        explicit Names(Web& web) : web_(web) {}
        Task<DnsAnswer> ask(std::string name, RecordType type) override
        {
            web_.questions.push_back(name);
            co_return web_.names.lookup(name, type);
        }

    private:
        Web& web_;
    };

    IpEndpoint route(IpEndpoint to)
    {
        routed.push_back(to);
        const auto found = routes_.find(to);
        return found == routes_.end() ? IpEndpoint(asio::ip::address_v4::loopback(), world.unused_port()) : found->second;
    }

    int hosts_ = 0;
    std::map<IpEndpoint, IpEndpoint> routes_;
    std::deque<std::vector<std::string>> heard_;
    std::unique_ptr<Connector> connector_;
    Names names_{*this};
};

Cause cause_of(const HttpExchange& exchange) { return exchange.outcome ? Cause::our_bug : exchange.outcome.error().cause; }

}

TEST_CASE("a page over HTTPS, from the address that our resolver gave and no other (rule 18)")
{
    Web web;
    auto& heard = web.host_at("autoconfig.example.org", {{"/mail/config-v1.1.xml", response("200 OK", "<clientConfig/>")}});
    const auto exchange = web.get("https://autoconfig.example.org/mail/config-v1.1.xml?emailaddress=alice%40example.org");
    REQUIRE(exchange.outcome);
    CHECK(exchange.outcome->status == 200);
    CHECK(exchange.outcome->body == "<clientConfig/>");
    CHECK(exchange.outcome->content_type == "text/xml");
    CHECK(exchange.outcome->authenticated);
    REQUIRE(exchange.hops.size() == 1);
    CHECK(exchange.hops.front().tls->certificate.names == std::vector<std::string>{"autoconfig.example.org"});
    // The query arrives as it was written.
    CHECK(heard.front() == "GET /mail/config-v1.1.xml?emailaddress=alice%40example.org HTTP/1.1");
    CHECK(web.questions == std::vector<std::string>{"autoconfig.example.org", "autoconfig.example.org"});      // A and AAAA, once
    for (const auto& to : web.routed) CHECK(to == IpEndpoint(asio::ip::make_address("192.0.2.1"), 443));
}

TEST_CASE("redirects are followed by us: each host is resolved and judged again, the chain stays authenticated")
{
    Web web;
    web.host_at("a.example.org", {{"/", moved("https://b.example.net/there?x=1")}});
    web.host_at("b.example.net", {{"/there", response("200 OK", "here")}});
    const auto exchange = web.get("https://a.example.org/");
    REQUIRE(exchange.outcome);
    CHECK(exchange.outcome->body == "here");
    CHECK(exchange.outcome->final_url == "https://b.example.net/there?x=1");
    CHECK(exchange.outcome->authenticated);
    REQUIRE(exchange.hops.size() == 2);
    CHECK(exchange.hops[0].status == 302);
    CHECK(exchange.hops[1].tls->certificate.names == std::vector<std::string>{"b.example.net"});
    CHECK(std::ranges::count(web.questions, "b.example.net") == 2);

    SUBCASE("with 0 redirects allowed the redirect is the answer")
    {
        HttpRequest request;
        request.redirects = 0;
        const auto first = web.get("https://a.example.org/", request);
        REQUIRE(first.outcome);
        CHECK(first.outcome->status == 302);
        CHECK(first.outcome->location == "https://b.example.net/there?x=1");
    }
}

TEST_CASE("a redirect to a host with a bad certificate is not read")
{
    Web web;
    web.host_at("a.example.org", {{"/", moved("https://b.example.net/")}});
    auto& heard =
        web.host_at("b.example.net", {{"/", response("200 OK", "secret")}}, server_context(web.world.chain("DNS:other.example.net")));
    const auto exchange = web.get("https://a.example.org/");
    CHECK(cause_of(exchange) == Cause::untrusted_certificate);
    REQUIRE(exchange.hops.size() == 2);
    CHECK(exchange.hops[1].tls->certificate.problem == VerdictCode::certificate_name_mismatch);
    CHECK(heard.empty());
}

TEST_CASE("A1.3: (rule 9) only a chain of HTTPS hops; a redirect to http is refused before anybody is asked")
{
    Web web;
    web.host_at("a.example.org", {{"/", moved("http://plain.example.org/config")}});
    auto& heard = web.host_at("plain.example.org", {{"/config", response("200 OK", "<clientConfig/>")}}, nullptr, true);
    CHECK(cause_of(web.get("https://a.example.org/")) == Cause::rejected);
    CHECK(cause_of(web.get("http://plain.example.org/config")) == Cause::rejected);
    CHECK(heard.empty());
    HttpRequest plainly;
    plainly.allow_plain = true;
    const auto exchange = web.get("https://a.example.org/", plainly);
    REQUIRE(exchange.outcome);
    CHECK(exchange.outcome->body == "<clientConfig/>");
    CHECK(!exchange.outcome->authenticated);                           // one hop in clear taints the chain
    CHECK(!heard.empty());
}

TEST_CASE("redirect loops and too long chains end")
{
    Web web;
    std::map<std::string, std::string> chain;
    for (int i = 0; i < 9; ++i) chain["/" + std::to_string(i)] = moved("https://long.example.org/" + std::to_string(i + 1));
    chain["/9"] = response("200 OK", "at last");
    web.host_at("long.example.org", chain);
    web.host_at("loop.example.org", {{"/a", moved("https://loop.example.org/b")}, {"/b", moved("/a")}, {"/self", moved("/self")}});
    const auto loop = web.get("https://loop.example.org/a");
    CHECK(cause_of(loop) == Cause::rejected);
    CHECK(loop.hops.size() == 2);
    CHECK(cause_of(web.get("https://loop.example.org/self")) == Cause::rejected);
    const auto longer = web.get("https://long.example.org/0");
    CHECK(cause_of(longer) == Cause::rejected);
    CHECK(longer.hops.size() == 6);                                    // the first one and five redirects
    CHECK(web.get("https://long.example.org/4").outcome.has_value());
    for (const auto* bad :
         {"file:///etc/passwd", "ftp://a.example.org/", "https://user:word@a.example.org/", "https://a..b/", "not a url", "https:///x"}) {
        CAPTURE(bad);
        CHECK(cause_of(web.get(bad)) == Cause::bad_value);
    }
}

TEST_CASE("a redirect to something that is no web address is refused")
{
    Web web;
    web.host_at(
        "a.example.org",
        {{"/file", moved("file:///etc/passwd")}, {"/user", moved("https://user:word@a.example.org/")}, {"/ok", response("200 OK", "x")}});
    for (const auto* path : {"file", "user"}) {
        CAPTURE(path);
        const auto exchange = web.get("https://a.example.org/" + std::string(path));
        CHECK(!exchange.outcome);
        CHECK(exchange.hops.size() == 1);
    }
}

TEST_CASE("rule 19: the body is capped by what arrives, announced or not")
{
    Web web;
    const std::string big(5000, 'x');
    const auto chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n1388\r\n" + big + "\r\n0\r\n\r\n";
    std::string headers = "HTTP/1.1 200 OK\r\n";
    for (int i = 0; i < 900; ++i) headers += "X-Filler: " + std::string(90, 'h') + "\r\n";
    web.host_at("a.example.org",
                {{"/announced", response("200 OK", big)}, {"/chunked", chunked}, {"/headers", headers + "Content-Length: 0\r\n\r\n"}});
    HttpRequest small;
    small.body_cap = 4999;
    for (const auto* path : {"announced", "chunked"}) {
        CAPTURE(path);
        CHECK(cause_of(web.get("https://a.example.org/" + std::string(path), small)) == Cause::too_much);
        HttpRequest enough;
        enough.body_cap = 5000;
        const auto exchange = web.get("https://a.example.org/" + std::string(path), enough);
        REQUIRE(exchange.outcome);
        CHECK(exchange.outcome->body == big);
    }
    CHECK(cause_of(web.get("https://a.example.org/headers")) == Cause::too_much);
}

TEST_CASE("a bad certificate: nothing is read and nothing is told; the evidence is kept")
{
    Web web;
    const auto bad = [&](const char* name, std::vector<Made> chain) -> std::vector<std::string>& {
        return web.host_at(name, {{"/", response("200 OK", "read me")}}, server_context(chain));
    };
    auto& expired = bad("expired.example.org", web.world.chain("DNS:expired.example.org", {.to_days = -1}));
    auto& own = bad("own.example.org", {make_certificate({.alternative_names = "DNS:own.example.org"})});
    for (const auto& [name, problem] : {std::pair("expired.example.org", VerdictCode::certificate_expired),
                                        std::pair("own.example.org", VerdictCode::certificate_self_signed)}) {
        const auto exchange = web.get("https://" + std::string(name) + "/?emailaddress=alice%40example.org");
        CHECK(cause_of(exchange) == Cause::untrusted_certificate);
        CHECK(exchange.outcome.error().stage == Stage::tls);
        REQUIRE(exchange.hops.size() == 1);
        REQUIRE(exchange.hops.front().tls);
        CHECK(exchange.hops.front().tls->certificate.problem == problem);
    }
    CHECK(expired.empty());
    CHECK(own.empty());
}

TEST_CASE("rule 11: a discovery request carries no sign-in, whatever the server asks for")
{
    Web web;
    auto& heard = web.host_at("a.example.org",
                              {{"/", response("401 Unauthorized", "", "WWW-Authenticate: Basic realm=\"x\"\r\nSet-Cookie: a=b\r\n")}});
    for (int i = 0; i < 2; ++i) {
        const auto exchange = web.get("https://a.example.org/");
        REQUIRE(exchange.outcome);
        CHECK(exchange.outcome->status == 401);
    }
    for (const auto& line : heard) {
        CAPTURE(line);
        CHECK(!line.starts_with("Authorization"));
        CHECK(!line.starts_with("Cookie"));
    }
}

TEST_CASE("what cannot be reached: no such name, refused, and known as dead")
{
    Web web;
    CHECK(cause_of(web.get("https://nowhere.example.org/")) == Cause::no_such_name);
    web.names.address("closed.example.org", "192.0.2.200");
    const auto refused = web.get("https://closed.example.org/");
    CHECK(slug(cause_of(refused)) == "refused");
    CHECK(web.ledger.known_dead(host("closed.example.org"), 443));
    const auto before = web.routed.size();
    CHECK(slug(cause_of(web.get("https://closed.example.org/other"))) == "refused");
    CHECK(web.routed.size() == before);                                // the ledger knew
}

TEST_CASE("rule 18: where private addresses are refused, HTTP does not go there either")
{
    Web web;
    web.host_at("a.example.org", {{"/", response("200 OK", "inside")}});
    web.restart({.refuse_private = true});
    CHECK(cause_of(web.get("https://a.example.org/")) == Cause::private_address);
    CHECK(web.world.accepted == 0);
}

TEST_CASE("rule 18: a page of the open network leads nobody into a private one; from inside to inside is the owner's affair")
{
    for (const auto* ip : {"127.0.0.1", "10.0.0.1", "192.168.1.1", "169.254.169.254", "::1", "fd00::1", "::ffff:10.0.0.1"}) {
        CAPTURE(ip);
        Web web;
        web.host_at("a.example.org", {{"/", moved("https://router.example.net/")}}, nullptr, false, "198.51.99.1");
        web.names.address("router.example.net", ip);
        const auto exchange = web.get("https://a.example.org/");
        CHECK(cause_of(exchange) == Cause::private_address);
        CHECK(web.world.accepted == 1);
        REQUIRE(exchange.hops.size() == 1);
        CHECK(!exchange.hops.front().private_address);
    }
    Web web;
    web.host_at("a.example.org", {{"/", moved("https://b.example.org/")}}, nullptr, false, "10.0.0.1");
    web.host_at("b.example.org", {{"/", response("200 OK", "inside")}}, nullptr, false, "10.0.0.2");
    const auto exchange = web.get("https://a.example.org/");
    REQUIRE(exchange.outcome);
    CHECK(exchange.outcome->body == "inside");
    CHECK(exchange.hops.front().private_address == asio::ip::make_address("10.0.0.1"));
    SUBCASE("a literal is judged as well")
    {
        Web other;
        other.host_at("a.example.org", {{"/", moved("https://127.0.0.1/")}}, nullptr, false, "198.51.99.1");
        CHECK(cause_of(other.get("https://a.example.org/")) == Cause::private_address);
    }
}

TEST_CASE("cancelling a request lets go of its socket")
{
    Web web;
    web.host_at("slow.example.org", {{"/", "(never)"}});
    asio::cancellation_signal stop;
    std::optional<HttpExchange> exchange;
    HttpRequest request;
    request.url = "https://slow.example.org/";
    asio::co_spawn(web.world.loop, web.http->fetch(request),
                   asio::bind_cancellation_slot(stop.slot(), [&](std::exception_ptr, HttpExchange one) { exchange = std::move(one); }));
    web.world.run_until([&] { return web.waiting; });
    CHECK(!exchange);
    stop.emit(asio::cancellation_type::all);
    web.world.run_until([&] { return exchange.has_value() && web.released; });
    CHECK(cause_of(*exchange) == Cause::cancelled);
}

TEST_CASE("a request ends by its limit")
{
    Web web;
    web.host_at("slow.example.org", {{"/", "(never)"}});
    HttpRequest request;
    request.limit = 50ms;
    CHECK(cause_of(web.get("https://slow.example.org/", request)) == Cause::timed_out);
    web.world.run_until([&] { return web.released || !web.waiting; });
}

TEST_CASE("a proxy of the environment is used on the real network, and hears a host and a port, nothing else")
{
    Loopback world;
    std::vector<std::string> heard;
    const auto proxy = world.serve(nullptr, [&](DemoPeer& peer) -> Task<void> {
        while (auto line = co_await peer.line()) {
            if (line->empty()) break;
            heard.push_back(*line);
        }
        (void)co_await peer.say_raw("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
    });
    scripted::World names;
    names.address("mail.example.org", "127.0.0.1");
    names.dns_takes = 0ms;
    class Names : public Resolver {
    public:
        explicit Names(scripted::World& table) : table_(table) {}
        Task<DnsAnswer> ask(std::string name, RecordType type) override { co_return table_.lookup(name, type); }

    private:
        scripted::World& table_;
    } resolver(names);
    HostLedger ledger;
    const auto connector = make_socket_connector(world.tls);
    const auto http = make_curl_http(world.loop, world.tls, resolver, *connector, world.clock, ledger);
    ::setenv("https_proxy", ("http://127.0.0.1:" + std::to_string(proxy)).c_str(), 1);
    HttpRequest request;
    request.url = "https://mail.example.org:" + std::to_string(world.unused_port()) + "/?emailaddress=alice%40example.org";
    const auto exchange = world.run(http->fetch(request));
    ::unsetenv("https_proxy");
    CHECK(!exchange.outcome);
    REQUIRE(!heard.empty());
    CHECK(heard.front().starts_with("CONNECT mail.example.org:"));
    for (const auto& line : heard) CHECK(line.find("alice") == std::string::npos);

    // In the demonstration the way to a host is not the network's: there the proxy is not asked.
    Web web;
    ::setenv("https_proxy", ("http://127.0.0.1:" + std::to_string(web.world.unused_port())).c_str(), 1);
    web.host_at("a.example.org", {{"/", response("200 OK", "direct")}});
    const auto direct = web.get("https://a.example.org/");
    ::unsetenv("https_proxy");
    REQUIRE(direct.outcome);
    CHECK(direct.outcome->body == "direct");
}
