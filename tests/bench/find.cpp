// Time from an address to tested endpoints over 50 ms of round trip, as a multiple of it; and what one address costs in questions and connections. The
// search is the real one, by its own clock.
#include "tests/bench/scenarios.hpp"

#include <cstdio>
#include <cstring>

using namespace portolan;
using namespace portolan::bench;

namespace {

constexpr double trip = static_cast<double>(round_trip.count());
constexpr int most_questions = 45, most_connections = 20;

struct Searched {
    Report report;
    int took = 0;                              ///< milliseconds until the search returned, with all it has to close
    int questions = 0, connections = 0;
};

/// Counts attempts at addresses, answered or not.
class CountingConnector : public Connector {
public:
    explicit CountingConnector(std::unique_ptr<Connector> inner) : inner_(std::move(inner)) {}
    Task<Outcome<std::unique_ptr<Stream>>> connect(IpEndpoint to) override
    {
        ++connects;
        return inner_->connect(to);
    }
    IpEndpoint route(IpEndpoint to) const override
    {
        if (to.port() == 443 || to.port() == 80) ++web_routes;
        return inner_->route(to);
    }
    int connects = 0;
    mutable int web_routes = 0;

private:
    std::unique_ptr<Connector> inner_;
};

/// HTTP asks for the way once when it prepares a hop, and once for each socket it opens; who reads a document asks once more where it came
/// from a reserved address, as all of these do (document.cpp).
class CountingHttp : public Http {
public:
    explicit CountingHttp(Http& inner) : inner_(inner) {}
    Task<HttpExchange> fetch(HttpRequest request) override
    {
        co_await asio::this_coro::throw_if_cancelled(false);
        auto exchange = co_await inner_.fetch(std::move(request));
        beside += static_cast<int>(exchange.hops.size());
        if (exchange.outcome && !exchange.hops.empty() && exchange.hops.front().private_address) ++beside;
        co_return exchange;
    }
    int beside = 0;                            ///< ways asked for without a socket

private:
    Http& inner_;
};

std::optional<Searched> search_once(FarAway& net, std::string_view address)
{
    asio::io_context loop;
    World world;
    world.clock = std::make_unique<SteadyClock>();
    world.tls = *TlsClient::make({}, *world.clock);
    world.tls->add_anchors(net.authority());
    world.resolver = make_cares_resolver(loop, {net.resolver()});
    auto counting = std::make_unique<CountingConnector>(make_socket_connector(world.tls, [&net](IpEndpoint to) { return net.route(to); }));
    auto& connector = *counting;
    world.connector = std::move(counting);
    std::optional<Searched> result;
    {
        Run run(loop, world);
        auto& around = run.around();
        CountingHttp http(around.http);
        Surroundings counted{around.clock, around.resolver, around.connector, http, around.ledger, around.log, around.racing};
        const auto began = std::chrono::steady_clock::now();
        asio::co_spawn(loop, find(*parse_email_address(address), counted, {}), [&](std::exception_ptr thrown, Report one) {
            if (thrown) return;
            result.emplace();
            result->report = std::move(one);
            result->took = static_cast<int>(std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - began).count());
        });
        while (!result && loop.run_one_for(std::chrono::seconds(30)) > 0) {}
        if (!result) return result;
        const auto& probes = result->report.probes;
        result->questions = static_cast<int>(std::ranges::count(probes, ProbeKind::dns, &Probe::kind));
        result->connections = connector.connects + connector.web_routes - http.beside;
    }
    return result;
}

bool has_pair(const Report& report, std::string_view host)
{
    const auto* incoming = report.account.incoming();
    const auto* outgoing = report.account.find(ServiceKind::smtp);
    return incoming && outgoing && incoming->host.text() == host && incoming->state == ServiceState::reachable && outgoing->state == ServiceState::reachable;
}

void waterfall(const Scenario& scenario, const Searched& searched)
{
    std::fprintf(stderr, "%s: %d ms, %d questions, %d connections\n", std::string(scenario.name).c_str(), searched.took, searched.questions,
                 searched.connections);
    for (const auto& probe : searched.report.probes)
        if (probe.kind != ProbeKind::dns || probe.elapsed_ms > 60)
            std::fprintf(stderr, "  %5d +%4d  %-7s %-9s %s %s\n", probe.started_ms, probe.elapsed_ms, std::string(slug(probe.kind)).c_str(),
                         std::string(slug(probe.outcome)).c_str(), probe.target.c_str(), probe.detail.c_str());
}

