// Mistakes of other programs that set up mail: each is made impossible here by a test with its number. What belongs to real sockets, to a parser
// or to a dialog has its test there, under the same words: grep -rn "peers' mistake" tests lists them all.
#include "probe/discovery/finding.hpp"
#include "tests/support/scripted_world.hpp"

#include <doctest/doctest.h>

using namespace portolan;
using namespace portolan::scripted;

namespace {

const std::string own = "https://autoconfig.example.org/mail/config-v1.1.xml";
const std::string wellknown = "https://example.org/.well-known/autoconfig/mail/config-v1.1.xml";
const std::string autodiscover = "https://autodiscover.example.org/autodiscover/autodiscover.xml";

/// A domain with web servers for every source that is asked over HTTPS; nothing is behind them yet.
void web_hosts(World& world)
{
    world.address("autoconfig.example.org", "192.0.2.80");
    world.address("autodiscover.example.org", "192.0.2.81");
    world.address("example.org", "192.0.2.82");
}

/// `name` takes mail at 993 and 465, for alice by her address.
void serves(World& world, const std::string& name, const std::string& ip, milliseconds rtt = 20ms)
{
    world.address(name, ip);
    for (const auto kind : {ServiceKind::imap, ServiceKind::smtp}) world.server(ip, {.kind = kind, .rtt = rtt, .names = {"alice@example.org"}});
}

SearchOptions with(std::string_view password)
{
    SearchOptions options;
    options.password = Secret(password);
    return options;
}

std::string pox(std::string_view inner)
{
    return "<Autodiscover><Response><Account>" + std::string(inner) + "</Account></Response></Autodiscover>";
}

std::string pox_pair(std::string_view server)
{
    std::string all = "<AccountType>email</AccountType><Action>settings</Action>";
    for (const auto& [type, port] : {std::pair{"IMAP", "993"}, std::pair{"SMTP", "465"}})
        all += "<Protocol><Type>" + std::string(type) + "</Type><Server>" + std::string(server) + "</Server><Port>" + port + "</Port></Protocol>";
    return pox(all);
}

int guesses_in(const Report& report)
{
    return static_cast<int>(std::ranges::count_if(report.findings, [](const Finding& one) { return one.source == Source::guess; }));
}

}

TEST_CASE("peers' mistake 1: a 401 or a silence of one source costs the answer of another one nothing")
{
    for (const int status : {401, 403, 500, 503, 0}) {
        CAPTURE(status);
        World world;
        web_hosts(world);
        const auto bad = [&](const std::string& url) {
            if (status == 0) world.page(url, "", 60s);
            else world.reply(url, status);
        };
        std::string expected = "srv.example.org";
        SUBCASE("SRV answers, every web source does not")
        {
            for (const auto& url : {own, wellknown, autodiscover}) bad(url);
            world.srv_pair("example.org", "srv.example.org", "srv.example.org");
        }
        SUBCASE("autoconfig answers, Autodiscover does not")
        {
            expected = "file.example.org";
            world.page(own, autoconfig(incoming("file.example.org", 993) + outgoing("file.example.org", 465)), 90ms);
            for (const auto& url : {wellknown, autodiscover}) bad(url);
        }
        SUBCASE("Autodiscover answers, autoconfig does not")
        {
            expected = "pox.example.org";
            world.reply(autodiscover, 200, {}, pox_pair("pox.example.org"));
            for (const auto& url : {own, wellknown}) bad(url);
        }
        serves(world, expected, "192.0.2.1");
        const auto found = search(world, "alice@example.org");
        REQUIRE(found.ended);
        CHECK(in_host(found.report) == expected);
        CHECK(out_host(found.report) == expected);
        CHECK(found.report.outcome == ReportOutcome::ready);
        CHECK(found.took < 2s);
    }
}

