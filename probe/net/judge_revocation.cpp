#include "probe/net/judge_revocation.hpp"

#include <openssl/err.h>
#include <openssl/ocsp.h>

namespace portolan {

namespace {

std::time_t moment_of(const ASN1_TIME* time)
{
    std::tm parts{};
    return time && ASN1_TIME_to_tm(time, &parts) == 1 ? timegm(&parts) : 0;
}

std::time_t now_of(const Question& question) { return std::chrono::system_clock::to_time_t(question.now); }

/// A list for some certificates only (§5.2.5): who stands on it is revoked, who does not may stand on another.
bool covers_a_part(X509_CRL* list) { return X509_CRL_get_ext_by_NID(list, NID_issuing_distribution_point, -1) >= 0; }

/// RFC 5280 §5.2: the number is there and not critical, and nothing critical is unknown; deltas (§5.2.4) are left alone.
bool extensions_in_order(X509_CRL* list)
{
    bool numbered = false;
    for (int i = 0; i < X509_CRL_get_ext_count(list) && i < 100; ++i) {
        X509_EXTENSION* extension = X509_CRL_get_ext(list, i);
        const int kind = OBJ_obj2nid(X509_EXTENSION_get_object(extension));
        if (kind == NID_crl_number) numbered = true;
        if (X509_EXTENSION_get_critical(extension) != 0 && kind != NID_issuing_distribution_point) return false;
    }
    return numbered;
}

bool reliable(X509_CRL* list, const View& issuer, const Question& question)
{
    if (issuer.has_key_usage && (issuer.key_usage & KU_CRL_SIGN) == 0) return false;       // §6.3.3 f
    const auto now = now_of(question);
    const auto from = moment_of(X509_CRL_get0_lastUpdate(list)), until = moment_of(X509_CRL_get0_nextUpdate(list));
    if (from == 0 || from > now || until == 0 || until < now) return false;
    if (!extensions_in_order(list)) return false;
    EVP_PKEY* key = X509_get0_pubkey(issuer.certificate);
    const bool good = key && X509_CRL_verify(list, key) == 1;
    ERR_clear_error();
    return good;
}

}

ListAnswer ask_lists(const View& certificate, const View& issuer, const Question& question)
{
    auto answer = ListAnswer::nothing_known;
    for (X509_CRL* list : question.crls) {
        if (X509_NAME_cmp(X509_CRL_get_issuer(list), X509_get_issuer_name(certificate.certificate)) != 0) continue;
        if (!reliable(list, issuer, question)) {
            if (answer == ListAnswer::nothing_known) answer = ListAnswer::unusable;
            continue;
        }
        X509_REVOKED* entry = nullptr;
        if (X509_CRL_get0_by_serial(list, &entry, X509_get_serialNumber(certificate.certificate)) == 1) return ListAnswer::listed;
        if (!covers_a_part(list)) answer = ListAnswer::not_listed;
    }
    return answer;
}

StapledAnswer ask_staple(const View& leaf, const View& issuer, const Question& question)
{
    StapledAnswer answer;
    if (question.stapled.empty() || question.stapled.size() > 64 * 1024) return answer;
    const auto* at = reinterpret_cast<const unsigned char*>(question.stapled.data());
    OCSP_RESPONSE* response = d2i_OCSP_RESPONSE(nullptr, &at, static_cast<long>(question.stapled.size()));
    OCSP_BASICRESP* basic = response && OCSP_response_status(response) == OCSP_RESPONSE_STATUS_SUCCESSFUL ? OCSP_response_get1_basic(response)
                                                                                                          : nullptr;
    // The issuer alone is trusted to answer, or to have appointed who does (RFC 6960 §4.2.2.2).
    X509_STORE* store = X509_STORE_new();
    X509_STORE_add_cert(store, issuer.certificate);
    X509_VERIFY_PARAM* rules = X509_STORE_get0_param(store);
    X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_PARTIAL_CHAIN);
    X509_VERIFY_PARAM_set_time(rules, now_of(question));
    STACK_OF(X509)* known = sk_X509_new_null();
    sk_X509_push(known, issuer.certificate);
    if (basic && OCSP_basic_verify(basic, known, store, 0) == 1) {
        // A responder may name the certificate by another digest than SHA-1.
        for (int i = 0; i < OCSP_resp_count(basic) && i < 16; ++i) {
            OCSP_SINGLERESP* one = OCSP_resp_get0(basic, i);
            const OCSP_CERTID* theirs = OCSP_SINGLERESP_get0_id(one);
            ASN1_OBJECT* digest = nullptr;
            OCSP_id_get0_info(nullptr, &digest, nullptr, nullptr, const_cast<OCSP_CERTID*>(theirs));
            const EVP_MD* method = EVP_get_digestbyobj(digest);
            OCSP_CERTID* ours = method ? OCSP_cert_to_id(method, leaf.certificate, issuer.certificate) : nullptr;
            const bool same = ours && OCSP_id_cmp(ours, theirs) == 0;
            OCSP_CERTID_free(ours);
            if (!same) continue;
            int reason = 0;
            ASN1_GENERALIZEDTIME *revoked = nullptr, *from = nullptr, *until = nullptr;
            const int status = OCSP_single_get0_status(one, &reason, &revoked, &from, &until);
            answer.this_update = moment_of(from);
            const bool current = answer.this_update <= now_of(question) + 300 && (!until || moment_of(until) >= now_of(question));
            if (status == V_OCSP_CERTSTATUS_REVOKED) answer.status = Revocation::revoked;  // nobody takes a revocation back
            else if (status == V_OCSP_CERTSTATUS_GOOD && current) answer.status = Revocation::good;
            break;
        }
    }
    sk_X509_free(known);
    X509_STORE_free(store);
    OCSP_BASICRESP_free(basic);
    OCSP_RESPONSE_free(response);
    ERR_clear_error();
    return answer;
}

}
