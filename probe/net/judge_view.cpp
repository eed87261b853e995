#include "probe/net/judge_view.hpp"

#include "probe/net/judge_names.hpp"

#include <openssl/err.h>

#include <algorithm>
#include <cctype>

namespace portolan {

namespace {

constexpr int most_extensions = 100, most_policies = 100;

/// The extension's value, decoded and nothing left over; nothing where it does not decode.
template <class T>
std::shared_ptr<T> decoded(X509_EXTENSION* extension, const ASN1_ITEM* item)
{
    const ASN1_OCTET_STRING* value = X509_EXTENSION_get_data(extension);
    const unsigned char* at = ASN1_STRING_get0_data(value);
    const unsigned char* end = at + ASN1_STRING_length(value);
    auto* read = reinterpret_cast<T*>(ASN1_item_d2i(nullptr, &at, ASN1_STRING_length(value), item));
    ERR_clear_error();
    std::shared_ptr<T> owner(read, [item](T* one) {
        if (one) ASN1_item_free(reinterpret_cast<ASN1_VALUE*>(one), item);
    });
    if (at != end) owner.reset();
    return owner;
}

std::string lower(std::string text)
{
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

std::string identifier(const ASN1_OBJECT* object) { return {reinterpret_cast<const char*>(OBJ_get0_data(object)), OBJ_length(object)}; }

bool contiguous(std::string_view mask)
{
    bool ended = false;
    for (const char c : mask)
        for (int bit = 7; bit >= 0; --bit) {
            const bool set = (static_cast<unsigned char>(c) >> bit) & 1;
            if (set && ended) return false;
            ended = ended || !set;
        }
    return true;
}

std::time_t seconds_of(const ASN1_TIME* time)
{
    std::tm parts{};
    return ASN1_TIME_to_tm(time, &parts) == 1 ? timegm(&parts) : 0;
}

/// RFC 5280 §4.1.2.5: UTCTime to 2049 and GeneralizedTime after, in Zulu, with seconds and without fractions.
bool in_form(const ASN1_TIME* time)
{
    const std::string text = text_of(time);
    const bool digits = !text.empty() && text.back() == 'Z' &&
                        std::ranges::all_of(text.substr(0, text.size() - 1), [](unsigned char c) { return std::isdigit(c) != 0; });
    if (!digits) return false;
    if (ASN1_STRING_type(time) == V_ASN1_UTCTIME) return text.size() == 13;
    return text.size() == 15 && text.substr(0, 4) >= "2050";
}

}

std::string text_of(const ASN1_STRING* text)
{
    return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)), static_cast<std::size_t>(ASN1_STRING_length(text))};
}

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

std::string common_name(const X509_NAME* name)
{
    int last = -1;
    for (int at; (at = X509_NAME_get_index_by_NID(name, NID_commonName, last)) >= 0;) last = at;
    if (last < 0) return {};
    unsigned char* utf8 = nullptr;
    const int size = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, last)));
    if (size < 0) return {};
    std::string text(reinterpret_cast<char*>(utf8), static_cast<std::size_t>(size));
    OPENSSL_free(utf8);
    return text;
}

std::string time_text(std::time_t moment)
{
    std::tm parts{};
    gmtime_r(&moment, &parts);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text;
}

View::View(X509* from) : certificate(from)
{
    self_issued = X509_NAME_cmp(X509_get_subject_name(certificate), X509_get_issuer_name(certificate)) == 0;
    read_dates();
    const ASN1_BIT_STRING* signature = nullptr;
    const X509_ALGOR* outer = nullptr;
    X509_get0_signature(&signature, &outer, certificate);
    if (X509_ALGOR_cmp(outer, X509_get0_tbs_sigalg(certificate)) != 0) add(Fault::algorithms_differ);
    const int count = X509_get_ext_count(certificate);
    if (count > most_extensions) add(Fault::malformed_extension);
    std::set<std::string> seen;
    for (int i = 0; i < count && i < most_extensions; ++i) {
        X509_EXTENSION* extension = X509_get_ext(certificate, i);
        const ASN1_OBJECT* object = X509_EXTENSION_get_object(extension);
        if (!seen.insert(identifier(object)).second) add(Fault::duplicate_extension);
        else read(extension);
    }
}

