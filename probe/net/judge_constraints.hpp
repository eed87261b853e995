// Name constraints (RFC 5280 §4.2.1.10 and §6.1.4 g): which names the certificates below an authority may hold.
#pragma once

#include "probe/net/judge_view.hpp"

namespace portolan {

/// Comparisons left in one judgement: a hostile chain multiplies its names by its constraints.
struct ConstraintBudget {
    int left = 250'000;
};

/// What `constraints` say to the names of `below`; nothing: all are allowed.
std::optional<Fault> breach(const Constraints& constraints, const View& below, ConstraintBudget& budget);

}
