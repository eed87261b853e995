// Claims that cannot all be right, each with both sides (facts of other programs: 2,902 domains contradict themselves).
#include "probe/assemble.hpp"


namespace portolan {

namespace {

std::string side_of(const Finding& finding)
{
    return std::string(slug(finding.source)) + " (" + finding.location + "): " + target_of(finding.service) + " " + std::string(slug(finding.service.security));
}

bool mail(ServiceKind kind) { return kind == ServiceKind::imap || kind == ServiceKind::pop3 || kind == ServiceKind::smtp; }

/// The domain's own word, or a curated list's: what is only derived, guessed or read from MX does not contradict anybody.
bool has_a_say(Source source)
{
    using enum Source;
    switch (source) {
    case catalogue:
    case pacc:
    case autoconfig:
    case autoconfig_wellknown:
    case ispdb:
    case srv:
    case autodiscover: return true;
    default: return false;
    }
}

Verdict conflict(const Service& service, Severity severity, std::vector<std::string> evidence)
{
    Verdict verdict;
    verdict.code = VerdictCode::settings_conflict;
    verdict.severity = severity;
    verdict.who = Who::domain_owner;
    verdict.service = slug(service.service);
    verdict.target = target_of(service);
    verdict.evidence = std::move(evidence);
    return verdict;
}

/// Two sources name servers for the same service, and not one of them is named by both.
void different_servers(Report& report)
{
    for (const auto kind : {ServiceKind::imap, ServiceKind::pop3, ServiceKind::smtp}) {
        std::vector<std::pair<Source, std::vector<const Finding*>>> sides;
        for (const auto& finding : report.findings) {
            if (finding.service.service != kind || !has_a_say(finding.source)) continue;
            // An autoconfig file is one word, wherever it lies.
            const auto source = finding.source == Source::autoconfig_wellknown ? Source::autoconfig : finding.source;
            const auto found = std::ranges::find(sides, source, [](const auto& side) { return side.first; });
            auto& side = found == sides.end() ? sides.emplace_back(source, std::vector<const Finding*>()) : *found;
            side.second.push_back(&finding);
        }
        for (std::size_t a = 0; a < sides.size(); ++a)
            for (std::size_t b = a + 1; b < sides.size(); ++b) {
                const auto names = [](const Finding* one, const Finding* other) { return one->service.endpoint() == other->service.endpoint(); };
                const bool agree = std::ranges::any_of(sides[a].second, [&](const Finding* one) {
                    return std::ranges::any_of(sides[b].second, [&](const Finding* other) { return names(one, other); });
                });
                if (agree) continue;
                const auto* one = sides[a].second.front();
                const auto* other = sides[b].second.front();
                report.verdicts.push_back(conflict(one->service, Severity::notice, {side_of(*one), side_of(*other)}));
            }
    }
}

struct Label {
    std::string_view name;
    ServiceKind kind;
    Port usual, other;                         ///< the port of its own way to encrypt, and of the other way
};
constexpr std::array labels{
    Label{"SRV _imaps._tcp.", ServiceKind::imap, 993, 143},       Label{"SRV _imap._tcp.", ServiceKind::imap, 143, 993},
    Label{"SRV _pop3s._tcp.", ServiceKind::pop3, 995, 110},       Label{"SRV _pop3._tcp.", ServiceKind::pop3, 110, 995},
    Label{"SRV _submissions._tcp.", ServiceKind::smtp, 465, 587}, Label{"SRV _submission._tcp.", ServiceKind::smtp, 587, 465},
};
constexpr std::array<Port, 6> mail_ports{110, 143, 465, 587, 993, 995};

/// "_imaps" at 995, "_submission" at 465: the label says one thing, the port another.
void labels_against_ports(Report& report)
{
    for (const auto& finding : report.findings) {
        if (finding.source != Source::srv) continue;
        for (const auto& label : labels) {
            const auto port = finding.service.port;
            if (!finding.location.starts_with(label.name) || port == label.usual || std::ranges::find(mail_ports, port) == mail_ports.end()) continue;
            const bool only_encryption = port == label.other;
            report.verdicts.push_back(conflict(finding.service, only_encryption ? Severity::notice : Severity::warning,
                                               {finding.location + ": port " + std::to_string(label.usual) + " by its label", target_of(finding.service) + " by its port"}));
        }
    }
}

/// A document that names the weaker form of a server before the stronger one: programs that take the first entry lose by it.
void weaker_first(Report& report)
{
    for (std::size_t i = 0; i < report.findings.size(); ++i) {
        const auto& first = report.findings[i];
        if (!mail(first.service.service) || !has_a_say(first.source) || first.source == Source::srv) continue;
        for (std::size_t k = i + 1; k < report.findings.size(); ++k) {
            const auto& later = report.findings[k];
            if (later.source != first.source || later.location != first.location || later.service.service != first.service.service) continue;
            if (later.service.host != first.service.host || later.service.security >= first.service.security) continue;
            report.verdicts.push_back(conflict(first.service, Severity::notice, {"first " + side_of(first), "then " + side_of(later)}));
            break;
        }
    }
}

}

void add_contradictions(Report& report)
{
    different_servers(report);
    labels_against_ports(report);
    weaker_first(report);
}

}