void View::read_dates()
{
    const ASN1_TIME *from = X509_get0_notBefore(certificate), *until = X509_get0_notAfter(certificate);
    not_before = seconds_of(from);
    not_after = seconds_of(until);
    dates_in_form = in_form(from) && in_form(until);
}

void View::read(X509_EXTENSION* extension)
{
    const bool critical = X509_EXTENSION_get_critical(extension) != 0;
    switch (OBJ_obj2nid(X509_EXTENSION_get_object(extension))) {
    case NID_basic_constraints: {
        const auto value = decoded<BASIC_CONSTRAINTS>(extension, ASN1_ITEM_rptr(BASIC_CONSTRAINTS));
        if (!value) return add(Fault::malformed_extension);
        has_basic_constraints = true;
        basic_constraints_critical = critical;
        authority = value->ca != 0;
        if (value->pathlen) {
            path_length = ASN1_INTEGER_get(value->pathlen);
            if (*path_length < 0) add(Fault::malformed_extension);
        }
        return;
    }
    case NID_key_usage: {
        const auto bits = decoded<ASN1_BIT_STRING>(extension, ASN1_ITEM_rptr(ASN1_BIT_STRING));
        if (!bits) return add(Fault::malformed_extension);
        has_key_usage = true;
        const auto* data = ASN1_STRING_get0_data(bits.get());
        if (ASN1_STRING_length(bits.get()) > 0) key_usage = data[0];
        if (ASN1_STRING_length(bits.get()) > 1) key_usage |= static_cast<std::uint32_t>(data[1]) << 8;
        if (key_usage == 0) add(Fault::malformed_extension);   // §4.2.1.3: at least one of the bits MUST be set
        return;
    }
    case NID_ext_key_usage: {
        const auto list = decoded<EXTENDED_KEY_USAGE>(extension, ASN1_ITEM_rptr(EXTENDED_KEY_USAGE));
        if (!list) return add(Fault::malformed_extension);
        has_purposes = true;
        purposes_critical = critical;
        no_purpose = sk_ASN1_OBJECT_num(list.get()) == 0;
        for (int i = 0; i < sk_ASN1_OBJECT_num(list.get()) && i < 100; ++i) {
            const int purpose = OBJ_obj2nid(sk_ASN1_OBJECT_value(list.get(), i));
            for_servers = for_servers || purpose == NID_server_auth;
            for_clients = for_clients || purpose == NID_client_auth;
            for_anything = for_anything || purpose == NID_anyExtendedKeyUsage;
            for_ocsp = for_ocsp || purpose == NID_OCSP_sign;
        }
        return;
    }
    case NID_subject_key_identifier: {
        const auto id = decoded<ASN1_OCTET_STRING>(extension, ASN1_ITEM_rptr(ASN1_OCTET_STRING));
        if (!id) return add(Fault::malformed_extension);
        has_subject_key = true;
        subject_key_critical = critical;
        subject_key = text_of(id.get());
        return;
    }
    case NID_authority_key_identifier: {
        const auto id = decoded<AUTHORITY_KEYID>(extension, ASN1_ITEM_rptr(AUTHORITY_KEYID));
        if (!id) return add(Fault::malformed_extension);
        has_authority_key = true;
        authority_key_critical = critical;
        authority_key_extra = id->issuer != nullptr || id->serial != nullptr;
        if (id->keyid) authority_key = text_of(id->keyid);
        return;
    }
    case NID_subject_alt_name:
        names_owner_ = decoded<GENERAL_NAMES>(extension, ASN1_ITEM_rptr(GENERAL_NAMES));
        if (!names_owner_) return add(Fault::malformed_extension);
        return read_names(names_owner_.get(), critical);
    case NID_name_constraints: return read_constraints(extension, critical);
    case NID_info_access:
        access_critical = access_critical || critical;
        return read_access(extension);
    case NID_policy_constraints: {
        const auto value = decoded<POLICY_CONSTRAINTS>(extension, ASN1_ITEM_rptr(POLICY_CONSTRAINTS));
        if (!value) return add(Fault::malformed_extension);
        has_policy_constraints = true;
        policy_constraints_critical = critical;
        policy_constraints_empty = !value->requireExplicitPolicy && !value->inhibitPolicyMapping;
        if (value->requireExplicitPolicy) policies.demand_after = ASN1_INTEGER_get(value->requireExplicitPolicy);
        if (value->inhibitPolicyMapping) policies.mappings_end_after = ASN1_INTEGER_get(value->inhibitPolicyMapping);
        return;
    }
    case NID_certificate_policies: return read_policies(extension);
    case NID_policy_mappings: return read_mappings(extension);
    case NID_inhibit_any_policy: {
        const auto value = decoded<ASN1_INTEGER>(extension, ASN1_ITEM_rptr(ASN1_INTEGER));
        if (!value) return add(Fault::malformed_extension);
        policies.any_ends_after = ASN1_INTEGER_get(value.get());
        return;
    }
    // Read where they matter or without effect here: none changes what a path may be used for.
    case NID_issuer_alt_name:
    case NID_crl_distribution_points:
    case NID_freshest_crl:
    case NID_sinfo_access:
    case NID_tlsfeature: return;
    default:
        if (critical) add(Fault::unknown_critical);
    }
}

