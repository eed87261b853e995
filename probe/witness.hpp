// Further questions after a trial: was it the server, or the way to it? Is an address dead that nobody waited for?
#pragma once

#include "probe/assemble.hpp"
#include "probe/net/mailbox.hpp"

namespace portolan {

/// Those who are asked beside the servers themselves. Each question is one or two connections, within 1 s, a handshake within 3 s; they
/// count among the connections of the run, each is a probe, and nothing is asked twice.
class Witnesses {
public:
    /// `told` is called after each answer. The nursery's owner cancels and joins it before this ends.
    Witnesses(Surroundings& world, const Hostname& domain, Nursery& nursery, std::function<void()> told)
        : world_(world), domain_(domain), nursery_(nursery), told_(std::move(told)) {}

    /// Starts whatever is worth asking after this trial.
    void consider(const Trial& trial);
    /// Questions that have no answer yet, and those of them about an address: these take half a second, at most 1.1 s, and a thorough search
    /// waits for them though its answer stands.
    int asking() const { return asking_; }
    int about_addresses() const { return about_addresses_; }
    const Testimonies& heard() const { return heard_; }

private:
    Task<void> ask_host(Service service, std::vector<IpAddress> addresses, bool silent);
    Task<void> ask_others(Port port, std::vector<IpAddress> except, std::vector<Hostname> others);
    Task<void> ask_address(Hostname host, IpEndpoint where, milliseconds patience);
    void consider_addresses(const Trial& trial);
    std::vector<Hostname> others() const;

    Surroundings& world_;
    const Hostname& domain_;
    Nursery& nursery_;
    std::function<void()> told_;
    std::set<std::string> hosts_;              ///< asked already
    std::set<Port> ports_;
    std::set<IpAddress> addresses_;
    Testimonies heard_;
    int asking_ = 0, about_addresses_ = 0;
};

}
