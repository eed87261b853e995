#include "tests/net/loopback.hpp"

namespace portolan::scripted {

Loopback::Loopback()
    : root(make_authority("Loopback Root")),
      intermediate(make_certificate({.common_name = "Loopback Intermediate", .to_days = 2000, .authority = true}, &root)),
      tls(*TlsClient::make({}, clock))
{
    tls->add_anchors(root.pem());
}

Loopback::~Loopback()
{
    // Sessions end when their clients are gone and the doors are closed: nothing of them may outlive what they refer to.
    for (auto& acceptor : acceptors_) {
        boost::system::error_code ignored;
        acceptor->close(ignored);
    }
    loop.restart();
    loop.poll();
}

Port Loopback::serve(std::shared_ptr<SSL_CTX> context, Session session)
{
    auto acceptor = std::make_shared<asio::ip::tcp::acceptor>(loop, IpEndpoint(asio::ip::address_v4::loopback(), 0));
    acceptors_.push_back(acceptor);
    const auto one = [](asio::ip::tcp::socket socket, std::shared_ptr<SSL_CTX> tls_context, Session serve_it, int& open) -> Task<void> {
        ++open;
        {
            DemoPeer peer(std::move(socket), std::move(tls_context));
            co_await serve_it(peer);
            peer.close();
        }
        --open;
    };
    const auto listen = [one](std::shared_ptr<asio::ip::tcp::acceptor> door, std::shared_ptr<SSL_CTX> tls_context, Session serve_it,
                              Loopback& self) -> Task<void> {
        for (;;) {
            auto [error, socket] = co_await door->async_accept(asio::as_tuple(asio::use_awaitable));
            if (error) co_return;
            ++self.accepted;
            asio::co_spawn(self.loop, one(std::move(socket), tls_context, serve_it, self.open_sessions), asio::detached);
        }
    };
    asio::co_spawn(loop, listen(acceptor, std::move(context), std::move(session), *this), asio::detached);
    return acceptor->local_endpoint().port();
}

Port Loopback::unused_port()
{
    asio::ip::tcp::acceptor probe(loop, IpEndpoint(asio::ip::address_v4::loopback(), 0));
    return probe.local_endpoint().port();
}

void Loopback::run_until(const std::function<bool()>& done)
{
    loop.restart();
    while (!done())
        if (loop.run_one_for(std::chrono::seconds(60)) == 0) throw std::runtime_error("nothing happens any more");
}

std::vector<Made> Loopback::chain(const std::string& names, Recipe recipe) const
{
    recipe.alternative_names = names;
    return {make_certificate(recipe, &intermediate), intermediate};
}

}
