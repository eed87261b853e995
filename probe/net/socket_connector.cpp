// Real sockets. TLS is put on an open connection in place, so that implicit TLS and STARTTLS take the same path.
#include "probe/net/connector.hpp"
#include "probe/net/kernel_facts.hpp"

#include <boost/asio/ssl/error.hpp>
#include <boost/asio/write.hpp>

#include <openssl/err.h>
#include <openssl/ssl.h>

namespace portolan {

namespace {

Cause cause_of(const boost::system::error_code& error, Cause otherwise)
{
    if (error == asio::error::operation_aborted) return Cause::cancelled;
    if (error == asio::error::connection_refused) return Cause::refused;
    if (error == asio::error::connection_reset || error == asio::error::broken_pipe || error == asio::error::connection_aborted) return Cause::reset;
    if (error == asio::error::eof) return Cause::closed;
    if (error == asio::error::timed_out) return Cause::timed_out;
    if (error == asio::error::network_unreachable || error == asio::error::host_unreachable || error == asio::error::address_family_not_supported || error == asio::error::network_down ||
        error == boost::system::errc::address_not_available || error == asio::error::access_denied || error == boost::system::errc::operation_not_permitted)
        return Cause::unreachable;
    return otherwise;
}

/// TLS over a socket by memory BIOs: the bytes on the wire stay in our hands, so that "this is no TLS" can be told from a broken handshake.
class SocketStream : public Stream {
public:
    SocketStream(asio::ip::tcp::socket socket, IpEndpoint peer, std::shared_ptr<TlsClient> tls) : socket_(std::move(socket)), peer_(std::move(peer)), tls_(std::move(tls)) {}
    ~SocketStream() override { SSL_free(ssl_); }

    Task<Outcome<std::size_t>> read_some(std::span<char> buffer) override
    {
        if (!ssl_) co_return co_await receive(buffer, Stage::request);
        for (;;) {
            ERR_clear_error();
            const int got = SSL_read(ssl_, buffer.data(), static_cast<int>(std::min<std::size_t>(buffer.size(), 1 << 20)));
            if (got > 0) co_return static_cast<std::size_t>(got);
            const int error = SSL_get_error(ssl_, got);
            if (error == SSL_ERROR_ZERO_RETURN) co_return failed(Stage::request, Cause::closed);
            if (error != SSL_ERROR_WANT_READ) co_return failed(Stage::request, Cause::broke_protocol, tls_words());
            if (auto flushed = co_await flush(); !flushed) co_return std::unexpected(flushed.error());
            if (auto fed = co_await feed(Stage::request); !fed) co_return std::unexpected(fed.error());
        }
    }

    Task<Outcome<void>> write_all(std::string_view bytes) override
    {
        if (!ssl_) co_return co_await send(bytes);
        while (!bytes.empty()) {
            ERR_clear_error();
            const int put = SSL_write(ssl_, bytes.data(), static_cast<int>(std::min<std::size_t>(bytes.size(), 1 << 20)));
            if (put > 0) {
                bytes.remove_prefix(static_cast<std::size_t>(put));
                continue;
            }
            if (SSL_get_error(ssl_, put) != SSL_ERROR_WANT_READ) co_return failed(Stage::request, Cause::broke_protocol, tls_words());
            if (auto flushed = co_await flush(); !flushed) co_return flushed;
            if (auto fed = co_await feed(Stage::request); !fed) co_return fed;
        }
        co_return co_await flush();
    }

