#include "wizard/found_step.hpp"

#include "probe/assemble.hpp"
#include "wizard/host_parts.hpp"

#include <QDateTime>
#include <QLocale>

#include <ranges>

namespace portolan {

namespace {

FoundStep::Basis basis_from(Source source)
{
    using Basis = FoundStep::Basis;
    switch (source) {
    case Source::catalogue: return Basis::Provider;
    case Source::catalogue_mx:
    case Source::autoconfig_mx:
    case Source::ispdb_mx: return Basis::MailExchange;
    case Source::autoconfig_http: return Basis::OpenWeb;
    case Source::ispdb: return Basis::PublicList;
    case Source::srv:
    case Source::autoconfig_txt:
    case Source::autodiscover_srv: return Basis::DomainDns;
    case Source::guess:
    case Source::worked_before:
    case Source::user: return Basis::Guess;
    default: return Basis::Domain;
    }
}

}

FoundStep::FoundStep(Consent& consent, QObject* parent) : QObject(parent), consent_(consent) {}

int FoundStep::elapsed() const { return report_ ? report_->elapsed_ms : 0; }

void FoundStep::show(const ReportPtr& report)
{
    report_ = report;
    confirmed_ = false;
    judge();
}

void FoundStep::judge()
{
    services_.show(report_->account.services, consent_);
    std::vector<Service> others;
    std::ranges::copy_if(report_->alternatives, std::back_inserter(others), is_mail);
    others_.show(std::move(others), consent_);

    basis_ = Basis::Provider;
    std::set<Basis> voices;
    strangers_.clear();
    obstacle_ = Obstacle::None;
    obstacle_host_.clear();
    bool all_good = true;
    std::string first_end;
    QStringList strangers;
    for (const auto& service : report_->account.services) {
        if (!is_mail(service)) continue;       // named only: no password goes there yet, so nothing has to be decided
        if (!service.sources.empty()) basis_ = std::max(basis_, basis_from(service.sources.front()));
        for (const auto source : service.sources) voices.insert(basis_from(source));
        const auto badge = badge_of(service, consent_);
        const bool good = service.certificate && !service.certificate->problem;
        all_good = all_good && good;
        if (good && (first_end.empty() || service.certificate->not_after < first_end)) first_end = service.certificate->not_after;
        const auto block = [&](Obstacle obstacle) {
            if (obstacle_ == Obstacle::None) obstacle_ = obstacle, obstacle_host_ = display_host(service.host);
        };
        if (badge == ServiceList::Badge::NotSafe) block(Obstacle::Unprotected);
        else if (badge == ServiceList::Badge::NoAnswer) block(Obstacle::NoAnswer);
        else if (badge == ServiceList::Badge::Certificate) block(Obstacle::Certificate);
        // A server of the address's own domain that only lacks a good certificate is no stranger: the next page asks about its key.
        const bool own =
            badge == ServiceList::Badge::Certificate && registrable_domain(service.host) == registrable_domain(report_->domain);
        if (service.trust == Trust::confirm && service.security != Security::plaintext && !own) {
            const auto domain = split_host(service.host).domain;
            if (!strangers.contains(domain)) strangers.append(domain);
        }
    }
    voices.erase(Basis::Guess);
    agreeing_ = std::max(0, static_cast<int>(voices.size()) - 1);
    basis_name_ =
        basis_ == Basis::Provider && report_->account.provider ? text_of(report_->account.provider->name) : display_host(report_->domain);
    strangers_ = strangers.join(QStringLiteral(", "));
    good_until_.clear();
    if (all_good && !first_end.empty())
        good_until_ = QLocale().toString(QDateTime::fromString(text_of(first_end), Qt::ISODate).date(), QStringLiteral("d MMMM yyyy"));
    if (obstacle_ == Obstacle::None) {
        if (!report_->account.incoming()) obstacle_ = Obstacle::IncomingMissing;
        else if (!report_->account.find(ServiceKind::smtp)) obstacle_ = Obstacle::OutgoingMissing;
    }
    Q_EMIT changed();
}

void FoundStep::setConfirmed(bool confirmed)
{
    if (confirmed == confirmed_) return;
    confirmed_ = confirmed;
    Q_EMIT changed();
}

bool FoundStep::canContinue() const
{
    const bool passable = obstacle_ == Obstacle::None || obstacle_ == Obstacle::Certificate;
    return report_ && passable && (strangers_.isEmpty() || confirmed_);
}

void FoundStep::use(int other)
{
    if (!report_ || other < 0 || other >= others_.count()) return;
    auto changed_report = std::make_shared<Report>(*report_);
    auto mail = changed_report->alternatives | std::views::filter(is_mail);
    auto& wanted = *std::next(mail.begin(), other);
    const bool in = wanted.incoming();
    for (auto& service : changed_report->account.services)
        if (service.service == wanted.service || (in && service.incoming())) {
            std::swap(service, wanted);
            report_ = changed_report;
            confirmed_ = false;
            judge();
            return;
        }
}

void FoundStep::goOn()
{
    if (!canContinue()) return;
    for (const auto& service : report_->account.services)
        if (is_mail(service) && service.trust == Trust::confirm && !domain_confirmed(service, consent_))
            consent_.confirmed.push_back(registrable_domain(service.host));
    Q_EMIT accepted();
}

}
