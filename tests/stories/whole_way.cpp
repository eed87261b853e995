// From an address to written files, by the keyboard alone.
#include "wizard.hpp"

#include <QDir>
#include <QFile>
#include <QSignalSpy>

namespace portolan::stories {

class WholeWay : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void an_address_becomes_files();
};

void WholeWay::an_address_becomes_files()
{
    Wizard wizard;
    AT(wizard, Address);
    QCOMPARE(wizard.name_of_focus(), QStringLiteral("Email address"));
    wizard.type(QStringLiteral("alice@demo.example"));
    wizard.press(Qt::Key_Return);

    AT(wizard, Found);
    QVERIFY(wizard.shows(QStringLiteral("These servers work for you")));
    wizard.press(Qt::Key_Return);

    AT(wizard, SignIn);
    QCOMPARE(wizard.name_of_focus(), QStringLiteral("Password"));
    wizard.type(QString::fromLatin1(password));
    wizard.press(Qt::Key_Return);

    AT(wizard, WhereTo);
    QCOMPARE(wizard.name_of_focus(), QStringLiteral("Thunderbird"));
    wizard.press(Qt::Key_Return);              // nothing is chosen yet
    QCOMPARE(wizard.journey().page(), Journey::Page::WhereTo);
    wizard.press(Qt::Key_Space);
    QVERIFY(wizard.tab_to(QStringLiteral("iPhone, iPad, Mac")));
    wizard.press(Qt::Key_Space);
    QVERIFY(wizard.tab_to(QStringLiteral("A file to keep")));
    wizard.press(Qt::Key_Space);
    QCOMPARE(wizard.journey().whereToStep()->chosen(), 3);
    wizard.press(Qt::Key_Return);

    AT(wizard, Done);
    QVERIFY(wizard.shows(QStringLiteral("Your account works")));
    const QDir folder(wizard.home() + QStringLiteral("/Documents/Portolan/alice@demo.example"));
    for (const auto* file : {"thunderbird/profile/prefs.js", "apple/alice@demo.example.mobileconfig", "account.json"}) {
        QFile written(folder.filePath(QString::fromLatin1(file)));
        QVERIFY2(written.open(QIODevice::ReadOnly), file);
        const auto content = written.readAll();
        QVERIFY2(content.contains("imap.demo.example"), file);
        QVERIFY2(!content.contains(password), file);
        QCOMPARE(written.permissions() & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
    }
    QVERIFY(wizard.tab_to(QStringLiteral("Show file")));
    wizard.press(Qt::Key_Return);
    QCOMPARE(wizard.opened.size(), 1);

    QSignalSpy closed(&wizard.journey(), &Journey::closed);
    QVERIFY(wizard.tab_to(QStringLiteral("Close")));
    wizard.press(Qt::Key_Return);
    QCOMPARE(closed.count(), 1);
}

static const Told<WholeWay> told("WholeWay");

}

#include "whole_way.moc"
