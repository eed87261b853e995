#include "probe/discovery/https_url.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace portolan {

namespace {

bool begins_with_https(std::string_view text)
{
    static constexpr std::string_view scheme = "https://";
    return text.size() >= scheme.size() && std::ranges::equal(text.substr(0, scheme.size()), scheme, {}, [](unsigned char c) { return std::tolower(c); });
}

}

std::optional<HttpsUrl> parse_https_url(std::string_view text)
{
    static constexpr std::string_view refused = "\"<>\\^`{|}";
    const bool plain = std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f && !refused.contains(c); });
    if (!plain || text.size() > longest_url || !begins_with_https(text)) return std::nullopt;
    const auto rest = text.substr(8);
    const auto authority = rest.substr(0, rest.find_first_of("/?#"));
    auto path = rest.substr(authority.size());
    path = path.substr(0, path.find('#'));
    auto host_text = authority, port_text = std::string_view();
    if (authority.starts_with('[')) {
        const auto end = authority.find(']');
        if (end == std::string_view::npos) return std::nullopt;
        host_text = authority.substr(1, end - 1);
        port_text = authority.substr(end + 1);
        if (!host_text.contains(':') || (!port_text.empty() && !port_text.starts_with(':'))) return std::nullopt;
    } else if (const auto colon = authority.find(':'); colon != std::string_view::npos) {
        host_text = authority.substr(0, colon);
        port_text = authority.substr(colon);
    }
    if (host_text.contains('@') || host_text.contains('%')) return std::nullopt;
    HttpsUrl url;
    if (port_text.size() > 1) {
        port_text.remove_prefix(1);
        const auto* end = port_text.data() + port_text.size();
        const auto read = std::from_chars(port_text.data(), end, url.port);
        if (port_text.size() > 5 || read.ec != std::errc() || read.ptr != end || url.port == 0) return std::nullopt;
    }
    const auto host = parse_hostname(host_text);
    if (!host) return std::nullopt;
    url.host = *host;
    url.text = "https://" + (host->text().contains(':') ? "[" + host->text() + "]" : host->text());
    if (url.port != 443) url.text += ":" + std::to_string(url.port);
    if (!path.starts_with('/')) url.text += '/';
    url.text += path;
    return url;
}

}