TEST_CASE("peers' mistake 2: SRV targets stand by priority, whatever the order of the records; the port is theirs; \".\" is no offer")
{
    std::vector<SrvTarget> targets{{30, 100, 993, "third.example.org"}, {10, 0, 20993, "first.example.org"}, {20, 60000, 993, "second.example.org"}};
    std::ranges::sort(targets, {}, &SrvTarget::host);
    do {
        World world;
        for (const auto& target : targets) world.srv("_imaps._tcp.example.org", target);
        world.srv("_submissions._tcp.example.org", {0, 0, 20465, "first.example.org"});
        for (const auto* label : {"_imap._tcp.", "_submission._tcp.", "_pop3._tcp.", "_pop3s._tcp."}) world.srv(label + std::string("example.org"), {0, 0, 0, ""});
        world.address("first.example.org", "192.0.2.1");
        world.server("192.0.2.1", 20993, {.kind = ServiceKind::imap});
        world.server("192.0.2.1", 20465, {.kind = ServiceKind::smtp});
        serves(world, "second.example.org", "192.0.2.2", 5ms);         // quicker, and not asked for first
        serves(world, "third.example.org", "192.0.2.3", 5ms);
        const auto found = search(world, "alice@example.org");
        REQUIRE(found.ended);
        REQUIRE(found.report.account.incoming());
        CHECK(in_host(found.report) == "first.example.org");
        CHECK(found.report.account.incoming()->port == 20993);
        CHECK(found.report.account.find(ServiceKind::smtp)->port == 20465);
        for (const auto& finding : found.report.findings) CHECK(!finding.service.host.empty());
        for (const auto& contact : world.contacts) CHECK((contact.to.port() != 143 && contact.to.port() != 587 && contact.to.port() != 0));
    } while (std::ranges::next_permutation(targets, {}, &SrvTarget::host).found);
}

TEST_CASE("peers' mistake 4: no name above the registrable domain is asked or contacted, by whatever suffix")
{
    struct Row { std::string domain, registrable; };
    for (const auto& [domain, registrable] : std::initializer_list<Row>{
             {"harbour-club.co.uk", "harbour-club.co.uk"}, {"sales.harbour-club.co.uk", "harbour-club.co.uk"}, {"harbour-club.com.au", "harbour-club.com.au"},
             {"tenant.github.io", "tenant.github.io"},     {"a.b.tenant.github.io", "tenant.github.io"},       {"club.blogspot.com", "club.blogspot.com"},
             {"harbour-club.net", "harbour-club.net"},     {"a.b.c.harbour-club.net", "harbour-club.net"},
         }) {
        CAPTURE(domain);
        World world;
        world.mx(domain, 10, registrable.substr(registrable.find('.') + 1));                // an MX at the suffix itself
        for (const auto* prefix : {"", "autoconfig.", "autodiscover.", "imap.", "smtp."}) world.address(prefix + domain, "192.0.2.80");
        const auto found = search(world, "alice@" + domain);
        REQUIRE(found.ended);
        const auto inside = [&](const std::string& name) { return name == registrable || name.ends_with("." + registrable); };
        for (const auto& one : world.asked) {
            CAPTURE(one.name);
            const bool known = one.name == name_that_cannot_exist() || one.name == "v1.ispdb.net";      // neither is built from the address
            CHECK((known || inside(one.name)));
        }
        for (const auto& url : world.fetched) {
            CAPTURE(url);
            const auto rest = url.substr(url.find("://") + 3);
            const auto name = rest.substr(0, rest.find('/'));
            CHECK(inside(name));
        }
    }
}

TEST_CASE("peers' mistake 5: another status than 200, a web page, nothing, or XML without a root is a no with its reason, and the search ends")
{
    struct Row { int status; std::string body, reason; };
    for (const auto& row : std::initializer_list<Row>{
             {404, "", "404"},
             {201, autoconfig(incoming("lure.example.org", 993)), "201"},
             {403, autoconfig(incoming("lure.example.org", 993)), "403"},
             {500, autoconfig(incoming("lure.example.org", 993)), "500"},
             {200, "", "empty"},
             {200, "<!DOCTYPE html><html><body>Welcome</body></html>", "html-page"},
             {200, "<?xml version=\"1.0\"?>", "not-xml"},
             {200, "<?xml version=\"1.0\"?><!-- nothing -->", "not-xml"},
             {200, "{}", "json"},
             {200, "<feed/>", "no-client-config"},
             {200, "<clientConfig/>", "no-servers"},
         }) {
        CAPTURE(row.status);
        CAPTURE(row.body);
        World world;
        web_hosts(world);
        for (const auto& url : {own, wellknown, autodiscover}) world.reply(url, row.status, {}, row.body);
        world.address("lure.example.org", "192.0.2.9");
        world.pair("192.0.2.9");
        const auto found = search(world, "alice@example.org");
        REQUIRE(found.ended);
        CHECK(found.took < 2s);
        CHECK(found.report.outcome == ReportOutcome::not_found);
        CHECK(static_cast<int>(found.report.findings.size()) == guesses_in(found.report));
        CHECK(world.contacts_of("192.0.2.9") == 0);
        int reasons = 0;
        for (const auto& probe : found.report.probes)
            if (probe.kind == ProbeKind::http && (probe.target.starts_with(own) || probe.target.starts_with(wellknown))) {
                CAPTURE(probe.target);
                CHECK(probe.detail == row.reason);
                ++reasons;
            }
        CHECK(reasons >= 2);
    }
}

