// The well-known URLs of JMAP, CalDAV and CardDAV, and the web servers that only look as if they had them.
#include "probe/discovery/challenge.hpp"
#include "probe/discovery/well_known.hpp"
#include "tests/discovery/web.hpp"

#include <doctest/doctest.h>

using namespace portolan;
using namespace portolan::scripted;

namespace {

const std::string well_known = "https://example.org/.well-known/", caldav = well_known + "caldav", carddav = well_known + "carddav",
                  jmap = well_known + "jmap";

WebAnswer challenge(std::string value = "Basic realm=\"DAV\"")
{
    return {.status = 401, .headers = {{"www-authenticate", std::move(value)}}};
}
WebAnswer redirect(std::string to, int status = 301) { return {.status = status, .location = std::move(to)}; }

struct Site : Bench {
    Site() { world.address("example.org", "192.0.2.80"); }
    void propfind(const std::string& url, WebAnswer answer) { web.answers["PROPFIND " + url] = std::move(answer); }
    void get(const std::string& url, WebAnswer answer) { web.answers["GET " + url] = std::move(answer); }
};

/// The path that the request goes to, for sites that answer everything alike.
std::string path_of(const HttpRequest& request) { return request.url.substr(request.url.find('/', 8)); }

std::vector<Challenge> read(std::vector<std::pair<std::string, std::string>> headers)
{
    HttpAnswer answer;
    answer.headers = std::move(headers);
    return challenges_of(answer);
}

} // namespace

TEST_CASE("WWW-Authenticate: schemes and realms, in one header or in several")
{
    using Headers = std::vector<std::pair<std::string, std::string>>;
    struct Row {
        Headers headers;
        std::vector<Challenge> seen;
        std::vector<Mechanism> mechanisms;
    };
    using enum Mechanism;
    for (const auto& [headers, seen, mechanisms] : std::initializer_list<Row>{
             {{}, {}, {}},
             {{{"server", "Basic"}}, {}, {}},
             {{{"www-authenticate", ""}}, {}, {}},
             {{{"www-authenticate", "Basic"}}, {{"basic", ""}}, {basic}},
             {{{"www-authenticate", "Ba\x1b[31msic, B\xc3\xa4sic, Basic"}}, {{"basic", ""}}, {basic}},       // a scheme is a token
             {{{"www-authenticate", "basic realm=\"a \\\"b\\\", c\""}}, {{"basic", "a \"b\", c"}}, {basic}},
             {{{"www-authenticate", "Digest realm=x, nonce=\"1=2, Basic\", qop=\"auth\" , Basic realm = \"y\""}},
              {{"digest", "x"}, {"basic", "y"}},
              {digest_md5, basic}},
             {{{"www-authenticate", "Negotiate"}, {"www-authenticate", "NTLM"}, {"www-authenticate", "Basic realm=z"}},
              {{"negotiate", ""}, {"ntlm", ""}, {"basic", "z"}},
              {ntlm, gssapi, basic}},
             {{{"www-authenticate", "Basic realm=\"x\", Bearer realm=\"y\", resource_metadata=\"https://example.org/m\""}},
              {{"basic", "x"}, {"bearer", "y"}},
              {oauth2, basic}},
             {{{"www-authenticate", "Sailing knots=7"}}, {{"sailing", ""}}, {}},
             {{{"www-authenticate", "=,=\"\"  ,\"unfinished"}}, {{"unfinished", ""}}, {}},
         }) {
        CAPTURE((headers.empty() ? std::string() : headers.front().second));
        CHECK(read(headers) == seen);
        CHECK(mechanisms_of(read(headers)) == mechanisms);
    }
    std::string many;
    for (int i = 0; i < 100; ++i) many += "Basic, ";
    CHECK(read({{"www-authenticate", many}}).size() == 16);
}

TEST_CASE("DAV: redirects inside the domain are followed with the same request, and the end counts")
{
    Site site;
    site.propfind(caldav, redirect("https://dav.example.org/cal"));
    site.propfind("https://dav.example.org/cal", redirect("https://dav.example.org/cal/", 308));
    site.propfind("https://dav.example.org/cal/", challenge("Bearer realm=\"DAV\", Basic realm=\"DAV\""));
    site.propfind(carddav, {.status = 207, .body = "<multistatus xmlns=\"DAV:\"/>"});
    const auto result = site.ask(ask_dav_well_known);
    CHECK(result.end == SourceEnd::found);
    CHECK(urls_of(result) == std::vector<std::string>{"caldav https://dav.example.org/cal/", "carddav " + carddav});
    const auto& finding = result.findings.front();
    CHECK(finding.source == Source::dav_wellknown);
    CHECK(finding.location == caldav);
    CHECK(finding.authenticated);
    CHECK(finding.service.trust == Trust::authenticated);
    CHECK(finding.service.endpoint() == Endpoint{host("dav.example.org"), 443, Security::tls});
    CHECK(finding.service.auth == std::vector{Mechanism::oauth2, Mechanism::basic});
    CHECK(finding.service.username == "alice@example.org");
    CHECK(result.findings.back().service.auth.empty());
    for (const auto& request : site.web.requests) {
        CAPTURE(request.url);
        CHECK(request.method == "PROPFIND");
        CHECK(request.headers == std::vector<std::string>{"Depth: 0"});
        CHECK(request.body.starts_with("<?xml"));
        CHECK(request.body.find("DAV:") != std::string::npos);
        CHECK(request.content_type.starts_with("application/xml"));
        CHECK(!request.allow_plain);
        CHECK(request.redirects == 0);
    }
    CHECK(site.web.requests.size() == 5); // three, one, and one for a name that nobody has
    CHECK(result.verdicts.empty());
}

