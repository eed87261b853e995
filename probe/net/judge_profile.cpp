#include "probe/net/judge_profile.hpp"

#include "probe/net/judge_names.hpp"

#include <openssl/core_names.h>
#include <openssl/err.h>

namespace portolan {

namespace {

using Faults = std::vector<Fault>;

std::string group_of(EVP_PKEY* key)
{
    char group[64];
    std::size_t size = 0;
    if (EVP_PKEY_get_group_name(key, group, sizeof group, &size) != 1) return {};
    return {group, size};
}

bool weak_exponent(EVP_PKEY* key)
{
    BIGNUM* exponent = nullptr;
    if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &exponent) != 1) return false;
    const bool weak = !BN_is_odd(exponent) || BN_num_bits(exponent) < 2;
    BN_free(exponent);
    return weak;
}

/// CA/B baseline requirements §6.1.5 and §6.1.6.
void key_rules(const View& view, Faults& faults)
{
    EVP_PKEY* key = X509_get0_pubkey(view.certificate);
    ERR_clear_error();
    if (!key) {
        faults.push_back(Fault::key_unreadable);
        return;
    }
    const int bits = EVP_PKEY_get_bits(key);
    switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA:
    case EVP_PKEY_RSA_PSS:
        if (bits < 2048) faults.push_back(Fault::key_too_small);
        else if (bits % 8 != 0) faults.push_back(Fault::rsa_size_uneven);
        if (weak_exponent(key)) faults.push_back(Fault::rsa_exponent);
        break;
    case EVP_PKEY_EC: {
        int explicit_form = 0;
        EVP_PKEY_get_int_param(key, OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS, &explicit_form);
        ERR_clear_error();
        if (explicit_form == 1) faults.push_back(Fault::explicit_curve);
        const auto group = group_of(key);
        if (bits < 224) faults.push_back(Fault::key_too_small);
        else if (group != SN_X9_62_prime256v1 && group != SN_secp384r1 && group != SN_secp521r1) faults.push_back(Fault::curve_uncommon);
        break;
    }
    case EVP_PKEY_ED25519:
    case EVP_PKEY_ED448: break;
    default: faults.push_back(Fault::key_kind);
    }
}

void signature_rules(const View& view, Faults& faults)
{
    int digest = NID_undef;
    X509_get_signature_info(view.certificate, &digest, nullptr, nullptr, nullptr);
    ERR_clear_error();
    if (digest == NID_md5 || digest == NID_sha1 || digest == NID_md4 || digest == NID_md2 || digest == NID_md5_sha1)
        faults.push_back(Fault::digest_weak);
}

void serial_rule(const View& view, Faults& faults)
{
    const ASN1_INTEGER* serial = X509_get0_serialNumber(view.certificate);
    BIGNUM* number = ASN1_INTEGER_to_BN(serial, nullptr);
    // §4.1.2.2: positive, 20 octets at most as encoded
    const bool wrong = !number || BN_is_negative(number) || BN_is_zero(number) || BN_num_bits(number) > 159;
    BN_free(number);
    if (wrong) faults.push_back(Fault::serial);
}

void identifier_rules(const View& view, Place place, Faults& faults)
{
    if (view.authority_key_critical) faults.push_back(Fault::authority_key_critical);
    if (view.subject_key_critical) faults.push_back(Fault::subject_key_critical);
    if ((view.authority || place != Place::leaf) && !view.has_subject_key) faults.push_back(Fault::subject_key_missing);
    const bool may_lack = (place == Place::anchor || view.self_issued) && view.verifies_itself();  // it names no other key
    if (view.has_authority_key ? view.authority_key.empty() : !may_lack) faults.push_back(Fault::authority_key_missing);
    if (view.authority_key_extra) faults.push_back(Fault::authority_key_fields);
    if (may_lack && !view.authority_key.empty() && view.has_subject_key && view.authority_key != view.subject_key)
        faults.push_back(Fault::authority_key_differs);
}

void name_rules(const View& view, Place place, Faults& faults)
{
    const bool no_subject = X509_NAME_entry_count(X509_get_subject_name(view.certificate)) == 0;
    if (X509_NAME_entry_count(X509_get_issuer_name(view.certificate)) == 0) faults.push_back(Fault::issuer_empty);
    if (no_subject && place != Place::leaf) faults.push_back(Fault::subject_empty);
    // §4.2.1.6: critical exactly where it stands for the subject (CA/B §7.1.2.7.12)
    if (view.names.there && view.names.critical != no_subject) faults.push_back(Fault::names_criticality);
    if (place == Place::leaf && has_malformed_name(view.names)) faults.push_back(Fault::names_malformed);
    if (place == Place::leaf && common_name_stands_apart(view)) faults.push_back(Fault::common_name_apart);
}

