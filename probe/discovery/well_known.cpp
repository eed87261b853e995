#include "probe/discovery/well_known.hpp"

#include "probe/discovery/challenge.hpp"
#include "probe/discovery/document.hpp"
#include "probe/discovery/strict_json.hpp"
#include "probe/discovery/web_place.hpp"
#include "probe/net/mailbox.hpp"
#include "providers/catalogue.hpp"

#include <boost/json.hpp>

namespace portolan {

namespace {

constexpr std::size_t most_redirects = 5, largest = 256 * 1024, deepest = 32;
constexpr auto patience = 8s; ///< for one URL with all its redirects

struct Target {
    ServiceKind service;
    std::string_view name;  ///< below /.well-known/
    std::string_view label; ///< by which SRV would decline it
};
constexpr std::array jmap_targets{Target{ServiceKind::jmap, "jmap", "_jmap._tcp."}};
constexpr std::array dav_targets{Target{ServiceKind::caldav, "caldav", "_caldavs._tcp."},
                                 Target{ServiceKind::carddav, "carddav", "_carddavs._tcp."}};

HttpRequest jmap_request()
{
    HttpRequest request;
    request.headers = {"Accept: application/json"};
    return request;
}

HttpRequest dav_request()
{
    HttpRequest request;
    request.method = "PROPFIND";
    request.headers = {"Depth: 0"};
    request.content_type = "application/xml; charset=utf-8";
    request.body =
        R"(<?xml version="1.0" encoding="utf-8"?><propfind xmlns="DAV:"><prop><current-user-principal/><resourcetype/></prop></propfind>)";
    return request;
}

/// How one URL was answered, after the redirects that were followed.
struct Walk {
    bool heard = false; ///< somebody answered, if only "no"
    int status = 0;
    std::string url; ///< of that answer; where the way led out of the domain, the place it led to
    bool outside = false;
    bool authenticated = false;
    std::vector<Challenge> challenges;
    std::string body;
};

std::string well_known_url(const Hostname& domain, std::string_view name)
{
    return "https://" + domain.text() + "/.well-known/" + std::string(name);
}

/// The same request at every place (RFC 6764 §5 wants it so for PROPFIND).
Task<Walk> walk(SourceInput in, HttpRequest request, std::string name)
{
    const auto& domain = in.address.domain();
    const auto deadline = in.world.clock.now() + patience;
    auto& log = in.world.log;
    Walk way{.url = well_known_url(domain, name), .authenticated = true};
    std::set<std::string> seen{way.url};
    for (std::size_t hop = 0; hop <= most_redirects; ++hop) {
        DocumentRequest one{.http = request, .shown = way.url};
        one.http.url = way.url;
        one.http.redirects = 0;
        one.http.body_cap = largest;
        one.http.limit = std::max(1ms, std::chrono::duration_cast<milliseconds>(deadline - in.world.clock.now()));
        // Nobody has said that there is anything at these URLs: a certificate for another name or a page without end is no fault of
        // published settings.
        SourceResult unsaid;
        auto asked = co_await ask_document(in, std::move(one), unsaid);
        if (!asked) co_return way;
        auto& answer = asked->answer;
        way.heard = true;
        way.status = answer.status;
        way.authenticated = way.authenticated && answer.authenticated;
        if (answer.status < 300 || answer.status > 399 || answer.location.empty()) {
            way.challenges = challenges_of(answer);
            way.body = std::move(answer.body);
            auto detail = std::to_string(answer.status);
            for (const auto& challenge : way.challenges) detail += " " + challenge.scheme;
            log.end(asked->probe, ProbeOutcome::ok, std::move(detail));
            co_return way;
        }
        const auto place = web_place(answer.location);
        const bool usable = place && place->security == Security::tls;
        way.outside = usable && !same_registrable_domain(place->host, domain);
        log.end(asked->probe, ProbeOutcome::ok,
                std::to_string(answer.status) + (!usable       ? " not-followed"
                                                 : way.outside ? " outside " + place->url
                                                               : " " + place->url));
        if (!usable || !seen.insert(place->url).second) co_return way;
        way.url = place->url;
        if (way.outside) co_return way;
    }
    co_return way;
}

bool is_jmap_session(const std::string& body)
{
    const auto value = read_strict_json(body, largest, deepest);
    const auto* root = value ? value->if_object() : nullptr;
    const auto* capabilities = root ? root->if_contains("capabilities") : nullptr;
    const auto* named = capabilities ? capabilities->if_object() : nullptr;
    return named && named->contains("urn:ietf:params:jmap:core");
}

/// A claim that has to be held against what a name that nobody has comes to.
bool doubtful(const Walk& way) { return way.outside || (way.status == 401 && !way.challenges.empty()); }

/// It cannot be anything else.
bool plain(const Walk& way, ServiceKind service)
{
    if (way.outside) return false;
    return service == ServiceKind::jmap ? way.status == 200 && is_jmap_session(way.body) : way.status == 207;
}

/// `nobody` was asked in the place of `name` and came to the same end by the same way. Queries are not compared: a sign-in page's gateway
/// puts a new number into every one.
bool alike(const Walk& way, std::string_view name, const Walk& nobody, const std::string& nobody_name)
{
    auto place = nobody.url.substr(0, nobody.url.find('?'));
    for (auto at = place.find(nobody_name); at != std::string::npos; at = place.find(nobody_name, at + name.size()))
        place.replace(at, nobody_name.size(), name);
    return way.status == nobody.status && way.outside == nobody.outside && way.challenges == nobody.challenges &&
           way.url.substr(0, way.url.find('?')) == place;
}

Finding claim(const SourceInput& in, Source source, const Target& target, const Walk& way, int order)
{
    Finding finding;
    finding.source = source;
    finding.location = well_known_url(in.address.domain(), target.name);
    finding.authenticated = way.authenticated;
    finding.order = order;
    auto& service = finding.service;
    service.service = target.service;
    put_place(service, *web_place(way.url));
    service.username = in.address.text(); // RFC 6764 §6: the full address first
    service.auth = mechanisms_of(way.challenges);
    service.sources = {source};
    service.trust = way.authenticated && !way.outside ? Trust::authenticated : Trust::confirm;
    return finding;
}

/// Those that neither the owner's DNS declines nor the catalogue knows better.
Task<std::vector<Target>> open_targets(SourceInput in, std::vector<Target> targets)
{
    const auto& domain = in.address.domain();
    if (const auto* provider = provider_for_domain(domain.text()))
        for (const auto& service : services_of(*provider, in.address, Source::catalogue))
            std::erase_if(targets, [&](const Target& one) { return one.service == service.service; });
    std::vector<DnsAnswer> answers(targets.size());
    Nursery nursery(co_await asio::this_coro::executor);
    const auto ask = [](Resolver& resolver, std::string name, DnsAnswer& slot) -> Task<void> {
        slot = co_await resolver.ask(std::move(name), RecordType::srv);
    };
    for (std::size_t i = 0; i < targets.size(); ++i)
        nursery.start(ask(in.world.resolver, std::string(targets[i].label) + domain.text(), answers[i]));
    co_await nursery.join();
    std::vector<Target> open;
    for (std::size_t i = 0; i < targets.size(); ++i)
        if (answers[i].srv.size() != 1 || !answers[i].srv.front().host.empty()) open.push_back(targets[i]);
    co_return open;
}

Task<SourceResult> ask_well_known(SourceInput in, Source source, std::span<const Target> all, HttpRequest request)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    SourceResult result{.source = source};
    const auto targets = co_await open_targets(in, {all.begin(), all.end()});
    if (targets.empty()) {
        result.end = SourceEnd::skipped;
        co_return result;
    }
    const auto addresses = co_await resolve_addresses(in.world.resolver, in.world.clock, in.address.domain());
    if (addresses.list.empty()) { // DNS said no: nothing is contacted
        result.end =
            addresses.status == DnsStatus::no_such_name || addresses.status == DnsStatus::no_data ? SourceEnd::nothing : SourceEnd::failed;
        co_return result;
    }
    std::vector<Walk> ways(targets.size());
    Nursery nursery(co_await asio::this_coro::executor);
    const auto go = [](SourceInput input, HttpRequest what, std::string name, Walk& slot) -> Task<void> {
        slot = co_await walk(std::move(input), std::move(what), std::move(name));
    };
    for (std::size_t i = 0; i < targets.size(); ++i) nursery.start(go(in, request, std::string(targets[i].name), ways[i]));
    co_await nursery.join();
    auto nobody_name = label_of_nobody(in.address.domain().text());
    nobody_name.resize(nobody_name.find('.'));
    std::optional<Walk> nobody;
    if (std::ranges::any_of(ways, doubtful) && !co_await was_cancelled()) nobody = co_await walk(in, request, nobody_name);
    for (std::size_t i = 0; i < targets.size(); ++i) {
        const auto& way = ways[i];
        if (plain(way, targets[i].service) || (doubtful(way) && nobody && !alike(way, targets[i].name, *nobody, nobody_name)))
            result.findings.push_back(claim(in, source, targets[i], way, static_cast<int>(result.findings.size())));
    }
    const bool heard = std::ranges::any_of(ways, [](const Walk& way) { return way.heard; });
    result.end = !result.findings.empty() ? SourceEnd::found : heard ? SourceEnd::nothing : SourceEnd::failed;
    co_return result;
}

} // namespace

Task<SourceResult> ask_jmap_well_known(SourceInput in)
{
    return ask_well_known(std::move(in), Source::jmap_wellknown, jmap_targets, jmap_request());
}
Task<SourceResult> ask_dav_well_known(SourceInput in)
{
    return ask_well_known(std::move(in), Source::dav_wellknown, dav_targets, dav_request());
}

} // namespace portolan
