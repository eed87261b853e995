// Autodiscover as a source: who is asked, who is told the address, where a redirect may lead, and when it ends. No password is on its way.
#include "probe/discovery/autodiscover.hpp"
#include "probe/discovery/finding.hpp"
#include "tests/support/scripted_world.hpp"

#include <doctest/doctest.h>

using namespace portolan;
using namespace portolan::scripted;

namespace {

const std::string at_host = "https://autodiscover.example.org/autodiscover/autodiscover.xml";
const std::string at_domain = "https://example.org/autodiscover/autodiscover.xml";
const std::string unprotected = "http://autodiscover.example.org/autodiscover/autodiscover.xml";
const std::string json = "https://autodiscover.example.org/autodiscover/autodiscover.json/v1.0/alice%40example.org";

const std::set all_three{Source::autodiscover, Source::autodiscover_json, Source::autodiscover_srv};

/// `base`0 leads to `base`1, that to `base`2, and so on.
void endless(World& world, const std::string& base)
{
    for (int i = 0; i < 30; ++i) world.reply(base + std::to_string(i), 302, base + std::to_string(i + 1));
}

std::string account(std::string_view inner)
{
    return "<Autodiscover><Response><Account>" + std::string(inner) + "</Account></Response></Autodiscover>";
}
std::string pair_at(std::string_view server, std::string_view more = "")
{
    std::string all = "<AccountType>email</AccountType><Action>settings</Action>";
    for (const auto* type : {"IMAP", "SMTP"})
        all += "<Protocol><Type>" + std::string(type) + "</Type><Server>" + std::string(server) + "</Server>" + std::string(more) +
               "</Protocol>";
    return account(all);
}
std::string to_address(std::string_view address)
{
    return account("<Action>redirectAddr</Action><RedirectAddr>" + std::string(address) + "</RedirectAddr>");
}
std::string to_url(std::string_view url)
{
    return account("<Action>redirectUrl</Action><RedirectUrl>" + std::string(url) + "</RedirectUrl>");
}
std::string error(int code)
{
    return "<Autodiscover><Response><Error><ErrorCode>" + std::to_string(code) + "</ErrorCode></Error></Response></Autodiscover>";
}
std::string activesync(std::string_view url)
{
    return "<Autodiscover><Response><Action><Settings><Server><Type>MobileSync</Type><Url>" + std::string(url) +
           "</Url></Server></Settings></Action></Response></Autodiscover>";
}

/// autodiscover.example.org and example.org exist; nothing is behind them yet.
struct Lab {
    Lab()
    {
        world.address("autodiscover.example.org", "192.0.2.80");
        world.address("example.org", "192.0.2.81");
    }
    SourceResult ask(SourceCall source, std::vector<std::string> confirmed = {})
    {
        Run one(world);
        DiscoveryOptions options;
        options.confirmed = std::move(confirmed);
        const auto address = mail_address("alice@example.org");
        const auto tell = [this](const Finding& finding) { told.push_back(finding); };
        auto result = run(world, source({address, one.around(), tell, options, trail}));
        probes = one.log().probes();
        CHECK(told.size() == result.findings.size());
        for (const auto& probe : probes) {
            CHECK(probe.outcome != ProbeOutcome::running);
            CHECK_FALSE(probe.target.contains("alice"));
            CHECK_FALSE(probe.detail.contains("alice"));
        }
        for (const auto& verdict : result.verdicts) CHECK_FALSE(verdict.target.contains("alice"));
        for (const auto& finding : result.findings) CHECK_FALSE(finding.location.contains("alice"));
        return result;
    }
    bool asked(std::string_view url) const { return std::ranges::find(world.fetched, url) != world.fetched.end(); }
    std::string detail(std::string_view url) const
    {
        for (const auto& probe : probes)
            if (probe.target == url) return probe.detail;
        return "not asked";
    }

    World world;
    std::vector<Probe> probes;
    std::vector<Finding> told;
    std::shared_ptr<AutodiscoverTrail> trail = std::make_shared<AutodiscoverTrail>();
};

const Verdict* verdict_of(const SourceResult& result, VerdictCode code)
{
    const auto found = std::ranges::find(result.verdicts, code, &Verdict::code);
    return found == result.verdicts.end() ? nullptr : &*found;
}

}

