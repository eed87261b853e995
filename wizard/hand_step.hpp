// "Set up by hand": two halves, each tested against the real server as it is typed.
#pragma once

#include "wizard/engine.hpp"
#include "wizard/service_list.hpp"

#include <QTimer>

namespace portolan {

/// One half of the page: incoming or outgoing mail.
class HandHalf : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by HandStep")
    Q_PROPERTY(portolan::ServiceList::Kind kind READ kind WRITE setKind NOTIFY changed)
    Q_PROPERTY(QString host READ host WRITE setHost NOTIFY changed)
    Q_PROPERTY(QString port READ port WRITE setPort NOTIFY changed)
    Q_PROPERTY(portolan::ServiceList::Protection protection READ protection WRITE setProtection NOTIFY changed)
    Q_PROPERTY(QString userName READ userName WRITE setUserName NOTIFY changed)
    Q_PROPERTY(State state READ state NOTIFY changed)
    Q_PROPERTY(Finding finding READ finding NOTIFY changed)
    Q_PROPERTY(int took READ took NOTIFY changed)
    Q_PROPERTY(QString suggestion READ suggestion NOTIFY changed)

public:
    enum class State { Empty, Testing, Good, Look, Wrong };
    Q_ENUM(State)
    enum class Finding {
        None, Works, BadHost, BadPort, NoSuchName, DnsFailed, Refused, Silent, Unreachable, OtherProtocol, NotEncrypted, Certificate,
        Broken
    };
    Q_ENUM(Finding)

    HandHalf(Engine& engine, int ticket, QObject* parent);

    ServiceList::Kind kind() const { return kind_; }
    void setKind(ServiceList::Kind kind);
    QString host() const { return host_; }
    /// Takes host:port and a web address apart, when they are pasted or once they are typed to the end.
    void setHost(const QString& text);
    QString port() const { return port_; }
    void setPort(const QString& text);
    ServiceList::Protection protection() const { return protection_; }
    void setProtection(ServiceList::Protection protection);
    QString userName() const { return user_name_; }
    void setUserName(const QString& name);
    State state() const { return state_; }
    Finding finding() const { return finding_; }
    int took() const { return took_; }
    QString suggestion() const { return suggestion_; } ///< the likely host, or nothing

    void fill(const Service& service);
    void offer(const QString& suggestion);     ///< what to suggest where the typed name does not exist
    Q_INVOKABLE void finish();                 ///< the field was left: test now
    Q_INVOKABLE void takeSuggestion();
    bool usable() const { return state_ == State::Good || (state_ == State::Look && finding_ == Finding::Certificate); }
    Service result() const;

Q_SIGNALS:
    void changed();

private:
    bool take_apart();
    void touched();
    void test();
    void take(const HandCheckPtr& check, int took);
    void settle(State state, Finding finding);

    Engine& engine_;
    int ticket_;
    ServiceList::Kind kind_;
    QString host_, port_, user_name_, suggestion_, offered_;
    ServiceList::Protection protection_ = ServiceList::Protection::FromTheStart;
    State state_ = State::Empty;
    Finding finding_ = Finding::None;
    int took_ = 0;
    bool waits_ = false;                       ///< host:port is being typed: tested once the field is left
    QTimer pause_;
    HandCheckPtr check_;
};

class HandStep : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by Journey")
    Q_PROPERTY(portolan::HandHalf* incoming READ incoming CONSTANT)
    Q_PROPERTY(portolan::HandHalf* outgoing READ outgoing CONSTANT)
    Q_PROPERTY(bool sameSignIn READ sameSignIn WRITE setSameSignIn NOTIFY changed)
    Q_PROPERTY(bool complete READ complete NOTIFY changed)

public:
    explicit HandStep(Engine& engine, QObject* parent = nullptr);

    HandHalf* incoming() { return &incoming_; }
    HandHalf* outgoing() { return &outgoing_; }
    bool sameSignIn() const { return same_sign_in_; }
    void setSameSignIn(bool same);
    bool complete() const { return incoming_.usable() && outgoing_.usable(); }

    /// Starts from what is known: the report's set, or the address alone.
    void show(const EmailAddress& address, const ReportPtr& report);
    Q_INVOKABLE void goOn();

Q_SIGNALS:
    void changed();
    void accepted(const portolan::ReportPtr& report);

private:
    std::optional<EmailAddress> address_;
    HandHalf incoming_, outgoing_;
    bool same_sign_in_ = true;
};

}
