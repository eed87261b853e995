// Real sockets on loopback and the machine's clock; every wait is for something that happens, with a bound for what never does.
#pragma once

#include "demo/servers.hpp"
#include "probe/net/channel.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/scripted_world.hpp"

namespace portolan::scripted {

/// A loop, a clock, an authority that the client trusts, and listeners that live as long.
class Loopback {
public:
    Loopback();
    ~Loopback();

    using Session = std::function<Task<void>(DemoPeer&)>;
    /// Listens on 127.0.0.1 and serves every connection with `session`; returns the port.
    Port serve(std::shared_ptr<SSL_CTX> context, Session session);
    Port unused_port();                        ///< nobody listens there

    template <class T>
    T run(Task<T> task)
    {
        std::optional<T> result;
        asio::co_spawn(loop, std::move(task), [&](std::exception_ptr thrown, T value) {
            if (thrown) std::rethrow_exception(thrown);
            result.emplace(std::move(value));
        });
        run_until([&] { return result.has_value(); });
        return std::move(*result);
    }
    void run_until(const std::function<bool()>& done);

    /// A leaf for `names` ("DNS:…"), its intermediate behind it.
    std::vector<Made> chain(const std::string& names, Recipe recipe = {}) const;

    asio::io_context loop;
    SteadyClock clock;
    Made root, intermediate;
    std::shared_ptr<TlsClient> tls;
    int accepted = 0, open_sessions = 0;

private:
    std::vector<std::shared_ptr<asio::ip::tcp::acceptor>> acceptors_;
};

}
