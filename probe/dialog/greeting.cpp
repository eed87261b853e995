// Who greets, who turns away and who keeps silent: the first words of a server, and what they are called.
#include "probe/dialog/talk.hpp"

#include <cctype>

namespace portolan {

namespace {

bool holds_any(std::string_view text, std::initializer_list<std::string_view> needles)
{
    return std::ranges::any_of(needles, [&](std::string_view needle) { return text.find(needle) != std::string_view::npos; });
}

/// "a1 OK", "p7 BAD": an answer to a command, of whatever tag.
bool is_tagged_answer(std::string_view line)
{
    const auto words = words_of(line.substr(0, 200));
    if (words.size() < 2 || words[0].find_first_of("+*") != std::string::npos) return false;
    const auto status = upper_case(words[1]);
    return status == "OK" || status == "NO" || status == "BAD";
}

std::string joined(const std::vector<std::string>& words, std::size_t cap)
{
    std::string text;
    for (const auto& word : words) {
        if (text.size() + word.size() > cap) break;
        text += (text.empty() ? "" : " ") + word;
    }
    return text;
}

}

std::optional<ServiceKind> protocol_of_greeting(std::string_view line)
{
    if (starts_with_word(line, "+OK") || starts_with_word(line, "-ERR")) return ServiceKind::pop3;
    if (line.starts_with("* ")) return ServiceKind::imap;
    if (line.size() >= 4 && (line.starts_with("220") || line.starts_with("421") || line.starts_with("554")) && (line[3] == ' ' || line[3] == '-')) return ServiceKind::smtp;
    if (stranger(line) == Detail::web_server) return ServiceKind::jmap;
    return std::nullopt;
}

Detail stranger(std::string_view line)
{
    const auto start = upper_case(line.substr(0, 9));
    // A request that is none is answered with a page alone by some (HTTP/0.9), with a status line by the others.
    if (start.starts_with("HTTP/") || start.starts_with("<HTML") || start == "<!DOCTYPE") return Detail::web_server;
    return line.starts_with("SSH-") ? Detail::ssh_server : Detail::none;                 // RFC 4253 §4.2
}

std::unexpected<Failure> no_greeting(Talk& talk, ServiceKind expected, std::string_view line)
{
    const auto who = protocol_of_greeting(line);
    if (who == expected) return fails(Stage::greeting, Cause::broke_protocol, line, Detail::wrong_reply_code);      // "* NO", "* BAD"
    talk.heard.other_protocol = who;
    if (const auto other = stranger(line); other != Detail::none) return fails(Stage::greeting, Cause::not_this_protocol, line, other);
    if (who) return fails(Stage::greeting, Cause::not_this_protocol, line, Detail::other_mail_protocol);
    return fails(Stage::greeting, Cause::broke_protocol, line, is_tagged_answer(line) ? Detail::early_reply : Detail::none);
}

bool is_temporary(std::string_view words)
{
    const auto text = upper_case(words.substr(0, 1000));
    if (text.size() >= 3 && text[0] == '4' && std::isdigit(static_cast<unsigned char>(text[1])) && std::isdigit(static_cast<unsigned char>(text[2]))) return true;
    return holds_any(text, {"[UNAVAILABLE]", "[SYS/TEMP]", "[INUSE]", "[IN-USE]", "[LOGIN-DELAY]", "[LIMIT]"});
}

Detail kind_of_dismissal(std::string_view words)
{
    const auto text = upper_case(words.substr(0, 1000));
    // Wording of Dovecot, Cyrus, Courier, Exim, Postfix and of large providers, as of 2026.
    const bool counted = holds_any(text, {"CONNECTION", "SESSION", "CLIENTS", "LOGINS"});
    if (counted && holds_any(text, {"TOO MANY", "MAXIMUM", "LIMIT", "CONCURRENT", "SIMULTANEOUS"})) return Detail::too_many_connections;
    if (holds_any(text, {"BLOCK LIST", "BLOCKLIST", "BLACK LIST", "BLACKLIST", "BLOCKED USING", "DNSBL", "RBL", "SPAMHAUS", "REPUTATION", "LISTED IN", "LISTED AT", "LISTED BY", "BLOCKED BY", "IS BLOCKED",
                         "BEEN BLOCKED", "BANNED"}))
        return Detail::blocklisted;
    return is_temporary(words) ? Detail::refused_for_now : Detail::none;
}

bool is_overwritten(std::string_view text)
{
    if (text.find("****") != std::string_view::npos) return true;
    for (auto word : words_of(text)) {
        std::erase_if(word, [](unsigned char c) { return std::ispunct(c) != 0; });       // "unrecognized: "XXXXXXXX""
        // "XXXXXXXA": the length is kept, the last letter counts up (Cisco PIX and ASA, "inspect esmtp").
        if (word.size() >= 4 && std::isupper(static_cast<unsigned char>(word.back()))) word.pop_back();
        if (word.size() >= 3 && std::ranges::all_of(word, [](char c) { return c == 'X'; })) return true;
    }
    return false;
}

std::unexpected<Failure> no_starttls(const Talk& talk, const std::vector<std::string>& capabilities)
{
    if (std::ranges::any_of(capabilities, [](const std::string& one) { return is_overwritten(one); }))
        return fails(Stage::starttls, Cause::not_offered, joined(capabilities, 1000), Detail::hidden_by_firewall);
    if (is_overwritten(talk.heard.greeting)) return fails(Stage::starttls, Cause::not_offered, talk.heard.greeting, Detail::hidden_by_firewall);
    return fails(Stage::starttls, Cause::not_offered, capabilities.empty() ? talk.heard.greeting : joined(capabilities, 1000), Detail::not_listed);
}

Task<void> ask_the_silent(Talk& talk, ServiceKind expected, std::string goodbye)
{
    if (talk.heard.outcome) co_return;
    auto& failure = talk.heard.outcome.error();
    if (failure.stage != Stage::greeting || failure.cause != Cause::timed_out || failure.detail != Detail::never_spoke) co_return;
    const auto until = talk.clock.now() + 1s;
    std::string words;
    if (talk.channel.encrypted()) {
        if (!co_await talk.say(std::move(goodbye), Stage::goodbye)) co_return;
        auto line = co_await with_deadline(talk.clock, until, Stage::greeting, talk.channel.read_line(Stage::greeting));
        if (line) words = *line;
    } else {
        const auto secured = co_await with_deadline(talk.clock, until, Stage::tls, talk.channel.start_tls(talk.plan.endpoint.host));
        if (secured) failure.detail = Detail::expects_tls;
        else if (secured.error().cause == Cause::tls_not_spoken) words = secured.error().reply;
    }
    if (stranger(words) != Detail::none) talk.heard.outcome = no_greeting(talk, expected, words);
}

}
