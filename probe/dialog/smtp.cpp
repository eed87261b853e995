// Message submission (RFC 6409, RFC 5321, RFC 4954, RFC 3207), as far as reaching, securing and signing in go. No mail is sent.
//
//   connect -> [TLS] -> 220 -> EHLO -> [STARTTLS -> 220 -> TLS -> EHLO] -> [AUTH -> [MAIL -> RSET]] -> QUIT
//                       554, 421 -> rejected
#include "probe/dialog/talk.hpp"

#include <cctype>

namespace portolan {

namespace {

struct Reply {
    int code = 0;
    std::vector<std::string> lines;            ///< without code and separator
    std::string text() const
    {
        std::string all = std::to_string(code);
        for (const auto& line : lines) all += " " + line;
        return all;
    }
};

class Smtp {
public:
    explicit Smtp(Talk& talk) : talk_(talk) {}

    Task<Outcome<void>> run()
    {
        const auto& endpoint = talk_.plan.endpoint;
        if (endpoint.security == Security::tls) {
            auto secured = co_await talk_.start_tls();
            if (!secured) co_return secured;
        }
        auto greeted = co_await greeting();
        if (!greeted) co_return greeted;
        auto asked = co_await ehlo();
        if (!asked) co_return asked;
        if (endpoint.security == Security::starttls) {
            if (!offers("STARTTLS")) co_return no_starttls(talk_, capabilities_);
            talk_.heard.offered_in_clear = std::ranges::any_of(capabilities_, [](const std::string& one) { return one.starts_with("AUTH"); });
            auto go = co_await command("STARTTLS", Stage::starttls);
            if (!go) co_return std::unexpected(go.error());
            if (go->code != 220) co_return fails(Stage::starttls, Cause::rejected, go->text(), kind_of_no(*go));
            auto secured = co_await talk_.start_tls();
            if (!secured) co_return secured;
            auto again = co_await ehlo();                              // RFC 3207 §4.2: forget the first answer
            if (!again) co_return again;
        }
        publish();
        if (!talk_.plan.credentials) co_return Outcome<void>{};
        auto done = co_await sign_in();
        if (done && has_time_to_look(talk_) && !talk_.plan.sender.empty())
            (void)co_await with_deadline(talk_.clock, *talk_.plan.look_inside_until, Stage::request, try_sender());
        co_return done;
    }

    Task<void> goodbye(bool wait)
    {
        if (!greeted_) co_return;
        if (co_await talk_.say("QUIT", Stage::goodbye) && wait) (void)co_await talk_.line(Stage::goodbye, 1s);
    }

private:
    static bool is_reply_line(std::string_view line)
    {
        return line.size() >= 3 && std::ranges::all_of(line.substr(0, 3), [](unsigned char c) { return std::isdigit(c); }) && (line.size() == 3 || line[3] == ' ' || line[3] == '-');
    }

    /// Every line of one reply carries the same code (RFC 5321 §4.2.1).
    Task<Outcome<Reply>> reply(Stage stage, milliseconds limit)
    {
        Reply whole;
        for (int i = 0; i < 200; ++i) {
            auto line = co_await talk_.line(stage, limit);
            if (!line) co_return std::unexpected(line.error());
            if (!is_reply_line(*line)) {
                if (stage == Stage::greeting) co_return no_greeting(talk_, ServiceKind::smtp, *line);
                co_return fails(stage, Cause::broke_protocol, *line);
            }
            const int code = std::stoi(line->substr(0, 3));
            if (whole.code != 0 && code != whole.code) co_return fails(stage, Cause::broke_protocol, *line, Detail::wrong_reply_code);
            whole.code = code;
            whole.lines.push_back(line->size() > 4 ? line->substr(4) : std::string());
            if (line->size() == 3 || (*line)[3] == ' ') co_return whole;
        }
        co_return fails(stage, Cause::too_much, {}, Detail::endless_lines);
    }

    /// A server that says no to STARTTLS, or to anything (RFC 5321 §4.2.2: 500 is "unrecognized", 502 "not implemented").
    static Detail kind_of_no(const Reply& reply)
    {
        if (is_overwritten(reply.text())) return Detail::hidden_by_firewall;
        if (reply.code < 400) return Detail::no_go_ahead;
        if (reply.code < 500) return Detail::refused_for_now;
        return reply.code == 500 ? Detail::unknown_command : Detail::refused;
    }

    Task<Outcome<Reply>> command(std::string text, Stage stage)
    {
        if (auto early = talk_.nothing_early(stage); !early) co_return std::unexpected(early.error());
        auto said = co_await talk_.say(std::move(text), stage);
        if (!said) co_return std::unexpected(said.error());
        co_return co_await reply(stage, talk_.plan.step_limit);
    }

    Task<Outcome<void>> greeting()
    {
        auto first = co_await reply(Stage::greeting, talk_.plan.greeting_limit);
        if (!first) co_return std::unexpected(first.error());
        talk_.heard.greeting = first->text();
        if (first->code == 220) {
            greeted_ = true;
            co_return Outcome<void>{};
        }
        if (first->code < 400) co_return fails(Stage::greeting, Cause::broke_protocol, first->text(), Detail::wrong_reply_code);
        co_return fails(Stage::greeting, Cause::rejected, first->text(), kind_of_dismissal(first->text()));
    }

