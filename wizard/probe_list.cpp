#include "wizard/probe_list.hpp"

#include "probe/net/logbook.hpp"
#include "wizard/host_parts.hpp"

#include <QUrl>

namespace portolan {

namespace {

struct Asked {
    QString subject;
    int port = 0;
};

QString shown_host(const QString& name)
{
    const auto host = parse_hostname(name.toStdString());
    return host ? display_host(*host) : name;
}

/// Targets are written by the core (probe/net/logbook.hpp): "imap.example.org:993 tls", "MX example.org", a URL.
/// A name's A and AAAA are one line, and so are an endpoint's connection, TLS and dialog.
Asked asked_of(const Probe& probe)
{
    const auto target = text_of(probe.target);
    if (probe.kind == ProbeKind::dns) {
        const auto type = target.section(QLatin1Char(' '), 0, 0);
        const auto name = target.section(QLatin1Char(' '), 1);
        if (type == QLatin1String("A") || type == QLatin1String("AAAA") || type == QLatin1String("CNAME")) return {shown_host(name)};
        return {name.isEmpty() ? target : type + QLatin1Char(' ') + name};
    }
    const auto first = target.section(QLatin1Char(' '), 0, 0);
    if (first.contains(QLatin1String("://"))) {
        const QUrl url(first);
        return {shown_host(url.host()) +
                (url.path().contains(QLatin1String("/.well-known/")) ? QStringLiteral("/.well-known") : QString())};
    }
    const auto colon = first.lastIndexOf(QLatin1Char(':'));
    bool number = false;
    const int port = colon > 0 ? first.mid(colon + 1).toInt(&number) : 0;
    if (number) return {shown_host(first.left(colon)), port};
    return {shown_host(first)};
}

ProbeList::Said said_of(const Probe& probe)
{
    using Said = ProbeList::Said;
    const auto& detail = probe.detail;
    const auto has = [&](std::string_view word) { return detail.find(word) != std::string::npos; };
    if (probe.outcome == ProbeOutcome::ok) {
        if (has("certificate-expires-soon")) return Said::ExpiresSoon;
        if (probe.kind == ProbeKind::dns)
            return has("nxdomain") || has("no-such-name")            ? Said::NoSuchName
                   : has("no-data") || has("nodata") || has("empty") ? Said::NothingThere
                                                                     : Said::Exists;
        if (probe.kind == ProbeKind::http) return Said::Published;
        return probe.kind == ProbeKind::connect ? Said::Answers : Said::AnswersEncrypted;
    }
    if (probe.outcome == ProbeOutcome::timed_out || has("timed-out") || has("timeout")) return Said::Silent;
    if (has("certificate-expired")) return Said::Expired;
    if (has("certificate")) return Said::Certificate;
    if (has("nxdomain") || has("no-such-name")) return Said::NoSuchName;
    if (has("servfail") || has("dns-failed")) return Said::DnsFailed;
    if (has("no-address") || has("no-data") || has("nodata") || has("404") || has("not-found")) return Said::NothingThere;
    if (has("refused")) return Said::Refused;
    if (has("unreachable")) return Said::Unreachable;
    if (has("not-offered") || has("tls-not-spoken")) return Said::NotEncrypted;
    if (has("not-this-protocol")) return Said::OtherProtocol;
    return probe.kind == ProbeKind::dns || probe.kind == ProbeKind::http ? Said::NothingThere : Said::Broken;
}

ProbeList::State state_of(ProbeList::Said said, const Probe& probe)
{
    using Said = ProbeList::Said;
    using State = ProbeList::State;
    if (probe.detail.find("injected") != std::string::npos) return State::Dangerous;
    switch (said) {
    case Said::Asking: return State::Asking;
    case Said::Exists:
    case Said::Answers:
    case Said::AnswersEncrypted:
    case Said::Published: return State::Works;
    case Said::Certificate:
    case Said::Expired:
    case Said::ExpiresSoon:
    case Said::NotEncrypted: return State::Look;
    default: return State::Nothing;
    }
}

}

ProbeList::ProbeList(Quarter quarter, QObject* parent) : QAbstractListModel(parent), quarter_(quarter) {}

int ProbeList::answered() const
{
    return static_cast<int>(std::ranges::count_if(lines_, [](const Line& line) { return line.state != State::Asking; }));
}

qreal ProbeList::step() const
{
    const auto n = lines_.size();
    return n <= 6 ? 15 : n <= 12 ? 7.5 : 90.0 / static_cast<qreal>(n);
}

qreal ProbeList::angle_of(int row) const
{
    const auto slots_in_quarter = lines_.size() <= 6 ? 6 : lines_.size() <= 12 ? 12 : static_cast<int>(lines_.size());
    return middle() + (row - (slots_in_quarter - 1) / 2.0) * step();
}

void ProbeList::clear()
{
    beginResetModel();
    lines_.clear();
    endResetModel();
    Q_EMIT counted();
}

void ProbeList::update(const Probe& probe)
{
    const auto asked = asked_of(probe);
    const auto id = text_of(probe.id);
    const auto found =
        std::ranges::find_if(lines_, [&](const Line& line) { return line.subject == asked.subject && line.port == asked.port; });
    auto row = static_cast<int>(found - lines_.begin());
    const bool fresh = found == lines_.end();
    const bool ended = probe.outcome != ProbeOutcome::running;
    if (fresh && (probe.outcome == ProbeOutcome::skipped || probe.outcome == ProbeOutcome::cancelled)) return;
    const auto step_before = step();
    if (fresh) {
        beginInsertRows({}, row, row);
        lines_.push_back({.subject = asked.subject, .port = asked.port, .began_ms = probe.started_ms});
    }
    auto& line = lines_[static_cast<std::size_t>(row)];
    if (!ended) {
        line.open.append(id);
        // A later step of the same endpoint: the line asks again until that has ended too.
        if (line.state != State::Chosen && !line.failed) line.state = State::Asking, line.said = Said::Asking;
    } else {
        line.open.removeAll(id);
        line.elapsed_ms = std::max(line.elapsed_ms, probe.started_ms + probe.elapsed_ms - line.began_ms);
        const bool counts = probe.outcome != ProbeOutcome::cancelled && probe.outcome != ProbeOutcome::skipped;
        const auto said = counts ? said_of(probe) : line.said;
        const auto state = counts ? state_of(said, probe) : line.state;
        const bool dns = probe.kind == ProbeKind::dns;
        // Of a name's two kinds of address one is enough; of an endpoint's steps the first that failed tells.
        const bool tells = counts && (dns ? state == State::Works || !line.worked : !line.failed);
        // A connection or a handshake alone proves no mail server: the line goes on asking until the dialog has spoken.
        const bool halfway = state == State::Works && (probe.kind == ProbeKind::connect || probe.kind == ProbeKind::tls) && asked.port > 0;
        if (tells && !halfway && line.state != State::Chosen) line.state = state, line.said = said;
        if (counts && state == State::Works) line.worked = true;
        if (counts && !dns && state != State::Works) line.failed = true;
        if (!line.open.isEmpty() && line.state != State::Chosen && !line.failed && !(dns && line.worked))
            line.state = State::Asking, line.said = Said::Asking;
        if (line.open.isEmpty() && line.state == State::Asking && !line.worked) line.state = State::Nothing, line.said = Said::Silent;
    }
    if (fresh) endInsertRows();
    else Q_EMIT dataChanged(index(row), index(row));
    if (!qFuzzyCompare(step_before, step())) Q_EMIT dataChanged(index(0), index(total() - 1), {Angle});
    Q_EMIT counted();
}

void ProbeList::close()
{
    for (int row = 0; row < total(); ++row) {
        auto& line = lines_[static_cast<std::size_t>(row)];
        line.open.clear();
        if (line.state != State::Asking) continue;
        line.state = line.worked ? State::Works : State::Nothing;
        line.said = line.worked ? Said::Answers : Said::Silent;
        Q_EMIT dataChanged(index(row), index(row));
    }
    Q_EMIT counted();
}

std::optional<qreal> ProbeList::choose(const Endpoint& endpoint)
{
    const auto host = display_host(endpoint.host);
    std::optional<qreal> angle;
    for (int row = 0; row < total(); ++row) {
        auto& line = lines_[static_cast<std::size_t>(row)];
        if (line.subject == host && line.port == endpoint.port &&
            (line.state == State::Works || line.state == State::Asking || line.state == State::Chosen)) {
            line.state = State::Chosen;
            if (line.said == Said::Asking) line.said = Said::AnswersEncrypted;
            angle = angle_of(row);
        } else if (line.state == State::Chosen) {
            line.state = State::Works;
        } else {
            continue;
        }
        Q_EMIT dataChanged(index(row), index(row));
    }
    Q_EMIT counted();
    return angle;
}

int ProbeList::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : total(); }

QVariant ProbeList::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= total()) return {};
    const auto& line = lines_[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Subject: return line.subject;
    case PortNumber: return line.port;
    case StateRole: return QVariant::fromValue(line.state);
    case SaidRole: return QVariant::fromValue(line.said);
    case Elapsed: return line.elapsed_ms;
    case Angle: return angle_of(index.row());
    default: return {};
    }
}

QHash<int, QByteArray> ProbeList::roleNames() const
{
    return {{Subject, "subject"}, {PortNumber, "port"}, {StateRole, "state"}, {SaidRole, "said"}, {Elapsed, "elapsed"}, {Angle, "angle"}};
}

}
