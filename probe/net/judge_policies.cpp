#include "probe/net/judge_policies.hpp"

#include <algorithm>

namespace portolan {

namespace {

struct State {
    bool any = true;                           ///< anyPolicy is in force
    std::set<std::string> valid;
    long demand, keep_any, keep_mappings;      ///< explicit_policy, inhibit_anyPolicy, policy_mapping

    bool empty() const { return !any && valid.empty(); }

    void take(const Policies& policies, bool any_counts)
    {
        if (!policies.there) {
            any = false;
            valid.clear();
            return;
        }
        const bool theirs_any = policies.any && any_counts;
        std::set<std::string> next;
        for (const auto& one : policies.named)
            if (any || valid.contains(one)) next.insert(one);
        if (theirs_any) next.insert(valid.begin(), valid.end());
        valid = std::move(next);
        any = any && theirs_any;
    }

    void map(const Policies& policies)
    {
        std::set<std::string> next = valid;
        for (const auto& [from, to] : policies.mappings) next.erase(from);
        if (keep_mappings > 0)
            for (const auto& [from, to] : policies.mappings)
                if (any || valid.contains(from)) next.insert(to);
        valid = std::move(next);
    }
};

void lower(long& counter, const std::optional<long>& bound)
{
    if (bound) counter = std::min(counter, std::max(*bound, 0L));
}

}

bool policies_hold(const std::vector<const View*>& links)
{
    const long path = static_cast<long>(links.size());                 // one more than the certificates below the anchor
    State state{.any = true, .valid = {}, .demand = path, .keep_any = path, .keep_mappings = path};
    for (std::size_t i = links.size() - 1; i-- > 0;) {
        const View& link = *links[i];
        const auto& policies = link.policies;
        const bool leaf = i == 0;
        state.take(policies, state.keep_any > 0 || (!leaf && link.self_issued));
        if (state.demand <= 0 && state.empty()) return false;
        if (leaf) {
            if (state.demand > 0) --state.demand;
            if (policies.demand_after == 0) state.demand = 0;
            break;
        }
        state.map(policies);
        if (!link.self_issued) {
            for (long* counter : {&state.demand, &state.keep_any, &state.keep_mappings})
                if (*counter > 0) --*counter;
        }
        lower(state.demand, policies.demand_after);
        lower(state.keep_mappings, policies.mappings_end_after);
        lower(state.keep_any, policies.any_ends_after);
    }
    return state.demand > 0 || !state.empty();
}

}
