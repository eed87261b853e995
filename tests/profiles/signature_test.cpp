// The signed profile, verified by the openssl tool with certificates made here: root, intermediate, signer.
#include "tests/profiles/accounts.hpp"
#include "tests/profiles/process.hpp"

#include <doctest/doctest.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <initializer_list>
#include <memory>

using namespace portolan;

namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

Key make_key() { return Key(EVP_EC_gen("P-256"), EVP_PKEY_free); }

Certificate make_certificate(const char* name, EVP_PKEY* key, X509* issuer, EVP_PKEY* issuer_key, bool authority)
{
    static long serial = 1;
    Certificate made(X509_new(), X509_free);
    X509_set_version(made.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(made.get()), serial++);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), 86400);
    X509_set_pubkey(made.get(), key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(name), -1, -1,
                               0);
    X509_set_issuer_name(made.get(), X509_get_subject_name(issuer ? issuer : made.get()));
    for (const auto& [nid, value] : {std::pair(NID_basic_constraints, authority ? "critical,CA:TRUE" : "critical,CA:FALSE"),
                                     std::pair(NID_key_usage, authority ? "critical,keyCertSign" : "critical,digitalSignature")}) {
        X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value);
        REQUIRE(extension);
        X509_add_ext(made.get(), extension, -1);
        X509_EXTENSION_free(extension);
    }
    REQUIRE(X509_sign(made.get(), issuer_key, EVP_sha256()) > 0);
    return made;
}

template <class Write>
std::string pem_of(Write write)
{
    const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), BIO_free);
    REQUIRE(write(out.get()) == 1);
    char* data = nullptr;
    const long size = BIO_get_mem_data(out.get(), &data);
    return std::string(data, static_cast<std::size_t>(size));
}

std::string pem_of(X509* certificate)
{
    return pem_of([&](BIO* out) { return PEM_write_bio_X509(out, certificate); });
}

struct Signers {
    std::string root, intermediate, certificate, key, encrypted_key, other_key;
};

const Signers& signers()
{
    static const Signers made = [] {
        const auto root_key = make_key(), middle_key = make_key(), key = make_key(), other = make_key();
        const auto root = make_certificate("Test root", root_key.get(), nullptr, root_key.get(), true);
        const auto middle = make_certificate("Test intermediate", middle_key.get(), root.get(), root_key.get(), true);
        const auto leaf = make_certificate("Test signer", key.get(), middle.get(), middle_key.get(), false);
        const auto plain = [](EVP_PKEY* secret) {
            return pem_of([&](BIO* out) { return PEM_write_bio_PrivateKey(out, secret, nullptr, nullptr, 0, nullptr, nullptr); });
        };
        unsigned char phrase[] = "phrase";
        return Signers{
            pem_of(root.get()),
            pem_of(middle.get()),
            pem_of(leaf.get()),
            plain(key.get()),
            pem_of([&](BIO* out) { return PEM_write_bio_PrivateKey(out, key.get(), EVP_aes_128_cbc(), phrase, 6, nullptr, nullptr); }),
            plain(other.get())};
    }();
    return made;
}

SigningKey signing_key() { return {signers().certificate, signers().key, signers().intermediate}; }

Written<std::vector<WrittenFile>> sign(SigningKey key)
{
    WriteOptions options;
    options.sign = std::move(key);
    auto account = imap_account();
    account.name = "Jürgen <\"x\"> & Söhne";
    return write_apple(account, options);
}

std::string unsigned_text()
{
    auto account = imap_account();
    account.name = "Jürgen <\"x\"> & Söhne";
    const auto files = write_apple(account, {});
    REQUIRE(files);
    return content_of(*files, ".mobileconfig");
}

Finished verify(const TemporaryFolder& folder, const std::string& profile, const std::string& inner)
{
    return run_program({"openssl", "cms", "-verify", "-binary", "-inform", "DER", "-CAfile", folder.file("root.pem", signers().root),
                        "-purpose", "any", "-in", profile, "-out", inner});
}

}

