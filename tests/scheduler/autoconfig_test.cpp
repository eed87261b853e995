// Autoconfig in all its places: who is asked after whom, who learns what, and whose word counts for what (design sections 3 and 4, rules 9,
// 10, 11, 25).
#include "tests/support/scripted_world.hpp"

#include <doctest/doctest.h>

using namespace portolan;
using namespace portolan::scripted;

namespace {

/// Web servers that answer, redirect or fail; pages by whole URL first, then by the URL without its query.
class Web : public Http {
public:
    struct Reply {
        int status = 200;
        std::string body, location;
        std::optional<Cause> fails;
        milliseconds after = 60ms;
    };
    explicit Web(World& world) : world_(world) {}

    void page(const std::string& url, std::string body, milliseconds after = 60ms) { replies[url] = {200, std::move(body), {}, {}, after}; }
    void says(const std::string& url, int status, std::string location = {}) { replies[url] = {status, {}, std::move(location), {}}; }
    void fails(const std::string& url, Cause cause, milliseconds after = 60ms) { replies[url] = {0, {}, {}, cause, after}; }

    Task<HttpExchange> fetch(HttpRequest request) override
    {
        co_await asio::this_coro::throw_if_cancelled(false);
        HttpExchange exchange;
        HttpAnswer answer;
        answer.authenticated = true;
        auto next = request.url;
        for (int hop = 0;; ++hop) {
            const bool plain = next.starts_with("http://");
            if (hop > request.redirects || (plain && !request.allow_plain)) {
                exchange.outcome = std::unexpected(Failure{Stage::request, Cause::rejected, {}});
                co_return exchange;
            }
            asked.push_back(next);
            limits[next] = request.limit;
            auto found = replies.find(next);
            if (found == replies.end()) found = replies.find(next.substr(0, next.find('?')));
            const auto reply = found == replies.end() ? Reply{404} : found->second;
            if (!co_await world_.clock.wait_for(reply.after)) {
                exchange.outcome = std::unexpected(Failure{Stage::request, Cause::cancelled, {}});
                co_return exchange;
            }
            if (reply.fails) {
                const auto name = next.substr(next.find("://") + 3);
                if (ledger) ledger->dead(host(name.substr(0, name.find('/'))), plain ? 80 : 443, {Stage::connect, *reply.fails, {}});
                exchange.outcome = std::unexpected(Failure{Stage::connect, *reply.fails, {}});
                co_return exchange;
            }
            answer.status = reply.status;
            answer.body = reply.body;
            answer.location = reply.location;
            answer.final_url = next;
            answer.authenticated = answer.authenticated && !plain;
            if (reply.location.empty() || request.redirects == 0) break;
            next = reply.location;
        }
        exchange.outcome = std::move(answer);
        co_return exchange;
    }

    int times(std::string_view start) const
    {
        return static_cast<int>(std::ranges::count_if(asked, [&](const std::string& url) { return url.starts_with(start); }));
    }

    std::map<std::string, Reply> replies;
    std::vector<std::string> asked;
    std::map<std::string, milliseconds> limits; ///< as they were asked for
    HostLedger* ledger = nullptr;               ///< of the run; hears of failures

private:
    World& world_;
};

/// The world's names, and TXT records.
class Names : public Resolver {
public:
    Names(World& world, Resolver& below, const std::map<std::string, std::string>& txt) : world_(world), below_(below), txt_(txt) {}