void extension_rules(const View& view, Place place, Faults& faults)
{
    if (view.constraints && !view.constraints->critical) faults.push_back(Fault::constraints_not_critical);
    if (view.constraints && place == Place::leaf && !view.authority) faults.push_back(Fault::constraints_in_leaf);
    if (view.access_critical) faults.push_back(Fault::access_critical);
    if (view.access_malformed) faults.push_back(Fault::access_malformed);
    if (view.has_policy_constraints && !view.policy_constraints_critical) faults.push_back(Fault::policy_constraints_not_critical);
    if (view.policy_constraints_empty) faults.push_back(Fault::policy_constraints_empty);
    if (view.purposes_critical) faults.push_back(Fault::purpose_critical);
    if (view.no_purpose) faults.push_back(Fault::purpose_empty);
    if (place == Place::anchor && view.self_issued && view.has_purposes) faults.push_back(Fault::purpose_in_root);
    // §4.2.1.9: a path length belongs to an authority that may sign
    const bool signs = view.authority && (!view.has_key_usage || (view.key_usage & KU_KEY_CERT_SIGN) != 0);
    if (view.path_length && !signs) faults.push_back(Fault::path_length_misplaced);
}

void authority_rules(const View& view, Place place, const Question& question, Faults& faults)
{
    if (!view.has_basic_constraints) faults.push_back(place == Place::anchor ? Fault::anchor_no_authority : Fault::not_an_authority);
    else if (!view.authority) faults.push_back(Fault::not_an_authority);
    else if (!view.basic_constraints_critical) faults.push_back(Fault::basic_constraints_not_critical);
    if (view.has_key_usage && (view.key_usage & KU_KEY_CERT_SIGN) == 0) faults.push_back(Fault::may_not_sign);
    const bool suits = question.purpose == Purpose::server ? view.for_servers : view.for_clients;
    if (view.has_purposes && !suits && !view.for_anything) faults.push_back(Fault::authority_purpose);
}

void leaf_rules(const View& view, const Question& question, Faults& faults)
{
    if (view.authority) faults.push_back(Fault::authority_as_leaf);    // CA/B §7.1.2.7.8
    else if (view.has_key_usage && (view.key_usage & KU_KEY_CERT_SIGN) != 0) faults.push_back(Fault::leaf_may_sign);
    const bool suits = question.purpose == Purpose::server ? view.for_servers : view.for_clients;
    if (view.has_purposes && !suits) faults.push_back(Fault::purpose_missing);
    constexpr std::uint32_t any_tls = KU_DIGITAL_SIGNATURE | KU_KEY_ENCIPHERMENT | KU_KEY_AGREEMENT;
    const std::uint32_t wanted = question.needs_digital_signature ? KU_DIGITAL_SIGNATURE : any_tls;
    const bool signing_root = view.authority && !question.needs_digital_signature;         // told by authority_as_leaf
    if (view.has_key_usage && (view.key_usage & wanted) == 0 && !signing_root) faults.push_back(Fault::key_usage);
}

}

std::vector<Fault> profile_faults(const View& view, Place place, const Question& question)
{
    Faults faults = view.faults;
    const auto now = std::chrono::system_clock::to_time_t(std::chrono::floor<std::chrono::seconds>(question.now));
    if (now > view.not_after) faults.push_back(Fault::expired);        // both ends are inside (§4.1.2.5)
    if (now < view.not_before) faults.push_back(Fault::not_yet_valid);
    if (!view.dates_in_form) faults.push_back(Fault::date_form);
    if (X509_get_version(view.certificate) != X509_VERSION_3) faults.push_back(Fault::version);
    serial_rule(view, faults);
    key_rules(view, faults);
    if (place != Place::anchor && !view.signed_by_itself()) signature_rules(view, faults);   // an anchor's signature vouches for nothing
    identifier_rules(view, place, faults);
    name_rules(view, place, faults);
    extension_rules(view, place, faults);
    if (place == Place::leaf) leaf_rules(view, question, faults);
    else authority_rules(view, place, question, faults);
    return faults;
}

std::string key_text(X509* certificate)
{
    EVP_PKEY* key = X509_get0_pubkey(certificate);
    ERR_clear_error();
    if (!key) return "unreadable";
    if (EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA) return "RSA " + std::to_string(EVP_PKEY_get_bits(key));
    if (EVP_PKEY_get_base_id(key) == EVP_PKEY_EC) {
        const auto name = group_of(key);
        if (name.empty()) return "EC";
        return name == "prime256v1" ? "EC P-256" : name == "secp384r1" ? "EC P-384" : name == "secp521r1" ? "EC P-521" : "EC " + name;
    }
    return OBJ_nid2sn(EVP_PKEY_get_base_id(key));
}

std::string digest_text(X509* certificate)
{
    int digest = NID_undef;
    X509_get_signature_info(certificate, &digest, nullptr, nullptr, nullptr);
    ERR_clear_error();
    return digest == NID_undef ? std::string() : OBJ_nid2sn(digest);
}

}
