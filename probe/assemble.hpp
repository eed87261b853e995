// From evidence to the report: which set is recommended, what else would work, what has to be said about it.
#pragma once

#include "probe/search.hpp"
#include "probe/trial/candidates.hpp"

namespace portolan {

/// What was asked about one host after a trial failed there on the network.
struct Testimony {
    bool answers_elsewhere = false;            ///< a web port of the same address took a connection, or refused it
    bool small_segments_pass = false;          ///< a handshake that hung ends well once the server sends small segments
};

struct Testimonies {
    std::map<std::string, Testimony> hosts;
    std::set<Port> passing;                    ///< ports that are silent at one host, while another host takes a connection there, or refuses it
    std::set<IpAddress> dead;                  ///< silent however often they were knocked at, while another address of the same host answers
};

struct Evidence {
    const EmailAddress& address;
    const SearchOptions& options;
    const CandidateList& candidates;
    const std::vector<SourceResult>& sources;
    std::optional<BurstResult> burst;          ///< nothing when it had not ended
    const Surroundings& world;
    std::string started;
    const Testimonies& testimonies;
};

Report assemble(const Evidence& evidence);

/// A verdict with no proof and nothing said; its target is the service's unless another is given.
Verdict about(VerdictCode code, Severity severity, Who who, const Service* service, std::string target = {});

/// What the DNS as a whole told: no network, no answer, no such domain, nothing published, no mail wanted, declined services, invented names, a portal.
void add_name_verdicts(Report& report, const Evidence& evidence);

/// Mail goes to the domain, and nothing was found to read it from: said where no other verdict explains it.
void add_last_word(Report& report, const Evidence& evidence);

/// Whether it was the server or the way to it: blocked ports, a proxy that is needed, lost packets, slow networks, addresses that do not answer.
void add_network_verdicts(Report& report, const Evidence& evidence);

/// Dates of certificates against what web servers said the time is.
void name_wrong_clock(Report& report, const Surroundings& world);

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
