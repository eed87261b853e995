// The whole way of one address: burst, sources side by side, candidates, trials, report (design sections 2 and 3).
#pragma once

#include "probe/dialog/dialog.hpp"
#include "probe/report.hpp"

namespace portolan {

struct SearchOptions {
    milliseconds deadline = 20s;
    std::set<Source> only, without;            ///< only empty: all
    DiscoveryOptions discovery;
    bool offline = false;                      ///< the catalogue alone; nothing is sent
    std::optional<std::string> username;       ///< the person's own word: UsernameForm::custom
    std::optional<Secret> password;            ///< with it the sign-in is tried too
    std::vector<std::string> confirmed;        ///< registrable domains whose servers may have the password (--confirm)
    std::vector<AcceptedCertificate> accepted; ///< --accept-certificate
    bool thorough = false;                     ///< look also at the servers' other addresses and ports, at what the DNS announces, and wait (0.5 s) for a dead address to be certain
    std::string proxy;                         ///< the one that is set up on this computer, without user and password; or ""
};

/// Called on the loop's thread while a search runs.
class SearchListener : public ProbeListener {
public:
    void started(const Probe&) override {}
    void ended(const Probe&) override {}
    virtual void found(const Finding&) {}
    /// An incoming and an outgoing endpoint have both passed their trial; `report` is what the search would say now.
    virtual void pair_ready(const Report& report) { (void)report; }
};

/// Lets a face end the wait early ("Use this now") or late ("Keep looking"). Use on the loop's thread.
class SearchControl {
public:
    void use_now();                            ///< the best proven set of this moment is the answer
    void keep_looking();                       ///< no grace period: listen until every source ended or the deadline
    bool wants_now() const { return now_; }
    bool keeps_looking() const { return keep_; }
    std::function<void()> changed;             ///< set by the search

private:
    bool now_ = false, keep_ = false;
};

/// Never throws. When the calling coroutine is cancelled every socket is closed within 100 ms and the report holds what was learned so far.
/// The run must have been made with `listener` as its ProbeListener.
Task<Report> find(EmailAddress address, Surroundings& world, SearchOptions options, SearchListener* listener = nullptr, SearchControl* control = nullptr);

/// `--offline`: the catalogue's word alone. No I/O, no loop, no time spent; nothing is tested, so the outcome is `attention` or `not-found`.
Report find_offline(const EmailAddress& address, const SearchOptions& options);

/// Signs in to the services of `report.account` with `options.password`: incoming first, outgoing once the password was not refused.
/// Keeps the sign-in budget (design rule 22). The returned report has states, usernames and verdicts brought up to date, new probes and attempts appended.
Task<Report> sign_in(Report report, Surroundings& world, SearchOptions options);

/// One endpoint by hand: reachability, TLS, certificate, capabilities. No sign-in.
struct HandCheck {
    Service service;                           ///< state, certificate, auth, verdict codes filled
    std::vector<Verdict> verdicts;
    std::optional<ServiceKind> other_protocol;
};
Task<HandCheck> check_by_hand(Service service, Surroundings& world, SearchOptions options);

}
