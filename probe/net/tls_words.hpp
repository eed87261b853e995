// What a server's side of a handshake says in its first bytes and in its alerts, by the names that the registry gives them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace portolan {

/// "unrecognized_name (112)" (RFC 8446 §6 and the IANA registry of TLS alerts).
std::string alert_name(int number);

struct FirstAnswer {
    std::string version;                       ///< "SSLv2", "SSLv3", "TLS 1.0", … as the server chose it
    bool too_old = false;                      ///< below TLS 1.2
    std::string suite;                         ///< "RC4-SHA (0x0005)"
    bool broken_suite = false;                 ///< RC4, export, NULL, DES: nothing that may protect a password
};

/// Reads the beginning of what the server sent; nothing where it is neither a ServerHello (RFC 5246 §7.4.1.3) nor SSLv2.
std::optional<FirstAnswer> read_first_answer(std::string_view bytes);

}