    Task<DnsAnswer> ask(std::string name, RecordType type) override
    {
        co_await asio::this_coro::throw_if_cancelled(false);
        const auto found = type == RecordType::txt ? txt_.find(name) : txt_.end();
        if (found == txt_.end()) co_return co_await below_.ask(std::move(name), type);
        DnsAnswer answer;
        if (!co_await world_.clock.wait_for(world_.dns_takes)) co_return answer;
        answer.status = DnsStatus::answer;
        answer.txt = {"v=spf1 -all", found->second};
        co_return answer;
    }

private:
    World& world_;
    Resolver& below_;
    const std::map<std::string, std::string>& txt_;
};

Report look(World& world, Web& web, std::string_view address, SearchOptions options = {},
            const std::map<std::string, std::string>& txt = {})
{
    Run one(world);
    Names names(world, one.around().resolver, txt);
    web.ledger = &one.ledger();
    Surroundings around{world.clock, names, world.connector(), web, one.ledger(), one.log(), RacePolicy{}};
    return run(world, find(mail_address(address), around, std::move(options)));
}

std::string document_for(const std::string& server) { return autoconfig(incoming(server, 993) + outgoing(server, 465)); }

void serves(World& world, const std::string& server)
{
    world.address(server, "192.0.2.1");
    world.pair("192.0.2.1");
}

const std::string own = "://autoconfig.harbour-club.net/mail/config-v1.1.xml";
const std::string wellknown = "://harbour-club.net/.well-known/autoconfig/mail/config-v1.1.xml";
const std::string who = "alice@harbour-club.net";
const std::string database = "https://v1.ispdb.net/";

/// Web servers of the domain, and the database, exist.
void web_hosts(World& world)
{
    world.address("autoconfig.harbour-club.net", "192.0.2.80");
    world.address("harbour-club.net", "192.0.2.81");
    world.address("v1.ispdb.net", "192.0.2.90");
}

/// Everybody but the domain's own hosts over HTTPS.
void nobody_else_learns_the_address(const Web& web)
{
    for (const auto& url : web.asked) {
        CAPTURE(url);
        const bool own_host = url.starts_with("https" + own) || url.starts_with("https" + wellknown);
        if (!own_host) CHECK(url.find("alice") == std::string::npos);
    }
}

std::set<Source> sources_of(const Report& report)
{
    std::set<Source> sources;
    for (const auto& finding : report.findings) sources.insert(finding.source);
    sources.erase(Source::guess); // the domain has a web server, whose name is guessed as well
    return sources;
}

}

TEST_CASE("peers' mistake 18: HTTP is asked only where its twin over HTTPS could not be, without the address, and its word needs a person's")
{
    for (const auto cause : {Cause::refused, Cause::timed_out, Cause::untrusted_certificate, Cause::tls_failed, Cause::reset}) {
        CAPTURE(slug(cause));
        World world;
        Web web(world);
        web_hosts(world);
        serves(world, "post.hoster.example");
        web.fails("https" + own, cause);
        web.page("http" + own, document_for("post.hoster.example"));
        const auto report = look(world, web, who);
        CHECK(web.times("http" + own) == 1);
        CHECK(web.times("http" + wellknown) == 0); // its twin answered (404)
        CHECK(in_host(report) == "post.hoster.example");
        CHECK(sources_of(report) == std::set{Source::autoconfig_http});
        CHECK(report.account.services.front().trust == Trust::confirm);
        for (const auto& finding : report.findings) CHECK(!finding.authenticated);
        CHECK(has(report, VerdictCode::settings_insecure_source));
        CHECK(web.times("https" + own) == 2); // both forms once: nothing is asked twice to learn of the failure
        nobody_else_learns_the_address(web);
    }
}

TEST_CASE("a host that is silent at 443 is given less time without TLS: one dead host costs hardly more than one timeout")
{
    for (const auto cause : {Cause::refused, Cause::timed_out}) {
        CAPTURE(slug(cause));
        World world;
        Web web(world);
        web_hosts(world);
        web.fails("https" + own, cause);
        look(world, web, who);
        REQUIRE(web.limits.contains("http" + own));
        CHECK(web.limits["http" + own] == (cause == Cause::timed_out ? 2s : 5s));
    }
}

TEST_CASE("the well-known path over HTTP follows the failure of its own twin")
{
    World world;
    Web web(world);
    web_hosts(world);
    serves(world, "post.hoster.example");
    web.fails("https" + wellknown, Cause::refused);
    web.page("http" + wellknown, document_for("post.hoster.example"));
    const auto report = look(world, web, who);
    CHECK(web.times("http" + wellknown) == 1);
    CHECK(web.times("http" + own) == 0);
    CHECK(sources_of(report) == std::set{Source::autoconfig_http});
    nobody_else_learns_the_address(web);
}

