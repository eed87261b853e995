#include "probe/search.hpp"

#include "probe/assemble.hpp"
#include "probe/discovery/source_ends.hpp"
#include "probe/net/mailbox.hpp"
#include "probe/second_look.hpp"
#include "probe/witness.hpp"

#include <variant>

namespace portolan {

void SearchControl::use_now()
{
    now_ = true;
    if (changed) changed();
}

void SearchControl::keep_looking()
{
    keep_ = true;
    if (changed) changed();
}

namespace {

constexpr std::size_t most_trials = 13;        ///< of one search, so that 20 connections for one address are never passed with HTTP
constexpr std::size_t most_one_way = 10;       ///< of these for one direction: however many incoming servers are named, the outgoing ones get their turn
constexpr std::size_t most_guesses_at_once = 5;

struct BurstEnded { BurstResult result; };
struct SourceEnded { SourceResult result; };
struct TrialEnded { Candidate* candidate; Trial trial; };
struct SourceTold { Source source; Finding finding; };
struct Rang { enum class Bell { deadline, grace } bell; };
struct Repaired { std::vector<Finding> findings; };
struct Testified {};
struct Changed {};
using Event = std::variant<BurstEnded, SourceTold, SourceEnded, TrialEnded, Rang, Repaired, Testified, Changed>;

class Search {
public:
    Search(EmailAddress address, Surroundings& world, SearchOptions options, SearchListener* listener, SearchControl* control, asio::any_io_executor executor)
        : address_(std::move(address)), world_(world), options_(std::move(options)), listener_(listener), control_(control), mail_(executor), nursery_(executor), ends_(executor),
          candidates_(address_.domain()), witnesses_(world_, address_.domain(), nursery_, [this] { mail_.post(Testified{}); })
    {
        std::ranges::copy(options_.confirmed, std::back_inserter(options_.discovery.confirmed));
    }

    Task<Report> run()
    {
        co_await asio::this_coro::throw_if_cancelled(false);
        began_ = world_.clock.now();
        started_ = rfc3339(world_.clock.wall());
        if (control_) control_->changed = [this] { mail_.post(Changed{}); };
        nursery_.start(ring(Rang::Bell::deadline, began_ + options_.deadline));
        const auto asks_names = [this](const SourceEntry& entry) { return entry.source != Source::catalogue && allowed(entry.source); };
        if (std::ranges::any_of(all_sources(), asks_names)) {
            ++busy_;
            nursery_.start(burst());
        }
        for (const auto& entry : all_sources()) {
            if (!allowed(entry.source)) {
                ends_.ended(entry.source, SourceEnd::skipped);
                continue;
            }
            running_.push_back(entry.source);
            nursery_.start(ask(entry));
        }
        while (!over()) {
            auto event = co_await mail_.next();
            if (!event) {
                cancelled_ = true;
                break;
            }
            std::visit([this](auto& one) { on(one); }, *event);
            start_trials();
            consider();
        }
        if (control_) control_->changed = {};
        nursery_.cancel();
        co_await nursery_.join();
        world_.log.close();
        co_return report();
    }

    bool cancelled() const { return cancelled_; }

private:
    bool allowed(Source source) const { return !options_.without.contains(source) && (options_.only.empty() || options_.only.contains(source)); }

    Task<void> burst()
    {
        auto result = co_await dns_burst({address_, world_, {}, options_.discovery});
        mail_.post(BurstEnded{std::move(result)});
    }

    Task<void> ask(SourceEntry entry)
    {
        auto tell = [this, source = entry.source](const Finding& finding) { mail_.post(SourceTold{source, finding}); };
        auto result = co_await entry.ask({address_, world_, std::move(tell), options_.discovery, autodiscover_, &ends_});
        ends_.ended(entry.source, result.end);
        mail_.post(SourceEnded{std::move(result)});
    }

    Task<void> attempt(Candidate* candidate)
    {
        TrialOptions options;
        options.accepted = options_.accepted;
        options.endpoint_limit += allowance_for(world_);
        auto trial = co_await try_service(candidate->service, address_.domain(), world_, std::move(options));
        mail_.post(TrialEnded{candidate, std::move(trial)});
    }

