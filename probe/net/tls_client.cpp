#include "probe/net/tls.hpp"

#include "probe/net/judge.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <cstdlib>
#include <filesystem>
#include <map>

namespace portolan {

struct TlsClient::Inner {
    SSL_CTX* context = nullptr;
    const Clock* clock = nullptr;
    Anchors anchors;
    std::vector<std::shared_ptr<X509_CRL>> lists;
    /// One server is met at many ports at once: what was judged in this second is not judged again. By chain, name and stapled response.
    std::map<std::string, CertificateFacts> judged;
    std::chrono::sys_seconds judged_in{};
    ~Inner() { SSL_CTX_free(context); }
};

namespace {

constexpr std::size_t most_judged = 32;
constexpr std::size_t largest_file = 4 * 1024 * 1024;
constexpr long largest_chain = 1024 * 1024;    // of a server: ten thousand names take 400 KiB, OpenSSL's own bound is 100

std::string text_of_file(const std::string& file)
{
    std::string text;
    if (BIO* in = BIO_new_file(file.c_str(), "r")) {
        char chunk[4096];
        for (int got; text.size() < largest_file && (got = BIO_read(in, chunk, sizeof chunk)) > 0;) text.append(chunk, static_cast<std::size_t>(got));
        BIO_free(in);
    }
    ERR_clear_error();
    return text;
}

std::string digest_of(X509* certificate)
{
    static constexpr char digits[] = "0123456789abcdef";
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    X509_digest(certificate, EVP_sha256(), digest, &size);
    std::string text;
    for (unsigned i = 0; i < size; ++i) {
        text += digits[digest[i] >> 4];
        text += digits[digest[i] & 15];
    }
    return text;
}

/// "1a2b3c4d.0", as c_rehash names the files of a folder that is looked up by subject.
bool is_hashed_name(const std::string& name)
{
    return name.size() >= 10 && name[8] == '.' && name.find_first_not_of("0123456789abcdef") == 8 &&
           name.find_first_not_of("0123456789", 9) == std::string::npos;
}

/// OpenSSL reads its file of anchors at once and looks into its folders when asked: both may be empty or missing.
bool system_has_anchors(X509_STORE* store)
{
    if (sk_X509_OBJECT_num(X509_STORE_get0_objects(store)) > 0) return true;
    const char* given = std::getenv(X509_get_default_cert_dir_env());
    std::string_view folders = given ? given : X509_get_default_cert_dir();
    while (!folders.empty()) {
        const auto colon = folders.find(':');
        std::error_code error;
        for (std::filesystem::directory_iterator at(std::filesystem::path(folders.substr(0, colon)), error), end; !error && at != end; at.increment(error))
            if (is_hashed_name(at->path().filename().string())) return true;
        folders.remove_prefix(colon == std::string_view::npos ? folders.size() : colon + 1);
    }
    return false;
}

/// Nothing is decided during the handshake: the chain is read and judged when it stands (TlsClient::judge).
int record_only(int, X509_STORE_CTX*) { return 1; }

/// All that a judgement depends on, beside the second and whom we trust.
std::string case_of(const std::vector<X509*>& chain, const Hostname& name, std::string_view stapled)
{
    std::string key(stapled);
    for (auto* certificate : chain) key += digest_of(certificate);
    return key + name.text();
}

}

std::expected<std::shared_ptr<TlsClient>, std::string> TlsClient::make(const std::vector<std::string>& ca_files, const Clock& clock)
{
    std::shared_ptr<TlsClient> client(new TlsClient);
    client->inner_ = std::make_unique<Inner>();
    auto& inner = *client->inner_;
    inner.clock = &clock;
    inner.context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_min_proto_version(inner.context, TLS1_2_VERSION);
    SSL_CTX_set_verify(inner.context, SSL_VERIFY_PEER, record_only);
    // A server with a weak key or an old signature is to be named by the judge, not lost in a handshake error.
    SSL_CTX_set_security_level(inner.context, 1);
    SSL_CTX_set_mode(inner.context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_AUTO_RETRY);
    SSL_CTX_set_options(inner.context, SSL_OP_CLEANSE_PLAINTEXT);      // what was decrypted may be an echo of the password
    SSL_CTX_set_session_cache_mode(inner.context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_max_cert_list(inner.context, largest_chain);
    SSL_CTX_set_default_verify_paths(inner.context);
    ERR_clear_error();
    inner.anchors.store = SSL_CTX_get_cert_store(inner.context);
    inner.anchors.any = system_has_anchors(inner.anchors.store);
    for (const auto& file : ca_files)
        if (!client->add_anchors(text_of_file(file))) return std::unexpected(file);
    return client;
}

TlsClient::~TlsClient() = default;

bool TlsClient::add_anchors(std::string_view pem)
{
    BIO* in = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
    if (!in) return false;
    int added = 0;
    while (X509* certificate = PEM_read_bio_X509(in, nullptr, nullptr, nullptr)) {
        if (X509_STORE_add_cert(inner_->anchors.store, certificate) == 1) ++added;
        inner_->anchors.own.insert(digest_of(certificate));
        X509_free(certificate);
    }
    BIO_free(in);
    ERR_clear_error();
    if (added > 0) inner_->anchors.any = true;
    inner_->judged.clear();
    return added > 0;
}

bool TlsClient::add_revocation_lists(const std::string& file)
{
    const auto pem = text_of_file(file);
    BIO* in = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
    if (!in) return false;
    const auto before = inner_->lists.size();
    while (X509_CRL* list = PEM_read_bio_X509_CRL(in, nullptr, nullptr, nullptr)) inner_->lists.emplace_back(list, X509_CRL_free);
    BIO_free(in);
    ERR_clear_error();
    inner_->judged.clear();
    return inner_->lists.size() > before;
}

SSL_CTX* TlsClient::context() const { return inner_->context; }

CertificateFacts TlsClient::judge(const std::vector<X509*>& chain, const Hostname& name, std::string_view stapled) const
{
    Question question;
    question.chain = chain;
    question.names = {{name.is_ip() ? PeerKind::ip : PeerKind::dns, name.text()}};
    question.now = inner_->clock->wall();
    question.stapled = stapled;
    for (const auto& list : inner_->lists) question.crls.push_back(list.get());
    const auto second = std::chrono::floor<std::chrono::seconds>(question.now);
    if (inner_->judged_in != second || inner_->judged.size() >= most_judged) inner_->judged.clear();
    inner_->judged_in = second;
    const auto [known, fresh] = inner_->judged.try_emplace(case_of(chain, name, stapled));
    if (fresh) known->second = judge_chain(question, inner_->anchors);
    return known->second;
}

}
