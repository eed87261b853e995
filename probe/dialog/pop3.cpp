// POP3 (RFC 1939, RFC 2449, RFC 2595, RFC 5034), as far as reaching, securing and signing in go.
//
//   connect -> [TLS] -> +OK  -> CAPA -> [STLS -> TLS -> CAPA] -> [AUTH | USER, PASS] -> QUIT
//                       -ERR -> rejected
#include "probe/dialog/talk.hpp"

namespace portolan {

namespace {

class Pop3 {
public:
    explicit Pop3(Talk& talk) : talk_(talk) {}

    Task<Outcome<void>> run()
    {
        const auto& endpoint = talk_.plan.endpoint;
        if (endpoint.security == Security::tls) {
            auto secured = co_await talk_.start_tls();
            if (!secured) co_return secured;
        }
        auto line = co_await talk_.line(Stage::greeting, talk_.plan.greeting_limit);
        if (!line) co_return std::unexpected(line.error());
        talk_.heard.greeting = *line;
        if (starts_with_word(*line, "-ERR")) co_return fails(Stage::greeting, Cause::rejected, *line, kind_of_dismissal(*line));
        if (!starts_with_word(*line, "+OK")) co_return no_greeting(talk_, ServiceKind::pop3, *line);
        greeted_ = true;
        auto asked = co_await ask_capabilities();
        if (!asked) co_return asked;
        if (endpoint.security == Security::starttls) {
            auto secured = co_await stls();
            if (!secured) co_return secured;
        }
        publish();
        if (talk_.plan.credentials) co_return co_await sign_in();
        co_return Outcome<void>{};
    }

    Task<void> goodbye(bool wait)
    {
        if (!greeted_) co_return;
        if (co_await talk_.say("QUIT", Stage::goodbye) && wait) (void)co_await talk_.line(Stage::goodbye, 1s);
    }

private:
    /// true: +OK, false: -ERR; anything else breaks the protocol.
    Task<Outcome<bool>> status(Stage stage)
    {
        auto line = co_await talk_.line(stage);
        if (!line) co_return std::unexpected(line.error());
        last_ = *line;
        if (starts_with_word(*line, "+OK")) co_return true;
        if (starts_with_word(*line, "-ERR")) co_return false;
        // "+ go on": neither yes nor no.
        co_return fails(stage, Cause::broke_protocol, *line, stage == Stage::starttls && starts_with_word(*line, "+") ? Detail::no_go_ahead : Detail::none);
    }

    Task<Outcome<bool>> command(std::string text, Stage stage)
    {
        if (auto early = talk_.nothing_early(stage); !early) co_return std::unexpected(early.error());
        auto said = co_await talk_.say(std::move(text), stage);
        if (!said) co_return std::unexpected(said.error());
        co_return co_await status(stage);
    }

    Task<Outcome<void>> ask_capabilities()
    {
        capabilities_.clear();
        known_ = false;
        auto listed = co_await command("CAPA", Stage::capability);
        if (!listed) co_return std::unexpected(listed.error());
        if (!*listed) co_return Outcome<void>{};                       // a server from before RFC 2449: USER and PASS are all it has
        known_ = true;
        for (int i = 0; i < 200; ++i) {
            auto line = co_await talk_.line(Stage::capability);
            if (!line) co_return std::unexpected(line.error());
            if (*line == ".") co_return Outcome<void>{};
            capabilities_.push_back(upper_case(*line));
        }
        co_return fails(Stage::capability, Cause::too_much, {}, Detail::endless_lines);
    }

    bool offers(std::string_view word) const
    {
        return std::ranges::any_of(capabilities_, [&](const std::string& line) { return starts_with_word(line, word); });
    }

    Task<Outcome<void>> stls()
    {
        // Without CAPA the promise of the settings stands alone: ask, and take no for an answer.
        if (known_ && !offers("STLS")) co_return no_starttls(talk_, capabilities_);
        auto answered = co_await command("STLS", Stage::starttls);
        if (!answered) co_return std::unexpected(answered.error());
        if (!*answered) co_return fails(Stage::starttls, Cause::rejected, last_, kind_of_no());
        auto secured = co_await talk_.start_tls();
        if (!secured) co_return secured;
        co_return co_await ask_capabilities();                         // what was heard in clear is forgotten (RFC 2595 §4)
    }

