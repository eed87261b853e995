// PACC: the TXT record, the document, and both side by side.
#include "probe/discovery/pacc.hpp"
#include "tests/discovery/web.hpp"

#include <doctest/doctest.h>

using namespace portolan;
using namespace portolan::scripted;

namespace {

/// The test vector of the draft's implementers: 163 octets, no line end.
const std::string vector_body =
    R"({"protocols":{"imap":{"host":"imap.example.test"},"submit":{"host":"smtp.example.test"}},)"
    R"("authentication":{"password":true},"info":{"provider":{"name":"Example"}}})";
const std::string vector_digest = "2yY3l3Aq6CoCnAnz8/m1nx+X2wxCFypwCN5vLmik7F4=";
const std::string vector_record = "v=UAAC1; a=sha256; d=" + vector_digest;
const std::string other_digest = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="; // of nothing

const std::string document_url = "https://ua-auto-config.example.org/.well-known/user-agent-configuration.json";

std::string protocols(std::string_view members)
{
    return R"({"protocols":{)" + std::string(members) + R"(},"info":{"provider":{"name":"Example"}}})";
}

PaccDocument read(std::string_view body)
{
    auto document = parse_pacc(body, mail_address("alice@example.org"));
    REQUIRE(document);
    return *document;
}

void publish(Bench& bench, std::string body, std::vector<std::string> records)
{
    bench.world.address("ua-auto-config.example.org", "192.0.2.80");
    bench.web.answers["GET " + document_url] = {.body = std::move(body)};
    if (!records.empty()) bench.names.txt["_ua-auto-config.example.org"] = std::move(records);
}

} // namespace

TEST_CASE("a PACC record: the order of its tags, blanks and what is unknown do not matter")
{
    using enum PaccRecord::Kind;
    struct Row {
        std::string record;
        PaccRecord::Kind kind;
    };
    for (const auto& [record, kind] : std::initializer_list<Row>{
             {vector_record, digest},
             {"v=UAAC1;a=sha256;d=" + vector_digest, digest},
             {" d = " + vector_digest + " ;\ta=sha256  ; v=UAAC1 ; ", digest},
             {"v=UAAC1; t=17; a=sha256; d=" + vector_digest + "; note; x=;", digest},
             {"", foreign},
             {";;;", foreign},
             {"v=spf1 -all", foreign},
             {"v=UAAC2; a=sha256; d=" + vector_digest, foreign},
             {"a=sha256; d=" + vector_digest, foreign},
             {"v=UAAC1; a=sha512; d=" + vector_digest, foreign}, // of a later draft: not ours to judge
             {"v=UAAC1; a=sha256; n=" + std::string(3000, 'x'), foreign},
             {"v=UAAC1", unreadable},
             {"v=UAAC1; d=" + vector_digest, unreadable},
             {"v=UAAC1; a=sha256", unreadable},
             {"v=UAAC1; a=sha256; d=", unreadable},
             {"v=UAAC1; a=sha256; d=" + vector_digest.substr(1), unreadable},
             {"v=UAAC1; a=sha256; d=" + vector_digest.substr(0, 43), unreadable},
             {"v=UAAC1; a=sha256; d=" + vector_digest.substr(0, 42) + "==", unreadable},
             {"v=UAAC1; a=sha256; d=" + vector_digest.substr(0, 20) + " " + vector_digest.substr(20), unreadable},
             {"v=UAAC1; a=sha256; d=" + vector_digest + "; d=" + other_digest, unreadable},
             {"v=UAAC1; a=sha256; d=db263797702ae82a029c09f3f3f9b59f1f97db0c42172a7008de6f2e68a4ec5e", unreadable},
         }) {
        CAPTURE(record);
        const auto seen = read_pacc_record(record);
        CHECK(seen.kind == kind);
        CHECK(seen.sha256.size() == (kind == digest ? 32 : 0));
    }
    CHECK(read_pacc_record(vector_record).sha256.substr(0, 4) == "\xdb\x26\x37\x97");
}

TEST_CASE("a PACC document: implicit TLS at the usual ports, the full address as user name")
{
    const auto document = read(vector_body);
    REQUIRE(document.services.size() == 2);
    const auto& imap = document.services[0];
    CHECK(imap.service == ServiceKind::imap);
    CHECK(imap.endpoint() == Endpoint{host("imap.example.test"), 993, Security::tls});
    CHECK(imap.username == "alice@example.org");
    CHECK(imap.username_known);
    CHECK(imap.username_form == UsernameForm::address);
    CHECK(imap.auth.empty());
    CHECK(document.services[1].service == ServiceKind::smtp);
    CHECK(document.services[1].endpoint() == Endpoint{host("smtp.example.test"), 465, Security::tls});
    CHECK(document.password == true);
    CHECK(document.facts.name == "Example");
    CHECK(document.left_out.empty());
}

