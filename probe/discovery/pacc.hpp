// PACC (draft-ietf-mailmaint-pacc): one JSON document at ua-auto-config.D, and its hash in the domain's DNS.
#pragma once

#include "probe/discovery/finding.hpp"

namespace portolan {

/// https://ua-auto-config.D/.well-known/user-agent-configuration.json and TXT _ua-auto-config.D, side by side; the address is not sent.
Task<SourceResult> ask_pacc(SourceInput in);

/// One TXT record at _ua-auto-config.D, its strings joined.
struct PaccRecord {
    enum class Kind : std::uint8_t {
        foreign,    ///< not of PACC, or of a version or with a hash that is not known
        unreadable, ///< "v=UAAC1", and the rest makes no sense
        digest,
    } kind = Kind::foreign;
    std::string sha256; ///< 32 octets
    bool operator==(const PaccRecord&) const = default;
};
PaccRecord read_pacc_record(std::string_view record);

/// The document itself; whether its hash was right is not its reader's matter.
struct PaccDocument {
    ProviderFacts facts;
    std::vector<Service> services;     ///< imap, pop3, smtp, jmap, caldav, carddav, or none; the user name is the full address
    std::optional<bool> password;      ///< whether a password is of use anywhere
    std::vector<std::string> left_out; ///< members that are there and cannot be used, "protocols.imap"; managesieve is not counted
};
/// At most 64 KiB, depth 16, no name twice. The error is a slug: those of read_strict_json, "no-protocols".
std::expected<PaccDocument, std::string> parse_pacc(std::string_view body, const EmailAddress& address);

} // namespace portolan
