// IMAP4rev1 and rev2 (RFC 3501, RFC 9051), as far as reaching, securing and signing in go.
//
//   connect -> [TLS] -> * OK            -> CAPABILITY -> [STARTTLS -> TLS -> CAPABILITY] -> [AUTHENTICATE | LOGIN] -> LOGOUT
//                       * BYE           -> rejected
//                       * PREAUTH       -> in clear: stop (nothing said so far can be trusted); inside TLS: no sign-in is possible
#include "probe/dialog/talk.hpp"

namespace portolan {

namespace {

struct Tagged {
    std::string status;                        ///< OK, NO, BAD
    std::string text;                          ///< the whole tagged line after the tag
    std::vector<std::string> untagged;
};

class Imap {
public:
    explicit Imap(Talk& talk) : talk_(talk) {}

    Task<Outcome<void>> run()
    {
        const auto& endpoint = talk_.plan.endpoint;
        if (endpoint.security == Security::tls) {
            auto secured = co_await talk_.start_tls();
            if (!secured) co_return secured;
        }
        auto greeted = co_await greeting();
        if (!greeted) co_return greeted;
        if (capabilities_.empty() || endpoint.security == Security::starttls) {
            auto asked = co_await ask_capabilities();
            if (!asked) co_return asked;
        }
        if (endpoint.security == Security::starttls) {
            auto secured = co_await starttls();
            if (!secured) co_return secured;
        }
        publish();
        if (talk_.plan.credentials) co_return co_await sign_in();
        co_return Outcome<void>{};
    }

    Task<void> goodbye(bool wait)
    {
        if (!greeted_) co_return;
        if (!co_await talk_.say(tag() + " LOGOUT", Stage::goodbye) || !wait) co_return;
        for (int i = 0; i < 20; ++i) {
            auto line = co_await talk_.line(Stage::goodbye, 1s);
            if (!line || line->starts_with(tag_)) co_return;
        }
    }

private:
    std::string tag()
    {
        tag_ = "p" + std::to_string(++count_);
        return tag_;
    }

    Task<Outcome<void>> greeting()
    {
        auto line = co_await talk_.line(Stage::greeting, talk_.plan.greeting_limit);
        if (!line) co_return std::unexpected(line.error());
        talk_.heard.greeting = *line;
        if (starts_with_word(*line, "* OK")) {
            greeted_ = true;
            take_capability_code(*line);
            co_return Outcome<void>{};
        }
        if (starts_with_word(*line, "* BYE")) co_return fails(Stage::greeting, Cause::rejected, *line);
        if (starts_with_word(*line, "* PREAUTH")) {
            // Before TLS the answer to STARTTLS could never come: a classic stripping attack (RFC 9051 §7.1.4).
            if (talk_.channel.encrypted()) {
                greeted_ = preauthenticated_ = true;
                co_return Outcome<void>{};
            }
            co_return fails(Stage::greeting, Cause::broke_protocol, *line);
        }
        talk_.heard.other_protocol = protocol_of_greeting(*line);
        co_return fails(Stage::greeting, cause_of_greeting(*line), *line);
    }

    /// One command, up to its tagged answer. An untagged BYE, a foreign tag or a continuation nobody asked for ends it.
    Task<Outcome<Tagged>> command(std::string text, Stage stage)
    {
        auto said = co_await talk_.say(tag() + " " + text, stage);
        if (!said) co_return std::unexpected(said.error());
        co_return co_await answer(stage);
    }

