// What a refused sign-in means: the providers' own sentences, then response codes, then reply codes.
#include "probe/trial/causes.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace portolan {

namespace {

struct Signature {
    std::string_view text;                     ///< lower case; a fragment that stays the same when the rest of the sentence is rewritten
    VerdictCode code;
    Who who;
    bool counts;                               ///< an attempt was used up: the credentials were looked at and refused
};

using enum VerdictCode;

constexpr auto you = Who::you;
constexpr auto provider = Who::mail_provider;

// Most specific first: a sentence that names two possibilities stands before the fragments of either. Wording of providers and server programs as of 2026.
constexpr std::array sentences{
    // Two possibilities in one sentence: nobody can tell which, so it stays a refusal, and the words are quoted. Yandex; QQ.
    Signature{"invalid credentials or imap is disabled", sign_in_rejected, you, true},
    Signature{"invalid credentials or pop3 is disabled", sign_in_rejected, you, true},
    Signature{"account is abnormal, service is not open", sign_in_rejected, you, true},

    // A password of its own for mail programs. Gmail, Yahoo and AOL, iCloud, Zoho, Fastmail, mail.ru, Yandex; QQ and 163.
    Signature{"application-specific password", sign_in_app_password_needed, you, true},
    Signature{"application specific password", sign_in_app_password_needed, you, true},
    Signature{"application password is required", sign_in_app_password_needed, you, true},
    Signature{"app-specific password", sign_in_app_password_needed, you, true},
    Signature{"app specific password", sign_in_app_password_needed, you, true},
    Signature{"app password", sign_in_app_password_needed, you, true},
    Signature{"authorized code", sign_in_app_password_needed, you, true},
    Signature{"authorization code", sign_in_app_password_needed, you, true},
    Signature{"invalidsecondfactor", sign_in_app_password_needed, you, true},

    // The service is closed, to the account or to the organisation. Microsoft, Gmail, Zoho, GMX and web.de, Yandex, QQ and 163.
    Signature{"smtpclientauthentication is disabled", service_disabled_for_account, provider, true},
    Signature{"not enabled for imap", service_disabled_for_account, you, true},
    Signature{"not enabled for pop", service_disabled_for_account, you, true},
    Signature{"yet to enable imap", service_disabled_for_account, you, true},
    Signature{"yet to enable pop", service_disabled_for_account, you, true},
    Signature{"disabled for your domain", service_disabled_for_account, provider, true},
    Signature{"imap access is disabled", service_disabled_for_account, provider, true},
    Signature{"imap access disabled", service_disabled_for_account, you, true},
    Signature{"imap is disabled", service_disabled_for_account, you, true},
    Signature{"imap disabled", service_disabled_for_account, you, true},
    Signature{"imap is not enabled", service_disabled_for_account, you, true},
    Signature{"imap not enabled", service_disabled_for_account, you, true},
    Signature{"pop3 access is disabled", service_disabled_for_account, you, true},
    Signature{"pop3 access disabled", service_disabled_for_account, you, true},
    Signature{"pop3 is disabled", service_disabled_for_account, you, true},
    Signature{"pop3 disabled", service_disabled_for_account, you, true},
    Signature{"pop is disabled", service_disabled_for_account, you, true},
    Signature{"smtp access disabled", service_disabled_for_account, you, true},
    Signature{"smtp is disabled", service_disabled_for_account, you, true},
    Signature{"smtp disabled", service_disabled_for_account, you, true},
    Signature{"does not have access rights to this service", service_disabled_for_account, you, true},
    Signature{"service is not open", service_disabled_for_account, you, true},
    Signature{"authenticated but not connected", service_disabled_for_account, provider, true},

    // No password at all, or not before the browser was used. Microsoft; Gmail.
    Signature{"basic authentication is disabled", sign_in_oauth2_needed, you, true},
    Signature{"basic authentication is not supported", sign_in_oauth2_needed, you, true},
    Signature{"basic auth is disabled", sign_in_oauth2_needed, you, true},
    Signature{"basic auth blocked", sign_in_oauth2_needed, you, true},
    Signature{"basicauthblocked", sign_in_oauth2_needed, you, true},
    Signature{"web login required", sign_in_oauth2_needed, you, true},
    Signature{"log in via your web browser", sign_in_oauth2_needed, you, true},
    Signature{"log in with your web browser", sign_in_oauth2_needed, you, true},
    Signature{"[webalert", sign_in_oauth2_needed, you, true},

    // Who looks after the account has said no. Microsoft's security defaults and conditional access (5.7.139); Zoho; everybody.
    Signature{"security defaults policy", sign_in_disabled_by_provider, provider, true},
    Signature{"did not meet the criteria to be authenticated", sign_in_disabled_by_provider, provider, true},
    Signature{"account is disabled", sign_in_disabled_by_provider, provider, true},
    Signature{"account disabled", sign_in_disabled_by_provider, provider, true},
    Signature{"account has been disabled", sign_in_disabled_by_provider, provider, true},
    Signature{"account is suspended", sign_in_disabled_by_provider, provider, true},
    Signature{"account suspended", sign_in_disabled_by_provider, provider, true},
    Signature{"account has been suspended", sign_in_disabled_by_provider, provider, true},
    Signature{"user disabled", sign_in_disabled_by_provider, provider, true},
    Signature{"access restricted", sign_in_disabled_by_provider, provider, true},

    // Too many tries. Yahoo (#AUTH005), Gmail (454 4.7.0), everybody.
    Signature{"too many bad auth", sign_in_locked, you, true},
    Signature{"too many login failures", sign_in_locked, you, true},
    Signature{"too many login attempts", sign_in_locked, you, true},
    Signature{"too many failed", sign_in_locked, you, true},
    Signature{"too many invalid", sign_in_locked, you, true},
    Signature{"too many authentication failures", sign_in_locked, you, true},
    Signature{"account is locked", sign_in_locked, provider, true},
    Signature{"account locked", sign_in_locked, provider, true},
    Signature{"account has been locked", sign_in_locked, provider, true},
    Signature{"temporarily locked", sign_in_locked, you, true},
    Signature{"temporarily blocked", sign_in_locked, you, true},
    Signature{"rate limit hit", sign_in_locked, you, false},
    Signature{"exceeded command or bandwidth limits", sign_in_locked, you, false},

    // No room for one more connection. Dovecot's words come with [UNAVAILABLE] or [LIMIT]; Gmail; Microsoft (432 4.3.2).
    Signature{"maximum number of connections", service_busy, you, false},
    Signature{"too many simultaneous connections", service_busy, you, false},
    Signature{"too many concurrent", service_busy, you, false},
    Signature{"concurrent connections limit", service_busy, you, false},

    // The way of signing in, not the password. Cyrus SASL; RFC 4954 §4 and RFC 5248 §2.4 (4.7.12: once with PLAIN, then this mechanism works).
    Signature{"no mechanism available", sign_in_mechanism_unsupported, provider, false},
    Signature{"unsupported authentication mechanism", sign_in_mechanism_unsupported, provider, false},
    Signature{"unknown authentication mechanism", sign_in_mechanism_unsupported, provider, false},
    Signature{"unrecognized authentication type", sign_in_mechanism_unsupported, provider, false},
    Signature{" 4.7.12", sign_in_mechanism_unsupported, provider, false},
};

// RFC 5530 §3; RFC 3206 §4 and RFC 2449 §8 for POP3.
constexpr std::array response_codes{
    Signature{"[sys/perm]", service_disabled_for_account, provider, true},
    Signature{"[limit]", sign_in_locked, you, false},
    Signature{"[privacyrequired]", sign_in_cleartext_refused, provider, false},
    Signature{"[expired]", sign_in_rejected, you, true},
    Signature{"[contactadmin]", sign_in_disabled_by_provider, provider, true},
    Signature{"[unavailable]", sign_in_try_later, provider, false},
    Signature{"[serverbug]", sign_in_try_later, provider, false},
    Signature{"[sys/temp]", sign_in_try_later, provider, false},
    Signature{"[inuse]", service_busy, you, false},
    Signature{"[in-use]", service_busy, you, false},
    Signature{"[login-delay]", sign_in_try_later, you, false},
    Signature{"temporary authentication failure", sign_in_try_later, provider, false},
};

bool starts_with_any(std::string_view text, std::initializer_list<std::string_view> beginnings)
{
    return std::ranges::any_of(beginnings, [&](std::string_view one) { return text.starts_with(one); });
}

}

