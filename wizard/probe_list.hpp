// The probes of one quarter of the rose: one line and one ray for each thing asked, however many questions it took.
#pragma once

#include "wizard/engine.hpp"

#include <QAbstractListModel>
#include <QtQml/qqmlregistration.h>

namespace portolan {

class ProbeList : public QAbstractListModel {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by SearchStep")
    Q_PROPERTY(Quarter quarter READ quarter CONSTANT)
    Q_PROPERTY(int total READ total NOTIFY counted)
    Q_PROPERTY(int answered READ answered NOTIFY counted)
    Q_PROPERTY(qreal step READ step NOTIFY counted)

public:
    /// Clockwise from the north.
    enum class Quarter { Names, Settings, Incoming, Outgoing };
    Q_ENUM(Quarter)
    /// Also the glyphs of the list.
    enum class State { Asking, Works, Chosen, Look, Nothing, Dangerous };
    Q_ENUM(State)
    /// What the line says; the page has the words.
    enum class Said {
        Asking, Exists, Answers, AnswersEncrypted, Published, NoSuchName, NothingThere, Refused, Silent, Unreachable, Certificate,
        Expired, ExpiresSoon, NotEncrypted, OtherProtocol, DnsFailed, Broken,
    };
    Q_ENUM(Said)
    enum Role { Subject = Qt::UserRole + 1, PortNumber, StateRole, SaidRole, Elapsed, Angle };

    explicit ProbeList(Quarter quarter, QObject* parent = nullptr);

    Quarter quarter() const { return quarter_; }
    int total() const { return static_cast<int>(lines_.size()); }
    int answered() const;
    /// Degrees between two rays: 15 up to six of them, 7.5 up to twelve, then as close as it takes.
    qreal step() const;
    /// The middle ray's direction, degrees clockwise from the north.
    qreal middle() const { return 90.0 * static_cast<int>(quarter_); }

    void clear();
    void update(const Probe& probe);
    /// Nothing more is coming: a line that is still open ends with what it knows.
    void close();
    /// Marks the line of this endpoint as the chosen one and returns its angle; nothing when there is no such line.
    std::optional<qreal> choose(const Endpoint& endpoint);

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

Q_SIGNALS:
    void counted();

private:
    struct Line {
        QString subject;
        int port = 0;
        State state = State::Asking;
        Said said = Said::Asking;
        int began_ms = 0, elapsed_ms = 0;
        QStringList open;                      ///< ids of probes that still run
        bool failed = false, worked = false;
    };
    qreal angle_of(int row) const;

    Quarter quarter_;
    std::vector<Line> lines_;
};

}
