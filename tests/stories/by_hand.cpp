// "Set up by hand": every field is tested as it is finished, against the real server.
#include "wizard.hpp"

#include <QClipboard>
#include <QGuiApplication>

namespace portolan::stories {

class ByHand : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void a_wrong_host_is_said_and_the_right_one_is_offered();
    void a_pasted_host_and_port_comes_apart();
    void bad_values_are_said_beside_the_field_data();
    void bad_values_are_said_beside_the_field();
    void what_was_found_is_filled_in();
};

void ByHand::a_wrong_host_is_said_and_the_right_one_is_offered()
{
    Wizard wizard;
    AT(wizard, Address);
    wizard.type(QStringLiteral("alice@demo.example"));
    QVERIFY(wizard.tab_to(QStringLiteral("Set up by hand")));
    wizard.press(Qt::Key_Return);
    AT(wizard, ByHand);
    QCOMPARE(wizard.name_of_focus(), QStringLiteral("Server"));
    auto* in = wizard.journey().handStep()->incoming();
    auto* out = wizard.journey().handStep()->outgoing();
    wizard.type(QStringLiteral("imap.demmo.example"));
    wizard.press(Qt::Key_Tab);
    QTRY_COMPARE_WITH_TIMEOUT(in->finding(), HandHalf::Finding::NoSuchName, patience);
    QCOMPARE(in->suggestion(), QStringLiteral("imap.demo.example"));
    QVERIFY(wizard.tab_to(QStringLiteral("imap.demo.example")));
    wizard.press(Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(in->state(), HandHalf::State::Good, patience);

    wizard.press(Qt::Key_Return);              // not complete: stays
    QCOMPARE(wizard.journey().page(), Journey::Page::ByHand);
    QVERIFY(wizard.tab_to(QStringLiteral("User name")));
    QVERIFY(wizard.tab_to(QStringLiteral("Server")));            // the other half's
    wizard.type(QStringLiteral("smtp.demo.example"));
    wizard.press(Qt::Key_Tab);
    QTRY_COMPARE_WITH_TIMEOUT(out->state(), HandHalf::State::Good, patience);
    QVERIFY(wizard.journey().handStep()->complete());
    wizard.press(Qt::Key_Return);
    wizard.sign_in();
    AT(wizard, WhereTo);
}

void ByHand::a_pasted_host_and_port_comes_apart()
{
    Wizard wizard;
    AT(wizard, Address);
    wizard.type(QStringLiteral("alice@demo.example"));
    wizard.journey().byHand();
    AT(wizard, ByHand);
    auto* in = wizard.journey().handStep()->incoming();
    for (const bool pasted : {false, true}) {
        const auto text = pasted ? QStringLiteral("imap.demo.example:993") : QStringLiteral("imap.demo.example:143");
        if (pasted) {
            QGuiApplication::clipboard()->setText(text);
            wizard.press(Qt::Key_Tab, Qt::ShiftModifier);
            wizard.press(Qt::Key_A, Qt::ControlModifier);
            wizard.press(Qt::Key_V, Qt::ControlModifier);
        } else {
            wizard.type(text);
            QCOMPARE(in->host(), text);        // stays as it is while it is typed
            wizard.press(Qt::Key_Tab);
        }
        QCOMPARE(in->host(), QStringLiteral("imap.demo.example"));
        QCOMPARE(in->port(), text.right(3));
        QCOMPARE(in->protection(), pasted ? ServiceList::Protection::FromTheStart : ServiceList::Protection::Starttls);
        QTRY_COMPARE_WITH_TIMEOUT(in->state(), HandHalf::State::Good, patience);
    }
}

void ByHand::bad_values_are_said_beside_the_field_data()
{
    QTest::addColumn<QString>("host");
    QTest::addColumn<QString>("port");
    QTest::addColumn<HandHalf::Finding>("finding");
    QTest::newRow("a space") << QStringLiteral("imap demo example") << QStringLiteral("993") << HandHalf::Finding::BadHost;
    QTest::newRow("port 0") << QStringLiteral("imap.demo.example") << QStringLiteral("0") << HandHalf::Finding::BadPort;
    QTest::newRow("a port too high") << QStringLiteral("imap.demo.example") << QStringLiteral("70000") << HandHalf::Finding::BadPort;
    QTest::newRow("nobody listens") << QStringLiteral("imap.demo.example") << QStringLiteral("994") << HandHalf::Finding::Refused;
    QTest::newRow("another protocol") << QStringLiteral("smtp.demo.example") << QStringLiteral("465") << HandHalf::Finding::OtherProtocol;
    QTest::newRow("no such name") << QStringLiteral("imap.nowhere.example") << QStringLiteral("993") << HandHalf::Finding::NoSuchName;
}

void ByHand::bad_values_are_said_beside_the_field()
{
    QFETCH(QString, host);
    QFETCH(QString, port);
    QFETCH(HandHalf::Finding, finding);
    Wizard wizard;
    AT(wizard, Address);
    wizard.type(QStringLiteral("alice@demo.example"));
    wizard.journey().byHand();
    AT(wizard, ByHand);
    wizard.type(host);
    QVERIFY(wizard.tab_to(QStringLiteral("Port")));
    wizard.retype(port);
    wizard.press(Qt::Key_Tab);
    auto* in = wizard.journey().handStep()->incoming();
    QTRY_COMPARE_WITH_TIMEOUT(in->finding(), finding, patience);
    QCOMPARE(in->state(), HandHalf::State::Wrong);
    QVERIFY(!wizard.journey().handStep()->complete());
}

void ByHand::what_was_found_is_filled_in()
{
    Wizard wizard;
    wizard.search(QStringLiteral("alice@demo.example"));
    AT(wizard, Found);
    QVERIFY(wizard.tab_to(QStringLiteral("Set up by hand")));
    wizard.press(Qt::Key_Return);
    AT(wizard, ByHand);
    auto* step = wizard.journey().handStep();
    QCOMPARE(step->incoming()->host(), QStringLiteral("imap.demo.example"));
    QCOMPARE(step->outgoing()->host(), QStringLiteral("smtp.demo.example"));
    QTRY_VERIFY_WITH_TIMEOUT(step->complete(), patience);
    wizard.press(Qt::Key_Escape);
    AT(wizard, Found);
}

static const Told<ByHand> told("ByHand");

}

#include "by_hand.moc"
