// Where an HTTP service stands: an absolute URL taken apart, with nothing in it that could lead elsewhere than it seems.
#pragma once

#include "probe/account/service.hpp"

namespace portolan {

struct WebPlace {
    Hostname host;
    Port port = 0;
    Security security = Security::tls; ///< tls or plaintext
    bool port_given = false;           ///< also where it is the usual one
    std::string url;                   ///< without a fragment; "/" is its path where none was given
};

/// nothing for what is no absolute http or https URL of printable ASCII, names a person, an IPv6 literal or an impossible port, or is
/// longer than 1024 octets.
std::optional<WebPlace> web_place(std::string_view url);

/// "https://host[:port]path"; the port is left out where the scheme has it.
std::string url_of(const Hostname& host, Port port, Security security, std::string_view path);

/// Sets host, port, security and url.
void put_place(Service& service, const WebPlace& place);

} // namespace portolan
