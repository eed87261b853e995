#include "probe/net/logbook.hpp"

#include "probe/net/resolver.hpp"

namespace portolan {

namespace {

constexpr std::size_t most_probes = 600;
constexpr std::size_t most_questions = 44;     ///< to the DNS in one run, whatever a domain's records name; one more may ask why there was SERVFAIL

/// One question in flight is shared: later askers wait for the first one's answer.
class RememberingResolver : public Resolver {
public:
    RememberingResolver(Resolver& below, Logbook& log) : below_(below), log_(log) {}

    Task<DnsAnswer> ask(std::string name, RecordType type) override
    {
        co_await asio::this_coro::throw_if_cancelled(false);
        const auto key = std::pair(name, type);
        auto found = known_.find(key);
        if (found == known_.end()) {
            const auto executor = co_await asio::this_coro::executor;
            auto entry = std::make_shared<Entry>(executor);
            known_.emplace(key, entry);
            const auto probe = log_.begin(ProbeKind::dns, ProbeGroup::names, std::string(slug(type)) + " " + name);
            if (asked_ == most_questions) {
                entry->answer.emplace().status = DnsStatus::not_asked;
                log_.end(probe, ProbeOutcome::skipped, std::string(slug(DnsStatus::not_asked)));
                co_return *entry->answer;
            }
            ++asked_;
            log_.told(probe, "DNS", Told::domain);
            // The question belongs to the run, not to the first asker: it goes on when that one is cancelled.
            asio::co_spawn(executor, below_.ask(name, type), asio::bind_cancellation_slot(entry->stop.slot(), [this, entry, probe, alive = std::weak_ptr(alive_)](std::exception_ptr thrown, DnsAnswer answer) {
                if (thrown) answer = {};
                if (!alive.expired()) {
                    const auto outcome = answer.status == DnsStatus::answer || answer.said_no() ? ProbeOutcome::ok
                                       : answer.status == DnsStatus::timed_out                  ? ProbeOutcome::timed_out
                                       : answer.status == DnsStatus::cancelled                  ? ProbeOutcome::cancelled
                                                                                                : ProbeOutcome::failed;
                    log_.saw(probe, answer.detail);
                    log_.end(probe, outcome, std::string(slug(answer.status)));
                }
                entry->answer = std::move(answer);
                entry->bell.cancel();
            }));
            found = known_.find(key);
        }
        auto entry = found->second;
        while (!entry->answer) {
            if (co_await was_cancelled()) co_return DnsAnswer{};
            co_await entry->bell.async_wait(asio::as_tuple(asio::use_awaitable));
        }
        co_return *entry->answer;
    }

    std::vector<IpAddress> servers() const override { return below_.servers(); }
    unsigned lost() const override { return below_.lost(); }

    ~RememberingResolver() override
    {
        for (auto& [key, entry] : known_)
            if (!entry->answer) entry->stop.emit(asio::cancellation_type::all);
    }

private:
    struct Entry {
        explicit Entry(const asio::any_io_executor& executor) : bell(executor, asio::steady_timer::time_point::max()) {}
        std::optional<DnsAnswer> answer;
        asio::steady_timer bell;
        asio::cancellation_signal stop;
    };
    Resolver& below_;
    Logbook& log_;
    std::map<std::pair<std::string, RecordType>, std::shared_ptr<Entry>> known_;
    std::size_t asked_ = 0;
    std::shared_ptr<int> alive_ = std::make_shared<int>();
};

}

Logbook::Logbook(Clock& clock, ProbeListener* listener) : clock_(clock), listener_(listener), began_(clock.now()) {}

int Logbook::elapsed_ms() const { return static_cast<int>(std::chrono::duration_cast<milliseconds>(clock_.now() - began_).count()); }

std::size_t Logbook::begin(ProbeKind kind, ProbeGroup group, std::string target)
{
    if (probes_.size() >= most_probes) return most_probes;
    Probe probe;
    probe.id = "p" + std::to_string(probes_.size() + 1);
    probe.kind = kind;
    probe.group = group;
    probe.target = std::move(target);
    probe.started_ms = elapsed_ms();
    probes_.push_back(std::move(probe));
    if (listener_) listener_->started(probes_.back());
    return probes_.size() - 1;
}

void Logbook::end(std::size_t index, ProbeOutcome outcome, std::string detail)
{
    if (index >= probes_.size()) return;
    auto& probe = probes_[index];
    if (probe.outcome != ProbeOutcome::running) return;
    probe.outcome = outcome;
    probe.elapsed_ms = elapsed_ms() - probe.started_ms;
    probe.detail = std::move(detail);
    if (listener_) listener_->ended(probe);
}

void Logbook::told(std::size_t index, std::string host, Told what)
{
    if (index >= probes_.size()) return;
    probes_[index].host = std::move(host);
    probes_[index].told = what;
}

void Logbook::saw(std::size_t index, Detail what)
{
    if (index < probes_.size()) probes_[index].seen = what;
}

const std::string& Logbook::id_of(std::size_t index) const
{
    static const std::string none;
    return index < probes_.size() ? probes_[index].id : none;
}

void Logbook::close()
{
    for (std::size_t i = 0; i < probes_.size(); ++i)
        if (probes_[i].outcome == ProbeOutcome::running) end(i, ProbeOutcome::cancelled);
}

std::string_view slug(ProbeKind kind)
{
    static constexpr std::array<std::string_view, 6> names{"dns", "http", "connect", "tls", "dialog", "sign-in"};
    return names[static_cast<std::size_t>(kind)];
}

std::string_view slug(ProbeOutcome outcome)
{
    static constexpr std::array<std::string_view, 6> names{"running", "ok", "failed", "timeout", "cancelled", "skipped"};
    return names[static_cast<std::size_t>(outcome)];
}

std::string_view slug(Told told)
{
    static constexpr std::array<std::string_view, 3> names{"nothing", "domain", "address"};
    return names[static_cast<std::size_t>(told)];
}

std::unique_ptr<Resolver> make_remembering_resolver(Resolver& below, Logbook& log) { return std::make_unique<RememberingResolver>(below, log); }

}
