// From what happened to what it is called and whose turn it is: failures and replies become verdicts here and nowhere else.
#pragma once

#include "probe/account/outcome.hpp"
#include "probe/account/service.hpp"

namespace portolan {

/// Whose servers `host` belongs to, as seen from `domain`: its owner inside the registrable domain, otherwise the mail provider.
Who keeper_of(const Hostname& host, const Hostname& domain);

/// The verdict for a failed attempt at `service`; nothing for Cause::cancelled and for our own refusals before use.
std::optional<Verdict> verdict_for(const Failure& failure, const Service& service, const Hostname& domain, std::string proof);

/// The verdicts of a certificate: one error for its problem, one warning for each other finding (expires soon).
std::vector<Verdict> verdicts_for(const CertificateFacts& certificate, const Service& service, const Hostname& domain, const std::string& proof);

/// What an attempt that signed in found inside: a mailbox that is not as it should be, a sender that may not send.
Verdict inside_verdict(VerdictCode code, const Failure& found, const Service& service, const Hostname& domain, const std::string& proof);

/// What a refused sign-in means, from response codes (RFC 5530, RFC 3206, RFC 4954 §6) and known providers' texts.
struct Refusal {
    VerdictCode code = VerdictCode::sign_in_rejected;
    Who who = Who::you;
    bool counts = true;                        ///< the credentials were refused, not merely the moment
    bool definitive = false;                   ///< no other user-name form may be tried after this
};
Refusal read_refusal(std::string_view reply);

std::string target_of(const Service& service);            ///< "imap.example.org:993"

}
