// What a mail program has to know about one service, and how far we believe it. Names are the report's (portolan-report/1).
#pragma once

#include "probe/account/names.hpp"
#include "probe/account/verdict.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace portolan {

using Port = std::uint16_t;

enum class ServiceKind : std::uint8_t { imap, pop3, smtp, managesieve, jmap, activesync, ews, caldav, carddav };
enum class Security : std::uint8_t { tls, starttls, plaintext };      ///< plaintext is "none" in the report; nothing encrypts only if it can
enum class UsernameForm : std::uint8_t { address, local_part, domain_local, custom };
enum class Mechanism : std::uint8_t {
    oauth2, oauthbearer, xoauth2, scram_sha_256_plus, scram_sha_256, scram_sha_1_plus, scram_sha_1, cram_md5, digest_md5,
    plain, login, ntlm, gssapi, external, basic, native,              ///< native: IMAP LOGIN, POP3 USER/PASS
};
enum class Trust : std::uint8_t { authenticated, confirm, insecure };
enum class ServiceState : std::uint8_t { verified, reachable, untested, failed };
/// Why an alternative was not chosen.
enum class Lost : std::uint8_t { none, failed, certificate, less_trusted, weaker, second_protocol, named_later, not_tried };
enum class Source : std::uint8_t {
    catalogue, catalogue_mx, pacc, autoconfig, autoconfig_wellknown, autoconfig_http, autoconfig_mx, autoconfig_txt, ispdb, ispdb_mx,
    srv, autodiscover, autodiscover_json, autodiscover_srv, jmap_wellknown, dav_wellknown, guess, worked_before, user,
};

struct Endpoint {
    Hostname host;
    Port port = 0;
    Security security = Security::tls;
    auto operator<=>(const Endpoint&) const = default;
};

enum class Revocation : std::uint8_t { not_checked, good, revoked };
/// What is odd about a chain and harms nobody: order (RFC 5246 §7.4.2 wanted it right), certificates that lead nowhere, the root itself.
enum class ChainNote : std::uint8_t { reversed, superfluous, root_sent };

/// Who would take this certificate for the name that was asked. false: would not, or that is not certain.
struct AcceptedBy {
    bool strict = false;                       ///< every rule of RFC 5280 and the CA/B baseline requirements that the judge knows
    bool outlook = false;                      ///< Windows fetches a missing intermediate where the certificate says from where
    bool thunderbird = false;
    bool iphone = false;                       ///< fetches nothing; lifetimes and purposes as Apple wants them
    bool operator==(const AcceptedBy&) const = default;
};

/// A leaf certificate and the chain as presented; plain values, no OpenSSL type leaves `net/`.
struct CertificateFacts {
    std::string subject;                       ///< RFC 2253 form
    std::vector<std::string> names;            ///< subjectAltName DNS and IP entries
    std::string issuer;
    std::string not_before, not_after;         ///< RFC 3339 UTC
    std::string spki_sha256;                   ///< lower-case hex of the SubjectPublicKeyInfo's SHA-256
    std::string key;                           ///< "RSA 2048", "EC P-256", …
    std::vector<std::string> chain;            ///< PEM, leaf first, as the server sent it
    std::optional<VerdictCode> problem;        ///< the gravest; nothing = good for the name that was asked
    std::vector<VerdictCode> findings;         ///< all of them, also warnings such as expires-soon
    Detail detail = Detail::none;              ///< which kind of `problem`: clock_wrong, interception, no_anchors
    std::string said;                          ///< what the problem quotes: the issuer, another clock, the weak link
    Revocation revocation = Revocation::not_checked;
    std::vector<ChainNote> notes;
    std::vector<std::string> reasons;          ///< every rule that is broken and at which link: "key-too-small 1"; also rules that only `strict` minds
    AcceptedBy accepted_by;
    bool operator==(const CertificateFacts&) const = default;
};

/// One service of an account. `host`, `port`, `security` for mail; `url` for HTTP services as well.
struct Service {
    ServiceKind service = ServiceKind::imap;
    Hostname host;
    Port port = 0;
    Security security = Security::tls;
    std::string url;
    std::string username;                      ///< placeholders already filled; empty = not known yet
    UsernameForm username_form = UsernameForm::address;
    bool username_known = false;               ///< a source named the form; false: full address first, then local part
    std::vector<Mechanism> auth;               ///< preferred first
    std::vector<Source> sources;               ///< best first, each once
    Trust trust = Trust::confirm;
    ServiceState state = ServiceState::untested;
    std::optional<CertificateFacts> certificate;
    std::vector<VerdictCode> verdicts;
    Lost lost = Lost::none;                    ///< of an alternative: why another one stands before it

    Endpoint endpoint() const { return {host, port, security}; }
    bool incoming() const { return service == ServiceKind::imap || service == ServiceKind::pop3; }
    bool operator==(const Service&) const = default;
};

std::string_view slug(ServiceKind);
std::string_view slug(Security);
std::string_view slug(UsernameForm);
std::string_view slug(Mechanism);
std::string_view slug(Trust);
std::string_view slug(ServiceState);
std::string_view slug(Source);
std::string_view slug(Lost);
std::string_view slug(Revocation);
std::string_view slug(ChainNote);
std::optional<ServiceKind> service_kind_from(std::string_view);
std::optional<Security> security_from(std::string_view);
std::optional<UsernameForm> username_form_from(std::string_view);
std::optional<Mechanism> mechanism_from(std::string_view);            ///< report slugs and SASL names, any case
std::optional<Trust> trust_from(std::string_view);
std::optional<ServiceState> service_state_from(std::string_view);
std::optional<Source> source_from(std::string_view);
std::optional<Lost> lost_from(std::string_view);
std::optional<Revocation> revocation_from(std::string_view);
std::optional<ChainNote> chain_note_from(std::string_view);

/// The registered port for a service and its security: imap 993/143, pop3 995/110, smtp 465/587, managesieve 4190, HTTP 443.
Port default_port(ServiceKind, Security);

}