    Task<Outcome<Tagged>> answer(Stage stage)
    {
        Tagged tagged;
        for (int i = 0; i < 200; ++i) {
            auto line = co_await talk_.line(stage);
            if (!line) co_return std::unexpected(line.error());
            if (line->starts_with("* ")) {
                if (starts_with_word(*line, "* BYE")) co_return dismissed(stage, *line);
                tagged.untagged.push_back(*line);
                continue;
            }
            if (line->starts_with(tag_ + " ")) {
                tagged.text = line->substr(tag_.size() + 1);
                tagged.status = upper_case(tagged.text.substr(0, tagged.text.find(' ')));
                if (tagged.status != "OK" && tagged.status != "NO" && tagged.status != "BAD") co_return fails(stage, Cause::broke_protocol, *line);
                co_return tagged;
            }
            co_return fails(stage, Cause::broke_protocol, *line);
        }
        co_return fails(stage, Cause::too_much);
    }

    /// The server ends the connection and says why (RFC 9051 §7.1.5); no answer and no goodbye follows.
    std::unexpected<Failure> dismissed(Stage stage, const std::string& words)
    {
        greeted_ = false;
        if (stage == Stage::sign_in) talk_.heard.refusal = words;
        return fails(stage, Cause::rejected, words);
    }

    void take_capability_code(std::string_view line)
    {
        const auto at = upper_case(line).find("[CAPABILITY ");
        if (at == std::string::npos) return;
        const auto end = line.find(']', at);
        if (end != std::string_view::npos) take_capabilities(line.substr(at + 12, end - at - 12));
    }

    void take_capabilities(std::string_view list)
    {
        capabilities_ = words_of(list);
        for (auto& word : capabilities_) word = upper_case(word);
    }

    Task<Outcome<void>> ask_capabilities()
    {
        auto answered = co_await command("CAPABILITY", Stage::capability);
        if (!answered) co_return std::unexpected(answered.error());
        if (answered->status != "OK") co_return fails(Stage::capability, Cause::rejected, answered->text);
        bool listed = false;
        for (const auto& line : answered->untagged)
            if (starts_with_word(line, "* CAPABILITY")) {
                take_capabilities(std::string_view(line).substr(12));
                listed = true;
            }
        if (!listed) co_return fails(Stage::capability, Cause::broke_protocol, answered->text);
        co_return Outcome<void>{};
    }

    bool offers(std::string_view word) const { return std::ranges::find(capabilities_, word) != capabilities_.end(); }

    Task<Outcome<void>> starttls()
    {
        if (!offers("STARTTLS")) co_return fails(Stage::starttls, Cause::not_offered, talk_.heard.greeting);
        auto answered = co_await command("STARTTLS", Stage::starttls);
        if (!answered) co_return std::unexpected(answered.error());
        if (answered->status != "OK") co_return fails(Stage::starttls, Cause::rejected, answered->text);
        auto secured = co_await talk_.start_tls();
        if (!secured) co_return secured;
        capabilities_.clear();                                         // heard in clear: forget it (RFC 9051 §11.1)
        co_return co_await ask_capabilities();
    }

    void publish()
    {
        if (!talk_.channel.encrypted() && talk_.plan.endpoint.security != Security::plaintext) return;
        talk_.heard.capabilities = capabilities_;
        std::vector<std::string> names;
        for (const auto& word : capabilities_)
            if (word.starts_with("AUTH=")) names.push_back(word.substr(5));
        talk_.heard.mechanisms = mechanisms_among(names);
        if (!offers("LOGINDISABLED")) talk_.heard.mechanisms.push_back(Mechanism::native);
    }

    Task<Outcome<void>> sign_in()
    {
        if (auto allowed = may_sign_in(talk_); !allowed) co_return allowed;
        if (preauthenticated_) co_return fails(Stage::sign_in, Cause::broke_protocol, talk_.heard.greeting);
        mask_secrets(talk_);
        if (const auto mechanism = choose_mechanism(talk_.heard.mechanisms, talk_.plan.preferred)) co_return co_await authenticate(*mechanism);
        if (offers("LOGINDISABLED")) co_return fails(Stage::sign_in, Cause::not_offered, talk_.heard.greeting);
        co_return co_await login();
    }

