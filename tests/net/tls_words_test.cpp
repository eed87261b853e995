// What a server says in its first bytes, read; and the hello that makes old servers say it.
#include "probe/net/tls_old_hello.hpp"
#include "probe/net/tls_words.hpp"

#include <doctest/doctest.h>

using namespace portolan;

namespace {

std::string octets(std::initializer_list<int> list)
{
    std::string text;
    for (const int one : list) text += static_cast<char>(one);
    return text;
}

/// The beginning of a ServerHello that chose `minor` of SSL 3 and `suite`.
std::string server_hello(int minor, int suite, int session = 0)
{
    const std::string id(static_cast<std::size_t>(session), 's');
    return octets({22, 3, minor, 0, 80, 2, 0, 0, 76, 3, minor}) + std::string(32, 'r') + octets({session}) + id + octets({suite >> 8, suite & 255, 0});
}

}

TEST_CASE("alerts have the registry's names, and one that has none keeps its number")
{
    CHECK(alert_name(112) == "unrecognized_name (112)");
    CHECK(alert_name(116) == "certificate_required (116)");
    CHECK(alert_name(40) == "handshake_failure (40)");
    CHECK(alert_name(201) == "alert (201)");
}

TEST_CASE("the version and the suite that a server chose")
{
    const struct {
        std::string bytes;
        std::string_view version;
        bool too_old;
        std::string_view suite;
        bool broken;
    } rows[] = {{server_hello(0, 0x000a), "SSLv3", true, "DES-CBC3-SHA (0x000a)", true},
                {server_hello(1, 0x002f), "TLS 1.0", true, "(0x002f)", false},
                {server_hello(2, 0x0005, 32), "TLS 1.1", true, "RC4-SHA (0x0005)", true},
                {server_hello(3, 0x0003), "TLS 1.2", false, "EXP-RC4-MD5 (0x0003)", true},
                {server_hello(3, 0xc02f), "TLS 1.2", false, "(0xc02f)", false}};
    for (const auto& row : rows) {
        CAPTURE(row.version);
        const auto answer = read_first_answer(row.bytes);
        REQUIRE(answer);
        CHECK(answer->version == row.version);
        CHECK(answer->too_old == row.too_old);
        CHECK(answer->suite == row.suite);
        CHECK(answer->broken_suite == row.broken);
    }
    const auto two = read_first_answer(octets({0x80, 0x21, 4, 0, 1, 0, 2}));
    REQUIRE(two);
    CHECK(two->version == "SSLv2");
    CHECK(two->too_old);
}

TEST_CASE("what is no first answer is none, wherever it is cut")
{
    for (const std::string& text : {std::string("* OK ready\r\n"), std::string("HTTP/1.1 400 Bad Request\r\n"), octets({21, 3, 3, 0, 2, 2, 40}),
                                    std::string(300, '\0'), std::string(300, '\xff')})
        CHECK_FALSE(read_first_answer(text));
    const auto whole = server_hello(1, 0x0005, 32);
    for (std::size_t size = 0; size < whole.size() - 1; ++size) {
        CAPTURE(size);
        const auto answer = read_first_answer(std::string(whole, 0, size));
        CHECK((!answer || answer->suite.empty()));
    }
}

TEST_CASE("the hello for old servers says how long it is, in both forms, and names the host where it can")
{
    const auto name = parse_hostname("mail.example.org").value();
    const auto size_at = [](const std::string& text, std::size_t at) {
        return static_cast<std::size_t>(static_cast<unsigned char>(text[at])) << 8 | static_cast<unsigned char>(text[at + 1]);
    };
    const auto record = old_hello(HelloForm::record, name);
    CHECK(record[0] == 22);
    CHECK(size_at(record, 3) == record.size() - 5);
    CHECK(size_at(record, 7) == record.size() - 9);
    CHECK(record.find("mail.example.org") != std::string::npos);
    CHECK(record.find(octets({0x00, 0x05, 0x00, 0x04})) != std::string::npos);                     // RC4
    CHECK(old_hello(HelloForm::record, parse_hostname("192.0.2.1").value()).find("192.0.2.1") == std::string::npos);

    const auto two = old_hello(HelloForm::version_2, name);
    CHECK((size_at(two, 0) & 0x7fff) == two.size() - 2);
    CHECK((static_cast<unsigned char>(two[0]) & 0x80) != 0);
    CHECK(size_at(two, 5) % 3 == 0);
    CHECK(11 + size_at(two, 5) + 16 == two.size());
    CHECK(two.find("example") == std::string::npos);
    CHECK(record.substr(11, 32) != old_hello(HelloForm::record, name).substr(11, 32));
}
