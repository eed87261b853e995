// Surroundings with scripted servers: every name resolves to the one address, every port plays the scripts it was given, one a connection.
#pragma once

#include "probe/net/surroundings.hpp"
#include "tests/support/script.hpp"

namespace portolan::tests {

class SmallWorld : public Resolver, public Connector, public Http {
public:
    SmallWorld() : clock(loop), log(clock) {}

    /// The next connection to `port` meets this script; without one left, connections are refused.
    void serve(Port port, std::string script) { scripts_[port].push_back(std::move(script)); }

    /// Runs one task of the core to its end in virtual time.
    template <class T>
    T run(Task<T> task)
    {
        std::optional<T> result;
        asio::co_spawn(loop, std::move(task), [&](std::exception_ptr thrown, T value) {
            if (thrown) std::rethrow_exception(thrown);
            result.emplace(std::move(value));
        });
        clock.run([&] { return result.has_value(); });
        return std::move(*result);
    }

    Task<DnsAnswer> ask(std::string name, RecordType type) override
    {
        names_asked.insert(std::move(name));
        DnsAnswer answer;
        answer.status = type == RecordType::a ? DnsStatus::answer : DnsStatus::no_data;
        if (type == RecordType::a) answer.addresses = {asio::ip::make_address("198.18.0.1")};
        co_return answer;
    }

    Task<Outcome<std::unique_ptr<Stream>>> connect(IpEndpoint to) override
    {
        connections.push_back(to.port());
        auto& waiting = scripts_[to.port()];
        if (waiting.empty()) co_return std::unexpected(Failure{Stage::connect, Cause::refused, {}});
        const auto script = parse_script(waiting.front());
        waiting.erase(waiting.begin());
        played.push_back(std::make_shared<Played>());
        co_return std::make_unique<ScriptedStream>(script, Feed::line, clock, played.back());
    }

    Task<HttpExchange> fetch(HttpRequest) override { co_return HttpExchange{std::unexpected(Failure{Stage::connect, Cause::refused, {}}), {}}; }

    asio::io_context loop;
    VirtualClock clock;
    Logbook log;
    HostLedger ledger;
    Surroundings around{clock, *this, *this, *this, ledger, log, {}};
    std::vector<Port> connections;
    std::set<std::string> names_asked;
    std::vector<std::shared_ptr<Played>> played;

private:
    std::map<Port, std::vector<std::string>> scripts_;
};

}