    Task<Outcome<void>> ehlo()
    {
        capabilities_.clear();
        auto answered = co_await command("EHLO [127.0.0.1]", Stage::capability);
        if (!answered) co_return std::unexpected(answered.error());
        if (answered->code < 400 && answered->code != 250) co_return fails(Stage::capability, Cause::broke_protocol, answered->text(), Detail::wrong_reply_code);
        if (answered->code != 250) {
            // 500 to 504: it does not know the question (RFC 5321 §4.3.2). Everything else is meant for the one who asks.
            if (answered->code >= 500 && answered->code <= 504) co_return talk_.knows_nothing(answered->text());
            const auto kind = kind_of_dismissal(answered->text());
            co_return fails(Stage::capability, Cause::rejected, answered->text(), kind == Detail::none ? Detail::refused : kind);
        }
        for (std::size_t i = 1; i < answered->lines.size(); ++i) capabilities_.push_back(upper_case(answered->lines[i]));
        co_return Outcome<void>{};
    }

    bool offers(std::string_view word) const
    {
        return std::ranges::any_of(capabilities_, [&](const std::string& line) { return starts_with_word(line, word); });
    }

    void publish()
    {
        if (!talk_.channel.encrypted() && talk_.plan.endpoint.security != Security::plaintext) return;
        talk_.heard.capabilities = capabilities_;
        std::vector<std::string> names;
        for (const auto& line : capabilities_) {
            // "AUTH=LOGIN": how servers from before RFC 2554 wrote it, still repeated by many for old Outlook.
            if (starts_with_word(line, "AUTH")) std::ranges::copy(words_of(line.substr(4)), std::back_inserter(names));
            else if (line.starts_with("AUTH=")) std::ranges::copy(words_of(line.substr(5)), std::back_inserter(names));
        }
        talk_.heard.mechanisms = mechanisms_among(names);
    }

    Task<Outcome<void>> sign_in()
    {
        if (auto allowed = may_sign_in(talk_); !allowed) co_return allowed;
        mask_secrets(talk_);
        const auto mechanism = mechanism_for(talk_);
        if (!mechanism) co_return fails(Stage::sign_in, Cause::not_offered, talk_.heard.greeting);
        auto sasl = Sasl::start(*mechanism, *talk_.plan.credentials);
        if (!sasl) co_return fails(Stage::sign_in, Cause::our_bug);
        if (auto early = talk_.nothing_early(Stage::sign_in); !early) co_return early;
        talk_.heard.tried_with = mechanism;
        const auto shown = "AUTH " + std::string(sasl_name(*mechanism));
        auto line = shown;
        const bool initial = sasl->client_first();
        if (initial) {
            auto first = sasl->step({});
            if (!first) co_return std::unexpected(first.error());
            line += ' ';
            append_secret(line, first->empty() ? std::string("=") : base64(*first));
            wipe(*first);
            talk_.heard.password_judged = !sasl->proves();
        }
        auto said = initial ? co_await talk_.say_secret(std::move(line), shown, Stage::sign_in) : co_await talk_.say(std::move(line), Stage::sign_in);
        if (!said) co_return said;
        auto done = co_await sasl_exchange(talk_, std::move(*sasl), initial, [this]() { return turn(); });
        if (done) talk_.heard.signed_in_with = *mechanism;
        co_return done;
    }

    /// May this address send? MAIL and RSET: no recipient is named, so that there is no message yet (RFC 5321 §3.3 and §4.1.1.5).
    Task<Outcome<void>> try_sender()
    {
        auto named = co_await command("MAIL FROM:<" + talk_.plan.sender + ">", Stage::request);
        if (!named) co_return std::unexpected(named.error());
        // 550 to 559 are about mailbox and policy; 500 to 504 say that the command is not understood (RFC 5321 §4.3.2).
        if (named->code >= 550 && named->code < 560) talk_.heard.sender = Failure{Stage::request, Cause::rejected, named->text(), Detail::none};
        auto undone = co_await command("RSET", Stage::request);
        if (!undone) co_return std::unexpected(undone.error());
        co_return Outcome<void>{};
    }

    Task<Outcome<SaslTurn>> turn()
    {
        auto answered = co_await reply(Stage::sign_in, talk_.plan.step_limit);
        if (!answered) co_return std::unexpected(answered.error());
        if (answered->code == 334) co_return SaslTurn{true, false, answered->lines.front()};
        if (answered->code == 235) co_return SaslTurn{false, true, answered->text()};
        if (answered->code >= 400) co_return SaslTurn{false, false, answered->text()};
        co_return fails(Stage::sign_in, Cause::broke_protocol, answered->text(), Detail::wrong_reply_code);
    }

    Talk& talk_;
    std::vector<std::string> capabilities_;
    bool greeted_ = false;
};

}

Task<Conversation> smtp_dialog(Channel& channel, Clock& clock, DialogPlan plan)
{
    Conversation heard;
    Talk talk{channel, clock, plan, heard};
    Smtp smtp(talk);
    heard.outcome = co_await smtp.run();
    mask_words(talk);
    co_await ask_the_silent(talk, ServiceKind::smtp, "QUIT");
    if (is_orderly(heard.outcome)) co_await smtp.goodbye(heard.sign_in_tried);
    conclude(talk);
    co_return heard;
}

Task<Conversation> mail_dialog(ServiceKind kind, Channel& channel, Clock& clock, DialogPlan plan)
{
    if (kind == ServiceKind::imap) return imap_dialog(channel, clock, std::move(plan));
    if (kind == ServiceKind::pop3) return pop3_dialog(channel, clock, std::move(plan));
    return smtp_dialog(channel, clock, std::move(plan));
}

}
