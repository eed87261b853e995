// IMAP, POP3 and submission against whatever a server may say, in virtual time. The first byte chooses the protocol, the security, the
// credentials and how the bytes arrive; the rest is what the server says. In it
//
//   0x1E   nothing more before the client has said something, or made its side of a handshake
//   0x1F   two virtual seconds pass
//   0x18 0x19   the first and the last message of a SCRAM server that knows the password, in base64
//
// After the last byte the connection is closed, or kept in silence.
#include "probe/dialog/dialog.hpp"
#include "tests/fuzz/promise.hpp"
#include "tests/support/scram_server.hpp"

#include <cstdint>

using namespace portolan;
using namespace portolan::tests;

namespace {

// Of bytes that no command of ours is made of: where one of them is, there is a piece of the password.
constexpr std::string_view username = "alice@example.org", password = "{|}~^`";

struct Plan {
    ServiceKind kind;
    Security security;
    bool credentials, trusted, silent_end;
    std::size_t piece;                         ///< bytes the client gets at once

    explicit Plan(unsigned byte)
        : kind(std::array{ServiceKind::imap, ServiceKind::pop3, ServiceKind::smtp}[byte % 3]),
          security(std::array{Security::tls, Security::starttls, Security::plaintext}[byte / 3 % 3]), credentials(byte / 9 % 2 == 0),
          trusted(byte / 18 % 4 != 0), silent_end(byte / 72 % 2 == 1), piece(byte >= 144 ? 7 : 4096)
    {
    }
};

struct Seen {
    std::string clear, encrypted;
    bool closed = false;
};

class FuzzedStream : public Stream {
public:
    FuzzedStream(std::string_view script, const Plan& plan, Clock& clock, Seen& seen)
        : rest_(script), plan_(plan), clock_(clock), seen_(seen), scram_({.username = std::string(username), .password = std::string(password)})
    {
    }

    Task<Outcome<std::size_t>> read_some(std::span<char> buffer) override
    {
        co_await asio::this_coro::throw_if_cancelled(false);
        // A turn of the loop, so that a deadline or a cancellation can come in between.
        if (plan_.piece < 4096) co_await asio::post(co_await asio::this_coro::executor, asio::as_tuple(asio::use_awaitable));
        while (ready_.empty()) {
            if (co_await was_cancelled()) co_return std::unexpected(Failure{Stage::request, Cause::cancelled, {}});
            if (rest_.starts_with(gate) || (rest_.empty() && plan_.silent_end)) {
                (void)co_await clock_.wait_for(std::chrono::hours(1));
                if (co_await was_cancelled()) co_return std::unexpected(Failure{Stage::request, Cause::cancelled, {}});
                co_return std::unexpected(Failure{Stage::request, Cause::closed, {}});
            }
            if (rest_.empty()) co_return std::unexpected(Failure{Stage::request, Cause::closed, {}});
            const char c = rest_.front();
            rest_.remove_prefix(1);
            if (c == pause) (void)co_await clock_.wait_for(2s);
            else if (c == first_message) ready_ = to_base64(scram_.server_first());
            else if (c == last_message) ready_ = to_base64(scram_.server_final());
            else {
                const auto end = std::min(rest_.find_first_of(marks), rest_.size());
                ready_ = std::string(1, c).append(rest_.substr(0, end));
                rest_.remove_prefix(end);
            }
        }
        const auto size = std::min({buffer.size(), ready_.size(), plan_.piece});
        std::copy_n(ready_.begin(), size, buffer.begin());
        ready_.erase(0, size);
        co_return size;
    }

    Task<Outcome<void>> write_all(std::string_view bytes) override
    {
        promise(!seen_.closed, "nothing is said on a closed stream");
        (secure_ ? seen_.encrypted : seen_.clear) += bytes;
        open_gate();
        if (bytes.ends_with("\r\n")) bytes.remove_suffix(2);
        const auto message = from_base64(bytes.substr(bytes.rfind(' ') + 1));
        if (!scram_.client_first(message)) (void)scram_.client_final(message);
        co_return Outcome<void>{};
    }

    Task<Outcome<TlsFacts>> start_tls(const Hostname& name) override
    {
        promise(name.text() == "mail.example.org", "the name that was asked for");
        promise(!secure_, "one handshake");
        // What is here and not behind a gate came before the handshake: no TLS.
        if (!ready_.empty() || (plan_.security == Security::starttls && !rest_.empty() && !rest_.starts_with(gate)))
            co_return std::unexpected(Failure{Stage::tls, Cause::tls_not_spoken, {}});
        secure_ = true;
        open_gate();
        TlsFacts facts{.version = "TLSv1.3", .cipher = "TLS_AES_256_GCM_SHA384"};
        if (!plan_.trusted) facts.certificate.problem = VerdictCode::certificate_expired;
        co_return facts;
    }

