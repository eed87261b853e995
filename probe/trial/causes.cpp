#include "probe/trial/causes.hpp"

#include "probe/net/judge.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace portolan {

namespace {

/// A detail that says more than the cause: where it has a code of its own, that one.
std::optional<VerdictCode> code_for(Detail detail, Stage stage)
{
    switch (detail) {
    case Detail::broke_after_handshake:
    case Detail::large_packets_lost: return VerdictCode::tls_handshake_failed;
    case Detail::closed_at_once: return stage == Stage::tls ? VerdictCode::tls_handshake_failed : VerdictCode::greeting_rejected;
    case Detail::cut_off: return VerdictCode::connection_reset;
    case Detail::no_go_ahead: return VerdictCode::tls_not_offered;
    case Detail::too_many_connections:
    case Detail::blocklisted: return VerdictCode::greeting_rejected;
    case Detail::refused:
    case Detail::refused_for_now: return stage == Stage::starttls ? VerdictCode::tls_not_offered : VerdictCode::greeting_rejected;
    default: return std::nullopt;
    }
}

VerdictCode code_for(const Failure& failure, Security security)
{
    if (const auto code = code_for(failure.detail, failure.stage)) return *code;
    using enum Cause;
    switch (failure.cause) {
    case refused: return failure.stage == Stage::resolve ? VerdictCode::dns_failure : VerdictCode::connection_refused;
    case reset: return VerdictCode::connection_reset;
    case closed:
        if (failure.stage == Stage::tls) return VerdictCode::tls_handshake_failed;
        return failure.stage == Stage::greeting ? VerdictCode::greeting_rejected : VerdictCode::protocol_error;
    case unreachable: return VerdictCode::connection_unreachable;
    case timed_out:
        if (failure.stage == Stage::resolve) return VerdictCode::dns_timeout;
        if (failure.stage == Stage::connect) return VerdictCode::connection_timeout;
        // It spoke, agreed to encrypt and fell silent; where TLS comes first, it never said a word at all.
        if (failure.stage == Stage::tls && security == Security::starttls) return VerdictCode::tls_handshake_failed;
        return VerdictCode::greeting_timeout;
    case no_such_name:
    case no_address: return VerdictCode::settings_point_nowhere;
    case dns_failed: return VerdictCode::dns_failure;
    case private_address: return VerdictCode::settings_private_address;
    case tls_failed: return VerdictCode::tls_handshake_failed;
    case tls_version: return VerdictCode::tls_version_too_old;
    case tls_not_spoken: return VerdictCode::tls_not_spoken;
    case tls_injected: return VerdictCode::tls_injection;
    case not_offered: return failure.stage == Stage::sign_in ? VerdictCode::sign_in_mechanism_unsupported : VerdictCode::tls_not_offered;
    case rejected:
        if (failure.stage == Stage::greeting) return VerdictCode::greeting_rejected;
        if (failure.stage == Stage::starttls) return VerdictCode::tls_not_offered;
        return failure.stage == Stage::sign_in ? VerdictCode::sign_in_rejected : VerdictCode::protocol_error;
    case not_this_protocol: return VerdictCode::not_this_protocol;
    case too_much: return VerdictCode::too_much_data;
    case untrusted_certificate: return VerdictCode::certificate_invalid;
    case broke_protocol:
    case bad_value:
    case our_bug:
    case cancelled: break;
    }
    return VerdictCode::protocol_error;
}

bool contains(std::string_view haystack, std::string_view needle) { return haystack.find(needle) != std::string_view::npos; }

struct Signature {
    std::string_view text;                     ///< lower case
    VerdictCode code;
    Who who;
    bool counts;
};

// Most specific first. Wording of providers as of 2026; response codes from RFC 5530 §3, RFC 3206, RFC 4954 §6, RFC 3463.
constexpr std::array signatures{
    Signature{"application-specific password", VerdictCode::sign_in_app_password_needed, Who::you, true},
    Signature{"application password is required", VerdictCode::sign_in_app_password_needed, Who::you, true},
    Signature{"app password", VerdictCode::sign_in_app_password_needed, Who::you, true},
    Signature{"app-specific password", VerdictCode::sign_in_app_password_needed, Who::you, true},
    Signature{"authorized code", VerdictCode::sign_in_app_password_needed, Who::you, true},
    Signature{"invalidsecondfactor", VerdictCode::sign_in_app_password_needed, Who::you, true},
    Signature{"smtpclientauthentication is disabled", VerdictCode::service_disabled_for_account, Who::mail_provider, true},
    Signature{"basic authentication is disabled", VerdictCode::sign_in_oauth2_needed, Who::you, true},
    Signature{"basic authentication is not supported", VerdictCode::sign_in_oauth2_needed, Who::you, true},
    Signature{"web login required", VerdictCode::sign_in_oauth2_needed, Who::you, true},
    Signature{"log in via your web browser", VerdictCode::sign_in_oauth2_needed, Who::you, true},
    Signature{"[webalert", VerdictCode::sign_in_oauth2_needed, Who::you, true},
    Signature{"not enabled for imap", VerdictCode::service_disabled_for_account, Who::you, true},
    Signature{"not enabled for pop", VerdictCode::service_disabled_for_account, Who::you, true},
    Signature{"imap access is disabled", VerdictCode::service_disabled_for_account, Who::mail_provider, true},
    Signature{"[sys/perm]", VerdictCode::service_disabled_for_account, Who::mail_provider, true},
    Signature{"authenticated but not connected", VerdictCode::service_disabled_for_account, Who::mail_provider, true},
    Signature{"too many bad auth", VerdictCode::sign_in_locked, Who::you, true},
    Signature{"too many login failures", VerdictCode::sign_in_locked, Who::you, true},
    Signature{"account is locked", VerdictCode::sign_in_locked, Who::mail_provider, true},
    Signature{"account locked", VerdictCode::sign_in_locked, Who::mail_provider, true},
    Signature{"[limit]", VerdictCode::sign_in_locked, Who::you, false},
    Signature{"[privacyrequired]", VerdictCode::sign_in_cleartext_refused, Who::mail_provider, false},
    Signature{"[expired]", VerdictCode::sign_in_rejected, Who::you, true},
    Signature{"[contactadmin]", VerdictCode::sign_in_disabled_by_provider, Who::mail_provider, true},
    Signature{"[unavailable]", VerdictCode::sign_in_try_later, Who::mail_provider, false},
    Signature{"[sys/temp]", VerdictCode::sign_in_try_later, Who::mail_provider, false},
    Signature{"[inuse]", VerdictCode::sign_in_try_later, Who::you, false},
    Signature{"[in-use]", VerdictCode::sign_in_try_later, Who::you, false},
    Signature{"[login-delay]", VerdictCode::sign_in_try_later, Who::you, false},
    Signature{"temporary authentication failure", VerdictCode::sign_in_try_later, Who::mail_provider, false},
    Signature{"too many simultaneous connections", VerdictCode::service_busy, Who::you, false},
};

}

