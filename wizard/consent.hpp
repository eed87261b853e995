// What a person has said yes to on the way of one address. Forgotten when the address changes.
#pragma once

#include "probe/account/service.hpp"

#include <string>
#include <vector>

namespace portolan {

/// One key for one server (design section 4, rule 14).
struct AcceptedKey {
    Hostname host;
    Port port = 0;
    std::string spki_sha256;
    bool operator==(const AcceptedKey&) const = default;
};

struct Consent {
    std::vector<std::string> confirmed;        ///< registrable domains whose servers may have the password
    std::vector<AcceptedKey> accepted;
};

}
