#include "wizard/where_to_step.hpp"

#include "helpdesk/words.hpp"
#include "probe/report.hpp"
#include "profiles/writer.hpp"
#include "wizard/host_parts.hpp"

#include <QDir>
#include <QStandardPaths>

namespace portolan {

namespace {

constexpr int place_count = 4;

WhereToStep::Place place_at(int row) { return static_cast<WhereToStep::Place>(row); }

Written<std::vector<WrittenFile>> files_for(WhereToStep::Place place, const Report& report, const PersonalAccount& account)
{
    const auto by = [&](std::string_view target) { return find_target(target)->write(account, {}); };
    switch (place) {
    case WhereToStep::Place::Thunderbird: return by("thunderbird");
    case WhereToStep::Place::Outlook: return by("outlook");
    case WhereToStep::Place::Apple: return by("apple");
    case WhereToStep::Place::Keep: break;
    }
    // The report is what `portolan write --account` takes, and what a helpdesk reads.
    auto kept = report;
    fill_words(kept);
    return std::vector{WrittenFile{"account.json", to_json(kept)}};
}

/// "alice@example.org" below Documents; a character that a file name cannot hold everywhere becomes "_".
QString folder_for(const EmailAddress& address)
{
    auto name = text_of(address.display());
    for (auto& sign : name)
        if (!sign.isLetterOrNumber() && !QStringLiteral("@.-_+").contains(sign)) sign = QLatin1Char('_');
    auto documents = QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
    if (documents.isEmpty()) documents = QDir::homePath();
    return documents + QStringLiteral("/Portolan/") + name;
}

}

WhereToStep::WhereToStep(QObject* parent) : QAbstractListModel(parent), chosen_(place_count, false) {}

int WhereToStep::chosen() const { return static_cast<int>(std::ranges::count(chosen_, true)); }

void WhereToStep::setFolder(const QString& folder)
{
    if (folder == folder_) return;
    folder_ = folder;
    own_folder_ = true;
    trouble_ = Trouble::None;
    trouble_detail_.clear();
    Q_EMIT changed();
}

QString WhereToStep::shownFolder() const
{
    const auto home = QDir::homePath();
    return folder_.startsWith(home + QLatin1Char('/')) ? QLatin1Char('~') + folder_.mid(home.size()) : folder_;
}

void WhereToStep::show(const ReportPtr& report, const QString& name)
{
    const bool another = !report_ || report_->address != report->address;
    report_ = report;
    name_ = name;
    trouble_ = Trouble::None;
    trouble_detail_.clear();
    if (another) {
        beginResetModel();
        chosen_.assign(place_count, false);
        endResetModel();
        own_folder_ = false;
    }
    if (!own_folder_ && report->address) folder_ = folder_for(*report->address);
    Q_EMIT changed();
}

void WhereToStep::toggle(int row)
{
    if (row < 0 || row >= place_count) return;
    const auto at = static_cast<std::size_t>(row);
    chosen_[at] = !chosen_[at];
    Q_EMIT dataChanged(index(row), index(row), {Chosen});
    Q_EMIT changed();
}

void WhereToStep::setUp()
{
    if (!report_ || !report_->address || chosen() == 0) return;
    const auto fail = [this](Trouble trouble, const QString& detail) {
        trouble_ = trouble;
        trouble_detail_ = detail;
        Q_EMIT changed();
    };
    auto wanted = folder_.trimmed();
    if (wanted == QLatin1String("~") || wanted.startsWith(QLatin1String("~/"))) wanted.replace(0, 1, QDir::homePath());
    if (wanted.isEmpty() || !QDir::isAbsolutePath(wanted)) return fail(Trouble::FolderUnusable, wanted);

    const PersonalAccount account{*report_->address, name_.trimmed().toStdString(), report_->account};
    std::vector<WrittenFile> all;
    std::vector<std::pair<Place, std::size_t>> shares;
    for (int row = 0; row < place_count; ++row) {
        if (!chosen_[static_cast<std::size_t>(row)]) continue;
        auto files = files_for(place_at(row), *report_, account);
        if (!files) return fail(Trouble::NotWritten, text_of(words_for(files.error())));
        shares.emplace_back(place_at(row), files->size());
        std::ranges::move(*files, std::back_inserter(all));
    }
    for (int n = 1; n <= 99; ++n) {
        const auto folder = n == 1 ? wanted : QStringLiteral("%1 %2").arg(wanted).arg(n);
        const auto put = put_files(folder.toStdString(), all, false);
        if (!put && put.error().problem == WriteProblem::path_exists) continue;
        if (!put) return fail(put.error().problem == WriteProblem::cannot_write ? Trouble::FolderUnusable : Trouble::NotWritten, folder);
        trouble_ = Trouble::None;
        QList<Written> written;
        auto path = put->begin();
        for (const auto& [place, count] : shares) {
            Written one{place, {}};
            for (std::size_t i = 0; i < count; ++i) one.files.append(text_of(*path++));
            written.append(one);
        }
        Q_EMIT changed();
        Q_EMIT done(report_, folder, written);
        return;
    }
    fail(Trouble::FolderUnusable, wanted);
}

int WhereToStep::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : place_count; }

QVariant WhereToStep::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= place_count) return {};
    if (role == PlaceRole) return QVariant::fromValue(place_at(index.row()));
    if (role == Chosen) return static_cast<bool>(chosen_[static_cast<std::size_t>(index.row())]);
    return {};
}

QHash<int, QByteArray> WhereToStep::roleNames() const { return {{PlaceRole, "place"}, {Chosen, "chosen"}}; }

}
