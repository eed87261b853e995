#include "probe/net/tls.hpp"

#include "probe/net/judge.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

namespace portolan {

struct TlsClient::Inner {
    SSL_CTX* context = nullptr;
    const Clock* clock = nullptr;
    ~Inner() { SSL_CTX_free(context); }
};

namespace {

/// Nothing is decided during the handshake: the chain is read and judged when it stands (TlsClient::judge).
int record_only(int, X509_STORE_CTX*) { return 1; }

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
    SSL_CTX_set_session_cache_mode(inner.context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_default_verify_paths(inner.context);
    ERR_clear_error();
    for (const auto& file : ca_files) {
        BIO* in = BIO_new_file(file.c_str(), "r");
        std::string pem;
        if (in) {
            char chunk[4096];
            for (int got; pem.size() < 4 * 1024 * 1024 && (got = BIO_read(in, chunk, sizeof chunk)) > 0;) pem.append(chunk, static_cast<std::size_t>(got));
            BIO_free(in);
        }
        ERR_clear_error();
        if (!client->add_anchors(pem)) return std::unexpected(file);
    }
    return client;
}

TlsClient::~TlsClient() = default;

bool TlsClient::add_anchors(std::string_view pem)
{
    BIO* in = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
    if (!in) return false;
    int added = 0;
    while (X509* certificate = PEM_read_bio_X509(in, nullptr, nullptr, nullptr)) {
        if (X509_STORE_add_cert(SSL_CTX_get_cert_store(inner_->context), certificate) == 1) ++added;
        X509_free(certificate);
    }
    BIO_free(in);
    ERR_clear_error();
    return added > 0;
}

SSL_CTX* TlsClient::context() const { return inner_->context; }

CertificateFacts TlsClient::judge(const std::vector<X509*>& chain, const Hostname& name) const
{
    return judge_chain(chain, name, SSL_CTX_get_cert_store(inner_->context), inner_->clock->wall());
}

}