Who keeper_of(const Hostname& host, const Hostname& domain)
{
    return same_registrable_domain(host, domain) ? Who::domain_owner : Who::mail_provider;
}

std::string target_of(const Service& service)
{
    const bool v6 = service.host.text().find(':') != std::string::npos;
    return (v6 ? "[" + service.host.text() + "]" : service.host.text()) + ":" + std::to_string(service.port);
}

std::optional<Verdict> verdict_for(const Failure& failure, const Service& service, const Hostname& domain, std::string proof)
{
    if (failure.cause == Cause::cancelled || failure.cause == Cause::bad_value) return std::nullopt;
    Verdict verdict;
    verdict.code = code_for(failure, service.security);
    verdict.severity = Severity::error;
    verdict.service = slug(service.service);
    verdict.target = target_of(service);
    verdict.proof = std::move(proof);
    verdict.said = failure.reply;
    verdict.detail = failure.detail;
    verdict.who = keeper_of(service.host, domain);
    switch (verdict.code) {
    case VerdictCode::connection_unreachable:
    case VerdictCode::dns_timeout:
    case VerdictCode::dns_failure: verdict.who = Who::this_network; break;
    case VerdictCode::settings_point_nowhere: verdict.who = Who::domain_owner; break;
    case VerdictCode::sign_in_rejected: verdict.who = Who::you; break;
    default: break;
    }
    if (failure.detail == Detail::hidden_by_firewall) verdict.who = Who::this_network;
    // A stream that ends in order was ended by the server; one that is torn off, more often by what stands between.
    if (failure.detail == Detail::cut_off && failure.cause == Cause::reset) verdict.who = Who::this_network;
    return verdict;
}

std::vector<Verdict> verdicts_for(const CertificateFacts& certificate, const Service& service, const Hostname& domain, const std::string& proof)
{
    std::vector<Verdict> verdicts;
    auto add = [&](VerdictCode code, Severity severity) {
        Verdict verdict;
        verdict.code = code;
        verdict.severity = severity;
        verdict.service = slug(service.service);
        verdict.target = target_of(service);
        verdict.proof = proof;
        verdict.who = keeper_of(service.host, domain);
        if (code == certificate.problem) {
            verdict.detail = certificate.detail;
            verdict.said = certificate.said;
            verdict.who = turn_of(certificate, verdict.who);
        }
        verdicts.push_back(std::move(verdict));
    };
    if (certificate.problem) add(*certificate.problem, Severity::error);
    for (const auto code : certificate.findings)
        if (code != certificate.problem) add(code, code == VerdictCode::certificate_expires_soon ? Severity::warning : Severity::error);
    return verdicts;
}

Refusal read_refusal(std::string_view reply)
{
    std::string lower(reply.substr(0, 4096));
    std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    for (const auto& signature : signatures)
        if (contains(lower, signature.text)) return {signature.code, signature.who, signature.counts, true};
    // SMTP replies: 454 and 4xx are the moment's, 534 and 538 the mechanism's, 535 the credentials' (RFC 4954 §4 and §6).
    if (lower.starts_with("421") || lower.starts_with("4")) return {VerdictCode::sign_in_try_later, Who::mail_provider, false, true};
    if (lower.starts_with("538")) return {VerdictCode::sign_in_cleartext_refused, Who::mail_provider, false, true};
    if (lower.starts_with("534")) return {VerdictCode::sign_in_mechanism_unsupported, Who::mail_provider, true, true};
    if (lower.starts_with("504")) return {VerdictCode::sign_in_mechanism_unsupported, Who::mail_provider, false, true};
    return {};
}

}
