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

    Task<Outcome<std::string>> line(Stage stage, milliseconds limit) { return with_deadline(clock, clock.now() + limit, stage, channel.read_line(stage)); }
    Task<Outcome<std::string>> line(Stage stage) { return line(stage, plan.step_limit); }
    Task<Outcome<void>> say(std::string text, Stage stage) { return send(std::move(text), std::nullopt, stage); }
    Task<Outcome<void>> say_secret(std::string text, std::string shown, Stage stage) { return send(std::move(text), std::move(shown), stage); }
    Task<Outcome<void>> start_tls();

private:
    Task<Outcome<void>> send(std::string text, std::optional<std::string> shown, Stage stage);
};

std::string upper_case(std::string_view text);
std::vector<std::string> words_of(std::string_view line);
bool starts_with_word(std::string_view line, std::string_view word);       ///< any case
std::unexpected<Failure> fails(Stage stage, Cause cause, std::string_view reply = {});

/// Who greets like this, when it is not who was expected: "+OK" POP3, "* OK" IMAP, "220" SMTP.
std::optional<ServiceKind> protocol_of_greeting(std::string_view line);
/// Does somebody greet who speaks no mail protocol at all, or another one than was expected? Otherwise the greeting is simply broken.
Cause cause_of_greeting(std::string_view line);

/// Whether a goodbye is still due: after a success and after an orderly refusal, not where the exchange broke off (then nothing more is said).
bool is_orderly(const Outcome<void>& outcome);
/// The last word of every dialog: the evidence is kept with the secrets masked, the secrets are forgotten, the stream is closed.
void conclude(Talk& talk);

/// Before the first credential leaves: TLS is up, its certificate accepted, name and password usable and not empty (design rules 1, 22, 24).
Outcome<void> may_sign_in(const Talk& talk);
/// Puts a secret behind `line`, which has none so far, without leaving a copy of it anywhere else: `secret` itself is wiped.
void append_secret(std::string& line, std::string&& secret);
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
