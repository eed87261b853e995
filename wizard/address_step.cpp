#include "wizard/address_step.hpp"

#include "wizard/host_parts.hpp"
#include "providers/catalogue.hpp"
#include "providers/suggestion.hpp"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>

namespace portolan {

namespace {

AddressStep::Problem problem_from(AddressProblem problem)
{
    using P = AddressStep::Problem;
    switch (problem) {
    case AddressProblem::empty: return P::Empty;
    case AddressProblem::no_at: return P::NoAt;
    case AddressProblem::two_ats: return P::TwoAts;
    case AddressProblem::no_local_part: return P::NoLocalPart;
    case AddressProblem::no_domain: return P::NoDomain;
    case AddressProblem::space: return P::Space;
    case AddressProblem::control_character: return P::ControlCharacter;
    case AddressProblem::not_utf8: return P::NotUtf8;
    case AddressProblem::too_long: return P::TooLong;
    case AddressProblem::bad_local_part: return P::BadLocalPart;
    case AddressProblem::bad_domain: return P::BadDomain;
    case AddressProblem::domain_incomplete: return P::DomainIncomplete;
    }
    return P::BadDomain;
}

/// May the next key mend it? Then there is nothing to say while the person types.
bool may_be_typed_on(AddressStep::Problem problem)
{
    using P = AddressStep::Problem;
    return problem == P::Empty || problem == P::NoAt || problem == P::NoDomain || problem == P::DomainIncomplete || problem == P::BadDomain
        || problem == P::BadLocalPart;
}

/// The full name of the account this program runs under (the GECOS field up to its first comma).
QString full_name_of_user()
{
    const auto* entry = getpwuid(getuid());
    if (!entry || !entry->pw_gecos || entry->pw_uid == 0) return {};
    return QString::fromLocal8Bit(entry->pw_gecos).section(QLatin1Char(','), 0, 0).trimmed();
}

}

AddressStep::AddressStep(QObject* parent) : QObject(parent), name_(full_name_of_user())
{
    pause_.setSingleShot(true);
    pause_.setInterval(1500);
    connect(&pause_, &QTimer::timeout, this, [this] { judge(false); });
}

QString AddressStep::domain() const { return parsed_ ? display_host(parsed_->domain()) : QString(); }
bool AddressStep::reserved() const { return parsed_ && is_reserved_name(parsed_->domain()); }

void AddressStep::setAddress(const QString& text)
{
    if (text == address_) return;
    address_ = text;
    judge(true);
    if (text.isEmpty()) pause_.stop();
    else pause_.start();
}

void AddressStep::setName(const QString& name)
{
    if (name == name_) return;
    name_ = name;
    Q_EMIT nameChanged();
}

void AddressStep::judge(bool patiently)
{
    const auto bytes = address_.toUtf8();
    const auto parsed = parse_email_address({bytes.constData(), static_cast<std::size_t>(bytes.size())});
    parsed_.reset();
    provider_.clear();
    suggestion_.clear();
    found_ = Problem::None;
    if (parsed) {
        parsed_ = *parsed;
        const auto& domain = parsed_->domain().text();
        if (const auto* provider = provider_for_domain(domain)) provider_ = text_of(provider->name);
        else suggestion_ = text_of(address_probably_meant(*parsed_));
    } else {
        found_ = problem_from(parsed.error());
    }
    shown_ = patiently && may_be_typed_on(found_) ? Problem::None : found_;
    if (shown_ == Problem::Empty && patiently) shown_ = Problem::None;
    Q_EMIT addressChanged();
}

void AddressStep::leave()
{
    pause_.stop();
    if (!address_.isEmpty()) judge(false);
}

void AddressStep::takeSuggestion()
{
    if (!suggestion_.isEmpty()) setAddress(QString(suggestion_));
}

void AddressStep::submit()
{
    pause_.stop();
    judge(false);
    if (parsed_) Q_EMIT submitted();
}

}
