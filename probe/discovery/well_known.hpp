// The well-known URLs of the domain itself: JMAP (RFC 8620 §2.2), CalDAV and CardDAV (RFC 6764 §5). No sign-in.
#pragma once

#include "probe/discovery/finding.hpp"

namespace portolan {

/// GET https://D/.well-known/jmap. Found where a sign-in is asked for, or a session object is shown.
Task<SourceResult> ask_jmap_well_known(SourceInput in);

/// PROPFIND https://D/.well-known/caldav and …/carddav. Found where a sign-in is asked for (401), or properties are shown (207).
Task<SourceResult> ask_dav_well_known(SourceInput in);

// For both: at most five redirects, by HTTPS and inside the domain's own registrable domain. Where one leads out of it, nobody follows, and
// the place it names is a finding that a person has to confirm. What a name that nobody has comes to just the same way is no finding: that
// web server answers everything alike. Not asked: a domain without an address, a service that SRV declines with a lone "." (RFC 2782), and
// one that the built-in catalogue knows for this domain.

} // namespace portolan
