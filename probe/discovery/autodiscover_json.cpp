// Autodiscover version 2: anonymous, one GET a protocol, the address in the path.
#include "probe/discovery/autodiscover.hpp"

#include "probe/account/percent.hpp"

namespace portolan {

namespace {

/// One protocol asked for, redirects followed; true where the answer was one of version 2, so that another protocol is worth a request.
Task<bool> ask_protocol(SourceInput in, HttpsUrl url, std::string shown, SourceResult& result, bool& answered)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    bool authenticated = true;
    std::set<std::string> seen;
    while ((co_await asio::this_coro::cancellation_state).cancelled() == asio::cancellation_type::none) {
        const bool again = !seen.insert(url.text).second;
        if (again || !autodiscover::may_ask(in)) {
            if (again || seen.size() > 1) say(result, VerdictCode::settings_redirect_loop, Severity::warning, shown, {});
            co_return false;
        }
        DocumentRequest request;
        request.http.url = url.text;
        request.http.limit = 8s;
        request.http.body_cap = 256 * 1024;
        request.http.redirects = 0;
        request.shown = shown;
        request.names_address = true;
        auto asked = co_await ask_document(in, std::move(request), result);
        if (!asked) co_return false;
        answered = true;
        const auto& answer = asked->answer;
        const auto proof = in.world.log.id_of(asked->probe);
        authenticated = authenticated && answer.authenticated;
        if (answer.status >= 300 && answer.status < 400 && !answer.location.empty()) {
            in.world.log.end(asked->probe, ProbeOutcome::ok, std::to_string(answer.status) + " redirect");
            auto next = autodiscover::followed(in, answer.location, shown, proof, result);
            if (!next) co_return false;
            url = std::move(*next);
            shown = autodiscover::shown(url);
            continue;
        }
        auto service = parse_autodiscover_json(answer.body, in.address);
        if (answer.status != 200 || !service) {
            // "error InvalidProtocol" and the like: the endpoint is there, this protocol is not.
            const bool said_why = !service && service.error().starts_with("error ");
            const auto detail = said_why || (answer.status == 200 && !service) ? service.error() : std::to_string(answer.status);
            in.world.log.end(asked->probe, ProbeOutcome::ok, detail);
            if (answer.status == 200 && !service && !said_why && service.error() != "not-json")
                say(result, VerdictCode::settings_malformed, Severity::warning, shown, proof, service.error());
            co_return said_why;
        }
        in.world.log.end(asked->probe, ProbeOutcome::ok, std::string(slug(service->service)));
        Finding finding;
        finding.source = Source::autodiscover_json;
        finding.location = shown;
        finding.authenticated = authenticated;
        finding.order = static_cast<int>(result.findings.size());
        service->sources = {Source::autodiscover_json};
        service->trust = authenticated ? Trust::authenticated : Trust::confirm;
        finding.service = std::move(*service);
        if (in.tell) in.tell(finding);
        result.findings.push_back(std::move(finding));
        co_return true;
    }
    co_return false;
}

}

Task<SourceResult> ask_autodiscover_json(SourceInput in)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    SourceResult result{.source = Source::autodiscover_json};
    const auto host = parse_hostname("autodiscover." + in.address.domain().text());
    if (!host || autodiscover::skipped(in)) {
        result.end = SourceEnd::skipped;
        co_return result;
    }
    const auto addresses = co_await resolve_addresses(in.world.resolver, in.world.clock, *host);
    if (addresses.list.empty()) {                                      // DNS said no: nothing is contacted
        const bool no = addresses.status == DnsStatus::no_such_name || addresses.status == DnsStatus::no_data;
        result.end = no ? SourceEnd::nothing : SourceEnd::failed;
        co_return result;
    }
    const std::string base = "https://" + host->text() + "/autodiscover/autodiscover.json/v1.0/";
    bool answered = false;
    for (const auto* protocol : {"ActiveSync", "Ews"}) {
        const auto query = std::string("?Protocol=") + protocol;
        const HttpsUrl url{base + percent_encoded(in.address.text()) + query, *host, 443};
        if (!co_await ask_protocol(in, url, base + "…" + query, result, answered)) break;
    }
    // The same host is asked for the XML, and that says what is wrong with its certificate, if it matters.
    std::erase_if(result.verdicts, [](const Verdict& one) { return slug(one.code).starts_with("certificate-"); });
    result.end = autodiscover::end_of(result, true, answered);
    co_return result;
}

}