    Task<Outcome<TlsFacts>> start_tls(const Hostname& name) override
    {
        ssl_ = SSL_new(tls_->context());
        incoming_ = BIO_new(BIO_s_mem());
        outgoing_ = BIO_new(BIO_s_mem());
        SSL_set_bio(ssl_, incoming_, outgoing_);
        SSL_set_connect_state(ssl_);
        if (!name.is_ip()) SSL_set_tlsext_host_name(ssl_, name.text().c_str());
        for (;;) {
            ERR_clear_error();
            const int done = SSL_do_handshake(ssl_);
            const int error = done == 1 ? SSL_ERROR_NONE : SSL_get_error(ssl_, done);
            const auto words = error == SSL_ERROR_SSL ? tls_words() : std::string();
            const auto why = error == SSL_ERROR_SSL ? handshake_cause() : Cause::tls_failed;
            if (auto flushed = co_await flush(); !flushed) co_return std::unexpected(Failure{Stage::tls, flushed.error().cause, {}});
            if (done == 1) break;
            if (error != SSL_ERROR_WANT_READ) co_return failed(Stage::tls, why, words);
            if (auto fed = co_await feed(Stage::tls); !fed) co_return std::unexpected(fed.error());
            // The first octet of a TLS record is 20..24 (RFC 8446 §5.1); anything else is somebody speaking plain text.
            if (first_octet_ && (*first_octet_ < 20 || *first_octet_ > 24)) co_return failed(Stage::tls, Cause::tls_not_spoken, first_bytes_);
        }
        co_return facts(name);
    }

    void close() override
    {
        boost::system::error_code ignored;
        socket_.close(ignored);
    }

    IpEndpoint peer() const override { return peer_; }
    PathFacts path() const override { return path_facts(const_cast<asio::ip::tcp::socket&>(socket_).native_handle()); }

private:
    static std::unexpected<Failure> failed(Stage stage, Cause cause, std::string reply = {}) { return std::unexpected(Failure{stage, cause, std::move(reply)}); }

    static std::string tls_words()
    {
        const auto code = ERR_peek_error();
        if (code == 0) return {};
        const char* reason = ERR_reason_error_string(code);
        return reason ? reason : "";
    }

    static Cause handshake_cause()
    {
        switch (ERR_GET_REASON(ERR_peek_error())) {
        case SSL_R_WRONG_VERSION_NUMBER:
        case SSL_R_HTTP_REQUEST: return Cause::tls_not_spoken;
        case SSL_R_UNSUPPORTED_PROTOCOL:
        case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
        case SSL_R_VERSION_TOO_LOW: return Cause::tls_version;
        default: return Cause::tls_failed;
        }
    }

    TlsFacts facts(const Hostname& name) const
    {
        TlsFacts seen;
        seen.version = SSL_get_version(ssl_);
        if (const char* cipher = SSL_get_cipher_name(ssl_)) seen.cipher = cipher;
        std::vector<X509*> chain;
        if (const STACK_OF(X509)* presented = SSL_get_peer_cert_chain(ssl_))
            for (int i = 0; i < sk_X509_num(presented) && i < 30; ++i) chain.push_back(sk_X509_value(presented, i));
        seen.certificate = tls_->judge(chain, name);
        return seen;
    }

    Task<Outcome<std::size_t>> receive(std::span<char> buffer, Stage stage)
    {
        co_await asio::this_coro::throw_if_cancelled(false);
        if (co_await was_cancelled()) co_return failed(stage, Cause::cancelled);
        const auto [error, got] = co_await socket_.async_read_some(asio::buffer(buffer.data(), buffer.size()), asio::as_tuple(asio::use_awaitable));
        if (error) co_return failed(stage, cause_of(error, Cause::closed));
        co_return got;
    }

    Task<Outcome<void>> send(std::string_view bytes)
    {
        co_await asio::this_coro::throw_if_cancelled(false);
        if (co_await was_cancelled()) co_return failed(Stage::request, Cause::cancelled);
        const auto [error, put] = co_await asio::async_write(socket_, asio::buffer(bytes), asio::as_tuple(asio::use_awaitable));
        if (error) co_return failed(Stage::request, cause_of(error, Cause::reset));
        co_return Outcome<void>{};
    }

