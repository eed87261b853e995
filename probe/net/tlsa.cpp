#include "probe/net/tlsa.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

namespace portolan {

namespace {

constexpr std::size_t most_records = 64, most_certificates = 30;

struct Encoded {
    std::string whole, key;                    ///< DER: the certificate, its SubjectPublicKeyInfo
};

std::optional<Encoded> encoded(const std::string& pem)
{
    BIO* in = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
    X509* certificate = in ? PEM_read_bio_X509(in, nullptr, nullptr, nullptr) : nullptr;
    BIO_free(in);
    ERR_clear_error();
    if (!certificate) return std::nullopt;
    const auto taken = [](unsigned char* der, int size) {
        std::string text(reinterpret_cast<char*>(der), size > 0 ? static_cast<std::size_t>(size) : 0);
        OPENSSL_free(der);
        return text;
    };
    Encoded result;
    unsigned char* der = nullptr;
    int size = i2d_X509(certificate, &der);
    result.whole = taken(der, size);
    der = nullptr;
    size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
    result.key = taken(der, size);
    X509_free(certificate);
    return result;
}

std::string digest(const std::string& octets, const EVP_MD* method)
{
    unsigned char out[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    EVP_Digest(octets.data(), octets.size(), out, &size, method, nullptr);
    return std::string(reinterpret_cast<char*>(out), size);
}

/// RFC 6698 §2.1: the registered values; a record with another one, or a digest of the wrong size, cannot be used (§4.1).
bool usable(const TlsaRecord& record)
{
    if (record.usage > 3 || record.selector > 1 || record.matching > 2) return false;
    if (record.matching == 1) return record.data.size() == 32;
    return record.matching == 2 ? record.data.size() == 64 : !record.data.empty();
}

bool fits(const TlsaRecord& record, const Encoded& certificate)
{
    const auto& part = record.selector == 0 ? certificate.whole : certificate.key;
    if (record.matching == 0) return part == record.data;
    return digest(part, record.matching == 1 ? EVP_sha256() : EVP_sha512()) == record.data;
}

}

TlsaMatch match_tlsa(const std::vector<TlsaRecord>& records, const std::vector<std::string>& chain)
{
    std::vector<Encoded> certificates;
    for (std::size_t i = 0; i < chain.size() && i < most_certificates; ++i)
        if (auto one = encoded(chain[i])) certificates.push_back(std::move(*one));
        else if (i == 0) return TlsaMatch::undecided;                  // the leaf stays the first
    bool any_usable = false, open = false;
    for (std::size_t i = 0; i < records.size() && i < most_records && !certificates.empty(); ++i) {
        const auto& record = records[i];
        if (!usable(record)) continue;
        any_usable = true;
        // Usages 1 and 3 are about the server's own certificate, 0 and 2 about an authority above it.
        const bool leaf = record.usage == 1 || record.usage == 3;
        const auto from = certificates.begin() + (leaf || certificates.size() == 1 ? 0 : 1);
        const auto to = leaf ? certificates.begin() + 1 : certificates.end();
        if (std::any_of(from, to, [&](const Encoded& one) { return fits(record, one); })) return TlsaMatch::matches;
        // Usage 0 may name a root, which programs have and servers leave out.
        open = open || record.usage == 0;
    }
    return any_usable && !open ? TlsaMatch::differs : TlsaMatch::undecided;
}

std::string text_of(const TlsaRecord& record)
{
    static constexpr char hex[] = "0123456789abcdef";
    constexpr std::size_t most_octets = 16;
    std::string text = std::to_string(record.usage) + " " + std::to_string(record.selector) + " " + std::to_string(record.matching) + " ";
    for (std::size_t i = 0; i < record.data.size() && i < most_octets; ++i) {
        const auto octet = static_cast<unsigned char>(record.data[i]);
        text += hex[octet >> 4];
        text += hex[octet & 15];
    }
    return text + (record.data.size() > most_octets ? "…" : "");
}

}
