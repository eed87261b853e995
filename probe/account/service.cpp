#include "probe/account/service.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace portolan {

namespace {

constexpr std::array<std::string_view, 9> kinds{"imap", "pop3", "smtp", "managesieve", "jmap", "activesync", "ews", "caldav", "carddav"};
constexpr std::array<std::string_view, 3> securities{"tls", "starttls", "none"};
constexpr std::array<std::string_view, 4> forms{"address", "local-part", "domain-local", "custom"};
constexpr std::array<std::string_view, 16> mechanisms{"oauth2", "oauthbearer", "xoauth2", "scram-sha-256-plus", "scram-sha-256", "scram-sha-1-plus", "scram-sha-1", "cram-md5",
                                                      "digest-md5", "plain", "login", "ntlm", "gssapi", "external", "basic", "native"};
constexpr std::array<std::string_view, 3> trusts{"authenticated", "confirm", "insecure"};
constexpr std::array<std::string_view, 4> states{"verified", "reachable", "untested", "failed"};
constexpr std::array<std::string_view, 19> sources{"catalogue", "catalogue-mx", "pacc", "autoconfig", "autoconfig-wellknown", "autoconfig-http", "autoconfig-mx", "autoconfig-txt", "ispdb",
                                                   "ispdb-mx", "srv", "autodiscover", "autodiscover-json", "autodiscover-srv", "jmap-wellknown", "dav-wellknown", "guess", "worked-before", "user"};

constexpr std::array<std::string_view, 3> revocations{"not-checked", "good", "revoked"};
constexpr std::array<std::string_view, 3> chain_notes{"reversed", "superfluous", "root-sent"};
constexpr std::array<std::string_view, 8> losses{"", "failed", "certificate", "less-trusted", "weaker", "second-protocol", "named-later", "not-tried"};

template <class Enum, std::size_t n>
std::optional<Enum> find_in(const std::array<std::string_view, n>& names, std::string_view text)
{
    const auto found = std::ranges::find(names, text);
    if (found == names.end()) return std::nullopt;
    return static_cast<Enum>(found - names.begin());
}

}

std::string_view slug(ServiceKind v) { return kinds[static_cast<std::size_t>(v)]; }
std::string_view slug(Security v) { return securities[static_cast<std::size_t>(v)]; }
std::string_view slug(UsernameForm v) { return forms[static_cast<std::size_t>(v)]; }
std::string_view slug(Mechanism v) { return mechanisms[static_cast<std::size_t>(v)]; }
std::string_view slug(Trust v) { return trusts[static_cast<std::size_t>(v)]; }
std::string_view slug(ServiceState v) { return states[static_cast<std::size_t>(v)]; }
std::string_view slug(Source v) { return sources[static_cast<std::size_t>(v)]; }
std::string_view slug(Lost v) { return losses[static_cast<std::size_t>(v)]; }
std::string_view slug(Revocation v) { return revocations[static_cast<std::size_t>(v)]; }
std::string_view slug(ChainNote v) { return chain_notes[static_cast<std::size_t>(v)]; }
std::optional<ServiceKind> service_kind_from(std::string_view text) { return find_in<ServiceKind>(kinds, text); }
std::optional<Security> security_from(std::string_view text) { return find_in<Security>(securities, text); }
std::optional<UsernameForm> username_form_from(std::string_view text) { return find_in<UsernameForm>(forms, text); }
std::optional<Trust> trust_from(std::string_view text) { return find_in<Trust>(trusts, text); }
std::optional<ServiceState> service_state_from(std::string_view text) { return find_in<ServiceState>(states, text); }
std::optional<Source> source_from(std::string_view text) { return find_in<Source>(sources, text); }
std::optional<Lost> lost_from(std::string_view text) { return find_in<Lost>(losses, text); }

std::optional<Revocation> revocation_from(std::string_view text) { return find_in<Revocation>(revocations, text); }
std::optional<ChainNote> chain_note_from(std::string_view text) { return find_in<ChainNote>(chain_notes, text); }

std::optional<Mechanism> mechanism_from(std::string_view text)
{
    std::string lower(text.substr(0, 32));
    std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return find_in<Mechanism>(mechanisms, lower);
}

Port default_port(ServiceKind kind, Security security)
{
    const bool tls = security == Security::tls;
    switch (kind) {
    case ServiceKind::imap: return tls ? 993 : 143;
    case ServiceKind::pop3: return tls ? 995 : 110;
    case ServiceKind::smtp: return tls ? 465 : 587;
    case ServiceKind::managesieve: return 4190;
    default: return 443;
    }
}

}
