#include "demo/servers.hpp"

#include <boost/asio/write.hpp>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>

namespace portolan {

DemoPeer::DemoPeer(asio::ip::tcp::socket socket, std::shared_ptr<SSL_CTX> context) : socket_(std::move(socket)), context_(std::move(context)) {}

DemoPeer::~DemoPeer() { SSL_free(ssl_); }

void DemoPeer::close()
{
    boost::system::error_code ignored;
    socket_.close(ignored);
}

Task<bool> DemoPeer::flush()
{
    char* data = nullptr;
    const long size = BIO_get_mem_data(SSL_get_wbio(ssl_), &data);
    if (size <= 0) co_return true;
    const std::string bytes(data, static_cast<std::size_t>(size));
    (void)BIO_reset(SSL_get_wbio(ssl_));
    const auto [error, put] = co_await asio::async_write(socket_, asio::buffer(bytes), asio::as_tuple(asio::use_awaitable));
    co_return !error;
}

Task<bool> DemoPeer::feed()
{
    std::array<char, 8192> chunk;
    const auto [error, got] = co_await socket_.async_read_some(asio::buffer(chunk), asio::as_tuple(asio::use_awaitable));
    if (error) co_return false;
    if (ssl_) BIO_write(SSL_get_rbio(ssl_), chunk.data(), static_cast<int>(got));
    else buffer_.append(chunk.data(), got);
    co_return true;
}

Task<bool> DemoPeer::start_tls()
{
    ssl_ = SSL_new(context_.get());
    SSL_set_bio(ssl_, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_accept_state(ssl_);
    buffer_.clear();
    for (;;) {
        ERR_clear_error();
        const int done = SSL_do_handshake(ssl_);
        const bool wants_more = done != 1 && SSL_get_error(ssl_, done) == SSL_ERROR_WANT_READ;
        if (!co_await flush()) co_return false;
        if (done == 1) co_return true;
        if (!wants_more || !co_await feed()) co_return false;
    }
}

Task<std::optional<std::string>> DemoPeer::line()
{
    for (;;) {
        if (const auto end = buffer_.find('\n'); end != std::string::npos) {
            std::string text = buffer_.substr(0, end);
            buffer_.erase(0, end + 1);
            if (!text.empty() && text.back() == '\r') text.pop_back();
            if (++lines_ > 200) co_return std::nullopt;
            co_return text;
        }
        if (buffer_.size() > 8192) co_return std::nullopt;
        if (!ssl_) {
            if (!co_await feed()) co_return std::nullopt;
            continue;
        }
        ERR_clear_error();
        std::array<char, 4096> chunk;
        const int got = SSL_read(ssl_, chunk.data(), chunk.size());
        if (got > 0) {
            buffer_.append(chunk.data(), static_cast<std::size_t>(got));
            continue;
        }
        if (SSL_get_error(ssl_, got) != SSL_ERROR_WANT_READ || !co_await flush() || !co_await feed()) co_return std::nullopt;
    }
}

Task<bool> DemoPeer::say(std::string text) { return say_raw(std::move(text) + "\r\n"); }

Task<bool> DemoPeer::say_raw(std::string bytes)
{
    if (!ssl_) {
        const auto [error, put] = co_await asio::async_write(socket_, asio::buffer(bytes), asio::as_tuple(asio::use_awaitable));
        co_return !error;
    }
    if (SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size())) <= 0) co_return false;
    co_return co_await flush();
}

std::string demo_base64(std::string_view bytes)
{
    std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    text.resize(static_cast<std::size_t>(EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()))));
    return text;
}

std::string demo_unbase64(std::string_view text)
{
    if (text.size() % 4 != 0 || text.empty()) return {};
    std::string bytes(text.size() / 4 * 3, '\0');
    const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()), reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
    if (size < 0) return {};
    bytes.resize(static_cast<std::size_t>(size) - (text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0));
    return bytes;
}

std::pair<std::string, std::string> demo_read_plain(std::string_view base64_text)
{
    const auto bytes = demo_unbase64(base64_text);
    const auto first = bytes.find('\0');
    const auto second = first == std::string::npos ? first : bytes.find('\0', first + 1);
    if (second == std::string::npos) return {};
    return {bytes.substr(first + 1, second - first - 1), bytes.substr(second + 1)};
}

}