struct Times {
    std::vector<int> all;                      ///< milliseconds, of searches that found what they had to; all of them where nothing can be found
    int median() const { return all.empty() ? 0 : all[all.size() / 2]; }
    int p95() const { return all.empty() ? 0 : all[(all.size() * 95 + 99) / 100 - 1]; }
};

struct Most {
    int count = 0;
    std::string_view where = "none";
    void take(int one, std::string_view name)
    {
        if (one > count) *this = {one, name};
    }
};

/// One line for the script beside this: name, figure, goal, and whether it is met ("-": there is none), with tabulators.
void tell(const std::string& name, const std::string& figure, const std::string& goal = {}, std::optional<bool> met = std::nullopt)
{
    std::printf("%s\t%s\t%s\t%s\n", name.c_str(), figure.c_str(), goal.c_str(), met ? *met ? "1" : "0" : "-");
    std::fflush(stdout);
}

std::string with_digits(double number, int digits)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.*f", digits, number);
    return text;
}

void judge(const Scenario& scenario, const Times& times, const std::map<std::string_view, Times>& measured, int runs)
{
    const std::string name(scenario.name);
    const auto trips = with_digits(times.median() / trip, 2) + " (p95 " + with_digits(times.p95() / trip, 2) + ") round trips";
    const double limit = 1.25 * scenario.bound;
    switch (scenario.goal) {
    case Goal::bound:
        tell(name, trips, "p95 " + with_digits(limit, 2) + ", bound " + with_digits(scenario.bound, 0), times.p95() <= limit * trip);
        return;
    case Goal::near_twin: {
        const int later = times.p95() - measured.at(scenario.twin).median();
        tell(name, trips + ", " + (later < 0 ? "" : "+") + std::to_string(later) + " ms",
             "p95 " + std::to_string(scenario.more.count()) + " ms after " + std::string(scenario.twin), later <= scenario.more.count());
        return;
    }
    case Goal::any: tell(name, trips + ", " + std::to_string(times.all.size()) + " of " + std::to_string(runs)); return;
    case Goal::end: {
        const auto deadline = SearchOptions{}.deadline;
        const int last = times.all.empty() ? 0 : times.all.back();
        // Cancelling frees every socket within 100 ms.
        tell(name, with_digits(last / 1000.0, 1) + " s to the end", "deadline, " + std::to_string(deadline.count() / 1000) + " s", last <= deadline.count() + 100);
        return;
    }
    }
}

}

/// bench_find RUNS [--waterfall] [SCENARIO…]: one line a figure.
int main(int count, char** arguments)
{
    int runs = 5;
    bool show = false;
    std::set<std::string_view> wanted;
    for (int i = 1; i < count; ++i) {
        const std::string_view word = arguments[i];
        if (word == "--waterfall") show = true;
        else if (i == 1) runs = std::max(1, std::atoi(arguments[i]));
        else wanted.insert(word);
    }
    for (const auto& scenario : scenarios())
        if (wanted.contains(scenario.name) && !scenario.twin.empty()) wanted.insert(scenario.twin);
    FarAway net;
    build(net);
    net.start();
    std::map<std::string_view, Times> measured;
    Most questions, connections;
    for (const auto& scenario : scenarios()) {
        if (!wanted.empty() && !wanted.contains(scenario.name)) continue;
        auto& times = measured[scenario.name];
        const int turns = (runs + scenario.every - 1) / scenario.every;
        for (int i = 0; i < turns; ++i) {
            net.seed(static_cast<unsigned>(i));
            const auto searched = search_once(net, scenario.address);
            const bool found = searched && (scenario.incoming.empty() || has_pair(searched->report, scenario.incoming));
            if (searched && show && i == 0) waterfall(scenario, *searched);
            if (!searched || (!found && scenario.goal != Goal::any)) {
                std::fprintf(stderr, "bench_find: %s: the tested pair was not found\n", std::string(scenario.name).c_str());
                if (searched) waterfall(scenario, *searched);
                return 1;
            }
            if (found) times.all.push_back(searched->took);
            questions.take(searched->questions, scenario.name);
            connections.take(searched->connections, scenario.name);
        }
        std::ranges::sort(times.all);
        judge(scenario, times, measured, turns);
    }
    tell("DNS questions, most", std::to_string(questions.count) + " (" + std::string(questions.where) + ")", std::to_string(most_questions),
         questions.count <= most_questions);
    tell("connections, most", std::to_string(connections.count) + " (" + std::string(connections.where) + ")", std::to_string(most_connections),
         connections.count <= most_connections);
    return 0;
}
