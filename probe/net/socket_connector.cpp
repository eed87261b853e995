// Real sockets. TLS is put on an open connection in place, so that implicit TLS and STARTTLS take the same path.
#include "probe/net/connector.hpp"
#include "probe/net/kernel_facts.hpp"
#include "probe/net/tls_words.hpp"

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
            if (error != SSL_ERROR_WANT_READ) co_return std::unexpected(broken());
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
            if (SSL_get_error(ssl_, put) != SSL_ERROR_WANT_READ) co_return std::unexpected(broken());
            if (auto flushed = co_await flush(); !flushed) co_return flushed;
            if (auto fed = co_await feed(Stage::request); !fed) co_return fed;
        }
        auto flushed = co_await flush();
        // A server that wanted a certificate may have said so and gone before this was written.
        const bool said_more = !flushed && certificate_wanted_ && flushed.error().cause != Cause::cancelled;
        if (said_more) co_return std::unexpected(co_await last_words(flushed.error()));
        co_return flushed;
    }

    Task<Outcome<TlsFacts>> start_tls(const Hostname& name) override
    {
        ssl_ = SSL_new(tls_->context());
        incoming_ = BIO_new(BIO_s_mem());
        outgoing_ = BIO_new(BIO_s_mem());
        SSL_set_bio(ssl_, incoming_, outgoing_);
        SSL_set_connect_state(ssl_);
        if (!name.is_ip()) SSL_set_tlsext_host_name(ssl_, name.text().c_str());
        SSL_set_tlsext_status_type(ssl_, TLSEXT_STATUSTYPE_ocsp);      // a stapled answer, if the server has one (RFC 6066 §8)
        SSL_set_app_data(ssl_, this);
        SSL_set_info_callback(ssl_, note_alert);
        SSL_set_cert_cb(ssl_, note_request, this);
        for (;;) {
            ERR_clear_error();
            const int done = SSL_do_handshake(ssl_);
            const int error = done == 1 ? SSL_ERROR_NONE : SSL_get_error(ssl_, done);
            const auto why = error == SSL_ERROR_SSL ? refusal() : Failure{Stage::tls, Cause::tls_failed};
            if (auto flushed = co_await flush(); !flushed) co_return std::unexpected(Failure{Stage::tls, flushed.error().cause, {}});
            if (done == 1) break;
            if (error != SSL_ERROR_WANT_READ) co_return std::unexpected(why);
            if (auto fed = co_await feed(Stage::tls); !fed) co_return std::unexpected(fed.error());
            if (const auto answer = read_first_answer(first_bytes_); answer && answer->version == "SSLv2")
                co_return failed(Stage::tls, Cause::tls_version, answer->version);
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

    /// Alerts that end something; a warning (RFC 5246 §7.2) may stand in a handshake that ends well.
    static void note_alert(const SSL* ssl, int where, int what)
    {
        if ((where & SSL_CB_READ) != 0 && (where & SSL_CB_ALERT) != 0 && (what >> 8) == SSL3_AL_FATAL)
            static_cast<SocketStream*>(SSL_get_app_data(ssl))->alert_ = what & 0xff;
    }

    /// The server asks for a client certificate. There is none; whether it insists shows later.
    static int note_request(SSL*, void* stream)
    {
        static_cast<SocketStream*>(stream)->certificate_wanted_ = true;
        return 1;
    }

    /// An alert of the server's, or nothing. 116 says it outright; older versions say "handshake_failure" or "bad_certificate".
    std::optional<Failure> told_by_alert() const
    {
        if (!alert_) return std::nullopt;
        const bool wants = *alert_ == SSL_AD_CERTIFICATE_REQUIRED ||
                           (certificate_wanted_ && (*alert_ == SSL_AD_HANDSHAKE_FAILURE || *alert_ == SSL_AD_BAD_CERTIFICATE ||
                                                    *alert_ == SSL_AD_CERTIFICATE_UNKNOWN || *alert_ == SSL_AD_ACCESS_DENIED));
        return Failure{Stage::tls, Cause::tls_failed, alert_name(*alert_), wants ? Detail::client_certificate_wanted : Detail::alert};
    }

    /// Why the handshake ended: the server's alert, the version or suite that it chose, or our own words.
    Failure refusal() const
    {
        const auto answer = read_first_answer(first_bytes_);
        const int reason = ERR_GET_REASON(ERR_peek_error());
        if (alert_ == SSL_AD_PROTOCOL_VERSION) return {Stage::tls, Cause::tls_version, alert_name(SSL_AD_PROTOCOL_VERSION)};
        if (answer && answer->too_old) return {Stage::tls, Cause::tls_version, answer->version};
        if (reason == SSL_R_UNSUPPORTED_PROTOCOL || reason == SSL_R_VERSION_TOO_LOW) return {Stage::tls, Cause::tls_version, tls_words()};
        if (answer && answer->broken_suite) return {Stage::tls, Cause::tls_failed, answer->suite, Detail::weak_cipher};
        if (auto told = told_by_alert()) return *told;
        const bool plain = reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_HTTP_REQUEST;
        return {Stage::tls, plain ? Cause::tls_not_spoken : Cause::tls_failed, tls_words()};
    }

    /// After a good handshake. TLS 1.3 servers look at the client's certificate only then (RFC 8446 §4.4.2.4); an alert about a record of
    /// ours says that it did not arrive as it was sent.
    Failure broken() const
    {
        static constexpr std::array about_records{SSL_AD_BAD_RECORD_MAC,    SSL_AD_DECRYPTION_FAILED, SSL_AD_RECORD_OVERFLOW,
                                                  SSL_AD_UNEXPECTED_MESSAGE, SSL_AD_DECODE_ERROR,      SSL_AD_DECRYPT_ERROR};
        if (auto told = told_by_alert(); told && std::ranges::find(about_records, *alert_) == about_records.end()) return *told;
        return {Stage::request, Cause::broke_protocol, alert_ ? alert_name(*alert_) : tls_words(), Detail::broke_after_handshake};
    }

    /// What came before the connection broke: the server's alert, or `otherwise`.
    Task<Failure> last_words(Failure otherwise)
    {
        for (int records = 0; records < 4 && !alert_; ++records) {
            char octet;
            ERR_clear_error();
            if (SSL_peek(ssl_, &octet, 1) > 0 || alert_) break;
            if (auto fed = co_await feed(Stage::request); !fed) break;
        }
        auto told = told_by_alert();
        co_return told ? *told : otherwise;
    }

    TlsFacts facts(const Hostname& name) const
    {
        TlsFacts seen;
        seen.version = SSL_get_version(ssl_);
        if (const char* cipher = SSL_get_cipher_name(ssl_)) seen.cipher = cipher;
        std::vector<X509*> chain;
        if (const STACK_OF(X509)* presented = SSL_get_peer_cert_chain(ssl_))
            for (int i = 0; i < sk_X509_num(presented) && i < 30; ++i) chain.push_back(sk_X509_value(presented, i));
        const unsigned char* staple = nullptr;
        const long size = SSL_get_tlsext_status_ocsp_resp(ssl_, &staple);
        const auto stapled = size > 0 ? std::string_view(reinterpret_cast<const char*>(staple), static_cast<std::size_t>(size)) : std::string_view();
        seen.certificate = tls_->judge(chain, name, stapled);
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
        if (!first_octet_) first_octet_ = static_cast<unsigned char>(chunk[0]);
        if (first_bytes_.size() < 200) first_bytes_.append(chunk.data(), std::min<std::size_t>(*got, 200 - first_bytes_.size()));
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
    std::optional<int> alert_;                 ///< the server's, fatal
    bool certificate_wanted_ = false;
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
