#include "probe/net/tcp_counters.hpp"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace portolan {

TcpCounters tcp_counters(int socket)
{
    tcp_info info{};
    socklen_t size = sizeof info;
    if (socket < 0 || getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return {};
    return {info.tcpi_rtt, info.tcpi_segs_in + info.tcpi_segs_out, info.tcpi_total_retrans, info.tcpi_dsack_dups, info.tcpi_rcv_ooopack};
}

}
