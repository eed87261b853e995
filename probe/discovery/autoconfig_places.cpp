// Asking for autoconfig documents: several places at once, one answer.
#include "probe/discovery/autoconfig.hpp"
#include "probe/discovery/document.hpp"
#include "probe/discovery/web_address.hpp"

#include "probe/account/percent.hpp"
#include "probe/net/mailbox.hpp"

namespace portolan {

namespace {

constexpr int most_redirects = 5;

enum class Fetched : std::uint8_t { document, absent, failed };

struct Answer {
    std::size_t place = 0;
    Fetched fetched = Fetched::failed;
    SourceResult result;
};

/// HTTPS from these is the domain's own word, or the database's for this very domain. The others were named by DNS, which nobody has signed
/// for.
bool vouched_for(Source source)
{
    return source == Source::autoconfig || source == Source::autoconfig_wellknown || source == Source::ispdb;
}
bool is_database(Source source) { return source == Source::ispdb || source == Source::ispdb_mx; }

/// Somebody answered, if only with what must not be followed or is too much.
bool was_answered(const SourceResult& result)
{
    return std::ranges::any_of(result.verdicts, [](const Verdict& one) {
        return one.code == VerdictCode::settings_redirect_loop || one.code == VerdictCode::too_much_data;
    });
}

/// A page where a file was asked for is a "no", whatever its status says; a broken file is a mistake of whoever published it.
bool is_page(std::string_view error)
{
    static constexpr std::array<std::string_view, 6> pages{"empty", "html-page", "captive-page", "json", "not-xml", "no-client-config"};
    return std::ranges::find(pages, error) != pages.end();
}

struct Received {
    Document document;
    bool authenticated = true; ///< every hop
};

/// The address is told to the domain's own hosts alone: redirects are followed by hand, and only from one of these to another.
Task<std::optional<Received>> ask_with_address(SourceInput in, AutoconfigPlace place, SourceResult& result)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    DocumentRequest request;
    request.http.url = place.url + "?emailaddress=" + percent_encoded(in.address.text());
    request.http.limit = place.limit;
    request.http.redirects = 0;
    request.shown = place.url + "?emailaddress=…";
    request.names_address = true;
    bool authenticated = true;
    for (int hop = 0;; ++hop) {
        auto asked = co_await ask_document(in, request, result);
        if (!asked) co_return std::nullopt;
        authenticated = authenticated && asked->answer.authenticated;
        const auto& answer = asked->answer;
        const auto next = answer.status >= 300 && answer.status < 400 ? read_web_address(answer.location) : std::nullopt;
        if (!next || !next->https || hop == most_redirects || !same_registrable_domain(next->host, in.address.domain()))
            co_return Received{std::move(*asked), authenticated};
        in.world.log.end(asked->probe, ProbeOutcome::ok, std::to_string(answer.status));
        request.http.url = next->text;
        request.shown = "https://" + next->host.text() + "/…"; // the address may stand anywhere in what was answered
    }
}

Task<std::optional<Received>> ask_without_address(SourceInput in, AutoconfigPlace place, SourceResult& result)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    DocumentRequest request;
    request.http.url = request.shown = place.url;
    request.http.limit = place.limit;
    request.http.redirects = most_redirects;
    request.http.allow_plain = place.plain;
    request.names_domain = place.names_domain;
    auto asked = co_await ask_document(in, std::move(request), result);
    if (!asked) co_return std::nullopt;
    const bool authenticated = asked->answer.authenticated;
    co_return Received{std::move(*asked), authenticated};
}

void keep(SourceResult& result, AutoconfigDocument document, const std::string& location, bool authenticated)
{
    authenticated = authenticated && vouched_for(result.source);
    for (auto& service : document.services) {
        Finding finding;
        finding.source = result.source;
        finding.location = location;
        finding.authenticated = authenticated;
        finding.order = static_cast<int>(result.findings.size());
        service.sources = {result.source};
        service.trust = service.security == Security::plaintext ? Trust::insecure : authenticated ? Trust::authenticated : Trust::confirm;
        finding.service = std::move(service);
        result.findings.push_back(std::move(finding));
    }
    result.facts = std::move(document.facts);
}

