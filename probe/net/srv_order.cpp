#include "probe/net/resolver.hpp"

namespace portolan {

std::string_view slug(RecordType type)
{
    switch (type) {
    case RecordType::a: return "A";
    case RecordType::cname: return "CNAME";
    case RecordType::tlsa: return "TLSA";
    case RecordType::mx: return "MX";
    case RecordType::txt: return "TXT";
    case RecordType::aaaa: return "AAAA";
    case RecordType::srv: return "SRV";
    }
    return "?";
}

std::string_view slug(DnsStatus status)
{
    static constexpr std::array<std::string_view, 9> names{"answer", "no-data", "nxdomain", "servfail", "refused", "timeout", "malformed", "cancelled", "enough-asked"};
    return names[static_cast<std::size_t>(status)];
}

std::vector<SrvTarget> order_srv(std::vector<SrvTarget> targets, const std::function<std::uint32_t(std::uint32_t)>& random)
{
    // Weight 0 stands first within a priority, so that it has a small chance and not none (RFC 2782, "Weight").
    std::ranges::stable_sort(targets, {}, [](const SrvTarget& t) { return std::pair(t.priority, t.weight != 0); });
    std::vector<SrvTarget> ordered;
    while (!targets.empty()) {
        const auto priority = targets.front().priority;
        std::size_t group = 0;
        std::uint32_t total = 0;
        for (; group < targets.size() && targets[group].priority == priority; ++group) total += targets[group].weight;
        const auto draw = random(total);
        std::uint32_t running = 0;
        std::size_t chosen = 0;
        for (std::size_t i = 0; i < group; ++i) {
            running += targets[i].weight;
            if (running >= draw) {
                chosen = i;
                break;
            }
        }
        ordered.push_back(std::move(targets[chosen]));
        targets.erase(targets.begin() + static_cast<std::ptrdiff_t>(chosen));
    }
    return ordered;
}

}
