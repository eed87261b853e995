#include "wizard/hand_step.hpp"

#include "probe/search.hpp"
#include "wizard/host_parts.hpp"

#include <QUrl>

namespace portolan {

namespace {

constexpr int pause_ms = 400;

HandHalf::Finding finding_from(VerdictCode code)
{
    using Finding = HandHalf::Finding;
    switch (code) {
    case VerdictCode::dns_no_such_domain:
    case VerdictCode::settings_point_nowhere: return Finding::NoSuchName;
    case VerdictCode::dns_failure:
    case VerdictCode::dns_timeout: return Finding::DnsFailed;
    case VerdictCode::connection_refused: return Finding::Refused;
    case VerdictCode::connection_timeout:
    case VerdictCode::greeting_timeout: return Finding::Silent;
    case VerdictCode::connection_unreachable:
    case VerdictCode::connection_reset: return Finding::Unreachable;
    case VerdictCode::not_this_protocol: return Finding::OtherProtocol;
    case VerdictCode::tls_not_offered:
    case VerdictCode::tls_not_spoken:
    case VerdictCode::tls_injection: return Finding::NotEncrypted;
    default: return slug(code).starts_with("certificate") ? Finding::Certificate : Finding::Broken;
    }
}

ServiceKind service_kind(ServiceList::Kind kind)
{
    return kind == ServiceList::Kind::Pop3 ? ServiceKind::pop3 : kind == ServiceList::Kind::Smtp ? ServiceKind::smtp : ServiceKind::imap;
}

Security security_of(ServiceList::Protection protection)
{
    return protection == ServiceList::Protection::Starttls ? Security::starttls : Security::tls;
}

}

HandHalf::HandHalf(Engine& engine, int ticket, QObject* parent)
    : QObject(parent), engine_(engine), ticket_(ticket), kind_(ticket == 0 ? ServiceList::Kind::Imap : ServiceList::Kind::Smtp)
{
    pause_.setSingleShot(true);
    pause_.setInterval(pause_ms);
    connect(&pause_, &QTimer::timeout, this, [this] {
        waits_ = host_.contains(QLatin1Char(':'));
        if (!waits_) test();
    });
    connect(&engine_, &Engine::handChecked, this, [this](int which, const HandCheckPtr& check, int took) {
        if (which == ticket_) take(check, took);
    });
    port_ = QString::number(default_port(service_kind(kind_), Security::tls));
}

void HandHalf::touched()
{
    check_.reset();
    suggestion_.clear();
    waits_ = false;
    state_ = host_.trimmed().isEmpty() ? State::Empty : State::Testing;
    finding_ = Finding::None;
    if (state_ == State::Empty) pause_.stop();
    else pause_.start();
    Q_EMIT changed();
}

void HandHalf::setKind(ServiceList::Kind kind)
{
    if (kind == kind_) return;
    kind_ = kind;
    port_ = QString::number(default_port(service_kind(kind_), security_of(protection_)));
    touched();
}

void HandHalf::setHost(const QString& text)
{
    if (text == host_) return;
    const bool pasted = text.size() > host_.size() + 1;
    host_ = text;
    if (pasted) take_apart();
    touched();
}

bool HandHalf::take_apart()
{
    const auto trimmed = host_.trimmed();
    const QUrl url(trimmed);
    if (trimmed.contains(QLatin1String("://")) && !url.host().isEmpty()) {
        host_ = url.host();
        if (url.port() > 0) setPort(QString::number(url.port()));
        return true;
    }
    const auto colon = trimmed.lastIndexOf(QLatin1Char(':'));
    if (colon <= 0 || trimmed.count(QLatin1Char(':')) != 1) return false;
    bool number = false;
    const int port = trimmed.mid(colon + 1).toInt(&number);
    if (!number || port < 1 || port > 65535) return false;
    host_ = trimmed.left(colon);
    setPort(QString::number(port));
    return true;
}

void HandHalf::setPort(const QString& text)
{
    if (text == port_) return;
    port_ = text;
    // The registered ports say how they are protected (RFC 8314 §3).
    for (const auto security : {Security::tls, Security::starttls})
        if (port_ == QString::number(default_port(service_kind(kind_), security)))
            protection_ = security == Security::tls ? ServiceList::Protection::FromTheStart : ServiceList::Protection::Starttls;
    touched();
}

void HandHalf::setProtection(ServiceList::Protection protection)
{
    if (protection == protection_ || protection == ServiceList::Protection::Unprotected) return;
    const bool usual = port_ == QString::number(default_port(service_kind(kind_), security_of(protection_)));
    protection_ = protection;
    if (usual) port_ = QString::number(default_port(service_kind(kind_), security_of(protection_)));
    touched();
}

void HandHalf::setUserName(const QString& name)
{
    if (name == user_name_) return;
    user_name_ = name;
    Q_EMIT changed();
}

void HandHalf::fill(const Service& service)
{
    kind_ = kind_of(service);
    host_ = display_host(service.host);
    port_ = QString::number(service.port);
    protection_ = service.security == Security::starttls ? ServiceList::Protection::Starttls : ServiceList::Protection::FromTheStart;
    if (!service.username.empty()) user_name_ = text_of(service.username);
    touched();
}

void HandHalf::offer(const QString& suggestion) { offered_ = suggestion; }

void HandHalf::finish()
{
    if (!pause_.isActive() && !waits_) return;
    if (take_apart()) touched();
    test();
}

void HandHalf::takeSuggestion()
{
    if (suggestion_.isEmpty()) return;
    setHost(QString(suggestion_));
    finish();
}

void HandHalf::test()
{
    pause_.stop();
    waits_ = false;
    const auto host = parse_hostname(host_.trimmed().toStdString());
    if (!host) return settle(State::Wrong, Finding::BadHost);
    bool number = false;
    const int port = port_.trimmed().toInt(&number);
    if (!number || port < 1 || port > 65535) return settle(State::Wrong, Finding::BadPort);
    Service service;
    service.service = service_kind(kind_);
    service.host = *host;
    service.port = static_cast<Port>(port);
    service.security = security_of(protection_);
    service.sources = {Source::user};
    settle(State::Testing, Finding::None);
    engine_.checkByHand(ticket_, service);
}

void HandHalf::take(const HandCheckPtr& check, int took)
{
    if (state_ != State::Testing || pause_.isActive()) return;   // typed on meanwhile
    check_ = check;
    took_ = took;
    const Verdict* worst = nullptr;
    for (const auto& verdict : check->verdicts)
        if (verdict.severity == Severity::error && !worst) worst = &verdict;
    if (check->service.certificate && check->service.certificate->problem) return settle(State::Look, Finding::Certificate);
    if (worst) return settle(State::Wrong, finding_from(worst->code));
    if (check->service.state == ServiceState::reachable) return settle(State::Good, Finding::Works);
    settle(State::Wrong, Finding::Broken);
}

void HandHalf::settle(State state, Finding finding)
{
    state_ = state;
    finding_ = finding;
    suggestion_ = finding == Finding::NoSuchName && offered_ != host_ ? offered_ : QString();
    Q_EMIT changed();
}

Service HandHalf::result() const
{
    auto service = check_->service;
    service.sources = {Source::user};
    service.trust = Trust::authenticated;      // the person named this very server
    service.username = user_name_.trimmed().toStdString();
    return service;
}

HandStep::HandStep(Engine& engine, QObject* parent) : QObject(parent), incoming_(engine, 0, this), outgoing_(engine, 1, this)
{
    for (auto* half : {&incoming_, &outgoing_}) connect(half, &HandHalf::changed, this, &HandStep::changed);
    connect(&incoming_, &HandHalf::changed, this, [this] { if (same_sign_in_) outgoing_.setUserName(incoming_.userName()); });
}

void HandStep::setSameSignIn(bool same)
{
    if (same == same_sign_in_) return;
    same_sign_in_ = same;
    if (same) outgoing_.setUserName(incoming_.userName());
    Q_EMIT changed();
}

void HandStep::show(const EmailAddress& address, const ReportPtr& report)
{
    const bool again = address_ == address;
    address_ = address;
    const auto domain = display_host(address.domain());
    incoming_.offer(QStringLiteral("imap.") + domain);
    outgoing_.offer(QStringLiteral("smtp.") + domain);
    const auto* in = report ? report->account.incoming() : nullptr;
    const auto* out = report ? report->account.find(ServiceKind::smtp) : nullptr;
    if (in) incoming_.offer(display_host(in->host));
    if (out) outgoing_.offer(display_host(out->host));
    if (again && !incoming_.host().isEmpty()) return;
    incoming_.setUserName(text_of(address.text()));
    outgoing_.setUserName(text_of(address.text()));
    if (in) incoming_.fill(*in);
    else incoming_.setHost({});
    if (out) outgoing_.fill(*out);
    else outgoing_.setHost({});
    Q_EMIT changed();
}

void HandStep::goOn()
{
    if (!complete() || !address_) return;
    auto report = std::make_shared<Report>();
    report->address = *address_;
    report->domain = address_->domain();
    report->outcome = ReportOutcome::ready;
    for (auto* half : {&incoming_, &outgoing_}) {
        auto service = half->result();
        const auto name = half->userName().trimmed();
        const bool full = name == text_of(address_->text());
        service.username_form = full                                 ? UsernameForm::address
                                : name == text_of(address_->local()) ? UsernameForm::local_part
                                                                     : UsernameForm::custom;
        service.username_known = true;
        report->account.services.push_back(std::move(service));
    }
    Q_EMIT accepted(report);
}

}
