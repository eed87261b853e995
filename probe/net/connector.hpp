// Byte streams: the only way to a socket for anything above net/. Handed in by the composition root.
#pragma once

#include "probe/net/tls.hpp"

namespace portolan {

/// What the kernel counted on one connection; zeros where nobody counts.
struct PathFacts {
    milliseconds round_trip{};                 ///< smoothed, by the acknowledgements
    unsigned segments = 0;                     ///< sent and received
    unsigned lost = 0;                         ///< sent again, or received behind a gap
};

/// One connection. All operations end with a Failure (Cause::cancelled) at once when their coroutine is cancelled; none throws.
class Stream {
public:
    virtual ~Stream() = default;               ///< closes
    /// 1..buffer.size() bytes, or Cause::closed at the end of the stream, Cause::reset, …
    virtual Task<Outcome<std::size_t>> read_some(std::span<char> buffer) = 0;
    virtual Task<Outcome<void>> write_all(std::string_view bytes) = 0;
    /// Handshake with SNI `name` (none for IP literals). The verdict on the certificate is in the facts, not in the outcome:
    /// Causes are tls_failed, tls_version, tls_not_spoken (the first bytes are no TLS record), closed, reset, cancelled.
    virtual Task<Outcome<TlsFacts>> start_tls(const Hostname& name) = 0;
    virtual void close() = 0;
    virtual IpEndpoint peer() const = 0;
    virtual PathFacts path() const { return {}; }
};

class Connector {
public:
    virtual ~Connector() = default;
    /// One attempt at one address. Causes: refused, unreachable, timed_out (the kernel's), reset, cancelled. Detail::firewall_prohibits where an ICMP
    /// message said so; the reply is then the address that sent it.
    virtual Task<Outcome<std::unique_ptr<Stream>>> connect(IpEndpoint to) = 0;
    /// The same, and the peer is told to send small segments only (RFC 9293 §3.7.1): they pass where larger ones are lost.
    virtual Task<Outcome<std::unique_ptr<Stream>>> connect_with_small_segments(IpEndpoint to) { return connect(to); }
    /// Does this computer know a way to `address`? Only its own routes are looked at; nothing is sent.
    virtual bool has_way(const IpAddress&) const { return true; }
    /// Where a connection to `to` really goes: itself, except in the demonstration. HTTP asks this too.
    virtual IpEndpoint route(IpEndpoint to) const { return to; }
};

/// Real sockets. `tls` outlives the connector. `redirect` (may be empty) is what route() answers.
std::unique_ptr<Connector> make_socket_connector(std::shared_ptr<TlsClient> tls, std::function<IpEndpoint(IpEndpoint)> redirect = {});

}