TEST_CASE("peers' mistake 7: Autodiscover is a POST with a body; an address, a URL and a loop of them are followed, and every search counts anew")
{
    World world;
    web_hosts(world);
    serves(world, "pox.example.org", "192.0.2.1");
    const std::string there = "https://mail.example.org/autodiscover/autodiscover.xml", at_new = "https://autodiscover.new.example.org/autodiscover/autodiscover.xml";
    world.address("mail.example.org", "192.0.2.83");
    world.address("autodiscover.new.example.org", "192.0.2.84");
    const auto redirect = [](std::string_view kind, std::string_view where) {
        return pox("<Action>redirect" + std::string(kind) + "</Action><Redirect" + std::string(kind) + ">" + std::string(where) + "</Redirect" + std::string(kind) + ">");
    };
    SUBCASE("to an address, from there to a URL: settings")
    {
        world.reply(autodiscover, 200, {}, redirect("Addr", "alice@new.example.org"));
        world.reply(at_new, 200, {}, redirect("Url", there));
        world.reply(there, 200, {}, pox_pair("pox.example.org"));
        for (int again = 0; again < 3; ++again) {                      // a counter that is kept from one search to the next would end this
            const auto found = search(world, "alice@example.org", {.options = {.only = {Source::autodiscover}}});
            REQUIRE(found.ended);
            CHECK(in_host(found.report) == "pox.example.org");
            CHECK(found.report.outcome == ReportOutcome::ready);
        }
        REQUIRE(!world.posted.empty());
        for (const auto& post : world.posted) {
            CAPTURE(post.url);
            CHECK(post.body.contains("<EMailAddress>alice@"));
            CHECK(post.body.contains("<AcceptableResponseSchema>"));
        }
        CHECK(std::ranges::any_of(world.posted, [&](const Posted& one) { return one.url == at_new && one.body.contains("alice@new.example.org"); }));
        // XML was asked for by POST alone.
        CHECK(std::ranges::count(world.fetched, autodiscover) == std::ranges::count(world.posted, autodiscover, &Posted::url));
    }
    SUBCASE("in a circle: it ends, and the owner hears of it")
    {
        world.reply(autodiscover, 200, {}, redirect("Url", there));
        world.reply(there, 200, {}, redirect("Url", autodiscover));
        const auto found = search(world, "alice@example.org", {.options = {.only = {Source::autodiscover}}});
        REQUIRE(found.ended);
        CHECK(found.took < 3s);
        CHECK(has(found.report, VerdictCode::settings_redirect_loop));
        CHECK(std::ranges::count(world.fetched, there) <= 2);
    }
}

TEST_CASE("peers' mistake 9: one bad server is left out alone, several are kept, the first stands first")
{
    World world;
    web_hosts(world);
    const std::string bad = incoming("", 993) + incoming("typo.example.org", 70000) + incoming("odd.example.org", 993, "xxx") +
                            incoming("x.example.org", 993, "SSL", "%EMAILADDRESS%", "carrier-pigeon");
    world.page(own, autoconfig(bad + incoming("one.example.org", 993) + incoming("two.example.org", 993) + incoming("three.example.org", 995, "SSL", "", "pop3") +
                               outgoing("one.example.org", 465) + outgoing("two.example.org", 465)), 30ms);
    serves(world, "one.example.org", "192.0.2.1", 40ms);
    serves(world, "two.example.org", "192.0.2.2", 10ms);               // quicker, and named later
    for (const auto* name : {"typo.example.org", "odd.example.org", "x.example.org"}) serves(world, name, "192.0.2.9");
    world.server("192.0.2.9", {.kind = ServiceKind::imap, .security = Security::plaintext});
    const auto found = search(world, "alice@example.org");
    REQUIRE(found.ended);
    CHECK(in_host(found.report) == "one.example.org");
    CHECK(out_host(found.report) == "one.example.org");
    CHECK(std::ranges::any_of(found.report.alternatives, [](const Service& one) { return one.host.text() == "two.example.org"; }));
    CHECK(std::ranges::count_if(found.report.findings, [](const Finding& one) { return one.source == Source::autoconfig; }) == 5);
    CHECK(world.contacts_of("192.0.2.9") == 0);
    for (const auto& finding : found.report.findings) CHECK(finding.service.security != Security::plaintext);
    CHECK(has(found.report, VerdictCode::settings_malformed));
}

