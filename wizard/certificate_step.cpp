#include "wizard/certificate_step.hpp"

#include "wizard/host_parts.hpp"

#include <QDateTime>
#include <QLocale>

namespace portolan {

namespace {

CertificateStep::Fault fault_from(VerdictCode code)
{
    using Fault = CertificateStep::Fault;
    switch (code) {
    case VerdictCode::certificate_expired: return Fault::Expired;
    case VerdictCode::certificate_not_yet_valid: return Fault::NotYetValid;
    case VerdictCode::certificate_name_mismatch: return Fault::OtherName;
    case VerdictCode::certificate_self_signed: return Fault::SelfSigned;
    case VerdictCode::certificate_untrusted_issuer: return Fault::UnknownIssuer;
    case VerdictCode::certificate_incomplete_chain: return Fault::Incomplete;
    case VerdictCode::certificate_revoked: return Fault::Revoked;
    case VerdictCode::certificate_weak: return Fault::Weak;
    case VerdictCode::certificate_purpose: return Fault::Purpose;
    default: return Fault::Invalid;
    }
}

/// The common name of an RFC 2253 string, or its organisation, or all of it.
QString called(const std::string& name)
{
    const auto text = text_of(name);
    for (const auto* part : {"CN=", "O="}) {
        const auto at = text.indexOf(QLatin1String(part));
        if (at < 0) continue;
        const auto begin = at + static_cast<qsizetype>(qstrlen(part));
        qsizetype end = begin;
        while (end < text.size() && !(text[end] == QLatin1Char(',') && text[end - 1] != QLatin1Char('\\'))) ++end;
        return text.mid(begin, end - begin).remove(QLatin1Char('\\'));
    }
    return text;
}

QDate date_of(const std::string& when) { return QDateTime::fromString(text_of(when), Qt::ISODate).date(); }

}

void CertificateStep::show(const Service& service)
{
    service_ = service;
    compared_ = false;
    const auto parts = split_host(service.host);
    sub_ = parts.sub, domain_ = parts.domain;
    const auto facts = service.certificate.value_or(CertificateFacts{});
    fault_ = fault_from(facts.problem.value_or(VerdictCode::certificate_invalid));
    QStringList names;
    for (const auto& name : facts.names) names.append(text_of(name));
    if (names.size() > 3) names = names.mid(0, 3) << QStringLiteral("…");
    names_ = names.isEmpty() ? called(facts.subject) : names.join(QStringLiteral(", "));
    issuer_ = called(facts.issuer);
    const QLocale locale;
    from_ = locale.toString(date_of(facts.not_before), QStringLiteral("d MMM yyyy"));
    until_ = locale.toString(date_of(facts.not_after), QStringLiteral("d MMM yyyy"));
    const auto today = QDate::currentDate();
    days_ =
        static_cast<int>(fault_ == Fault::NotYetValid ? today.daysTo(date_of(facts.not_before)) : date_of(facts.not_after).daysTo(today));
    fingerprint_.clear();
    const auto hex = text_of(facts.spki_sha256).toUpper();
    for (qsizetype line = 0; line + 16 <= hex.size(); line += 16) {
        QString row;
        for (qsizetype i = 0; i < 16; i += 2)
            row += (i == 0 ? QString() : i == 8 ? QStringLiteral(" ") : QStringLiteral(":")) + hex.mid(line + i, 2);
        fingerprint_.append(row);
    }
    Q_EMIT changed();
}

void CertificateStep::setCompared(bool compared)
{
    if (compared == compared_) return;
    compared_ = compared;
    Q_EMIT changed();
}

void CertificateStep::trust()
{
    if (!compared_ || !acceptable() || !service_.certificate) return;
    Q_EMIT trusted({service_.host, service_.port, service_.certificate->spki_sha256});
}

void CertificateStep::useAnother() { Q_EMIT declined(); }

}
