// The end: proof that the account works, and the files.
#pragma once

#include "wizard/service_list.hpp"
#include "wizard/where_to_step.hpp"

namespace portolan {

class DoneStep : public QAbstractListModel {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by Journey")
    Q_PROPERTY(portolan::ServiceList* services READ services CONSTANT)
    Q_PROPERTY(QString address READ address NOTIFY changed)
    Q_PROPERTY(QString folder READ folder NOTIFY changed)

public:
    enum Role { PlaceRole = Qt::UserRole + 1, FileName, More };

    using QAbstractListModel::QAbstractListModel;

    ServiceList* services() { return &services_; }
    QString address() const { return address_; }
    QString folder() const { return folder_; }

    void show(const ReportPtr& report, const Consent& consent, const QString& folder, const QList<WhereToStep::Written>& written);
    /// Opens the folder that holds the files of this row.
    Q_INVOKABLE void showFiles(int row);

    int rowCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : static_cast<int>(written_.size()); }
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

Q_SIGNALS:
    void changed();
    void opened(const QString& folder);

private:
    ServiceList services_;
    QList<WhereToStep::Written> written_;
    QString address_, folder_;
};

}
