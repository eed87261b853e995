#include "probe/discovery/web_address.hpp"

#include <algorithm>
#include <cctype>

namespace portolan {

std::optional<WebAddress> read_web_address(std::string_view text)
{
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return std::nullopt;
    text = text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
    if (text.size() > 2048) return std::nullopt;
    // Controls and spaces never; the others are read differently by different programs ("\" is a "/" to some).
    if (std::ranges::any_of(text, [](unsigned char c) {
            return c <= 0x20 || c == 0x7f || c == '\\' || c == '"' || c == '<' || c == '>' || c == '^' || c == '`';
        }))
        return std::nullopt;
    const auto colon = text.find("://");
    if (colon == std::string_view::npos) return std::nullopt;
    std::string scheme(text.substr(0, colon));
    std::ranges::transform(scheme, scheme.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    WebAddress address;
    address.https = scheme == "https";
    if (!address.https && scheme != "http") return std::nullopt;
    auto rest = text.substr(colon + 3);
    const auto slash = std::min(rest.find_first_of("/?#"), rest.size());
    auto authority = rest.substr(0, slash);
    rest = rest.substr(slash);
    rest = rest.substr(0, rest.find('#'));
    if (authority.find('@') != std::string_view::npos) return std::nullopt;
    const int usual = address.https ? 443 : 80;
    int port = usual;
    const auto bracket = authority.rfind(']');
    if (const auto at = authority.rfind(':'); at != std::string_view::npos && (bracket == std::string_view::npos || at > bracket)) {
        const auto digits = authority.substr(at + 1);
        if (digits.size() > 5 || !std::ranges::all_of(digits, [](unsigned char c) { return std::isdigit(c); })) return std::nullopt;
        if (!digits.empty()) port = std::stoi(std::string(digits)); // RFC 3986 §3.2.3: "host:" is the usual port
        authority = authority.substr(0, at);
    }
    const auto host = parse_hostname(authority);
    if (!host || port < 1 || port > 65535) return std::nullopt;
    address.host = *host;
    address.port = static_cast<Port>(port);
    const bool v6 = host->text().find(':') != std::string::npos;
    address.text = scheme + "://" + (v6 ? "[" + host->text() + "]" : host->text()) + (port == usual ? "" : ":" + std::to_string(port));
    if (!rest.starts_with('/')) address.text += '/';
    static constexpr char hex[] = "0123456789ABCDEF";
    for (const unsigned char c : rest) {
        if (c < 0x80) address.text += static_cast<char>(c);
        else {
            address.text += '%';
            address.text += hex[c >> 4];
            address.text += hex[c & 15];
        }
    }
    return address;
}

}