TEST_CASE("a PACC document: everything it can say")
{
    const auto document = read(R"({"protocols":{
        "imap":{"host":"IMAP.example.test","port":1993},"pop3":{"host":"pop.example.test"},
        "smtp":{"host":"old.example.test"},"submit":{"host":"new.example.test"},
        "managesieve":{"host":"sieve.example.test"},"webdav":{"url":"https://files.example.test/"},
        "jmap":{"url":"https://jmap.example.test/session"},"caldav":{"url":"https://dav.example.test/cal/"},
        "carddav":{"url":"HTTPS://dav.example.test/card/"}},
        "authentication":{"password":false,"oauth-public":{"issuer":"https://login.example.test/"}},
        "info":{"provider":{"name":"Ex\u0007am\u202eple","shortName":"Ex","logo":[]},
        "help":{"documentation":"https://example.test/help","contact":["mailto:a@example.test"]}},
        "later":[1,2,{"x":null}]})");
    std::vector<std::string> seen;
    for (const auto& service : document.services)
        seen.push_back(std::string(slug(service.service)) + " " + service.host.text() + ":" + std::to_string(service.port) + " " +
                       service.url);
    CHECK(seen == std::vector<std::string>{"imap imap.example.test:993 ", "pop3 pop.example.test:995 ", "smtp new.example.test:465 ",
                                           "jmap jmap.example.test:443 https://jmap.example.test/session",
                                           "caldav dav.example.test:443 https://dav.example.test/cal/",
                                           "carddav dav.example.test:443 https://dav.example.test/card/"});
    for (const auto& service : document.services) CHECK(service.auth == std::vector{Mechanism::oauth2});
    CHECK(document.facts.name == "Example");
    REQUIRE(document.facts.oauth2);
    CHECK(document.facts.oauth2->issuer == "https://login.example.test/");
    REQUIRE(document.facts.documentation.size() == 1);
    CHECK(document.facts.documentation.front().url == "https://example.test/help");
    CHECK(document.left_out.empty());
    CHECK(read(protocols(R"("smtp":{"host":"old.example.test"})")).services.front().host.text() == "old.example.test");
}

