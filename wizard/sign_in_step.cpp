#include "wizard/sign_in_step.hpp"

#include "helpdesk/language.hpp"
#include "probe/assemble.hpp"
#include "providers/catalogue.hpp"
#include "wizard/host_parts.hpp"

#include <QDesktopServices>
#include <QUrl>

namespace portolan {

namespace {

SignInStep::Trouble trouble_from(VerdictCode code)
{
    using Trouble = SignInStep::Trouble;
    switch (code) {
    case VerdictCode::sign_in_rejected:
    case VerdictCode::sign_in_username_form: return Trouble::Refused;
    case VerdictCode::sign_in_app_password_needed: return Trouble::AppPasswordNeeded;
    case VerdictCode::sign_in_oauth2_needed: return Trouble::BrowserNeeded;
    case VerdictCode::sign_in_locked: return Trouble::Locked;
    case VerdictCode::sign_in_try_later:
    case VerdictCode::service_busy: return Trouble::TryLater;
    case VerdictCode::sign_in_disabled_by_provider: return Trouble::DisabledByProvider;
    case VerdictCode::service_disabled_for_account:
    case VerdictCode::device_not_authorized: return Trouble::ClosedToAccount;
    case VerdictCode::sign_in_mechanism_unsupported: return Trouble::NoCommonWay;
    case VerdictCode::sign_in_cleartext_refused:
    case VerdictCode::tls_not_offered:
    case VerdictCode::tls_injection: return Trouble::Unprotected;
    case VerdictCode::connection_refused:
    case VerdictCode::connection_timeout:
    case VerdictCode::connection_reset:
    case VerdictCode::connection_unreachable:
    case VerdictCode::greeting_timeout: return Trouble::NoAnswer;
    default: return slug(code).starts_with("certificate") ? Trouble::Certificate : Trouble::Other;
    }
}

void wipe(QByteArray& bytes)
{
    volatile char* byte = bytes.data();
    for (qsizetype i = 0; i < bytes.size(); ++i) byte[i] = 0;
    bytes.clear();
}

}

SignInStep::SignInStep(Engine& engine, Consent& consent, QObject* parent) : QObject(parent), engine_(engine), consent_(consent)
{
    connect(&engine_, &Engine::signedIn, this, &SignInStep::take);
}

void SignInStep::show(const ReportPtr& report)
{
    report_ = report;
    std::vector<Service> mail;
    std::ranges::copy_if(report->account.services, std::back_inserter(mail), is_mail);
    services_.show(mail, consent_);
    hosts_.clear();
    for (const auto& service : mail)
        if (const auto host = display_host(service.host); !hosts_.contains(host)) hosts_.append(host);
    const auto* incoming = report->account.incoming();
    place_ = report->account.provider ? text_of(report->account.provider->name)
             : incoming               ? split_host(incoming->host).domain
                                      : display_host(report->domain);
    suggested_name_ = incoming ? text_of(incoming->username) : QString();
    if (suggested_name_.isEmpty() && report->address) suggested_name_ = text_of(report->address->text());
    user_name_ = suggested_name_;
    working_ = false;
    trouble_ = Trouble::None;
    trouble_host_.clear(), said_.clear(), prepare_.clear(), help_.clear();
    way_ = Way::Password;
    prefers_app_password_ = false;
    if (const auto* provider = report->provider_id.empty() ? nullptr : provider_by_id(report->provider_id)) {
        prepare_ = text_of(translated(provider->prepare));
        const QUrl page(text_of(provider->help));
        if (page.scheme() == QLatin1String("https")) help_ = page;
        prefers_app_password_ = provider->login == LoginKind::app_password || provider->login == LoginKind::authorization_code;
        if (prefers_app_password_) way_ = Way::AppPassword;
        if (provider->login == LoginKind::oauth2) way_ = Way::Browser;
    }
    Q_EMIT changed();
}

void SignInStep::setUserName(const QString& name)
{
    if (name == user_name_) return;
    user_name_ = name;
    Q_EMIT changed();
}

void SignInStep::signIn(const QString& password)
{
    if (working_ || !report_) return;
    // An app password is shown in groups; the spaces are not part of it.
    auto bytes = (way_ == Way::AppPassword ? QString(password).remove(QLatin1Char(' ')) : password).toUtf8();
    Secret secret({bytes.constData(), static_cast<std::size_t>(bytes.size())});
    wipe(bytes);
    said_.clear(), trouble_host_.clear();
    if (secret.empty() || !secret.usable()) {
        trouble_ = Trouble::NotUsable;
        Q_EMIT changed();
        return;
    }
    trouble_ = Trouble::None;
    working_ = true;
    Q_EMIT changed();
    engine_.signIn(report_, consent_, user_name_ == suggested_name_ ? std::string() : user_name_.trimmed().toStdString(),
                   std::move(secret));
}

void SignInStep::cancel()
{
    if (!working_) return;
    engine_.cancel();
    working_ = false;
    Q_EMIT changed();
}

void SignInStep::useAppPassword(bool app)
{
    way_ = app ? Way::AppPassword : Way::Password;
    trouble_ = Trouble::None;
    Q_EMIT changed();
}

bool SignInStep::looksMade(const QString& password)
{
    int signs = 0;
    for (const auto sign : password) {
        if (sign == QLatin1Char(' ') || sign == QLatin1Char('-')) continue;
        if (sign.unicode() > 127 || !sign.isLetterOrNumber()) return false;
        ++signs;
    }
    return signs == 16;
}

void SignInStep::openHelp()
{
    if (!help_.isEmpty()) QDesktopServices::openUrl(help_);
}

void SignInStep::take(const ReportPtr& report)
{
    working_ = false;
    const bool all = std::ranges::all_of(report->account.services,
                                         [&](const Service& one) { return !is_mail(one) || one.state == ServiceState::verified; });
    if (all) {
        Q_EMIT changed();
        Q_EMIT done(report);
        return;
    }
    trouble_ = Trouble::Other;
    for (const auto& service : report->account.services) {
        if (!is_mail(service) || service.state == ServiceState::verified) continue;
        for (const auto& verdict : report->verdicts) {
            if (verdict.severity != Severity::error || verdict.service != slug(service.service)) continue;
            trouble_ = trouble_from(verdict.code);
            trouble_host_ = display_host(service.host);
            said_ = text_of(clean_server_text(verdict.said, 200));
            break;
        }
        if (trouble_ != Trouble::Other) break;
    }
    if (trouble_ == Trouble::AppPasswordNeeded) way_ = Way::AppPassword;
    if (trouble_ == Trouble::BrowserNeeded) way_ = Way::Browser;
    Q_EMIT changed();
    Q_EMIT refused();
}

}
