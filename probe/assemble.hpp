// From evidence to the report: which set is recommended, what else would work, what has to be said about it.
#pragma once

#include "probe/search.hpp"
#include "probe/trial/candidates.hpp"

namespace portolan {

struct Evidence {
    const EmailAddress& address;
    const SearchOptions& options;
    const CandidateList& candidates;
    const std::vector<SourceResult>& sources;
    std::optional<BurstResult> burst;          ///< nothing when it had not ended
    const Logbook& log;
    std::string started;
};

Report assemble(const Evidence& evidence);
/// DNS answers that were signed wrongly, too large for this network, or not asked for: a verdict for each kind, with its probe.
void add_name_verdicts(Report& report, const Logbook& log);

/// Everything beside mail and submission, from all findings: the best of each kind into the account, the rest among the alternatives.
void add_other_services(Report& report, const Evidence& evidence);

/// settings-conflict, with both sides, where findings contradict each other: disjoint servers for one service, an SRV label against its port, a weaker form
/// named before a stronger one at the same host.
void add_contradictions(Report& report);

/// Sets outcome, sorts the verdicts (what to fix first comes first) and drops repetitions. Called again after a sign-in.
void conclude(Report& report, const SearchOptions& options);

/// Reading or sending mail: what a sign-in is for. The other services of an account are only named so far.
inline bool is_mail(const Service& service) { return service.incoming() || service.service == ServiceKind::smtp; }

/// May a password go to this service: trust and certificate, or a person's word for them (contract: --confirm, --accept-certificate)?
bool may_have_password(const Service& service, const SearchOptions& options);

std::string rfc3339(std::chrono::system_clock::time_point when);

/// The catalogue's own notices: app password, browser sign-in, a step to prepare, or that it cannot be set up at all.
void add_provider_verdicts(Report& report);

}
