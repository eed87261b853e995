// Address racing by RFC 8305 and the ledger of hosts: what one probe learned of a host is a fact for all.
#pragma once

#include "probe/net/met.hpp"
#include "probe/net/resolver.hpp"

namespace portolan {

/// Facts about (host, port) and about addresses, shared by every probe of one run (design section 3.4).
class HostLedger {
public:
    /// A host and port that was found dead (refused, timed_out, unreachable, no_address …): later probes fail at once with the same cause.
    void dead(const Hostname& host, Port port, Failure why);
    std::optional<Failure> known_dead(const Hostname& host, Port port) const;
    /// An address that stayed silent for one port is taken as silent for the others of the same run, unless it was heard at one of them.
    void silent(const IpAddress& address);
    /// It answered, if only by refusing: a port that stays silent there is filtered, the host is alive.
    void heard(const IpAddress& address);
    bool is_silent(const IpAddress& address) const;
    /// One more connection for this run? At most 20 for one address, 12 of them to web servers: whoever asks first gets them. true counts it.
    enum class Contact : std::uint8_t { web, mail };
    bool may_contact(Contact kind);
    /// A person asked for something new (a sign-in after the search): it has connections of its own.
    void refill() { web_ = mail_ = 0; }
    void family_worked(bool v6);
    /// Everything that was met in this run, in order; at most 64 are kept.
    std::shared_ptr<Met> meet(const Hostname& host, const IpEndpoint& where);
    const std::vector<std::shared_ptr<const Met>>& met() const { return met_; }
    std::optional<bool> last_good_v6() const;
    /// What a web server's clock says (an HTTP Date). It never makes a certificate good; it says whose clock is wrong.
    void told_time(std::chrono::system_clock::time_point time);
    /// Nothing where nobody said, or two said different days.
    std::optional<std::chrono::system_clock::time_point> time_elsewhere() const;
    /// Of a host with addresses of both families, while nothing is known of either: one connection finds out whether IPv6 works here, those
    /// beside it take IPv4 first. Otherwise each of them would open two where IPv6 is silent.
    void order_families(std::vector<IpAddress>& addresses);

private:
    std::map<std::pair<std::string, Port>, Failure> dead_;
    std::set<IpAddress> silent_, heard_;
    std::vector<std::shared_ptr<const Met>> met_;
    std::optional<bool> last_good_v6_;
    std::optional<std::chrono::system_clock::time_point> earliest_told_, latest_told_;
    bool scout_is_out_ = false;
    int web_ = 0, mail_ = 0;
};

struct Addresses {
    std::vector<IpAddress> list;               ///< interleaved v6/v4 by RFC 8305 §4, last good family first; at most 16
    DnsStatus status = DnsStatus::cancelled;   ///< answer, or the more informative of the two negatives
    bool authentic = false;
    std::vector<std::string> aliases;
};

/// A and AAAA together; an IP literal answers itself. Waits 50 ms for AAAA after A came (RFC 8305 §3).
Task<Addresses> resolve_addresses(Resolver& resolver, Clock& clock, Hostname host, std::optional<bool> prefer_v6 = std::nullopt);
/// For a name that few domains have: AAAA is asked only where A has not said NXDOMAIN, which holds for every type.
Task<Addresses> resolve_rare_name(Resolver& resolver, Clock& clock, Hostname host);

/// RFC 1918, loopback, link-local, CGNAT, ULA, documentation, multicast and other reserved ranges (v4-mapped v6 is judged as v4).
bool is_private_or_reserved(const IpAddress& address);

struct RacePolicy {
    milliseconds stagger = 250ms;
    milliseconds connect_limit = 3s;
    bool refuse_private = false;
    bool insist = false;                       ///< packets are lost here: each address is knocked at again every 700 ms, for twice the limit
};

/// Connects to the first address that answers, 250 ms between attempts, a failure starts the next at once; losers are closed.
/// Where every address is known to be silent it fails at once (one dead host costs one timeout in total).
/// Fails with the most informative cause of all addresses (refused > reset > unreachable > timed_out > no_address), and tells the ledger.
Task<Outcome<std::unique_ptr<Stream>>> race_addresses(Connector& connector, Clock& clock, HostLedger& ledger, Hostname host, Port port,
                                                      std::vector<IpAddress> addresses, RacePolicy policy = {});

}
