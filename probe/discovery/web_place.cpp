#include "probe/discovery/web_place.hpp"

#include <algorithm>

namespace portolan {

namespace {

constexpr std::size_t longest = 1024;

std::optional<Port> port_from(std::string_view text)
{
    if (text.empty() || text.size() > 5 || !std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; })) return std::nullopt;
    const int port = std::stoi(std::string(text));
    if (port < 1 || port > 65535) return std::nullopt;
    return static_cast<Port>(port);
}

Port usual_port(Security security) { return security == Security::tls ? 443 : 80; }

/// `text` begins with `scheme`, in any case (RFC 3986 §3.1).
bool has_scheme(std::string_view text, std::string_view scheme)
{
    return text.size() > scheme.size() && std::ranges::equal(text.substr(0, scheme.size()), scheme,
                                                             [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; });
}

} // namespace

std::optional<WebPlace> web_place(std::string_view url)
{
    // A backslash is a slash to some programs: what they would take for the host is not what stands here.
    if (url.size() > longest || !std::ranges::all_of(url, [](unsigned char c) { return c > 0x20 && c < 0x7f && c != '\\'; }))
        return std::nullopt;
    WebPlace place;
    if (has_scheme(url, "https://")) place.security = Security::tls;
    else if (has_scheme(url, "http://")) place.security = Security::plaintext;
    else return std::nullopt;
    url.remove_prefix(url.find("//") + 2);
    url = url.substr(0, url.find('#'));
    const auto authority = url.substr(0, url.find_first_of("/?"));
    auto rest = std::string(url.substr(authority.size()));
    if (!rest.starts_with('/')) rest.insert(0, "/");
    const auto colon = authority.find(':');
    place.port_given = colon != std::string_view::npos;
    const auto port = place.port_given ? port_from(authority.substr(colon + 1)) : usual_port(place.security);
    const auto host = authority.find('@') == std::string_view::npos ? parse_hostname(authority.substr(0, colon)) : std::nullopt;
    if (!port || !host) return std::nullopt;
    place.host = *host;
    place.port = *port;
    place.url = url_of(place.host, place.port, place.security, rest);
    return place;
}

std::string url_of(const Hostname& host, Port port, Security security, std::string_view path)
{
    return (security == Security::tls ? "https://" : "http://") + host.text() +
           (port == usual_port(security) ? std::string() : ":" + std::to_string(port)) + std::string(path);
}

void put_place(Service& service, const WebPlace& place)
{
    service.host = place.host;
    service.port = place.port;
    service.security = place.security;
    service.url = place.url;
}

} // namespace portolan