TEST_CASE("openssl verifies a signed profile up to the root, and what is inside is the unsigned profile")
{
    const TemporaryFolder folder;
    for (const auto& key : {signing_key(), SigningKey{signers().certificate + signers().intermediate, signers().key, ""}}) {
        const auto files = sign(key);
        REQUIRE(files);
        REQUIRE(files->size() == 1);
        CHECK(files->front().path == "apple/jane@example.org.mobileconfig");
        const auto inner = (folder.path() / "inner").string();
        const auto result = verify(folder, folder.file("signed.mobileconfig", files->front().content), inner);
        CHECK_MESSAGE(result.status == 0, result.output);
        CHECK(read_whole(inner) == unsigned_text());
    }
}

TEST_CASE("one changed byte of a signed profile, or a missing intermediate, is noticed")
{
    const TemporaryFolder folder;
    const auto files = sign(signing_key());
    REQUIRE(files);
    auto forged = files->front().content;
    const auto place = forged.find("mail.example.org");
    REQUIRE(place != std::string::npos);
    forged[place] = 'n';
    CHECK(verify(folder, folder.file("forged", forged), (folder.path() / "inner").string()).status != 0);
    auto short_key = signing_key();
    short_key.chain_pem.clear();
    const auto unchained = sign(short_key);
    REQUIRE(unchained);
    CHECK(verify(folder, folder.file("unchained", unchained->front().content), (folder.path() / "inner").string()).status != 0);
}

TEST_CASE("a signed profile is DER signed data with the content attached, SHA-256 and both certificates")
{
    const TemporaryFolder folder;
    const auto files = sign(signing_key());
    REQUIRE(files);
    const auto path = folder.file("signed.mobileconfig", files->front().content);
    const auto printed = run_program({"openssl", "cms", "-cmsout", "-print", "-inform", "DER", "-in", path});
    REQUIRE(printed.status == 0);
    CHECK(printed.output.find("pkcs7-signedData (1.2.840.113549.1.7.2)") != std::string::npos);
    CHECK(printed.output.find("eContentType: pkcs7-data") != std::string::npos);
    CHECK(printed.output.find("sha256") != std::string::npos);
    CHECK(printed.output.find("CN=Test signer") != std::string::npos);
    CHECK(printed.output.find("CN=Test intermediate") != std::string::npos);
    CHECK(files->front().content.find("PRIVATE KEY") == std::string::npos);
}

TEST_CASE("a signing key that cannot be used is refused by the part at fault")
{
    const auto broken = std::string("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    struct Row {
        const char* what;
        SigningKey key;
        std::string_view field;
    };
    for (const auto& [what, key, field] : std::initializer_list<Row>{
             {"no certificate", {"", signers().key, ""}, "certificate"},
             {"text instead of a certificate", {"hello", signers().key, ""}, "certificate"},
             {"a broken certificate", {broken, signers().key, ""}, "certificate"},
             {"a broken certificate behind a good one", {signers().certificate + broken, signers().key, ""}, "certificate"},
             {"no key", {signers().certificate, "", ""}, "key"},
             {"a certificate instead of a key", {signers().certificate, signers().certificate, ""}, "key"},
             {"the key of another certificate", {signers().certificate, signers().other_key, ""}, "key"},
             {"a key behind a passphrase", {signers().certificate, signers().encrypted_key, ""}, "key"},
             {"text instead of a chain", {signers().certificate, signers().key, "hello"}, "chain"},
             {"a broken chain", {signers().certificate, signers().key, signers().intermediate + broken}, "chain"}}) {
        CAPTURE(what);
        const auto files = sign(key);
        REQUIRE(!files);
        CHECK(files.error().problem == WriteProblem::bad_signing_key);
        CHECK(files.error().field == field);
    }
}