    Task<Outcome<void>> flush()
    {
        char* data = nullptr;
        const long size = BIO_get_mem_data(outgoing_, &data);
        if (size <= 0) co_return Outcome<void>{};
        const std::string bytes(data, static_cast<std::size_t>(size));
        (void)BIO_reset(outgoing_);
        co_return co_await send(bytes);
    }

    Task<Outcome<void>> feed(Stage stage)
    {
        std::array<char, 8192> chunk;
        auto got = co_await receive(chunk, stage);
        if (!got) co_return std::unexpected(got.error());
        if (!first_octet_) {
            first_octet_ = static_cast<unsigned char>(chunk[0]);
            first_bytes_.assign(chunk.data(), std::min<std::size_t>(*got, 200));
        }
        BIO_write(incoming_, chunk.data(), static_cast<int>(*got));
        co_return Outcome<void>{};
    }

    asio::ip::tcp::socket socket_;
    IpEndpoint peer_;
    std::shared_ptr<TlsClient> tls_;
    SSL* ssl_ = nullptr;
    BIO* incoming_ = nullptr;                  // both belong to ssl_
    BIO* outgoing_ = nullptr;
    std::optional<unsigned char> first_octet_;
    std::string first_bytes_;
};

class SocketConnector : public Connector {
public:
    SocketConnector(std::shared_ptr<TlsClient> tls, std::function<IpEndpoint(IpEndpoint)> redirect) : tls_(std::move(tls)), redirect_(std::move(redirect)) {}

    Task<Outcome<std::unique_ptr<Stream>>> connect(IpEndpoint to) override { return connect(std::move(to), 0); }

    Task<Outcome<std::unique_ptr<Stream>>> connect_with_small_segments(IpEndpoint to) override { return connect(std::move(to), small_segment); }

    bool has_way(const IpAddress& address) const override { return knows_way(address); }

    IpEndpoint route(IpEndpoint to) const override { return redirect_ ? redirect_(to) : to; }

private:
    Task<Outcome<std::unique_ptr<Stream>>> connect(IpEndpoint to, int segment)
    {
        co_await asio::this_coro::throw_if_cancelled(false);
        if (co_await was_cancelled()) co_return std::unexpected(Failure{Stage::connect, Cause::cancelled, {}});
        const auto where = route(to);
        asio::ip::tcp::socket socket(co_await asio::this_coro::executor);
        boost::system::error_code opened;
        socket.open(where.protocol(), opened);
        if (opened) co_return std::unexpected(Failure{Stage::connect, cause_of(opened, Cause::unreachable), {}});
        if (segment) limit_segments(socket.native_handle(), segment);
        keep_icmp(socket.native_handle(), where.address().is_v6(), true);
        const auto [error] = co_await socket.async_connect(where, asio::as_tuple(asio::use_awaitable));
        if (error) {
            Failure failure{Stage::connect, cause_of(error, Cause::unreachable), {}};
            if (auto said = read_icmp(socket.native_handle(), where.address().is_v6()); said && said->prohibits && failure.cause == Cause::unreachable) {
                failure.detail = Detail::firewall_prohibits;
                failure.reply = said->from;
            }
            co_return std::unexpected(std::move(failure));
        }
        keep_icmp(socket.native_handle(), where.address().is_v6(), false);
        boost::system::error_code ignored;
        socket.set_option(asio::ip::tcp::no_delay(true), ignored);
        co_return std::make_unique<SocketStream>(std::move(socket), to, tls_);
    }

    /// Every host has to take datagrams of 576 octets (RFC 1122 §3.3.2), so every way lets them through.
    static constexpr int small_segment = 536;
    std::shared_ptr<TlsClient> tls_;
    std::function<IpEndpoint(IpEndpoint)> redirect_;
};

}

std::unique_ptr<Connector> make_socket_connector(std::shared_ptr<TlsClient> tls, std::function<IpEndpoint(IpEndpoint)> redirect)
{
    return std::make_unique<SocketConnector>(std::move(tls), std::move(redirect));
}

}
