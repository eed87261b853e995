// Autoconfig documents and where they stand (draft-ietf-mailmaint-autoconfig §"Finding the configuration").
#pragma once

#include "probe/discovery/finding.hpp"

namespace portolan {

// The domain itself.
Task<SourceResult> ask_autoconfig(SourceInput in);           ///< https://autoconfig.D/mail/config-v1.1.xml, with the address and without
Task<SourceResult> ask_autoconfig_wellknown(SourceInput in); ///< https://D/.well-known/autoconfig/mail/config-v1.1.xml, likewise
/// The same two without TLS, each only where its twin over HTTPS could not be asked (an answer, be it 404, is an answer); never with the
/// address.
Task<SourceResult> ask_autoconfig_http(SourceInput in);
/// Where a TXT record of D, "mailconf=https://…", points to; never with the address.
Task<SourceResult> ask_autoconfig_txt(SourceInput in);

// Who takes the domain's mail (MX); never with the address. Skipped where the catalogue knows the domain or its MX, or where the MX is the
// domain's own.
Task<SourceResult> ask_autoconfig_mx(SourceInput in); ///< autoconfig.MXFULL, then autoconfig.MXBASE, HTTPS alone
Task<SourceResult> ask_ispdb_mx(SourceInput in);      ///< the database, likewise

/// The database of providers (DiscoveryOptions::ispdb): it learns the domain, never the address, and no reserved name. Skipped where the
/// catalogue knows it.
Task<SourceResult> ask_ispdb(SourceInput in);

struct AutoconfigPlace {
    std::string url;           ///< without the address
    bool with_address = false; ///< "?emailaddress=" is added; a redirect is followed only within the domain's own registrable domain
    bool plain = false;        ///< http may be asked, and led to; otherwise every hop is HTTPS
    bool names_domain = true;  ///< false: nothing in the URL is the person's
    milliseconds limit = 8s;
};

/// Asks all of them at once. The first in this list that has a document is the answer, once those before it have none; then the others are
/// let go.
Task<SourceResult> ask_autoconfig_places(SourceInput in, Source source, std::vector<AutoconfigPlace> places);

/// The provider behind the MX of lowest preference (RFC 5321 §5.1).
struct MailExchange {
    SourceEnd end = SourceEnd::nothing; ///< found; skipped (catalogued, or the domain's own); nothing (no MX, null MX, a filter); failed
    std::vector<std::string> domains;   ///< the MX host without its first label, where that is longer; then its registrable domain
};
Task<MailExchange> mail_exchange_of(SourceInput in);

}
