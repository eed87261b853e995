// A server that plays a script, and the stream through which a dialog meets it. Time is virtual; nothing touches a socket.
//
//   S: text        the server's line, CRLF added              S! text    raw bytes, nothing added
//   S*20: text     the same line twenty times; the client may break off in between
//   C: text        what the client has to write, exactly
//   TLS            the handshake succeeds with a good certificate; TLS expired: with a bad one; TLS fails | old | closed | silent
//   WAIT 6000      the server takes that many milliseconds
//   CLOSE RESET    the connection ends here                   SILENT     nothing more is said until the client speaks (or shakes hands: TLS)
//   = ok           how the dialog has to end, or "= starttls not-offered" (stage and cause)
//
// In texts \r \n \0 \e \\ and \x41 are escapes, «text» is the base64 of text, and «scram:client-first», «scram:server-first», «scram:client-final»,
// «scram:server-final» are the messages of a real SCRAM-SHA-256 exchange (base64).
#pragma once

#include "probe/net/clock.hpp"
#include "probe/net/connector.hpp"
#include "tests/support/scram_server.hpp"

namespace portolan::tests {

/// How the server's bytes arrive: as much as is there, one line at a time, one byte at a time.
enum class Feed : std::uint8_t { whole, line, byte };

struct Step {
    enum Kind : std::uint8_t { says, hears, tls, waits, closes, resets, silent } kind{};
    std::string text;                          ///< says and hears: bytes without line end; tls: the variant
    int times = 1;
    bool raw = false;
};

struct Script {
    std::vector<Step> steps;
    std::string ending = "ok";
};
Script parse_script(std::string_view text);

/// What happened on the server's side.
struct Played {
    std::vector<std::string> lines;            ///< what the client wrote, line by line
    std::string clear, encrypted;              ///< every byte of it, before and after the handshake
    std::vector<std::string> complaints;       ///< where the client left the script
    std::vector<std::string> unheard;          ///< lines of the script that the client never wrote
    std::string name_asked;                    ///< of the handshake
    bool closed = false;
};

/// The certificates of `TLS` and `TLS expired`; both have the same names, and keys of their own.
TlsFacts facts_of(std::string_view variant);

class ScriptedStream : public Stream {
public:
    ScriptedStream(Script script, Feed feed, Clock& clock, std::shared_ptr<Played> played, ScramServerOptions scram = {});
    ~ScriptedStream() override;
    Task<Outcome<std::size_t>> read_some(std::span<char> buffer) override;
    Task<Outcome<void>> write_all(std::string_view bytes) override;
    Task<Outcome<TlsFacts>> start_tls(const Hostname& name) override;
    void close() override;
    IpEndpoint peer() const override { return {asio::ip::make_address("192.0.2.1"), 993}; }

private:
    Task<bool> yield();                        ///< false: cancelled
    Task<void> stay_silent();                  ///< until cancelled
    std::string bytes_of(const Step& step);
    void hear(const std::string& line);
    bool matches(const std::string& expected, const std::string& line);
    void complain(std::string what) { played_->complaints.push_back(std::move(what)); }

    Script script_;
    Feed feed_;
    Clock& clock_;
    std::shared_ptr<Played> played_;
    ScramServer scram_;
    std::size_t at_ = 0;
    std::string outgoing_, partial_;
    bool secure_ = false;
};

}
