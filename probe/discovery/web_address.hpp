// An address of the web as a published document may name one: text that becomes a value once, at the door.
#pragma once

#include "probe/account/service.hpp"

namespace portolan {

/// Absolute, http or https, with a host that parse_hostname takes, without user information, fragment and control characters; at most 2,048
/// bytes.
struct WebAddress {
    std::string text; ///< normalised: scheme and host in lower case and A-labels, a path, everything else percent-encoded ASCII
    Hostname host;
    Port port = 0;
    bool https = false;
};
std::optional<WebAddress> read_web_address(std::string_view text);

}
