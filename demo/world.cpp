#include "demo/servers.hpp"

#include <openssl/ssl.h>

#include <sstream>

namespace portolan {

namespace {

/// Answers from the table, a moment later, as a resolver some kilometres away would.
class DemoResolver : public Resolver {
public:
    explicit DemoResolver(Clock& clock) : clock_(clock) {}

    Task<DnsAnswer> ask(std::string name, RecordType type) override
    {
        co_await asio::this_coro::throw_if_cancelled(false);
        DnsAnswer answer;
        if (!co_await clock_.wait_for(milliseconds(14 + name.size() % 9))) co_return answer;
        answer.status = DnsStatus::no_such_name;
        for (const auto& record : demo_records()) {
            if (record.name == name || (record.name.size() > name.size() && record.name.ends_with("." + name)))
                if (answer.status == DnsStatus::no_such_name) answer.status = DnsStatus::no_data;
            if (record.name != name || record.type != type) continue;
            answer.status = DnsStatus::answer;
            std::istringstream in{std::string(record.value)};
            std::string host;
            if (type == RecordType::a) answer.addresses.push_back(asio::ip::make_address(record.value));
            else if (type == RecordType::txt) {
                answer.txt.emplace_back(record.value);
                answer.txt_strings.emplace_back(record.value);
            }
            else if (type == RecordType::mx) {
                int preference = 0;
                in >> preference >> host;
                answer.mx.push_back({static_cast<std::uint16_t>(preference), host});
            } else if (type == RecordType::srv) {
                int priority = 0, weight = 0, port = 0;
                in >> priority >> weight >> port >> host;
                answer.srv.push_back({static_cast<std::uint16_t>(priority), static_cast<std::uint16_t>(weight), static_cast<std::uint16_t>(port), host});
            }
        }
        co_return answer;
    }

private:
    Clock& clock_;
};

/// Every server of the demonstration, listening. Sessions hold what they use, so that they may end after the stage is gone.
class Servers {
public:
    explicit Servers(asio::io_context& loop) : loop_(loop) {}

    ~Servers()
    {
        for (auto& acceptor : acceptors_) {
            boost::system::error_code ignored;
            acceptor->close(ignored);
        }
    }

    bool open()
    {
        for (const auto& server : demo_servers()) {
            auto acceptor = std::make_shared<asio::ip::tcp::acceptor>(loop_);
            boost::system::error_code error;
            const IpEndpoint any(asio::ip::address_v4::loopback(), 0);
            acceptor->open(any.protocol(), error);
            if (!error) acceptor->bind(any, error);
            if (!error) acceptor->listen(64, error);
            if (error) return false;
            routes_.emplace(IpEndpoint(asio::ip::make_address(server.address), server.port), acceptor->local_endpoint());
            const int from = -200, to = server.story == DemoStory::certificate_expired ? -3 : 200;
            auto& context = contexts_[std::string(server.host)];
            if (!context) context = authority_.server_context({std::string(server.host)}, from, to);
            acceptors_.push_back(acceptor);
            asio::co_spawn(loop_, listen(acceptor, server, context, loop_), asio::detached);
        }
        // A port that refuses: bound, so that nobody else gets it, and not listening.
        refusing_ = std::make_unique<asio::ip::tcp::acceptor>(loop_);
        boost::system::error_code error;
        refusing_->open(asio::ip::tcp::v4(), error);
        if (!error) refusing_->bind(IpEndpoint(asio::ip::address_v4::loopback(), 0), error);
        return !error;
    }

    IpEndpoint route(const IpEndpoint& to) const
    {
        const auto found = routes_.find(to);
        return found == routes_.end() ? refusing_->local_endpoint() : found->second;
    }
    std::string authority() const { return authority_.pem(); }

private:
    static Task<void> session(asio::ip::tcp::socket socket, DemoServer server, std::shared_ptr<SSL_CTX> context)
    {
        DemoPeer peer(std::move(socket), std::move(context));
        if (server.security == Security::tls && !co_await peer.start_tls()) co_return;
        switch (server.protocol) {
        case DemoProtocol::imap: co_await serve_imap(peer, server); break;
        case DemoProtocol::pop3: co_await serve_pop3(peer, server); break;
        case DemoProtocol::smtp: co_await serve_smtp(peer, server); break;
        case DemoProtocol::https: co_await serve_https(peer, server); break;
        }
        peer.close();
    }

    static Task<void> listen(std::shared_ptr<asio::ip::tcp::acceptor> acceptor, DemoServer server, std::shared_ptr<SSL_CTX> context, asio::io_context& loop)
    {
        for (;;) {
            auto [error, socket] = co_await acceptor->async_accept(asio::as_tuple(asio::use_awaitable));
            if (error) co_return;
            asio::co_spawn(loop, session(std::move(socket), server, context), asio::detached);
        }
    }

    asio::io_context& loop_;
    DemoAuthority authority_;
    std::map<IpEndpoint, IpEndpoint> routes_;
    std::map<std::string, std::shared_ptr<SSL_CTX>> contexts_;
    std::vector<std::shared_ptr<asio::ip::tcp::acceptor>> acceptors_;
    std::unique_ptr<asio::ip::tcp::acceptor> refusing_;
};

/// Real sockets, but for one address that swallows everything: loopback itself cannot be silent.
class DemoConnector : public Connector {
public:
    DemoConnector(std::unique_ptr<Connector> sockets, Clock& clock) : sockets_(std::move(sockets)), clock_(clock) {}

    Task<Outcome<std::unique_ptr<Stream>>> connect(IpEndpoint to) override
    {
        if (to.address().to_string() != demo_dead_address) co_return co_await sockets_->connect(to);
        co_await asio::this_coro::throw_if_cancelled(false);
        const bool waited = co_await clock_.wait_for(60s);
        co_return std::unexpected(Failure{Stage::connect, waited ? Cause::timed_out : Cause::cancelled, {}});
    }
    IpEndpoint route(IpEndpoint to) const override { return sockets_->route(to); }

private:
    std::unique_ptr<Connector> sockets_;
    Clock& clock_;
};

}

std::expected<World, std::string> make_demo_world(asio::io_context& loop)
{
    World world;
    world.clock = std::make_unique<SteadyClock>();
    auto tls = TlsClient::make({}, *world.clock);
    if (!tls) return std::unexpected(tls.error());
    world.tls = *tls;
    auto stage = std::make_shared<Servers>(loop);
    if (!stage->open() || !world.tls->add_anchors(stage->authority())) return std::unexpected("loopback");
    world.resolver = std::make_unique<DemoResolver>(*world.clock);
    world.connector = std::make_unique<DemoConnector>(make_socket_connector(world.tls, [stage](IpEndpoint to) { return stage->route(to); }), *world.clock);
    world.keeps_alive = stage;
    return world;
}

}
