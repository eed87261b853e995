#include "probe/trial/candidates.hpp"

#include <algorithm>
#include <tuple>

namespace portolan {

namespace {

/// A working endpoint without a certificate problem, then one that works but for its certificate, then a claim, then a dead guess.
int standing(const Candidate& candidate)
{
    if (candidate.proven()) return candidate.service.security == Security::plaintext ? 1 : 0;
    if (candidate.trial && candidate.trial->outcome) return 2;
    if (candidate.trial && candidate.trial->service.certificate) return 3;
    return candidate.said() ? 4 : 5;
}

auto order_key(const Candidate& candidate)
{
    return std::tuple(standing(candidate), tier_of(candidate.rank), static_cast<int>(candidate.service.security), candidate.rank, candidate.order,
                      -static_cast<int>(candidate.service.sources.size()));
}

}

int tier_of(int rank) { return rank == 3 ? 2 : rank; }

bool Candidate::guessed() const
{
    return std::ranges::all_of(findings, [](const Finding& finding) { return (finding.source == Source::guess && !finding.derived_rank) || finding.source == Source::worked_before; });
}

bool Candidate::remembered() const
{
    return std::ranges::all_of(findings, [](const Finding& finding) { return finding.source == Source::worked_before; });
}

bool Candidate::derived() const
{
    return std::ranges::all_of(findings, [](const Finding& finding) { return finding.source == Source::guess || finding.source == Source::worked_before; }) && !guessed();
}

Candidate& CandidateList::add(Finding finding)
{
    const auto rank = rank_of(finding, domain_);
    const auto found = std::ranges::find_if(all_, [&](const Candidate& candidate) {
        return candidate.service.service == finding.service.service && candidate.service.endpoint() == finding.service.endpoint();
    });
    auto& candidate = found == all_.end() ? all_.emplace_back() : *found;
    const bool leads = candidate.findings.empty() || rank < candidate.rank;
    if (leads) {
        auto merged = finding.service;
        merged.sources.insert(merged.sources.end(), candidate.service.sources.begin(), candidate.service.sources.end());
        if (!merged.username_known && candidate.service.username_known) {
            merged.username = candidate.service.username;
            merged.username_form = candidate.service.username_form;
            merged.username_known = true;
        }
        if (merged.auth.empty()) merged.auth = candidate.service.auth;
        candidate.service = std::move(merged);
        candidate.rank = rank;
        candidate.order = finding.order;
    } else {
        auto& kept = candidate.service;
        kept.sources.insert(kept.sources.end(), finding.service.sources.begin(), finding.service.sources.end());
        if (!kept.username_known && finding.service.username_known) {
            kept.username = finding.service.username;
            kept.username_form = finding.service.username_form;
            kept.username_known = true;
        }
        kept.trust = std::min(kept.trust, finding.service.trust);
    }
    std::vector<Source> once;
    for (const auto source : candidate.service.sources)
        if (std::ranges::find(once, source) == once.end()) once.push_back(source);
    candidate.service.sources = std::move(once);
    candidate.findings.push_back(std::move(finding));
    if (candidate.trial) {
        // A later finding for an endpoint that was tried already costs nothing more (design section 3.3).
        auto& tried = candidate.trial->service;
        tried.sources = candidate.service.sources;
        tried.trust = candidate.service.trust;
        tried.username = candidate.service.username;
        tried.username_form = candidate.service.username_form;
        tried.username_known = candidate.service.username_known;
    }
    return candidate;
}

std::vector<const Candidate*> CandidateList::best_first(ServiceKind kind) const
{
    std::vector<const Candidate*> ordered;
    for (const auto& candidate : all_)
        if (candidate.service.service == kind) ordered.push_back(&candidate);
    std::ranges::stable_sort(ordered, [](const Candidate* a, const Candidate* b) { return order_key(*a) < order_key(*b); });
    return ordered;
}

const Candidate* CandidateList::best_proven(ServiceKind kind) const
{
    const auto ordered = best_first(kind);
    return ordered.empty() || !ordered.front()->proven() ? nullptr : ordered.front();
}

Trust trust_after_trial(const Candidate& candidate, const Hostname& domain)
{
    const auto& service = candidate.trial ? candidate.trial->service : candidate.service;
    if (service.security == Security::plaintext) return Trust::insecure;
    if (service.trust == Trust::authenticated) return Trust::authenticated;
    // A key that a person has accepted names its server as well as a good certificate does.
    const bool good = candidate.trial && candidate.trial->certificate_accepted && service.certificate;
    return good && same_registrable_domain(service.host, domain) ? Trust::authenticated : service.trust;
}

}