TEST_CASE("a PACC document: a member that cannot be used is left out alone")
{
    struct Row {
        std::string_view member, name;
    };
    for (const auto& [member, name] : std::initializer_list<Row>{
             {R"("imap":{})", "protocols.imap"},
             {R"("imap":"imap.example.test")", "protocols.imap"},
             {R"("imap":{"host":993})", "protocols.imap"},
             {R"("imap":{"host":""})", "protocols.imap"},
             {R"("imap":{"host":"imap.example.test:993"})", "protocols.imap"},
             {R"("imap":{"host":"imap example"})", "protocols.imap"},
             {R"("imap":{"host":"imap.example.test\r\nx"})", "protocols.imap"},
             {R"("imap":{"host":"imap\u0000.example.test"})", "protocols.imap"},
             {R"("submit":{"url":"smtp.example.test"})", "protocols.submit"},
             {R"("jmap":{"url":"http://jmap.example.test/"})", "protocols.jmap"},
             {R"("jmap":{"host":"jmap.example.test"})", "protocols.jmap"},
             {R"("caldav":{"url":"https://dav.example.test:443/"})", "protocols.caldav"},
             {R"("caldav":{"url":"https://alice@dav.example.test/"})", "protocols.caldav"},
             {R"("caldav":{"url":"/cal/"})", "protocols.caldav"},
             {R"("caldav":{"url":"file:///etc/passwd"})", "protocols.caldav"},
             {R"("carddav":{"url":"https://dav.example.test\\.elsewhere.test/"})", "protocols.carddav"},
             {R"("carddav":{"url":"https://[::1]/"})", "protocols.carddav"},
             {R"("carddav":{"url":"https:///card/"})", "protocols.carddav"},
         }) {
        CAPTURE(member);
        const auto document = read(protocols(std::string(member) + R"(,"pop3":{"host":"pop.example.test"})"));
        REQUIRE(document.services.size() == 1);
        CHECK(document.services.front().service == ServiceKind::pop3);
        CHECK(document.left_out == std::vector<std::string>{std::string(name)});
    }
    for (const auto* issuer :
         {"http://login.example.test", "https://login.example.test/?x", "https://login.example.test/#x", "login.example.test", ""}) {
        CAPTURE(issuer);
        const auto document =
            read(R"({"protocols":{"imap":{"host":"a.test"}},"authentication":{"password":false,"oauth-public":{"issuer":")" +
                 std::string(issuer) + R"("}}})");
        CHECK(!document.facts.oauth2);
        CHECK(document.services.front().auth.empty());
        CHECK(document.left_out == std::vector<std::string>{"authentication.oauth-public.issuer"});
    }
}

TEST_CASE("a PACC document that is none is refused, with a reason")
{
    std::string deep(40, '['), closing(40, ']'),
        right_depth = R"({"protocols":{},"x":)" + std::string(15, '[') + std::string(15, ']') + "}";
    struct Row {
        std::string body;
        std::string_view reason;
    };
    for (const auto& [body, reason] : std::initializer_list<Row>{
             {"", "not-json"},
             {"<!DOCTYPE html><html></html>", "not-json"},
             {vector_body.substr(0, 100), "not-json"},
             {vector_body + "x", "not-json"},
             {vector_body + "{}", "not-json"},
             {"\xef\xbb\xbf" + vector_body, "not-json"},
             {R"({"protocols":{},"x":")"
              "\xff"
              R"("})",
              "not-json"},
             {R"({"protocols":{},"x":"\ud800"})", "not-json"},
             {R"({"protocols":{},})", "not-json"},
             {R"({"protocols":{}} // nothing)", "not-json"},
             {"[]", "no-protocols"},
             {"\"protocols\"", "no-protocols"},
             {"{}", "no-protocols"},
             {R"({"protocols":[]})", "no-protocols"},
             {R"({"protocols":{},"protocols":{"imap":{"host":"a.test"}}})", "duplicate-name"},
             {R"({"protocols":{"imap":{"host":"a.test","ho\u0073t":"b.test"}}})", "duplicate-name"},
             {R"({"protocols":{},"x":[{"":1,"":2}]})", "duplicate-name"},
             {R"({"protocols":{},"x":)" + deep + closing + "}", "too-deep"},
             {vector_body + std::string(64 * 1024, ' '), "too-large"},
         }) {
        CAPTURE(body.substr(0, 200));
        const auto document = parse_pacc(body, mail_address("alice@example.org"));
        REQUIRE(!document);
        CHECK(document.error() == reason);
    }
    CHECK(parse_pacc(right_depth, mail_address("alice@example.org")));
    CHECK(parse_pacc(" \n" + vector_body + "\r\n", mail_address("alice@example.org")));
    CHECK(parse_pacc(R"({"protocols":{"a":{"x":1},"b":{"x":1}}})", mail_address("alice@example.org"))); // the same name in two objects
}

TEST_CASE("PACC: a document whose hash stands in the DNS is believed")
{
    Bench bench;
    std::vector<std::string> records{vector_record};
    SUBCASE("alone") {}
    SUBCASE("beside records of others and of the document's next version")
    {
        records = {"v=spf1 -all", "v=UAAC1; a=sha256; d=" + other_digest, vector_record, "v=UAAC1; a=sha256; d=!"};
    }
    publish(bench, vector_body, records);
    const auto result = bench.ask(ask_pacc);
    CHECK(result.end == SourceEnd::found);
    REQUIRE(result.findings.size() == 2);
    for (const auto& finding : result.findings) {
        CHECK(finding.source == Source::pacc);
        CHECK(finding.location == document_url);
        CHECK(finding.authenticated);
        CHECK(finding.service.trust == Trust::authenticated);
        CHECK(rank_of(finding, host("example.org")) == 3);
    }
    CHECK(result.verdicts.empty());
    CHECK(result.facts->name == "Example");
    CHECK(bench.details == std::vector<std::string>{document_url + ": 2 services"});
    REQUIRE(bench.web.requests.size() == 1);
    CHECK(!bench.web.requests.front().allow_plain);
    CHECK(bench.web.requests.front().url.find("alice") == std::string::npos);
    CHECK(bench.world.elapsed() == 20ms + 20ms + 20ms); // A, AAAA, the document: the TXT record is asked for beside them
}

