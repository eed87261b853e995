// The first byte chooses the type that was asked for, the rest is what a DNS server, or somebody in its place, answered for mail.example.org.
#include "probe/net/dns_answer.hpp"
#include "probe/net/tlsa.hpp"
#include "tests/fuzz/promise.hpp"

#include <cstdint>

using namespace portolan;

namespace {

void promise_name(const std::string& name)
{
    promise(name.size() <= 4 * 255, "a name has an end");
    promise(is_plain(name), "no control character in a name");
    promise(std::ranges::none_of(name, [](char c) { return c >= 'A' && c <= 'Z'; }), "names are lower case");
}

}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    constexpr std::array types{RecordType::a, RecordType::aaaa, RecordType::mx, RecordType::srv, RecordType::txt, RecordType::cname, RecordType::tlsa};
    constexpr std::size_t most = 64, most_links = 8;
    if (size == 0) return 0;
    const auto type = types[data[0] % types.size()];
    const auto answer = read_dns_answer({data + 1, size - 1}, "mail.example.org", type);

    for (const auto& name : answer.aliases) promise_name(name);
    for (const auto& target : answer.mx) promise_name(target.host);
    for (const auto& target : answer.srv) promise_name(target.host);
    for (const auto& address : answer.addresses) promise(address.is_v6() == (type == RecordType::aaaa), "addresses of the family that was asked for");
    for (const auto& text : answer.txt) promise(text.size() <= 65535, "a text fits its record");
    promise(std::ranges::is_sorted(answer.mx, {}, &MxTarget::preference), "MX by preference");

    promise(answer.addresses.size() <= most && answer.mx.size() <= most && answer.srv.size() <= most && answer.txt.size() <= most, "at most 64 of each");
    promise(answer.aliases.size() <= (type == RecordType::cname ? most : most_links), "a chain has an end");
    promise(answer.addresses.empty() || type == RecordType::a || type == RecordType::aaaa, "addresses only where they were asked for");
    promise(answer.mx.empty() || type == RecordType::mx, "MX only where it was asked for");
    promise(answer.srv.empty() || type == RecordType::srv, "SRV only where it was asked for");
    promise(answer.tlsa.size() <= most, "at most 64 TLSA records");
    promise(answer.tlsa.empty() || type == RecordType::tlsa, "TLSA only where it was asked for");
    for (const auto& record : answer.tlsa) promise(is_plain(text_of(record)) && text_of(record).size() < 64, "a record is shown plain and short");
    promise(match_tlsa(answer.tlsa, {}) == TlsaMatch::undecided, "without a chain nothing is decided");
    promise(answer.txt.empty() || type == RecordType::txt, "TXT only where it was asked for");

    const auto records = answer.addresses.size() + answer.mx.size() + answer.srv.size() + answer.txt.size() + answer.tlsa.size() +
                         (type == RecordType::cname ? answer.aliases.size() : 0);
    promise(!answer.found() || records > 0, "an answer has records");
    promise(!answer.said_no() || records == 0, "no is no");
    promise(answer.status != DnsStatus::timed_out && answer.status != DnsStatus::cancelled, "bytes were there");
    return 0;
}
