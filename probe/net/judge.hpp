// The judge of certificates: reads a chain as presented and says everything that is wrong with it for one name (RFC 5280, RFC 9525).
// Parts: judge_view (one certificate, read), judge_names (names compared), judge_constraints (name constraints), judge_profile (the rules for
// one certificate), judge_path (from the leaf to an anchor), judge_revocation (OCSP and CRLs), judge_products (known interceptors).
#pragma once

#include "probe/net/tls.hpp"

#include <set>

using X509_STORE = struct x509_store_st;
using X509_CRL = struct X509_crl_st;

namespace portolan {

enum class PeerKind : std::uint8_t { dns, ip, email };
struct PeerName {
    PeerKind kind = PeerKind::dns;
    std::string text;                          ///< DNS: A-labels, any case
};
enum class Purpose : std::uint8_t { server, client };

struct Question {
    std::vector<X509*> chain;                  ///< leaf first, as presented
    std::vector<PeerName> names;               ///< the certificate must hold every one; none: no name is compared
    std::chrono::system_clock::time_point now;
    Purpose purpose = Purpose::server;
    bool needs_digital_signature = false;      ///< where the leaf limits its key usage at all
    std::optional<int> max_depth;              ///< intermediates that are not self-issued
    std::vector<X509_CRL*> crls;
    std::string_view stapled;                  ///< an OCSP response in DER, or empty
};

/// Whom this computer trusts. Every certificate in the store is an anchor, also one that is not self-signed (RFC 5280 §6.1.1 d).
struct Anchors {
    X509_STORE* store = nullptr;
    bool any = true;                           ///< false: no anchor was found, so nothing can be judged
    std::set<std::string> own;                 ///< SHA-256 of those that a person added: rules for public authorities do not bind them
};

/// Bounded: 30 certificates in a chain and 100 candidates, 200 signatures, 64 paths, 250,000 comparisons with name constraints.
CertificateFacts judge_chain(const Question& question, const Anchors& anchors);
CertificateFacts judge_chain(const std::vector<X509*>& chain, const Hostname& name, X509_STORE* anchors, std::chrono::system_clock::time_point now);

/// Whose turn it is: `otherwise`, who keeps the server, unless something on the way or on this computer made the problem.
Who turn_of(const CertificateFacts& facts, Who otherwise);

/// RFC 9525 §6.3: labels compared in lower-case A-labels; "*" only as the whole left-most label, for exactly one label, never above a registrable domain.
bool dns_name_matches(std::string_view presented, const Hostname& name);

}