TEST_CASE("peers' mistake 10: placeholders are filled in host names too, and each direction signs in with its own user name")
{
    World world;
    web_hosts(world);
    world.page(own, autoconfig(incoming("in.%EMAILDOMAIN%", 993, "SSL", "%EMAILLOCALPART%") + outgoing("out.%EMAILDOMAIN%", 465, "SSL", "sender+%EMAILADDRESS%")), 30ms);
    world.address("in.example.org", "192.0.2.1");
    world.address("out.example.org", "192.0.2.2");
    world.server("192.0.2.1", {.kind = ServiceKind::imap, .names = {"alice"}});
    world.server("192.0.2.2", {.kind = ServiceKind::smtp, .names = {"sender+alice@example.org"}});
    const auto report = signed_in(world, "alice@example.org", with(world.password));
    CHECK(in_host(report) == "in.example.org");
    CHECK(out_host(report) == "out.example.org");
    REQUIRE(world.sign_ins.size() == 2);
    CHECK(world.sign_ins[0].username == "alice");
    CHECK(world.sign_ins[1].username == "sender+alice@example.org");
    CHECK(report.outcome == ReportOutcome::ready);
}

TEST_CASE("peers' mistake 12: no password before the certificate is accepted, none to another domain, none over HTTP, none in a question about settings")
{
    World world;
    web_hosts(world);
    auto options = with(world.password);
    bool sent = false;
    SUBCASE("a certificate that is not good")
    {
        world.srv_pair("example.org", "mail.example.org", "mail.example.org");
        world.address("mail.example.org", "192.0.2.1");
        for (const auto kind : {ServiceKind::imap, ServiceKind::smtp})
            world.server("192.0.2.1", {.kind = kind, .problem = VerdictCode::certificate_self_signed, .names = {"alice@example.org"}});
    }
    SUBCASE("another domain that DNS alone names")
    {
        world.srv_pair("example.org", "mail.hoster.example", "mail.hoster.example");
        serves(world, "mail.hoster.example", "192.0.2.1");
    }
    SUBCASE("a document that came over an unprotected way")
    {
        world.page(own, autoconfig(incoming("mail.hoster.example", 993) + outgoing("mail.hoster.example", 465)), 30ms, false);
        serves(world, "mail.hoster.example", "192.0.2.1");
    }
    SUBCASE("a server without TLS")
    {
        world.page(own, autoconfig(incoming("mail.example.org", 143, "plain") + outgoing("mail.example.org", 587, "plain")), 30ms);
        world.address("mail.example.org", "192.0.2.1");
        for (const auto& [kind, port] : {std::pair{ServiceKind::imap, Port{143}}, std::pair{ServiceKind::smtp, Port{587}}})
            world.server("192.0.2.1", port, {.kind = kind, .security = Security::plaintext, .names = {"alice@example.org"}});
    }
    SUBCASE("web servers that ask for one get none; the mail server of the domain does")
    {
        for (const auto& url : {own, wellknown, autodiscover}) world.reply(url, 401);
        world.srv_pair("example.org", "mail.example.org", "mail.example.org");
        serves(world, "mail.example.org", "192.0.2.1");
        sent = true;
    }
    const auto report = signed_in(world, "alice@example.org", options);
    REQUIRE(!report.account.services.empty());
    CHECK(world.sign_ins.empty() == !sent);
    for (const auto& one : world.sign_ins) CHECK(one.encrypted);
    CHECK((report.outcome == ReportOutcome::ready) == sent);
    for (const auto& post : world.posted) CHECK(!post.body.contains(world.password));
    for (const auto& url : world.fetched) CHECK(!url.contains("correct"));
}

