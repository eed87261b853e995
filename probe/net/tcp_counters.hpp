// TCP_INFO with its newer fields. The kernel's header for them cannot stand beside the C library's, which Asio brings along: so this is a file of its own.
#pragma once

namespace portolan {

struct TcpCounters {
    unsigned round_trip_us = 0;
    unsigned segments = 0;                     ///< sent and received
    unsigned sent_again = 0;
    unsigned sent_for_nothing = 0;             ///< of these: the peer had them already (RFC 2883)
    unsigned behind_a_gap = 0;                 ///< received out of order
};

/// All zero where the kernel does not say.
TcpCounters tcp_counters(int socket);

}
