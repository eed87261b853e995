// What the three dialogs share: deadlines round each step, words of a line, the guard before a sign-in, the goodbye.
#pragma once

#include "probe/dialog/sasl.hpp"

namespace portolan {

/// A channel and the clock its steps are held against.
struct Talk {
    Channel& channel;
    Clock& clock;
    const DialogPlan& plan;
    Conversation& heard;

    /// A line that is late is Cause::timed_out: Detail::never_spoke before the first byte, too_slow with the beginning of it.
    Task<Outcome<std::string>> line(Stage stage, milliseconds limit);
    Task<Outcome<std::string>> line(Stage stage) { return line(stage, plan.step_limit); }
    Task<Outcome<std::string>> octets(std::size_t count, Stage stage);
    Task<Outcome<void>> say(std::string text, Stage stage) { return send(std::move(text), std::nullopt, stage); }
    Task<Outcome<void>> say_secret(std::string text, std::string shown, Stage stage) { return send(std::move(text), std::move(shown), stage); }
    Task<Outcome<void>> start_tls();
    /// Where nobody talks unasked (POP3, SMTP), what is here before a command is given was put there: Detail::early_reply.
    Outcome<void> nothing_early(Stage stage);
    /// The question for what it offers is unknown to the server. Where STARTTLS was to follow, that is the finding: it can be no other way known.
    std::unexpected<Failure> knows_nothing(std::string_view words) const;

private:
    void late(Outcome<std::string>& got);
    Task<Outcome<void>> send(std::string text, std::optional<std::string> shown, Stage stage);
};

std::string upper_case(std::string_view text);
std::vector<std::string> words_of(std::string_view line);
bool starts_with_word(std::string_view line, std::string_view word);       ///< any case
std::unexpected<Failure> fails(Stage stage, Cause cause, std::string_view reply = {}, Detail detail = Detail::none);

/// Who greets like this, when it is not who was expected: "+OK" POP3, "* OK" IMAP, "220" SMTP.
std::optional<ServiceKind> protocol_of_greeting(std::string_view line);
/// A line that does not greet as `expected` does: somebody else (not_this_protocol, and who), or a broken greeting.
std::unexpected<Failure> no_greeting(Talk& talk, ServiceKind expected, std::string_view line);
/// A server that turns everybody or this client away, by its words and reply codes: too_many_connections, blocklisted, refused_for_now, or none.
Detail kind_of_dismissal(std::string_view words);
/// Somebody who has nothing to do with mail: web_server, ssh_server; otherwise none.
Detail stranger(std::string_view line);
/// Does it only say "not now"? Response codes of RFC 5530 and RFC 3206, SMTP's 4xx (RFC 5321 §4.2.1).
bool is_temporary(std::string_view words);
/// STARTTLS stands in no capability list: not_listed, or hidden_by_firewall where the greeting or the list is overwritten; its proof rides along.
std::unexpected<Failure> no_starttls(const Talk& talk, const std::vector<std::string>& capabilities);
/// Overwritten as SMTP inspection does: words of X ("XXXXXXXA"), a greeting of asterisks.
bool is_overwritten(std::string_view text);
/// After a greeting that never came: one look at who keeps silent there. A TLS handshake, or inside TLS a goodbye, is what a web server or a
/// server that waits for TLS answers at once; the failure gets its detail from that.
Task<void> ask_the_silent(Talk& talk, ServiceKind expected, std::string goodbye);

/// Whether a goodbye is still due: after a success and after an orderly refusal, not where the exchange broke off (then nothing more is said).
bool is_orderly(const Outcome<void>& outcome);
/// The server's words of a refusal are cleared of a password that it may have echoed; before the goodbye, which can take its time.
void mask_words(Talk& talk);
/// The last word of every dialog: the evidence is kept with the secrets masked, the secrets are forgotten, the stream is closed.
void conclude(Talk& talk);

/// Before the first credential leaves: TLS is up, its certificate accepted, name and password usable and not empty (design rules 1, 22, 24).
Outcome<void> may_sign_in(const Talk& talk);
/// Puts a secret behind `line`, which has none so far, without leaving a copy of it anywhere else: `secret` itself is wiped.
void append_secret(std::string& line, std::string&& secret);
/// The mechanism for this sign-in, of what is offered and not known to fail here.
std::optional<Mechanism> mechanism_for(const Talk& talk);
/// One step of the look inside: bounded, and never a reason to call the sign-in a failure. false: no time is left for it.
bool has_time_to_look(const Talk& talk);
/// From here on neither the password nor its usual encodings can get into the transcript, also when the server echoes them.
void mask_secrets(Talk& talk);

/// The challenges of one SASL exchange: `next` reads one answer of the server and says whether it is a challenge (its text), or the end.
struct SaslTurn {
    bool challenge = false;
    bool success = false;
    std::string text;                          ///< base64 of the challenge, or the final words
};
using ReadTurn = std::function<Task<Outcome<SaslTurn>>()>;
/// `first_sent`: the initial response went with the command. Ends with sign_in/rejected and the server's words when it refused.
Task<Outcome<void>> sasl_exchange(Talk& talk, Sasl sasl, bool first_sent, ReadTurn next);

}
