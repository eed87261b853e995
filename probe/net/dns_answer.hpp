// The bytes of a DNS server's answer, read. ares_query hides the message behind NXDOMAIN and has no AD bit, so this is done here.
#pragma once

#include "probe/net/resolver.hpp"

#include <span>

namespace portolan {

/// One message (RFC 1035 §4) as the answer to the question for `asked` (lower case) and `type`. Follows the CNAME chain from that name inside
/// the answer section, at most 8 links; other owners' records are not taken. DnsStatus::malformed when lengths or names do not fit the message,
/// or a record of the chain or of the asked type does not fill its own length exactly.
DnsAnswer read_dns_answer(std::span<const unsigned char> message, std::string_view asked, RecordType type);

}
