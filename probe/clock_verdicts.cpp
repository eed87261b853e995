// A certificate that is too old or too new, and a web server that says another date: then it is this computer's clock that is wrong.
#include "probe/assemble.hpp"

namespace portolan {

namespace {

bool about_dates(const Verdict& verdict)
{
    return verdict.code == VerdictCode::certificate_expired || verdict.code == VerdictCode::certificate_not_yet_valid;
}

/// What a web server's clock says, where it is more than a day away from ours.
std::optional<std::string> other_date(const Surroundings& world)
{
    const auto theirs = world.ledger.time_elsewhere();
    if (!theirs || std::chrono::abs(*theirs - world.clock.wall()) <= std::chrono::hours(24)) return std::nullopt;
    return rfc3339(*theirs);
}

void blame_clock(Report& report, const std::string& date)
{
    const auto fits = [&](const CertificateFacts& one) { return one.not_before <= date && date <= one.not_after; };
    for (auto& verdict : report.verdicts) {
        if (!about_dates(verdict) || verdict.detail != Detail::none) continue;
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

void name_wrong_clock(Report& report, const Surroundings& world)
{
    if (const auto date = other_date(world)) blame_clock(report, *date);
    // A clock that is wrong for one is wrong for all: nobody else, a web server least of all, is to hear of dates.
    const auto proof = std::ranges::find(report.verdicts, Detail::clock_wrong, &Verdict::detail);
    if (proof == report.verdicts.end()) return;
    const auto said = proof->said;
    for (auto& verdict : report.verdicts)
        if (about_dates(verdict) && verdict.detail == Detail::none) {
            verdict.detail = Detail::clock_wrong;
            verdict.said = said;
            verdict.who = Who::you;
        }
}

}
