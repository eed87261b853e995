// Services as rows of a page: what for, where, how protected, how sure.
#pragma once

#include "wizard/consent.hpp"

#include <QAbstractListModel>
#include <QtQml/qqmlregistration.h>

namespace portolan {

class ServiceList : public QAbstractListModel {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the steps")
    Q_PROPERTY(int count READ count NOTIFY changed)

public:
    enum class Kind { Imap, Pop3, Smtp, Sieve, Jmap, ActiveSync, Ews, CalDav, CardDav };
    Q_ENUM(Kind)
    enum class Protection { FromTheStart, Starttls, Unprotected };
    Q_ENUM(Protection)
    enum class Badge { Proven, SignedIn, PleaseConfirm, Certificate, NotSafe, NoAnswer, NotTested };
    Q_ENUM(Badge)
    enum Role { KindRole = Qt::UserRole + 1, Sub, Domain, PortNumber, ProtectionRole, BadgeRole, UserName };

    explicit ServiceList(QObject* parent = nullptr) : QAbstractListModel(parent) {}

    void show(std::vector<Service> services, const Consent& consent);
    const std::vector<Service>& services() const { return services_; }
    int count() const { return static_cast<int>(services_.size()); }

    int rowCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : count(); }
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

Q_SIGNALS:
    void changed();

private:
    std::vector<Service> services_;
    Consent consent_;
};

/// Has a person accepted this service's key, or named its domain?
bool key_accepted(const Service& service, const Consent& consent);
bool domain_confirmed(const Service& service, const Consent& consent);
ServiceList::Kind kind_of(const Service& service);
ServiceList::Badge badge_of(const Service& service, const Consent& consent);

}
