#include "probe/discovery/finding.hpp"

namespace portolan {

int best_rank_of(Source source)
{
    using enum Source;
    switch (source) {
    case user: return 1;
    case catalogue: return 2;
    case pacc:
    case autoconfig:
    case autoconfig_wellknown:
    case autodiscover:
    case jmap_wellknown:
    case dav_wellknown: return 3;
    case ispdb: return 5;
    case srv: return 6;                        // 4 with DNSSEC, once a resolver is known to be worth believing
    case catalogue_mx:
    case autoconfig_mx:
    case ispdb_mx:
    case autodiscover_json: return 7;
    case autodiscover_srv: return 8;
    case autoconfig_txt:
    case autoconfig_http: return 9;
    case guess:
    case worked_before: return 10;
    }
    return 10;
}

int rank_of(const Finding& finding, const Hostname& domain)
{
    if (finding.derived_rank) return *finding.derived_rank;
    if (finding.source == Source::srv) return finding.authenticated ? 4 : same_registrable_domain(finding.service.host, domain) ? 6 : 8;
    if (finding.source == Source::pacc && !finding.authenticated) return 8;    // no hash in the DNS vouches for it: evidence at most
    return best_rank_of(finding.source);
}

}
