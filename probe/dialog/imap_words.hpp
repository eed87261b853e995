// The grammar of IMAP that a dialog needs: quoted strings, literals, and what a mailbox says of itself.
#pragma once

#include "probe/dialog/talk.hpp"

namespace portolan {

/// The answer to one command.
struct Tagged {
    std::string status;                        ///< OK, NO, BAD
    std::string text;                          ///< the whole tagged line after the tag
    std::vector<std::string> untagged;
};

/// "{12}", "{12+}", "~{12}" at the end of a line; a number that no counter holds counts as the largest (RFC 9051 §4.3).
std::optional<std::size_t> announced_literal(std::string_view text);

/// A quoted string; nothing for 8-bit octets and line ends, which none can hold (RFC 9051 §4.3). May hold a password: it leaves no copy behind.
std::optional<std::string> imap_quoted(std::string_view text);

/// What is wrong with the mailbox by the answer to SELECT: refused, full ("[OVERQUOTA]", RFC 5530 §3) or open for reading alone. A server that
/// does not understand the command (BAD) says nothing of it.
std::optional<Failure> trouble_selecting(const Tagged& selected);
/// "* QUOTA root (STORAGE 10240 10240)": used and limit, of each resource (RFC 9208 §5.1); the last one that is full.
std::optional<Failure> trouble_with_quota(const Tagged& told);

}
