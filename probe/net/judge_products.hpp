// Issuers that stand between a program and its server: security software, company proxies, portals, debugging tools.
#pragma once

#include <openssl/x509.h>

#include <optional>
#include <string>
#include <vector>

namespace portolan {

/// The issuer's name where a link of the chain is issued by a known product; nothing where none is.
std::optional<std::string> interceptor_of(const std::vector<X509*>& chain);

}
