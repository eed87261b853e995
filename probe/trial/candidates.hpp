// Findings merged into endpoints: agreement raises a candidate, its best claim leads it, the weakest hop limits its trust.
#pragma once

#include "probe/discovery/finding.hpp"
#include "probe/trial/trial.hpp"

#include <deque>

namespace portolan {

struct Candidate {
    Service service;                           ///< merged from all findings; the best-ranked one leads
    int rank = 0;                              ///< of the best finding (rank_of)
    int order = 0;                             ///< that finding's own order
    std::vector<Finding> findings;
    std::optional<Trial> trial;                ///< once it ended
    bool started = false;

    bool guessed() const;                      ///< nothing but guesses name it, or what worked before
    bool remembered() const;                   ///< nobody names it today
    bool derived() const;                      ///< nobody names it: it follows from what was said elsewhere
    bool said() const { return !guessed() && !derived(); }
    bool proven() const { return trial && trial->proven(); }
};

/// Ranks between which the stronger security decides.
int tier_of(int rank);

class CandidateList {
public:
    explicit CandidateList(Hostname domain) : domain_(std::move(domain)) {}
    /// Adds a claim; mail services only (imap, pop3, smtp). Returns the candidate it became part of; addresses stay valid.
    Candidate& add(Finding finding);
    std::deque<Candidate>& all() { return all_; }
    const std::deque<Candidate>& all() const { return all_; }
    /// Every candidate of `kind`, best first: proven before not, then rank (what the domain itself and the catalogue say, ranks 2 and 3, is one rank here:
    /// the stronger of the two wins, so that an old catalogue does not hold back what the domain says today), security (TLS, STARTTLS, none), the source's order, agreement.
    std::vector<const Candidate*> best_first(ServiceKind kind) const;
    /// The first of these that is proven, or nothing.
    const Candidate* best_proven(ServiceKind kind) const;

private:
    Hostname domain_;
    std::deque<Candidate> all_;
};

/// `authenticated` also for a host in the address's own registrable domain whose certificate is good (contract: trust), or accepted by a person.
Trust trust_after_trial(const Candidate& candidate, const Hostname& domain);

}