    Task<void> ring(Rang::Bell bell, TimePoint when)
    {
        if (co_await world_.clock.wait_until(when)) mail_.post(Rang{bell});
    }

    void on(BurstEnded& ended)
    {
        --busy_;
        burst_ = std::move(ended.result);
    }

    void on(SourceTold& told)
    {
        ++told_[told.source];
        take(told.finding);
    }

    void on(SourceEnded& ended)
    {
        std::erase(running_, ended.result.source);
        const auto told = static_cast<std::ptrdiff_t>(told_[ended.result.source]);
        std::for_each(ended.result.findings.begin() + told, ended.result.findings.end(), [this](const Finding& finding) { take(finding); });
        ended_.push_back(std::move(ended.result));
    }

    void take(const Finding& finding)
    {
        const auto kind = finding.service.service;
        if (kind == ServiceKind::imap || kind == ServiceKind::pop3 || kind == ServiceKind::smtp) {
            const auto rank = candidates_.add(finding).rank;
            // What the catalogue offers is all there is; a file or a record may be older than the server.
            const bool curated = finding.source == Source::catalogue || finding.source == Source::catalogue_mx;
            if (!curated && finding.source != Source::guess && finding.source != Source::worked_before && finding.service.security != Security::tls && !finding.final) derive(finding, rank);
        }
        if (listener_) listener_->found(finding);
    }

    /// A server that is named for STARTTLS, or without encryption, usually has implicit TLS as well: the strongest that works wins (design rule 17).
    void derive(const Finding& said, int rank)
    {
        for (const auto security : {Security::tls, Security::starttls}) {
            if (security >= said.service.security) break;
            Finding finding = said;
            finding.source = Source::guess;
            finding.derived_rank = rank;
            finding.location = "at the host named by " + said.location;
            finding.service.security = security;
            finding.service.port = default_port(said.service.service, security);
            finding.service.sources = {Source::guess};
            finding.service.trust = said.authenticated ? Trust::authenticated : Trust::confirm;
            candidates_.add(std::move(finding));
        }
    }

    /// The endpoint works, but its certificate names another host: that one may be the right name for it.
    void consider_repair(const Candidate& candidate)
    {
        const auto& trial = *candidate.trial;
        const auto& certificate = trial.service.certificate;
        if (!certificate || certificate->problem != VerdictCode::certificate_name_mismatch || trial.certificate_accepted) return;
        ++busy_;
        nursery_.start(repair(Repair{trial.service, candidate.rank, trial.addresses}));
    }

    void on(Testified&) {}

    struct Repair { Service service; int rank; std::vector<IpAddress> addresses; };

    /// A name counts when it leads to the same machine, or belongs to the same owner; whether it then verifies is for its own trial to say.
    Task<void> repair(Repair what)
    {
        co_await asio::this_coro::throw_if_cancelled(false);
        Repaired result;
        constexpr std::size_t most_names = 3;
        for (const auto& text : what.service.certificate->names) {
            const auto name = parse_hostname(text);                    // a wildcard is no host name
            if (!name || name->is_ip() || *name == what.service.host) continue;
            const bool same_owner = same_registrable_domain(*name, what.service.host);
            const auto found = co_await resolve_addresses(world_.resolver, world_.clock, *name);
            const bool same_machine = std::ranges::any_of(found.list, [&](const IpAddress& one) { return std::ranges::find(what.addresses, one) != what.addresses.end(); });
            if (found.list.empty() || (!same_owner && !same_machine)) continue;
            Finding finding;
            finding.source = Source::guess;
            finding.derived_rank = what.rank;
            finding.location = "the certificate of " + target_of(what.service);
            finding.order = static_cast<int>(result.findings.size());
            finding.service = what.service;
            finding.service.host = *name;
            finding.service.certificate.reset();
            finding.service.verdicts.clear();
            finding.service.state = ServiceState::untested;
            finding.service.sources = {Source::guess};
            if (!same_owner && finding.service.trust == Trust::authenticated) finding.service.trust = Trust::confirm;
            result.findings.push_back(std::move(finding));
            if (result.findings.size() == most_names) break;
        }
        mail_.post(std::move(result));
    }

