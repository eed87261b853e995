#include "probe/trial/causes.hpp"

#include "probe/net/judge.hpp"

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

Verdict inside_verdict(VerdictCode code, const Failure& found, const Service& service, const Hostname& domain, const std::string& proof)
{
    Verdict verdict;
    verdict.code = code;
    // A mailbox of others may well be open for reading alone; one that is full loses mail.
    verdict.severity = found.detail == Detail::read_only ? Severity::warning : Severity::error;
    verdict.service = slug(service.service);
    verdict.target = target_of(service);
    verdict.proof = proof;
    verdict.said = found.reply;
    verdict.detail = found.detail;
    verdict.who = found.detail == Detail::over_quota ? Who::you : keeper_of(service.host, domain);
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

}