    Task<Outcome<void>> authenticate(Mechanism mechanism)
    {
        auto sasl = Sasl::start(mechanism, *talk_.plan.credentials);
        if (!sasl) co_return fails(Stage::sign_in, Cause::our_bug);
        const bool initial = offers("SASL-IR") && sasl->client_first();
        auto command = tag() + " AUTHENTICATE " + std::string(sasl_name(mechanism));
        const auto shown = command;
        if (initial) {
            auto first = sasl->step({});
            if (!first) co_return std::unexpected(first.error());
            command += ' ';
            append_secret(command, first->empty() ? std::string("=") : base64(*first));
            wipe(*first);
        }
        auto said = initial ? co_await talk_.say_secret(std::move(command), shown, Stage::sign_in) : co_await talk_.say(std::move(command), Stage::sign_in);
        if (!said) co_return said;
        auto done = co_await sasl_exchange(talk_, std::move(*sasl), initial, [this]() { return turn(); });
        if (done) talk_.heard.signed_in_with = mechanism;
        co_return done;
    }

    Task<Outcome<SaslTurn>> turn()
    {
        for (int i = 0; i < 100; ++i) {
            auto line = co_await talk_.line(Stage::sign_in);
            if (!line) co_return std::unexpected(line.error());
            if (line->starts_with("+")) co_return SaslTurn{true, false, line->size() > 2 ? line->substr(2) : std::string()};
            if (starts_with_word(*line, "* BYE")) co_return dismissed(Stage::sign_in, *line);
            if (line->starts_with("* ")) continue;
            if (!line->starts_with(tag_ + " ")) co_return fails(Stage::sign_in, Cause::broke_protocol, *line);
            const auto text = line->substr(tag_.size() + 1);
            co_return SaslTurn{false, starts_with_word(text, "OK"), text};
        }
        co_return fails(Stage::sign_in, Cause::too_much);
    }

    /// LOGIN takes a quoted string, which holds neither 8-bit octets nor line ends (RFC 9051 §4.3); those names go by AUTHENTICATE or not at all.
    static std::optional<std::string> quoted(std::string_view text)
    {
        std::string out;
        out.reserve(2 * text.size() + 2);                              // no growing: each time a piece of a password would stay behind
        out += '"';
        for (const unsigned char c : text) {
            if (c < 0x20 || c >= 0x7f) return std::nullopt;
            if (c == '"' || c == '\\') out += '\\';
            out += static_cast<char>(c);
        }
        out += '"';
        return out;
    }

    Task<Outcome<void>> login()
    {
        const auto& credentials = *talk_.plan.credentials;
        const auto name = quoted(credentials.username);
        auto password = quoted(credentials.password.reveal());
        if (!name || !password) co_return fails(Stage::sign_in, Cause::bad_value);
        talk_.channel.transcript().never_store(std::string_view(*password).substr(1, password->size() - 2));
        auto line = tag() + " LOGIN " + *name + " ";
        append_secret(line, std::move(*password));
        auto said = co_await talk_.say_secret(std::move(line), tag_ + " LOGIN", Stage::sign_in);
        if (!said) co_return said;
        auto answered = co_await answer(Stage::sign_in);
        if (!answered) co_return std::unexpected(answered.error());
        if (answered->status != "OK") {
            talk_.heard.refusal = answered->text;
            co_return fails(Stage::sign_in, Cause::rejected, answered->text);
        }
        talk_.heard.signed_in_with = Mechanism::native;
        co_return Outcome<void>{};
    }

    Talk& talk_;
    std::vector<std::string> capabilities_;
    std::string tag_;
    int count_ = 0;
    bool greeted_ = false, preauthenticated_ = false;
};

}

Task<Conversation> imap_dialog(Channel& channel, Clock& clock, DialogPlan plan)
{
    Conversation heard;
    Talk talk{channel, clock, plan, heard};
    Imap imap(talk);
    heard.outcome = co_await imap.run();
    if (is_orderly(heard.outcome)) co_await imap.goodbye(heard.sign_in_tried);
    conclude(talk);
    co_return heard;
}

}
