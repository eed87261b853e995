// What Autodiscover answers: the outlook schema (MS-OXDSCLI), the mobilesync schema (MS-ASCMD §2.2.1.1), the anonymous JSON of version 2.
#pragma once

#include "probe/account/address.hpp"
#include "probe/account/service.hpp"
#include "probe/discovery/https_url.hpp"

#include <expected>

namespace portolan {

struct AutodiscoverDocument {
    std::vector<Service> services;             ///< in the provider's order; trust and sources are for whoever knows how the document came
    std::string redirect_address;              ///< ask again with this one; at most one of the two, as it was read
    std::string redirect_url;
    int error = 0;                             ///< 500, 501, 600, 601, 602, 603: the server's own word, instead of settings
    std::string webmail;                       ///< http or https
    int skipped = 0;                           ///< protocols of a kind we know that could not be believed
    std::string complaint;                     ///< of the first, a slug: "unknown-ssl", "unknown-encryption", "bad-port", "no-host", …
};

/// Elements are found by local name: servers get the namespaces wrong. One bad protocol is skipped alone; a value of SSL or Encryption that
/// is not known never becomes plaintext. Bounds: 1 MiB, depth 32, 64 protocols, no DTD. The error is a slug: "not-xml", "broken-xml",
/// "not-autodiscover", "dtd", "too-large", "too-many-elements", "too-deep", "bad-error-code", "bad-redirect", "no-servers" (every protocol was skipped).
std::expected<AutodiscoverDocument, std::string> parse_autodiscover(std::string_view body, const EmailAddress& address);

/// {"Protocol":"Ews","Url":"https://…"}: ActiveSync and EWS. At most 64 KiB and depth 8. The error is a slug: "not-json", "too-large",
/// "too-deep", "unknown-protocol", "not-https", "no-url", or "error " and the server's ErrorCode.
std::expected<Service, std::string> parse_autodiscover_json(std::string_view body, const EmailAddress& address);

/// The request of the outlook or the mobilesync schema, with the address in it.
enum class AutodiscoverSchema : std::uint8_t { outlook, mobilesync };
std::string autodiscover_request(AutodiscoverSchema schema, const EmailAddress& address);

}