TEST_CASE("PACC: a document with another hash is not read; its owner is told both")
{
    Bench bench;
    std::string shown = other_digest;
    SUBCASE("one byte more")
    {
        publish(bench, vector_body + "\n", {"v=UAAC1; a=sha256; d=" + vector_digest});
        shown = vector_digest;
    }
    SUBCASE("another document altogether") { publish(bench, vector_body, {"v=UAAC1; a=sha256; d=" + other_digest}); }
    SUBCASE("a hash that nobody can read")
    {
        publish(bench, vector_body, {"v=UAAC1; a=sha256; d=0"});
        shown = "unreadable";
    }
    SUBCASE("a page for people") { publish(bench, "<html></html>", {"v=UAAC1; a=sha256; d=" + other_digest}); }
    const auto result = bench.ask(ask_pacc);
    CHECK(result.end == SourceEnd::nothing);
    CHECK(result.findings.empty());
    CHECK(!result.facts);
    REQUIRE(result.verdicts.size() == 1);
    const auto& verdict = result.verdicts.front();
    CHECK(verdict.code == VerdictCode::settings_malformed);
    CHECK(verdict.who == Who::domain_owner);
    CHECK(verdict.target == document_url);
    CHECK(verdict.said.starts_with("body hash "));
    CHECK(verdict.said.ends_with(", published hash " + shown));
    CHECK(bench.details == std::vector<std::string>{document_url + ": digest-mismatch"});
}

TEST_CASE("PACC: a document without a hash is evidence and no more")
{
    Bench bench;
    std::vector<std::string> records;
    SUBCASE("no record at all") {}
    SUBCASE("a hash of a kind that is not known") { records = {"v=UAAC1; a=sha3; d=" + vector_digest}; }
    SUBCASE("the DNS fails") { bench.world.broken_names["_ua-auto-config.example.org"] = DnsStatus::servfail; }
    publish(
        bench,
        R"({"protocols":{"imap":{"host":"imap.example.org"}},"authentication":{"oauth-public":{"issuer":"https://login.example.org"}}})",
        records);
    const auto result = bench.ask(ask_pacc);
    CHECK(result.end == SourceEnd::found);
    REQUIRE(result.findings.size() == 1);
    CHECK(!result.findings.front().authenticated);
    CHECK(result.findings.front().service.trust == Trust::confirm);
    CHECK(rank_of(result.findings.front(), host("example.org")) == 8);
    CHECK(!result.facts->oauth2);
    CHECK(result.verdicts.empty());
    CHECK(bench.details == std::vector<std::string>{document_url + ": digest-missing, 1 services"});
}

TEST_CASE("PACC: what a web server has for every name is no fault, unless a hash is published")
{
    const std::string hash = "v=UAAC1; a=sha256; d=" + other_digest;
    struct Row {
        WebAnswer answer;
        std::vector<std::string> records;
        std::optional<VerdictCode> verdict;
        SourceEnd end;
    };
    const WebAnswer page{.body = "<html>Welcome</html>"}, long_page{.body = std::string(100'000, ' ')}, missing{.status = 404},
        other_name{.failure = Failure{Stage::tls, Cause::untrusted_certificate, {}}}, broken{.body = vector_body.substr(0, 90)},
        refused{.failure = Failure{Stage::connect, Cause::refused, {}}};
    for (const auto& [answer, records, verdict, end] : std::initializer_list<Row>{
             {page, {}, std::nullopt, SourceEnd::nothing},
             {missing, {}, std::nullopt, SourceEnd::nothing},
             {missing, {hash}, VerdictCode::settings_malformed, SourceEnd::nothing},
             {long_page, {}, std::nullopt, SourceEnd::failed},
             {long_page, {hash}, VerdictCode::too_much_data, SourceEnd::failed},
             {other_name, {}, std::nullopt, SourceEnd::failed},
             {refused, {hash}, std::nullopt, SourceEnd::failed},
             {broken, {}, VerdictCode::settings_malformed, SourceEnd::nothing},
         }) {
        Bench bench;
        publish(bench, "", records);
        bench.web.answers["GET " + document_url] = answer;
        const auto result = bench.ask(ask_pacc);
        CAPTURE(answer.body.substr(0, 40));
        CHECK(result.findings.empty());
        CHECK(result.end == end);
        CHECK((result.verdicts.empty() ? std::nullopt : std::optional(result.verdicts.front().code)) == verdict);
    }
}

TEST_CASE("PACC: where the name does not exist nothing is contacted")
{
    Bench bench;
    bool hash = false;
    SUBCASE("no such name") {}
    SUBCASE("though a hash is published")
    {
        bench.names.txt["_ua-auto-config.example.org"] = {vector_record};
        hash = true;
    }
    const auto result = bench.ask(ask_pacc);
    REQUIRE(result.verdicts.size() == (hash ? 1 : 0));
    if (hash) CHECK(result.verdicts.front().code == VerdictCode::settings_point_nowhere);
    CHECK(result.end == SourceEnd::nothing);
    CHECK(bench.web.requests.empty());
    CHECK(bench.world.elapsed() == 20ms);
}
