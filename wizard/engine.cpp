#include "wizard/engine.hpp"

#include "demo/demo.hpp"
#include "probe/net/run.hpp"
#include "probe/worked.hpp"

#include <boost/asio/executor_work_guard.hpp>

#include <thread>

namespace portolan {

namespace {

/// One command at work: its run, its way to be stopped, and what it tells.
struct Job : SearchListener {
    std::function<void(ProbePtr)> on_probe;
    std::function<void(ReportPtr)> on_pair;
    SearchControl control;
    std::unique_ptr<Run> run;
    asio::cancellation_signal stop;
    bool over = false;

    void started(const Probe& probe) override { if (on_probe) on_probe(std::make_shared<const Probe>(probe)); }
    void ended(const Probe& probe) override { if (on_probe) on_probe(std::make_shared<const Probe>(probe)); }
    void pair_ready(const Report& report) override { if (on_pair) on_pair(std::make_shared<const Report>(report)); }
    void end() { if (!over) stop.emit(asio::cancellation_type::all); }
};
using JobPtr = std::shared_ptr<Job>;

SearchOptions options_of(const Consent& consent)
{
    SearchOptions options;
    options.confirmed = consent.confirmed;
    for (const auto& key : consent.accepted) options.accepted.push_back({key.host, key.port, key.spki_sha256});
    return options;
}

/// A sign-in has a logbook of its own (the ledger of the search must not decide about a second try), so what the search wrote gets ids of its own.
Report set_apart(Report report)
{
    const auto rename = [](std::string& id) { if (!id.empty()) id.insert(0, "search-"); };
    for (auto& probe : report.probes) rename(probe.id);
    for (auto& verdict : report.verdicts) rename(verdict.proof);
    for (auto& attempt : report.attempts) rename(attempt.probe);
    return report;
}

}

struct Engine::Inside {
    Engine& face;
    EngineOptions options;
    quint64 searching = 0, signing = 0;        ///< numbers of the last commands; used on the face's thread alone
    std::map<int, quint64> checking;
    quint64 last = 0;

    // From here on: used on the loop's thread alone. The loop goes last.
    asio::io_context loop{1};
    asio::executor_work_guard<asio::io_context::executor_type> stay{loop.get_executor()};
    std::optional<World> world;
    JobPtr job, sign_in_job;
    std::map<int, JobPtr> checks;
    int running = 0;
    bool asked_for_world = false, leaving = false;
    std::thread thread;

    Inside(Engine& engine, EngineOptions given) : face(engine), options(std::move(given))
    {
        thread = std::thread([this] { loop.run(); });
        // An option that cannot be used is told at once. Without options nothing can be wrong, and the window comes first: warmUp() or the first command makes the world.
        if (options.demonstration || !options.resolvers.empty() || !options.ca_files.empty()) asio::post(loop, [this] { ready(); });
    }

    ~Inside()
    {
        asio::post(loop, [this] {
            leaving = true;
            cancel_all();
            stop_if_idle();
        });
        thread.join();
        job.reset();
        sign_in_job.reset();
        checks.clear();
        world.reset();
    }

    /// Makes the world at the first call; false when it cannot be made, or when the wizard is leaving.
    bool ready()
    {
        if (!asked_for_world) make_world();
        return world && !leaving;
    }

    void make_world()
    {
        asked_for_world = true;
        auto made = options.demonstration ? make_demo_world(loop) : make_real_world(loop, WorldOptions{options.resolvers, options.ca_files});
        if (made) world.emplace(std::move(*made));
        else tell([this, why = QString::fromStdString(made.error())] { Q_EMIT face.unusable(why); });
    }

    /// Runs `word` on the face's thread; dropped with the face.
    template <class F>
    void tell(F word) { QMetaObject::invokeMethod(&face, std::move(word), Qt::QueuedConnection); }

    void cancel_all()
    {
        if (job) job->end();
        if (sign_in_job) sign_in_job->end();
        for (auto& [ticket, check] : checks) check->end();
    }

    /// The demonstration's servers would keep the loop going for ever: it ends when the last command has closed its sockets.
    void stop_if_idle()
    {
        if (leaving && running == 0) loop.stop();
    }

    JobPtr new_job()
    {
        auto fresh = std::make_shared<Job>();
        fresh->run = std::make_unique<Run>(loop, *world, fresh.get());
        return fresh;
    }

