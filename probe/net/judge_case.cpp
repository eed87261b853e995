#include "probe/net/judge_case.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

namespace portolan {

namespace {

template <class T, class Read, class Free>
std::shared_ptr<T> from_pem(const std::string& text, Read read, Free release)
{
    BIO* in = BIO_new_mem_buf(text.data(), static_cast<int>(text.size()));
    T* one = in ? read(in, nullptr, nullptr, nullptr) : nullptr;
    BIO_free(in);
    ERR_clear_error();
    if (!one) return nullptr;
    return {one, release};
}

std::shared_ptr<X509> certificate_from(const std::string& text) { return from_pem<X509>(text, PEM_read_bio_X509, X509_free); }

}

std::expected<CertificateFacts, std::string> judge_case(const JudgeCase& one)
{
    std::vector<std::shared_ptr<X509>> held;
    const auto hold = [&](const std::string& pem) {
        held.push_back(certificate_from(pem));
        return held.back().get();
    };
    Question question;
    if (X509* leaf = hold(one.leaf)) question.chain.push_back(leaf);
    else return std::unexpected("leaf-unreadable");
    for (const auto& pem : one.others)
        if (X509* other = hold(pem)) question.chain.push_back(other);
    const std::shared_ptr<X509_STORE> store(X509_STORE_new(), X509_STORE_free);
    for (const auto& pem : one.anchors) {
        X509* anchor = hold(pem);
        if (!anchor) return std::unexpected("anchor-unreadable");
        X509_STORE_add_cert(store.get(), anchor);
    }
    std::vector<std::shared_ptr<X509_CRL>> lists;
    for (const auto& pem : one.lists) {
        lists.push_back(from_pem<X509_CRL>(pem, PEM_read_bio_X509_CRL, X509_CRL_free));
        if (!lists.back()) return std::unexpected("list-unreadable");
        question.crls.push_back(lists.back().get());
    }
    question.names = one.names;
    question.now = one.now;
    question.purpose = one.purpose;
    question.needs_digital_signature = one.needs_digital_signature;
    question.max_depth = one.max_depth;
    ERR_clear_error();
    return judge_chain(question, {.store = store.get(), .any = !one.anchors.empty(), .own = {}});
}

}
