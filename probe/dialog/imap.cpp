// IMAP4rev1 and rev2 (RFC 3501, RFC 9051), as far as reaching, securing and signing in go.
//
//   connect -> [TLS] -> * OK            -> CAPABILITY -> [STARTTLS -> TLS -> CAPABILITY] -> [AUTHENTICATE | LOGIN -> [SELECT]] -> LOGOUT
//                       * BYE           -> rejected
//                       * PREAUTH       -> in clear: stop (nothing said so far can be trusted); inside TLS: no sign-in is possible
#include "probe/dialog/imap_words.hpp"

namespace portolan {

namespace {

constexpr std::size_t biggest_literal = 16 * 1024;

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
        if (!talk_.plan.credentials) co_return Outcome<void>{};
        auto done = co_await sign_in();
        if (done && has_time_to_look(talk_)) (void)co_await with_deadline(talk_.clock, *talk_.plan.look_inside_until, Stage::request, look_inside());
        co_return done;
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
        if (starts_with_word(*line, "* BYE")) co_return fails(Stage::greeting, Cause::rejected, *line, kind_of_dismissal(*line));
        if (starts_with_word(*line, "* PREAUTH")) {
            // Before TLS the answer to STARTTLS could never come: a classic stripping attack (RFC 9051 §7.1.4).
            if (talk_.channel.encrypted()) {
                greeted_ = preauthenticated_ = true;
                co_return Outcome<void>{};
            }
            co_return fails(Stage::greeting, Cause::broke_protocol, *line, Detail::preauth_in_clear);
        }
        co_return no_greeting(talk_, ServiceKind::imap, *line);
    }

    /// One command, up to its tagged answer. An untagged BYE, a foreign tag or a continuation nobody asked for ends it.
    Task<Outcome<Tagged>> command(std::string text, Stage stage)
    {
        auto line = tag() + " " + text;
        if (auto early = no_early_answer(stage); !early) co_return std::unexpected(early.error());
        auto said = co_await talk_.say(std::move(line), stage);
        if (!said) co_return std::unexpected(said.error());
        co_return co_await answer(stage);
    }

    /// The answer to a command stands here before the command was given: somebody guessed its tag. Untagged lines may come at any time (RFC 9051 §7).
    Outcome<void> no_early_answer(Stage stage)
    {
        const auto waiting = talk_.channel.pending();
        if (!waiting.starts_with(tag_ + " ") && waiting.find("\n" + tag_ + " ") == std::string_view::npos) return {};
        return fails(stage, Cause::broke_protocol, talk_.channel.unread(), Detail::early_reply);
    }

    /// A line, with the literals in it as they stand. A literal is announced at the end of a line (RFC 9051 §4.3) that is data: the text of
    /// a status response has none (resp-text, §9).
    Task<Outcome<std::string>> line(Stage stage)
    {
        auto whole = co_await talk_.line(stage);
        if (!whole || !whole->starts_with("* ")) co_return whole;
        for (const auto* status : {"* OK", "* NO", "* BAD", "* BYE", "* PREAUTH"})
            if (starts_with_word(*whole, status)) co_return whole;
        for (int literals = 0; literals < 20; ++literals) {
            const auto size = announced_literal(*whole);
            if (!size) co_return whole;
            if (*size > biggest_literal) co_return fails(stage, Cause::too_much, *whole, Detail::giant_literal);
            auto octets = co_await talk_.octets(*size, stage);
            if (!octets) co_return octets;
            auto rest = co_await talk_.line(stage);
            if (!rest) co_return rest;
            *whole += *octets + *rest;
            if (whole->size() > biggest_literal) co_return fails(stage, Cause::too_much, whole->substr(0, 200), Detail::endless_line);
        }
        co_return fails(stage, Cause::too_much, whole->substr(0, 200), Detail::endless_line);
    }

    /// A line that is neither data nor the answer: what is it called?
    Detail kind_of_foreign(std::string_view text, Stage stage) const
    {
        if (text.starts_with('+')) return stage == Stage::starttls ? Detail::no_go_ahead : Detail::none;
        const auto words = words_of(text.substr(0, 200));
        if (words.size() < 2) return Detail::none;
        const auto status = upper_case(words[1]);
        if (status != "OK" && status != "NO" && status != "BAD") return Detail::none;
        // A tag of ours that is spent is an answer too many; every other one belongs to a command that was not given.
        for (int spent = 1; spent < count_; ++spent)
            if (words[0] == "p" + std::to_string(spent)) return Detail::none;
        return Detail::early_reply;
    }

