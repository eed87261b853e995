#include "probe/net/channel.hpp"

#include "probe/account/secret.hpp"

#include <openssl/crypto.h>

namespace portolan {

namespace {

/// The beginning of what was heard, for a failure. Masked before it is cut: a secret that straddles the cut must not leave its first half behind.
std::string excerpt(const Transcript& transcript, std::string_view heard) { return transcript.masked(heard).substr(0, 200); }

/// What moves up leaves its old place behind, and what was read may have held an echo of the password.
void drop_front(std::string& buffer, std::size_t count)
{
    const auto left = buffer.size() - count;
    std::copy(buffer.begin() + static_cast<std::ptrdiff_t>(count), buffer.end(), buffer.begin());
    OPENSSL_cleanse(buffer.data() + left, count);
    buffer.resize(left);
}

}

Channel::Channel(std::unique_ptr<Stream> stream, Clock& clock, ChannelBounds bounds) : stream_(std::move(stream)), clock_(clock), bounds_(bounds), began_(clock.now()) {}

int Channel::elapsed() const { return static_cast<int>(std::chrono::duration_cast<milliseconds>(clock_.now() - began_).count()); }

/// What the end of the stream says: where it came, and after how much.
Failure Channel::ended(Failure failure, Stage stage)
{
    if (!buffer_.empty()) transcript_.heard(buffer_, elapsed());
    failure.stage = stage;
    if (failure.cause == Cause::closed || failure.cause == Cause::reset) {
        failure.detail = read_total_ == 0 ? Detail::closed_at_once : Detail::cut_off;
        failure.reply = read_total_ == 0 ? std::string() : std::to_string(read_total_) + " bytes";
    } else if (failure.cause == Cause::broke_protocol && encrypted()) {
        if (failure.detail == Detail::none) failure.detail = Detail::broke_after_handshake;
    } else if (failure.detail == Detail::none) failure.reply = excerpt(transcript_, buffer_);
    return failure;
}

Task<Outcome<void>> Channel::fill(Stage stage)
{
    if (read_total_ >= bounds_.total) {
        transcript_.heard(buffer_, elapsed());
        co_return std::unexpected(Failure{stage, Cause::too_much, excerpt(transcript_, buffer_), Detail::endless_lines});
    }
    std::array<char, 4096> chunk;
    auto read = co_await stream_->read_some(std::span(chunk).first(std::min(chunk.size(), bounds_.total - read_total_)));
    if (!read) co_return std::unexpected(ended(read.error(), stage));
    read_total_ += *read;
    buffer_.append(chunk.data(), *read);
    co_return Outcome<void>{};
}

Task<Outcome<std::string>> Channel::read_line(Stage stage)
{
    for (;;) {
        if (const auto end = buffer_.find('\n'); end != std::string::npos) {
            std::string line = buffer_.substr(0, end);
            drop_front(buffer_, end + 1);
            if (!line.empty() && line.back() == '\r') line.pop_back();
            transcript_.heard(line, elapsed());
            if (line.size() > bounds_.line) co_return std::unexpected(Failure{stage, Cause::too_much, excerpt(transcript_, line), Detail::endless_line});
            if (++line_count_ > bounds_.lines) co_return std::unexpected(Failure{stage, Cause::too_much, excerpt(transcript_, line), Detail::endless_lines});
            co_return line;
        }
        if (buffer_.size() > bounds_.line + 1) {                       // one more: the CR of a line that just fits
            transcript_.heard(buffer_, elapsed());
            co_return std::unexpected(Failure{stage, Cause::too_much, excerpt(transcript_, buffer_), Detail::endless_line});
        }
        if (auto more = co_await fill(stage); !more) co_return std::unexpected(more.error());
    }
}

Task<Outcome<std::string>> Channel::read_octets(std::size_t count, Stage stage)
{
    if (count > bounds_.line) co_return std::unexpected(Failure{stage, Cause::too_much, std::to_string(count) + " bytes", Detail::giant_literal});
    while (buffer_.size() < count)
        if (auto more = co_await fill(stage); !more) co_return std::unexpected(more.error());
    std::string octets = buffer_.substr(0, count);
    drop_front(buffer_, count);
    transcript_.heard(octets, elapsed());
    co_return octets;
}

std::string Channel::unread()
{
    transcript_.heard(buffer_, elapsed());
    return excerpt(transcript_, buffer_);
}

Task<Outcome<void>> Channel::write_line(std::string_view line, Stage stage)
{
    if (line.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos) co_return std::unexpected(Failure{stage, Cause::bad_value, {}});
    // What is here before STARTTLS is asked for would be read as its answer.
    if (stage == Stage::starttls && !buffer_.empty()) co_return std::unexpected(Failure{stage, Cause::broke_protocol, unread(), Detail::early_reply});
    transcript_.said(line, elapsed());
    const std::string bytes = std::string(line) + "\r\n";
    auto written = co_await stream_->write_all(bytes);
    if (!written) written.error().stage = stage;
    co_return written;
}

Task<Outcome<void>> Channel::write_secret_line(std::string_view line, std::string_view shown, Stage stage)
{
    if (line.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos) co_return std::unexpected(Failure{stage, Cause::bad_value, {}});
    if (!encrypted()) co_return std::unexpected(Failure{stage, Cause::bad_value, {}});           // rule 1: nothing secret before TLS is up
    transcript_.said_masked(shown, elapsed());
    std::string bytes;
    bytes.reserve(line.size() + 2);
    keep_off_the_stack(bytes);
    bytes.append(line).append("\r\n");
    auto written = co_await stream_->write_all(bytes);
    wipe(bytes);
    if (!written) written.error().stage = stage;
    co_return written;
}

Task<Outcome<void>> Channel::start_tls(const Hostname& name)
{
    if (!buffer_.empty()) {
        transcript_.noted("bytes before TLS: " + excerpt(transcript_, buffer_), elapsed());
        co_return std::unexpected(Failure{Stage::starttls, Cause::tls_injected, excerpt(transcript_, buffer_), Detail::behind_the_answer});
    }
    const auto began = clock_.now();
    auto facts = co_await stream_->start_tls(name);
    tls_took_ = std::chrono::duration_cast<milliseconds>(clock_.now() - began);
    if (!facts) {
        transcript_.noted("TLS: " + std::string(slug(facts.error().cause)) + " " + facts.error().reply, elapsed());
        auto failure = facts.error();
        failure.stage = Stage::tls;
        // Behind a STARTTLS answer, text instead of TLS is the same attack in a segment of its own: where the network cut the bytes decides nothing.
        if (failure.cause == Cause::tls_not_spoken && read_total_ > 0) failure = {Stage::starttls, Cause::tls_injected, failure.reply, Detail::instead_of_tls};
        if ((failure.cause == Cause::closed || failure.cause == Cause::reset) && failure.detail == Detail::none) failure.detail = Detail::closed_at_once;
        co_return std::unexpected(std::move(failure));
    }
    transcript_.noted("TLS: " + facts->version + " " + facts->cipher, elapsed());
    tls_ = std::move(*facts);
    co_return Outcome<void>{};
}

void Channel::close() { stream_->close(); }

}
