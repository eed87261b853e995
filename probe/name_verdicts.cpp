// What the DNS as a whole told about the network, the resolver and the domain. One cause is said once, the one that explains the others.
#include "probe/assemble.hpp"

namespace portolan {

namespace {

bool is_dns(const Probe& probe) { return probe.kind == ProbeKind::dns && probe.detail != slug(DnsStatus::not_asked); }

/// Did any server answer at all, be it that it failed? A run that was cut short has the same right to that word as one that ended.
bool heard(const Probe& probe)
{
    return is_dns(probe) && probe.outcome != ProbeOutcome::timed_out && probe.outcome != ProbeOutcome::cancelled && probe.outcome != ProbeOutcome::running &&
           probe.detail != slug(DnsStatus::refused);
}

struct Kind {
    Detail seen;
    VerdictCode code;
    Who who;
};

// What an answer had about it: a signature that does not hold, too large for this network, or another came that nobody asked for.
constexpr std::array kinds{
    Kind{Detail::dnssec_bogus, VerdictCode::dns_failure, Who::domain_owner},
    Kind{Detail::large_answers_lost, VerdictCode::dns_failure, Who::this_network},
    Kind{Detail::forged_answers, VerdictCode::dns_hijacked, Who::this_network},
};

bool seen(const Logbook& log, Detail what) { return std::ranges::find(log.probes(), what, &Probe::seen) != log.probes().end(); }

void add_answer_verdicts(Report& report, const Logbook& log)
{
    for (const auto& kind : kinds) {
        const auto probe = std::ranges::find(log.probes(), kind.seen, &Probe::seen);
        if (probe == log.probes().end()) continue;
        // Something else may have led there all the same.
        const bool complete = report.account.incoming() && report.account.find(ServiceKind::smtp);
        const bool fatal = !complete && kind.code == VerdictCode::dns_failure;
        auto verdict = about(kind.code, fatal ? Severity::error : Severity::warning, kind.who, nullptr, probe->target.substr(probe->target.find(' ') + 1));
        verdict.detail = kind.seen;
        verdict.proof = probe->id;
        report.verdicts.push_back(std::move(verdict));
    }
}

bool any(const Logbook& log, bool (*is)(const Probe&)) { return std::ranges::any_of(log.probes(), is); }

/// No server that is asked can be reached by this computer's own routes. A server on this computer is always in reach: where that one fails at
/// every question, the ways to everywhere else decide.
bool no_network(const Evidence& evidence, bool silent)
{
    const auto servers = evidence.world.resolver.servers();
    if (servers.empty()) return false;
    const auto& ways = evidence.world.connector;
    if (std::ranges::any_of(servers, [&](const IpAddress& one) { return !one.is_loopback() && ways.has_way(one); })) return false;
    if (std::ranges::none_of(servers, [](const IpAddress& one) { return one.is_loopback(); })) return true;
    // Any public addresses do; these are of documentation ranges (RFC 5737, RFC 3849), and nothing is sent.
    return !silent && !ways.has_way(asio::ip::make_address("198.51.100.1")) && !ways.has_way(asio::ip::make_address("2001:db8::1"));
}

std::string list_of(const std::vector<IpAddress>& addresses)
{
    std::string text;
    for (const auto& one : addresses) text += (text.empty() ? "" : ", ") + one.to_string();
    return text;
}

/// The resolver has not one orderly answer: what it is about, or nothing where it has.
std::optional<Verdict> resolver_trouble(const Evidence& evidence)
{
    const auto& log = evidence.world.log;
    const auto orderly = [](const Probe& probe) { return is_dns(probe) && probe.outcome == ProbeOutcome::ok; };
    if (!any(log, is_dns) || any(log, orderly) || seen(log, Detail::dnssec_bogus)) return std::nullopt;
    const auto refuses = [](const Probe& probe) { return is_dns(probe) && probe.detail == slug(DnsStatus::refused); };
    const bool refused = any(log, refuses), silent = !refused && !any(log, heard);
    const auto& domain = evidence.address.domain().text();
    if (no_network(evidence, silent)) {
        auto verdict = about(VerdictCode::connection_unreachable, Severity::error, Who::you, nullptr, domain);
        verdict.detail = Detail::no_network;
        return verdict;
    }
    auto verdict = about(silent ? VerdictCode::dns_timeout : VerdictCode::dns_failure, Severity::error, Who::this_network, nullptr, domain);
    verdict.said = list_of(evidence.world.resolver.servers());
    if (refused) verdict.detail = Detail::refused_here;
    else if (silent && !verdict.said.empty()) verdict.detail = Detail::silent_resolver;
    else if (!silent && !(evidence.burst && evidence.burst->all_failed)) return std::nullopt;            // a few names were asked, and those fail
    return verdict;
}

/// The domain itself, where its resolver is sound.
void add_domain_verdicts(Report& report, const BurstResult& burst, const Logbook& log)
{
    const auto& domain = report.domain.text();
    const bool nothing = report.account.services.empty();
    const auto say = [&](VerdictCode code, Severity severity, Who who, Detail detail = Detail::none) {
        report.verdicts.push_back(about(code, severity, who, nullptr, domain));
        report.verdicts.back().detail = detail;
    };
    if (burst.domain_status == DnsStatus::servfail && seen(log, Detail::dnssec_bogus)) return;         // said with its cause
    if (burst.domain_status == DnsStatus::servfail) say(VerdictCode::dns_failure, nothing ? Severity::error : Severity::warning, Who::domain_owner);
    else if (burst.null_mx) say(VerdictCode::takes_no_mail, nothing ? Severity::error : Severity::notice, Who::domain_owner);
    if (!nothing || burst.domain_status == DnsStatus::servfail || burst.null_mx) return;
    if (!burst.domain_exists) say(VerdictCode::dns_no_such_domain, Severity::error, Who::you);
    else if (burst.nothing_published) say(VerdictCode::nothing_published, Severity::error, Who::domain_owner);
    else if (burst.wildcard && burst.invented.empty()) say(VerdictCode::nothing_published, Severity::error, Who::domain_owner, Detail::wildcard_zone);
}

/// An answer came for other names: who did not answer for these hosts is not the resolver.
void hand_on_host_failures(Report& report)
{
    for (auto& one : report.verdicts) {
        const bool names = one.code == VerdictCode::dns_failure || one.code == VerdictCode::dns_timeout;
        const auto host = names && !one.service.empty() && one.detail == Detail::none ? parse_hostname(one.target.substr(0, one.target.rfind(':'))) : std::nullopt;
        if (host) one.who = keeper_of(*host, report.domain);
    }
}

/// A name that is only an alias: SRV records must not lead to one (RFC 2782); and where it leads to nobody, that is the cause.
void add_alias_verdicts(Report& report, const Evidence& evidence)
{
    std::set<std::string> said;
    for (const auto& candidate : evidence.candidates.all()) {
        if (!candidate.trial || candidate.trial->aliases.empty()) continue;
        const auto& host = candidate.service.host;
        const auto& end = candidate.trial->aliases.back();
        if (candidate.trial->addresses.empty()) {
            for (auto& one : report.verdicts)
                if (one.code == VerdictCode::settings_point_nowhere && one.target == target_of(candidate.service)) {
                    one.detail = Detail::alias;
                    one.said = end;
                }
            continue;
        }
        const bool by_srv = std::ranges::any_of(candidate.findings, [](const Finding& one) { return one.source == Source::srv; });
        if (!by_srv || !said.insert(host.text()).second) continue;
        auto verdict = about(VerdictCode::settings_malformed, Severity::notice, Who::domain_owner, nullptr, host.text());
        verdict.detail = Detail::alias;
        verdict.proof = candidate.trial->attempt.probe;
        verdict.said = end;
        report.verdicts.push_back(std::move(verdict));
    }
}

/// A declined service matters where nothing does its work: POP3 need not be mentioned beside IMAP.
void weigh_declined(Report& report)
{
    const bool in = report.account.incoming() != nullptr, out = report.account.find(ServiceKind::smtp) != nullptr;
    std::erase_if(report.verdicts, [&](const Verdict& one) {
        return one.code == VerdictCode::service_declined && (one.service == slug(ServiceKind::smtp) ? out : in);
    });
    for (auto& one : report.verdicts)
        if (one.code == VerdictCode::service_declined && report.account.services.empty()) one.severity = Severity::error;
}

/// A portal in the DNS: every name there is leads to one address that has to be invented, and a web server speaks there. The host in whose place, or "".
std::string portal_of(const Evidence& evidence)
{
    if (!evidence.burst || !evidence.burst->only_invented || std::ranges::any_of(evidence.candidates.all(), &Candidate::proven)) return {};
    const auto spoke = std::ranges::find_if(evidence.world.log.probes(), [](const Probe& probe) {
        const bool web = probe.kind == ProbeKind::http && !probe.host.empty();
        return web && (probe.outcome == ProbeOutcome::ok || probe.detail == slug(Cause::untrusted_certificate) || probe.detail == slug(Cause::rejected));
    });
    return spoke == evidence.world.log.probes().end() ? std::string() : spoke->host;
}

/// One cause, said once: a portal, else a resolver that invents names.
void add_interception(Report& report, const Evidence& evidence)
{
    const auto is_portal = [](const Verdict& one) { return one.code == VerdictCode::captive_portal; };
    auto portal = std::ranges::find_if(report.verdicts, is_portal);
    if (const auto host = portal_of(evidence); portal == report.verdicts.end() && !host.empty()) {
        report.verdicts.push_back(about(VerdictCode::captive_portal, Severity::warning, Who::you, nullptr, host));
        portal = std::prev(report.verdicts.end());
    }
    if (portal != report.verdicts.end()) {
        if (std::ranges::none_of(evidence.candidates.all(), &Candidate::proven)) portal->severity = Severity::error;
        report.verdicts.erase(std::remove_if(std::next(portal), report.verdicts.end(), is_portal), report.verdicts.end());
    } else if (evidence.burst && !evidence.burst->invented.empty()) {
        auto verdict = about(VerdictCode::dns_hijacked, Severity::warning, Who::this_network, nullptr, report.domain.text());
        verdict.said = evidence.burst->invented.front().to_string();
        report.verdicts.push_back(std::move(verdict));
    }
}

}

void add_name_verdicts(Report& report, const Evidence& evidence)
{
    weigh_declined(report);
    add_answer_verdicts(report, evidence.world.log);
    if (auto trouble = resolver_trouble(evidence)) report.verdicts.push_back(std::move(*trouble));
    else if (evidence.burst) {
        add_domain_verdicts(report, *evidence.burst, evidence.world.log);
        hand_on_host_failures(report);
    }
    add_alias_verdicts(report, evidence);
    add_interception(report, evidence);
}

void add_last_word(Report& report, const Evidence& evidence)
{
    if (!report.account.services.empty() || !evidence.burst || evidence.burst->domain_status != DnsStatus::answer) return;
    const auto says_why = [](const Verdict& one) {
        using enum VerdictCode;
        if (one.severity == Severity::error || one.code == dns_hijacked) return true;
        // Something is published: it is broken, leads nowhere, or waits for a person's word. A page in a document's place is nothing.
        const auto published = {settings_malformed, too_much_data};
        return one.code == settings_host_outside_domain || one.code == settings_redirect_loop
               || (one.severity == Severity::warning && std::ranges::find(published, one.code) != published.end());
    };
    if (std::ranges::any_of(report.verdicts, says_why)) return;
    auto verdict = about(VerdictCode::nothing_published, Severity::error, Who::domain_owner, nullptr, report.domain.text());
    verdict.detail = Detail::mail_exchange_alone;
    report.verdicts.push_back(std::move(verdict));
}

}
