// A small internet that is 50 ms of round trip away: DNS, mail servers and web servers on loopback behind relays that hold every byte back.
#pragma once

#include "demo/servers.hpp"
#include "probe/search.hpp"

#include <thread>

namespace portolan::bench {

inline constexpr auto round_trip = 50ms;

/// Everything listens and delays on a loop and a thread of its own; the search has the rest of the machine.
class FarAway {
public:
    FarAway();
    ~FarAway();

    void address(const std::string& name, const std::string& ip);
    void mx(const std::string& domain, const std::string& host);
    void srv(const std::string& name, Port port, const std::string& host);
    void mail(const std::string& host, const std::string& ip);                               ///< IMAP at 993, submissions at 465
    /// A web server for `host`: `documents` by path, 404 for the rest.
    void web(const std::string& host, const std::string& ip, std::map<std::string, std::string> documents = {});
    void start();

    std::string resolver() const;              ///< "127.0.0.1:port"
    std::string authority() const { return authority_.pem(); }
    IpEndpoint route(IpEndpoint to) const;     ///< where a connection to an address of this internet goes

private:
    Port relay(Port upstream);
    Port listen(std::shared_ptr<SSL_CTX> context, std::function<Task<void>(DemoPeer&)> session);
    Task<void> answer_dns();

    asio::io_context loop_;
    DemoAuthority authority_;
    std::unique_ptr<struct DnsTable> table_;
    std::map<IpEndpoint, IpEndpoint> routes_;
    Port dns_port_ = 0;
    std::jthread thread_;
};

}
