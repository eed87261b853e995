// A URL that somebody we do not know tells us to ask.
#pragma once

#include "probe/account/service.hpp"

#include <optional>

namespace portolan {

inline constexpr std::size_t longest_url = 2048;

/// An https URL of a stranger, as it may be asked: no user, no escapes in the host, the fragment taken off, scheme and host in lower case.
struct HttpsUrl {
    std::string text;
    Hostname host;
    Port port = 443;
};
/// At most 2048 octets of printable ASCII; nothing for anything else, also for http.
std::optional<HttpsUrl> parse_https_url(std::string_view text);

}