Task<Fetched> fetch(SourceInput in, AutoconfigPlace place, SourceResult& result)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    const auto address = read_web_address(place.url);
    if (!address) co_return Fetched::absent;
    const auto addresses = co_await resolve_addresses(in.world.resolver, in.world.clock, address->host);
    if (addresses.list.empty()) { // DNS said no: nothing is contacted
        const bool said_no = addresses.status == DnsStatus::no_such_name || addresses.status == DnsStatus::no_data;
        // An alias that its owner forgot: whoever registers what it leads to could publish settings in the domain's name.
        if (said_no && !addresses.aliases.empty()) {
            const auto gone = parse_hostname(addresses.aliases.back());
            say(result, VerdictCode::settings_point_nowhere, Severity::warning, gone ? gone->text() : address->host.text(), {});
        }
        co_return said_no && !is_database(result.source) ? Fetched::absent : Fetched::failed;
    }
    auto received = place.with_address ? co_await ask_with_address(in, place, result) : co_await ask_without_address(in, place, result);
    if (!received) co_return was_answered(result) ? Fetched::absent : Fetched::failed;
    const auto& answer = received->document.answer;
    const auto probe = received->document.probe;
    if (answer.status != 200) {
        in.world.log.end(probe, ProbeOutcome::ok, std::to_string(answer.status));
        co_return Fetched::absent;
    }
    auto document = parse_autoconfig(answer.body, in.address);
    if (!document) {
        in.world.log.end(probe, ProbeOutcome::ok, document.error());
        if (document.error() == "captive-page") say_portal(result, address->host.text(), in.world.log.id_of(probe));
        if (!is_page(document.error()))
            say(result, VerdictCode::settings_malformed, Severity::warning, place.url, in.world.log.id_of(probe), document.error());
        // The web site of a domain has pages for everything; a host of the name autoconfig is there for settings alone.
        else if (result.source == Source::autoconfig && document.error() != "captive-page")
            say(result, VerdictCode::settings_malformed, Severity::notice, place.url, in.world.log.id_of(probe), document.error());
        co_return Fetched::absent;
    }
    const auto skipped = document->skipped;
    in.world.log.end(probe, ProbeOutcome::ok,
                     std::to_string(document->services.size()) + " services" +
                         (skipped ? ", " + std::to_string(skipped) + " unreadable" : ""));
    if (skipped > 0)
        say(result, VerdictCode::settings_malformed, Severity::notice, place.url, in.world.log.id_of(probe),
            std::to_string(skipped) + " unreadable");
    if (document->password) {
        say(result, VerdictCode::settings_malformed, Severity::warning, place.url, in.world.log.id_of(probe));
        result.verdicts.back().detail = Detail::password_in_document;
    }
    if (place.plain) say(result, VerdictCode::settings_insecure_source, Severity::warning, place.url, in.world.log.id_of(probe));
    keep(result, std::move(*document), place.url, received->authenticated);
    co_return Fetched::document;
}

/// The first place with a document, once all before it have ended without one.
std::optional<std::size_t> winner(const std::vector<std::optional<Answer>>& answers)
{
    for (std::size_t i = 0; i < answers.size() && answers[i]; ++i)
        if (answers[i]->fetched == Fetched::document) return i;
    return std::nullopt;
}

}

Task<SourceResult> ask_autoconfig_places(SourceInput in, Source source, std::vector<AutoconfigPlace> places)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    SourceResult result{.source = source};
    const auto executor = co_await asio::this_coro::executor;
    Mailbox<Answer> mail(executor);
    Nursery nursery(executor);
    const auto ask = [](SourceInput input, Source asked_by, AutoconfigPlace place, std::size_t number, Mailbox<Answer>& to) -> Task<void> {
        Answer answer{number, Fetched::failed, SourceResult{.source = asked_by}};
        answer.fetched = co_await fetch(std::move(input), std::move(place), answer.result);
        to.post(std::move(answer));
    };
    for (std::size_t i = 0; i < places.size(); ++i) nursery.start(ask(in, source, places[i], i, mail));
    std::vector<std::optional<Answer>> answers(places.size());
    for (auto left = places.size(); left > 0 && !winner(answers); --left) {
        auto answer = co_await mail.next();
        if (!answer) break;
        const auto place = answer->place;
        answers[place] = std::move(*answer);
    }
    nursery.cancel();
    co_await nursery.join();

    result.end = SourceEnd::failed;
    if (const auto best = winner(answers)) {
        result = std::move(answers[*best]->result);
        result.end = SourceEnd::found;
    } else {
        for (auto& answer : answers) {
            if (!answer) continue;
            if (answer->fetched == Fetched::absent) result.end = SourceEnd::nothing;
            for (auto& verdict : answer->result.verdicts) // both forms of one address fail alike: said once
                if (std::ranges::find(result.verdicts, verdict.code, &Verdict::code) == result.verdicts.end())
                    result.verdicts.push_back(std::move(verdict));
        }
    }
    // Of somebody else's host the domain's owner cannot mend anything; and what is wrong with the database is no word about the domain at
    // all.
    if (is_database(source)) std::erase_if(result.verdicts, [](const Verdict& one) { return one.code != VerdictCode::captive_portal; });
    if (source == Source::autoconfig_mx)
        for (auto& verdict : result.verdicts) verdict.who = Who::mail_provider;
    co_return result;
}

}
