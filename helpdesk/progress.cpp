#include "helpdesk/progress.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace portolan {

void Progress::started(const Probe& probe)
{
    ++asked_;
    if (probe.kind == ProbeKind::sign_in) last_ = "signing in at " + probe.target;
    draw();
}

void Progress::ended(const Probe& probe)
{
    ++answered_;
    if (probe.outcome == ProbeOutcome::ok && probe.kind == ProbeKind::dialog) last_ = probe.target + " works";
    else if (probe.outcome == ProbeOutcome::ok && probe.kind == ProbeKind::http) last_ = "settings at " + probe.target;
    draw();
}

void Progress::draw()
{
    if (!shown_) return;
    const auto now = std::chrono::steady_clock::now();
    if (drawn_ && now - drew_ < 40ms) return;
    drew_ = now;
    drawn_ = true;
    auto line = fmt::format("{} of {} answered", answered_, asked_);
    if (!last_.empty()) line += "; " + last_;
    if (line.size() > 78) line.resize(78);
    std::fputs(("\r\x1b[K" + line).c_str(), stderr);
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
