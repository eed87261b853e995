// What the kernel knows of a socket beside its bytes: counters of TCP, ICMP messages, routes. Linux; nothing elsewhere.
#pragma once

#include "probe/net/connector.hpp"

namespace portolan {

/// TCP_INFO of a connected socket.
PathFacts path_facts(int socket);

/// Ask for the ICMP messages about this socket to be kept (IP_RECVERR), or no longer.
void keep_icmp(int socket, bool v6, bool on);

struct IcmpSaid {
    bool prohibits = false;                    ///< "administratively prohibited" (RFC 1812 §5.2.7.1: codes 9, 10 and 13; RFC 4443 §3.1: code 1)
    std::string from;                          ///< the address that sent it
};
/// The oldest ICMP message that was kept for a connection that failed.
std::optional<IcmpSaid> read_icmp(int socket, bool v6);

/// The peer is told to send segments of at most this many bytes; before connecting.
void limit_segments(int socket, int bytes);

/// Is there a route to `address`? Connecting a datagram socket asks the routing table and sends nothing.
bool knows_way(const IpAddress& address);

}
