// What an attempt came to: a value, or the stage at which it ended and why. Absence is never a failure.
#pragma once

#include "probe/account/detail.hpp"

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace portolan {

/// Where in an exchange something ended, in the order a connection passes through them.
enum class Stage : std::uint8_t { resolve, connect, tls, greeting, capability, starttls, sign_in, request, goodbye };

/// Why it ended. "They refused", "they broke the protocol" and "our bug" are different causes.
enum class Cause : std::uint8_t {
    refused,                 ///< connection refused (RST to SYN), or the DNS server answered REFUSED
    reset,                   ///< an established connection was reset
    closed,                  ///< orderly end of stream where an answer was due
    unreachable,             ///< no route, network down, address family not available
    timed_out,
    cancelled,               ///< we stopped it; never a verdict on the peer
    no_such_name,            ///< NXDOMAIN
    no_address,              ///< the name exists and has no usable address
    dns_failed,              ///< SERVFAIL, malformed or refused answers
    private_address,         ///< resolved to a range that this use must not reach
    untrusted_certificate,   ///< TLS is up, the certificate was not accepted for this name
    tls_failed,              ///< the handshake itself failed (version, cipher, alert)
    tls_version,             ///< only versions below TLS 1.2 in common
    tls_not_spoken,          ///< plain text, or silence, where TLS was due
    tls_injected,            ///< bytes were buffered behind the STARTTLS answer
    not_offered,             ///< STARTTLS or a mechanism was promised or needed and is not there
    rejected,                ///< an orderly refusal by the peer; its words ride along
    not_this_protocol,       ///< somebody else answers at this port
    broke_protocol,
    too_much,                ///< a bound on bytes, lines, depth or iterations was passed
    bad_value,               ///< CR, LF, NUL or another impossible value on our side, stopped before use
    our_bug,
};

/// `reply` holds the peer's own words, raw and capped at 4 KiB; clean before showing (design section 4, rule 8).
struct Failure {
    Stage stage{};
    Cause cause{};
    std::string reply{};
    Detail detail{};
    bool operator==(const Failure&) const = default;
};

template <class T>
using Outcome = std::expected<T, Failure>;

std::string_view slug(Stage stage);
std::string_view slug(Cause cause);

}
