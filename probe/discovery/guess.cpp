// The last resort: names that mail servers usually have, at the ports they usually listen on. Only names that exist are guessed.
#include "probe/discovery/finding.hpp"

#include "probe/net/mailbox.hpp"

namespace portolan {

namespace {

struct Guess {
    std::string_view prefix;
    ServiceKind service;
};

/// In order of likelihood (what Thunderbird's list of providers uses most).
constexpr std::array guesses{
    Guess{"imap.", ServiceKind::imap}, Guess{"mail.", ServiceKind::imap}, Guess{"smtp.", ServiceKind::smtp}, Guess{"mail.", ServiceKind::smtp},
    Guess{"pop3.", ServiceKind::pop3}, Guess{"pop.", ServiceKind::pop3},  Guess{"mail.", ServiceKind::pop3}, Guess{"mx.", ServiceKind::imap},
    Guess{"mx.", ServiceKind::smtp},   Guess{"", ServiceKind::imap},      Guess{"", ServiceKind::smtp},
};

}

Task<SourceResult> ask_guess(SourceInput in)
{
    SourceResult result{.source = Source::guess};
    const auto& domain = in.address.domain();
    const auto burst = co_await dns_burst(in);                         // shared: the run asks every question once
    const auto same_as_wildcard = [&](const Addresses& addresses) {
        return burst.wildcard && std::ranges::all_of(addresses.list, [&](const IpAddress& one) { return std::ranges::find(burst.wildcard_addresses, one) != burst.wildcard_addresses.end(); });
    };
    bool any_answer = false;
    int order = 0;
    for (const auto& guess : guesses) {
        const auto host = parse_hostname(std::string(guess.prefix) + domain.text());
        if (!host) continue;
        const auto addresses = co_await resolve_addresses(in.world.resolver, in.world.clock, *host);
        any_answer = any_answer || (addresses.status != DnsStatus::timed_out && addresses.status != DnsStatus::cancelled);
        if (addresses.list.empty()) continue;
        // A wildcard answers for every name: that this one exists says nothing, so it goes behind the others.
        const int behind = same_as_wildcard(addresses) ? 1000 : 0;
        for (const auto security : {Security::tls, Security::starttls}) {
            Finding finding;
            finding.source = Source::guess;
            finding.location = "name " + host->text();
            finding.order = behind + order++;
            auto& service = finding.service;
            service.service = guess.service;
            service.host = *host;
            service.security = security;
            service.port = default_port(guess.service, security);
            service.username = in.address.text();
            service.sources = {Source::guess};
            service.trust = Trust::confirm;
            result.findings.push_back(std::move(finding));
        }
    }
    result.end = !result.findings.empty() ? SourceEnd::found : any_answer ? SourceEnd::nothing : SourceEnd::failed;
    co_return result;
}

}
