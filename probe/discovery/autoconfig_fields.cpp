#include "probe/discovery/autoconfig_fields.hpp"

#include "probe/account/percent.hpp"
#include "probe/account/transcript.hpp"
#include "probe/discovery/document.hpp"
#include "probe/discovery/web_address.hpp"

#include <cctype>

namespace portolan::autoconfig {

namespace {

constexpr std::size_t longest_key = 40;

bool is_key_character(unsigned char c) { return std::isalnum(c) || c == '_' || c == '-'; }

std::optional<std::string> value_of(std::string_view token, const EmailAddress& address)
{
    const auto name = lower(token);
    if (name == "emailaddress") return address.text();
    if (name == "emaillocalpart") return address.local();
    if (name == "emaildomain") return address.domain().text();
    return std::nullopt;
}

/// A known placeholder that has lost something on its way: better no user name than this one.
bool begins_like_a_token(std::string_view text) { return lower(text.substr(0, 5)) == "email"; }

struct Filling {
    std::string text;
    bool whole = true; ///< false: a placeholder is left
};

Filling fill(std::string_view pattern, const EmailAddress& address, Place place)
{
    Filling filling;
    const auto put = [&](const std::string& value) { filling.text += place == Place::url ? percent_encoded(value) : value; };
    if (pattern.find('%') == pattern.rfind('%') && (pattern.starts_with('%') || pattern.ends_with('%'))) {
        if (const auto value = value_of(pattern.starts_with('%') ? pattern.substr(1) : pattern.substr(0, pattern.size() - 1), address)) {
            put(*value);
            return filling;
        }
    }
    for (std::size_t at = 0; at < pattern.size();) {
        if (pattern[at] != '%') {
            filling.text += pattern[at++];
            continue;
        }
        std::size_t end = at + 1;
        while (end < pattern.size() && end - at <= longest_key && is_key_character(static_cast<unsigned char>(pattern[end]))) ++end;
        const auto token = pattern.substr(at + 1, end - at - 1);
        const bool closed = end < pattern.size() && pattern[end] == '%' && !token.empty();
        // In a URL "%2Fmail%" is an octet and a word, no placeholder.
        const bool octet = place == Place::url && token.size() >= 2 && std::isxdigit(static_cast<unsigned char>(token[0])) &&
                           std::isxdigit(static_cast<unsigned char>(token[1]));
        if (const auto value = closed ? value_of(token, address) : std::nullopt) {
            put(*value);
            at = end + 1;
            continue;
        }
        if ((closed && !octet) || begins_like_a_token(pattern.substr(at + 1))) filling.whole = false;
        filling.text += pattern[at++]; // a percent sign of its own: some servers take "alice%example.org"
    }
    return filling;
}

}

std::string lower(std::string_view text)
{
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

std::string trimmed(std::string_view text)
{
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return std::string(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
}

std::string name_of(const pugi::xml_node& node)
{
    const std::string_view name = node.name();
    return lower(name.substr(name.find(':') + 1));
}

std::string text_of(const pugi::xml_node& node)
{
    std::string text;
    for (const auto& piece : node.children())
        if (piece.type() == pugi::node_pcdata || piece.type() == pugi::node_cdata) text += piece.value();
    return trimmed(text);
}

pugi::xml_node child(const pugi::xml_node& parent, std::string_view name)
{
    for (const auto& node : parent.children())
        if (node.type() == pugi::node_element && name_of(node) == name) return node;
    return {};
}

std::string child_text(const pugi::xml_node& parent, std::string_view name) { return text_of(child(parent, name)); }

std::optional<std::string> filled(std::string_view pattern, const EmailAddress& address, Place place)
{
    const std::size_t longest = place == Place::url ? 2048 : 512;
    if (pattern.size() > longest) return std::nullopt;
    auto filling = fill(trimmed(pattern), address, place);
    if (!filling.whole || filling.text.size() > longest) return std::nullopt;
    if (clean_server_text(filling.text, longest) != filling.text) return std::nullopt;
    return std::move(filling.text);
}

std::string filled_words(std::string_view pattern, const EmailAddress& address, std::size_t cap)
{
    const auto start = pattern.substr(0, 8 * cap);
    const auto words = clean_server_text(fill(trimmed(start), address, Place::plain).text, cap);
    return trimmed(words);
}

std::string filled_url(std::string_view pattern, const EmailAddress& address, bool https_only)
{
    const auto text = filled(pattern, address, Place::url);
    const auto url = text ? read_web_address(*text) : std::nullopt;
    return url && (url->https || !https_only) ? url->text : std::string();
}

}