    void on(Repaired& repaired)
    {
        --busy_;
        for (auto& finding : repaired.findings) candidates_.add(std::move(finding));
    }

    void on(TrialEnded& ended)
    {
        --trials_;
        // Findings that arrived while the trial ran belong to it as well.
        auto& merged = ended.candidate->service;
        ended.trial.service.sources = merged.sources;
        ended.trial.service.trust = merged.trust;
        ended.trial.service.username = merged.username;
        ended.trial.service.username_form = merged.username_form;
        ended.trial.service.username_known = merged.username_known;
        ended.candidate->trial = std::move(ended.trial);
        consider_repair(*ended.candidate);
        witnesses_.consider(*ended.candidate->trial);
        if (!told_pair_ && incoming() && outgoing()) {
            told_pair_ = true;
            if (listener_) listener_->pair_ready(report());
        }
    }

    void on(Rang& rang)
    {
        if (rang.bell == Rang::Bell::deadline) over_ = true;
        else if (!(control_ && control_->keeps_looking())) grace_over_ = true;
    }

    void on(Changed&)
    {
        if (control_->wants_now() && incoming() && outgoing()) over_ = true;
    }

    bool over() const { return over_ || (running_.empty() && trials_ == 0 && busy_ == 0 && witnesses_.asking() == 0 && !more_to_try()); }

    const Candidate* incoming() const
    {
        const auto* imap = candidates_.best_proven(ServiceKind::imap);
        return imap ? imap : candidates_.best_proven(ServiceKind::pop3);
    }
    const Candidate* outgoing() const { return candidates_.best_proven(ServiceKind::smtp); }

    /// Guesses wait while somebody published settings for that direction: they start when those have failed.
    bool guess_is_due(const Candidate& guess) const
    {
        const bool in = guess.service.incoming();
        bool published = false;
        for (const auto& other : candidates_.all()) {
            if (!other.said() || other.service.incoming() != in) continue;
            if (!other.trial || other.proven()) published = true;
        }
        return !published;
    }

    bool spent(const Candidate& candidate) const
    {
        return attempts_in_ + attempts_out_ >= most_trials || (candidate.service.incoming() ? attempts_in_ : attempts_out_) >= most_one_way;
    }

    bool due(const Candidate& candidate) const
    {
        if (candidate.started || spent(candidate)) return false;
        if (candidate.guessed()) {
            if (!guess_is_due(candidate)) return false;
            const auto* proven = candidate.service.incoming() ? incoming() : outgoing();
            return !(proven && better(*proven, candidate));            // nothing to gain
        }
        const auto* proven = candidates_.best_proven(candidate.service.service);
        return !proven || tier_of(candidate.rank) <= tier_of(proven->rank);
    }

    bool more_to_try() const
    {
        return std::ranges::any_of(candidates_.all(), [this](const Candidate& candidate) { return due(candidate); });
    }

    void start_trials()
    {
        std::vector<Candidate*> waiting;
        std::size_t guesses_running = 0;
        for (auto& candidate : candidates_.all()) {
            if (due(candidate)) waiting.push_back(&candidate);
            if (candidate.started && !candidate.trial && candidate.guessed()) ++guesses_running;
        }
        std::ranges::stable_sort(waiting, [](const Candidate* a, const Candidate* b) { return better(*a, *b); });
        // Both directions side by side: the leading incoming guess must not keep the leading outgoing one waiting.
        std::size_t in = 0, out = 0;
        for (auto* candidate : waiting) {
            if (spent(*candidate)) continue;
            auto& started = candidate->service.incoming() ? in : out;
            if (candidate->guessed() && guesses_running + started >= most_guesses_at_once) continue;
            ++started;
            candidate->started = true;
            ++(candidate->service.incoming() ? attempts_in_ : attempts_out_);
            ++trials_;
            nursery_.start(attempt(candidate));
        }
    }

    /// Stands before: rank, then security, then the source's own order (candidates.hpp: best_first).
    static bool better(const Candidate& a, const Candidate& b)
    {
        return std::tuple(tier_of(a.rank), a.service.security, a.rank, a.order) < std::tuple(tier_of(b.rank), b.service.security, b.rank, b.order);
    }

