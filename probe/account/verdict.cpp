#include "probe/account/verdict.hpp"

#include <algorithm>
#include <array>

namespace portolan {

namespace {

constexpr std::array<std::string_view, verdict_code_count> codes{
    "dns-no-such-domain", "dns-failure", "dns-timeout", "dns-hijacked", "connection-refused", "connection-timeout", "connection-reset", "connection-unreachable",
    "captive-portal", "proxy-required", "greeting-timeout", "greeting-rejected", "not-this-protocol", "protocol-error", "too-much-data", "tls-handshake-failed",
    "tls-version-too-old", "tls-not-offered", "tls-injection", "tls-not-spoken", "certificate-expired", "certificate-not-yet-valid", "certificate-name-mismatch",
    "certificate-self-signed", "certificate-untrusted-issuer", "certificate-incomplete-chain", "certificate-revoked", "certificate-weak", "certificate-expires-soon",
    "certificate-purpose", "certificate-invalid", "settings-malformed", "settings-redirect-loop", "settings-insecure-source", "settings-conflict",
    "settings-host-outside-domain", "settings-private-address", "settings-point-nowhere", "settings-endpoint-dead", "sign-in-rejected", "sign-in-username-form",
    "sign-in-app-password-needed", "sign-in-oauth2-needed", "sign-in-disabled-by-provider", "sign-in-locked", "sign-in-try-later", "sign-in-cleartext-refused",
    "sign-in-mechanism-unsupported", "service-disabled-for-account", "device-not-authorized", "service-busy", "pop3-only", "provider-unsupported",
    "provider-step-needed", "nothing-published", "takes-no-mail", "service-declined", "certificate-differs", "tlsa-mismatch", "network-lossy", "network-slow",
    "mailbox-problem", "sender-rejected"};
constexpr std::array<std::string_view, 3> severities{"error", "warning", "notice"};
constexpr std::array<std::string_view, 6> parties{"you", "this-network", "internet-provider", "mail-provider", "domain-owner", "portolan"};

template <class Enum, std::size_t n>
std::optional<Enum> find_in(const std::array<std::string_view, n>& names, std::string_view text)
{
    const auto found = std::ranges::find(names, text);
    if (found == names.end()) return std::nullopt;
    return static_cast<Enum>(found - names.begin());
}

}

std::string_view slug(VerdictCode v) { return codes[static_cast<std::size_t>(v)]; }
std::string_view slug(Severity v) { return severities[static_cast<std::size_t>(v)]; }
std::string_view slug(Who v) { return parties[static_cast<std::size_t>(v)]; }
std::optional<VerdictCode> verdict_code_from(std::string_view text) { return find_in<VerdictCode>(codes, text); }
std::optional<Severity> severity_from(std::string_view text) { return find_in<Severity>(severities, text); }
std::optional<Who> who_from(std::string_view text) { return find_in<Who>(parties, text); }

}