TEST_CASE("both hosts are asked side by side, by POST, and the host's own word comes first")
{
    Lab lab;
    lab.world.page(at_domain, pair_at("b.example.org"), 20ms);
    lab.world.page(at_host, pair_at("a.example.org"), 90ms);
    const auto result = lab.ask(ask_autodiscover);
    CHECK(result.end == SourceEnd::found);
    REQUIRE(result.findings.size() == 4);
    CHECK(result.findings[0].service.host.text() == "b.example.org");  // told at once, and still behind
    CHECK(result.findings[0].order > result.findings[2].order);
    for (const auto& finding : result.findings) {
        CHECK(finding.source == Source::autodiscover);
        CHECK(finding.authenticated);
        CHECK(finding.service.trust == Trust::authenticated);
        CHECK(finding.service.sources == std::vector{Source::autodiscover});
    }
    REQUIRE(lab.world.posted.size() == 2);
    for (const auto& one : lab.world.posted) CHECK(one.body.contains("<EMailAddress>alice@example.org</EMailAddress>"));
    CHECK(lab.world.elapsed() == 110ms);
    CHECK_FALSE(lab.asked(unprotected));
    for (const auto& probe : lab.probes)
        if (probe.kind == ProbeKind::http) CHECK(probe.told == Told::address);
}

TEST_CASE("what DNS says does not exist is not asked, and nothing above the domain is ever built")
{
    World world;
    world.address("mail.example.co.uk", "192.0.2.1");
    const auto found = search(world, "alice@example.co.uk", {.options = {.only = all_three}});
    REQUIRE(found.ended);
    CHECK(world.fetched.empty());
    CHECK_FALSE(world.asked.empty());
    for (const auto& one : world.asked) CHECK((one.name.ends_with("example.co.uk") || one.name == name_that_cannot_exist()));
}

TEST_CASE("a domain of the catalogue needs none of it")
{
    World world;
    world.address("autodiscover.gmx.net", "192.0.2.80");
    world.address("gmx.net", "192.0.2.80");
    world.srv("_autodiscover._tcp.gmx.net", {0, 0, 443, "autodiscover.gmx.net"});
    for (const auto source : {ask_autodiscover, ask_autodiscover_json, ask_autodiscover_srv}) {
        Run one(world);
        const auto address = mail_address("alice@gmx.net");
        CHECK(run(world, source({address, one.around(), {}})).end == SourceEnd::skipped);
    }
    CHECK(world.fetched.empty());
}

TEST_CASE("redirects inside of the domain are followed, the request made again")
{
    for (const bool in_xml : {false, true}) {
        CAPTURE(in_xml);
        Lab lab;
        lab.world.address("ex.example.org", "192.0.2.82");
        const std::string target = "https://ex.example.org/Autodiscover/Autodiscover.xml";
        if (in_xml) lab.world.reply(at_host, 200, {}, to_url(target + "?a=b"));
        else lab.world.reply(at_host, 302, target + "?a=b");
        lab.world.reply(target + "?a=b", 200, {}, pair_at("mail.example.org"));
        const auto result = lab.ask(ask_autodiscover);
        REQUIRE(result.findings.size() == 2);
        CHECK(result.findings[0].location == target + "?…");
        CHECK(result.findings[0].authenticated);
        CHECK(result.verdicts.empty());
        REQUIRE(lab.world.posted.size() == 3);                         // the body goes along
        CHECK(lab.world.posted[2].url == target);
        CHECK(lab.world.posted[2].body.contains("alice@example.org"));
        CHECK_FALSE(lab.asked(unprotected));
    }
}

