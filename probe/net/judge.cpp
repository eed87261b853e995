#include "probe/net/judge.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cctype>
#include <ctime>

namespace portolan {

namespace {

using enum VerdictCode;

std::string name_text(const X509_NAME* name)
{
    BIO* out = BIO_new(BIO_s_mem());
    X509_NAME_print_ex(out, name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
    char* data = nullptr;
    const long size = BIO_get_mem_data(out, &data);
    std::string text(data, static_cast<std::size_t>(size));
    BIO_free(out);
    return text;
}

std::string time_text(const ASN1_TIME* time)
{
    std::tm parts{};
    if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text;
}

std::string hex_of(const unsigned char* bytes, std::size_t size)
{
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    for (std::size_t i = 0; i < size; ++i) {
        text += digits[bytes[i] >> 4];
        text += digits[bytes[i] & 15];
    }
    return text;
}

std::string spki_digest(X509* certificate)
{
    unsigned char* der = nullptr;
    const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
    if (size <= 0) return {};
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    EVP_Digest(der, static_cast<std::size_t>(size), digest, &length, EVP_sha256(), nullptr);
    OPENSSL_free(der);
    return hex_of(digest, length);
}

std::string key_text(X509* certificate)
{
    EVP_PKEY* key = X509_get0_pubkey(certificate);
    if (!key) return "unreadable";
    if (EVP_PKEY_base_id(key) == EVP_PKEY_RSA) return "RSA " + std::to_string(EVP_PKEY_bits(key));
    if (EVP_PKEY_base_id(key) == EVP_PKEY_EC) {
        char group[64];
        std::size_t size = 0;
        if (EVP_PKEY_get_group_name(key, group, sizeof group, &size) != 1) return "EC";
        const std::string name(group, size);
        return name == "prime256v1" ? "EC P-256" : name == "secp384r1" ? "EC P-384" : name == "secp521r1" ? "EC P-521" : "EC " + name;
    }
    return OBJ_nid2sn(EVP_PKEY_base_id(key));
}

std::string pem_text(X509* certificate)
{
    BIO* out = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(out, certificate);
    char* data = nullptr;
    const long size = BIO_get_mem_data(out, &data);
    std::string text(data, static_cast<std::size_t>(size));
    BIO_free(out);
    return text;
}

struct Names {
    std::vector<std::string> dns;
    std::vector<std::string> addresses;        ///< as raw octets
    std::vector<std::string> shown;
};

Names names_of(X509* certificate)
{
    Names names;
    auto* list = static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
    const int count = list ? std::min(sk_GENERAL_NAME_num(list), 2000) : 0;
    for (int i = 0; i < count; ++i) {
        const auto* name = sk_GENERAL_NAME_value(list, i);
        if (name->type == GEN_DNS) {
            std::string text(reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.dNSName)), static_cast<std::size_t>(ASN1_STRING_length(name->d.dNSName)));
            if (text.find('\0') != std::string::npos) continue;        // "good.example\0.evil.example"
            std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
            names.shown.push_back(text);
            names.dns.push_back(std::move(text));
        } else if (name->type == GEN_IPADD) {
            const auto* data = ASN1_STRING_get0_data(name->d.iPAddress);
            const auto size = static_cast<std::size_t>(ASN1_STRING_length(name->d.iPAddress));
            std::string octets(reinterpret_cast<const char*>(data), size);
            if (size == 4) names.shown.push_back(asio::ip::address_v4({data[0], data[1], data[2], data[3]}).to_string());
            else if (size == 16) {
                asio::ip::address_v6::bytes_type bytes;
                std::copy_n(data, 16, bytes.begin());
                names.shown.push_back(asio::ip::address_v6(bytes).to_string());
            }
            names.addresses.push_back(std::move(octets));
        }
    }
    GENERAL_NAMES_free(list);
    return names;
}

std::string octets_of(const Hostname& host)
{
    const auto address = asio::ip::make_address(host.text());
    if (address.is_v4()) {
        const auto bytes = address.to_v4().to_bytes();
        return {bytes.begin(), bytes.end()};
    }
    const auto bytes = address.to_v6().to_bytes();
    return {bytes.begin(), bytes.end()};
}

bool name_fits(const Names& names, const Hostname& host)
{
    if (host.is_ip()) return std::ranges::find(names.addresses, octets_of(host)) != names.addresses.end();
    return std::ranges::any_of(names.dns, [&](const std::string& presented) { return dns_name_matches(presented, host); });
}

/// RSA below 2048 bits, EC below 256, MD5 or SHA-1 in a signature: a public authority may sign none of these (CA/B baseline requirements §6.1.5, §7.1.3).
bool is_weak(X509* certificate, bool check_signature)
{
    EVP_PKEY* key = X509_get0_pubkey(certificate);
    if (!key) return true;
    const int kind = EVP_PKEY_base_id(key), bits = EVP_PKEY_bits(key);
    if ((kind == EVP_PKEY_RSA && bits < 2048) || (kind == EVP_PKEY_EC && bits < 224) || kind == EVP_PKEY_DSA) return true;
    int digest = NID_undef;
    X509_get_signature_info(certificate, &digest, nullptr, nullptr, nullptr);
    return check_signature && (digest == NID_md5 || digest == NID_sha1 || digest == NID_md4 || digest == NID_md5_sha1);
}

std::optional<VerdictCode> code_for(int error, std::size_t presented)
{
    switch (error) {
    case X509_V_OK: return std::nullopt;
    case X509_V_ERR_CERT_HAS_EXPIRED: return certificate_expired;
    case X509_V_ERR_CERT_NOT_YET_VALID: return certificate_not_yet_valid;
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT: return certificate_self_signed;
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN: return certificate_untrusted_issuer;
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE: return presented > 1 ? certificate_untrusted_issuer : certificate_incomplete_chain;
    case X509_V_ERR_CERT_REVOKED: return certificate_revoked;
    case X509_V_ERR_INVALID_PURPOSE:
    case X509_V_ERR_CERT_REJECTED: return certificate_purpose;
    case X509_V_ERR_CERT_UNTRUSTED: return certificate_untrusted_issuer;
    case X509_V_ERR_EE_KEY_TOO_SMALL:
    case X509_V_ERR_CA_KEY_TOO_SMALL:
    case X509_V_ERR_CA_MD_TOO_WEAK: return certificate_weak;
    default: return certificate_invalid;
    }
}

/// Gravest first: what makes the rest pointless stands before what a person could overlook.
int gravity(VerdictCode code)
{
    static constexpr std::array order{certificate_revoked,       certificate_invalid,      certificate_self_signed, certificate_untrusted_issuer, certificate_incomplete_chain, certificate_expired,
                                      certificate_not_yet_valid, certificate_name_mismatch, certificate_purpose,     certificate_weak,             certificate_expires_soon};
    return static_cast<int>(std::ranges::find(order, code) - order.begin());
}

struct Recorder {
    std::vector<int> errors;
};

int record(int ok, X509_STORE_CTX* context)
{
    if (!ok) {
        auto* recorder = static_cast<Recorder*>(X509_STORE_CTX_get_app_data(context));
        if (recorder->errors.size() < 64) recorder->errors.push_back(X509_STORE_CTX_get_error(context));
    }
    return 1;
}

std::vector<int> verify(const std::vector<X509*>& chain, X509_STORE* anchors, std::chrono::system_clock::time_point now)
{
    Recorder recorder;
    STACK_OF(X509)* others = sk_X509_new_null();
    for (std::size_t i = 1; i < chain.size(); ++i) sk_X509_push(others, chain[i]);
    X509_STORE_CTX* context = X509_STORE_CTX_new();
    if (X509_STORE_CTX_init(context, anchors, chain.front(), others) == 1) {
        X509_STORE_CTX_set_app_data(context, &recorder);
        X509_STORE_CTX_set_verify_cb(context, record);
        auto* parameters = X509_STORE_CTX_get0_param(context);
        X509_VERIFY_PARAM_set_time(parameters, std::chrono::system_clock::to_time_t(now));
        X509_VERIFY_PARAM_set_purpose(parameters, X509_PURPOSE_SSL_SERVER);
        X509_VERIFY_PARAM_set_depth(parameters, 12);
        X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_TRUSTED_FIRST);
        if (X509_verify_cert(context) < 0) recorder.errors.push_back(X509_V_ERR_UNSPECIFIED);
    } else recorder.errors.push_back(X509_V_ERR_UNSPECIFIED);
    X509_STORE_CTX_free(context);
    sk_X509_free(others);
    ERR_clear_error();
    return recorder.errors;
}

}

