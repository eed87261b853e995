// Certificates made in the test, right and wrong in every way the judge knows.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <openssl/ssl.h>
#include <openssl/x509.h>

namespace portolan::scripted {

struct Made {
    std::shared_ptr<X509> certificate;
    std::shared_ptr<EVP_PKEY> key;
    std::string pem() const;
};

struct Recipe {
    std::string alternative_names;             ///< as OpenSSL writes them: "DNS:a.example.org,IP:192.0.2.1"; empty: the extension is not there
    std::string common_name = "test";
    long from_days = -30, to_days = 90;        ///< around `at`
    bool authority = false;
    std::string key = "P-256";                 ///< or "RSA 1024", "RSA 2048"
    const char* digest = "SHA256";
    std::string purpose = "serverAuth";        ///< extended key usage; empty: none
    std::string constraints;                   ///< "permitted;DNS:example.net"
    std::chrono::system_clock::time_point at = std::chrono::system_clock::now();
};

/// Signed by `issuer`, or by itself.
Made make_certificate(const Recipe& recipe, const Made* issuer = nullptr);
Made make_authority(const std::string& name, std::chrono::system_clock::time_point at = std::chrono::system_clock::now());
/// A server that presents `chain`, leaf first.
std::shared_ptr<SSL_CTX> server_context(const std::vector<Made>& chain);
std::vector<X509*> pointers(const std::vector<Made>& chain);

}