TEST_CASE("a redirect to another domain is a notice, and is followed once a person has confirmed that domain")
{
    const std::string hoster = "https://autodiscover.hoster.example/autodiscover/autodiscover.xml";
    struct Row { std::string name; std::function<void(World&)> set_up; SourceCall source; };
    for (const auto& [name, set_up, source] : std::initializer_list<Row>{
             {"3xx", [&](World& world) { world.reply(at_host, 302, hoster); }, ask_autodiscover},
             {"redirectUrl", [&](World& world) { world.reply(at_host, 200, {}, to_url(hoster)); }, ask_autodiscover},
             {"redirectAddr", [&](World& world) { world.reply(at_host, 200, {}, to_address("alice@hoster.example")); }, ask_autodiscover},
             {"unprotected", [&](World& world) { world.reply(unprotected, 302, hoster); }, ask_autodiscover},
             {"srv", [&](World& world) { world.srv("_autodiscover._tcp.example.org", {0, 0, 443, "autodiscover.hoster.example"}); },
              ask_autodiscover_srv},
         }) {
        CAPTURE(name);
        for (const bool confirmed : {false, true}) {
            CAPTURE(confirmed);
            Lab lab;
            lab.world.address("autodiscover.hoster.example", "192.0.2.90");
            lab.world.reply(hoster, 200, {}, pair_at("mail.hoster.example"));
            set_up(lab.world);
            const auto result = lab.ask(source, confirmed ? std::vector<std::string>{"hoster.example"} : std::vector<std::string>{});
            CHECK(lab.asked(hoster) == confirmed);
            CHECK(result.findings.size() == (confirmed ? 2 : 0));
            const auto* verdict = verdict_of(result, VerdictCode::settings_host_outside_domain);
            REQUIRE((verdict == nullptr) == confirmed);
            if (verdict) {
                CHECK(verdict->severity == Severity::notice);
                CHECK(verdict->who == Who::you);
                CHECK(verdict->target == hoster);
                CHECK_FALSE(verdict->proof.empty());
                CHECK(std::ranges::count(result.verdicts, verdict->code, &Verdict::code) == 1);
                CHECK(std::ranges::none_of(lab.world.asked, [](const Asked& one) { return one.name.ends_with("hoster.example"); }));
            } else {
                const bool authenticated = name != "unprotected" && name != "srv";
                CHECK(result.findings[0].authenticated == authenticated);
                CHECK(result.findings[0].service.trust == (authenticated ? Trust::authenticated : Trust::confirm));
            }
        }
    }
}

TEST_CASE("A1.2: the redirect without TLS is asked for last, without the address, and only its way to https counts")
{
    struct Row { int status; std::string location; bool followed; };
    for (const auto& [status, location, followed] : std::initializer_list<Row>{
             {302, "https://ex.example.org/x.xml", true},
             {301, "https://ex.example.org/x.xml", true},
             {308, "https://ex.example.org/x.xml", true},
             {302, "http://ex.example.org/x.xml", false},
             {200, "", false},
             {302, "", false},
             {302, at_host, false},
             {302, "https://alice@ex.example.org/", false},
         }) {
        CAPTURE(location);
        Lab lab;
        lab.world.address("ex.example.org", "192.0.2.82");
        lab.world.reply("https://ex.example.org/x.xml", 200, {}, pair_at("mail.example.org"));
        lab.world.reply(unprotected, status, location, pair_at("evil.example.org"));
        const auto result = lab.ask(ask_autodiscover);
        REQUIRE(lab.asked(unprotected));
        CHECK(lab.world.fetched[2] == unprotected);                    // after the other two
        CHECK(lab.world.posted.size() == (followed ? 3 : 2));
        CHECK(result.findings.size() == (followed ? 2 : 0));
        for (const auto& finding : result.findings) {
            CHECK_FALSE(finding.authenticated);
            CHECK(finding.service.trust == Trust::confirm);
            CHECK(finding.service.host.text() == "mail.example.org");
        }
        for (const auto& probe : lab.probes)
            if (probe.target == unprotected) CHECK(probe.told == Told::domain);
    }
}

TEST_CASE("an https answer that leads back to http is refused there")
{
    Lab lab;
    lab.world.reply(at_host, 302, "http://example.org/autodiscover/autodiscover.xml");
    const auto result = lab.ask(ask_autodiscover);
    CHECK(verdict_of(result, VerdictCode::settings_redirect_loop));
    CHECK_FALSE(lab.asked("http://example.org/autodiscover/autodiscover.xml"));
}

