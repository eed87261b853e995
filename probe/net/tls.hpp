// TLS and its judge: one verification path for implicit TLS, STARTTLS and HTTPS alike. OpenSSL stays behind this header.
#pragma once

#include "probe/account/outcome.hpp"
#include "probe/account/service.hpp"
#include "probe/net/clock.hpp"

using SSL_CTX = struct ssl_ctx_st;
using X509 = struct x509_st;

namespace portolan {

/// What a finished handshake showed. The certificate's verdict was captured without aborting; nothing is decided here.
struct TlsFacts {
    std::string version;                       ///< "TLSv1.3"
    std::string cipher;
    CertificateFacts certificate;              ///< problem is empty when it is good for the asked name
};

/// This key, at this server, although the judge refuses it (design section 4, rule 14).
struct AcceptedCertificate {
    Hostname host;
    Port port = 0;
    std::string spki_sha256;                   ///< lower-case hex
    bool operator==(const AcceptedCertificate&) const = default;
};

class TlsClient {
public:
    /// `ca_files`: PEM files added to the system's anchors (SSL_CERT_FILE and SSL_CERT_DIR count as usual). Fails with the first file that has no certificate.
    static std::expected<std::shared_ptr<TlsClient>, std::string> make(const std::vector<std::string>& ca_files, const Clock& clock);
    /// Adds anchors from PEM text (the demonstration's own authority). false: no certificate in it.
    bool add_anchors(std::string_view pem);
    /// Adds revocation lists from a PEM file; they count for certificates of their issuer. false: none in it.
    bool add_revocation_lists(const std::string& file);
    ~TlsClient();

    SSL_CTX* context() const;                  ///< TLS 1.2 and up, our verify callback installed (records, never aborts)
    /// Judges a chain as presented (leaf first) for `name` at `now`, gravest first; `stapled`: the OCSP response that came with it (DER).
    CertificateFacts judge(const std::vector<X509*>& chain, const Hostname& name, std::string_view stapled = {}) const;

private:
    TlsClient() = default;
    struct Inner;
    std::unique_ptr<Inner> inner_;
};

}
