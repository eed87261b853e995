// An authority and certificates made at start, in memory: real TLS without a file.
#pragma once

#include <memory>
#include <string>
#include <vector>

using EVP_PKEY = struct evp_pkey_st;
using SSL_CTX = struct ssl_ctx_st;
using X509 = struct x509_st;

namespace portolan {

/// EC P-256 throughout, so that all of them are there within milliseconds.
class DemoAuthority {
public:
    DemoAuthority();
    ~DemoAuthority();
    DemoAuthority(const DemoAuthority&) = delete;
    DemoAuthority& operator=(const DemoAuthority&) = delete;

    std::string pem() const;                   ///< the root, for TlsClient::add_anchors
    /// A server context with a certificate for `names`, valid from `from_days` to `to_days` around now (negative: the past).
    std::shared_ptr<SSL_CTX> server_context(const std::vector<std::string>& names, int from_days, int to_days) const;

private:
    EVP_PKEY* key_ = nullptr;
    X509* root_ = nullptr;
};

}
