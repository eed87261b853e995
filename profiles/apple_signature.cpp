#include "profiles/apple_signature.hpp"

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <memory>

namespace portolan {

namespace {

struct Release {
    void operator()(BIO* bio) const { BIO_free(bio); }
    void operator()(X509* certificate) const { X509_free(certificate); }
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(CMS_ContentInfo* cms) const { CMS_ContentInfo_free(cms); }
    void operator()(STACK_OF(X509) * stack) const { sk_X509_pop_free(stack, X509_free); }
};
using Bio = std::unique_ptr<BIO, Release>;
using Certificates = std::unique_ptr<STACK_OF(X509), Release>;

Bio reading(const std::string& bytes) { return Bio(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size()))); }

std::string written(BIO* bio)
{
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

/// Adds every certificate up to the end of the text; false when one of them, or something else there, cannot be read.
bool add_certificates(STACK_OF(X509) * stack, BIO* pem)
{
    while (X509* one = PEM_read_bio_X509(pem, nullptr, nullptr, nullptr)) sk_X509_push(stack, one);
    const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    ERR_clear_error();
    return at_end;
}

/// What a device would take out of it, if the signature holds.
std::string content_of(const std::string& der)
{
    const auto in = reading(der);
    const std::unique_ptr<CMS_ContentInfo, Release> cms(d2i_CMS_bio(in.get(), nullptr));
    const Bio out(BIO_new(BIO_s_mem()));
    // The chain is the device's business; here it is about the bytes.
    if (!cms || CMS_verify(cms.get(), nullptr, nullptr, nullptr, out.get(), CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY) != 1) return {};
    return written(out.get());
}

}

Written<std::string> signed_profile(const std::string& text, const SigningKey& key)
{
    const auto bad = [](std::string_view what) {
        ERR_clear_error();
        return std::unexpected(WriteFailure{WriteProblem::bad_signing_key, std::string(what)});
    };
    ERR_clear_error();
    const auto certificate_text = reading(key.certificate_pem);
    const std::unique_ptr<X509, Release> certificate(PEM_read_bio_X509(certificate_text.get(), nullptr, nullptr, nullptr));
    if (!certificate) return bad("certificate");
    const Certificates chain(sk_X509_new_null());
    if (!add_certificates(chain.get(), certificate_text.get())) return bad("certificate");
    const auto key_text = reading(key.key_pem);
    // No passphrase is asked for: a callback that gives none makes an encrypted key unreadable instead of stopping at the terminal.
    const std::unique_ptr<EVP_PKEY, Release> secret(
        PEM_read_bio_PrivateKey(key_text.get(), nullptr, [](char*, int, int, void*) { return -1; }, nullptr));
    if (!secret || X509_check_private_key(certificate.get(), secret.get()) != 1) return bad("key");
    if (!key.chain_pem.empty()) {
        const int before = sk_X509_num(chain.get());
        if (!add_certificates(chain.get(), reading(key.chain_pem).get()) || sk_X509_num(chain.get()) == before) return bad("chain");
    }
    // CMS_BINARY: otherwise OpenSSL turns LF into CRLF, and what the device extracts is not what was written.
    const auto content = reading(text);
    const std::unique_ptr<CMS_ContentInfo, Release> cms(CMS_sign(nullptr, nullptr, chain.get(), content.get(), CMS_BINARY | CMS_PARTIAL));
    if (!cms || !CMS_add1_signer(cms.get(), certificate.get(), secret.get(), EVP_sha256(), CMS_BINARY)) return bad("signature");
    const Bio out(BIO_new(BIO_s_mem()));
    if (CMS_final(cms.get(), content.get(), nullptr, CMS_BINARY) != 1 || i2d_CMS_bio(out.get(), cms.get()) != 1) return bad("signature");
    auto der = written(out.get());
    if (content_of(der) != text) return bad("signature");
    return der;
}

}
