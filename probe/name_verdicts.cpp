// What the answers of the DNS had about them: signatures that do not hold, answers too large for this network, answers that nobody asked for.
#include "probe/assemble.hpp"

namespace portolan {

namespace {

struct Kind {
    Detail seen;
    VerdictCode code;
    Who who;
};

constexpr std::array kinds{
    Kind{Detail::dnssec_bogus, VerdictCode::dns_failure, Who::domain_owner},
    Kind{Detail::large_answers_lost, VerdictCode::dns_failure, Who::this_network},
    Kind{Detail::forged_answers, VerdictCode::dns_hijacked, Who::this_network},
};

}

void add_name_verdicts(Report& report, const Logbook& log)
{
    for (const auto& kind : kinds) {
        const auto probe = std::ranges::find(log.probes(), kind.seen, &Probe::seen);
        if (probe == log.probes().end()) continue;
        Verdict verdict;
        verdict.code = kind.code;
        verdict.detail = kind.seen;
        // Something else may have led there all the same.
        verdict.severity = report.account.services.empty() && kind.code == VerdictCode::dns_failure ? Severity::error : Severity::warning;
        verdict.who = kind.who;
        verdict.target = probe->target.substr(probe->target.find(' ') + 1);
        verdict.proof = probe->id;
        report.verdicts.push_back(std::move(verdict));
    }
}

}
