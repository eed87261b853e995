// One certificate that the judge refuses: the facts, the point at fault, and a person's decision about this one key.
#pragma once

#include "wizard/consent.hpp"

#include <QObject>
#include <QString>
#include <QStringList>
#include <QtQml/qqmlregistration.h>

namespace portolan {

class CertificateStep : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by Journey")
    Q_PROPERTY(Fault fault READ fault NOTIFY changed)
    Q_PROPERTY(QString sub READ sub NOTIFY changed)
    Q_PROPERTY(QString domain READ domain NOTIFY changed)
    Q_PROPERTY(int port READ port NOTIFY changed)
    Q_PROPERTY(QString names READ names NOTIFY changed)
    Q_PROPERTY(QString issuer READ issuer NOTIFY changed)
    Q_PROPERTY(QString from READ from NOTIFY changed)
    Q_PROPERTY(QString until READ until NOTIFY changed)
    Q_PROPERTY(int days READ days NOTIFY changed)
    Q_PROPERTY(QStringList fingerprint READ fingerprint NOTIFY changed)
    Q_PROPERTY(bool compared READ compared WRITE setCompared NOTIFY changed)
    Q_PROPERTY(bool acceptable READ acceptable NOTIFY changed)

public:
    enum class Fault { Expired, NotYetValid, OtherName, SelfSigned, UnknownIssuer, Incomplete, Revoked, Weak, Purpose, Invalid };
    Q_ENUM(Fault)

    using QObject::QObject;

    Fault fault() const { return fault_; }
    QString sub() const { return sub_; }
    QString domain() const { return domain_; }
    int port() const { return service_.port; }
    QString names() const { return names_; }
    QString issuer() const { return issuer_; }
    QString from() const { return from_; }
    QString until() const { return until_; }
    int days() const { return days_; }         ///< since it ended, or until it begins
    QStringList fingerprint() const { return fingerprint_; } ///< of the public key (SPKI), lines of two groups of four
    Q_INVOKABLE QString fingerprintLine() const { return fingerprint_.join(QLatin1Char(' ')); }
    bool compared() const { return compared_; }
    void setCompared(bool compared);
    bool acceptable() const { return fault_ != Fault::Revoked; }   ///< what its issuer has withdrawn nobody else can vouch for

    void show(const Service& service);
    Q_INVOKABLE void trust();
    Q_INVOKABLE void useAnother();

Q_SIGNALS:
    void changed();
    void trusted(const portolan::AcceptedKey& key);
    void declined();

private:
    Service service_;
    Fault fault_ = Fault::Invalid;
    QString sub_, domain_, names_, issuer_, from_, until_;
    QStringList fingerprint_;
    int days_ = 0;
    bool compared_ = false;
};

}
