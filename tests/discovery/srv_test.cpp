// SRV beyond mail: ManageSieve, JMAP, CalDAV and CardDAV, and the order of IMAP and POP3.
#include "probe/discovery/srv.hpp"
#include "probe/discovery/web_place.hpp"
#include "tests/discovery/web.hpp"

#include <doctest/doctest.h>

using namespace portolan;
using namespace portolan::scripted;

TEST_CASE("the context path in TXT: a plain path on the same host, or none")
{
    struct Row {
        std::vector<std::string> records;
        std::optional<std::string> path;
        bool refused;
    };
    const auto none = std::nullopt;
    for (const auto& [records, path, refused] : std::initializer_list<Row>{
             {{"path=/dav"}, "/dav", false},
             {{"path=/"}, "/", false},
             {{"PATH=/dav/"}, "/dav/", false},
             {{"txtvers=1", "path=/dav/"}, "/dav/", false},
             {{"note=path=/x", "path=/dav/"}, "/dav/", false},
             {{"txtvers=1path=/dav/"}, none, false},
             {{"path=/a/b.c/~d/%7Ee/..f/g..;h=1,(x)'!$&*+@:"}, "/a/b.c/~d/%7Ee/..f/g..;h=1,(x)'!$&*+@:", false},
             {{"v=spf1 -all", "path=/dav/"}, "/dav/", false},
             {{"path=/one/", "path=/two/"}, "/one/", false},
             {{"path=dav", "path=/dav/"}, "/dav/", true},
             {{}, none, false},
             {{""}, none, false},
             {{"path"}, none, false},
             {{"path="}, none, false},
             {{"txtvers=1"}, none, false},
             {{"xpath=/dav"}, none, false},
             {{"path=dav"}, none, true},
             {{"path=https://elsewhere.test/"}, none, true},
             {{"path=//elsewhere.test/"}, none, true},
             {{"path=/%2felsewhere.test/"}, none, true},
             {{"path=/\\elsewhere.test/"}, none, true},
             {{"path=/%5celsewhere.test/"}, none, true},
             {{"path=/../admin"}, none, true},
             {{"path=/dav/.."}, none, true},
             {{"path=/dav/%2E%2e/admin"}, none, true},
             {{"path=/dav/%2e./admin"}, none, true},
             {{"path=/dav/..%2fadmin"}, none, true},
             {{"path=/./dav"}, none, true},
             {{"path=/dav?x=1"}, none, true},
             {{"path=/dav#x"}, none, true},
             {{"path=/a b"}, none, true},
             {{"path=/a\r\nHost: x"}, none, true},
             {{"path=/a%0d%0aHost"}, none, true},
             {{"path=/a%00"}, none, true},
             {{std::string("path=/a\0b", 9)}, none, true},
             {{"path=/caf\xc3\xa9"}, none, true},
             {{"path=/100%"}, none, true},
             {{"path=/100%2"}, none, true},
             {{"path=/" + std::string(600, 'a')}, none, true},
         }) {
        CAPTURE((records.empty() ? std::string() : records.front()));
        bool said = !refused;
        CHECK(dav_path(records, said) == path);
        CHECK(said == refused);
    }
}

TEST_CASE("an absolute URL taken apart")
{
    struct Row {
        std::string_view text;
        std::string_view url;
    };
    for (const auto& [text, url] : std::initializer_list<Row>{
             {"https://example.org", "https://example.org/"},
             {"HTTPS://Example.ORG:443/a?b=c#d", "https://example.org/a?b=c"},
             {"https://example.org:8443/", "https://example.org:8443/"},
             {"https://example.org?x", "https://example.org/?x"},
             {"http://example.org:80/x", "http://example.org/x"},
             {"http://example.org:443/x", "http://example.org:443/x"},
             {"https://192.0.2.1/", "https://192.0.2.1/"},
             {"", ""},
             {"example.org", ""},
             {"//example.org/", ""},
             {"ftp://example.org/", ""},
             {"https:/example.org/", ""},
             {"https://", ""},
             {"https:///a", ""},
             {"https://example.org:0/", ""},
             {"https://example.org:65536/", ""},
             {"https://example.org:/", ""},
             {"https://example.org:+1/", ""},
             {"https://alice@example.org/", ""},
             {"https://example.org\\@elsewhere.test/", ""},
             {"https://[2001:db8::1]/", ""},
             {"https://example.org/a b", ""},
             {"https://example.org/\x01", ""},
             {"https://example.org/\xc3\xa9", ""},
         }) {
        CAPTURE(text);
        const auto place = web_place(text);
        CHECK((place ? place->url : "") == url);
    }
    CHECK(!web_place("https://example.org/" + std::string(1024, 'a')));
    CHECK(web_place("https://example.org/#@elsewhere.test")->host.text() == "example.org");
}

