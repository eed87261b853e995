#include "providers/catalogue.hpp"

#include "providers/tables.hpp"

#include <algorithm>

namespace portolan {

namespace {

const Provider* look_up(std::span<const CatalogueKey> keys, std::string_view key)
{
    const auto found = std::ranges::lower_bound(keys, key, {}, &CatalogueKey::key);
    return found == keys.end() || found->key != key ? nullptr : &catalogue_providers()[found->provider];
}

std::string_view parent_of(std::string_view name)
{
    const auto dot = name.find('.');
    return dot == std::string_view::npos ? std::string_view() : name.substr(dot + 1);
}

std::string filled(std::string_view pattern, const EmailAddress& address)
{
    // One pass: a local part may itself look like a placeholder, and is then no more than a local part.
    const std::pair<std::string_view, std::string> values[]{{"%EMAILADDRESS%", address.text()}, {"%EMAILLOCALPART%", address.local()}, {"%EMAILDOMAIN%", address.domain().text()}};
    std::string text;
    while (!pattern.empty()) {
        const auto* found = std::ranges::find_if(values, [&](const auto& value) { return pattern.starts_with(value.first); });
        if (found == std::end(values)) {
            text += pattern.front();
            pattern.remove_prefix(1);
            continue;
        }
        text += found->second;
        pattern.remove_prefix(found->first.size());
    }
    return text;
}

}

const Provider* provider_for_domain(std::string_view domain)
{
    if (const auto* exact = look_up(catalogue_domains(), domain)) return exact;
    for (auto above = parent_of(domain); above.find('.') != std::string_view::npos; above = parent_of(above))
        if (const auto* provider = look_up(catalogue_domains(), above); provider && std::ranges::find(provider->quirks, "match-subdomains") != provider->quirks.end())
            return provider;
    return nullptr;
}

const Provider* provider_for_mx(std::string_view mx_host)
{
    for (auto name = mx_host; name.find('.') != std::string_view::npos; name = parent_of(name))
        if (const auto* provider = look_up(catalogue_mx(), name)) return provider;
    return nullptr;
}

const Provider* provider_by_id(std::string_view id)
{
    const auto all = catalogue_providers();
    const auto found = std::ranges::lower_bound(all, id, {}, &Provider::id);
    return found == all.end() || found->id != id ? nullptr : &*found;
}

std::span<const Provider> all_providers() { return catalogue_providers(); }

std::vector<Service> services_of(const Provider& provider, const EmailAddress& address, Source source)
{
    std::vector<Service> services;
    for (const auto& server : provider.servers) {
        const auto host = parse_hostname(filled(server.host, address));
        if (!host) continue;                                           // a placeholder that does not fill to a host name for this domain
        Service service;
        service.service = server.service;
        service.host = *host;
        service.port = server.port;
        service.security = server.security;
        service.url = std::string(server.url);
        service.username = filled(server.username, address);
        service.username_known = !server.username.empty();
        service.username_form = server.username == "%EMAILADDRESS%"     ? UsernameForm::address
                                : server.username == "%EMAILLOCALPART%" ? UsernameForm::local_part
                                                                        : UsernameForm::custom;
        service.auth.assign(server.auth.begin(), server.auth.end());
        service.sources = {source};
        service.trust = server.security == Security::plaintext ? Trust::insecure : source == Source::catalogue ? Trust::authenticated : Trust::confirm;
        services.push_back(std::move(service));
    }
    return services;
}

}
