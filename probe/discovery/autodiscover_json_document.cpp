// Autodiscover version 2: one small JSON object, or one that says why not.
#include "probe/discovery/autodiscover_document.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <cctype>

namespace portolan {

namespace {

constexpr std::size_t largest = 64 * 1024;
constexpr std::size_t deepest = 8;

bool same(std::string_view a, std::string_view b)
{
    return std::ranges::equal(a, b, [](unsigned char one, unsigned char other) { return std::tolower(one) == std::tolower(other); });
}

std::string_view member(const boost::json::object& object, std::string_view name)
{
    for (const auto& one : object)
        if (const auto* text = one.value().if_string(); text && same({one.key().data(), one.key().size()}, name))
            return {text->data(), text->size()};
    return {};
}

}

std::expected<Service, std::string> parse_autodiscover_json(std::string_view body, const EmailAddress& address)
{
    if (body.size() > largest) return std::unexpected("too-large");
    boost::json::parse_options options;
    options.max_depth = deepest;
    boost::json::error_code error;
    const auto value = boost::json::parse(boost::json::string_view(body.data(), body.size()), error, {}, options);
    if (error) return std::unexpected(error == boost::json::error::too_deep ? "too-deep" : "not-json");
    const auto* object = value.if_object();
    if (!object) return std::unexpected("not-json");
    if (auto code = std::string(member(*object, "ErrorCode")); !code.empty()) {
        std::erase_if(code, [](unsigned char c) { return !std::isalnum(c) || c > 0x7f; });
        return std::unexpected("error " + code.substr(0, 40));
    }
    const auto protocol = member(*object, "Protocol"), text = member(*object, "Url");
    if (protocol.empty() && text.empty()) return std::unexpected("not-json");           // some other object
    const bool ews = same(protocol, "Ews");
    if (!ews && !same(protocol, "ActiveSync")) return std::unexpected("unknown-protocol");
    if (text.empty()) return std::unexpected("no-url");
    const auto url = parse_https_url(text);
    if (!url) return std::unexpected("not-https");
    Service service;
    service.service = ews ? ServiceKind::ews : ServiceKind::activesync;
    service.host = url->host;
    service.port = url->port;
    service.security = Security::tls;
    service.url = url->text;
    service.username = address.text();
    return service;
}

}
