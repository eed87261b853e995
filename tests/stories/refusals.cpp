// What goes wrong is said where it goes wrong, with the next thing to try; nothing is a dead end.
#include "wizard.hpp"

#include <QGuiApplication>
#include <QClipboard>

namespace portolan::stories {

class Refusals : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void an_expired_certificate_is_a_persons_decision();
    void a_refused_password_is_selected_and_the_server_is_quoted();
    void an_empty_password_is_never_sent();
    void an_app_password_is_asked_for_and_taken();
    void a_dead_server_is_named_and_can_be_asked_again();
    void nothing_there_leads_to_setting_up_by_hand();
    void a_folder_that_cannot_be_written_is_said_beside_the_field();
};

void Refusals::an_expired_certificate_is_a_persons_decision()
{
    Wizard wizard;
    wizard.search(QStringLiteral("alice@expired.example"));
    AT(wizard, Found);
    QVERIFY(wizard.shows(QStringLiteral("Found, with one question")));
    wizard.press(Qt::Key_Return);
    AT(wizard, Certificate);
    auto* step = wizard.journey().certificateStep();
    QCOMPARE(step->fault(), CertificateStep::Fault::Expired);

    // Without the tick the key is not trusted, and Enter takes the safe way.
    step->trust();
    QCOMPARE(wizard.journey().page(), Journey::Page::Certificate);
    wizard.press(Qt::Key_Return);
    AT(wizard, ByHand);
    wizard.press(Qt::Key_Escape);
    AT(wizard, Found);
    wizard.press(Qt::Key_Return);

    // One tick for each key: incoming and outgoing mail may show two.
    for (int certificate = 0; certificate < 2 && wizard.journey().page() != Journey::Page::SignIn; ++certificate) {
        AT(wizard, Certificate);
        QVERIFY(wizard.tab_to(QStringLiteral("I compared the fingerprint and it is the same")));
        wizard.press(Qt::Key_Space);
        QVERIFY(step->compared());
        QVERIFY(wizard.tab_to(QStringLiteral("Trust this key")));
        const auto port = step->port();
        wizard.press(Qt::Key_Return);
        QTRY_VERIFY_WITH_TIMEOUT(wizard.journey().page() != Journey::Page::Certificate || step->port() != port, patience);
    }
    wizard.sign_in();
    AT(wizard, WhereTo);
}

void Refusals::a_refused_password_is_selected_and_the_server_is_quoted()
{
    Wizard wizard;
    wizard.search(QStringLiteral("alice@refused.example"));
    AT(wizard, Found);
    wizard.press(Qt::Key_Return);
    wizard.sign_in(QStringLiteral("not-the-one"));
    QCOMPARE(wizard.journey().page(), Journey::Page::SignIn);
    auto* step = wizard.journey().signInStep();
    QCOMPARE(step->trouble(), SignInStep::Trouble::Refused);
    QVERIFY(!step->said().isEmpty());
    QVERIFY(wizard.shows(QStringLiteral("The server refused this password")));
    QVERIFY(wizard.shows(QStringLiteral("The server says: “%1”").arg(step->said())));
    QCOMPARE(wizard.name_of_focus(), QStringLiteral("Password"));
    QCOMPARE(wizard.focused()->property("selectedText").toString().size(), 11);
    QCOMPARE(step->userName(), QStringLiteral("alice@refused.example"));
}

void Refusals::an_empty_password_is_never_sent()
{
    Wizard wizard;
    wizard.search(QStringLiteral("alice@demo.example"));
    AT(wizard, Found);
    wizard.press(Qt::Key_Return);
    AT(wizard, SignIn);
    wizard.press(Qt::Key_Return);
    QCOMPARE(wizard.journey().signInStep()->trouble(), SignInStep::Trouble::NotUsable);
    QVERIFY(!wizard.journey().signInStep()->working());
    QVERIFY(wizard.shows(QStringLiteral("Type the password.")));
}

