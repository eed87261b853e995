// Every certificate code that OpenSSL can tell, and names by RFC 9525.
#include "probe/net/judge.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/scripted_world.hpp"

#include <doctest/doctest.h>

using namespace portolan;
using namespace portolan::scripted;

namespace {

using enum VerdictCode;

const auto now = std::chrono::system_clock::from_time_t(1767225600);   // 2026-01-01T00:00:00Z

struct Court {
    explicit Court(const std::string& name = "Test")
        : root(make_authority(name + " Root", now)),
          intermediate(make_certificate({.common_name = name + " Intermediate", .to_days = 2000, .authority = true, .at = now}, &root)),
          store(X509_STORE_new(), X509_STORE_free)
    {
        X509_STORE_add_cert(store.get(), root.certificate.get());
    }
    Made root, intermediate;
    std::shared_ptr<X509_STORE> store;

    Made leaf(Recipe recipe) const
    {
        recipe.at = now;
        if (recipe.alternative_names.empty()) recipe.alternative_names = "DNS:mail.example.org";
        return make_certificate(recipe, &intermediate);
    }
    CertificateFacts judge(const std::vector<Made>& chain, std::string_view name = "mail.example.org") const
    {
        return judge_chain(pointers(chain), host(name), store.get(), now);
    }
};

using Codes = std::vector<VerdictCode>;

std::string words(const Codes& codes)
{
    std::string text;
    for (const auto code : codes) text += std::string(slug(code)) + " ";
    return text;
}

}

TEST_CASE("a good chain has no findings, and its facts are told")
{
    const Court court;
    const auto leaf = court.leaf({.alternative_names = "DNS:mail.example.org,DNS:*.example.net,IP:192.0.2.7"});
    const auto facts = court.judge({leaf, court.intermediate});
    CHECK(!facts.problem);
    CHECK(facts.findings.empty());
    CHECK(facts.subject == "CN=test");
    CHECK(facts.issuer == "CN=Test Intermediate");
    CHECK(facts.names == std::vector<std::string>{"mail.example.org", "*.example.net", "192.0.2.7"});
    CHECK(facts.not_before == "2025-12-02T00:00:00Z");
    CHECK(facts.not_after == "2026-04-01T00:00:00Z");
    CHECK(facts.key == "EC P-256");
    CHECK(facts.spki_sha256.size() == 64);
    CHECK(facts.chain == std::vector<std::string>{leaf.pem(), court.intermediate.pem()});
    CHECK(court.judge({court.leaf({.key = "RSA 2048"}), court.intermediate}).key == "RSA 2048");
    // The order of the intermediates does not matter, nor does the root in the chain (RFC 8446 §4.4.2).
    CHECK(!court.judge({leaf, court.root, court.intermediate}).problem);
}

TEST_CASE("every code, from a certificate that has this fault and no other")
{
    const Court court;
    const Court other("Unknown");
    const auto good = court.leaf({});
    const auto not_an_authority = court.leaf({.alternative_names = "DNS:ca.example.org", .common_name = "not an authority"});
    const auto constrained = make_certificate(
        {.common_name = "constrained", .to_days = 2000, .authority = true, .constraints = "permitted;DNS:example.net", .at = now},
        &court.root);
    const Recipe plain{.alternative_names = "DNS:mail.example.org", .at = now};
    struct Row { std::string description; std::vector<Made> chain; Codes findings; };
    for (const auto& [description, chain, findings] : std::vector<Row>{
             {"expired", {court.leaf({.to_days = -1}), court.intermediate}, {certificate_expired}},
             {"not yet valid", {court.leaf({.from_days = 1}), court.intermediate}, {certificate_not_yet_valid}},
             {"self-signed", {make_certificate(plain)}, {certificate_self_signed}},
             {"an authority nobody knows, with its root",
              {make_certificate(plain, &other.root), other.root},
              {certificate_untrusted_issuer}},
             {"an authority nobody knows, without its root",
              {make_certificate(plain, &other.intermediate), other.intermediate},
              {certificate_untrusted_issuer}},
             {"the intermediate is not sent", {good}, {certificate_incomplete_chain}},
             {"an RSA key of 1024 bits", {court.leaf({.key = "RSA 1024"}), court.intermediate}, {certificate_weak}},
             {"signed with SHA-1", {court.leaf({.digest = "SHA1"}), court.intermediate}, {certificate_weak}},
             {"for clients, not for servers", {court.leaf({.purpose = "clientAuth"}), court.intermediate}, {certificate_purpose}},
             {"for another name",
              {court.leaf({.alternative_names = "DNS:www.example.org"}), court.intermediate},
              {certificate_name_mismatch}},
             {"signed by somebody who may not sign",
              {make_certificate(plain, &not_an_authority), not_an_authority, court.intermediate},
              {certificate_invalid}},
             {"outside the issuer's name constraints", {make_certificate(plain, &constrained), constrained}, {certificate_invalid}},
             {"soon to expire", {court.leaf({.to_days = 13}), court.intermediate}, {certificate_expires_soon}},
             {"nothing at all", {}, {certificate_invalid}},
         }) {
        CAPTURE(description);
        const auto facts = court.judge(chain);
        CHECK(words(facts.findings) == words(findings));
        if (findings.front() == certificate_expires_soon) CHECK(!facts.problem);
        else CHECK(facts.problem == findings.front());
    }
    CHECK(!court.judge({court.leaf({.to_days = 15}), court.intermediate}).problem);
}

