// The scripted servers: real sockets on loopback, real TLS, enough of each protocol to find, secure and open a mailbox.
#pragma once

#include "demo/certificates.hpp"
#include "demo/story.hpp"

using SSL = struct ssl_st;

namespace portolan {

/// One accepted connection of a demonstration server: lines in, lines out, TLS in place. Bounded: 8 KiB a line, 200 lines.
class DemoPeer {
public:
    DemoPeer(asio::ip::tcp::socket socket, std::shared_ptr<SSL_CTX> context);
    ~DemoPeer();
    Task<bool> start_tls();
    Task<std::optional<std::string>> line();
    Task<bool> say(std::string text);          ///< CRLF is added
    Task<bool> say_raw(std::string bytes);
    void close();

private:
    Task<bool> flush();
    Task<bool> feed();
    asio::ip::tcp::socket socket_;
    std::shared_ptr<SSL_CTX> context_;
    SSL* ssl_ = nullptr;
    std::string buffer_;
    int lines_ = 0;
};

Task<void> serve_imap(DemoPeer& peer, const DemoServer& server);
Task<void> serve_pop3(DemoPeer& peer, const DemoServer& server);
Task<void> serve_smtp(DemoPeer& peer, const DemoServer& server);
Task<void> serve_https(DemoPeer& peer, const DemoServer& server);

std::string demo_base64(std::string_view bytes);
std::string demo_unbase64(std::string_view text);
/// "\0name\0password" of PLAIN (RFC 4616); empty strings when it is not that.
std::pair<std::string, std::string> demo_read_plain(std::string_view base64_text);

}
