#include "probe/account/names.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include <arpa/inet.h>
#include <idn2.h>
#include <libpsl.h>

namespace portolan {

namespace {

bool is_ip_literal(const std::string& text)
{
    std::array<unsigned char, 16> bytes{};
    return inet_pton(AF_INET, text.c_str(), bytes.data()) == 1 || inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1;
}

/// Letters, digits and inner hyphens, 1..63 octets (RFC 1123 §2.1).
bool is_label(std::string_view label)
{
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
    return std::ranges::all_of(label, [](unsigned char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

const psl_ctx_t* suffix_list()
{
    // The list compiled into libpsl; a fresher file of the distribution wins where it is there.
    static const psl_ctx_t* const list = [] {
        const psl_ctx_t* latest = psl_latest(nullptr);
        return latest ? latest : psl_builtin();
    }();
    return list;
}

bool under(std::string_view name, std::string_view zone)
{
    return name == zone || (name.size() > zone.size() && name.ends_with(zone) && name[name.size() - zone.size() - 1] == '.');
}

}

bool Hostname::is_ip() const { return is_ip_literal(text_); }

std::optional<Hostname> parse_hostname(std::string_view given)
{
    if (given.empty() || given.size() > 1024) return std::nullopt;
    std::string text(given);
    const bool bracketed = text.size() > 2 && text.front() == '[' && text.back() == ']';
    if (bracketed) text = text.substr(1, text.size() - 2);
    if (is_ip_literal(text)) {
        std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        return Hostname(std::move(text));
    }
    if (bracketed) return std::nullopt;
    for (const unsigned char c : text)
        if (c <= ' ' || c == 0x7f || c == '/' || c == '\\' || c == '@' || c == ':' || c == '_') return std::nullopt;
    if (text.back() == '.') text.pop_back();
    char* converted = nullptr;
    // Without IDN2_USE_STD3_ASCII_RULES: libidn2 2.3 drops the characters these rules forbid ("exa$mple.org" became "example.org", somebody else's
    // domain). Left in, they reach the A-labels as they are, where is_label refuses them.
    const int status = idn2_to_ascii_8z(text.c_str(), &converted, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
    if (status != IDN2_OK || !converted) return std::nullopt;
    std::string ascii(converted);
    idn2_free(converted);
    std::ranges::transform(ascii, ascii.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (ascii.empty() || ascii.size() > 253) return std::nullopt;
    std::size_t start = 0;
    std::string_view last;
    for (;;) {
        const auto dot = ascii.find('.', start);
        last = std::string_view(ascii).substr(start, dot == std::string::npos ? std::string::npos : dot - start);
        if (!is_label(last)) return std::nullopt;
        if (dot == std::string::npos) break;
        start = dot + 1;
    }
    // A name whose last label is a number would be read as an address by other programs (WHATWG URL, RFC 6943 §3.1.1).
    if (std::ranges::all_of(last, [](unsigned char c) { return c >= '0' && c <= '9'; })) return std::nullopt;
    return Hostname(std::move(ascii));
}

std::string display_name(const Hostname& host)
{
    char* unicode = nullptr;
    if (idn2_to_unicode_8z8z(host.text().c_str(), &unicode, 0) != IDN2_OK || !unicode) return host.text();
    std::string text(unicode);
    idn2_free(unicode);
    return text;
}

std::string registrable_domain(const Hostname& host)
{
    if (host.empty() || host.is_ip()) return {};
    const char* found = psl_registrable_domain(suffix_list(), host.text().c_str());
    // A single label under the list's implicit "*" rule is its own suffix: psl answers null for it.
    return found ? std::string(found) : std::string();
}

bool same_registrable_domain(const Hostname& a, const Hostname& b)
{
    const auto first = registrable_domain(a);
    return !first.empty() && first == registrable_domain(b);
}

bool is_reserved_name(const Hostname& host)
{
    static constexpr std::array<std::string_view, 7> reserved{"example.com", "example.net", "example.org", "example", "test", "invalid", "localhost"};
    return std::ranges::any_of(reserved, [&](std::string_view zone) { return under(host.text(), zone); });
}

}
