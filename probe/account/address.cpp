#include "probe/account/address.hpp"

#include <algorithm>
#include <array>

namespace portolan {

namespace {

/// Well-formed UTF-8, shortest forms only, no surrogates (RFC 3629).
bool is_utf8(std::string_view text)
{
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const int extra = lead < 0x80 ? 0 : lead >= 0xc2 && lead <= 0xdf ? 1 : (lead & 0xf0) == 0xe0 ? 2 : lead >= 0xf0 && lead <= 0xf4 ? 3 : -1;
        if (extra < 0 || i + static_cast<std::size_t>(extra) >= text.size()) return false;
        for (int k = 1; k <= extra; ++k)
            if ((static_cast<unsigned char>(text[i + static_cast<std::size_t>(k)]) & 0xc0) != 0x80) return false;
        const auto second = extra > 0 ? static_cast<unsigned char>(text[i + 1]) : 0;
        if ((lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f) || (lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second > 0x8f)) return false;
        i += static_cast<std::size_t>(extra) + 1;
    }
    return true;
}

/// atext of RFC 5321 §4.1.2, widened by RFC 6531 §3.3 to everything above ASCII.
bool is_atext(unsigned char c)
{
    static constexpr std::string_view marks = "!#$%&'*+-/=?^_`{|}~";
    return c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || marks.find(static_cast<char>(c)) != std::string_view::npos;
}

bool is_dot_string(std::string_view text)
{
    if (text.front() == '.' || text.back() == '.' || text.find("..") != std::string_view::npos) return false;
    return std::ranges::all_of(text, [](unsigned char c) { return c == '.' || is_atext(c); });
}

bool is_quoted_string(std::string_view text)
{
    if (text.size() < 3 || text.front() != '"' || text.back() != '"') return false;
    for (std::size_t i = 1; i + 1 < text.size(); ++i) {
        if (text[i] == '"') return false;
        if (text[i] == '\\' && ++i + 1 >= text.size()) return false;
    }
    return true;
}

std::string_view trimmed(std::string_view text)
{
    const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

/// The @ that parts local part and domain; those inside a quoted local part do not count.
std::expected<std::size_t, AddressProblem> parting_at(std::string_view text)
{
    std::size_t start = 0;
    if (text.front() == '"') {
        start = 1;
        while (start < text.size() && text[start] != '"') start += text[start] == '\\' ? 2 : 1;
        start = std::min(start + 1, text.size());
    }
    const auto at = text.find('@', start);
    if (at == std::string_view::npos) return std::unexpected(AddressProblem::no_at);
    if (text.find('@', at + 1) != std::string_view::npos) return std::unexpected(AddressProblem::two_ats);
    return at;
}

}

std::expected<EmailAddress, AddressProblem> parse_email_address(std::string_view given)
{
    const auto text = trimmed(given);
    if (text.empty()) return std::unexpected(AddressProblem::empty);
    for (const unsigned char c : text)
        if (c < 0x20 || c == 0x7f) return std::unexpected(AddressProblem::control_character);
    if (!is_utf8(text)) return std::unexpected(AddressProblem::not_utf8);
    // C1 controls, bidi overrides and line separators have no place in an address: they only disguise one.
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
        const auto a = static_cast<unsigned char>(text[i]), b = static_cast<unsigned char>(text[i + 1]);
        if (a == 0xc2 && b < 0xa0) return std::unexpected(AddressProblem::control_character);
        if (i + 2 < text.size() && a == 0xe2 && (b == 0x80 || b == 0x81)) {
            const auto c = static_cast<unsigned char>(text[i + 2]);
            const bool mark = b == 0x80 ? (c >= 0x8b && c <= 0x8f) || (c >= 0xa8 && c <= 0xae) : c >= 0xa0 && c <= 0xaf;
            if (mark) return std::unexpected(AddressProblem::control_character);
        }
    }
    if (text.size() > 1000) return std::unexpected(AddressProblem::too_long);
    const auto at = parting_at(text);
    if (!at) return std::unexpected(text.size() > 254 ? AddressProblem::too_long : at.error());
    const auto local = text.substr(0, *at), domain = text.substr(*at + 1);
    if (local.empty()) return std::unexpected(AddressProblem::no_local_part);
    if (domain.empty()) return std::unexpected(AddressProblem::no_domain);
    const bool quoted = local.front() == '"';
    if (domain.find(' ') != std::string_view::npos || (!quoted && local.find(' ') != std::string_view::npos)) return std::unexpected(AddressProblem::space);
    if (local.size() > 64 || text.size() > 254) return std::unexpected(AddressProblem::too_long);
    if (!(quoted ? is_quoted_string(local) : is_dot_string(local))) return std::unexpected(AddressProblem::bad_local_part);
    auto host = parse_hostname(domain);
    if (!host || host->is_ip()) return std::unexpected(AddressProblem::bad_domain);
    if (registrable_domain(*host).empty()) return std::unexpected(AddressProblem::domain_incomplete);
    EmailAddress address(std::string(local), std::move(*host));
    if (address.text().size() > 254) return std::unexpected(AddressProblem::too_long);
    return address;
}

std::string_view slug(AddressProblem problem)
{
    static constexpr std::array<std::string_view, 12> names{"empty", "no-at", "two-ats", "no-local-part", "no-domain", "space", "control-character", "not-utf8",
                                                            "too-long", "bad-local-part", "bad-domain", "domain-incomplete"};
    return names[static_cast<std::size_t>(problem)];
}

}
