#include "probe/assemble.hpp"

#include "providers/catalogue.hpp"

#include <ctime>

namespace portolan {

namespace {

Service chosen_service(const Candidate& candidate, const EmailAddress& address, const SearchOptions& options)
{
    auto service = candidate.trial ? candidate.trial->service : candidate.service;
    service.trust = trust_after_trial(candidate, address.domain());
    if (options.username) {
        service.username = *options.username;
        service.username_form = UsernameForm::custom;
        service.username_known = true;
    } else if (service.username.empty()) {
        service.username = address.text();
        service.username_form = UsernameForm::address;
    }
    return service;
}

/// Worth recommending: it works, or somebody published it. A guess that did not answer is no result.
bool worth_saying(const Candidate& candidate)
{
    if (candidate.proven()) return true;
    const bool answers = candidate.trial && candidate.trial->service.certificate.has_value();
    return answers || candidate.said();
}

/// What the report says of one that is not recommended.
Lost why_lost(const Candidate& candidate, const Candidate* used)
{
    if (candidate.trial && candidate.trial->service.certificate && candidate.trial->outcome && !candidate.trial->certificate_accepted) return Lost::certificate;
    if (candidate.trial && !candidate.proven()) return Lost::failed;
    if (!used) return Lost::none;
    if (candidate.service.service != used->service.service) return Lost::second_protocol;
    if (tier_of(candidate.rank) > tier_of(used->rank)) return Lost::less_trusted;
    if (candidate.service.security > used->service.security) return Lost::weaker;
    return candidate.trial ? Lost::named_later : Lost::not_tried;
}

struct Choice {
    const Candidate* incoming = nullptr;
    const Candidate* outgoing = nullptr;
};

Choice choose(const CandidateList& candidates)
{
    const auto best = [&](ServiceKind kind) -> const Candidate* {
        for (const auto* candidate : candidates.best_first(kind))
            if (worth_saying(*candidate)) return candidate;
        return nullptr;
    };
    const auto* imap = best(ServiceKind::imap);
    const auto* pop3 = best(ServiceKind::pop3);
    Choice choice;
    choice.incoming = imap && (imap->proven() || !pop3 || !pop3->proven()) ? imap : pop3;
    choice.outgoing = best(ServiceKind::smtp);
    return choice;
}

void add_choice(Report& report, const Candidate* candidate, const Evidence& evidence)
{
    if (!candidate) return;
    const auto service = chosen_service(*candidate, evidence.address, evidence.options);
    if (candidate->trial) std::ranges::copy(candidate->trial->verdicts, std::back_inserter(report.verdicts));
    if (service.security == Security::plaintext)
        report.verdicts.push_back(about(VerdictCode::sign_in_cleartext_refused, Severity::error, keeper_of(service.host, report.domain), &service));
    else if (service.trust == Trust::confirm && !may_have_password(service, evidence.options) && service.certificate && !service.certificate->problem)
        report.verdicts.push_back(about(VerdictCode::settings_host_outside_domain, Severity::warning, Who::you, &service));
    report.account.services.push_back(service);
}

/// The verdict that STARTTLS is not to be had at a published port, where implicit TLS works at the same host; otherwise nothing.
const Verdict* without_starttls(const Candidate& candidate, const Candidate& used)
{
    if (!candidate.trial || candidate.proven() || !candidate.said() || !used.proven()) return nullptr;
    if (used.service.host != candidate.service.host || used.service.security != Security::tls) return nullptr;
    const auto found = std::ranges::find(candidate.trial->verdicts, VerdictCode::tls_not_offered, &Verdict::code);
    return found == candidate.trial->verdicts.end() ? nullptr : &*found;
}

void add_others(Report& report, const Choice& choice, const Evidence& evidence)
{
    for (const auto kind : {ServiceKind::imap, ServiceKind::smtp, ServiceKind::pop3}) {
        for (const auto* candidate : evidence.candidates.best_first(kind)) {
            if (candidate == choice.incoming || candidate == choice.outgoing) continue;
            const bool failed = candidate->trial && !candidate->proven();
            const auto* stands = candidate->service.incoming() ? choice.incoming : choice.outgoing;
            if (!failed && (candidate->proven() || candidate->said())) {
                report.alternatives.push_back(chosen_service(*candidate, evidence.address, evidence.options));
                report.alternatives.back().lost = why_lost(*candidate, stands);
            }
            const auto cancelled = candidate->trial && !candidate->trial->outcome && candidate->trial->outcome.error().cause == Cause::cancelled;
            const auto* used = stands;
            const bool wrong_name = failed && candidate->said() && candidate->trial->service.certificate &&
                                    candidate->trial->service.certificate->problem == VerdictCode::certificate_name_mismatch;
            if (wrong_name && used && used->proven() && used->derived() && used->service.port == candidate->service.port) {
                // The same server under the name that its certificate has.
                auto verdict = about(VerdictCode::certificate_name_mismatch, Severity::warning, keeper_of(candidate->service.host, report.domain), &candidate->service);
                verdict.proof = candidate->trial->attempt.probe;
                verdict.instead = target_of(used->service);
                verdict.detail = Detail::other_name;
                report.verdicts.push_back(std::move(verdict));
            } else if (const auto* stripped = used ? without_starttls(*candidate, *used) : nullptr) {
                // Nobody is led there, but one of the two ports is not as it should be, and somebody on the way may be the reason.
                auto verdict = *stripped;
                verdict.severity = Severity::warning;
                verdict.instead = target_of(used->service);
                if (verdict.detail != Detail::hidden_by_firewall) verdict.detail = Detail::other_port_encrypts;
                report.verdicts.push_back(std::move(verdict));
            } else if (failed && !cancelled && candidate->said() && used && used->proven()) {
                // Published and dead or wrong, while another answer stands: the owner should hear of it, the person need not wait.
                auto verdict = about(VerdictCode::settings_endpoint_dead, Severity::warning, Who::domain_owner, &candidate->service);
                verdict.proof = candidate->trial->attempt.probe;
                const auto& all = candidate->trial->verdicts;
                if (const auto cause = std::ranges::find(all, Severity::error, &Verdict::severity); cause != all.end()) {
                    verdict.said = cause->said;
                    verdict.detail = cause->detail;
                }
                report.verdicts.push_back(std::move(verdict));
            }
        }
    }
}

int weight(const Verdict& verdict) { return static_cast<int>(verdict.severity); }

/// Signed in, and of no use all the same: no mailbox, or no leave to send.
bool troubled(const Report& report, const Service& service)
{
    return std::ranges::any_of(report.verdicts, [&](const Verdict& one) {
        return one.severity == Severity::error && one.target == target_of(service) && one.service == slug(service.service) &&
               (one.code == VerdictCode::mailbox_problem || one.code == VerdictCode::sender_rejected);
    });
}

bool fine(const Service& service, const SearchOptions& options)
{
    const bool works = service.state == ServiceState::verified || (service.state == ServiceState::reachable && !options.password);
    return works && may_have_password(service, options);
}

}

Verdict about(VerdictCode code, Severity severity, Who who, const Service* service, std::string target)
{
    Verdict verdict;
    verdict.code = code;
    verdict.severity = severity;
    verdict.who = who;
    if (service) verdict.service = slug(service->service);
    verdict.target = target.empty() && service ? target_of(*service) : std::move(target);
    return verdict;
}

std::string rfc3339(std::chrono::system_clock::time_point when)
{
    const auto seconds = std::chrono::system_clock::to_time_t(when);
    std::tm utc{};
    gmtime_r(&seconds, &utc);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return text;
}

bool may_have_password(const Service& service, const SearchOptions& options)
{
    if (service.security == Security::plaintext || service.trust == Trust::insecure) return false;
    const bool confirmed = std::ranges::find(options.confirmed, registrable_domain(service.host)) != options.confirmed.end();
    if (service.trust != Trust::authenticated && !confirmed) return false;
    if (!service.certificate || !service.certificate->problem) return true;
    return std::ranges::any_of(options.accepted, [&](const AcceptedCertificate& one) {
        return one.host == service.host && one.port == service.port && one.spki_sha256 == service.certificate->spki_sha256;
    });
}

void add_provider_verdicts(Report& report)
{
    const auto* provider = report.provider_id.empty() ? nullptr : provider_by_id(report.provider_id);
    if (!provider && report.published) {
        if (!report.published->name.empty()) report.account.provider = ProviderName{report.published->id, report.published->name};
        if (!report.published->prepare.empty()) {
            auto verdict = about(VerdictCode::provider_step_needed, Severity::notice, Who::you, nullptr, report.published->name.empty() ? report.domain.text() : report.published->name);
            const auto& page = report.published->prepare.front();
            verdict.said = page.text + (page.text.empty() || page.url.empty() ? "" : " ") + page.url;
            report.verdicts.push_back(std::move(verdict));
        }
    }
    if (!provider) return;
    report.account.provider = ProviderName{std::string(provider->id), std::string(provider->name)};
    const auto say = [&](VerdictCode code, Severity severity, Who who) {
        auto verdict = about(code, severity, who, nullptr, std::string(provider->name));
        report.verdicts.push_back(std::move(verdict));
    };
    if (provider->unsupported()) {
        say(VerdictCode::provider_unsupported, Severity::error, Who::mail_provider);
        return;
    }
    switch (provider->login) {
    case LoginKind::app_password:
    case LoginKind::authorization_code: say(VerdictCode::sign_in_app_password_needed, Severity::notice, Who::you); break;
    case LoginKind::oauth2: say(VerdictCode::sign_in_oauth2_needed, Severity::notice, Who::you); break;
    default: break;
    }
    if (!provider->prepare.empty()) say(VerdictCode::provider_step_needed, Severity::notice, Who::you);
}

void conclude(Report& report, const SearchOptions& options)
{
    std::ranges::stable_sort(report.verdicts, [](const Verdict& a, const Verdict& b) { return weight(a) < weight(b); });
    std::vector<Verdict> once;
    for (auto& verdict : report.verdicts)
        if (std::ranges::none_of(once, [&](const Verdict& seen) {
                return seen.code == verdict.code && seen.target == verdict.target && seen.service == verdict.service;
            }))
            once.push_back(std::move(verdict));
    report.verdicts = std::move(once);

    const auto has = [&](VerdictCode code) {
        return std::ranges::any_of(report.verdicts, [&](const Verdict& verdict) { return verdict.code == code; });
    };
    // Not one name could be asked: what the catalogue says may be right, but nothing of it is in reach.
    const bool offline = std::ranges::any_of(report.verdicts, [&](const Verdict& verdict) {
        if (verdict.detail == Detail::no_network) return true;
        if (verdict.severity != Severity::error || verdict.detail == Detail::large_answers_lost) return false;
        return (verdict.code == VerdictCode::dns_timeout || verdict.code == VerdictCode::dns_failure) && verdict.who == Who::this_network && verdict.target == report.domain.text();
    });
    if (has(VerdictCode::provider_unsupported)) report.outcome = ReportOutcome::unsupported;
    else if (offline || (has(VerdictCode::captive_portal) && std::ranges::none_of(report.account.services, [&](const Service& one) { return fine(one, options); })))
        report.outcome = ReportOutcome::offline;
    else if (report.account.services.empty()) report.outcome = ReportOutcome::not_found;
    else {
        const auto* incoming = report.account.incoming();
        const auto* outgoing = report.account.find(ServiceKind::smtp);
        const bool works = incoming && outgoing && fine(*incoming, options) && fine(*outgoing, options);
        const bool ready = works && !troubled(report, *incoming) && !troubled(report, *outgoing);
        report.outcome = ready ? ReportOutcome::ready : ReportOutcome::attention;
    }
}

Report assemble(const Evidence& evidence)
{
    Report report;
    report.address = evidence.address;
    report.domain = evidence.address.domain();
    report.started = evidence.started;
    for (const auto& source : evidence.sources) {
        std::ranges::copy(source.findings, std::back_inserter(report.findings));
        std::ranges::copy(source.verdicts, std::back_inserter(report.verdicts));
        if (source.provider_id && report.provider_id.empty()) report.provider_id = *source.provider_id;
    }
    // Names and pages of a document count when it came over an authenticated way.
    int best = 0;
    for (const auto& source : evidence.sources) {
        const bool authenticated = std::ranges::any_of(source.findings, &Finding::authenticated);
        if (!source.facts || !authenticated || (report.published && best_rank_of(source.source) >= best)) continue;
        report.published = source.facts;
        best = best_rank_of(source.source);
    }
    // A wildcard leads the name autoconfig to some web server, too: what that has for every path was never meant as settings.
    if (evidence.burst && evidence.burst->wildcard)
        std::erase_if(report.verdicts, [](const Verdict& one) {
            return one.code == VerdictCode::settings_malformed && one.severity == Severity::notice && !one.said.ends_with("unreadable");
        });
    const auto choice = choose(evidence.candidates);
    add_choice(report, choice.incoming, evidence);
    add_choice(report, choice.outgoing, evidence);
    add_others(report, choice, evidence);
    add_other_services(report, evidence);
    add_contradictions(report);
    for (const auto& candidate : evidence.candidates.all())
        if (candidate.trial) report.attempts.push_back(candidate.trial->attempt);

    if (choice.incoming && choice.incoming->service.service == ServiceKind::pop3)
        report.verdicts.push_back(about(VerdictCode::pop3_only, Severity::notice, Who::mail_provider, &choice.incoming->service));
    add_name_verdicts(report, evidence);
    add_network_verdicts(report, evidence);
    name_wrong_clock(report, evidence.world);
    add_provider_verdicts(report);
    add_last_word(report, evidence);
    report.probes = evidence.world.log.probes();
    report.elapsed_ms = evidence.world.log.elapsed_ms();
    conclude(report, evidence.options);
    return report;
}

Report find_offline(const EmailAddress& address, const SearchOptions& options)
{
    Report report;
    report.address = address;
    report.domain = address.domain();
    report.started = rfc3339(std::chrono::system_clock::now());
    if (const auto* provider = provider_for_domain(address.domain().text())) {
        report.provider_id = provider->id;
        for (auto& service : services_of(*provider, address, Source::catalogue)) {
            Finding finding;
            finding.source = Source::catalogue;
            finding.location = "catalogue " + std::string(provider->id);
            finding.authenticated = true;
            finding.order = static_cast<int>(report.findings.size());
            finding.service = service;
            report.findings.push_back(std::move(finding));
            if (options.username) {
                service.username = *options.username;
                service.username_form = UsernameForm::custom;
            }
            const bool extra = service.service == ServiceKind::pop3 ? report.account.incoming() != nullptr : report.account.find(service.service) != nullptr;
            (extra ? report.alternatives : report.account.services).push_back(std::move(service));
        }
        add_provider_verdicts(report);
    }
    conclude(report, options);
    return report;
}

}