TEST_CASE("loops end: of URLs, of addresses, and of servers that never tire")
{
    {
        Lab lab;                                                       // there and back
        lab.world.reply(at_host, 302, "https://autodiscover.example.org/b");
        lab.world.reply("https://autodiscover.example.org/b", 302, at_host);
        const auto result = lab.ask(ask_autodiscover);
        CHECK(verdict_of(result, VerdictCode::settings_redirect_loop));
        CHECK(lab.world.posted.size() == 3);
        CHECK(result.end == SourceEnd::nothing);
    }
    {
        Lab lab;                                                       // the same address again
        lab.world.reply(at_host, 200, {}, to_address("alice@example.org"));
        CHECK(verdict_of(lab.ask(ask_autodiscover), VerdictCode::settings_redirect_loop));
        CHECK(lab.world.posted.size() == 2);
    }
    {
        Lab lab;                                                       // a new address each time: two are followed
        lab.world.reply(at_host, 200, {}, to_address("a@example.org"));
        for (const auto* host : {"a", "b", "c"}) lab.world.address(std::string("autodiscover.") + host + ".example.org", "192.0.2.83");
        lab.world.reply(at_host, 200, {}, to_address("alice@a.example.org"));
        lab.world.reply("https://autodiscover.a.example.org/autodiscover/autodiscover.xml", 200, {}, to_address("alice@b.example.org"));
        lab.world.reply("https://autodiscover.b.example.org/autodiscover/autodiscover.xml", 200, {}, to_address("alice@c.example.org"));
        CHECK(verdict_of(lab.ask(ask_autodiscover), VerdictCode::settings_redirect_loop));
        CHECK_FALSE(lab.asked("https://autodiscover.c.example.org/autodiscover/autodiscover.xml"));
    }
    {
        Lab lab;                                                       // a new URL each time: the budget ends it
        lab.world.reply(at_host, 302, "https://example.org/0");
        endless(lab.world, "https://example.org/");
        CHECK(verdict_of(lab.ask(ask_autodiscover), VerdictCode::settings_redirect_loop));
        CHECK(lab.world.fetched.size() == 8);
    }
}

TEST_CASE("one budget for everything that Autodiscover asks about an address, and no request twice")
{
    Lab lab;
    lab.world.srv("_autodiscover._tcp.example.org", {0, 0, 443, "autodiscover.example.org"});
    lab.world.reply(at_host, 302, "https://example.org/0");
    endless(lab.world, "https://example.org/");
    lab.world.reply(json, 302, "https://example.org/json/0");
    endless(lab.world, "https://example.org/json/");
    const auto found = search(lab.world, "alice@example.org", {.options = {.only = all_three}});
    REQUIRE(found.ended);
    CHECK(lab.world.fetched.size() == 8);
    CHECK(std::set(lab.world.fetched.begin(), lab.world.fetched.end()).size() == 8);
}

TEST_CASE("a new address in the domain is asked about at its own hosts; the person stays who they are")
{
    Lab lab;
    lab.world.address("autodiscover.staff.example.org", "192.0.2.84");
    lab.world.reply(at_host, 200, {}, to_address("a.smith@staff.example.org"));
    lab.world.reply("https://autodiscover.staff.example.org/autodiscover/autodiscover.xml", 200, {}, pair_at("mail.example.org"));
    const auto result = lab.ask(ask_autodiscover);
    REQUIRE(result.findings.size() == 2);
    CHECK(result.findings[0].service.username == "alice@example.org");
    CHECK(lab.world.posted.back().body.contains("a.smith@staff.example.org"));
    CHECK_FALSE(lab.asked("https://staff.example.org/autodiscover/autodiscover.xml"));       // it has no address
}

TEST_CASE("what a server says instead of settings is in the probe's detail, each with its own word")
{
    struct Row { int status; std::string body; std::string_view detail; bool heard; };
    for (const auto& [status, body, detail, heard] : std::initializer_list<Row>{
             {401, "", "401", true},
             {403, "", "403", false},
             {404, "", "404", false},
             {451, "", "451", false},
             {500, "", "500", false},
             {503, "", "503", false},
             {200, error(500), "error-500 no-such-mailbox", true},
             {200, error(501), "error-501 no-settings-for-mailbox", true},
             {200, error(600), "error-600 endpoint-exists", true},
             {200, error(602), "error-602 misconfigured-server", true},
             {200, error(603), "error-603 internal-error", true},
             {200, "<html><body>Welcome</body></html>", "not-autodiscover", false},
             {200, "", "not-xml", false},
         }) {
        CAPTURE(detail);
        Lab lab;
        lab.world.reply(at_host, status, {}, body);
        const auto result = lab.ask(ask_autodiscover);
        CHECK(lab.detail(at_host) == detail);
        CHECK(result.findings.empty());
        CHECK(result.verdicts.empty());
        CHECK(result.end == SourceEnd::nothing);
        CHECK(lab.asked(unprotected) != heard);                        // there is an Autodiscover server already
    }
}

