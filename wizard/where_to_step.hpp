// Where the person reads mail: places to set up, and the folder the files go to.
#pragma once

#include "wizard/engine.hpp"

#include <QAbstractListModel>
#include <QStringList>
#include <QtQml/qqmlregistration.h>

namespace portolan {

class WhereToStep : public QAbstractListModel {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by Journey")
    Q_PROPERTY(int chosen READ chosen NOTIFY changed)
    Q_PROPERTY(QString folder READ folder WRITE setFolder NOTIFY changed)
    Q_PROPERTY(QString shownFolder READ shownFolder NOTIFY changed)
    Q_PROPERTY(Trouble trouble READ trouble NOTIFY changed)
    Q_PROPERTY(QString troubleDetail READ troubleDetail NOTIFY changed)

public:
    enum class Place { Thunderbird, Outlook, Apple, Keep };
    Q_ENUM(Place)
    enum class Trouble { None, FolderUnusable, NotWritten };
    Q_ENUM(Trouble)
    enum Role { PlaceRole = Qt::UserRole + 1, Chosen };

    struct Written { Place place; QStringList files; };

    explicit WhereToStep(QObject* parent = nullptr);

    int chosen() const;
    QString folder() const { return folder_; }
    void setFolder(const QString& folder);
    QString shownFolder() const;               ///< with ~ for the home folder
    Trouble trouble() const { return trouble_; }
    QString troubleDetail() const { return trouble_detail_; }

    void show(const ReportPtr& report, const QString& name);
    Q_INVOKABLE void toggle(int row);
    /// Writes the files of every chosen place. Nothing that is there is overwritten: a new folder beside it is taken instead.
    Q_INVOKABLE void setUp();

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

Q_SIGNALS:
    void changed();
    void done(const portolan::ReportPtr& report, const QString& folder, const QList<portolan::WhereToStep::Written>& written);

private:
    std::vector<bool> chosen_;
    QString folder_, trouble_detail_, name_;
    bool own_folder_ = false;
    Trouble trouble_ = Trouble::None;
    ReportPtr report_;
};

}