    template <class T, class F>
    void spawn(const JobPtr& one, Task<T> task, F done)
    {
        if (running++ == 0) tell_work(true);
        one->over = false;
        asio::co_spawn(loop, std::move(task), asio::bind_cancellation_slot(one->stop.slot(), [this, one, done](std::exception_ptr fault, T value) {
            one->over = true;
            if (!fault) done(std::make_shared<const T>(std::move(value)));
            if (--running == 0) tell_work(false);
            stop_if_idle();
        }));
    }

    void tell_work(bool works)
    {
        tell([this, works] {
            face.at_work_ = works;
            Q_EMIT face.atWorkChanged();
        });
    }
};

Engine::Engine(EngineOptions options, QObject* parent) : QObject(parent), inside_(std::make_unique<Inside>(*this, std::move(options))) {}

Engine::~Engine() = default;

void Engine::warmUp()
{
    asio::post(inside_->loop, [in = inside_.get()] { in->ready(); });
}

void Engine::search(const EmailAddress& address, const Consent& consent, bool keepLooking)
{
    auto* in = inside_.get();
    const auto number = in->searching = ++in->last;
    in->signing = 0;
    asio::post(in->loop, [in, number, address, keepLooking, options = options_of(consent)] {
        if (in->job) in->job->end();
        if (in->sign_in_job) in->sign_in_job->end();
        if (!in->ready()) return;
        auto job = in->job = in->new_job();
        auto asked = options;
        const auto kept = in->options.remember && !in->options.demonstration ? worked_file() : std::nullopt;
        if (kept) asked.discovery.worked_before = worked_before(*kept, address.domain(), in->world->clock->wall());
        job->on_probe = [in, number](ProbePtr probe) {
            in->tell([in, number, probe] { if (in->searching == number) Q_EMIT in->face.probeChanged(probe); });
        };
        job->on_pair = [in, number](ReportPtr report) {
            in->tell([in, number, report] { if (in->searching == number) Q_EMIT in->face.pairReady(report); });
        };
        if (keepLooking) job->control.keep_looking();
        in->spawn(job, find(address, job->run->around(), asked, job.get(), &job->control), [in, number, kept](ReportPtr report) {
            if (kept) keep_what_worked(*kept, *report, in->world->clock->wall());          // a cache that cannot be written is nothing to trouble anybody with
            in->tell([in, number, report] { if (in->searching == number) Q_EMIT in->face.searched(report); });
        });
    });
}

void Engine::useNow()
{
    auto* in = inside_.get();
    asio::post(in->loop, [in] { if (in->job && !in->job->over) in->job->control.use_now(); });
}

void Engine::keepLooking()
{
    auto* in = inside_.get();
    asio::post(in->loop, [in] { if (in->job && !in->job->over) in->job->control.keep_looking(); });
}

void Engine::signIn(const ReportPtr& report, const Consent& consent, const std::string& username, Secret password)
{
    auto* in = inside_.get();
    const auto number = in->signing = ++in->last;
    auto options = options_of(consent);
    options.password = std::move(password);
    if (!username.empty()) options.username = username;
    asio::post(in->loop, [in, number, report, options = std::move(options)] {
        if (in->sign_in_job) in->sign_in_job->end();
        if (!in->ready()) return;
        auto job = in->sign_in_job = in->new_job();
        in->spawn(job, sign_in(set_apart(*report), job->run->around(), options), [in, number](ReportPtr result) {
            in->tell([in, number, result] { if (in->signing == number) Q_EMIT in->face.signedIn(result); });
        });
    });
}

void Engine::checkByHand(int ticket, const Service& service, const Consent& consent)
{
    auto* in = inside_.get();
    const auto number = in->checking[ticket] = ++in->last;
    asio::post(in->loop, [in, number, ticket, service, options = options_of(consent)] {
        if (in->checks[ticket]) in->checks[ticket]->end();
        in->checks.erase(ticket);
        if (!in->ready()) return;
        auto job = in->checks[ticket] = in->new_job();
        const auto began = in->world->clock->now();
        in->spawn(job, check_by_hand(service, job->run->around(), options), [in, number, ticket, began](HandCheckPtr check) {
            const auto took = static_cast<int>(std::chrono::duration_cast<milliseconds>(in->world->clock->now() - began).count());
            in->tell([in, number, ticket, check, took] { if (in->checking[ticket] == number) Q_EMIT in->face.handChecked(ticket, check, took); });
        });
    });
}

void Engine::cancel()
{
    auto* in = inside_.get();
    in->searching = in->signing = 0;
    in->checking.clear();
    asio::post(in->loop, [in] { in->cancel_all(); });
}

}
