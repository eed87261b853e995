#include "tests/support/script.hpp"

#include <stdexcept>

namespace portolan::tests {

namespace {

constexpr std::string_view opening = "«", closing = "»";

std::string unescaped(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\' || i + 1 == text.size()) {
            out += text[i];
            continue;
        }
        switch (text[++i]) {
        case 'r': out += '\r'; break;
        case 'n': out += '\n'; break;
        case '0': out += '\0'; break;
        case 'e': out += '\x1b'; break;
        case '\\': out += '\\'; break;
        case 'x':
            out += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
            i += 2;
            break;
        default: throw std::invalid_argument("unknown escape in script: " + std::string(text));
        }
    }
    return out;
}

/// Escapes and «base64» filled in; the SCRAM messages stay as they are until their time comes.
std::string filled(std::string_view text)
{
    std::string out;
    for (;;) {
        const auto from = text.find(opening);
        const auto to = from == std::string_view::npos ? from : text.find(closing, from);
        if (to == std::string_view::npos) return out + unescaped(text);
        out += unescaped(text.substr(0, from));
        const auto inside = text.substr(from + opening.size(), to - from - opening.size());
        if (inside.starts_with("scram:")) out += text.substr(from, to + closing.size() - from);
        else out += to_base64(unescaped(inside));
        text.remove_prefix(to + closing.size());
    }
}

std::string_view trimmed(std::string_view line)
{
    while (!line.empty() && (line.front() == ' ' || line.front() == '\t')) line.remove_prefix(1);
    return line;
}

Step step_of(std::string_view line)
{
    const auto text_after = [&](std::size_t size) { return filled(line.size() > size ? line.substr(size + 1) : std::string_view()); };
    if (line.starts_with("S:")) return {Step::says, text_after(2)};
    if (line.starts_with("S!")) return {.kind = Step::says, .text = text_after(2), .raw = true};
    if (line.starts_with("S*")) {
        const auto colon = line.find(':');
        return {.kind = Step::says, .text = text_after(colon + 1), .times = std::stoi(std::string(line.substr(2, colon - 2)))};
    }
    if (line.starts_with("C:")) return {Step::hears, text_after(2)};
    if (line.starts_with("TLS")) return {Step::tls, line.size() > 4 ? std::string(line.substr(4)) : std::string("good")};
    if (line.starts_with("WAIT ")) return {.kind = Step::waits, .times = std::stoi(std::string(line.substr(5)))};
    if (line == "CLOSE") return {Step::closes};
    if (line == "RESET") return {Step::resets};
    if (line == "SILENT") return {Step::silent};
    throw std::invalid_argument("not a line of a script: " + std::string(line));
}

std::unexpected<Failure> failed(Stage stage, Cause cause, std::string reply = {}) { return std::unexpected(Failure{stage, cause, std::move(reply)}); }

}

Script parse_script(std::string_view text)
{
    Script script;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        const auto line = trimmed(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.empty()) continue;
        if (line.starts_with("= ")) script.ending = std::string(line.substr(2));
        else script.steps.push_back(step_of(line));
    }
    return script;
}

TlsFacts facts_of(std::string_view variant)
{
    TlsFacts facts{.version = "TLSv1.3", .cipher = "TLS_AES_256_GCM_SHA384"};
    facts.certificate.subject = "CN=mail.example.org";
    facts.certificate.names = {"mail.example.org"};
    facts.certificate.spki_sha256 = std::string(64, variant == "good" ? 'a' : 'e');
    if (variant == "expired") {
        facts.certificate.problem = VerdictCode::certificate_expired;
        facts.certificate.findings = {VerdictCode::certificate_expired};
    }
    return facts;
}

ScriptedStream::ScriptedStream(Script script, Feed feed, Clock& clock, std::shared_ptr<Played> played, ScramServerOptions scram)
    : script_(std::move(script)), feed_(feed), clock_(clock), played_(std::move(played)), scram_(std::move(scram))
{
}

ScriptedStream::~ScriptedStream()
{
    for (; at_ < script_.steps.size(); ++at_)
        if (script_.steps[at_].kind == Step::hears) played_->unheard.push_back(script_.steps[at_].text);
}

Task<bool> ScriptedStream::yield()
{
    co_await asio::this_coro::throw_if_cancelled(false);
    co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
    co_return (co_await asio::this_coro::cancellation_state).cancelled() == asio::cancellation_type::none;
}

