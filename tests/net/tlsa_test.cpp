// TLSA records beside chains, each usage, selector and matching type (RFC 6698 §2.1).
#include "probe/net/tlsa.hpp"
#include "tests/support/certificates.hpp"

#include <doctest/doctest.h>

#include <openssl/evp.h>

using namespace portolan;
using namespace portolan::scripted;

namespace {

std::string whole(const Made& made)
{
    unsigned char* der = nullptr;
    const int size = i2d_X509(made.certificate.get(), &der);
    std::string text(reinterpret_cast<char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    return text;
}

std::string key(const Made& made)
{
    unsigned char* der = nullptr;
    const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(made.certificate.get()), &der);
    std::string text(reinterpret_cast<char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    return text;
}

std::string digest(const std::string& octets, const EVP_MD* method)
{
    unsigned char out[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    EVP_Digest(octets.data(), octets.size(), out, &size, method, nullptr);
    return std::string(reinterpret_cast<char*>(out), size);
}

}

TEST_CASE("a record matches what it names, and only that")
{
    const auto root = make_authority("root");
    const auto issuer = make_certificate({.common_name = "issuer", .authority = true}, &root);
    const auto leaf = make_certificate({.alternative_names = "DNS:mail.example.org"}, &issuer);
    const std::vector<std::string> chain{leaf.pem(), issuer.pem()};
    const auto sha256 = [](const std::string& octets) { return digest(octets, EVP_sha256()); };
    using enum TlsaMatch;
    const struct {
        std::string_view name;
        std::vector<TlsaRecord> records;
        TlsaMatch expected;
    } rows[] = {{"nothing", {}, undecided},
                {"3 0 0", {{3, 0, 0, whole(leaf)}}, matches},
                {"3 0 1", {{3, 0, 1, sha256(whole(leaf))}}, matches},
                {"3 1 1", {{3, 1, 1, sha256(key(leaf))}}, matches},
                {"3 1 2", {{3, 1, 2, digest(key(leaf), EVP_sha512())}}, matches},
                {"1 1 1", {{1, 1, 1, sha256(key(leaf))}}, matches},
                {"2 1 1 of the issuer", {{2, 1, 1, sha256(key(issuer))}}, matches},
                {"0 0 1 of the issuer", {{0, 0, 1, sha256(whole(issuer))}}, matches},
                {"3 1 1 of the issuer", {{3, 1, 1, sha256(key(issuer))}}, differs},
                {"2 1 1 of the leaf", {{2, 1, 1, sha256(key(leaf))}}, differs},
                {"2 1 1 of a root that was not sent", {{2, 1, 1, sha256(key(root))}}, differs},
                {"0 1 1 of a root that was not sent", {{0, 1, 1, sha256(key(root))}}, undecided},
                {"another key", {{3, 1, 1, std::string(32, 'x')}}, differs},
                {"the key for the certificate", {{3, 0, 1, sha256(key(leaf))}}, differs},
                {"one of two", {{3, 1, 1, std::string(32, 'x')}, {3, 1, 1, sha256(key(leaf))}}, matches},
                {"a usage that nobody knows", {{4, 1, 1, std::string(32, 'x')}}, undecided},
                {"a selector that nobody knows", {{3, 2, 1, std::string(32, 'x')}}, undecided},
                {"a digest that nobody knows", {{3, 1, 3, std::string(32, 'x')}}, undecided},
                {"a digest of the wrong size", {{3, 1, 1, std::string(31, 'x')}}, undecided}};
    for (const auto& row : rows) {
        CAPTURE(row.name);
        CHECK(match_tlsa(row.records, chain) == row.expected);
        CHECK(match_tlsa(row.records, {}) == undecided);
        CHECK(match_tlsa(row.records, {"no certificate"}) == undecided);
    }
}

TEST_CASE("a record is quoted as it stands in a zone, and not without end")
{
    CHECK(text_of(TlsaRecord{3, 1, 1, "\x01\xab"}) == "3 1 1 01ab");
    CHECK(text_of(TlsaRecord{3, 1, 0, std::string(1000, '\x57')}).size() < 50);
}
