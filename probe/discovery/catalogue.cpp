// The built-in catalogue, by the domain itself and by who takes its mail (MX).
#include "probe/discovery/finding.hpp"

#include "providers/catalogue.hpp"

namespace portolan {

namespace {

SourceResult claims_of(const Provider& provider, const EmailAddress& address, Source source)
{
    SourceResult result{.source = source, .end = SourceEnd::found};
    result.provider_id = std::string(provider.id);
    for (auto& service : services_of(provider, address, source)) {
        Finding finding;
        finding.source = source;
        finding.location = "catalogue " + std::string(provider.id);
        finding.authenticated = source == Source::catalogue;
        finding.order = static_cast<int>(result.findings.size());
        finding.service = std::move(service);
        result.findings.push_back(std::move(finding));
    }
    return result;
}

}

Task<SourceResult> ask_catalogue(SourceInput in)
{
    const auto* provider = provider_for_domain(in.address.domain().text());
    if (!provider) co_return SourceResult{.source = Source::catalogue};
    co_return claims_of(*provider, in.address, Source::catalogue);
}

Task<SourceResult> ask_catalogue_by_mx(SourceInput in)
{
    SourceResult result{.source = Source::catalogue_mx};
    if (provider_for_domain(in.address.domain().text())) {
        result.end = SourceEnd::skipped;                               // the domain's own entry says it better
        co_return result;
    }
    const auto answer = co_await in.world.resolver.ask(in.address.domain().text(), RecordType::mx);
    if (!answer.found()) {
        result.end = answer.said_no() ? SourceEnd::nothing : SourceEnd::failed;
        co_return result;
    }
    // The lowest preference alone (RFC 5321 §5.1); "" is a null MX: this domain takes no mail (RFC 7505).
    const auto lowest = answer.mx.front().preference;
    for (const auto& mx : answer.mx) {
        if (mx.preference != lowest || mx.host.empty()) continue;
        if (const auto* provider = provider_for_mx(mx.host)) {
            result = claims_of(*provider, in.address, Source::catalogue_mx);
            for (auto& finding : result.findings) finding.location += " by MX " + mx.host;
            co_return result;
        }
    }
    co_return result;
}

}