bool dns_name_matches(std::string_view presented, const Hostname& name)
{
    if (presented.ends_with('.')) presented.remove_suffix(1);
    if (presented.find('*') == std::string_view::npos) return presented == name.text();
    if (!presented.starts_with("*.") || presented.find('*', 1) != std::string_view::npos) return false;
    const auto rest = presented.substr(2);
    const auto zone = parse_hostname(rest);
    if (!zone || registrable_domain(*zone).empty()) return false;      // "*.com", "*.co.uk"
    const auto dot = name.text().find('.');
    return dot != std::string::npos && dot > 0 && std::string_view(name.text()).substr(dot + 1) == rest;
}

CertificateFacts judge_chain(const std::vector<X509*>& chain, const Hostname& name, X509_STORE* anchors, std::chrono::system_clock::time_point now)
{
    CertificateFacts facts;
    if (chain.empty()) {
        facts.problem = certificate_invalid;
        facts.findings = {certificate_invalid};
        return facts;
    }
    X509* leaf = chain.front();
    const auto names = names_of(leaf);
    facts.subject = name_text(X509_get_subject_name(leaf));
    facts.issuer = name_text(X509_get_issuer_name(leaf));
    facts.names = names.shown;
    facts.not_before = time_text(X509_get0_notBefore(leaf));
    facts.not_after = time_text(X509_get0_notAfter(leaf));
    facts.spki_sha256 = spki_digest(leaf);
    facts.key = key_text(leaf);
    for (std::size_t i = 0; i < chain.size() && i < 12; ++i) facts.chain.push_back(pem_text(chain[i]));

    std::set<VerdictCode> codes;
    for (const int error : verify(chain, anchors, now))
        if (const auto code = code_for(error, chain.size())) codes.insert(*code);
    if (codes.contains(certificate_self_signed)) codes.erase(certificate_incomplete_chain);
    if (!name_fits(names, name)) codes.insert(certificate_name_mismatch);
    for (std::size_t i = 0; i < chain.size() && i < 12; ++i) {
        const bool own_signature = X509_NAME_cmp(X509_get_subject_name(chain[i]), X509_get_issuer_name(chain[i])) == 0;
        if (is_weak(chain[i], !own_signature)) codes.insert(certificate_weak);   // a root's own signature vouches for nothing
    }
    const auto moment = std::chrono::system_clock::to_time_t(now);
    std::time_t soon = moment + 14 * 24 * 3600;
    if (!codes.contains(certificate_expired) && X509_cmp_time(X509_get0_notAfter(leaf), &soon) < 0) codes.insert(certificate_expires_soon);

    facts.findings.assign(codes.begin(), codes.end());
    std::ranges::stable_sort(facts.findings, {}, gravity);
    if (!facts.findings.empty() && facts.findings.front() != certificate_expires_soon) facts.problem = facts.findings.front();
    return facts;
}

}