TEST_CASE("peers' mistake 13: no sign-in without a name or a password, and at most two refusals, whatever the domain publishes")
{
    for (const auto* password : {"", "wrong"})
        for (int scenario = 0; scenario < 6; ++scenario) {
            CAPTURE(password);
            CAPTURE(scenario);
            World world;
            web_hosts(world);
            std::string servers;
            switch (scenario) {
            case 0: world.srv_pair("example.org", "a.example.org", "a.example.org"); break;
            case 1:                                                    // two hosts for each direction
                for (const auto* name : {"a.example.org", "b.example.org"}) servers += incoming(name, 993, "SSL", "") + outgoing(name, 465, "SSL", "");
                break;
            case 2: servers = incoming("a.example.org", 993) + outgoing("b.example.org", 465, "SSL", "%EMAILLOCALPART%"); break;
            case 3: servers = incoming("a.example.org", 995, "SSL", "", "pop3") + incoming("b.example.org", 993, "SSL", "") + outgoing("a.example.org", 465, "SSL", ""); break;
            case 4:                                                    // published twice, by sources that do not agree
                world.srv_pair("example.org", "a.example.org", "a.example.org");
                servers = incoming("b.example.org", 993) + outgoing("b.example.org", 465);
                break;
            default:                                                   // nothing published: guesses
                serves(world, "imap.example.org", "192.0.2.3");
                serves(world, "smtp.example.org", "192.0.2.4");
            }
            if (!servers.empty()) world.page(own, autoconfig(servers), 30ms);
            serves(world, "a.example.org", "192.0.2.1");
            serves(world, "b.example.org", "192.0.2.2");
            const auto report = signed_in(world, "alice@example.org", with(password));
            CHECK(world.sign_ins.size() <= (*password ? 2 : 0));
            CHECK(report.sign_in_refusals == static_cast<int>(world.sign_ins.size()));
            if (*password) CHECK(!world.sign_ins.empty());
            for (const auto& one : world.sign_ins) {
                CHECK(!one.username.empty());
                CHECK(!one.password.empty());
            }
        }
}

TEST_CASE("peers' mistake 20: POP3 or SMTP that listens at 993 is no IMAP, and is said to be what it is")
{
    for (const auto kind : {ServiceKind::pop3, ServiceKind::smtp}) {
        CAPTURE(slug(kind));
        World world;
        world.srv_pair("example.org", "mail.example.org", "mail.example.org");
        world.address("mail.example.org", "192.0.2.1");
        world.server("192.0.2.1", {.kind = ServiceKind::smtp});
        world.server("192.0.2.1", 993, {.kind = kind, .names = {"alice@example.org"}});
        const auto report = signed_in(world, "alice@example.org", with(world.password));
        CHECK(has(report, VerdictCode::not_this_protocol));
        CHECK(report.outcome == ReportOutcome::attention);
        REQUIRE(report.account.incoming());
        CHECK(report.account.incoming()->state == ServiceState::failed);
        CHECK(std::ranges::none_of(world.sign_ins, [](const SignIn& one) { return one.port == 993; }));
    }
}

TEST_CASE("peers' mistake 21: the certificate of the outgoing server is compared with the outgoing server's name")
{
    for (const bool own_name : {true, false}) {
        CAPTURE(own_name);
        World world;
        world.srv_pair("example.org", "imap.example.org", "smtp.example.org");
        world.address("imap.example.org", "192.0.2.1");
        world.address("smtp.example.org", "192.0.2.2");
        world.server("192.0.2.1", {.kind = ServiceKind::imap, .certificate_names = {"imap.example.org"}, .names = {"alice@example.org"}});
        world.server("192.0.2.2", {.kind = ServiceKind::smtp, .certificate_names = {own_name ? "smtp.example.org" : "imap.example.org"}, .names = {"alice@example.org"}});
        const auto report = signed_in(world, "alice@example.org", with(world.password));
        CHECK(has(report, VerdictCode::certificate_name_mismatch) == !own_name);
        CHECK((report.outcome == ReportOutcome::ready) == own_name);
        CHECK(std::ranges::any_of(world.sign_ins, [](const SignIn& one) { return one.port == 465; }) == own_name);
        if (const auto* verdict = said(report, VerdictCode::certificate_name_mismatch)) CHECK(verdict->target == "smtp.example.org:465");
    }
}
