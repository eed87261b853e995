// The signature of a configuration profile: CMS signed data with the profile inside (RFC 5652 §5), DER.
#pragma once

#include "profiles/writer.hpp"

namespace portolan {

/// SHA-256, the signer's certificate and the intermediates embedded. Certificates behind the first one in `certificate_pem` count as chain.
/// Fails with bad_signing_key and the part at fault: "certificate", "key" (unreadable, encrypted, or of another certificate), "chain",
/// "signature".
Written<std::string> signed_profile(const std::string& text, const SigningKey& key);

}
