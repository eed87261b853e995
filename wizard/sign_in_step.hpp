// The sign-in: the only place that ever sees the password, and only on its way to the core.
#pragma once

#include "wizard/engine.hpp"
#include "wizard/service_list.hpp"

#include <QStringList>
#include <QUrl>

namespace portolan {

class SignInStep : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by Journey")
    Q_PROPERTY(portolan::ServiceList* services READ services CONSTANT)
    Q_PROPERTY(QStringList hosts READ hosts NOTIFY changed)
    Q_PROPERTY(QString place READ place NOTIFY changed)
    Q_PROPERTY(QString userName READ userName WRITE setUserName NOTIFY changed)
    Q_PROPERTY(Way way READ way NOTIFY changed)
    Q_PROPERTY(bool mayChooseWay READ mayChooseWay NOTIFY changed)
    Q_PROPERTY(bool working READ working NOTIFY changed)
    Q_PROPERTY(Trouble trouble READ trouble NOTIFY changed)
    Q_PROPERTY(QString troubleHost READ troubleHost NOTIFY changed)
    Q_PROPERTY(QString said READ said NOTIFY changed)
    Q_PROPERTY(QString prepare READ prepare NOTIFY changed)
    Q_PROPERTY(QString help READ help NOTIFY changed)

public:
    enum class Way { Password, AppPassword, Browser };
    Q_ENUM(Way)
    enum class Trouble {
        None, Refused, AppPasswordNeeded, BrowserNeeded, Locked, TryLater, DisabledByProvider, ClosedToAccount, NoCommonWay, Unprotected,
        NoAnswer, Certificate, NotUsable, Other,
    };
    Q_ENUM(Trouble)

    explicit SignInStep(Engine& engine, Consent& consent, QObject* parent = nullptr);

    ServiceList* services() { return &services_; }
    QStringList hosts() const { return hosts_; } ///< each server that gets the password, once
    QString place() const { return place_; }   ///< the provider's name, or the servers' domain
    QString userName() const { return user_name_; }
    void setUserName(const QString& name);
    Way way() const { return way_; }
    bool mayChooseWay() const { return !prefers_app_password_ && way_ != Way::Browser; }
    bool working() const { return working_; }
    Trouble trouble() const { return trouble_; }
    QString troubleHost() const { return trouble_host_; }
    QString said() const { return said_; }     ///< the server's own words, cleaned
    QString prepare() const { return prepare_; } ///< the catalogue's word on what to do first; may be empty
    QString help() const { return help_.toString(); } ///< the provider's own page; may be empty

    void show(const ReportPtr& report);
    /// Hands the password to the core and keeps nothing of it.
    Q_INVOKABLE void signIn(const QString& password);
    Q_INVOKABLE void cancel();
    Q_INVOKABLE void useAppPassword(bool app);
    /// Has this the shape most providers give an app password: 16 letters or digits, in groups or not?
    Q_INVOKABLE static bool looksMade(const QString& password);
    Q_INVOKABLE void openHelp();

Q_SIGNALS:
    void changed();
    void refused();
    void done(const portolan::ReportPtr& report);

private:
    void take(const ReportPtr& report);

    Engine& engine_;
    Consent& consent_;
    ServiceList services_;
    ReportPtr report_;
    QStringList hosts_;
    QString place_, user_name_, suggested_name_, trouble_host_, said_, prepare_;
    QUrl help_;
    Way way_ = Way::Password;
    Trouble trouble_ = Trouble::None;
    bool working_ = false, prefers_app_password_ = false;
};

}
