#include "wizard/done_step.hpp"

#include "probe/assemble.hpp"
#include "wizard/host_parts.hpp"

#include <QDesktopServices>
#include <QDir>
#include <QFileInfo>
#include <QUrl>

namespace portolan {

void DoneStep::show(const ReportPtr& report, const Consent& consent, const QString& folder, const QList<WhereToStep::Written>& written)
{
    beginResetModel();
    written_ = written;
    endResetModel();
    std::vector<Service> mail;                 // what was signed in to
    std::ranges::copy_if(report->account.services, std::back_inserter(mail), is_mail);
    services_.show(std::move(mail), consent);
    address_ = report->address ? text_of(report->address->display()) : QString();
    const auto home = QDir::homePath();
    folder_ = folder.startsWith(home + QLatin1Char('/')) ? QLatin1Char('~') + folder.mid(home.size()) : folder;
    Q_EMIT changed();
}

void DoneStep::showFiles(int row)
{
    if (row < 0 || row >= rowCount() || written_[row].files.isEmpty()) return;
    const auto folder = QFileInfo(written_[row].files.front()).absolutePath();
    QDesktopServices::openUrl(QUrl::fromLocalFile(folder));
    Q_EMIT opened(folder);
}

QVariant DoneStep::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount()) return {};
    const auto& one = written_[index.row()];
    switch (role) {
    case PlaceRole: return QVariant::fromValue(one.place);
    case FileName: return one.files.isEmpty() ? QString() : QFileInfo(one.files.front()).fileName();
    case More: return static_cast<int>(one.files.size()) - 1;
    default: return {};
    }
}

QHash<int, QByteArray> DoneStep::roleNames() const { return {{PlaceRole, "place"}, {FileName, "fileName"}, {More, "more"}}; }

}
