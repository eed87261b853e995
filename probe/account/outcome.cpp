#include "probe/account/outcome.hpp"

#include <array>

namespace portolan {

std::string_view slug(Stage stage)
{
    static constexpr std::array<std::string_view, 9> names{"resolve", "connect", "tls", "greeting", "capability", "starttls", "sign-in", "request", "goodbye"};
    return names[static_cast<std::size_t>(stage)];
}

std::string_view slug(Cause cause)
{
    static constexpr std::array<std::string_view, 22> names{
        "refused", "reset", "closed", "unreachable", "timed-out", "cancelled", "no-such-name", "no-address", "dns-failed", "private-address",
        "untrusted-certificate", "tls-failed", "tls-version", "tls-not-spoken", "tls-injected", "not-offered", "rejected", "not-this-protocol",
        "broke-protocol", "too-much", "bad-value", "our-bug"};
    static_assert(names.size() == static_cast<std::size_t>(Cause::our_bug) + 1);
    return names[static_cast<std::size_t>(cause)];
}

}