    Task<Outcome<Tagged>> answer(Stage stage)
    {
        Tagged tagged;
        for (int i = 0; i < 200; ++i) {
            auto line = co_await this->line(stage);
            if (!line) co_return std::unexpected(line.error());
            if (line->starts_with("* ")) {
                if (starts_with_word(*line, "* BYE")) co_return dismissed(stage, *line);
                tagged.untagged.push_back(*line);
                continue;
            }
            if (line->starts_with(tag_ + " ")) {
                tagged.text = line->substr(tag_.size() + 1);
                tagged.status = upper_case(tagged.text.substr(0, tagged.text.find(' ')));
                if (tagged.status != "OK" && tagged.status != "NO" && tagged.status != "BAD")
                    co_return fails(stage, Cause::broke_protocol, *line, Detail::wrong_reply_code);
                co_return tagged;
            }
            co_return fails(stage, Cause::broke_protocol, *line, kind_of_foreign(*line, stage));
        }
        co_return fails(stage, Cause::too_much, {}, Detail::endless_lines);
    }

    /// The server ends the connection and says why (RFC 9051 §7.1.5); no answer and no goodbye follows.
    std::unexpected<Failure> dismissed(Stage stage, const std::string& words)
    {
        greeted_ = false;
        if (stage == Stage::sign_in) talk_.heard.refusal = words;
        auto kind = stage == Stage::sign_in ? Detail::none : kind_of_dismissal(words);
        if (kind == Detail::none && stage == Stage::starttls) kind = Detail::refused;
        return fails(stage, Cause::rejected, words, kind);
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
        if (answered->status == "BAD") co_return talk_.knows_nothing(answered->text);
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
        if (!offers("STARTTLS")) co_return no_starttls(talk_, capabilities_);
        talk_.heard.offered_in_clear = !offers("LOGINDISABLED");       // RFC 9051 §6.2.3: it should stand there
        auto answered = co_await command("STARTTLS", Stage::starttls);
        if (!answered) co_return std::unexpected(answered.error());
        if (answered->status != "OK") {
            const auto& no = answered->text;
            const auto kind = is_overwritten(no)            ? Detail::hidden_by_firewall
                              : is_temporary(no)            ? Detail::refused_for_now
                              : answered->status == "BAD" ? Detail::unknown_command
                                                            : Detail::refused;
            co_return fails(Stage::starttls, Cause::rejected, no, kind);
        }
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
        if (const auto mechanism = mechanism_for(talk_)) co_return co_await authenticate(*mechanism);
        if (offers("LOGINDISABLED")) co_return fails(Stage::sign_in, Cause::not_offered, talk_.heard.greeting);
        co_return co_await login();
    }

    Task<Outcome<void>> authenticate(Mechanism mechanism)
    {
        auto sasl = Sasl::start(mechanism, *talk_.plan.credentials);
        if (!sasl) co_return fails(Stage::sign_in, Cause::our_bug);
        talk_.heard.tried_with = mechanism;
        const bool initial = offers("SASL-IR") && sasl->client_first();
        auto command = tag() + " AUTHENTICATE " + std::string(sasl_name(mechanism));
        const auto shown = command;
        if (initial) {
            auto first = sasl->step({});
            if (!first) co_return std::unexpected(first.error());
            command += ' ';
            append_secret(command, first->empty() ? std::string("=") : base64(*first));
            wipe(*first);
            talk_.heard.password_judged = !sasl->proves();
        }
        auto said = initial ? co_await talk_.say_secret(std::move(command), shown, Stage::sign_in) : co_await talk_.say(std::move(command), Stage::sign_in);
        if (!said) co_return said;
        std::string words;
        auto done = co_await sasl_exchange(talk_, std::move(*sasl), initial, [this, &words]() { return turn(words); });
        if (done) signed_in(words, mechanism);
        co_return done;
    }

    Task<Outcome<SaslTurn>> turn(std::string& words)
    {
        auto next = co_await turn();
        if (next) words = next->text;
        co_return next;
    }

