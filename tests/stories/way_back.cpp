// The way back is open at every step, another address too, and leaving a search closes its connections.
#include "wizard.hpp"

#include <QDir>
#include <QFileInfo>

namespace portolan::stories {

class WayBack : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void escape_leads_back_from_every_page();
    void another_address_can_be_typed_at_every_step();
    void leaving_a_search_closes_every_connection();
    void another_account_starts_from_nothing();
    void a_signed_in_account_is_not_kept_for_the_next_address();
};

namespace {

/// The sockets this process holds: ours, and the demonstration's ends of them.
int sockets()
{
    int count = 0;
    for (const auto& entry : QDir(QStringLiteral("/proc/self/fd")).entryInfoList(QDir::Files | QDir::System | QDir::NoDotAndDotDot))
        count += entry.symLinkTarget().contains(QStringLiteral("socket:")) ? 1 : 0;
    return count;
}

}

void WayBack::escape_leads_back_from_every_page()
{
    Wizard wizard;
    wizard.search(QStringLiteral("alice@demo.example"));
    AT(wizard, Found);
    wizard.press(Qt::Key_Return);
    wizard.sign_in();
    AT(wizard, WhereTo);
    wizard.press(Qt::Key_Space);
    wizard.press(Qt::Key_Return);
    AT(wizard, Done);
    wizard.press(Qt::Key_Escape);
    AT(wizard, WhereTo);
    QCOMPARE(wizard.journey().whereToStep()->chosen(), 1);
    wizard.press(Qt::Key_Escape);
    AT(wizard, SignIn);
    QCOMPARE(wizard.focused()->property("text").toString(), QString());      // the password was not kept
    wizard.press(Qt::Key_Escape);
    AT(wizard, Found);
    wizard.press(Qt::Key_Escape);
    AT(wizard, Address);
    QCOMPARE(wizard.journey().addressStep()->address(), QStringLiteral("alice@demo.example"));
}

void WayBack::another_address_can_be_typed_at_every_step()
{
    Wizard wizard;
    const auto change = [&] {
        const auto name = QStringLiteral("%1, change the address").arg(wizard.journey().address());
        QVERIFY(wizard.tab_to(name));
        wizard.press(Qt::Key_Return);
        AT(wizard, Address);
        QCOMPARE(wizard.name_of_focus(), QStringLiteral("Email address"));
    };
    AT(wizard, Address);
    // Searching: a server that never answers holds the page.
    wizard.retype(QStringLiteral("alice@dead.example"));
    wizard.press(Qt::Key_Return);
    AT(wizard, Searching);
    change();
    wizard.search(QStringLiteral("alice@nothing.example"));
    AT(wizard, NothingFound);
    change();
    wizard.search(QStringLiteral("alice@expired.example"));
    AT(wizard, Found);
    change();
    wizard.search(QStringLiteral("alice@expired.example"));
    AT(wizard, Found);
    wizard.press(Qt::Key_Return);
    AT(wizard, Certificate);
    change();
    wizard.retype(QStringLiteral("alice@demo.example"));
    QVERIFY(wizard.tab_to(QStringLiteral("Set up by hand")));
    wizard.press(Qt::Key_Return);
    AT(wizard, ByHand);
    change();
    wizard.search(QStringLiteral("alice@demo.example"));
    AT(wizard, Found);
    wizard.press(Qt::Key_Return);
    AT(wizard, SignIn);
    change();
    wizard.search(QStringLiteral("alice@demo.example"));
    AT(wizard, Found);
    wizard.press(Qt::Key_Return);
    wizard.sign_in();
    AT(wizard, WhereTo);
    change();
    wizard.search(QStringLiteral("alice@demo.example"));
    AT(wizard, Found);
    wizard.press(Qt::Key_Return);
    wizard.sign_in();
    AT(wizard, WhereTo);
    wizard.press(Qt::Key_Space);
    wizard.press(Qt::Key_Return);
    AT(wizard, Done);
    change();
}

void WayBack::leaving_a_search_closes_every_connection()
{
    Wizard wizard;
    AT(wizard, Address);
    wizard.search(QStringLiteral("alice@demo.example"));                     // the demonstration has started its servers by then
    wizard.press(Qt::Key_Escape);
    AT(wizard, Address);
    QTRY_VERIFY_WITH_TIMEOUT(!wizard.journey().atWork(), patience);
    const int before = sockets();

    wizard.retype(QStringLiteral("alice@dead.example"));
    wizard.press(Qt::Key_Return);
    auto* step = wizard.journey().searchStep();
    QTRY_VERIFY_WITH_TIMEOUT(step->incoming()->total() > 0 && step->incoming()->answered() < step->incoming()->total(), patience);
    QVERIFY(wizard.journey().atWork());
    wizard.press(Qt::Key_Escape);
    QCOMPARE(wizard.journey().page(), Journey::Page::Address);
    QTRY_VERIFY_WITH_TIMEOUT(!wizard.journey().atWork(), patience);
    QTRY_VERIFY_WITH_TIMEOUT(sockets() <= before, patience);
    // What the cancelled search still had to say does not come up any more.
    AT(wizard, Address);
}

void WayBack::another_account_starts_from_nothing()
{
    Wizard wizard;
    wizard.search(QStringLiteral("alice@demo.example"));
    AT(wizard, Found);
    wizard.press(Qt::Key_Return);
    wizard.sign_in();
    AT(wizard, WhereTo);
    wizard.press(Qt::Key_Space);
    wizard.press(Qt::Key_Return);
    AT(wizard, Done);
    QVERIFY(wizard.tab_to(QStringLiteral("Add another account")));
    wizard.press(Qt::Key_Return);
    AT(wizard, Address);
    QCOMPARE(wizard.journey().addressStep()->address(), QString());
    QCOMPARE(wizard.journey().address(), QString());
}

void WayBack::a_signed_in_account_is_not_kept_for_the_next_address()
{
    Wizard wizard;
    wizard.search(QStringLiteral("alice@demo.example"));
    AT(wizard, Found);
    wizard.press(Qt::Key_Return);
    wizard.sign_in();
    AT(wizard, WhereTo);
    wizard.press(Qt::Key_Space);
    QCOMPARE(wizard.journey().whereToStep()->chosen(), 1);
    wizard.journey().changeAddress();
    wizard.search(QStringLiteral("alice@app-password.example"));
    AT(wizard, Found);
    wizard.press(Qt::Key_Return);
    AT(wizard, SignIn);
    QCOMPARE(wizard.journey().signInStep()->userName(), QStringLiteral("alice@app-password.example"));
    wizard.sign_in(QStringLiteral("hkwqtzpanmdverlc"));
    AT(wizard, WhereTo);
    QCOMPARE(wizard.journey().whereToStep()->chosen(), 0);
    QVERIFY(wizard.journey().whereToStep()->folder().endsWith(QStringLiteral("/alice@app-password.example")));
}

static const Told<WayBack> told("WayBack");

}

#include "way_back.moc"