    /// Is there an answer, and is nothing left that could still be better? Then it stands; otherwise the grace period starts (design section 3.5).
    void consider()
    {
        if (over_) return;
        const auto* in = incoming();
        const auto* out = outgoing();
        if (!in || !out) return;
        if (control_ && control_->wants_now()) over_ = true;
        if (over_ || (control_ && control_->keeps_looking())) return;
        if (in->remembered() || out->remembered()) return;             // no answer before somebody names it today, or everybody has ended
        if (grace_over_ || !better_may_come(*in, *out)) {
            over_ = !options_.thorough || witnesses_.about_addresses() == 0;      // the answer stands; whether an address is dead takes a moment more
            return;
        }
        if (in_grace_) return;                                         // a better answer of the same wait does not lengthen it
        in_grace_ = true;
        const auto elapsed = std::chrono::duration_cast<milliseconds>(world_.clock.now() - began_);
        const auto grace = std::max(150ms, std::min(2 * elapsed, 700ms));
        nursery_.start(ring(Rang::Bell::grace, world_.clock.now() + grace));
    }

    bool better_may_come(const Candidate& in, const Candidate& out) const
    {
        const auto rank = std::max(in.rank, out.rank);
        const bool strongest = in.service.security == Security::tls && out.service.security == Security::tls;
        for (const auto source : running_) {
            const auto best = best_rank_of(source);
            // Calendars and contacts never stand against mail, but are worth the same moment.
            if (source == Source::jmap_wellknown || source == Source::dav_wellknown || best < rank || (!strongest && tier_of(best) <= tier_of(rank))) return true;
        }
        for (const auto& candidate : candidates_.all()) {
            if (!candidate.started || candidate.trial) continue;
            const auto& proven = candidate.service.incoming() ? in : out;
            if (better(candidate, proven)) return true;
            // The other published port of the same server: that it offers no encryption is worth the moment, whoever takes it out.
            const bool other_port = candidate.said() && candidate.service.host == proven.service.host && candidate.service.service == proven.service.service;
            if (other_port && candidate.service.security == Security::starttls && proven.service.security == Security::tls) return true;
            // IMAP of equal standing is worth a moment where only POP3 has answered so far.
            if (proven.service.service == ServiceKind::pop3 && candidate.service.service == ServiceKind::imap && candidate.rank <= proven.rank) return true;
        }
        return false;
    }

    Report report() const { return assemble({address_, options_, candidates_, ended_, burst_, world_, started_, witnesses_.heard()}); }

    EmailAddress address_;
    Surroundings& world_;
    SearchOptions options_;
    SearchListener* listener_;
    SearchControl* control_;
    Mailbox<Event> mail_;
    Nursery nursery_;
    SourceEnds ends_;
    CandidateList candidates_;
    std::shared_ptr<AutodiscoverTrail> autodiscover_ = std::make_shared<AutodiscoverTrail>();
    std::vector<SourceResult> ended_;
    std::vector<Source> running_;
    std::map<Source, std::size_t> told_;       ///< findings that a source told before its end
    std::optional<BurstResult> burst_;
    Witnesses witnesses_;
    TimePoint began_{};
    std::string started_;
    int busy_ = 0, trials_ = 0;
    std::size_t attempts_in_ = 0, attempts_out_ = 0;
    bool in_grace_ = false, grace_over_ = false, over_ = false, told_pair_ = false, cancelled_ = false;
};

}

Task<Report> find(EmailAddress address, Surroundings& world, SearchOptions options, SearchListener* listener, SearchControl* control)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    if (options.offline) co_return find_offline(address, options);
    Search search(std::move(address), world, options, listener, control, co_await asio::this_coro::executor);
    auto found = co_await search.run();
    const auto spent = milliseconds(found.elapsed_ms);
    if (options.thorough && !search.cancelled() && spent < options.deadline) {
        found = co_await look_at_every_certificate(std::move(found), world);
        conclude(found, options);
    }
    if (options.password && !search.cancelled() && !found.account.services.empty()) co_return co_await sign_in(std::move(found), world, std::move(options));
    co_return found;
}

}
