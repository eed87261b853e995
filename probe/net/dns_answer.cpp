#include "probe/net/dns_answer.hpp"

#include <ares.h>
#include <cctype>

namespace portolan {

namespace {

constexpr std::size_t most_records = 64, most_strings = 256;
constexpr std::size_t longest_message = 65535;
constexpr std::size_t longest_name = 4 * 255;                          // 255 octets (RFC 1035 §2.3.4), each perhaps written as \DDD

std::uint16_t u16(const unsigned char* p) { return static_cast<std::uint16_t>((p[0] << 8) | p[1]); }

/// A name inside the message, decompressed, lower case, without trailing dot; `used` octets at `p`.
std::optional<std::string> name_at(const unsigned char* p, const unsigned char* message, int size, long& used)
{
    char* text = nullptr;
    if (ares_expand_name(p, message, size, &text, &used) != ARES_SUCCESS || !text) return std::nullopt;
    std::string name(text);
    ares_free_string(text);
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (name.size() > longest_name) return std::nullopt;
    return name;
}

bool read_rdata(DnsAnswer& answer, RecordType type, const unsigned char* rdata, int length, const unsigned char* message, int size)
{
    long used = 0;
    switch (type) {
    case RecordType::a: {
        if (length != 4) return false;
        asio::ip::address_v4::bytes_type bytes;
        std::copy_n(rdata, 4, bytes.begin());
        answer.addresses.push_back(asio::ip::address_v4(bytes));
        return true;
    }
    case RecordType::aaaa: {
        if (length != 16) return false;
        asio::ip::address_v6::bytes_type bytes;
        std::copy_n(rdata, 16, bytes.begin());
        answer.addresses.push_back(asio::ip::address_v6(bytes));
        return true;
    }
    case RecordType::mx: {
        if (length < 3) return false;
        auto host = name_at(rdata + 2, message, size, used);
        if (!host || 2 + used != length) return false;
        answer.mx.push_back({u16(rdata), std::move(*host)});
        return true;
    }
    case RecordType::srv: {
        if (length < 7) return false;
        auto host = name_at(rdata + 6, message, size, used);
        if (!host || 6 + used != length) return false;
        answer.srv.push_back({u16(rdata), u16(rdata + 2), u16(rdata + 4), std::move(*host)});
        return true;
    }
    case RecordType::txt: {
        std::string joined;
        for (int at = 0; at < length;) {
            const int part = rdata[at];
            if (at + 1 + part > length) return false;
            const std::string_view text(reinterpret_cast<const char*>(rdata + at + 1), static_cast<std::size_t>(part));
            joined.append(text);
            if (answer.txt_strings.size() < most_strings) answer.txt_strings.emplace_back(text);
            at += 1 + part;
        }
        answer.txt.push_back(std::move(joined));
        return true;
    }
    case RecordType::cname: {
        auto host = name_at(rdata, message, size, used);
        if (!host || used != length) return false;
        answer.aliases.push_back(std::move(*host));
        return true;
    }
    case RecordType::tlsa:
        if (length < 4) return false;
        answer.tlsa.push_back({rdata[0], rdata[1], rdata[2], std::string(reinterpret_cast<const char*>(rdata + 3), static_cast<std::size_t>(length - 3))});
        return true;
    }
    return false;
}

DnsStatus status_of(int rcode)
{
    switch (rcode) {
    case 0: return DnsStatus::answer;
    case 2: return DnsStatus::servfail;
    case 3: return DnsStatus::no_such_name;
    case 5: return DnsStatus::refused;
    default: return DnsStatus::servfail;
    }
}

}

DnsAnswer read_dns_answer(std::span<const unsigned char> bytes, std::string_view asked, RecordType type)
{
    const unsigned char* const message = bytes.data();
    const int size = static_cast<int>(std::min<std::size_t>(bytes.size(), longest_message));
    DnsAnswer answer;
    answer.status = DnsStatus::malformed;
    if (size < 12) return answer;
    answer.authentic = (message[3] & 0x20) != 0;
    const auto status = status_of(message[3] & 0x0f);
    if (status == DnsStatus::servfail || status == DnsStatus::refused) {
        answer.status = status;
        return answer;
    }
    const unsigned char* p = message + 12;
    const unsigned char* const end = message + size;
    long used = 0;
    for (int i = u16(message + 4); i > 0; --i) {
        if (!name_at(p, message, size, used) || used + 4 > end - p) return answer;
        p += used + 4;
    }
    struct Record {
        std::string owner;
        std::uint16_t type;
        const unsigned char* rdata;
        int length;
    };
    std::vector<Record> records;
    for (int i = u16(message + 6); i > 0 && records.size() < 4 * most_records; --i) {
        auto owner = name_at(p, message, size, used);
        if (!owner || used + 10 > end - p) return answer;
        p += used;
        const int length = u16(p + 8);
        if (10 + length > end - p) return answer;
        if (u16(p + 2) == 1) records.push_back({std::move(*owner), u16(p), p + 10, length});
        p += 10 + length;
    }
    std::string owner(asked);
    for (int hops = 0; hops < 8 && type != RecordType::cname; ++hops) {
        const auto alias = std::ranges::find_if(records, [&](const Record& r) { return r.type == 5 && r.owner == owner; });
        if (alias == records.end()) break;
        auto target = name_at(alias->rdata, message, size, used);
        if (!target || used != alias->length) return answer;
        owner = *target;
        answer.aliases.push_back(owner);
    }
    std::size_t taken = 0;
    for (const auto& record : records) {
        if (record.owner != owner || record.type != static_cast<std::uint16_t>(type) || taken == most_records) continue;
        if (!read_rdata(answer, type, record.rdata, record.length, message, size)) {
            answer.status = DnsStatus::malformed;
            return answer;
        }
        ++taken;
    }
    std::ranges::stable_sort(answer.mx, {}, &MxTarget::preference);
    answer.status = taken > 0 ? DnsStatus::answer : status == DnsStatus::no_such_name ? DnsStatus::no_such_name : DnsStatus::no_data;
    return answer;
}

}
