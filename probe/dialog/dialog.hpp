// The three mail dialogs: greeting, capabilities, STARTTLS, capabilities again, sign-in, orderly goodbye. They see a channel, never a socket.
#pragma once

#include "probe/account/secret.hpp"
#include "probe/account/service.hpp"
#include "probe/net/channel.hpp"

namespace portolan {

struct Credentials {
    std::string username;
    Secret password;
};

/// `accept` decides, once TLS is up, whether secrets may go to this certificate. Without credentials the dialog asks its questions even when the
/// certificate is bad (nothing secret is sent); with them it ends at Stage::sign_in with Cause::untrusted_certificate.
struct DialogPlan {
    Endpoint endpoint;
    std::optional<Credentials> credentials;
    std::function<bool(const TlsFacts&)> accept;
    std::vector<Mechanism> preferred;          ///< from evidence; empty: strongest first of what the server offers
    std::vector<Mechanism> without;            ///< known not to work here, although offered
    /// After the sign-in: is the mailbox there (IMAP), may this address send (SMTP)? No message is sent or read; over at this moment at the latest.
    std::optional<TimePoint> look_inside_until;
    std::string sender;                        ///< the address that wants to send; empty: SMTP is not asked
    bool allow_plaintext = false;              ///< never for credentials; lets a server without TLS be looked at
    milliseconds greeting_limit = 8s;          ///< some servers hold it back 6 s on purpose
    milliseconds step_limit = 10s;
};

/// Everything heard, also when it failed. `outcome` is the first failure, or nothing wrong up to the goodbye.
struct Conversation {
    Outcome<void> outcome;
    Transcript heard;
    std::optional<TlsFacts> tls;
    std::string greeting;
    std::vector<std::string> capabilities;     ///< of the last, encrypted list only
    std::vector<Mechanism> mechanisms;         ///< offered, strongest first
    std::optional<Mechanism> signed_in_with;
    bool sign_in_tried = false;                ///< a credential left this machine: counts against the budget
    std::string refusal;                       ///< the server's words when the sign-in was refused, raw
    std::optional<Mechanism> tried_with;
    bool password_judged = false;              ///< something that depends on the password was sent; before that a refusal says nothing of it
    bool offered_in_clear = false;             ///< passwords would be taken before TLS
    std::optional<Failure> mailbox;            ///< signed in, and INBOX is not there, full (over_quota) or not to be changed (read_only)
    std::optional<Failure> sender;             ///< signed in, and this address may not send
    std::optional<ServiceKind> other_protocol; ///< who really answered when outcome is not_this_protocol
};

Task<Conversation> imap_dialog(Channel& channel, Clock& clock, DialogPlan plan);
Task<Conversation> pop3_dialog(Channel& channel, Clock& clock, DialogPlan plan);
Task<Conversation> smtp_dialog(Channel& channel, Clock& clock, DialogPlan plan);
/// By kind; only imap, pop3 and smtp.
Task<Conversation> mail_dialog(ServiceKind kind, Channel& channel, Clock& clock, DialogPlan plan);

}
