// DNS messages, as far as a server of a test has to read and write them (RFC 1035 section 4).
#pragma once

#include "probe/net/resolver.hpp"

namespace portolan::scripted {

using Bytes = std::string;

inline Bytes u16(unsigned value) { return {static_cast<char>(value >> 8), static_cast<char>(value & 0xff)}; }

inline Bytes name_of(std::string_view text)
{
    Bytes out;
    while (!text.empty()) {
        const auto dot = std::min(text.find('.'), text.size());
        out += static_cast<char>(dot);
        out += text.substr(0, dot);
        text.remove_prefix(std::min(text.size(), dot + 1));
    }
    return out + '\0';
}

inline Bytes record(std::string_view owner, RecordType type, const Bytes& data)
{
    return name_of(owner) + u16(static_cast<unsigned>(type)) + u16(1) + u16(0) + u16(300) + u16(static_cast<unsigned>(data.size())) + data;
}

struct Query {
    Bytes raw, question;                       ///< question: name, type and class as they came
    std::string name;
    unsigned type = 0;
    bool tcp = false;
};

inline Query read_query(const Bytes& raw, bool tcp)
{
    Query query{raw, {}, {}, 0, tcp};
    std::size_t at = 12;
    while (at < raw.size() && raw[at] != 0) {
        const auto size = static_cast<std::size_t>(raw[at]);
        query.name += (query.name.empty() ? "" : ".") + raw.substr(at + 1, size);
        at += size + 1;
    }
    query.question = raw.substr(12, at + 5 - 12);
    query.type = static_cast<unsigned>((static_cast<unsigned char>(raw[at + 1]) << 8) | static_cast<unsigned char>(raw[at + 2]));
    return query;
}

/// `flags`: 0x8180 for an orderly answer; the low four bits are the response code.
inline Bytes reply(const Query& query, unsigned flags, const std::vector<Bytes>& records, bool other_id = false)
{
    Bytes id = query.raw.substr(0, 2);
    if (other_id) id[0] = static_cast<char>(id[0] ^ 0x55);
    Bytes all = id + u16(flags) + u16(1) + u16(static_cast<unsigned>(records.size())) + u16(0) + u16(0) + query.question;
    for (const auto& one : records) all += one;
    return all;
}

inline constexpr unsigned orderly = 0x8180;

}
