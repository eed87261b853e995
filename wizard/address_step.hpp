// The first page: one address and the name shown to others.
#pragma once

#include "probe/account/address.hpp"

#include <QObject>
#include <QString>
#include <QTimer>
#include <QtQml/qqmlregistration.h>

#include <optional>

namespace portolan {

class AddressStep : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by Journey")
    Q_PROPERTY(QString address READ address WRITE setAddress NOTIFY addressChanged)
    Q_PROPERTY(Problem problem READ problem NOTIFY addressChanged)
    Q_PROPERTY(bool complete READ complete NOTIFY addressChanged)
    Q_PROPERTY(QString domain READ domain NOTIFY addressChanged)
    Q_PROPERTY(bool reserved READ reserved NOTIFY addressChanged)
    Q_PROPERTY(QString provider READ provider NOTIFY addressChanged)
    Q_PROPERTY(QString suggestion READ suggestion NOTIFY addressChanged)
    Q_PROPERTY(QString name READ name WRITE setName NOTIFY nameChanged)

public:
    /// What stands beside the field. One that more typing could mend is shown only after a pause, or when the field was left.
    enum class Problem {
        None, Empty, NoAt, TwoAts, NoLocalPart, NoDomain, Space, ControlCharacter, NotUtf8, TooLong, BadLocalPart, BadDomain,
        DomainIncomplete
    };
    Q_ENUM(Problem)

    explicit AddressStep(QObject* parent = nullptr);

    QString address() const { return address_; }
    void setAddress(const QString& text);
    Problem problem() const { return shown_; }
    bool complete() const { return parsed_.has_value(); }
    QString domain() const;                    ///< of a complete address, as people read it
    bool reserved() const;                     ///< a name that is never told to third parties
    QString provider() const { return provider_; }
    QString suggestion() const { return suggestion_; } ///< the whole address with a mistyped domain set right
    QString name() const { return name_; }
    void setName(const QString& name);

    Q_INVOKABLE void leave();                  ///< the field was left
    Q_INVOKABLE void takeSuggestion();
    Q_INVOKABLE void submit();

    const std::optional<EmailAddress>& parsed() const { return parsed_; }

Q_SIGNALS:
    void addressChanged();
    void nameChanged();
    void submitted();

private:
    void judge(bool patiently);

    QString address_, provider_, suggestion_, name_;
    std::optional<EmailAddress> parsed_;
    Problem found_ = Problem::Empty, shown_ = Problem::None;
    QTimer pause_;
};

}
