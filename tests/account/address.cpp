// The one door by which text becomes an address.
#include "probe/account/address.hpp"

#include <doctest/doctest.h>

#include <initializer_list>

using namespace portolan;

namespace {

std::string problem_of(std::string_view text)
{
    const auto parsed = parse_email_address(text);
    return parsed ? "none: " + parsed->text() : std::string(slug(parsed.error()));
}

std::string repeated(std::size_t count, char c = 'a') { return std::string(count, c); }

}

TEST_CASE("bad addresses, and what is wrong with each")
{
    struct Row {
        std::string text;
        std::string problem;
    };
    for (const auto& [text, problem] : std::initializer_list<Row>{
             {"", "empty"},
             {"   \t", "empty"},
             {"example.org", "no-at"},
             {"alice", "no-at"},
             {"\"alice@example.org", "no-at"},
             {"alice@@example.org", "two-ats"},
             {"alice@example.org@example.net", "two-ats"},
             {"@example.org", "no-local-part"},
             {"@", "no-local-part"},
             {"alice@", "no-domain"},
             {"al ice@example.org", "space"},
             {"alice@exam ple.org", "space"},
             {"alice @example.org", "space"},
             {"alice@ example.org", "space"},
             {"alice@example.org\r\n", "control-character"},
             {"alice@example.org\r\nBcc: bob@example.org", "control-character"},
             {"al\nice@example.org", "control-character"},
             {"al\tice@example.org", "control-character"},
             {std::string("alice\0@example.org", 18), "control-character"},
             {"alice\x7f@example.org", "control-character"},
             {"alice\x1b[31m@example.org", "control-character"},
             {"alice\xc2\x9b@example.org", "control-character"},
             {"alice\xe2\x80\xae@example.org", "control-character"},
             {"alice\xe2\x80\x8b@example.org", "control-character"},
             {"alice\xe2\x81\xa6@example.org", "control-character"},
             {"alice\xff@example.org", "not-utf8"},
             {"alice\xc0\xaf@example.org", "not-utf8"},
             {"alice\xed\xa0\x80@example.org", "not-utf8"},
             {"alice\xe2\x82@example.org", "not-utf8"},
             {repeated(300), "too-long"},
             {repeated(288) + "@example.org", "too-long"},
             {repeated(5000), "too-long"},
             {repeated(65) + "@example.org", "too-long"},
             {"al..ice@example.org", "bad-local-part"},
             {".alice@example.org", "bad-local-part"},
             {"alice.@example.org", "bad-local-part"},
             {"al(ice)@example.org", "bad-local-part"},
             {"al,ice@example.org", "bad-local-part"},
             {"al;ice@example.org", "bad-local-part"},
             {"<alice@example.org>", "bad-local-part"},
             {"al\\ice@example.org", "bad-local-part"},
             {"al\"ice@example.org", "bad-local-part"},
             {"\"\"@example.org", "bad-local-part"},
             {"\"a\"b\"@example.org", "bad-local-part"},
             {"alice@-example.org", "bad-domain"},
             {"alice@example-.org", "bad-domain"},
             {"alice@exam_ple.org", "bad-domain"},
             {"alice@exa$mple.org", "bad-domain"},
             {"alice@exa\xc2\xa0mple.org", "bad-domain"},
             {"alice@example..org", "bad-domain"},
             {"alice@.example.org", "bad-domain"},
             {"alice@example.org..", "bad-domain"},
             {"alice@.", "bad-domain"},
             {"alice@example.org/", "bad-domain"},
             {"alice@example.org:25", "bad-domain"},
             {"alice@192.0.2.1", "bad-domain"},
             {"alice@[192.0.2.1]", "bad-domain"},
             {"alice@[IPv6:2001:db8::1]", "bad-domain"},
             {"alice@[example.org]", "bad-domain"},
             {"alice@[]", "bad-domain"},
             {"alice@[", "bad-domain"},
             {"alice@example.123", "bad-domain"},
             {"alice@localhost", "domain-incomplete"},
             {"alice@org", "domain-incomplete"},
             {"alice@co.uk", "domain-incomplete"},
             {"alice@github.io", "domain-incomplete"},
         }) {
        CAPTURE(text);
        CHECK(problem_of(text) == problem);
    }
}

TEST_CASE("good addresses keep their local part as typed; the domain becomes A-labels in lower case")
{
    struct Row {
        const char* text;
        const char* local;
        const char* domain;
    };
    for (const auto& [text, local, domain] : std::initializer_list<Row>{
             {"alice@example.org", "alice", "example.org"},
             {"  alice@example.org\t", "alice", "example.org"},
             {"Alice.B+shop@Example.ORG", "Alice.B+shop", "example.org"},
             {"alice@example.org.", "alice", "example.org"},
             {"!#$%&'*+-/=?^_`{|}~@example.org", "!#$%&'*+-/=?^_`{|}~", "example.org"},
             {"\"al ice\"@example.org", "\"al ice\"", "example.org"},
             {"\"al@ice\"@example.org", "\"al@ice\"", "example.org"},
             {"\"a\\\"b\"@example.org", "\"a\\\"b\"", "example.org"},
             {"\"..\"@example.org", "\"..\"", "example.org"},
             {"jürgen@example.org", "jürgen", "example.org"},
             {"用户@例子.广告", "用户", "xn--fsqu00a.xn--4rr70v"},
             {"alice@bücher.example", "alice", "xn--bcher-kva.example"},
             {"alice@BÜCHER.example", "alice", "xn--bcher-kva.example"},
             {"alice@straße.example", "alice", "xn--strae-oqa.example"},
             {"alice@xn--bcher-kva.example", "alice", "xn--bcher-kva.example"},
             {"alice@mail.example.co.uk", "alice", "mail.example.co.uk"},
         }) {
        CAPTURE(text);
        const auto parsed = parse_email_address(text);
        REQUIRE(parsed);
        CHECK(parsed->local() == local);
        CHECK(parsed->domain().text() == domain);
        CHECK(parsed->text() == std::string(local) + "@" + domain);
    }
    CHECK(parse_email_address("alice@xn--bcher-kva.example")->display() == "alice@bücher.example");
}

TEST_CASE("limits: 64 octets of local part, 254 of address, also after the domain became A-labels")
{
    CHECK(parse_email_address(repeated(64) + "@example.org"));
    const auto domain_of = [](std::size_t octets) {                     // labels of 50, filled up to the length
        std::string name;
        while (name.size() + 51 < octets - 4) name += repeated(50, 'b') + ".";
        return name + repeated(octets - 4 - name.size(), 'c') + ".org";
    };
    CHECK(parse_email_address(repeated(64) + "@" + domain_of(189)));
    CHECK(problem_of(repeated(64) + "@" + domain_of(190)) == "too-long");
    std::string domain;                                                // 40 octets of umlauts a label become 44 of A-label
    for (int i = 0; i < 4; ++i) domain += "bücherbücherbücherbücherbüch" + std::to_string(i) + ".";
    const auto local = repeated(254 - domain.size() - 4);
    CHECK(problem_of(local.substr(0, 64) + "@" + domain + repeated(60, 'd') + ".org") == "too-long");
}

TEST_CASE("the local part counts in octets, not in letters")
{
    std::string thirty_two, thirty_three;
    for (int i = 0; i < 33; ++i) (i < 32 ? thirty_two : thirty_three) += "ü";
    CHECK(parse_email_address(thirty_two + "@example.org"));
    CHECK(problem_of(thirty_two + thirty_three + "@example.org") == "too-long");
}
