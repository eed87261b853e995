// The recommended set, why it is recommended, what else would work, and what a person has to agree to first.
#pragma once

#include "wizard/engine.hpp"
#include "wizard/service_list.hpp"

namespace portolan {

class FoundStep : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by Journey")
    Q_PROPERTY(portolan::ServiceList* services READ services CONSTANT)
    Q_PROPERTY(portolan::ServiceList* others READ others CONSTANT)
    Q_PROPERTY(int elapsed READ elapsed NOTIFY changed)
    Q_PROPERTY(Basis basis READ basis NOTIFY changed)
    Q_PROPERTY(QString basisName READ basisName NOTIFY changed)
    Q_PROPERTY(int agreeing READ agreeing NOTIFY changed)
    Q_PROPERTY(QString goodUntil READ goodUntil NOTIFY changed)
    Q_PROPERTY(Obstacle obstacle READ obstacle NOTIFY changed)
    Q_PROPERTY(QString obstacleHost READ obstacleHost NOTIFY changed)
    Q_PROPERTY(QString strangers READ strangers NOTIFY changed)
    Q_PROPERTY(bool confirmed READ confirmed WRITE setConfirmed NOTIFY changed)
    Q_PROPERTY(bool canContinue READ canContinue NOTIFY changed)

public:
    /// Who says so, best of all sources of the set.
    enum class Basis { Provider, Domain, DomainDns, PublicList, MailExchange, OpenWeb, Guess };
    Q_ENUM(Basis)
    /// What keeps a password from being asked for.
    enum class Obstacle { None, Certificate, Unprotected, NoAnswer, IncomingMissing, OutgoingMissing };
    Q_ENUM(Obstacle)

    explicit FoundStep(Consent& consent, QObject* parent = nullptr);

    ServiceList* services() { return &services_; }
    ServiceList* others() { return &others_; }
    int elapsed() const;
    Basis basis() const { return basis_; }
    QString basisName() const { return basis_name_; }
    int agreeing() const { return agreeing_; } ///< further sources that say the same
    /// The earliest end of the certificates, as the person writes dates; empty when one is not good.
    QString goodUntil() const { return good_until_; }
    Obstacle obstacle() const { return obstacle_; }
    QString obstacleHost() const { return obstacle_host_; }
    QString strangers() const { return strangers_; } ///< domains that only a person can vouch for; empty when there are none
    bool confirmed() const { return confirmed_; }
    void setConfirmed(bool confirmed);
    bool canContinue() const;

    void show(const ReportPtr& report);
    const ReportPtr& report() const { return report_; }
    /// Takes the other service in place of the recommended one of its direction.
    Q_INVOKABLE void use(int other);
    Q_INVOKABLE void goOn();

Q_SIGNALS:
    void changed();
    void accepted();

private:
    void judge();

    Consent& consent_;
    ServiceList services_, others_;
    ReportPtr report_;
    Basis basis_ = Basis::Guess;
    Obstacle obstacle_ = Obstacle::None;
    QString basis_name_, good_until_, obstacle_host_, strangers_;
    int agreeing_ = 0;
    bool confirmed_ = false;
};

}