TEST_CASE("DAV: what answers as web servers do is none")
{
    struct Row {
        WebAnswer answer;
        SourceEnd end;
    };
    for (const auto& [answer, end] : std::initializer_list<Row>{
             {{.status = 200, .body = "<html>Welcome</html>"}, SourceEnd::nothing},
             {{.status = 404}, SourceEnd::nothing},
             {{.status = 405}, SourceEnd::nothing},
             {{.status = 501}, SourceEnd::nothing},
             {{.status = 403}, SourceEnd::nothing},
             {{.status = 401}, SourceEnd::nothing}, // without a challenge
             {{.status = 301}, SourceEnd::nothing}, // to nowhere
             {redirect("http://example.org/dav/"), SourceEnd::nothing},
             {redirect("ftp://example.org/dav/"), SourceEnd::nothing},
             {redirect("https://alice@example.org/dav/"), SourceEnd::nothing},
             {redirect("https://example.org/\x1b[2J"), SourceEnd::nothing},
             {redirect(caldav), SourceEnd::nothing},
             {{.status = 200, .body = std::string(300'000, 'x')}, SourceEnd::failed},
             {{.failure = Failure{Stage::tls, Cause::untrusted_certificate, {}}}, SourceEnd::failed},
             {{.failure = Failure{Stage::connect, Cause::refused, {}}}, SourceEnd::failed},
             {{.after = 60s}, SourceEnd::failed},
         }) {
        CAPTURE(answer.status);
        CAPTURE(answer.location);
        Site site;
        site.web.otherwise = [&](const HttpRequest&) { return answer; };
        const auto result = site.ask(ask_dav_well_known);
        CHECK(result.findings.empty());
        CHECK(result.end == end);
        CHECK(result.verdicts.empty());
        CHECK(site.world.elapsed() < 10s);
        for (const auto& line : site.web.asked()) CHECK(line.starts_with("PROPFIND https://example.org/.well-known/"));
    }
}

TEST_CASE("DAV: a redirect that goes on and on ends")
{
    Site site;
    int number = 0;
    site.web.otherwise = [&](const HttpRequest&) { return redirect("https://example.org/" + std::to_string(++number)); };
    CHECK(site.ask(ask_dav_well_known).findings.empty());
    CHECK(site.web.requests.size() == 12); // five redirects for each of the two
}

TEST_CASE("DAV: who answers every name alike has no DAV")
{
    Site site;
    SUBCASE("a sign-in for every path")
    {
        site.web.otherwise = [](const HttpRequest&) { return challenge(); };
    }
    SUBCASE("a sign-in with another number each time")
    {
        site.web.otherwise = [n = 0](const HttpRequest&) mutable {
            return challenge("Digest realm=\"all\", nonce=\"" + std::to_string(++n) + "\"");
        };
    }
    SUBCASE("every path moved to www., which wants a sign-in for every path")
    {
        site.web.otherwise = [](const HttpRequest& request) {
            return request.url.starts_with("https://www.") ? challenge() : redirect("https://www.example.org" + path_of(request));
        };
    }
    SUBCASE("every path leads to another domain's front page")
    {
        site.web.otherwise = [](const HttpRequest&) { return redirect("https://parking.test/"); };
    }
    SUBCASE("every path leads to the same path of another domain")
    {
        site.web.otherwise = [](const HttpRequest& request) { return redirect("https://brand.test" + path_of(request)); };
    }
    SUBCASE("every path leads to a sign-in page elsewhere, with another number each time")
    {
        site.web.otherwise = [n = 0](const HttpRequest& request) mutable {
            return redirect("https://login.test/go?back=" + path_of(request) + "&state=" + std::to_string(++n), 302);
        };
    }
    CHECK(site.ask(ask_dav_well_known).findings.empty());
    CHECK(std::ranges::count_if(site.web.requests, [](const HttpRequest& one) { return one.url.starts_with("https://example.org/"); }) ==
          3);
    for (const auto& line : site.web.asked()) CHECK((line.find(".test/") == std::string::npos)); // nobody follows out of the domain
}

TEST_CASE("DAV: a server that wants a sign-in for every path still says by a redirect of its own that it has DAV")
{
    Site site;
    site.web.otherwise = [](const HttpRequest&) { return challenge(); };
    site.propfind(caldav, redirect("https://example.org/dav/"));
    CHECK(urls_of(site.ask(ask_dav_well_known)) == std::vector<std::string>{"caldav https://example.org/dav/"});
}

TEST_CASE("DAV: a place in another domain is not contacted; a person has to confirm it")
{
    Site site;
    site.propfind(caldav, redirect("https://cloud.hoster.test:8443/remote.php/dav/"));
    const auto result = site.ask(ask_dav_well_known);
    REQUIRE(result.findings.size() == 1);
    const auto& service = result.findings.front().service;
    CHECK(service.url == "https://cloud.hoster.test:8443/remote.php/dav/");
    CHECK(service.endpoint() == Endpoint{host("cloud.hoster.test"), 8443, Security::tls});
    CHECK(service.trust == Trust::confirm);
    for (const auto& line : site.web.asked()) CHECK(line.starts_with("PROPFIND https://example.org/"));
}

TEST_CASE("JMAP: a sign-in that is asked for, or a session that is shown")
{
    Site site;
    std::string url = jmap;
    SUBCASE("a sign-in") { site.get(jmap, challenge("Bearer")); }
    SUBCASE("a session") { site.get(jmap, {.body = R"({"capabilities":{"urn:ietf:params:jmap:core":{}},"apiUrl":"/api"})"}); }
    SUBCASE("a redirect to one")
    {
        url = "https://api.example.org/session";
        site.get(jmap, redirect(url, 307));
        site.get(url, challenge());
    }
    const auto result = site.ask(ask_jmap_well_known);
    REQUIRE(result.findings.size() == 1);
    CHECK(result.findings.front().service.service == ServiceKind::jmap);
    CHECK(result.findings.front().service.url == url);
    CHECK(result.findings.front().service.trust == Trust::authenticated);
    CHECK(result.findings.front().source == Source::jmap_wellknown);
    for (const auto& request : site.web.requests) {
        CHECK(request.method == "GET");
        CHECK(request.headers == std::vector<std::string>{"Accept: application/json"});
    }
}

TEST_CASE("JMAP: other answers are none")
{
    for (const auto* body : {"<html></html>", "{}", "[]", R"({"capabilities":[]})", R"({"capabilities":{"urn:ietf:params:jmap:mail":{}}})",
                             R"({"capabilities":{"urn:ietf:params:jmap:core":{}})",
                             R"({"capabilities":{},"capabilities":{"urn:ietf:params:jmap:core":{}}})"}) {
        CAPTURE(body);
        Site site;
        site.web.otherwise = [&](const HttpRequest&) { return WebAnswer{.body = body}; };
        CHECK(site.ask(ask_jmap_well_known).findings.empty());
        CHECK(site.web.requests.size() == 1);
    }
    Site site;
    site.web.otherwise = [&](const HttpRequest&) { return challenge(); };
    CHECK(site.ask(ask_jmap_well_known).findings.empty());
    CHECK(site.web.requests.size() == 2);
    Site odd;
    odd.get(jmap, {.status = 207});
    CHECK(odd.ask(ask_jmap_well_known).findings.empty());
}

TEST_CASE("well-known: nothing is asked where the DNS says no")
{
    SUBCASE("the domain has no address")
    {
        Bench bench;
        for (const auto source : {ask_dav_well_known, ask_jmap_well_known}) CHECK(bench.ask(source).end == SourceEnd::nothing);
        CHECK(bench.web.requests.empty());
    }
    SUBCASE("its owner declines one service")
    {
        Site site;
        site.world.srv("_caldavs._tcp.example.org", {0, 0, 0, ""});
        CHECK(site.ask(ask_dav_well_known).end == SourceEnd::nothing);
        CHECK(site.web.asked() == std::vector<std::string>{"PROPFIND " + carddav});
    }
    SUBCASE("its owner declines them all")
    {
        Site site;
        for (const auto* label : {"_caldavs", "_carddavs", "_jmap"})
            site.world.srv(std::string(label) + "._tcp.example.org", {0, 0, 0, ""});
        for (const auto source : {ask_dav_well_known, ask_jmap_well_known}) CHECK(site.ask(source).end == SourceEnd::skipped);
        CHECK(site.web.requests.empty());
    }
}

TEST_CASE("well-known: what the catalogue knows for the domain is not asked of its web site")
{
    Bench bench;
    for (const auto* name : {"mail.de", "gmx.net"}) bench.world.address(name, "192.0.2.80");
    CHECK(bench.ask(ask_dav_well_known, "alice@gmx.net").end == SourceEnd::skipped); // calendars and contacts
    CHECK(bench.web.requests.empty());
    CHECK(bench.ask(ask_dav_well_known, "alice@mail.de").end == SourceEnd::nothing); // calendars alone
    CHECK(bench.web.asked() == std::vector<std::string>{"PROPFIND https://mail.de/.well-known/carddav"});
}
