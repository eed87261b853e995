// The other end of a dialog, in virtual time: enough IMAP, POP3 and submission to be found, secured and signed in to.
#include "probe/dialog/sasl.hpp"
#include "tests/support/scripted_world.hpp"

#include <deque>

namespace portolan::scripted {

class ScriptedStream : public Stream {
public:
    ScriptedStream(World& world, Server server, IpEndpoint peer) : world_(world), server_(std::move(server)), peer_(std::move(peer))
    {
        ++world_.open_streams;
        if (server_.security != Security::tls) greet();
    }
    ~ScriptedStream() override { close(); }

    Task<Outcome<std::size_t>> read_some(std::span<char> buffer) override
    {
        co_await asio::this_coro::throw_if_cancelled(false);
        if (due_.empty()) {
            if (over_) co_return std::unexpected(Failure{Stage::request, Cause::closed, {}});
            asio::steady_timer timer(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
            co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
            co_return std::unexpected(Failure{Stage::request, Cause::cancelled, {}});
        }
        if (!co_await world_.clock.wait_until(due_.front().first)) co_return std::unexpected(Failure{Stage::request, Cause::cancelled, {}});
        auto& text = due_.front().second;
        const auto size = std::min(buffer.size(), text.size());
        std::copy_n(text.begin(), size, buffer.begin());
        text.erase(0, size);
        if (text.empty()) due_.pop_front();
        co_return size;
    }

    Task<Outcome<void>> write_all(std::string_view bytes) override
    {
        heard_ += bytes;
        for (auto end = heard_.find("\r\n"); end != std::string::npos; end = heard_.find("\r\n")) {
            const auto line = heard_.substr(0, end);
            heard_.erase(0, end + 2);
            answer(line);
        }
        co_return Outcome<void>{};
    }

    Task<Outcome<TlsFacts>> start_tls(const Hostname& name) override
    {
        co_await asio::this_coro::throw_if_cancelled(false);
        if (!co_await world_.clock.wait_for(server_.rtt)) co_return std::unexpected(Failure{Stage::tls, Cause::cancelled, {}});
        encrypted_ = true;
        if (server_.security == Security::tls) greet();
        TlsFacts facts;
        facts.version = "TLSv1.3";
        facts.certificate.subject = "CN=" + name.text();
        facts.certificate.names = {name.text()};
        facts.certificate.spki_sha256 = server_.key;
        facts.certificate.problem = server_.problem;
        if (const auto& names = server_.certificate_names; !names.empty()) {
            facts.certificate.names = names;
            if (std::ranges::find(names, name.text()) == names.end()) facts.certificate.problem = VerdictCode::certificate_name_mismatch;
        }
        if (server_.problem) facts.certificate.findings = {*server_.problem};
        co_return facts;
    }

    void close() override
    {
        if (open_) --world_.open_streams;
        open_ = false;
    }
    IpEndpoint peer() const override { return peer_; }

private:
    void say(std::string text, milliseconds later = {}) { due_.emplace_back(world_.clock.now() + server_.rtt + later, std::move(text) + "\r\n"); }

    void greet()
    {
        if (server_.manner == Manner::mute) return;
        const auto later = server_.manner == Manner::speaks_later ? server_.greeting_after : 0ms;
        switch (server_.kind) {
        case ServiceKind::imap: say("* OK [CAPABILITY " + imap_capabilities() + "] ready", later); break;
        case ServiceKind::pop3: say("+OK ready", later); break;
        default: say("220 ready", later); break;
        }
    }

    bool in_clear() const { return server_.security == Security::plaintext; }         ///< takes a password without TLS, and knows no other way
    std::string imap_capabilities() const { return encrypted_ || in_clear() ? "IMAP4rev1 SASL-IR AUTH=PLAIN" : "IMAP4rev1 STARTTLS LOGINDISABLED"; }

    bool opens(std::string_view plain)
    {
        const auto bytes = unbase64(plain).value_or("");
        const auto first = bytes.find('\0'), second = bytes.find('\0', first + 1);
        if (second == std::string::npos) return false;
        const auto name = bytes.substr(first + 1, second - first - 1), password = bytes.substr(second + 1);
        world_.sign_ins.push_back({peer_.port(), name, password, encrypted_});
        return server_.names.contains(name) && password == world_.password;
    }

    void answer(const std::string& line)
    {
        if (server_.kind == ServiceKind::imap) answer_imap(line);
        else if (server_.kind == ServiceKind::pop3) answer_pop3(line);
        else answer_smtp(line);
    }

    void answer_imap(const std::string& line)
    {
        const auto tag = line.substr(0, line.find(' ')), rest = line.substr(std::min(line.size(), tag.size() + 1));
        if (rest == "CAPABILITY") say("* CAPABILITY " + imap_capabilities() + "\r\n" + tag + " OK done");
        else if (rest == "STARTTLS") say(tag + (in_clear() ? " BAD no" : " OK go"));
        else if (rest.starts_with("AUTHENTICATE PLAIN ")) say(tag + (opens(rest.substr(19)) ? " OK signed in" : " NO " + server_.refusal));
        else if (rest == "LOGOUT") {
            say("* BYE\r\n" + tag + " OK bye");
            over_ = true;
        } else say(tag + " BAD what?");
    }

    void answer_pop3(const std::string& line)
    {
        if (line == "CAPA") say(encrypted_ || in_clear() ? "+OK\r\nUSER\r\nSASL PLAIN\r\n." : "+OK\r\nSTLS\r\n.");
        else if (line == "STLS") say(in_clear() ? "-ERR no" : "+OK go");
        else if (line == "QUIT") {
            say("+OK bye");
            over_ = true;
        } else say("-ERR what?");
    }

    void answer_smtp(const std::string& line)
    {
        if (line.starts_with("EHLO ")) say(encrypted_ || in_clear() ? "250-here\r\n250 AUTH PLAIN" : "250-here\r\n250 STARTTLS");
        else if (line == "STARTTLS") say(in_clear() ? "502 no" : "220 go");
        else if (line.starts_with("AUTH PLAIN ")) say(opens(line.substr(11)) ? "235 signed in" : "535 5.7.8 " + server_.refusal);
        else if (line == "QUIT") {
            say("221 bye");
            over_ = true;
        } else say("502 what?");
    }

    World& world_;
    Server server_;
    IpEndpoint peer_;
    std::deque<std::pair<TimePoint, std::string>> due_;
    std::string heard_;
    bool encrypted_ = false, open_ = true, over_ = false;
};

std::unique_ptr<Stream> scripted_stream(World& world, const Server& server, IpEndpoint peer) { return std::make_unique<ScriptedStream>(world, server, std::move(peer)); }

}