TEST_CASE("error 601 is asked again with the other schema: ActiveSync")
{
    Lab lab;
    lab.world.reply(at_host, 200, {}, error(601));
    lab.ask(ask_autodiscover);
    REQUIRE(lab.world.posted.size() == 3);
    CHECK(lab.world.posted[2].url == at_host);
    CHECK(lab.world.posted[2].body.contains("/mobilesync/requestschema/2006"));
    // Some servers answer in that schema whatever they are asked.
    Lab other;
    other.world.reply(at_host, 200, {}, activesync("https://eas.example.org/Microsoft-Server-ActiveSync"));
    const auto result = other.ask(ask_autodiscover);
    REQUIRE(result.findings.size() == 1);
    CHECK(result.findings[0].service.service == ServiceKind::activesync);
    CHECK(result.findings[0].service.url == "https://eas.example.org/Microsoft-Server-ActiveSync");
}

TEST_CASE("broken answers are told to the owner, also where the rest can be used")
{
    Lab lab;
    lab.world.reply(at_host, 200, {}, pair_at("mail.example.org").substr(0, 150));
    auto result = lab.ask(ask_autodiscover);
    REQUIRE(verdict_of(result, VerdictCode::settings_malformed));
    CHECK(verdict_of(result, VerdictCode::settings_malformed)->target == at_host);
    CHECK(verdict_of(result, VerdictCode::settings_malformed)->said == "broken-xml");

    Lab half;
    half.world.reply(at_host, 200, {}, account("<Protocol><Type>IMAP</Type><Server>a.example.org</Server><SSL>starttls</SSL></Protocol>"
                                               "<Protocol><Type>SMTP</Type><Server>a.example.org</Server></Protocol>"));
    result = half.ask(ask_autodiscover);
    CHECK(result.findings.size() == 1);
    REQUIRE(verdict_of(result, VerdictCode::settings_malformed));
    CHECK(verdict_of(result, VerdictCode::settings_malformed)->said == "unknown-ssl");
}

TEST_CASE("plaintext is what was published, and is never trusted")
{
    Lab lab;
    lab.world.reply(at_host, 200, {}, pair_at("mail.example.org", "<SSL>on</SSL><Encryption>None</Encryption>"));
    const auto result = lab.ask(ask_autodiscover);
    REQUIRE(result.findings.size() == 2);
    for (const auto& finding : result.findings) {
        CHECK(finding.service.security == Security::plaintext);
        CHECK(finding.service.trust == Trust::insecure);
    }
}

TEST_CASE("SRV targets: priority first, port 443 alone, a declined service is none")
{
    {
        Lab lab;
        lab.world.srv("_autodiscover._tcp.example.org", {20, 65535, 443, "second.example.org"});
        lab.world.srv("_autodiscover._tcp.example.org", {10, 0, 443, "first.example.org"});
        lab.world.srv("_autodiscover._tcp.example.org", {0, 0, 80, "plain.example.org"});
        for (const auto* host : {"first", "second", "plain"}) lab.world.address(std::string(host) + ".example.org", "192.0.2.85");
        lab.world.reply("https://second.example.org/autodiscover/autodiscover.xml", 200, {}, pair_at("mail.example.org"));
        const auto result = lab.ask(ask_autodiscover_srv);
        REQUIRE(lab.world.posted.size() == 2);
        CHECK(lab.world.posted[0].url == "https://first.example.org/autodiscover/autodiscover.xml");
        REQUIRE(result.findings.size() == 2);
        CHECK(result.findings[0].source == Source::autodiscover_srv);
        CHECK_FALSE(result.findings[0].authenticated);
        CHECK(result.findings[0].service.trust == Trust::confirm);
    }
    {
        Lab lab;
        lab.world.srv("_autodiscover._tcp.example.org", {0, 0, 0, ""});
        CHECK(lab.ask(ask_autodiscover_srv).end == SourceEnd::nothing);
        CHECK(lab.world.fetched.empty());
    }
}

