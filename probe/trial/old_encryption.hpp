// A server that refuses TLS 1.2 and 1.3: what it would take instead.
#pragma once

#include "probe/net/surroundings.hpp"
#include "probe/account/service.hpp"

namespace portolan {

/// Could `failure` be that of a server that only knows what is too old?
bool may_be_old(const Failure& failure);

/// Asks with offers that nobody may accept (tls_old_hello.hpp), on at most two connections of 4 s each; nothing else is said but the way to
/// STARTTLS. The failure that names the version or the suite, or nothing where that is not it. Never throws.
Task<std::optional<Failure>> name_old_encryption(Service service, std::vector<IpAddress> addresses, Surroundings& world);

}