    Task<Outcome<SaslTurn>> turn()
    {
        for (int i = 0; i < 100; ++i) {
            auto line = co_await this->line(Stage::sign_in);
            if (!line) co_return std::unexpected(line.error());
            if (line->starts_with("+")) co_return SaslTurn{true, false, line->size() > 2 ? line->substr(2) : std::string()};
            if (starts_with_word(*line, "* BYE")) co_return dismissed(Stage::sign_in, *line);
            if (line->starts_with("* ")) continue;
            if (!line->starts_with(tag_ + " ")) co_return fails(Stage::sign_in, Cause::broke_protocol, *line, kind_of_foreign(*line, Stage::sign_in));
            const auto text = line->substr(tag_.size() + 1);
            co_return SaslTurn{false, starts_with_word(text, "OK"), text};
        }
        co_return fails(Stage::sign_in, Cause::too_much, {}, Detail::endless_lines);
    }

    static std::string announcing(std::string_view text) { return "{" + std::to_string(text.size()) + "}"; }

    /// What no quoted string holds goes as a literal, which the server asks for once it is announced (RFC 3501 §4.3).
    Task<Outcome<bool>> asked_on()
    {
        auto go = co_await turn();
        if (!go) co_return std::unexpected(go.error());
        if (!go->challenge) talk_.heard.refusal = go->text;
        co_return go->challenge;
    }

    Task<Outcome<void>> login()
    {
        const auto& credentials = *talk_.plan.credentials;
        const std::string_view secret = credentials.password.reveal();
        talk_.heard.tried_with = Mechanism::native;
        auto line = tag() + " LOGIN ";
        if (const auto name = imap_quoted(credentials.username)) line += *name;
        else {
            auto said = co_await talk_.say(line + announcing(credentials.username), Stage::sign_in);
            if (!said) co_return said;
            const auto go = co_await asked_on();
            if (!go) co_return std::unexpected(go.error());
            if (!*go) co_return fails(Stage::sign_in, Cause::rejected, talk_.heard.refusal);
            line = credentials.username;
        }
        line += ' ';
        if (auto password = imap_quoted(secret)) {
            talk_.channel.transcript().never_store(std::string_view(*password).substr(1, password->size() - 2));
            append_secret(line, std::move(*password));
        } else {
            auto said = co_await talk_.say_secret(line + announcing(secret), tag_ + " LOGIN", Stage::sign_in);   // its length is nobody's business
            if (!said) co_return said;
            const auto go = co_await asked_on();
            if (!go) co_return std::unexpected(go.error());
            if (!*go) co_return fails(Stage::sign_in, Cause::rejected, talk_.heard.refusal);
            line.clear();
            append_secret(line, std::string(secret));
        }
        talk_.heard.password_judged = true;
        auto said = co_await talk_.say_secret(std::move(line), tag_ + " LOGIN", Stage::sign_in);
        if (!said) co_return said;
        auto answered = co_await answer(Stage::sign_in);
        if (!answered) co_return std::unexpected(answered.error());
        if (answered->status != "OK") {
            talk_.heard.refusal = answered->text;
            co_return fails(Stage::sign_in, Cause::rejected, answered->text);
        }
        signed_in(answered->text, Mechanism::native);
        co_return Outcome<void>{};
    }

    /// What was offered before the sign-in may be more now (RFC 9051 §7.2.2); nobody has to say it again.
    void signed_in(std::string_view words, Mechanism mechanism)
    {
        talk_.heard.signed_in_with = mechanism;
        take_capability_code(words);
    }

    /// Signed in is not all: the mailbox may be gone, full or closed to changes. SELECT and no more: nothing is read, and CLOSE, which would
    /// expunge, is not said. It takes the \Recent flags away (RFC 3501 §6.3.1), which every mail program does and RFC 9051 no longer knows.
    Task<Outcome<void>> look_inside()
    {
        const auto selected = co_await command("SELECT INBOX", Stage::request);
        if (!selected) co_return std::unexpected(selected.error());
        talk_.heard.mailbox = trouble_selecting(*selected);
        if (selected->status != "OK" || talk_.heard.mailbox || !offers("QUOTA")) co_return Outcome<void>{};
        const auto told = co_await command("GETQUOTAROOT INBOX", Stage::request);
        if (!told) co_return std::unexpected(told.error());
        talk_.heard.mailbox = trouble_with_quota(*told);
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
    mask_words(talk);
    co_await ask_the_silent(talk, ServiceKind::imap, "p1 LOGOUT");
    if (is_orderly(heard.outcome)) co_await imap.goodbye(heard.sign_in_tried);
    conclude(talk);
    co_return heard;
}

}
