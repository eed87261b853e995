#include "probe/discovery/document.hpp"

#include "probe/discovery/web_address.hpp"
#include "probe/net/judge.hpp"

namespace portolan {

namespace {

/// Of an absolute URL; "" where there is none.
std::string host_of(std::string_view url)
{
    const auto start = url.find("://");
    if (start == std::string_view::npos) return {};
    const auto rest = url.substr(start + 3);
    return std::string(rest.substr(0, rest.find_first_of(":/?#")));
}

/// A redirect was taken, and there is nothing at its end: no URL of the web, no such host, nobody who answers.
bool led_nowhere(const HttpExchange& exchange)
{
    const auto cause = exchange.outcome.error().cause;
    if (cause == Cause::bad_value || cause == Cause::no_such_name || cause == Cause::no_address) return !exchange.hops.empty();
    return exchange.outcome.error().stage == Stage::connect && cause != Cause::cancelled && cause != Cause::private_address && exchange.hops.size() > 1;
}

}

Task<std::optional<Document>> ask_document(SourceInput in, DocumentRequest request, SourceResult& result)
{
    const auto probe = in.world.log.begin(ProbeKind::http, ProbeGroup::settings, request.shown);
    if (!in.world.ledger.may_contact(HostLedger::Contact::web)) {
        in.world.log.end(probe, ProbeOutcome::skipped, "enough-asked");
        co_return std::nullopt;
    }
    in.world.log.told(probe, host_of(request.http.url), request.names_address ? Told::address : request.names_domain ? Told::domain : Told::nothing);
    const auto asked = read_web_address(request.http.url);
    auto exchange = co_await in.world.http.fetch(std::move(request.http));
    if (exchange.outcome) {
        const auto& first = exchange.hops.empty() ? std::nullopt : exchange.hops.front().private_address;
        // Where connections are led elsewhere (the demonstration), the address is scenery and says nothing.
        const bool scenery = first && asked && in.world.connector.route({*first, asked->port}) != IpEndpoint{*first, asked->port};
        if (first && !scenery) say(result, VerdictCode::settings_private_address, Severity::notice, request.shown, in.world.log.id_of(probe), first->to_string());
        // RFC 6585 §6: not the host speaks, but whoever lets this computer into the network.
        if (exchange.outcome->status == 511) say_portal(result, asked ? asked->host.text() : std::string(), in.world.log.id_of(probe));
        co_return Document{std::move(*exchange.outcome), probe};
    }
    const auto& failure = exchange.outcome.error();
    const auto outcome = failure.cause == Cause::timed_out ? ProbeOutcome::timed_out : failure.cause == Cause::cancelled ? ProbeOutcome::cancelled : ProbeOutcome::failed;
    in.world.log.end(probe, outcome, std::string(slug(failure.cause)));
    const auto& proof = in.world.log.id_of(probe);
    if (failure.cause == Cause::rejected) say(result, VerdictCode::settings_redirect_loop, Severity::warning, request.shown, proof);
    // Every page of a web site may be redirected like this, and nobody meant it as settings: a notice.
    if (led_nowhere(exchange)) say(result, VerdictCode::settings_redirect_loop, Severity::notice, request.shown, proof);
    // Nothing of it is read. The owner should know; for the person it is no fault, another source may answer.
    if (failure.cause == Cause::untrusted_certificate && !exchange.hops.empty() && exchange.hops.back().tls) {
        const auto& certificate = exchange.hops.back().tls->certificate;
        say(result, certificate.problem.value_or(VerdictCode::certificate_invalid), Severity::notice, request.shown, proof, certificate.said);
        result.verdicts.back().detail = certificate.detail;
        result.verdicts.back().who = turn_of(certificate, Who::domain_owner);
    }
    if (failure.cause == Cause::private_address) say(result, VerdictCode::settings_private_address, Severity::warning, request.shown, proof, failure.reply);
    if (failure.cause == Cause::too_much) say(result, VerdictCode::too_much_data, Severity::warning, request.shown, proof);
    co_return std::nullopt;
}

void say(SourceResult& result, VerdictCode code, Severity severity, std::string target, std::string proof, std::string said)
{
    Verdict verdict;
    verdict.code = code;
    verdict.severity = severity;
    verdict.who = Who::domain_owner;
    verdict.target = std::move(target);
    verdict.proof = std::move(proof);
    verdict.said = std::move(said);
    result.verdicts.push_back(std::move(verdict));
}

void say_portal(SourceResult& result, std::string host, std::string proof)
{
    say(result, VerdictCode::captive_portal, Severity::warning, std::move(host), std::move(proof));
    result.verdicts.back().who = Who::you;
}

}
