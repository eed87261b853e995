#include "wizard/service_list.hpp"

#include "wizard/host_parts.hpp"

#include <algorithm>

namespace portolan {

bool key_accepted(const Service& service, const Consent& consent)
{
    return service.certificate &&
           std::ranges::find(consent.accepted, AcceptedKey{service.host, service.port, service.certificate->spki_sha256}) !=
               consent.accepted.end();
}

bool domain_confirmed(const Service& service, const Consent& consent)
{
    return std::ranges::find(consent.confirmed, registrable_domain(service.host)) != consent.confirmed.end();
}

ServiceList::Kind kind_of(const Service& service)
{
    switch (service.service) {
    case ServiceKind::imap: return ServiceList::Kind::Imap;
    case ServiceKind::pop3: return ServiceList::Kind::Pop3;
    case ServiceKind::smtp: return ServiceList::Kind::Smtp;
    case ServiceKind::managesieve: return ServiceList::Kind::Sieve;
    case ServiceKind::jmap: return ServiceList::Kind::Jmap;
    case ServiceKind::activesync: return ServiceList::Kind::ActiveSync;
    case ServiceKind::ews: return ServiceList::Kind::Ews;
    case ServiceKind::caldav: return ServiceList::Kind::CalDav;
    case ServiceKind::carddav: return ServiceList::Kind::CardDav;
    }
    return ServiceList::Kind::Imap;
}

ServiceList::Badge badge_of(const Service& service, const Consent& consent)
{
    using Badge = ServiceList::Badge;
    if (service.security == Security::plaintext || service.trust == Trust::insecure) return Badge::NotSafe;
    if (service.state == ServiceState::verified) return Badge::SignedIn;
    if (service.certificate && service.certificate->problem && !key_accepted(service, consent)) return Badge::Certificate;
    if (service.state == ServiceState::failed) return Badge::NoAnswer;
    if (service.state == ServiceState::untested) return Badge::NotTested;
    if (service.trust == Trust::confirm && !domain_confirmed(service, consent)) return Badge::PleaseConfirm;
    return Badge::Proven;
}

void ServiceList::show(std::vector<Service> services, const Consent& consent)
{
    beginResetModel();
    services_ = std::move(services);
    consent_ = consent;
    endResetModel();
    Q_EMIT changed();
}

QVariant ServiceList::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= count()) return {};
    const auto& service = services_[static_cast<std::size_t>(index.row())];
    switch (role) {
    case KindRole: return QVariant::fromValue(kind_of(service));
    case Sub: return split_host(service.host).sub;
    case Domain: return split_host(service.host).domain;
    case PortNumber: return static_cast<int>(service.port);
    case ProtectionRole:
        return QVariant::fromValue(service.security == Security::tls        ? Protection::FromTheStart
                                   : service.security == Security::starttls ? Protection::Starttls
                                                                            : Protection::Unprotected);
    case BadgeRole: return QVariant::fromValue(badge_of(service, consent_));
    case UserName: return text_of(service.username);
    default: return {};
    }
}

QHash<int, QByteArray> ServiceList::roleNames() const
{
    return {{KindRole, "kind"},   {Sub, "sub"},          {Domain, "domain"}, {PortNumber, "port"}, {ProtectionRole, "protection"},
            {BadgeRole, "badge"}, {UserName, "userName"}};
}

}