TEST_CASE("an answer over HTTPS, whatever it is, leaves HTTP unasked")
{
    for (const int kind : {404, 401, 500, 503, 200, 302, 303}) {
        CAPTURE(kind);
        World world;
        Web web(world);
        web_hosts(world);
        serves(world, "post.hoster.example");
        if (kind == 200) web.page("https" + own, "<html>A web site</html>");
        else if (kind == 302) web.says("https" + own, kind, "http" + own);  // from TLS back to none: refused at that hop
        else if (kind == 303) web.says("https" + own, kind, "https" + own); // for ever
        else web.says("https" + own, kind);
        web.page("http" + own, document_for("post.hoster.example"));
        const auto report = look(world, web, who);
        CHECK(web.times("http://") == 0);
        CHECK(report.account.services.empty());
        CHECK(has(report, VerdictCode::settings_redirect_loop) == (kind == 302 || kind == 303));
    }
}

TEST_CASE("one form that fails and one that answers is an answer")
{
    World world;
    Web web(world);
    web_hosts(world);
    web.fails("https" + own + "?emailaddress=alice%40harbour-club.net", Cause::reset);
    web.says("https" + own, 404);
    web.page("http" + own, document_for("post.hoster.example"));
    look(world, web, who);
    CHECK(web.times("http://") == 0);
}

TEST_CASE("whoever leaves a source out gets no request of it")
{
    World world;
    Web web(world);
    web_hosts(world);
    web.fails("https" + own, Cause::refused);
    web.fails("https" + wellknown, Cause::refused);
    web.page("http" + own, document_for("post.hoster.example"));
    SearchOptions options;
    SUBCASE("autoconfig-http") { options.without = {Source::autoconfig_http}; }
    SUBCASE("its twins, without which it has nothing to follow") { options.without = {Source::autoconfig, Source::autoconfig_wellknown}; }
    SUBCASE("everything else") { options.only = {Source::autoconfig}; }
    const auto report = look(world, web, who, options);
    CHECK(web.times("http://") == 0);
    CHECK(sources_of(report).empty());
}

TEST_CASE("a refused HTTPS costs an answer of better rank nothing: HTTP is waited for only by what is worse")
{
    World world;
    Web web(world);
    web_hosts(world);
    world.srv_pair("harbour-club.net", "post.harbour-club.net", "post.harbour-club.net");
    serves(world, "post.harbour-club.net");
    web.fails("https" + own, Cause::refused, 20ms);
    web.replies["http" + own] = {200, document_for("post.hoster.example"), {}, {}, 3s};
    const auto report = look(world, web, who);
    CHECK(in_host(report) == "post.harbour-club.net");
    CHECK(world.elapsed() < 400ms);
}

TEST_CASE("peers' mistake 17: 400 or 404 to one form: the other one's document is taken")
{
    for (const bool with_address : {true, false}) {
        CAPTURE(with_address);
        World world;
        Web web(world);
        web_hosts(world);
        serves(world, "post.harbour-club.net");
        const auto named = "https" + own + "?emailaddress=alice%40harbour-club.net";
        web.says(with_address ? "https" + own : named, 400);
        web.page(with_address ? named : "https" + own, document_for("post.harbour-club.net"), 90ms);
        const auto report = look(world, web, who);
        CHECK(in_host(report) == "post.harbour-club.net");
        REQUIRE(!report.account.services.empty());
        CHECK(report.account.services.front().trust == Trust::authenticated);
    }
}

TEST_CASE("peers' mistake 6: the address is percent-encoded in the query, its dots kept, and the query of a redirect survives")
{
    World world;
    Web web(world);
    web_hosts(world);
    serves(world, "post.harbour-club.net");
    const auto there = std::string("https://www.harbour-club.net/config?user=alice.b%2Bsea%40harbour-club.net&form=1.1");
    const auto named = "https" + own + "?emailaddress=alice.b%2Bsea%40harbour-club.net";
    web.says(named, 302, there);
    web.says("https" + own, 400);
    web.page(there, document_for("post.harbour-club.net"));
    const auto report = look(world, web, "alice.b+sea@harbour-club.net");
    CHECK(web.times(named) == 1);
    CHECK(web.times(there) == 1);
    CHECK(in_host(report) == "post.harbour-club.net");
}

