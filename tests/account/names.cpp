// Host names: UTS 46, limits, registrable domains, reserved names.
#include "probe/account/names.hpp"

#include <doctest/doctest.h>

#include <initializer_list>

using namespace portolan;

namespace {

std::string host(std::string_view text)
{
    const auto parsed = parse_hostname(text);
    return parsed ? parsed->text() : "refused";
}

std::string registrable(std::string_view text) { return registrable_domain(*parse_hostname(text)); }

}

TEST_CASE("UTS 46 without transition: mapped, kept and refused characters")
{
    struct Row {
        std::string text, name;
    };
    for (const auto& [text, name] : std::initializer_list<Row>{
             {"Example.ORG", "example.org"},
             {"EXAMPLE.org.", "example.org"},
             {"bücher.example", "xn--bcher-kva.example"},
             {"BÜCHER.example", "xn--bcher-kva.example"},
             {"bu\xcc\x88""cher.example", "xn--bcher-kva.example"},      // u and a combining diaeresis: NFC makes one of them
             {"faß.example", "xn--fa-hia.example"},                      // kept, not "fass"
             {"βόλος.example", "xn--nxasmm1c.example"},                  // final sigma is kept
             {"ＥＸＡＭＰＬＥ.org", "example.org"},                      // full width
             {"example。org", "example.org"},                            // ideographic full stop
             {"ex\xc2\xad""ample.org", "example.org"},                   // soft hyphen: ignored by the mapping
             {"نامه\xe2\x80\x8cای.example", "xn--mgba3gch31f060k.example"},   // ZWNJ between joining letters (RFC 5892 A.1)
             {"a\xe2\x80\x8d""b.example", "refused"},                    // ZWJ where no virama stands before it (RFC 5892 A.2)
             {"a\xe2\x80\x8c""b.example", "refused"},
             {"☃.example\xe2\x80\xae", "refused"},
             {"exam\xe2\x80\xaeple.org", "refused"},
             {"a\xcc\xb8=.example", "refused"},
             {"exa mple.org", "refused"},
             {"exa\xc2\xa0mple.org", "refused"},                         // no-break space maps to a space
             {"_imap._tcp.example.org", "refused"},
             {"exa$mple.org", "refused"},
             {"ü$x.example", "refused"},
             {"ü_x.example", "refused"},
             {"ü＿x.example", "refused"},                                 // full width low line maps to one
             {"＝a.example", "refused"},
             {"exam℀.example", "refused"},                               // maps to "a/c"
             {"a⒈example", "refused"},                                   // would map to a digit and a dot
             {"xn--n3h.example", "refused"},                             // a snowman: IDNA 2008 has no symbols
             {"example.org/path", "refused"},
             {"user@example.org", "refused"},
             {"example.org:993", "refused"},
             {"exam\xffple.org", "refused"},
             {"xn--bcher-kva.example", "xn--bcher-kva.example"},
             {"xn--a.example", "refused"},                               // no punycode behind it
             {"xn--.example", "refused"},
             {"-a.example", "refused"},
             {"a-.example", "refused"},
             {"a..example", "refused"},
             {".example", "refused"},
             {"example..", "refused"},
             {".", "refused"},
             {"", "refused"},
             {"mail.123", "refused"},
             {"1e100.example", "1e100.example"},
             {"192.0.2.1", "192.0.2.1"},
             {"[192.0.2.1]", "192.0.2.1"},
             {"2001:DB8::1", "2001:db8::1"},
             {"[2001:db8::1]", "2001:db8::1"},
             {"[example.org]", "refused"},
             {"[]", "refused"},
             {"192.0.2.256", "refused"},
             {"192.0.2", "refused"},
             {"0x7f.1", "refused"},
         }) {
        CAPTURE(text);
        CHECK(host(text) == name);
    }
    CHECK(parse_hostname("2001:db8::1")->is_ip());
    CHECK(parse_hostname("192.0.2.1")->is_ip());
    CHECK_FALSE(parse_hostname("example.org")->is_ip());
    CHECK(Hostname().empty());
}

TEST_CASE("limits: 63 octets a label, 253 a name, after conversion")
{
    const auto label = [](std::size_t size) { return std::string(size, 'a'); };
    CHECK(host(label(63) + ".example") != "refused");
    CHECK(host(label(64) + ".example") == "refused");
    const auto three = label(63) + "." + label(63) + "." + label(63) + ".";
    CHECK(parse_hostname(three + label(61))->text().size() == 253);
    CHECK(host(three + label(62)) == "refused");
    CHECK(parse_hostname(three + label(61) + ".")->text().size() == 253);
    CHECK(host("ü" + label(55) + ".example") != "refused");
    CHECK(host("ü" + label(60) + ".example") == "refused");            // xn-- and the code push it over 63
    CHECK(host(std::string(2000, 'a')) == "refused");
}

TEST_CASE("a name is shown as people write it, or as it is")
{
    CHECK(display_name(*parse_hostname("xn--bcher-kva.example")) == "bücher.example");
    CHECK(display_name(*parse_hostname("xn--fa-hia.example")) == "faß.example");
    CHECK(display_name(*parse_hostname("mail.example.org")) == "mail.example.org");
    CHECK(display_name(*parse_hostname("192.0.2.1")) == "192.0.2.1");
}

TEST_CASE("registrable domains by the public suffix list, private suffixes among them")
{
    CHECK(registrable("mail.example.org") == "example.org");
    CHECK(registrable("example.org") == "example.org");
    CHECK(registrable("org").empty());
    CHECK(registrable("mail.example.co.uk") == "example.co.uk");
    CHECK(registrable("co.uk").empty());
    CHECK(registrable("alice.github.io") == "alice.github.io");
    CHECK(registrable("github.io").empty());
    CHECK(registrable("a.b.alice.github.io") == "alice.github.io");
    CHECK(registrable("mail.city.kawasaki.jp") == "city.kawasaki.jp");   // an exception to *.kawasaki.jp
    CHECK(registrable("a.b.kawasaki.jp") == "a.b.kawasaki.jp");
    CHECK(registrable("mail.xn--bcher-kva.example") == "xn--bcher-kva.example");
    CHECK(registrable("localhost").empty());
    CHECK(registrable("192.0.2.1").empty());
    CHECK(registrable_domain(Hostname()).empty());
    CHECK(same_registrable_domain(*parse_hostname("imap.example.co.uk"), *parse_hostname("example.co.uk")));
    CHECK_FALSE(same_registrable_domain(*parse_hostname("a.co.uk"), *parse_hostname("b.co.uk")));
    CHECK_FALSE(same_registrable_domain(*parse_hostname("a.github.io"), *parse_hostname("b.github.io")));
    CHECK_FALSE(same_registrable_domain(*parse_hostname("192.0.2.1"), *parse_hostname("192.0.2.1")));
    CHECK_FALSE(same_registrable_domain(*parse_hostname("co.uk"), *parse_hostname("co.uk")));
}

TEST_CASE("reserved names are known at label boundaries")
{
    for (const auto* name : {"example.com", "example.net", "example.org", "mail.example.org", "a.b.example.com", "shop.example", "a.test", "b.invalid", "c.localhost", "localhost"})
        CHECK_MESSAGE(is_reserved_name(*parse_hostname(name)), name);
    for (const auto* name : {"example.de", "myexample.org", "example.org.uk", "testing.org", "mytest", "localhost.org", "example.co"})
        CHECK_FALSE_MESSAGE(is_reserved_name(*parse_hostname(name)), name);
}
