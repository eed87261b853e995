#include "tests/support/certificates.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

namespace portolan::scripted {

namespace {

void extend(X509* certificate, X509* issuer, int nid, const std::string& value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
    if (!extension) throw std::runtime_error("extension: " + value);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

EVP_PKEY* make_key(const std::string& kind) { return kind.starts_with("RSA ") ? EVP_RSA_gen(static_cast<unsigned>(std::stoul(kind.substr(4)))) : EVP_EC_gen(kind.c_str()); }

}

std::string Made::pem() const
{
    BIO* out = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(out, certificate.get());
    char* data = nullptr;
    const long size = BIO_get_mem_data(out, &data);
    std::string text(data, static_cast<std::size_t>(size));
    BIO_free(out);
    return text;
}

Made make_certificate(const Recipe& recipe, const Made* issuer)
{
    Made made{{X509_new(), X509_free}, {make_key(recipe.key), EVP_PKEY_free}};
    auto* certificate = made.certificate.get();
    X509_set_version(certificate, 2);
    std::uint64_t serial = 0;
    RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial);
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1);
    const auto base = std::chrono::system_clock::to_time_t(recipe.at);
    ASN1_TIME_adj(X509_getm_notBefore(certificate), base, static_cast<int>(recipe.from_days), 0);
    ASN1_TIME_adj(X509_getm_notAfter(certificate), base, static_cast<int>(recipe.to_days), 0);
    X509_set_pubkey(certificate, made.key.get());
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(recipe.common_name.c_str()), -1, -1, 0);
    X509* signer = issuer ? issuer->certificate.get() : certificate;
    X509_set_issuer_name(certificate, X509_get_subject_name(signer));
    extend(certificate, signer, NID_basic_constraints, recipe.authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
    if (recipe.authority) extend(certificate, signer, NID_key_usage, "critical,keyCertSign,cRLSign");
    else if (!recipe.purpose.empty()) extend(certificate, signer, NID_ext_key_usage, recipe.purpose);
    if (!recipe.alternative_names.empty()) extend(certificate, signer, NID_subject_alt_name, recipe.alternative_names);
    if (!recipe.constraints.empty()) extend(certificate, signer, NID_name_constraints, recipe.constraints);
    if (X509_sign(certificate, (issuer ? issuer->key : made.key).get(), EVP_get_digestbyname(recipe.digest)) == 0) throw std::runtime_error("not signed");
    return made;
}

Made make_authority(const std::string& name, std::chrono::system_clock::time_point at)
{
    return make_certificate({.common_name = name, .from_days = -300, .to_days = 3000, .authority = true, .at = at});
}

std::shared_ptr<SSL_CTX> server_context(const std::vector<Made>& chain)
{
    std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
    SSL_CTX_set_security_level(context.get(), 0);
    SSL_CTX_use_certificate(context.get(), chain.front().certificate.get());
    SSL_CTX_use_PrivateKey(context.get(), chain.front().key.get());
    for (std::size_t i = 1; i < chain.size(); ++i) SSL_CTX_add1_chain_cert(context.get(), chain[i].certificate.get());
    return context;
}

std::vector<X509*> pointers(const std::vector<Made>& chain)
{
    std::vector<X509*> result;
    for (const auto& one : chain) result.push_back(one.certificate.get());
    return result;
}

}