TEST_CASE("A1.1: settings that are there over HTTP alone, with 443 silent, are shown, never applied without a person's word")
{
    World world;
    Web web(world);
    web_hosts(world);
    serves(world, "post.hoster.example");
    for (const auto& place : {own, wellknown}) {
        web.fails("https" + place, Cause::timed_out);
        web.page("http" + place, document_for("post.hoster.example"));
    }
    SearchOptions options;
    options.password = Secret(world.password);
    const auto report = look(world, web, who, options);
    CHECK(in_host(report) == "post.hoster.example");
    for (const auto& service : report.account.services) CHECK(service.trust == Trust::confirm);
    CHECK(has(report, VerdictCode::settings_insecure_source));
    CHECK(report.outcome == ReportOutcome::attention);
    CHECK(world.sign_ins.empty());
    nobody_else_learns_the_address(web);
}

TEST_CASE("a redirect never takes the address out of the domain; the form without it goes along")
{
    World world;
    Web web(world);
    web_hosts(world);
    serves(world, "post.harbour-club.net");
    const auto elsewhere = std::string("https://autoconfig.hoster.example/mail/config-v1.1.xml");
    web.says("https" + own + "?emailaddress=alice%40harbour-club.net", 302, elsewhere + "?emailaddress=alice%40harbour-club.net");
    web.says("https" + own, 302, elsewhere);
    web.page(elsewhere, document_for("post.harbour-club.net"));
    const auto report = look(world, web, who);
    CHECK(web.times(elsewhere) == 1);
    CHECK(in_host(report) == "post.harbour-club.net");
    CHECK(sources_of(report) == std::set{Source::autoconfig});
    nobody_else_learns_the_address(web);
}

TEST_CASE("within the domain a redirect is followed with the address, and shown without")
{
    World world;
    Web web(world);
    web_hosts(world);
    serves(world, "post.harbour-club.net");
    const auto there = std::string("https://www.harbour-club.net/config/alice.xml");
    web.says("https" + own + "?emailaddress=alice%40harbour-club.net", 301, there);
    web.says("https" + own, 400);
    web.page(there, document_for("post.harbour-club.net"));
    const auto report = look(world, web, who);
    CHECK(in_host(report) == "post.harbour-club.net");
    for (const auto& probe : report.probes) CHECK(probe.target.find("alice") == std::string::npos);
    for (const auto& finding : report.findings) CHECK(finding.location.find("alice") == std::string::npos);
}

TEST_CASE("the database is asked for the domain alone, and its word for it counts")
{
    World world;
    Web web(world);
    web_hosts(world);
    serves(world, "post.hoster.example");
    web.page(database + "harbour-club.net", document_for("post.hoster.example"));
    const auto report = look(world, web, who);
    CHECK(sources_of(report) == std::set{Source::ispdb});
    CHECK(report.account.services.front().trust == Trust::authenticated);
    for (const auto& finding : report.findings)
        if (finding.source == Source::ispdb) CHECK(finding.location == database + "harbour-club.net");
    CHECK(web.times(database) == 1);
    nobody_else_learns_the_address(web);
}

TEST_CASE("another database, none, and one that is not there")
{
    World world;
    Web web(world);
    web_hosts(world);
    SearchOptions options;
    SUBCASE("another, without the last slash")
    {
        world.address("db.example", "192.0.2.91");
        options.discovery.ispdb = "https://db.example/v1.1";
        look(world, web, who, options);
        CHECK(web.times("https://db.example/v1.1/harbour-club.net") == 1);
    }
    SUBCASE("none")
    {
        options.discovery.ispdb = "";
        look(world, web, who, options);
    }
    SUBCASE("never without TLS")
    {
        options.discovery.ispdb = "http://v1.ispdb.net/";
        look(world, web, who, options);
    }
    SUBCASE("left out")
    {
        options.without = {Source::ispdb, Source::ispdb_mx};
        look(world, web, who, options);
    }
    CHECK(web.times("https://v1.ispdb.net/") == 0);
    CHECK(web.times("http://") == 0);
}

