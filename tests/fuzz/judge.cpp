// A chain as a server presents it: certificates in DER one after another, leaf first. Every one is taken for an anchor too in half of the inputs
// (the first byte chooses), so that the whole way to an anchor is walked; the rest of the first byte chooses the name and the moment.
#include "probe/net/judge.hpp"
#include "tests/fuzz/promise.hpp"

#include <cstdint>
#include <openssl/err.h>
#include <openssl/x509_vfy.h>

using namespace portolan;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size < 2 || size > 64 * 1024) return 0;
    const auto choice = data[0];
    std::vector<X509*> chain;
    const unsigned char* at = data + 1;
    const unsigned char* const end = data + size;
    while (at < end && chain.size() < 40) {
        X509* one = d2i_X509(nullptr, &at, end - at);
        if (!one) break;
        chain.push_back(one);
    }
    X509_STORE* store = X509_STORE_new();
    if ((choice & 1) && !chain.empty()) X509_STORE_add_cert(store, chain.back());
    Question question;
    question.chain = chain;
    question.names = {choice & 2 ? PeerName{PeerKind::ip, "192.0.2.1"} : PeerName{PeerKind::dns, "mail.example.org"}};
    question.now = std::chrono::system_clock::time_point(std::chrono::seconds(choice & 4 ? 1'800'000'000 : 4'000'000'000));
    if (choice & 8) question.stapled = text_of(at, static_cast<std::size_t>(end - at));
    const auto facts = judge_chain(question, Anchors{store, true, {}});
    X509_STORE_free(store);

    promise(!chain.empty() || facts.problem.has_value(), "no certificate is no good certificate");
    promise((choice & 1) || facts.problem.has_value(), "without an anchor nothing is trusted");
    promise(!facts.accepted_by.strict || !facts.problem, "what has a problem is not accepted");
    promise(facts.names.size() <= 2000, "names have an end");
    promise(facts.chain.size() <= 30, "a chain has an end");
    for (X509* one : chain) X509_free(one);
    ERR_clear_error();
    return 0;
}
