#include "probe/net/judge_names.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <cctype>

namespace portolan {

namespace {

/// RFC 9525 §6.3. `presented` and `name` in lower case.
bool matches(std::string_view presented, std::string_view name)
{
    if (presented.ends_with('.')) presented.remove_suffix(1);
    if (name.ends_with('.')) name.remove_suffix(1);
    if (presented.find('*') == std::string_view::npos) return !presented.empty() && presented == name;
    if (!presented.starts_with("*.") || presented.find('*', 1) != std::string_view::npos) return false;
    const auto rest = presented.substr(2);
    const auto dot = name.find('.');
    if (dot == std::string_view::npos || dot == 0 || name.substr(dot + 1) != rest) return false;
    const auto zone = parse_hostname(rest);
    return zone && !registrable_domain(*zone).empty();                 // not "*.com", "*.co.uk"
}

std::string lower(std::string text)
{
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

bool same_mailbox(std::string_view one, std::string_view other)
{
    const auto at = one.rfind('@'), there = other.rfind('@');
    if (at == std::string_view::npos || there == std::string_view::npos) return false;
    return one.substr(0, at) == other.substr(0, there) && lower(std::string(one.substr(at))) == lower(std::string(other.substr(there)));
}

/// Anything that some program would take for an IPv4 address ("0xC0A80101", "192.168.001.001"), or for an IPv6 one.
bool looks_like_address(const std::string& text)
{
    in_addr four{};
    in6_addr six{};
    return inet_aton(text.c_str(), &four) == 1 || inet_pton(AF_INET6, text.c_str(), &six) == 1;
}

std::string canonical(const std::string& octets)
{
    char text[INET6_ADDRSTRLEN] = {};
    inet_ntop(octets.size() == 4 ? AF_INET : AF_INET6, octets.data(), text, sizeof text);
    return text;
}

}

bool is_dns_name(std::string_view name, Underscore underscore)
{
    if (name.empty() || name.size() > 253) return false;
    std::string_view last;
    while (true) {
        const auto dot = name.find('.');
        const auto label = name.substr(0, dot);
        if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
        for (const unsigned char c : label)
            if (!(std::isalnum(c) || c == '-' || (c == '_' && underscore == Underscore::allowed)) || c > 0x7f) return false;
        last = label;
        if (dot == std::string_view::npos) break;
        name.remove_prefix(dot + 1);
    }
    return !std::ranges::all_of(last, [](unsigned char c) { return std::isdigit(c) != 0; });
}

std::string octets_of(const std::string& literal)
{
    unsigned char bytes[16];
    if (inet_pton(AF_INET, literal.c_str(), bytes) == 1) return {reinterpret_cast<char*>(bytes), 4};
    if (inet_pton(AF_INET6, literal.c_str(), bytes) == 1) return {reinterpret_cast<char*>(bytes), 16};
    return {};
}

bool holds_name(const View& leaf, const PeerName& name)
{
    switch (name.kind) {
    case PeerKind::dns: {
        const auto wanted = lower(name.text);
        return std::ranges::any_of(leaf.names.dns, [&](const std::string& presented) { return matches(presented, wanted); });
    }
    case PeerKind::ip: {
        const auto octets = octets_of(name.text);
        return !octets.empty() && std::ranges::find(leaf.names.addresses, octets) != leaf.names.addresses.end();
    }
    case PeerKind::email:
        return std::ranges::any_of(leaf.names.emails, [&](const std::string& presented) { return same_mailbox(presented, name.text); });
    }
    return false;
}

bool has_malformed_name(const PresentedNames& names)
{
    return names.malformed || std::ranges::any_of(names.addresses, [](const std::string& one) { return one.size() != 4 && one.size() != 16; }) ||
           std::ranges::any_of(names.dns, [](std::string_view one) {
               return !is_dns_name(one.starts_with("*.") ? one.substr(2) : one, Underscore::refused);
           });
}

bool common_name_stands_apart(const View& leaf)
{
    const auto name = common_name(X509_get_subject_name(leaf.certificate));
    if (name.empty()) return false;
    if (looks_like_address(name))
        return std::ranges::none_of(leaf.names.addresses, [&](const std::string& octets) {
            return (octets.size() == 4 || octets.size() == 16) && canonical(octets) == name;
        });
    const auto presented = [&](const std::string& one) { return std::ranges::find(leaf.names.dns, one) != leaf.names.dns.end(); };
    if (presented(name)) return false;
    const auto folded = lower(name);
    if (presented(folded)) return true;        // the same but for its case: no copy
    if (folded.find('.') == std::string::npos || folded.find(' ') != std::string::npos) return false;
    const auto host = parse_hostname(folded.starts_with("*.") ? folded.substr(2) : folded);
    if (!host) return false;
    const bool plain = is_dns_name(folded, Underscore::allowed) && folded.find("xn--") == std::string::npos;
    return !plain || host->text() != registrable_domain(*host);
}

bool dns_name_matches(std::string_view presented, const Hostname& name) { return !name.is_ip() && matches(presented, name.text()); }

}
