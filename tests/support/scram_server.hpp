// The server's side of SCRAM-SHA-256 (RFC 5802, RFC 7677), small and independent of the library that the client uses.
#pragma once

#include <string>
#include <string_view>

namespace portolan::tests {

/// How this server behaves; the defaults are those of an honest one.
struct ScramServerOptions {
    std::string username = "alice@example.org";
    std::string password = "correct horse";
    std::string iterations = "4096";           ///< as text, so that nonsense can be said
    bool own_nonce_only = false;               ///< answers with a nonce that does not begin with the client's
    bool wrong_signature = false;              ///< does not know the password: v= is made of another key
};

class ScramServer {
public:
    explicit ScramServer(ScramServerOptions options = {}) : options_(std::move(options)) {}
    /// Both take and give raw messages, without base64. The bools say whether the message was well-formed and, for the final one, the proof right.
    bool client_first(std::string_view message);
    std::string server_first() const { return server_first_; }
    bool client_final(std::string_view message);
    std::string server_final() const { return server_final_; }

private:
    ScramServerOptions options_;
    std::string client_first_bare_, server_first_, server_final_, nonce_;
};

std::string to_base64(std::string_view bytes);
std::string from_base64(std::string_view text);        ///< "" for what is none

}
