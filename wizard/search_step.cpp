#include "wizard/search_step.hpp"

#include "probe/report.hpp"
#include "wizard/host_parts.hpp"

#include <QTimer>

namespace portolan {

namespace {
/// The last rays (140 ms) and the needle (190 ms) come to rest before the page goes: an answer that flashes by proves nothing to the eye.
constexpr int settle_ms = 250;
}

SearchStep::SearchStep(Engine& engine, QObject* parent)
    : QObject(parent), engine_(engine), names_(ProbeList::Quarter::Names), settings_(ProbeList::Quarter::Settings),
      incoming_(ProbeList::Quarter::Incoming), outgoing_(ProbeList::Quarter::Outgoing)
{
    for (auto* list : {&names_, &settings_, &incoming_, &outgoing_}) connect(list, &ProbeList::counted, this, &SearchStep::counted);
    connect(&engine_, &Engine::probeChanged, this, [this](const ProbePtr& probe) { quarter_of(*probe).update(*probe); });
    connect(&engine_, &Engine::pairReady, this, [this](const ReportPtr& report) {
        point_at(*report);
        if (phase_ == Phase::Looking) phase_ = Phase::Pair;
        Q_EMIT phaseChanged();
    });
    connect(&engine_, &Engine::searched, this, &SearchStep::finish);
}

ProbeList& SearchStep::quarter_of(const Probe& probe)
{
    switch (probe.group) {
    case ProbeGroup::names: return names_;
    case ProbeGroup::settings: return settings_;
    case ProbeGroup::outgoing: return outgoing_;
    default: return incoming_;
    }
}

int SearchStep::answered() const { return names_.answered() + settings_.answered() + incoming_.answered() + outgoing_.answered(); }
int SearchStep::total() const { return names_.total() + settings_.total() + incoming_.total() + outgoing_.total(); }

int SearchStep::good() const
{
    int good = 0;
    for (const auto* list : {&incoming_, &outgoing_})
        for (int row = 0; row < list->total(); ++row) {
            const auto state = list->data(list->index(row), ProbeList::StateRole).value<ProbeList::State>();
            const bool endpoint = list->data(list->index(row), ProbeList::PortNumber).toInt() > 0;
            good += endpoint && (state == ProbeList::State::Works || state == ProbeList::State::Chosen) ? 1 : 0;
        }
    return good;
}

void SearchStep::begin(const EmailAddress& address, const Consent& consent, bool patiently)
{
    ++round_;
    for (auto* list : {&names_, &settings_, &incoming_, &outgoing_}) list->clear();
    phase_ = Phase::Looking;
    needle_ = 0;
    elapsed_ = 0;
    incoming_sub_.clear(), incoming_domain_.clear(), outgoing_sub_.clear(), outgoing_domain_.clear();
    Q_EMIT phaseChanged();
    engine_.search(address, consent, patiently);
}

void SearchStep::useNow() { engine_.useNow(); }

void SearchStep::keepLooking()
{
    engine_.keepLooking();
    phase_ = Phase::Patient;
    Q_EMIT phaseChanged();
}

void SearchStep::point_at(const Report& report)
{
    if (const auto* in = report.account.incoming()) {
        if (const auto angle = incoming_.choose(in->endpoint())) needle_ = *angle;
        const auto parts = split_host(in->host);
        incoming_sub_ = parts.sub, incoming_domain_ = parts.domain;
    }
    if (const auto* out = report.account.find(ServiceKind::smtp)) {
        outgoing_.choose(out->endpoint());
        const auto parts = split_host(out->host);
        outgoing_sub_ = parts.sub, outgoing_domain_ = parts.domain;
    }
}

void SearchStep::finish(const ReportPtr& report)
{
    for (auto* list : {&names_, &settings_, &incoming_, &outgoing_}) list->close();
    const bool found = !report->account.services.empty();
    if (found) point_at(*report);
    else needle_ = 158;                        // hangs loose
    phase_ = found ? Phase::Found : Phase::Nothing;
    elapsed_ = report->elapsed_ms;
    Q_EMIT phaseChanged();
    QTimer::singleShot(settle_ms, this, [this, report, round = round_] {
        if (round == round_) Q_EMIT ended(report);
    });
}

}
