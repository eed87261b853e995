// No server was found: what was asked, whose turn it is, and the next thing to try.
#pragma once

#include "wizard/engine.hpp"

#include <QtQml/qqmlregistration.h>

namespace portolan {

class NothingStep : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by Journey")
    Q_PROPERTY(Reason reason READ reason NOTIFY changed)
    Q_PROPERTY(Owner owner READ owner NOTIFY changed)
    Q_PROPERTY(Next next READ next NOTIFY changed)
    Q_PROPERTY(QString domain READ domain NOTIFY changed)
    Q_PROPERTY(QString place READ place NOTIFY changed)
    Q_PROPERTY(QString prepare READ prepare NOTIFY changed)
    Q_PROPERTY(QString suggestion READ suggestion NOTIFY changed)
    Q_PROPERTY(QString suggestedDomain READ suggestedDomain NOTIFY changed)
    Q_PROPERTY(int asked READ asked NOTIFY changed)
    Q_PROPERTY(int answered READ answered NOTIFY changed)
    Q_PROPERTY(int elapsed READ elapsed NOTIFY changed)

public:
    enum class Reason { NoSuchDomain, NothingPublished, NoAnswer, Offline, DnsBroken, CaptivePortal, Unsupported };
    Q_ENUM(Reason)
    enum class Owner { You, ThisNetwork, InternetProvider, MailProvider, DomainOwner, Portolan };
    Q_ENUM(Owner)
    enum class Next { ChangeAddress, SearchAgain, ByHand };
    Q_ENUM(Next)

    using QObject::QObject;

    Reason reason() const { return reason_; }
    Owner owner() const { return owner_; }
    Next next() const;
    QString domain() const { return domain_; }
    QString place() const { return place_; }   ///< the provider's name, or the host that is silent
    QString prepare() const { return prepare_; }
    QString suggestion() const { return suggestion_; }
    QString suggestedDomain() const { return suggestion_.section(QLatin1Char('@'), -1); }
    int asked() const { return asked_; }
    int answered() const { return answered_; }
    int elapsed() const { return elapsed_; }

    void show(const ReportPtr& report, int asked, int answered, const QString& suggestion);
    /// Is there nothing in the report that a person could sign in to?
    static bool applies(const Report& report);

Q_SIGNALS:
    void changed();

private:
    Reason reason_ = Reason::NothingPublished;
    Owner owner_ = Owner::DomainOwner;
    QString domain_, place_, prepare_, suggestion_;
    int asked_ = 0, answered_ = 0, elapsed_ = 0;
};

}
