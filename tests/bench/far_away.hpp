// A small internet that is 50 ms of round trip away: DNS, mail servers and web servers on loopback behind relays that hold every byte back. Some
// of its hosts never answer, some of its ways lose packets.
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

    /// The way to names in `domain` loses this share of all packets; for hosts that are declared after it.
    void lossy(const std::string& domain, double share);
    void address(const std::string& name, const std::string& ip);                            ///< A or AAAA
    void mx(const std::string& domain, const std::string& host);
    void srv(const std::string& name, Port port, const std::string& host, std::uint16_t priority = 0);
    void mail(const std::string& host, const std::string& ip);                               ///< IMAP at 993, submissions at 465
    /// A web server for `host`: `documents` by path, 404 for the rest.
    void web(const std::string& host, const std::string& ip, std::map<std::string, std::string> documents = {});
    /// One web server for the domain and every name below it that has nothing of its own; it knows no document.
    void wildcard(const std::string& domain, const std::string& ip);
    /// A web server that answers everything with a document that never ends: 1 KiB every 100 ms.
    void endless_web(const std::string& host, const std::string& ip);
    /// `host` has this address, and nothing there answers a SYN, at any port.
    void silent(const std::string& host, const std::string& ip);
    void start();

    std::string resolver() const;              ///< "127.0.0.1:port"
    std::string authority() const { return authority_.pem(); }
    IpEndpoint route(IpEndpoint to) const;     ///< where a connection to an address of this internet goes
    void seed(unsigned number);                ///< for the losses of the next search

private:
    using Documents = std::map<std::string, std::string>;
    double loss_to(const std::string& name) const;
    Port relay(Port upstream, double loss);
    void serve_web(const std::string& host, const std::string& ip, std::vector<std::string> names, std::function<Task<void>(DemoPeer&)> session);
    Port listen(std::shared_ptr<SSL_CTX> context, std::function<Task<void>(DemoPeer&)> session);
    Task<void> answer_dns();

    asio::io_context loop_;
    DemoAuthority authority_;
    std::unique_ptr<struct DnsTable> table_;
    std::map<IpEndpoint, IpEndpoint> routes_;
    std::map<std::string, double> losses_;     ///< by domain
    std::map<std::string, std::string> wildcards_;
    std::set<IpAddress> silent_;
    std::shared_ptr<struct Dice> dice_;
    asio::ip::tcp::acceptor deaf_;             ///< its queue is full: what comes now is neither taken nor refused
    std::vector<asio::ip::tcp::socket> fillers_;
    Port dns_port_ = 0;
    std::jthread thread_;
};

}
