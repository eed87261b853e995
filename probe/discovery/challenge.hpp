// What a server asks for by WWW-Authenticate (RFC 9110 §11.6.1).
#pragma once

#include "probe/account/service.hpp"
#include "probe/net/http.hpp"

namespace portolan {

struct Challenge {
    std::string scheme; ///< lower case
    std::string realm;
    bool operator==(const Challenge&) const = default;
};

/// Of all headers together, in their order; at most 16. Nonces and other parameters that change are not kept.
std::vector<Challenge> challenges_of(const HttpAnswer& answer);

/// What of these a mail program knows, preferred first: Bearer is oauth2, Digest digest_md5, Negotiate gssapi.
std::vector<Mechanism> mechanisms_of(const std::vector<Challenge>& challenges);

} // namespace portolan
