#include "demo/certificates.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace portolan {

namespace {

constexpr long day = 24 * 3600;

void extend(X509* certificate, X509* issuer, int nid, const char* value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    if (X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value)) {
        X509_add_ext(certificate, extension, -1);
        X509_EXTENSION_free(extension);
    }
}

X509* unsigned_certificate(EVP_PKEY* key, const std::string& common_name, long from_days, long to_days)
{
    X509* certificate = X509_new();
    X509_set_version(certificate, 2);
    std::uint64_t serial = 0;
    RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial);
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), from_days * day);
    X509_gmtime_adj(X509_getm_notAfter(certificate), to_days * day);
    X509_set_pubkey(certificate, key);
    X509_NAME* name = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(common_name.c_str()), -1, -1, 0);
    return certificate;
}

}

DemoAuthority::DemoAuthority() : key_(EVP_EC_gen("P-256"))
{
    root_ = unsigned_certificate(key_, "Portolan Demonstration Authority", -30, 3650);
    X509_set_issuer_name(root_, X509_get_subject_name(root_));
    extend(root_, root_, NID_basic_constraints, "critical,CA:TRUE");
    extend(root_, root_, NID_key_usage, "critical,keyCertSign,cRLSign");
    extend(root_, root_, NID_subject_key_identifier, "hash");
    X509_sign(root_, key_, EVP_sha256());
}

DemoAuthority::~DemoAuthority()
{
    X509_free(root_);
    EVP_PKEY_free(key_);
}

std::string DemoAuthority::pem() const
{
    BIO* out = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(out, root_);
    char* data = nullptr;
    const long size = BIO_get_mem_data(out, &data);
    std::string text(data, static_cast<std::size_t>(size));
    BIO_free(out);
    return text;
}

std::shared_ptr<SSL_CTX> DemoAuthority::server_context(const std::vector<std::string>& names, int from_days, int to_days) const
{
    EVP_PKEY* key = EVP_EC_gen("P-256");
    X509* leaf = unsigned_certificate(key, names.front(), from_days, to_days);
    X509_set_issuer_name(leaf, X509_get_subject_name(root_));
    std::string alternative;
    for (const auto& name : names) alternative += (alternative.empty() ? "DNS:" : ",DNS:") + name;
    extend(leaf, root_, NID_basic_constraints, "critical,CA:FALSE");
    extend(leaf, root_, NID_ext_key_usage, "serverAuth");
    extend(leaf, root_, NID_subject_alt_name, alternative.c_str());
    extend(leaf, root_, NID_authority_key_identifier, "keyid");
    X509_sign(leaf, key_, EVP_sha256());
    std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
    SSL_CTX_use_certificate(context.get(), leaf);
    SSL_CTX_use_PrivateKey(context.get(), key);
    X509_free(leaf);
    EVP_PKEY_free(key);
    return context;
}

}
