// What is measured: domains as they are published, healthy and in trouble, and what each may cost.
#pragma once

#include "tests/bench/far_away.hpp"

namespace portolan::bench {

/// How a scenario is judged, besides that it ends by the deadline.
enum class Goal : std::uint8_t {
    bound,                                     ///< 95 of 100 searches within 1.25 times `bound` round trips
    near_twin,                                 ///< 95 of 100 at most `more` later than the twin's median
    end,                                       ///< nothing can be found
    any,                                       ///< told, not judged
};

struct Scenario {
    std::string_view name, address;
    std::string_view incoming;                 ///< the host that has to be found; "": none
    Goal goal{};
    double bound = 0;                          ///< round trips (design section 3)
    std::string_view twin{};                   ///< the scenario without the trouble
    milliseconds more{};
    int every = 1;                             ///< one run where others have so many: it takes long
};

/// A loss that real networks have only on a bad day.
inline constexpr double bad_day = 0.3;

std::span<const Scenario> scenarios();
void build(FarAway& net);

}
