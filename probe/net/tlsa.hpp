// TLSA records against a certificate chain as presented (RFC 6698, RFC 7671).
#pragma once

#include "probe/net/resolver.hpp"

namespace portolan {

/// undecided: no record can be used, or one names an authority that a server need not send.
enum class TlsaMatch : std::uint8_t { undecided, matches, differs };

/// `chain`: PEM, leaf first. At most 64 records and 30 certificates are looked at.
TlsaMatch match_tlsa(const std::vector<TlsaRecord>& records, const std::vector<std::string>& chain);

/// "3 1 1 0a1b…", at most 16 octets of the data (RFC 6698 §2.2).
std::string text_of(const TlsaRecord& record);

}