TEST_CASE("SRV: ManageSieve, JMAP, CalDAV and CardDAV")
{
    Bench bench;
    bench.world.srv("_sieve._tcp.example.org", {0, 1, 4190, "sieve.example.org"});
    bench.world.srv("_jmap._tcp.example.org", {0, 1, 8443, "jmap.example.org"});
    bench.world.srv("_caldavs._tcp.example.org", {10, 1, 443, "dav.example.org"});
    bench.world.srv("_caldavs._tcp.example.org", {20, 1, 8443, "spare.example.org"});
    bench.world.srv("_carddavs._tcp.example.org", {0, 1, 443, "dav.example.org"});
    bench.names.txt["_caldavs._tcp.example.org"] = {"path=/remote.php/dav/"};
    const auto result = bench.ask(ask_srv);
    CHECK(result.end == SourceEnd::found);
    CHECK(urls_of(result) == std::vector<std::string>{"managesieve ", "jmap https://jmap.example.org:8443/.well-known/jmap",
                                                      "caldav https://dav.example.org/remote.php/dav/",
                                                      "caldav https://spare.example.org:8443/remote.php/dav/",
                                                      "carddav https://dav.example.org/.well-known/carddav"});
    const auto* sieve = service_of(result, ServiceKind::managesieve);
    CHECK(sieve->endpoint() == Endpoint{host("sieve.example.org"), 4190, Security::starttls});
    for (const auto& finding : result.findings) {
        CHECK(finding.service.trust == Trust::confirm);
        CHECK(finding.service.username == "alice@example.org");
        CHECK(!finding.authenticated);
        if (finding.service.service != ServiceKind::managesieve) CHECK(finding.service.security == Security::tls);
    }
    CHECK(result.findings[2].location == "SRV _caldavs._tcp.example.org");
    CHECK(result.verdicts.empty());
    // TXT where its service is, and nowhere else; and beside the other labels, not after them.
    CHECK(bench.asked_for("_caldavs._tcp.example.org", RecordType::txt));
    CHECK(bench.asked_for("_carddavs._tcp.example.org", RecordType::txt));
    for (const auto* name : {"_caldav._tcp.example.org", "_carddav._tcp.example.org", "_jmap._tcp.example.org", "_imaps._tcp.example.org"})
        CHECK(!bench.asked_for(name, RecordType::txt));
    CHECK(bench.world.elapsed() == 40ms);
}

TEST_CASE("SRV: DAV without TLS is named only where nobody offers it with TLS, and is insecure")
{
    Bench bench;
    bench.world.srv("_caldav._tcp.example.org", {0, 1, 80, "dav.example.org"});
    bench.world.srv("_carddav._tcp.example.org", {0, 1, 8008, "dav.example.org"});
    SUBCASE("alone")
    {
        bench.names.txt["_carddav._tcp.example.org"] = {"path=/card/"};
        const auto result = bench.ask(ask_srv);
        CHECK(urls_of(result) ==
              std::vector<std::string>{"caldav http://dav.example.org/.well-known/caldav", "carddav http://dav.example.org:8008/card/"});
        for (const auto& finding : result.findings) {
            CHECK(finding.service.security == Security::plaintext);
            CHECK(finding.service.trust == Trust::insecure);
        }
    }
    SUBCASE("beside the one with TLS")
    {
        bench.world.srv("_caldavs._tcp.example.org", {0, 1, 443, "dav.example.org"});
        CHECK(urls_of(bench.ask(ask_srv)) == std::vector<std::string>{"caldav https://dav.example.org/.well-known/caldav",
                                                                      "carddav http://dav.example.org:8008/.well-known/carddav"});
    }
    SUBCASE("at the port of HTTPS it is HTTPS")
    {
        Bench other;
        other.world.srv("_caldav._tcp.example.org", {0, 1, 443, "dav.example.org"});
        const auto result = other.ask(ask_srv);
        CHECK(urls_of(result) == std::vector<std::string>{"caldav https://dav.example.org/.well-known/caldav"});
        CHECK(result.findings.front().service.trust == Trust::confirm);
    }
}