    /// POP3 has one word for "no" and for "what?": a server that listed STLS knows it, one without a list knows neither.
    Detail kind_of_no() const
    {
        if (is_overwritten(last_)) return Detail::hidden_by_firewall;
        if (is_temporary(last_)) return Detail::refused_for_now;
        return known_ ? Detail::refused : Detail::unknown_command;
    }

    void publish()
    {
        if (!talk_.channel.encrypted() && talk_.plan.endpoint.security != Security::plaintext) return;
        talk_.heard.capabilities = capabilities_;
        std::vector<std::string> names;
        for (const auto& line : capabilities_)
            if (starts_with_word(line, "SASL")) names = words_of(line.substr(4));
        talk_.heard.mechanisms = mechanisms_among(names);
        if (!known_ || offers("USER")) talk_.heard.mechanisms.push_back(Mechanism::native);
    }

    Task<Outcome<void>> sign_in()
    {
        if (auto allowed = may_sign_in(talk_); !allowed) co_return allowed;
        mask_secrets(talk_);
        if (const auto mechanism = mechanism_for(talk_)) co_return co_await authenticate(*mechanism);
        if (talk_.heard.mechanisms.empty() || talk_.heard.mechanisms.back() != Mechanism::native) co_return fails(Stage::sign_in, Cause::not_offered, talk_.heard.greeting);
        co_return co_await user_pass();
    }

    Task<Outcome<void>> authenticate(Mechanism mechanism)
    {
        auto sasl = Sasl::start(mechanism, *talk_.plan.credentials);
        if (!sasl) co_return fails(Stage::sign_in, Cause::our_bug);
        if (auto early = talk_.nothing_early(Stage::sign_in); !early) co_return early;
        talk_.heard.tried_with = mechanism;
        auto said = co_await talk_.say("AUTH " + std::string(sasl_name(mechanism)), Stage::sign_in);
        if (!said) co_return said;
        auto done = co_await sasl_exchange(talk_, std::move(*sasl), false, [this]() { return turn(); });
        if (done) talk_.heard.signed_in_with = mechanism;
        co_return done;
    }

    Task<Outcome<SaslTurn>> turn()
    {
        auto line = co_await talk_.line(Stage::sign_in);
        if (!line) co_return std::unexpected(line.error());
        if (starts_with_word(*line, "+OK")) co_return SaslTurn{false, true, *line};
        if (starts_with_word(*line, "-ERR")) co_return SaslTurn{false, false, *line};
        if (line->starts_with("+")) co_return SaslTurn{true, false, line->size() > 2 ? line->substr(2) : std::string()};
        co_return fails(Stage::sign_in, Cause::broke_protocol, *line);
    }

    Task<Outcome<void>> user_pass()
    {
        const auto& credentials = *talk_.plan.credentials;
        talk_.heard.tried_with = Mechanism::native;
        auto named = co_await command("USER " + credentials.username, Stage::sign_in);
        if (!named) co_return std::unexpected(named.error());
        talk_.heard.sign_in_tried = true;
        bool accepted = *named;
        if (accepted) {
            talk_.heard.password_judged = true;
            std::string line = "PASS ";
            append_secret(line, std::string(credentials.password.reveal()));
            auto said = co_await talk_.say_secret(std::move(line), "PASS", Stage::sign_in);
            if (!said) co_return said;
            auto answered = co_await status(Stage::sign_in);
            if (!answered) co_return std::unexpected(answered.error());
            accepted = *answered;
        }
        if (!accepted) {
            talk_.heard.refusal = last_;
            wipe(last_);
            co_return fails(Stage::sign_in, Cause::rejected, talk_.heard.refusal);
        }
        talk_.heard.signed_in_with = Mechanism::native;
        co_return Outcome<void>{};
    }

    Talk& talk_;
    std::vector<std::string> capabilities_;
    std::string last_;
    bool known_ = false, greeted_ = false;
};

}

Task<Conversation> pop3_dialog(Channel& channel, Clock& clock, DialogPlan plan)
{
    Conversation heard;
    Talk talk{channel, clock, plan, heard};
    Pop3 pop3(talk);
    heard.outcome = co_await pop3.run();
    mask_words(talk);
    co_await ask_the_silent(talk, ServiceKind::pop3, "QUIT");
    if (is_orderly(heard.outcome)) co_await pop3.goodbye(heard.sign_in_tried);
    conclude(talk);
    co_return heard;
}

}
