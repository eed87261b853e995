#include "probe/pace.hpp"

#include <climits>

namespace portolan {

milliseconds time_in_the_queue(const Logbook& log)
{
    constexpr int at_once = 250, long_queue = 250, long_handshake = 120;
    constexpr std::size_t enough = 20;
    std::vector<int> answered;                                         // when, in the order of asking
    for (const auto& probe : log.probes())
        if (probe.kind == ProbeKind::dns && probe.outcome == ProbeOutcome::ok && probe.started_ms <= at_once)
            answered.push_back(probe.started_ms + probe.elapsed_ms);
    if (answered.size() < enough) return 0ms;
    std::size_t overtaken = 0;
    for (std::size_t i = 1; i < answered.size(); ++i)
        if (answered[i] < answered[i - 1]) ++overtaken;
    const auto [first, last] = std::ranges::minmax(answered);
    // Servers that are slow answer in any order; a queue keeps its own.
    if (last - first < long_queue || overtaken * 5 > answered.size()) return 0ms;
    int connected = INT_MAX, shaken = INT_MAX;
    for (const auto& probe : log.probes()) {
        if (probe.outcome != ProbeOutcome::ok) continue;
        if (probe.kind == ProbeKind::connect) connected = std::min(connected, probe.elapsed_ms);
        if (probe.kind == ProbeKind::tls) shaken = std::min(shaken, probe.elapsed_ms);
    }
    if (connected == INT_MAX || shaken == INT_MAX || shaken - connected < long_handshake) return 0ms;
    return milliseconds(last - first);
}

}
