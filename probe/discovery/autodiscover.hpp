// Autodiscover without any sign-in: XML by POST over HTTPS, its redirects, its SRV record, JSON (MS-OXDSCLI, MS-OXDISCO, MS-ASCMD).
//
// Who is told the address: hosts inside of its registrable domain, over HTTPS with a good certificate. A redirect, a new address or an
// SRV target that leads to another registrable domain is a notice and ends there, unless a person has confirmed that domain. Cloud hosts
// are not asked on a guess. The names are the address's own domain and "autodiscover." before it: nothing above is ever built. A 401 says
// that such a server is there; it gets no password.
#pragma once

#include "probe/discovery/autodiscover_document.hpp"
#include "probe/discovery/document.hpp"

namespace portolan {

/// POST to https://autodiscover.D and https://D side by side; where neither answers as Autodiscover, the redirect of http://autodiscover.D.
Task<SourceResult> ask_autodiscover(SourceInput in);
/// GET https://autodiscover.D/autodiscover/autodiscover.json/v1.0/ADDRESS for ActiveSync, and for EWS where that was answered in JSON.
Task<SourceResult> ask_autodiscover_json(SourceInput in);
/// _autodiscover._tcp.D by RFC 2782, targets at port 443 alone; at most three are asked.
Task<SourceResult> ask_autodiscover_srv(SourceInput in);

namespace autodiscover {

/// What one address may cost, all three sources together. It also bounds redirects, of which Exchange's documentation allows ten.
constexpr int most_requests = 8;
/// Takes one request of the budget; false: there is none left.
bool may_ask(const SourceInput& in);

/// The domain has an entry of the built-in catalogue, which says it better.
bool skipped(const SourceInput& in);

/// As it may be recorded: without its query, and without whatever in the path could be an address.
std::string shown(const HttpsUrl& url);

/// What a redirect of `asked` names, where it may be followed with the address; otherwise a verdict is said.
std::optional<HttpsUrl> followed(const SourceInput& in, std::string_view location, const std::string& asked, const std::string& proof,
                                 SourceResult& result);

/// found, nothing or failed, by what was heard.
SourceEnd end_of(const SourceResult& result, bool tried, bool answered);

}

}
