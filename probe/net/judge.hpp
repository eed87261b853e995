// The judge of certificates: reads a chain as presented and says everything that is wrong with it for one name (RFC 5280, RFC 9525).
#pragma once

#include "probe/net/tls.hpp"

using X509_STORE = struct x509_store_st;

namespace portolan {

CertificateFacts judge_chain(const std::vector<X509*>& chain, const Hostname& name, X509_STORE* anchors, std::chrono::system_clock::time_point now);

/// RFC 9525 §6.3: labels compared in lower-case A-labels; "*" only as the whole left-most label, for exactly one label, never above a registrable domain.
bool dns_name_matches(std::string_view presented, const Hostname& name);

}