TEST_CASE("version 2 is asked for EWS only where ActiveSync was answered in JSON; its redirects obey the same rules")
{
    const std::string eas = R"({"Protocol":"ActiveSync","Url":"https://ex.example.org/Microsoft-Server-ActiveSync"})";
    const std::string ews = R"({"Protocol":"Ews","Url":"https://ex.example.org/EWS/Exchange.asmx"})";
    {
        Lab lab;
        lab.world.reply(json + "?Protocol=ActiveSync", 200, {}, eas);
        lab.world.reply(json + "?Protocol=Ews", 200, {}, ews);
        const auto result = lab.ask(ask_autodiscover_json);
        REQUIRE(result.findings.size() == 2);
        CHECK(result.findings[0].service.service == ServiceKind::activesync);
        CHECK(result.findings[1].service.service == ServiceKind::ews);
        CHECK(result.findings[1].location == "https://autodiscover.example.org/autodiscover/autodiscover.json/v1.0/…?Protocol=Ews");
        CHECK(result.findings[1].authenticated);
    }
    {
        Lab lab;
        CHECK(lab.ask(ask_autodiscover_json).end == SourceEnd::nothing);                     // 404
        CHECK(lab.world.fetched.size() == 1);
    }
    {
        Lab lab;
        lab.world.reply(json + "?Protocol=ActiveSync", 400, {}, R"({"ErrorCode":"InvalidProtocol","ErrorMessage":"no"})");
        lab.world.reply(json + "?Protocol=Ews", 200, {}, ews);
        CHECK(lab.ask(ask_autodiscover_json).findings.size() == 1);
    }
    {
        Lab lab;
        const std::string cloud = "https://cloud.example.com/autodiscover/autodiscover.json/v1.0/alice%2540example.org?Protocol=ActiveSync";
        lab.world.reply(json, 302, cloud);
        const auto result = lab.ask(ask_autodiscover_json);
        CHECK(lab.world.fetched.size() == 1);
        REQUIRE(verdict_of(result, VerdictCode::settings_host_outside_domain));
        const auto target = verdict_of(result, VerdictCode::settings_host_outside_domain)->target;
        CHECK(target == "https://cloud.example.com/autodiscover/autodiscover.json/v1.0/…");
    }
    {
        Lab lab;
        lab.world.address("ex.example.org", "192.0.2.82");
        lab.world.reply(json + "?Protocol=ActiveSync", 302, "https://ex.example.org/v2/alice%40example.org?Protocol=ActiveSync");
        lab.world.reply("https://ex.example.org/v2/alice%40example.org", 200, {}, eas);
        const auto result = lab.ask(ask_autodiscover_json);
        REQUIRE(result.findings.size() == 1);
        CHECK(result.findings[0].location == "https://ex.example.org/v2/…");
    }
}

TEST_CASE("the whole search ends with what Autodiscover says, and cancelling it frees everything at any moment")
{
    const auto set_up = [](World& world) {
        world.address("autodiscover.example.org", "192.0.2.80");
        world.address("example.org", "192.0.2.81");
        world.address("autodiscover.b.example.org", "192.0.2.80");
        world.srv("_autodiscover._tcp.example.org", {0, 0, 443, "autodiscover.b.example.org"});
        world.reply(at_host, 302, "https://autodiscover.b.example.org/autodiscover/autodiscover.xml");
        world.page("https://autodiscover.b.example.org/autodiscover/autodiscover.xml", pair_at("mail.hoster.example"), 70ms);
        world.address("mail.hoster.example", "192.0.2.1");
        world.pair("192.0.2.1");
    };
    World world;
    set_up(world);
    const auto found = search(world, "alice@example.org");
    REQUIRE(found.ended);
    CHECK(found.report.outcome == ReportOutcome::ready);
    CHECK(in_host(found.report) == "mail.hoster.example");
    CHECK(found.report.account.incoming()->trust == Trust::authenticated);
    CHECK(found.report.account.incoming()->sources.front() == Source::autodiscover);
    for (milliseconds at = 0ms; at < found.took; at += 3ms) {
        CAPTURE(at.count());
        World other;
        set_up(other);
        const auto stopped = search(other, "alice@example.org", {.cancel_at = at});
        REQUIRE(stopped.ended);
        CHECK(stopped.after_cancel <= 100ms);
        CHECK(other.open_requests == 0);
        CHECK(other.open_questions == 0);
        CHECK(std::ranges::none_of(stopped.report.probes, [](const Probe& probe) { return probe.outcome == ProbeOutcome::running; }));
    }
}
