// Calendars, contacts, filters, JMAP, Exchange: no trial of their own here, so what is claimed of them is ranked and merged as it stands.
#include "probe/assemble.hpp"

namespace portolan {

namespace {

/// Findings that name one and the same place.
struct Place {
    Service service;
    int rank = 0;
    int order = 0;
};

bool same_place(const Service& a, const Service& b)
{
    if (a.service != b.service) return false;
    if (!a.url.empty() || !b.url.empty()) return a.url == b.url;
    return a.endpoint() == b.endpoint();
}

void merge(Place& place, const Finding& finding, int rank)
{
    const bool leads = rank < place.rank;
    auto& kept = place.service;
    if (leads) {
        auto better = finding.service;
        better.sources.insert(better.sources.end(), kept.sources.begin(), kept.sources.end());
        better.state = std::min(better.state, kept.state);
        better.trust = std::min(better.trust, kept.trust);
        if (better.auth.empty()) better.auth = kept.auth;
        kept = std::move(better);
        place.rank = rank;
        place.order = finding.order;
    } else {
        for (const auto source : finding.service.sources)
            if (std::ranges::find(kept.sources, source) == kept.sources.end()) kept.sources.push_back(source);
        kept.state = std::min(kept.state, finding.service.state);
        kept.trust = std::min(kept.trust, finding.service.trust);
        if (kept.auth.empty()) kept.auth = finding.service.auth;
    }
    if (!kept.username_known && finding.service.username_known) {
        kept.username = finding.service.username;
        kept.username_form = finding.service.username_form;
        kept.username_known = true;
    }
}

}

void add_other_services(Report& report, const Evidence& evidence)
{
    using enum ServiceKind;
    for (const auto kind : {managesieve, jmap, activesync, ews, caldav, carddav}) {
        std::vector<Place> places;
        for (const auto& finding : report.findings) {
            if (finding.service.service != kind) continue;
            const auto rank = rank_of(finding, report.domain);
            const auto same = std::ranges::find_if(places, [&](const Place& place) { return same_place(place.service, finding.service); });
            if (same == places.end()) places.push_back({finding.service, rank, finding.order});
            else merge(*same, finding, rank);
        }
        // Without encryption only where nothing else is named; what was seen to answer stands before what is only claimed.
        std::ranges::stable_sort(places, [](const Place& a, const Place& b) {
            const auto key = [](const Place& place) { return std::tuple(place.service.security == Security::plaintext, place.service.state, place.rank, place.order); };
            return key(a) < key(b);
        });
        for (std::size_t i = 0; i < places.size(); ++i) {
            auto& service = places[i].service;
            if (evidence.options.username) {
                service.username = *evidence.options.username;
                service.username_form = UsernameForm::custom;
                service.username_known = true;
            } else if (service.username.empty()) {
                service.username = evidence.address.text();
                service.username_form = UsernameForm::address;
            }
            if (i == 0) {
                report.account.services.push_back(service);
                continue;
            }
            service.lost = places[i].rank > places[0].rank ? Lost::less_trusted : Lost::named_later;
            report.alternatives.push_back(service);
        }
    }
}

}
