// Everything learned about one address, and its JSON (portolan-report/1). The wizard, --json and the text read the same report.
#pragma once

#include "probe/account/account.hpp"
#include "probe/discovery/finding.hpp"
#include "probe/net/logbook.hpp"
#include "probe/trial/trial.hpp"

namespace portolan {

enum class ReportOutcome : std::uint8_t { ready, attention, not_found, offline, unsupported };

struct Report {
    std::optional<EmailAddress> address;
    Hostname domain;
    std::string started;                       ///< RFC 3339 UTC
    int elapsed_ms = 0;
    ReportOutcome outcome = ReportOutcome::not_found;
    std::string summary;                       ///< filled by helpdesk/ (words live there); empty as it leaves the core
    Account account;                           ///< the recommended set
    std::vector<Service> alternatives;
    std::optional<ProviderFacts> published;    ///< what the best authenticated source says beside the servers
    std::vector<Finding> findings;
    std::vector<Probe> probes;
    std::vector<Verdict> verdicts;             ///< what to fix first comes first
    std::vector<Attempt> attempts;
    std::string provider_id;                   ///< catalogue entry, for what to prepare and the sign-in kind; may be empty
    int sign_in_attempts = 0;                  ///< sign-ins that were sent
    int sign_in_refusals = 0;                  ///< of those, refused by the server
};

/// Who learned what of the person: "DNS" the domain, a web host the domain or the address, a mail server the user name at a sign-in.
struct Disclosure {
    std::string host;
    Told learned = Told::nothing;
};
/// Each host once, in the order in which they were asked.
std::vector<Disclosure> disclosures(const Report& report);

std::string_view slug(ReportOutcome outcome);
/// 0 ready, 1 attention or unsupported, 3 not found, 4 offline.
int exit_status(const Report& report);

std::string to_json(const Report& report);     ///< pretty, keys in the contract's order, ends in a newline
/// Takes a report, or an object with address, name and account (contract: --account). At most 8 MiB. The error names the key that is wrong.
std::expected<PersonalAccount, std::string> account_from_json(std::string_view text);
std::expected<Report, std::string> report_from_json(std::string_view text);

}
