// A certificate that is too old or too new, and a web server that says another date: then it is this computer's clock that is wrong.
#include "probe/assemble.hpp"

namespace portolan {

void name_wrong_clock(Report& report, const Surroundings& world)
{
    const auto theirs = world.ledger.time_elsewhere();
    const auto apart = theirs ? *theirs - world.clock.wall() : std::chrono::system_clock::duration{};
    if (std::chrono::abs(apart) <= std::chrono::hours(24)) return;
    const auto date = rfc3339(*theirs);
    const auto fits = [&](const CertificateFacts& one) { return one.not_before <= date && date <= one.not_after; };
    for (auto& verdict : report.verdicts) {
        if (verdict.code != VerdictCode::certificate_expired && verdict.code != VerdictCode::certificate_not_yet_valid) continue;
        if (verdict.detail != Detail::none) continue;
        for (auto* list : {&report.account.services, &report.alternatives})
            for (auto& service : *list) {
                if (target_of(service) != verdict.target || slug(service.service) != verdict.service) continue;
                if (!service.certificate || !fits(*service.certificate)) continue;
                verdict.detail = service.certificate->detail = Detail::clock_wrong;
                verdict.said = service.certificate->said = date;
                verdict.who = Who::you;
            }
    }
}

}
