// The built-in catalogue: one data file a provider in providers/data, compiled into tables. Looked up without allocation and without I/O.
#pragma once

#include "probe/account/address.hpp"
#include "probe/account/service.hpp"

#include <span>

namespace portolan {

enum class LoginKind : std::uint8_t { password, app_password, authorization_code, oauth2, bridge, unsupported };

/// `host` and `username` may hold %EMAILADDRESS%, %EMAILLOCALPART% and %EMAILDOMAIN%.
struct CatalogueServer {
    ServiceKind service;
    std::string_view host;
    Port port;
    Security security;
    std::string_view username;
    std::span<const Mechanism> auth;           ///< "password" in the data stands for plain
    std::string_view url;
};

struct OAuthFacts {
    std::string_view issuer, authorization, token;
    std::span<const std::string_view> scopes;
};

struct Provider {
    std::string_view id, name;
    std::span<const std::string_view> domains, mx;
    std::span<const CatalogueServer> servers;
    LoginKind login;
    std::string_view prepare;                  ///< what the person has to do first, or why it cannot be set up; English, may be empty
    std::string_view help;                     ///< the provider's own page; may be empty
    const OAuthFacts* oauth;                   ///< nothing where browser sign-in is not known
    std::span<const std::string_view> quirks;

    bool unsupported() const { return login == LoginKind::unsupported; }
};

/// The provider that has exactly this domain, or, where its data say so (quirk "match-subdomains"), one above it.
const Provider* provider_for_domain(std::string_view a_label_domain);
/// The provider whose MX suffix is the longest that ends `mx_host` at a label boundary.
const Provider* provider_for_mx(std::string_view mx_host);
const Provider* provider_by_id(std::string_view id);
std::span<const Provider> all_providers();

/// The provider's servers as claims for this address: placeholders filled, trust authenticated when the domain itself is listed, confirm by MX.
std::vector<Service> services_of(const Provider& provider, const EmailAddress& address, Source source);

}
