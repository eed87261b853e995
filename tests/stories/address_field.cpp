// Bad input is said beside the field: what no further key can mend at once, the rest after a pause, on leaving, or on Enter.
#include "wizard.hpp"

namespace portolan::stories {

using Problem = AddressStep::Problem;

class AddressField : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void what_is_wrong_is_said_data();
    void what_is_wrong_is_said();
    void nothing_is_said_while_typing_can_mend_it();
    void a_slip_in_a_common_domain_is_offered_and_taken();
    void a_name_that_is_reserved_is_told_to_nobody();
    void the_shown_name_can_be_changed();
};

void AddressField::what_is_wrong_is_said_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<Problem>("problem");
    QTest::addColumn<bool>("at_once");
    QTest::newRow("nothing") << QString() << Problem::Empty << false;
    QTest::newRow("no @") << QStringLiteral("alice") << Problem::NoAt << false;
    QTest::newRow("two @") << QStringLiteral("alice@demo@example.org") << Problem::TwoAts << true;
    QTest::newRow("a space") << QStringLiteral("alice smith@demo.example") << Problem::Space << true;
    QTest::newRow("a control character") << QStringLiteral("ali%1ce@demo.example").arg(QChar(0x200b)) << Problem::ControlCharacter << true;
    QTest::newRow("no name") << QStringLiteral("@demo.example") << Problem::NoLocalPart << true;
    QTest::newRow("no domain") << QStringLiteral("alice@") << Problem::NoDomain << false;
    QTest::newRow("a host alone") << QStringLiteral("imap.demo.example") << Problem::NoAt << false;
    QTest::newRow("an ending alone") << QStringLiteral("alice@example") << Problem::DomainIncomplete << false;
    QTest::newRow("no domain at all") << QStringLiteral("alice@-.example") << Problem::BadDomain << false;
    QTest::newRow("300 characters") << QString(300, QLatin1Char('a')) + QStringLiteral("@demo.example") << Problem::TooLong << true;
}

void AddressField::what_is_wrong_is_said()
{
    QFETCH(QString, typed);
    QFETCH(Problem, problem);
    QFETCH(bool, at_once);
    Wizard wizard;
    AT(wizard, Address);
    auto* step = wizard.journey().addressStep();
    wizard.type(typed);
    QCOMPARE(step->problem() == problem, at_once);
    wizard.press(Qt::Key_Return);
    QCOMPARE(step->problem(), problem);
    QCOMPARE(wizard.journey().page(), Journey::Page::Address);
    QVERIFY(!wizard.journey().atWork());
    // The words stand below the field and are its description.
    QVERIFY(!wizard.description_of_focus().isEmpty());
    QVERIFY(wizard.shows(wizard.description_of_focus()));
    // The next good input takes them away.
    wizard.retype(QStringLiteral("alice@demo.example"));
    QCOMPARE(step->problem(), Problem::None);
    QVERIFY(step->complete());
}

void AddressField::nothing_is_said_while_typing_can_mend_it()
{
    Wizard wizard;
    AT(wizard, Address);
    auto* step = wizard.journey().addressStep();
    for (const auto sign : QStringLiteral("alice@demo.example")) {
        wizard.type(QString(sign));
        QCOMPARE(step->problem(), Problem::None);
    }
    wizard.retype(QStringLiteral("alice"));
    QCOMPARE(step->problem(), Problem::None);
    wizard.press(Qt::Key_Tab);                 // leaving the field
    QCOMPARE(step->problem(), Problem::NoAt);
}

void AddressField::a_slip_in_a_common_domain_is_offered_and_taken()
{
    Wizard wizard;
    AT(wizard, Address);
    wizard.type(QStringLiteral("alice@gmial.com"));
    auto* step = wizard.journey().addressStep();
    QCOMPARE(step->suggestion(), QStringLiteral("alice@gmail.com"));
    QVERIFY(wizard.tab_to(QStringLiteral("alice@gmail.com")));
    wizard.press(Qt::Key_Return);
    QCOMPARE(step->address(), QStringLiteral("alice@gmail.com"));
    QCOMPARE(wizard.journey().page(), Journey::Page::Address);
    QVERIFY(!step->provider().isEmpty());
    QCOMPARE(wizard.name_of_focus(), QStringLiteral("Email address"));
}

void AddressField::a_name_that_is_reserved_is_told_to_nobody()
{
    Wizard wizard;
    AT(wizard, Address);
    wizard.type(QStringLiteral("alice@demo.example"));
    QVERIFY(wizard.shows(QStringLiteral("Only demo.example itself is asked: the name is reserved and is told to nobody else.")));
}

void AddressField::the_shown_name_can_be_changed()
{
    Wizard wizard;
    AT(wizard, Address);
    QVERIFY(wizard.tab_to(QStringLiteral("Change")));
    wizard.press(Qt::Key_Return);
    QCOMPARE(wizard.name_of_focus(), QStringLiteral("Your name, as others see it"));
    wizard.retype(QStringLiteral("Alice <b>&"));
    wizard.press(Qt::Key_Return);
    QCOMPARE(wizard.journey().addressStep()->name(), QStringLiteral("Alice <b>&"));
    QCOMPARE(wizard.name_of_focus(), QStringLiteral("Email address"));
    QCOMPARE(wizard.journey().page(), Journey::Page::Address);
    QCOMPARE(wizard.journey().addressStep()->problem(), Problem::None);
}

static const Told<AddressField> told("AddressField");

}

#include "address_field.moc"
