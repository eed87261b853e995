#include "probe/net/run.hpp"

namespace portolan {

std::expected<World, std::string> make_real_world(asio::io_context& loop, const WorldOptions& options)
{
    World world;
    world.clock = std::make_unique<SteadyClock>();
    auto tls = TlsClient::make(options.ca_files, *world.clock);
    if (!tls) return std::unexpected(tls.error());
    world.tls = *tls;
    for (const auto& file : options.crl_files)
        if (!world.tls->add_revocation_lists(file)) return std::unexpected(file);
    world.resolver = make_cares_resolver(loop, options.resolvers);
    if (!world.resolver) {
        std::string asked;
        for (const auto& server : options.resolvers) asked += (asked.empty() ? "" : ", ") + server;
        return std::unexpected(asked);
    }
    world.connector = make_socket_connector(world.tls);
    return world;
}

Run::Run(asio::io_context& loop, World& world, ProbeListener* listener, RacePolicy racing)
    : log_(*world.clock, listener), resolver_(make_remembering_resolver(*world.resolver, log_)),
      http_(make_curl_http(loop, world.tls, *resolver_, *world.connector, *world.clock, ledger_, racing)),
      around_{*world.clock, *resolver_, *world.connector, *http_, ledger_, log_, racing}
{
}

}