TEST_CASE("SRV: a lone \".\" declines, also these services; then there is no TXT question either")
{
    Bench bench;
    for (const auto* label : {"_sieve", "_jmap", "_caldavs", "_caldav", "_carddavs", "_carddav"})
        bench.world.srv(std::string(label) + "._tcp.example.org", {0, 0, 0, ""});
    const auto result = bench.ask(ask_srv);
    CHECK(result.findings.empty());
    CHECK(result.end == SourceEnd::nothing);
    CHECK(std::ranges::none_of(bench.world.asked, [](const Asked& one) { return one.type == RecordType::txt; }));
}

TEST_CASE("SRV: a path that leads elsewhere is not taken; the owner hears of it")
{
    Bench bench;
    bench.world.srv("_caldavs._tcp.example.org", {0, 1, 443, "dav.example.org"});
    bench.names.txt["_caldavs._tcp.example.org"] = {"path=/../../x"};
    const auto result = bench.ask(ask_srv);
    CHECK(urls_of(result) == std::vector<std::string>{"caldav https://dav.example.org/.well-known/caldav"});
    REQUIRE(result.verdicts.size() == 1);
    CHECK(result.verdicts.front().code == VerdictCode::settings_malformed);
    CHECK(result.verdicts.front().severity == Severity::notice);
    CHECK(result.verdicts.front().target == "TXT _caldavs._tcp.example.org");
}

TEST_CASE("SRV: a target that is no name is not put into a URL")
{
    Bench bench;
    for (const auto* target : {"192.0.2.1", "::1", "a b.example.org", "dav.example.org/x", "alice@dav.example.org"})
        bench.world.srv("_caldavs._tcp.example.org", {0, 1, 443, target});
    bench.world.srv("_jmap._tcp.example.org", {0, 1, 0, "jmap.example.org"});
    CHECK(bench.ask(ask_srv).findings.empty());
}

TEST_CASE("SRV: POP3 stands before IMAP where its priority is better, and only there (RFC 6186 section 3.4)")
{
    struct Row {
        std::uint16_t imaps, imap, pop3s;
        bool pop3_first;
    };
    for (const auto& [imaps, imap, pop3s, pop3_first] :
         std::initializer_list<Row>{{10, 20, 5, true}, {10, 20, 10, false}, {10, 20, 15, false}, {20, 10, 15, false}, {20, 20, 10, true}}) {
        CAPTURE(imaps);
        CAPTURE(pop3s);
        Bench bench;
        bench.world.srv("_imaps._tcp.example.org", {imaps, 1, 993, "mail.example.org"});
        bench.world.srv("_imap._tcp.example.org", {imap, 1, 143, "mail.example.org"});
        bench.world.srv("_pop3s._tcp.example.org", {pop3s, 1, 995, "mail.example.org"});
        bench.world.srv("_pop3._tcp.example.org", {0, 0, 0, ""}); // declined: its priority means nothing
        const auto result = bench.ask(ask_srv);
        REQUIRE(result.findings.size() == 3);
        const auto order_of = [&](ServiceKind kind) {
            return std::ranges::find(result.findings, kind, [](const Finding& one) { return one.service.service; })->order;
        };
        CHECK((order_of(ServiceKind::pop3) < order_of(ServiceKind::imap)) == pop3_first);
    }
}