Refusal read_refusal(std::string_view reply)
{
    std::string lower(reply.substr(0, 4096));
    std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const auto among = [&](const auto& table) -> std::optional<Refusal> {
        for (const auto& one : table)
            if (lower.find(one.text) != std::string::npos) return Refusal{one.code, one.who, one.counts, true};
        return std::nullopt;
    };
    if (const auto found = among(sentences)) return *found;
    if (const auto found = among(response_codes)) return *found;
    // SMTP replies: 454 and 4xx are the moment's, 534 and 538 the mechanism's, 535 the credentials' (RFC 4954 §4 and §6).
    if (lower.starts_with("4")) return {sign_in_try_later, provider, false, true};
    if (lower.starts_with("538")) return {sign_in_cleartext_refused, provider, false, true};
    if (lower.starts_with("534")) return {sign_in_mechanism_unsupported, provider, true, true};
    if (lower.starts_with("504")) return {sign_in_mechanism_unsupported, provider, false, true};
    // Said at AUTH by a server that has no sign-in at this port: "503 5.5.1 Error: authentication not enabled", "502 5.5.1 not implemented".
    if (starts_with_any(lower, {"502", "503"})) return {sign_in_mechanism_unsupported, provider, false, true};
    // 5.2.1: "mailbox disabled, not accepting messages" (RFC 3463 §3.3).
    if (starts_with_any(lower, {"550 5.2.1", "525 5.7.13", "525"})) return {sign_in_disabled_by_provider, provider, true, true};   // 5.7.13: "user account disabled" (RFC 5248 §2.4)
    return {};
}

}
