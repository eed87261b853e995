// A bounded line channel over a stream: what a dialog sees instead of a socket.
#pragma once

#include "probe/account/transcript.hpp"
#include "probe/net/connector.hpp"

namespace portolan {

struct ChannelBounds {
    std::size_t line = 16 * 1024;              ///< bytes in one line; above: Cause::too_much
    std::size_t total = 1024 * 1024;           ///< bytes read on one channel
    std::size_t lines = 2000;
};

class Channel {
public:
    Channel(std::unique_ptr<Stream> stream, Clock& clock, ChannelBounds bounds = {});
    /// One line without CRLF (a bare LF ends a line too), recorded in the transcript.
    Task<Outcome<std::string>> read_line(Stage stage);
    /// The octets of a literal that a line announced, whatever is in them; more than a line may hold is Cause::too_much before one of them is read.
    Task<Outcome<std::string>> read_octets(std::size_t count, Stage stage);
    /// What is here and was not read yet: the beginning of a line that is waited for, or an answer that nobody has asked for.
    std::string_view pending() const { return buffer_; }
    /// The beginning of that, masked and fit for a failure; the transcript gets it, too.
    std::string unread();
    /// Bytes heard so far, those of a handshake not counted.
    std::size_t received() const { return read_total_; }
    /// Writes `line` and CRLF. CR, LF or NUL inside: Cause::bad_value, nothing is sent. At Stage::starttls an answer that is already here is
    /// Cause::broke_protocol (design rule 6).
    Task<Outcome<void>> write_line(std::string_view line, Stage stage);
    /// The same for a line with a secret in it: the transcript keeps only `shown` (see Transcript::said_masked).
    Task<Outcome<void>> write_secret_line(std::string_view line, std::string_view shown, Stage stage);
    /// After the STARTTLS answer: Cause::tls_injected when anything is buffered or the next bytes are no TLS (RFC 3207 §6, design rule 2), then the handshake.
    Task<Outcome<void>> start_tls(const Hostname& name);
    bool encrypted() const { return tls_.has_value(); }
    const std::optional<TlsFacts>& tls() const { return tls_; }
    Transcript& transcript() { return transcript_; }
    milliseconds tls_took() const { return tls_took_; }
    void close();

private:
    int elapsed() const;
    Task<Outcome<void>> fill(Stage stage);
    Failure ended(Failure failure, Stage stage);
    std::unique_ptr<Stream> stream_;
    Clock& clock_;
    ChannelBounds bounds_;
    TimePoint began_;
    std::string buffer_;
    std::size_t read_total_ = 0, line_count_ = 0;
    std::optional<TlsFacts> tls_;
    milliseconds tls_took_{};
    Transcript transcript_;
};

}
