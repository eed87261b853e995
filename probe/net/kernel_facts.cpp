#include "probe/net/kernel_facts.hpp"

#include "probe/net/tcp_counters.hpp"

#include <cerrno>
#include <boost/asio/ip/udp.hpp>
#include <cstring>

#include <linux/errqueue.h>
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace portolan {

PathFacts path_facts(int socket)
{
    const auto counted = tcp_counters(socket);
    PathFacts facts;
    facts.round_trip = milliseconds(counted.round_trip_us / 1000);
    facts.segments = counted.segments;
    facts.lost = counted.sent_again - std::min(counted.sent_again, counted.sent_for_nothing) + counted.behind_a_gap;
    return facts;
}

void keep_icmp(int socket, bool v6, bool on)
{
    const int value = on ? 1 : 0;
    setsockopt(socket, v6 ? IPPROTO_IPV6 : IPPROTO_IP, v6 ? IPV6_RECVERR : IP_RECVERR, &value, sizeof value);
}

std::optional<IcmpSaid> read_icmp(int socket, bool v6)
{
    alignas(cmsghdr) char control[512];
    char data[64];
    iovec part{data, sizeof data};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    if (recvmsg(socket, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) return std::nullopt;
    for (cmsghdr* one = CMSG_FIRSTHDR(&message); one; one = CMSG_NXTHDR(&message, one)) {
        const bool ours = v6 ? one->cmsg_level == IPPROTO_IPV6 && one->cmsg_type == IPV6_RECVERR
                             : one->cmsg_level == IPPROTO_IP && one->cmsg_type == IP_RECVERR;
        if (!ours || one->cmsg_len < CMSG_LEN(sizeof(sock_extended_err))) continue;
        sock_extended_err error{};
        std::memcpy(&error, CMSG_DATA(one), sizeof error);
        IcmpSaid said;
        if (error.ee_origin == SO_EE_ORIGIN_ICMP)
            said.prohibits = error.ee_type == ICMP_DEST_UNREACH && (error.ee_code == ICMP_NET_ANO || error.ee_code == ICMP_HOST_ANO || error.ee_code == ICMP_PKT_FILTERED);
        else if (error.ee_origin == SO_EE_ORIGIN_ICMP6)
            said.prohibits = error.ee_type == ICMPV6_DEST_UNREACH && error.ee_code == ICMPV6_ADM_PROHIBITED;
        else continue;
        // The sender's address stands right behind the error (ip(7), SO_EE_OFFENDER).
        sockaddr_storage from{};
        const auto room = one->cmsg_len - CMSG_LEN(sizeof error);
        std::memcpy(&from, CMSG_DATA(one) + sizeof error, std::min<std::size_t>(room, sizeof from));
        if (from.ss_family == AF_INET) said.from = asio::ip::address_v4(ntohl(reinterpret_cast<const sockaddr_in&>(from).sin_addr.s_addr)).to_string();
        else if (from.ss_family == AF_INET6) {
            asio::ip::address_v6::bytes_type octets;
            std::memcpy(octets.data(), &reinterpret_cast<const sockaddr_in6&>(from).sin6_addr, octets.size());
            said.from = asio::ip::address_v6(octets).to_string();
        }
        return said;
    }
    return std::nullopt;
}

void limit_segments(int socket, int bytes) { setsockopt(socket, IPPROTO_TCP, TCP_MAXSEG, &bytes, sizeof bytes); }

bool knows_way(const IpAddress& address)
{
    const asio::ip::udp::endpoint to(address, 53);
    const int socket = ::socket(to.protocol().family(), SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (socket < 0) return false;
    const bool known = ::connect(socket, to.data(), static_cast<socklen_t>(to.size())) == 0;
    ::close(socket);
    return known;
}

}
