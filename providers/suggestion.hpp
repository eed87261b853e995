// The domain a person may have meant: one slip of the keys away from a domain that most people have. Nobody is asked.
#pragma once

#include "probe/account/address.hpp"

#include <optional>
#include <string_view>

namespace portolan {

/// nothing for a domain that the catalogue knows, and for one that is not a single slip (a key too many, too few, wrong, or two changed about) away from
/// one of the common domains.
std::optional<std::string_view> domain_probably_meant(const Hostname& domain);
/// The whole address with that domain, or "".
std::string address_probably_meant(const EmailAddress& address);

}
