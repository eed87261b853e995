// One source's claim: a service's settings, where it was read, and whether every hop was authenticated.
#pragma once

#include "probe/account/address.hpp"
#include "probe/account/service.hpp"
#include "probe/net/surroundings.hpp"

namespace portolan {

struct Finding {
    Source source{};
    std::string location;                      ///< a URL (never with the address in it), "SRV _imaps._tcp.example.org", "catalogue gmail"
    bool authenticated = false;                ///< every hop: built-in, HTTPS with a good certificate, or DNSSEC
    int order = 0;                             ///< the source's own order of preference, 0 first
    /// Follows from what was said, but nobody said it: implicit TLS at a host named for STARTTLS, the name in a certificate. Its value is the rank of what it follows
    /// from. It counts only when it works.
    std::optional<int> derived_rank;
    bool final = false;                        ///< its owner declines the stronger form of it (a lone "." in DNS)
    Service service;                           ///< trust already judged for this source alone; state untested
};

enum class SourceEnd : std::uint8_t { found, nothing, failed, skipped, cancelled };

/// What a source says beside the servers (autoconfig 1.1/1.2, PACC, catalogue): for people to read, or for a sign-in in the browser. Nothing of it is followed
/// by Portolan itself; URLs are https or http, texts are cleaned.
struct ProviderFacts {
    struct Page { std::string url, text; bool operator==(const Page&) const = default; };
    struct OAuth { std::string issuer, auth_url, token_url, scope, client_id; bool operator==(const OAuth&) const = default; };
    std::string id, name;
    std::vector<Page> documentation;           ///< help pages
    std::vector<Page> prepare;                 ///< what a person has to do first: <enable>, <instruction>
    std::string webmail;                       ///< the login page
    std::optional<OAuth> oauth2;
    bool operator==(const ProviderFacts&) const = default;
};

/// What a source came to. `failed` means "could not ask"; `nothing` comes only after an answer (style: Errors).
struct SourceResult {
    Source source{};
    SourceEnd end = SourceEnd::nothing;
    std::vector<Finding> findings;
    std::vector<Verdict> verdicts;             ///< settings_malformed, settings_redirect_loop, dns_failure, …
    std::optional<std::string> provider_id;    ///< the catalogue entry this led to
    std::optional<ProviderFacts> facts;
};

/// Trust ladder of discovery.md 2.4 as a number, lower is better: user 1, catalogue for the very domain 2, authenticated autoconfig of the domain 3,
/// DNSSEC SRV 4, other curated lists 5, SRV inside the domain 6, by MX 7, SRV elsewhere 8, plain HTTP 9, guess 10.
int rank_of(const Finding& finding, const Hostname& domain);
/// The best rank this source can still reach for the domain while it is running.
int best_rank_of(Source source);

class SourceEnds;

struct DiscoveryOptions {
    std::string ispdb = "https://v1.ispdb.net/"; ///< the database's address; the domain is appended to it. Empty: it is not asked.
    std::vector<std::string> confirmed;        ///< registrable domains that a person has confirmed: they may be told the address, too
    std::vector<Service> worked_before;        ///< for this domain in an earlier run: tried first, believed as little as a guess
};

/// What the Autodiscover sources of one run have asked so far, all together: one budget, and nothing twice without need.
struct AutodiscoverTrail {
    int requests = 0;
    std::set<std::string> asked;
};

struct SourceInput {
    const EmailAddress& address;
    Surroundings& world;
    /// Told early, in the order of the result's findings: one slow name does not hold up the others. May be empty.
    std::function<void(const Finding&)> tell;
    DiscoveryOptions options{};
    std::shared_ptr<AutodiscoverTrail> autodiscover = std::make_shared<AutodiscoverTrail>();         ///< one for all sources of a run
    SourceEnds* ends = nullptr;                ///< for a source that is asked only after another has failed (source_ends.hpp); nothing: it never is
};

/// The DNS burst of design section 3.1: every question at t = 0, through the run's remembering resolver, so that sources find answers under way.
/// Ends when all answered. Tells whether a random label is answered as well (a wildcard zone): then guessed names prove nothing by existing.
struct BurstResult {
    bool wildcard = false;
    std::vector<IpAddress> wildcard_addresses;
    std::vector<IpAddress> invented;           ///< what the resolver answered for a name that cannot exist (RFC 6761 §6.4): its word for "exists" counts nothing
    bool only_invented = false;                ///< and whatever else it said to exist leads there as well, the domain itself too
    bool any_answer = false;                   ///< some server answered something, also NXDOMAIN
    bool domain_exists = true;                 ///< false: NXDOMAIN for the domain itself
    DnsStatus domain_status = DnsStatus::cancelled;
    bool null_mx = false;                      ///< the domain takes no mail (RFC 7505)
    bool nothing_published = false;            ///< every question about it was answered, and no record leads to a mail server
    bool all_failed = false;                   ///< not one orderly answer, not even for a name that cannot exist
};
Task<BurstResult> dns_burst(SourceInput in);
/// Names of which few domains have one: their AAAA are asked only where A has not said that there is no such name (resolve_rare_name).
inline constexpr std::array<std::string_view, 4> rare_names{"ua-auto-config.", "pop.", "pop3.", "mx."};
/// The label that nobody has, below `domain`; the burst asks for its address.
std::string label_of_nobody(const std::string& domain);
/// A name below .invalid, which no resolver may know.
std::string name_that_cannot_exist();

Task<SourceResult> ask_catalogue(SourceInput in);              ///< no I/O at all
Task<SourceResult> ask_catalogue_by_mx(SourceInput in);
Task<SourceResult> ask_srv(SourceInput in);
Task<SourceResult> ask_worked_before(SourceInput in);          ///< no I/O at all
/// imap/pop/pop3/smtp/mail/mx.D and D itself at their usual ports, only names that exist; in order of likelihood, incoming and outgoing mixed. Each name
/// is told as soon as it is known to exist. What SRV declines with a lone "." (RFC 2782, RFC 6186 §3.4) is not guessed.
Task<SourceResult> ask_guess(SourceInput in);

using SourceCall = Task<SourceResult> (*)(SourceInput);
struct SourceEntry { Source source; SourceCall ask; };
std::span<const SourceEntry> all_sources();

/// An autoconfig 1.1/1.2 document: every service kept in order (mail first, then what stands outside of the provider), one bad server skipped alone,
/// placeholders filled in every field, unknown values never plaintext. Calendars alone are enough. At most 1 MiB, depth 32, 32 mail servers and 32 others,
/// no DTD. UTF-8, UTF-16, Latin-1 and windows-1252. The error is a slug for the probe's detail. No configuration at all: "empty", "html-page",
/// "captive-page", "json", "not-xml", "no-client-config". One that cannot be used: "broken-xml, line N", "dtd", "too-large", "too-deep", "too-many-elements",
/// "unknown-encoding", "no-servers".
struct AutoconfigDocument {
    ProviderFacts facts;
    std::vector<Service> services;
    int skipped = 0;
    bool password = false;                     ///< one stands in it, for everybody to read; it is not kept
};
std::expected<AutoconfigDocument, std::string> parse_autoconfig(std::string_view body, const EmailAddress& address);

}
