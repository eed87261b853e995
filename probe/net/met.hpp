// What one run met on its way: every connection attempt, what became of it, and what the kernel counted on it.
#pragma once

#include "probe/net/connector.hpp"

namespace portolan {

/// One connection attempt at one address.
struct Met {
    Hostname host;
    IpEndpoint where;
    std::optional<Cause> failure;              ///< nothing: it was answered; cancelled: nobody waited any longer
    milliseconds waited{};                     ///< until the answer, or until then
    PathFacts path;                            ///< of an answered one, once it was closed
    bool handshake_open = false;               ///< closed while the peer's part of the TLS handshake was still missing
};

/// `inner`, which writes into `met` what it came to when it is closed.
std::unique_ptr<Stream> measured(std::unique_ptr<Stream> inner, std::shared_ptr<Met> met);

}