void View::read_names(GENERAL_NAMES* list, bool critical)
{
    names.there = true;
    names.critical = critical;
    const int count = sk_GENERAL_NAME_num(list);
    names.malformed = count == 0;              // §4.2.1.6: at least one entry
    for (int i = 0; i < count; ++i) {
        const GENERAL_NAME* name = sk_GENERAL_NAME_value(list, i);
        switch (name->type) {
        case GEN_DNS:
        case GEN_EMAIL:
        case GEN_URI: {
            auto text = text_of(name->d.ia5);
            if (text.find('\0') != std::string::npos) names.malformed = true;              // "good.example\0.evil.example"
            else if (name->type == GEN_DNS) names.dns.push_back(lower(std::move(text)));
            else (name->type == GEN_EMAIL ? names.emails : names.uris).push_back(std::move(text));
            break;
        }
        case GEN_IPADD: names.addresses.push_back(text_of(name->d.iPAddress)); break;
        case GEN_DIRNAME: names.directories.push_back(name->d.directoryName); break;
        default: names.others.insert(name->type);
        }
    }
}

void View::read_constraints(X509_EXTENSION* extension, bool critical)
{
    constraints_owner_ = decoded<NAME_CONSTRAINTS>(extension, ASN1_ITEM_rptr(NAME_CONSTRAINTS));
    if (!constraints_owner_) return add(Fault::constraint_malformed);
    constraints.emplace().critical = critical;
    const auto none = [](STACK_OF(GENERAL_SUBTREE)* list) { return !list || sk_GENERAL_SUBTREE_num(list) == 0; };
    if (none(constraints_owner_->permittedSubtrees) && none(constraints_owner_->excludedSubtrees)) add(Fault::constraints_empty);
    read_subtrees(constraints_owner_->permittedSubtrees, constraints->permitted);
    read_subtrees(constraints_owner_->excludedSubtrees, constraints->excluded);
}

