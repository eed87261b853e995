#include "wizard/nothing_step.hpp"

#include "helpdesk/language.hpp"
#include "probe/assemble.hpp"
#include "providers/catalogue.hpp"
#include "wizard/host_parts.hpp"

namespace portolan {

namespace {

bool has(const Report& report, VerdictCode code)
{
    return std::ranges::any_of(report.verdicts, [&](const Verdict& verdict) { return verdict.code == code; });
}

/// Reachable, or something a person may decide about.
bool answers(const Service& service)
{
    return is_mail(service) && (service.state == ServiceState::reachable || service.state == ServiceState::verified || service.certificate.has_value());
}

}

bool NothingStep::applies(const Report& report)
{
    return report.outcome == ReportOutcome::unsupported || std::ranges::none_of(report.account.services, answers);
}

NothingStep::Next NothingStep::next() const
{
    switch (reason_) {
    case Reason::NoSuchDomain:
    case Reason::Unsupported: return Next::ChangeAddress;
    case Reason::NothingPublished: return suggestion_.isEmpty() ? Next::ByHand : Next::ChangeAddress;
    default: return Next::SearchAgain;
    }
}

void NothingStep::show(const ReportPtr& report, int asked, int answered, const QString& suggestion)
{
    domain_ = display_host(report->domain);
    place_ = domain_;
    prepare_.clear();
    asked_ = asked, answered_ = answered, elapsed_ = report->elapsed_ms;
    suggestion_ = suggestion;
    owner_ = report->verdicts.empty() ? Owner::DomainOwner : static_cast<Owner>(report->verdicts.front().who);
    if (report->outcome == ReportOutcome::unsupported) {
        reason_ = Reason::Unsupported;
        owner_ = Owner::MailProvider;
        if (const auto* provider = provider_by_id(report->provider_id))
            place_ = text_of(provider->name), prepare_ = text_of(translated(provider->prepare));
    } else if (has(*report, VerdictCode::captive_portal)) {
        reason_ = Reason::CaptivePortal, owner_ = Owner::ThisNetwork;
    } else if (const auto mail = std::ranges::find_if(report->account.services, is_mail); mail != report->account.services.end()) {
        reason_ = Reason::NoAnswer;
        place_ = display_host(mail->host);
    } else if (has(*report, VerdictCode::dns_no_such_domain)) {
        reason_ = Reason::NoSuchDomain, owner_ = Owner::You;
    } else if (report->outcome == ReportOutcome::offline) {
        reason_ = has(*report, VerdictCode::dns_failure) ? Reason::DnsBroken : Reason::Offline;
        owner_ = reason_ == Reason::Offline ? Owner::ThisNetwork : Owner::DomainOwner;
    } else {
        reason_ = Reason::NothingPublished, owner_ = Owner::DomainOwner;
    }
    Q_EMIT changed();
}

}