    void close() override { seen_.closed = true; }
    IpEndpoint peer() const override { return {asio::ip::make_address("192.0.2.1"), 993}; }

private:
    static constexpr char gate = '\x1e', pause = '\x1f', first_message = '\x18', last_message = '\x19';
    static constexpr std::string_view marks = "\x18\x19\x1e\x1f";

    void open_gate()
    {
        if (rest_.starts_with(gate)) rest_.remove_prefix(1);
    }

    std::string_view rest_;
    const Plan& plan_;
    Clock& clock_;
    Seen& seen_;
    ScramServer scram_;
    std::string ready_;
    bool secure_ = false;
};

/// What may be said to anybody: the questions, the request for TLS and the goodbye.
bool is_harmless(std::string_view line)
{
    if (line == "CAPA" || line == "STLS" || line == "QUIT" || line == "EHLO [127.0.0.1]" || line == "STARTTLS") return true;
    if (!line.starts_with('p')) return false;
    line.remove_prefix(std::min(line.find(' '), line.size()));
    return line == " CAPABILITY" || line == " STARTTLS" || line == " LOGOUT";
}

bool all_harmless(std::string_view bytes)
{
    while (!bytes.empty()) {
        const auto end = bytes.find("\r\n");
        if (end == std::string_view::npos || !is_harmless(bytes.substr(0, end))) return false;
        bytes.remove_prefix(end + 2);
    }
    return true;
}

void promise_masked(std::string_view text)
{
    std::string plain;
    plain.append(1, '\0').append(username).append(1, '\0').append(password);
    for (const auto& form : {std::string(password), to_base64(password), to_base64(plain)})
        promise(text.find(form) == std::string_view::npos, "no secret in what is kept");
}

void check(const Plan& plan, const Conversation& heard, const Seen& seen)
{
    promise(seen.closed, "the stream is closed");
    promise(seen.clear.find_first_of(password) == std::string::npos, "no byte of the password before TLS");
    promise(all_harmless(seen.clear), "questions alone in clear");
    const bool may = plan.credentials && plan.trusted && plan.security != Security::plaintext;
    promise(may || all_harmless(seen.encrypted), "questions alone where nobody may sign in");
    promise(may || (!heard.sign_in_tried && !heard.signed_in_with), "no sign-in where there may be none");
    promise(!heard.signed_in_with || heard.sign_in_tried, "a sign-in was tried before it succeeded");

    const auto& lines = heard.heard.lines();
    promise(lines.size() <= 400, "at most 400 lines are kept");
    bool secret_said = false;
    for (const auto& line : lines) {
        promise(line.text.size() <= 1024, "a line that is kept is bounded");
        if (line.speaker == Speaker::client && line.text.ends_with(" …")) secret_said = true;
        if (line.speaker == Speaker::client || secret_said) promise_masked(line.text);   // before that, it is the server's own invention
    }
    promise(heard.capabilities.size() <= 200 && heard.mechanisms.size() <= 20, "lists are bounded");
    if (heard.sign_in_tried) promise_masked(heard.refusal);
    if (!heard.outcome) {
        promise(heard.outcome.error().reply.size() <= 4096 + 8, "the words of a failure are bounded");
        if (heard.sign_in_tried) promise_masked(heard.outcome.error().reply);
        promise(heard.outcome.error().cause != Cause::our_bug, "no fault of ours");
    }
}

}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0) return 0;
    const Plan plan(data[0]);
    static asio::io_context loop;              // making one costs as much as a short dialog
    VirtualClock clock(loop);
    Seen seen;
    std::optional<Conversation> heard;
    {
        Channel channel(std::make_unique<FuzzedStream>(text_of(data + 1, size - 1), plan, clock, seen), clock);
        DialogPlan dialog;
        dialog.endpoint = {*parse_hostname("mail.example.org"), default_port(plan.kind, plan.security), plan.security};
        dialog.accept = [](const TlsFacts& facts) { return !facts.certificate.problem; };
        dialog.allow_plaintext = plan.security == Security::plaintext;
        if (plan.credentials) dialog.credentials = Credentials{std::string(username), Secret(password)};
        asio::co_spawn(loop, mail_dialog(plan.kind, channel, clock, std::move(dialog)), [&](std::exception_ptr thrown, Conversation all) {
            promise(!thrown, "nothing is thrown");
            heard.emplace(std::move(all));
        });
        promise(clock.run([&] { return heard.has_value(); }), "a dialog ends");
        promise(!clock.run([] { return false; }), "and leaves nothing behind that goes on");
    }
    check(plan, *heard, seen);
    return 0;
}