TEST_CASE("several faults are all found, the gravest first")
{
    const Court court;
    const auto facts = court.judge({court.leaf({.alternative_names = "DNS:www.example.org", .to_days = -3}), court.intermediate});
    CHECK(words(facts.findings) == "certificate-expired certificate-name-mismatch ");
    CHECK(facts.problem == certificate_expired);
    const auto own =
        court.judge({make_certificate({.alternative_names = "DNS:www.example.org", .to_days = -3, .key = "RSA 1024", .at = now})});
    CHECK(own.problem == certificate_self_signed);
    CHECK(words(own.findings) == "certificate-self-signed certificate-expired certificate-name-mismatch certificate-weak ");
}

TEST_CASE("the common name never counts, IP addresses only as iPAddress")
{
    const Court court;
    const auto by_cn = make_certificate({.common_name = "mail.example.org", .at = now}, &court.intermediate);
    CHECK(court.judge({by_cn, court.intermediate}).problem == certificate_name_mismatch);
    const auto beside = court.leaf({.alternative_names = "DNS:www.example.org", .common_name = "mail.example.org"});
    CHECK(court.judge({beside, court.intermediate}).problem == certificate_name_mismatch);
    const auto address = court.leaf({.alternative_names = "IP:192.0.2.7,IP:2001:db8::7"});
    CHECK(!court.judge({address, court.intermediate}, "192.0.2.7").problem);
    CHECK(!court.judge({address, court.intermediate}, "2001:db8::7").problem);
    CHECK(court.judge({address, court.intermediate}, "192.0.2.8").problem == certificate_name_mismatch);
    CHECK(court.judge({court.leaf({.alternative_names = "DNS:192.0.2.7"}), court.intermediate}, "192.0.2.7").problem ==
          certificate_name_mismatch);
}

TEST_CASE("names by RFC 9525")
{
    struct Row { const char* presented; const char* name; bool matches; };
    for (const auto& [presented, name, matches] : {
             Row{"mail.example.org", "mail.example.org", true},
             Row{"mail.example.org", "example.org", false},
             Row{"example.org", "mail.example.org", false},
             Row{"*.example.org", "mail.example.org", true},
             Row{"*.example.org", "example.org", false},
             Row{"*.example.org", "a.mail.example.org", false},
             Row{"*.mail.example.org", "a.mail.example.org", true},
             Row{"m*.example.org", "mail.example.org", false},
             Row{"*l.example.org", "mail.example.org", false},
             Row{"mail.*.org", "mail.example.org", false},
             Row{"*.*.org", "mail.example.org", false},
             Row{"*", "example", false},
             Row{"*.org", "example.org", false},
             Row{"*.co.uk", "example.co.uk", false},
             Row{"*.example.co.uk", "mail.example.co.uk", true},
             Row{"*.github.io", "a.github.io", false},
             Row{"mail.example.org.", "mail.example.org", true},
             Row{"", "mail.example.org", false},
             Row{"*.", "mail", false},
             Row{"*.xn--bcher-kva.example",
                 "mail.b\xc3\xbc"
                 "cher.example",
                 true},
             Row{"xn--bcher-kva.example",
                 "b\xc3\xbc"
                 "cher.example",
                 true},
             Row{"*.example.org", "192.0.2.1", false},
         }) {
        CAPTURE(presented);
        CAPTURE(name);
        CHECK(dns_name_matches(presented, host(name)) == matches);
    }
    const Court court;
    const auto upper = court.leaf({.alternative_names = "DNS:MAIL.Example.ORG"});
    CHECK(!court.judge({upper, court.intermediate}).problem);
}
