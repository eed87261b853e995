// A world outlives runs; a run is one search in it, with a ledger, a memory of DNS and a logbook of its own.
#pragma once

#include "probe/net/surroundings.hpp"

namespace portolan {

struct World {
    std::unique_ptr<Clock> clock;
    std::shared_ptr<TlsClient> tls;
    std::unique_ptr<Resolver> resolver;
    std::unique_ptr<Connector> connector;
    std::shared_ptr<void> keeps_alive;         ///< the demonstration's servers, for one
};

struct WorldOptions {
    std::vector<std::string> resolvers;        ///< "IP", "IP:port", "[v6]:port"; empty: the system's
    std::vector<std::string> ca_files;
    std::vector<std::string> crl_files;
};

/// The real network. The error is the text of the option that cannot be used (a resolver, or a file without certificates).
std::expected<World, std::string> make_real_world(asio::io_context& loop, const WorldOptions& options);

class Run {
public:
    Run(asio::io_context& loop, World& world, ProbeListener* listener = nullptr, RacePolicy racing = {});
    Surroundings& around() { return around_; }
    Logbook& log() { return log_; }

private:
    Logbook log_;
    HostLedger ledger_;
    std::unique_ptr<Resolver> resolver_;
    std::unique_ptr<Http> http_;
    Surroundings around_;
};

}
