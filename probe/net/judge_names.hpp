// Names in certificates: what is one, and which of them stands for a server (RFC 9525 §6, RFC 5280 §4.2.1.6).
#pragma once

#include "probe/net/judge.hpp"
#include "probe/net/judge_view.hpp"

namespace portolan {

enum class Underscore : std::uint8_t { allowed, refused };

/// Letters, digits and inner hyphens in labels of 1..63 octets, 253 in all (RFC 1034 §3.5); no wildcard, no trailing dot, not all numeric.
bool is_dns_name(std::string_view name, Underscore underscore);

bool holds_name(const View& leaf, const PeerName& name);

/// Raw octets of an IP literal; empty: it is none.
std::string octets_of(const std::string& literal);

/// A subjectAltName that no issuer may write: a DNS name that is none, an address in a DNS name, an address of the wrong size.
bool has_malformed_name(const PresentedNames& names);

/// CA/B baseline requirements §7.1.4.3: a common name that is a host or an address must be a copy of a subjectAltName. A bare registrable
/// domain is let pass beside other names: many issuers put the customer's domain there.
bool common_name_stands_apart(const View& leaf);

}
