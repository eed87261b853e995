#include "probe/dialog/talk.hpp"

#include <cctype>

namespace portolan {

std::string upper_case(std::string_view text)
{
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return result;
}

std::vector<std::string> words_of(std::string_view line)
{
    std::vector<std::string> words;
    std::size_t at = 0;
    while (at < line.size() && words.size() < 200) {
        while (at < line.size() && line[at] == ' ') ++at;
        const auto end = std::min(line.find(' ', at), line.size());
        if (end > at) words.emplace_back(line.substr(at, end - at));
        at = end;
    }
    return words;
}

bool starts_with_word(std::string_view line, std::string_view word)
{
    if (line.size() < word.size() || upper_case(line.substr(0, word.size())) != upper_case(word)) return false;
    return line.size() == word.size() || line[word.size()] == ' ' || line[word.size()] == '\t';
}

std::unexpected<Failure> fails(Stage stage, Cause cause, std::string_view reply, Detail detail)
{
    return std::unexpected(Failure{stage, cause, std::string(reply), detail});
}

Task<Outcome<std::string>> Talk::line(Stage stage, milliseconds limit)
{
    auto got = co_await with_deadline(clock, clock.now() + limit, stage, channel.read_line(stage));
    late(got);
    co_return got;
}

Task<Outcome<std::string>> Talk::octets(std::size_t count, Stage stage)
{
    auto got = co_await with_deadline(clock, clock.now() + plan.step_limit, stage, channel.read_octets(count, stage));
    late(got);
    co_return got;
}

void Talk::late(Outcome<std::string>& got)
{
    // The endpoint's own limit ends a step by cancelling it, and asks for the same detail afterwards.
    if (got || (got.error().cause != Cause::timed_out && got.error().cause != Cause::cancelled)) return;
    auto& failure = got.error();
    if (!channel.pending().empty()) {
        failure.detail = Detail::too_slow;
        failure.reply = channel.unread();
    } else if (channel.received() == 0) failure.detail = Detail::never_spoke;
}

Outcome<void> Talk::nothing_early(Stage stage)
{
    if (channel.pending().empty()) return {};
    return fails(stage, Cause::broke_protocol, channel.unread(), Detail::early_reply);
}

std::unexpected<Failure> Talk::knows_nothing(std::string_view words) const
{
    if (plan.endpoint.security == Security::starttls && !channel.encrypted()) return fails(Stage::starttls, Cause::not_offered, words, Detail::unknown_command);
    return fails(Stage::capability, Cause::rejected, words, Detail::unknown_command);
}

Task<Outcome<void>> Talk::start_tls()
{
    auto secured = co_await with_deadline(clock, clock.now() + plan.step_limit, Stage::tls, channel.start_tls(plan.endpoint.host));
    heard.tls = channel.tls();
    if (!secured) {
        auto& failure = secured.error();
        const bool late = failure.cause == Cause::timed_out || failure.cause == Cause::cancelled;
        if (late && failure.detail == Detail::none) failure.detail = Detail::never_spoke;
        // Plain text where TLS was due: the words may be those of somebody who has nothing to do with mail.
        if (failure.cause == Cause::tls_not_spoken)
            if (const auto who = stranger(failure.reply); who != Detail::none) {
                heard.other_protocol = protocol_of_greeting(failure.reply);
                failure.cause = Cause::not_this_protocol;
                failure.detail = who;
            }
    }
    co_return secured;
}

Task<Outcome<void>> Talk::send(std::string text, std::optional<std::string> shown, Stage stage)
{
    // A coroutine of its own, so that the text lives until the last byte is out.
    if (shown) heard.sign_in_tried = true;
    auto sent = shown ? co_await with_deadline(clock, clock.now() + plan.step_limit, stage, channel.write_secret_line(text, *shown, stage))
                      : co_await with_deadline(clock, clock.now() + plan.step_limit, stage, channel.write_line(text, stage));
    if (shown) wipe(text);
    co_return sent;
}

bool is_orderly(const Outcome<void>& outcome)
{
    if (outcome) return true;
    const auto cause = outcome.error().cause;
    return cause == Cause::rejected || cause == Cause::not_offered || cause == Cause::untrusted_certificate || cause == Cause::bad_value;
}

void mask_words(Talk& talk)
{
    const auto& transcript = talk.channel.transcript();
    const auto keep = [&](std::string& text, std::size_t cap) {
        // Masked before it is cut: a secret that straddles the cap must not leave its first half behind.
        auto masked = transcript.masked(text).substr(0, cap);
        wipe(text);
        text = std::move(masked);
    };
    keep(talk.heard.refusal, std::string::npos);
    for (auto* inside : {&talk.heard.mailbox, &talk.heard.sender})
        if (*inside) keep((*inside)->reply, 4096);
    if (!talk.heard.outcome) keep(talk.heard.outcome.error().reply, 4096);
}

void conclude(Talk& talk)
{
    auto& transcript = talk.channel.transcript();
    // What was only tried in order to name a silent server is no finding about its certificate.
    if (talk.heard.outcome || talk.heard.outcome.error().detail != Detail::expects_tls) talk.heard.tls = talk.channel.tls();
    mask_words(talk);
    transcript.forget_secrets();
    talk.heard.heard = transcript;
    talk.channel.close();
}

Outcome<void> may_sign_in(const Talk& talk)
{
    const auto& credentials = *talk.plan.credentials;
    const bool bad_name = credentials.username.empty() || credentials.username.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos;
    if (bad_name || credentials.password.empty() || !credentials.password.usable()) return fails(Stage::sign_in, Cause::bad_value);
    if (!talk.channel.encrypted()) return fails(Stage::sign_in, Cause::bad_value);
    if (!talk.plan.accept || !talk.plan.accept(*talk.channel.tls())) return fails(Stage::sign_in, Cause::untrusted_certificate);
    return {};
}

std::optional<Mechanism> mechanism_for(const Talk& talk)
{
    auto offered = talk.heard.mechanisms;
    std::erase_if(offered, [&](Mechanism one) { return std::ranges::find(talk.plan.without, one) != talk.plan.without.end(); });
    return choose_mechanism(offered, talk.plan.preferred);
}

bool has_time_to_look(const Talk& talk)
{
    return talk.plan.look_inside_until && talk.clock.now() < *talk.plan.look_inside_until;
}

void append_secret(std::string& line, std::string&& secret)
{
    line.reserve(line.size() + secret.size());
    keep_off_the_stack(line);
    line += secret;
    wipe(secret);
}

namespace {

/// Fewer characters than this stand in a server's words by accident.
constexpr std::size_t shortest_other_form = 8;

bool never(unsigned char) { return false; }
bool unreserved(unsigned char c) { return c < 0x80 && (std::isalnum(c) || std::string_view("-._~").find(static_cast<char>(c)) != std::string_view::npos); }   // RFC 3986 §2.3
bool printable(unsigned char c) { return c >= 0x20 && c < 0x7f && c != '='; }              // RFC 2045 §6.7

/// Every octet in hexadecimal behind `before`, but for those that stay as they are.
std::string in_hexadecimal(std::string_view text, std::string_view digits, std::string_view before, bool (*stays)(unsigned char))
{
    std::string out;
    out.reserve(64 + text.size() * (before.size() + 2));
    for (const unsigned char c : text) {
        if (stays(c)) out += static_cast<char>(c);
        else out.append(before).append(1, digits[c >> 4]).append(1, digits[c & 15]);
    }
    return out;
}

/// What a server makes of a password that it says again in a form nobody asked for: base64 behind and before something else, hexadecimal, as in an
/// address of the web, and in quoted-printable (RFC 2045 §6.7).
std::vector<std::string> other_forms(std::string_view password)
{
    std::vector<std::string> forms;
    forms.reserve(8);
    for (std::size_t before = 0; before < 3; ++before) {
        std::string bytes;
        bytes.reserve(64 + password.size());
        bytes.append(before, '\0').append(password);
        auto text = base64(bytes);
        // The first characters depend on what stands before, the last ones on what follows.
        const auto first = (before * 8 + 5) / 6, last = (before + password.size()) * 8 / 6;
        std::string middle;
        middle.reserve(64 + text.size());
        middle.append(text, first, last - first);
        forms.push_back(std::move(middle));
        wipe(bytes);
        wipe(text);
    }
    for (const std::string_view digits : {"0123456789abcdef", "0123456789ABCDEF"}) {
        forms.push_back(in_hexadecimal(password, digits, "", never));
        forms.push_back(in_hexadecimal(password, digits, "%", unreserved));
    }
    forms.push_back(in_hexadecimal(password, "0123456789ABCDEF", "=", printable));
    return forms;
}

}

void mask_secrets(Talk& talk)
{
    const auto& [username, password] = *talk.plan.credentials;
    std::string plain;
    keep_off_the_stack(plain);
    plain.append(1, '\0').append(username).append(1, '\0').append(password.reveal());
    auto& transcript = talk.channel.transcript();
    auto plain_text = base64(plain), password_text = base64(password.reveal());
    transcript.never_store(plain_text);
    transcript.never_store(password_text);
    transcript.never_store(password.reveal());
    for (auto* text : {&plain, &plain_text, &password_text}) wipe(*text);
    for (auto& form : other_forms(password.reveal())) {
        if (form.size() >= shortest_other_form) transcript.never_store(form);
        wipe(form);
    }
}

Task<Outcome<void>> sasl_exchange(Talk& talk, Sasl sasl, bool first_sent, ReadTurn next)
{
    bool sent_first = first_sent;
    for (int turns = 0; turns < 10; ++turns) {
        auto turn = co_await next();
        if (!turn) co_return std::unexpected(turn.error());
        if (!turn->challenge) {
            if (!turn->success) {
                talk.heard.refusal = turn->text;
                co_return fails(Stage::sign_in, Cause::rejected, turn->text);
            }
            // A server that says yes before it asked, or without having proved itself, does not know the password (RFC 5802 §5, "v=").
            if (!sasl.finished()) co_return fails(Stage::sign_in, Cause::broke_protocol, turn->text, sasl.proves() ? Detail::server_not_proven : Detail::none);
            co_return Outcome<void>{};
        }
        std::string answer;
        if (!sent_first && sasl.client_first()) {
            sent_first = true;
            auto first = sasl.step({});
            if (!first) co_return std::unexpected(first.error());
            talk.heard.password_judged = !sasl.proves();               // SCRAM's first message has the name and a nonce alone (RFC 5802 §5)
            answer = std::move(*first);
        } else {
            sent_first = true;
            const auto challenge = unbase64(turn->text);
            if (!challenge) co_return fails(Stage::sign_in, Cause::broke_protocol, turn->text);
            auto reply = sasl.step(*challenge);
            if (!reply) {
                (void)co_await talk.say("*", Stage::sign_in);          // RFC 4422 §3.5: the client takes the exchange back
                if (reply.error().cause == Cause::rejected) talk.heard.refusal = reply.error().reply;
                co_return std::unexpected(reply.error());
            }
            talk.heard.password_judged = true;
            answer = std::move(*reply);
        }
        auto said = co_await talk.say_secret(base64(answer), "", Stage::sign_in);
        wipe(answer);
        if (!said) co_return said;
    }
    co_return fails(Stage::sign_in, Cause::too_much, {}, Detail::endless_lines);
}

}
