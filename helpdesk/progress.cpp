#include "helpdesk/progress.hpp"

#include "helpdesk/language.hpp"
#include "helpdesk/layout.hpp"

#include <cstdio>

namespace portolan {

void Progress::started(const Probe& probe)
{
    ++asked_;
    if (probe.kind == ProbeKind::sign_in) last_ = translated("signing in at {target}", {{"{target}", probe.target}});
    draw();
}

void Progress::ended(const Probe& probe)
{
    ++answered_;
    if (probe.outcome == ProbeOutcome::ok && probe.kind == ProbeKind::dialog) last_ = translated("{target} works", {{"{target}", probe.target}});
    else if (probe.outcome == ProbeOutcome::ok && probe.kind == ProbeKind::http) last_ = translated("settings at {target}", {{"{target}", probe.target}});
    draw();
}

void Progress::draw()
{
    if (!shown_) return;
    const auto now = std::chrono::steady_clock::now();
    if (drawn_ && now - drew_ < 40ms) return;
    drew_ = now;
    drawn_ = true;
    const Value answered{"{answered}", std::to_string(answered_)}, asked{"{asked}", std::to_string(asked_)};
    const auto line = last_.empty() ? translated("{answered} of {asked} answered", {answered, asked})
                                    : translated("{answered} of {asked} answered; {last}", {answered, asked, {"{last}", last_}});
    std::fputs(("\r\x1b[K" + shortened(line, 78)).c_str(), stderr);
    std::fflush(stderr);
}

void Progress::clear()
{
    if (!drawn_) return;
    drawn_ = false;
    std::fputs("\r\x1b[K", stderr);
    std::fflush(stderr);
}

}