void View::read_subtrees(STACK_OF(GENERAL_SUBTREE)* from, Subtrees& into)
{
    const int count = from ? sk_GENERAL_SUBTREE_num(from) : 0;
    for (int i = 0; i < count; ++i) {
        const GENERAL_SUBTREE* tree = sk_GENERAL_SUBTREE_value(from, i);
        // §4.2.1.10: minimum MUST be zero and maximum MUST be absent; nobody knows what else to do with them.
        if ((tree->minimum && ASN1_INTEGER_get(tree->minimum) != 0) || tree->maximum) add(Fault::constraint_unknown);
        const GENERAL_NAME* base = tree->base;
        switch (base->type) {
        case GEN_DNS: {
            auto text = lower(text_of(base->d.dNSName));
            if (text.starts_with('.')) add(Fault::constraint_leading_dot);
            const auto bare = std::string_view(text).substr(text.starts_with('.') ? 1 : 0);
            if (!bare.empty() && !is_dns_name(bare, Underscore::allowed)) add(Fault::constraint_malformed);
            into.dns.push_back(std::move(text));
            break;
        }
        case GEN_EMAIL: {
            auto text = text_of(base->d.rfc822Name);
            const auto at = text.find('@');
            if (text.find('\0') != std::string::npos || (at != std::string::npos && (at == 0 || at != text.rfind('@') || at + 1 == text.size())))
                add(Fault::constraint_malformed);
            into.emails.push_back(std::move(text));
            break;
        }
        case GEN_URI: into.uris.push_back(lower(text_of(base->d.uniformResourceIdentifier))); break;
        case GEN_IPADD: {
            const auto octets = text_of(base->d.iPAddress);
            const auto half = octets.size() / 2;
            if ((octets.size() != 8 && octets.size() != 32) || !contiguous(std::string_view(octets).substr(half))) add(Fault::constraint_malformed);
            else into.addresses.push_back({octets.substr(0, half), octets.substr(half)});
            break;
        }
        case GEN_DIRNAME: into.directories.push_back(base->d.directoryName); break;
        default: into.others.insert(base->type);
        }
    }
}

void View::read_access(X509_EXTENSION* extension)
{
    const auto list = decoded<AUTHORITY_INFO_ACCESS>(extension, ASN1_ITEM_rptr(AUTHORITY_INFO_ACCESS));
    if (!list) {
        access_malformed = true;
        return;
    }
    const int count = sk_ACCESS_DESCRIPTION_num(list.get());
    access_malformed = count == 0;             // §4.2.2.1: 1..MAX
    for (int i = 0; i < count && i < 20; ++i) {
        const ACCESS_DESCRIPTION* one = sk_ACCESS_DESCRIPTION_value(list.get(), i);
        if (one->location->type != GEN_URI) continue;
        auto address = text_of(one->location->d.uniformResourceIdentifier);
        if (address.find("://") == std::string::npos) access_malformed = true;
        if (OBJ_obj2nid(one->method) == NID_ad_ca_issuers && lower(address).starts_with("http://")) issuer_addresses.push_back(std::move(address));
    }
}

void View::read_policies(X509_EXTENSION* extension)
{
    const auto list = decoded<CERTIFICATEPOLICIES>(extension, ASN1_ITEM_rptr(CERTIFICATEPOLICIES));
    if (!list || sk_POLICYINFO_num(list.get()) == 0) return add(Fault::malformed_extension);
    policies.there = true;
    for (int i = 0; i < sk_POLICYINFO_num(list.get()) && i < most_policies; ++i) {
        const ASN1_OBJECT* one = sk_POLICYINFO_value(list.get(), i)->policyid;
        if (OBJ_obj2nid(one) == NID_any_policy) policies.any = true;
        else policies.named.insert(identifier(one));
    }
}

void View::read_mappings(X509_EXTENSION* extension)
{
    const auto list = decoded<POLICY_MAPPINGS>(extension, ASN1_ITEM_rptr(POLICY_MAPPINGS));
    if (!list || sk_POLICY_MAPPING_num(list.get()) == 0) return add(Fault::malformed_extension);
    for (int i = 0; i < sk_POLICY_MAPPING_num(list.get()) && i < most_policies; ++i) {
        const POLICY_MAPPING* one = sk_POLICY_MAPPING_value(list.get(), i);
        const bool any = OBJ_obj2nid(one->issuerDomainPolicy) == NID_any_policy || OBJ_obj2nid(one->subjectDomainPolicy) == NID_any_policy;
        if (any) return add(Fault::malformed_extension);               // §6.1.4 a
        policies.mappings.emplace_back(identifier(one->issuerDomainPolicy), identifier(one->subjectDomainPolicy));
    }
}

bool View::verifies_itself() const
{
    if (!verifies_itself_) {
        EVP_PKEY* key = X509_get0_pubkey(certificate);
        verifies_itself_ = key && X509_verify(certificate, key) == 1;
        ERR_clear_error();
    }
    return *verifies_itself_;
}

}
