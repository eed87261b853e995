// Messages read as they are, without a server: what does not fit is malformed, whatever a lenient reader would make of it.
#include "probe/net/dns_answer.hpp"
#include "tests/support/dns_message.hpp"

#include <doctest/doctest.h>

using namespace portolan;
using namespace portolan::scripted;

namespace {

const std::string asked = "mail.example.org";

DnsAnswer answer_of(RecordType type, const std::vector<Bytes>& records)
{
    const Query query{Bytes(12, '\0'), name_of(asked) + u16(static_cast<unsigned>(type)) + u16(1), asked, static_cast<unsigned>(type)};
    const auto message = reply(query, orderly, records);
    const auto* bytes = reinterpret_cast<const unsigned char*>(message.data());
    return read_dns_answer({bytes, message.size()}, asked, type);
}

}

TEST_CASE("a record fills its length exactly: names that end before it or run past it are malformed")
{
    const auto far = name_of("far.example.net");
    const struct {
        RecordType type;
        Bytes before_name;
    } rows[] = {{RecordType::mx, u16(10)}, {RecordType::srv, u16(0) + u16(0) + u16(993)}, {RecordType::cname, {}}};
    for (const auto& [type, before_name] : rows) {
        CAPTURE(std::string(slug(type)));
        CHECK(answer_of(type, {record(asked, type, before_name + far)}).found());
        CHECK(answer_of(type, {record(asked, type, before_name + far + "x")}).status == DnsStatus::malformed);
        auto past = record(asked, type, before_name + far);
        past[past.size() - before_name.size() - far.size() - 1] -= 1;   // the length says one octet less than the name has
        CHECK(answer_of(type, {past}).status == DnsStatus::malformed);
        CHECK(answer_of(type, {record("other.example.org", type, before_name + far + "x")}).status == DnsStatus::no_data);
    }
    CHECK(answer_of(RecordType::a, {record(asked, RecordType::cname, far + "x")}).status == DnsStatus::malformed);
    CHECK(answer_of(RecordType::a, {record(asked, RecordType::a, Bytes("\xc0\0\2", 3))}).status == DnsStatus::malformed);
    CHECK(answer_of(RecordType::txt, {record(asked, RecordType::txt, "\x05" "four")}).status == DnsStatus::malformed);
}

TEST_CASE("a message that is cut anywhere is malformed")
{
    const Query query{Bytes(12, '\0'), name_of(asked) + u16(15) + u16(1), asked, 15};
    const auto message = reply(query, orderly, {record(asked, RecordType::mx, u16(10) + name_of("mx.example.org"))});
    for (std::size_t size = 0; size < message.size(); ++size) {
        CAPTURE(size);
        // A copy of exactly this size: reading past it is seen by the address sanitizer.
        const std::vector<unsigned char> cut(message.begin(), message.begin() + static_cast<std::ptrdiff_t>(size));
        CHECK(read_dns_answer(cut, asked, RecordType::mx).status == DnsStatus::malformed);
    }
}

TEST_CASE("a name that is written with dots inside a label keeps them apart from those between labels")
{
    const auto odd = answer_of(RecordType::cname, {record(asked, RecordType::cname, Bytes("\4odd.\3org\0", 10))});
    REQUIRE(odd.aliases.size() == 1);
    CHECK(odd.aliases.front() == "odd\\..org");
}

TEST_CASE("an alias of itself ends after eight links")
{
    const auto answer = answer_of(RecordType::a, {record(asked, RecordType::cname, name_of(asked))});
    CHECK(answer.status == DnsStatus::no_data);
    CHECK(answer.aliases.size() == 8);
}

TEST_CASE("a TLSA record has three octets before its data, which is raw (RFC 6698 section 2.1)")
{
    const auto read = answer_of(RecordType::tlsa, {record(asked, RecordType::tlsa, Bytes("\3\1\1\0\xff", 5))});
    REQUIRE(read.tlsa.size() == 1);
    CHECK(read.tlsa.front() == TlsaRecord{3, 1, 1, Bytes("\0\xff", 2)});
    CHECK(answer_of(RecordType::tlsa, {record(asked, RecordType::tlsa, Bytes("\3\1\1", 3))}).status == DnsStatus::malformed);
}