void Refusals::an_app_password_is_asked_for_and_taken()
{
    Wizard wizard;
    wizard.search(QStringLiteral("alice@app-password.example"));
    AT(wizard, Found);
    wizard.press(Qt::Key_Return);
    wizard.sign_in(QStringLiteral("the-usual-one"));
    auto* step = wizard.journey().signInStep();
    QCOMPARE(step->way(), SignInStep::Way::AppPassword);
    QCOMPARE(wizard.name_of_focus(), QStringLiteral("App password"));
    QVERIFY(wizard.shows(QStringLiteral("app-password.example wants an app password")));
    QVERIFY(wizard.tab_to(QStringLiteral("Copy the name")));
    wizard.press(Qt::Key_Return);
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("Portolan on this computer"));
    QVERIFY(wizard.tab_to(QStringLiteral("App password")));
    wizard.sign_in(QStringLiteral("hkwq tzpa nmdv erlc"));
    AT(wizard, WhereTo);
}

void Refusals::a_dead_server_is_named_and_can_be_asked_again()
{
    Wizard wizard;
    wizard.search(QStringLiteral("alice@dead.example"));
    AT(wizard, NothingFound);
    QCOMPARE(wizard.journey().nothingStep()->reason(), NothingStep::Reason::NoAnswer);
    QVERIFY(wizard.shows(QStringLiteral("mail.dead.example does not answer")));
    wizard.press(Qt::Key_Return);              // the best next thing
    QCOMPARE(wizard.journey().page(), Journey::Page::Searching);
    wizard.press(Qt::Key_Escape);
    AT(wizard, Address);
}

void Refusals::nothing_there_leads_to_setting_up_by_hand()
{
    Wizard wizard;
    wizard.search(QStringLiteral("alice@nothing.example"));
    AT(wizard, NothingFound);
    QCOMPARE(wizard.journey().nothingStep()->reason(), NothingStep::Reason::NothingPublished);
    QVERIFY(wizard.shows(QStringLiteral("No mail server found for nothing.example")));
    QVERIFY(wizard.tab_to(QStringLiteral("Ask your provider")));
    wizard.press(Qt::Key_Return);
    QVERIFY(QGuiApplication::clipboard()->text().contains(QStringLiteral("nothing.example")));
    QVERIFY(wizard.tab_to(QStringLiteral("Set up by hand")));
    wizard.press(Qt::Key_Return);
    AT(wizard, ByHand);
    wizard.press(Qt::Key_Escape);
    AT(wizard, NothingFound);
}

void Refusals::a_folder_that_cannot_be_written_is_said_beside_the_field()
{
    Wizard wizard;
    wizard.search(QStringLiteral("alice@demo.example"));
    AT(wizard, Found);
    wizard.press(Qt::Key_Return);
    wizard.sign_in();
    AT(wizard, WhereTo);
    wizard.press(Qt::Key_Space);
    QVERIFY(wizard.tab_to(QStringLiteral("Folder for the files")));
    for (const auto* folder : {"/proc/portolan", "relative/folder"}) {
        wizard.retype(QString::fromLatin1(folder));
        QCOMPARE(wizard.journey().whereToStep()->trouble(), WhereToStep::Trouble::None);
        wizard.press(Qt::Key_Return);
        QCOMPARE(wizard.journey().whereToStep()->trouble(), WhereToStep::Trouble::FolderUnusable);
        QCOMPARE(wizard.journey().page(), Journey::Page::WhereTo);
    }
    QVERIFY(wizard.shows(QStringLiteral("Nothing can be written there. Choose a folder of your own, with its whole path.")));
    wizard.retype(QStringLiteral("~/elsewhere"));
    wizard.press(Qt::Key_Return);
    AT(wizard, Done);
    // A second time: what is there stays, a folder beside it is taken.
    wizard.press(Qt::Key_Escape);
    AT(wizard, WhereTo);
    wizard.press(Qt::Key_Return);
    AT(wizard, Done);
    QCOMPARE(wizard.journey().doneStep()->folder(), QStringLiteral("~/elsewhere 2"));
}

static const Told<Refusals> told("Refusals");

}

#include "refusals.moc"