TEST_CASE("rule 25: reserved names never go to the database, and catalogued domains need not")
{
    for (const auto* address :
         {"alice@example.org", "alice@club.example", "alice@mail.example.com", "alice@club.test", "alice@runbox.com"}) {
        CAPTURE(address);
        World world;
        Web web(world);
        world.address("v1.ispdb.net", "192.0.2.90");
        world.mx(std::string(address).substr(6), 10, "mx1.hoster.net");
        look(world, web, address);
        CHECK(web.times(database) == 0);
        CHECK(std::ranges::none_of(world.asked, [](const Asked& one) { return one.name == "v1.ispdb.net"; }));
    }
}

TEST_CASE("peers' mistake 18: by MX: the longer name first, then the registrable domain, and a person confirms")
{
    const auto full = std::string("https://autoconfig.eu.hoster.net/mail/config-v1.1.xml"),
               base = std::string("https://autoconfig.hoster.net/mail/config-v1.1.xml");
    World world;
    Web web(world);
    world.address("v1.ispdb.net", "192.0.2.90");
    world.mx("harbour-club.net", 20, "mx.elsewhere.net");
    world.mx("harbour-club.net", 10, "mx1.eu.hoster.net");
    world.address("autoconfig.eu.hoster.net", "192.0.2.82");
    world.address("autoconfig.hoster.net", "192.0.2.83");
    serves(world, "post.hoster.net");
    Source source = Source::autoconfig_mx;
    SUBCASE("autoconfig, both have a document: the first counts, though it is slower")
    {
        web.page(full, document_for("post.hoster.net"), 200ms);
        web.page(base, document_for("other.hoster.net"), 20ms);
    }
    SUBCASE("autoconfig, the shorter name alone") { web.page(base, document_for("post.hoster.net")); }
    SUBCASE("the database, the longer name")
    {
        source = Source::ispdb_mx;
        web.page(database + "eu.hoster.net", document_for("post.hoster.net"), 200ms);
        web.page(database + "hoster.net", document_for("other.hoster.net"), 20ms);
    }
    SUBCASE("the database, the shorter name")
    {
        source = Source::ispdb_mx;
        web.page(database + "hoster.net", document_for("post.hoster.net"));
    }
    const auto report = look(world, web, who);
    CHECK(sources_of(report) == std::set{source});
    CHECK(in_host(report) == "post.hoster.net");
    CHECK(report.account.services.front().trust == Trust::confirm);
    CHECK(web.times(database + "elsewhere.net") == 0);
    CHECK(web.times("https://autoconfig.elsewhere.net") == 0);
    CHECK(web.times(database + "harbour-club.net") == 1);
    nobody_else_learns_the_address(web);
}

TEST_CASE("A2.1: nothing at or above a public suffix is asked, by whatever MX")
{
    struct Row {
        std::string_view mx;
        std::set<std::string> asked;
    };
    for (const auto& [mx, asked] : std::initializer_list<Row>{
             {"provider.co.uk", {"provider.co.uk"}},
             {"mx.provider.co.uk", {"provider.co.uk"}},
             {"co.uk", {}},
             {"uk", {}},
             {"a.b.provider.com.au", {"b.provider.com.au", "provider.com.au"}},
             {"tenant.github.io", {"tenant.github.io"}},
             {"mx.tenant.github.io", {"tenant.github.io"}},
             {"github.io", {}},
             {"localhost", {}},
             {"192.0.2.1", {}},
             {"", {}},
         }) {
        CAPTURE(mx);
        World world;
        Web web(world);
        world.address("v1.ispdb.net", "192.0.2.90");
        world.mx("harbour-club.net", 0, std::string(mx));
        look(world, web, who);
        std::set<std::string> names, looked_up;
        for (const auto& url : web.asked)
            if (url.starts_with(database) && url != database + "harbour-club.net") names.insert(url.substr(database.size()));
        for (const auto& one : world.asked)
            if (one.name.starts_with("autoconfig.") && one.name != "autoconfig.harbour-club.net") looked_up.insert(one.name.substr(11));
        CHECK(names == asked);
        CHECK(looked_up == asked);
    }
}

