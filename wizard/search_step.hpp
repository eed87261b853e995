// The searching page: four quarters of probes, the first proven pair, and the person's word on when it is enough.
#pragma once

#include "wizard/probe_list.hpp"

namespace portolan {

class SearchStep : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by Journey")
    Q_PROPERTY(portolan::ProbeList* names READ names CONSTANT)
    Q_PROPERTY(portolan::ProbeList* settings READ settings CONSTANT)
    Q_PROPERTY(portolan::ProbeList* incoming READ incoming CONSTANT)
    Q_PROPERTY(portolan::ProbeList* outgoing READ outgoing CONSTANT)
    Q_PROPERTY(int answered READ answered NOTIFY counted)
    Q_PROPERTY(int total READ total NOTIFY counted)
    Q_PROPERTY(int good READ good NOTIFY counted)
    Q_PROPERTY(Phase phase READ phase NOTIFY phaseChanged)
    Q_PROPERTY(qreal needle READ needle NOTIFY phaseChanged)
    Q_PROPERTY(int elapsed READ elapsed NOTIFY phaseChanged)
    Q_PROPERTY(QString incomingSub READ incomingSub NOTIFY phaseChanged)
    Q_PROPERTY(QString incomingDomain READ incomingDomain NOTIFY phaseChanged)
    Q_PROPERTY(QString outgoingSub READ outgoingSub NOTIFY phaseChanged)
    Q_PROPERTY(QString outgoingDomain READ outgoingDomain NOTIFY phaseChanged)

public:
    /// Looking: nothing proven yet. Pair: an incoming and an outgoing server are proven. Patient: the same, and the person wants to hear
    /// the rest.
    enum class Phase { Looking, Pair, Patient, Found, Nothing };
    Q_ENUM(Phase)

    explicit SearchStep(Engine& engine, QObject* parent = nullptr);

    ProbeList* names() { return &names_; }
    ProbeList* settings() { return &settings_; }
    ProbeList* incoming() { return &incoming_; }
    ProbeList* outgoing() { return &outgoing_; }
    int answered() const;
    int total() const;
    int good() const;                          ///< mail servers proven so far
    Phase phase() const { return phase_; }
    qreal needle() const { return needle_; }   ///< degrees clockwise from the north
    int elapsed() const { return elapsed_; }   ///< milliseconds the search took; 0 while it runs
    QString incomingSub() const { return incoming_sub_; }
    QString incomingDomain() const { return incoming_domain_; }
    QString outgoingSub() const { return outgoing_sub_; }
    QString outgoingDomain() const { return outgoing_domain_; }

    void begin(const EmailAddress& address, const Consent& consent, bool patiently);
    Q_INVOKABLE void useNow();
    Q_INVOKABLE void keepLooking();

Q_SIGNALS:
    void counted();
    void phaseChanged();
    /// The rose has settled and the answer stands.
    void ended(const portolan::ReportPtr& report);

private:
    ProbeList& quarter_of(const Probe& probe);
    void point_at(const Report& report);
    void finish(const ReportPtr& report);

    Engine& engine_;
    ProbeList names_, settings_, incoming_, outgoing_;
    Phase phase_ = Phase::Looking;
    qreal needle_ = 0;
    int elapsed_ = 0;
    QString incoming_sub_, incoming_domain_, outgoing_sub_, outgoing_domain_;
    quint64 round_ = 0;
};

}
