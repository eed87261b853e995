// The stable codes for what is wrong, how bad it is and who can act. Words for them live in helpdesk/ alone.
#pragma once

#include "probe/account/detail.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace portolan {

/// One for each code of the contract, then ours; slugs are the names with '-' for '_'.
enum class VerdictCode : std::uint8_t {
    dns_no_such_domain, dns_failure, dns_timeout, dns_hijacked,
    connection_refused, connection_timeout, connection_reset, connection_unreachable, captive_portal, proxy_required,
    greeting_timeout, greeting_rejected, not_this_protocol, protocol_error, too_much_data,
    tls_handshake_failed, tls_version_too_old, tls_not_offered, tls_injection, tls_not_spoken,
    certificate_expired, certificate_not_yet_valid, certificate_name_mismatch, certificate_self_signed,
    certificate_untrusted_issuer, certificate_incomplete_chain, certificate_revoked, certificate_weak,
    certificate_expires_soon, certificate_purpose, certificate_invalid,
    settings_malformed, settings_redirect_loop, settings_insecure_source, settings_conflict, settings_host_outside_domain,
    settings_private_address, settings_point_nowhere, settings_endpoint_dead,
    sign_in_rejected, sign_in_username_form, sign_in_app_password_needed, sign_in_oauth2_needed, sign_in_disabled_by_provider,
    sign_in_locked, sign_in_try_later, sign_in_cleartext_refused, sign_in_mechanism_unsupported,
    service_disabled_for_account, device_not_authorized, service_busy, pop3_only, provider_unsupported, provider_step_needed,
    nothing_published, takes_no_mail, service_declined, certificate_differs, tlsa_mismatch, network_lossy, network_slow, mailbox_problem, sender_rejected,
};
inline constexpr int verdict_code_count = static_cast<int>(VerdictCode::sender_rejected) + 1;

enum class Severity : std::uint8_t { error, warning, notice };
enum class Who : std::uint8_t { you, this_network, internet_provider, mail_provider, domain_owner, portolan };

/// `target` names what it is about ("imap.example.org:993", a URL, a DNS name); `proof` is the id of the probe that shows it;
/// `said` is the peer's own reply, raw: clean before showing.
struct Verdict {
    VerdictCode code{};
    Severity severity = Severity::error;
    Who who = Who::mail_provider;
    std::string service;                     ///< a ServiceKind slug, or empty
    std::string target;
    std::string proof;
    std::string said;
    std::string instead;                     ///< what works in its place ("server.provider.net:993"), or empty
    std::vector<std::string> evidence;       ///< for a contradiction: each side, "SOURCE (LOCATION): HOST:PORT security"
    Detail detail = Detail::none;            ///< which of the code's kinds this is
    std::string what, why, todo;             ///< for a person, an engineer, and what to do next; filled by helpdesk/, empty as they leave the core
    bool operator==(const Verdict&) const = default;
};

std::string_view slug(VerdictCode);
std::string_view slug(Severity);
std::string_view slug(Who);
std::optional<VerdictCode> verdict_code_from(std::string_view);
std::optional<Severity> severity_from(std::string_view);
std::optional<Who> who_from(std::string_view);

}