TEST_CASE("an MX of the domain's own, of the catalogue or of a filter leads nowhere")
{
    for (const auto* mx :
         {"mx.harbour-club.net", "mx.mail.harbour-club.net", "aspmx.l.google.com", "aspmx1.migadu.com", "mx0a-00123.pphosted.com",
          "mx1-us1.ppe-hosted.com", "eu-smtp-inbound-1.mimecast.com", "d123.ess.barracudanetworks.com", "mx01.hornetsecurity.com",
          "mx23a.antispameurope.com", "cluster5.eu.messagelabs.com", "cust1.in.mailcontrol.com", "mx1.hc123.iphmx.com",
          "in.tmes.trendmicro.eu", "in.tmes.trendmicro.com"}) {
        CAPTURE(mx);
        World world;
        Web web(world);
        world.address("v1.ispdb.net", "192.0.2.90");
        world.mx("harbour-club.net", 10, mx);
        look(world, web, who);
        for (const auto& url : web.asked) CHECK(url == database + "harbour-club.net");
        for (const auto& one : world.asked) CHECK((!one.name.starts_with("autoconfig.") || one.name == "autoconfig.harbour-club.net"));
    }
}

TEST_CASE("a TXT record leads to a document over HTTPS; DNS is not signed, so a person confirms")
{
    struct Row {
        std::string_view text;
        int times;
    };
    for (const auto& [text, times] : std::initializer_list<Row>{
             {"mailconf=https://config.hoster.net/a.xml", 1},
             {"mailconf=http://config.hoster.net/a.xml", 0},
             {"mailconf=https://user@config.hoster.net/a.xml", 0},
             {"mailconf=file:///etc/passwd", 0},
             {"mailconf=", 0},
             {"v=spf1 mailconf=https://config.hoster.net/a.xml", 0},
         }) {
        CAPTURE(text);
        World world;
        Web web(world);
        world.address("config.hoster.net", "192.0.2.84");
        serves(world, "post.hoster.net");
        web.page("https://config.hoster.net/a.xml", document_for("post.hoster.net"));
        const auto report = look(world, web, who, {}, {{"harbour-club.net", std::string(text)}});
        CHECK(web.times("https://config.hoster.net/") == times);
        CHECK(web.times("http://") == 0);
        CHECK(in_host(report) == (times ? "post.hoster.net" : ""));
        if (times) {
            CHECK(sources_of(report) == std::set{Source::autoconfig_txt});
            CHECK(report.account.services.front().trust == Trust::confirm);
        }
        nobody_else_learns_the_address(web);
    }
}

TEST_CASE("one bad server costs nobody else anything, and its owner hears of it")
{
    World world;
    Web web(world);
    web_hosts(world);
    serves(world, "post.harbour-club.net");
    web.page("https" + own, autoconfig(incoming("post.harbour-club.net", 0) + incoming("post.harbour-club.net", 993) +
                                       outgoing("post.harbour-club.net", 465)));
    const auto report = look(world, web, who);
    CHECK(report.outcome == ReportOutcome::ready);
    CHECK(has(report, VerdictCode::settings_malformed));
}

TEST_CASE("servers without TLS are kept and believed by nobody")
{
    World world;
    Web web(world);
    web_hosts(world);
    world.address("post.harbour-club.net", "192.0.2.1");
    web.page("https" + own, autoconfig(incoming("post.harbour-club.net", 143, "plain") + outgoing("post.harbour-club.net", 587, "plain")));
    const auto report = look(world, web, who);
    CHECK(sources_of(report) == std::set{Source::autoconfig});
    for (const auto& finding : report.findings)
        if (finding.source == Source::autoconfig) CHECK(finding.service.trust == Trust::insecure);
    for (const auto& service : report.account.services) CHECK(service.trust == Trust::insecure);
    CHECK(report.outcome == ReportOutcome::attention);
}

TEST_CASE("a search that is cancelled while HTTPS is silent ends at once")
{
    World world;
    Web web(world);
    web_hosts(world);
    web.fails("https" + own, Cause::timed_out, 8s);
    web.fails("https" + wellknown, Cause::timed_out, 8s);
    SearchOptions options;
    options.deadline = 2s;
    look(world, web, who, options);
    CHECK(world.elapsed() < 2100ms);
    CHECK(web.times("http://") == 0);
}
