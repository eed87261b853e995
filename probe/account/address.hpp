// The one door by which text becomes an email address.
#pragma once

#include "probe/account/names.hpp"

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace portolan {

enum class AddressProblem : std::uint8_t {
    empty, no_at, two_ats, no_local_part, no_domain, space, control_character, not_utf8,
    too_long,            ///< over 254 octets, or a local part over 64 (RFC 5321 §4.5.3.1)
    bad_local_part,      ///< dots or characters that RFC 5321 and 6531 do not allow unquoted
    bad_domain,          ///< not a host name under UTS 46
    domain_incomplete,   ///< a single label, or a public suffix alone: nobody has a mailbox there
};

/// `local` is kept exactly as typed, without quotes' removal (quoted and UTF-8 local parts are allowed: RFC 5321 §4.1.2, RFC 6531).
/// White space around the text is trimmed by the parser; nothing else is repaired.
class EmailAddress {
public:
    const std::string& local() const { return local_; }
    const Hostname& domain() const { return domain_; }             ///< A-labels
    std::string text() const { return local_ + "@" + domain_.text(); }          ///< for the wire and for files
    std::string display() const { return local_ + "@" + display_name(domain_); } ///< for people
    bool operator==(const EmailAddress&) const = default;
    friend std::expected<EmailAddress, AddressProblem> parse_email_address(std::string_view text);

private:
    EmailAddress(std::string local, Hostname domain) : local_(std::move(local)), domain_(std::move(domain)) {}
    std::string local_;
    Hostname domain_;
};

std::expected<EmailAddress, AddressProblem> parse_email_address(std::string_view text);
std::string_view slug(AddressProblem problem);

}