Task<void> ScriptedStream::stay_silent()
{
    asio::steady_timer never(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
    co_await never.async_wait(asio::as_tuple(asio::use_awaitable));
}

std::string ScriptedStream::bytes_of(const Step& step)
{
    auto text = step.text;
    const auto put = [&](std::string_view mark, const std::string& message) {
        if (const auto at = text.find(mark); at != std::string::npos) text.replace(at, mark.size(), to_base64(message));
    };
    put("«scram:server-first»", scram_.server_first());
    put("«scram:server-final»", scram_.server_final());
    return step.raw ? text : text + "\r\n";
}

Task<Outcome<std::size_t>> ScriptedStream::read_some(std::span<char> buffer)
{
    for (;;) {
        if (!co_await yield()) co_return failed(Stage::request, Cause::cancelled);
        while (at_ < script_.steps.size() && script_.steps[at_].kind == Step::says && (outgoing_.empty() || feed_ == Feed::whole)) {
            auto& step = script_.steps[at_];
            outgoing_ += bytes_of(step);
            if (--step.times == 0) ++at_;
        }
        if (!outgoing_.empty()) {
            const auto size = std::min(feed_ == Feed::byte ? 1 : outgoing_.size(), buffer.size());
            std::copy_n(outgoing_.begin(), size, buffer.begin());
            outgoing_.erase(0, size);
            co_return size;
        }
        if (at_ == script_.steps.size()) co_return failed(Stage::request, Cause::closed);
        const auto& step = script_.steps[at_];
        if (step.kind == Step::closes) co_return failed(Stage::request, Cause::closed);
        if (step.kind == Step::resets) co_return failed(Stage::request, Cause::reset);
        if (step.kind == Step::waits) {
            if (!co_await clock_.wait_for(milliseconds(step.times))) co_return failed(Stage::request, Cause::cancelled);
            ++at_;
            continue;
        }
        if (step.kind == Step::hears) complain("waits for the server, which waits for: " + step.text);
        if (step.kind == Step::tls) complain("reads where the handshake is due");
        co_await stay_silent();
    }
}

Task<Outcome<void>> ScriptedStream::write_all(std::string_view bytes)
{
    if (!co_await yield()) co_return failed(Stage::request, Cause::cancelled);
    if (at_ < script_.steps.size() && (script_.steps[at_].kind == Step::closes || script_.steps[at_].kind == Step::resets)) co_return failed(Stage::request, Cause::reset);
    (secure_ ? played_->encrypted : played_->clear) += bytes;
    for (const char c : bytes) {
        partial_ += c;
        if (!partial_.ends_with("\r\n")) continue;
        partial_.resize(partial_.size() - 2);
        hear(std::exchange(partial_, {}));
    }
    co_return Outcome<void>{};
}

void ScriptedStream::hear(const std::string& line)
{
    played_->lines.push_back(line);
    const bool may_break_off = at_ < script_.steps.size() && script_.steps[at_].kind == Step::says && script_.steps[at_].times > 1;
    if (may_break_off) {
        outgoing_.clear();
        ++at_;
    }
    const bool was_silent = at_ < script_.steps.size() && (script_.steps[at_].kind == Step::silent || script_.steps[at_].kind == Step::waits);
    while (at_ < script_.steps.size() && script_.steps[at_].kind == Step::silent) ++at_;
    const bool awaited = at_ < script_.steps.size() && script_.steps[at_].kind == Step::hears;
    if (was_silent && !awaited && (line == "QUIT" || line.ends_with(" LOGOUT"))) {       // the last word to a server that never spoke
        at_ = script_.steps.size();
        script_.steps.push_back({Step::silent});
        return;
    }
    if (!outgoing_.empty() || (at_ < script_.steps.size() && script_.steps[at_].kind != Step::hears)) complain("speaks out of turn: " + line);
    else if (at_ == script_.steps.size()) complain("speaks after the end: " + line);
    else if (!matches(script_.steps[at_].text, line)) complain("says: " + line + "\n  instead of: " + script_.steps[at_].text);
    else ++at_;
}

bool ScriptedStream::matches(const std::string& expected, const std::string& line)
{
    const auto mark = expected.find("«scram:");
    if (mark == std::string::npos) return expected == line;
    if (line.substr(0, mark) != expected.substr(0, mark)) return false;
    const auto message = from_base64(std::string_view(line).substr(mark));
    return expected.substr(mark) == "«scram:client-first»" ? scram_.client_first(message) : scram_.client_final(message);
}

Task<Outcome<TlsFacts>> ScriptedStream::start_tls(const Hostname& name)
{
    if (!co_await yield()) co_return failed(Stage::tls, Cause::cancelled);
    played_->name_asked = name.text();
    if (!outgoing_.empty()) co_return failed(Stage::tls, Cause::tls_not_spoken, outgoing_);
    if (at_ == script_.steps.size()) co_return failed(Stage::tls, Cause::closed);
    // Silent in clear, until somebody shakes hands.
    if (at_ + 1 < script_.steps.size() && script_.steps[at_].kind == Step::silent && script_.steps[at_ + 1].kind == Step::tls) ++at_;
    const auto& step = script_.steps[at_];
    if (step.kind == Step::says) co_return failed(Stage::tls, Cause::tls_not_spoken, bytes_of(step));
    if (step.kind == Step::closes) co_return failed(Stage::tls, Cause::closed);
    if (step.kind == Step::resets) co_return failed(Stage::tls, Cause::reset);
    const bool silent = step.kind == Step::silent || step.kind == Step::waits;
    if (step.kind != Step::tls && !silent) complain("starts TLS where the script has none");
    if (silent || step.text == "silent") {
        co_await stay_silent();
        co_return failed(Stage::tls, Cause::cancelled);
    }
    ++at_;
    if (step.text == "fails") co_return failed(Stage::tls, Cause::tls_failed, "sslv3 alert handshake failure");
    if (step.text == "old") co_return failed(Stage::tls, Cause::tls_version);
    if (step.text == "closed") co_return failed(Stage::tls, Cause::closed);
    secure_ = true;
    co_return facts_of(step.text);
}

void ScriptedStream::close() { played_->closed = true; }

}
