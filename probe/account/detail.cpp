#include "probe/account/detail.hpp"

#include <algorithm>
#include <array>

namespace portolan {

namespace {

constexpr std::array<std::string_view, detail_count> names{
    "none", "dnssec-bogus", "large-answers-lost", "forged-answers", "refused-here", "port-blocked", "mail-ports-blocked", "firewall-prohibits", "large-packets-lost",
    "cut-off", "closed-at-once", "never-spoke", "too-slow", "web-server", "ssh-server", "other-mail-protocol", "endless-line", "endless-lines", "giant-literal",
    "early-reply", "preauth-in-clear", "wrong-reply-code", "too-many-connections", "blocklisted", "not-listed", "hidden-by-firewall", "refused", "refused-for-now",
    "unknown-command", "no-go-ahead", "behind-the-answer", "instead-of-tls", "broke-after-handshake", "alert", "client-certificate-wanted", "clock-wrong",
    "interception", "no-anchors", "other-name", "document-elsewhere", "password-in-document", "server-not-proven", "too-many-iterations", "expects-tls",
    "no-network", "silent-resolver", "wildcard-zone", "dead-address", "proxy-configured", "weak-cipher", "alias", "only-inside",
    "server-filters", "mail-exchange-alone", "narrow-line", "other-port-encrypts", "offered-in-clear", "another-mechanism",
    "shut-out", "over-quota", "read-only"};

}

std::string_view slug(Detail detail) { return names[static_cast<std::size_t>(detail)]; }

std::optional<Detail> detail_from(std::string_view text)
{
    const auto found = std::ranges::find(names, text);
    if (found == names.end()) return std::nullopt;
    return static_cast<Detail>(found - names.begin());
}

}
