// Autoconfig over HTTPS: the domain's own host, and its well-known path (draft-ietf-mailmaint-autoconfig §"Finding the configuration").
#include "probe/discovery/document.hpp"

#include "probe/net/mailbox.hpp"

namespace portolan {

namespace {

struct Place {
    Source source;
    std::string host;
    std::string url;                           ///< without the address
};

enum class Fetched { document, absent, failed };

/// One request, written down; the address never gets into the log or into a location.
Task<Fetched> fetch(SourceInput in, Place place, bool with_address, SourceResult& result)
{
    DocumentRequest request;
    request.http.url = place.url + (with_address ? "?emailaddress=" + percent_encoded(in.address.text()) : std::string());
    request.http.limit = 8s;
    request.shown = place.url + (with_address ? "?emailaddress=…" : "");
    request.names_address = with_address;
    auto asked = co_await ask_document(in, std::move(request), result);
    if (!asked) co_return Fetched::failed;
    const auto& answer = asked->answer;
    if (answer.status != 200) {
        in.world.log.end(asked->probe, ProbeOutcome::ok, std::to_string(answer.status));
        co_return Fetched::absent;
    }
    auto document = parse_autoconfig(answer.body, in.address);
    if (!document) {
        // A page for people, where a file for programs was asked for, is a "no"; a broken file is the owner's mistake.
        in.world.log.end(asked->probe, ProbeOutcome::ok, document.error());
        if (document.error() != "not-xml" && document.error() != "no-client-config")
            say(result, VerdictCode::settings_malformed, Severity::warning, place.url, in.world.log.id_of(asked->probe), document.error());
        co_return Fetched::absent;
    }
    in.world.log.end(asked->probe, ProbeOutcome::ok, std::to_string(document->services.size()) + " services");
    for (auto& service : document->services) {
        Finding finding;
        finding.source = place.source;
        finding.location = place.url;
        finding.authenticated = answer.authenticated;
        finding.order = static_cast<int>(result.findings.size());
        service.sources = {place.source};
        service.trust = service.security == Security::plaintext ? Trust::insecure : answer.authenticated ? Trust::authenticated : Trust::confirm;
        finding.service = std::move(service);
        result.findings.push_back(std::move(finding));
    }
    co_return Fetched::document;
}

Task<SourceResult> ask_place(SourceInput in, Place place)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    SourceResult result{.source = place.source};
    const auto host = parse_hostname(place.host);
    if (!host) {
        result.end = SourceEnd::skipped;
        co_return result;
    }
    const auto addresses = co_await resolve_addresses(in.world.resolver, in.world.clock, *host);
    if (addresses.list.empty()) {                                      // DNS said no: nothing is contacted
        result.end = addresses.status == DnsStatus::no_such_name || addresses.status == DnsStatus::no_data ? SourceEnd::nothing : SourceEnd::failed;
        co_return result;
    }
    // Some servers answer only the form without the address (400 or 404 to the other one). Both are asked at once: one after the other
    // would cost whoever waits for this place a second connection's round trips. The form with the address is believed first.
    struct Form { bool with_address; Fetched fetched; SourceResult result; };
    const auto executor = co_await asio::this_coro::executor;
    Mailbox<Form> mail(executor);
    Nursery nursery(executor);
    const auto ask = [](SourceInput input, Place at, bool with_address, Mailbox<Form>& to) -> Task<void> {
        Form form{with_address, Fetched::failed, {}};
        form.fetched = co_await fetch(std::move(input), std::move(at), with_address, form.result);
        to.post(std::move(form));
    };
    for (const bool with_address : {true, false}) nursery.start(ask(in, place, with_address, mail));
    std::optional<Form> best;
    for (int left = 2; left > 0 && !(best && best->with_address && best->fetched == Fetched::document); --left) {
        auto form = co_await mail.next();
        if (!form) break;
        const bool better = !best || (form->fetched == best->fetched ? form->with_address : form->fetched < best->fetched);
        if (better) best = std::move(*form);
    }
    nursery.cancel();
    co_await nursery.join();
    const auto fetched = best ? best->fetched : Fetched::failed;
    if (best) {
        result.findings = std::move(best->result.findings);
        result.verdicts = std::move(best->result.verdicts);
    }
    result.end = !result.findings.empty() ? SourceEnd::found : fetched == Fetched::failed ? SourceEnd::failed : SourceEnd::nothing;
    co_return result;
}

}

Task<SourceResult> ask_autoconfig(SourceInput in)
{
    const auto host = "autoconfig." + in.address.domain().text();
    return ask_place(in, {Source::autoconfig, host, "https://" + host + "/mail/config-v1.1.xml"});
}

Task<SourceResult> ask_autoconfig_wellknown(SourceInput in)
{
    const auto& host = in.address.domain().text();
    return ask_place(in, {Source::autoconfig_wellknown, host, "https://" + host + "/.well-known/autoconfig/mail/config-v1.1.xml"});
}

}
