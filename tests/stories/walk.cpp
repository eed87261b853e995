#include "walk.hpp"

#include <cmath>

namespace portolan::stories {

namespace {

/// The needle has turned, and the rays that still ask have grown for a while (their length is their age).
bool rose_rests(Wizard& wizard, int asking)
{
    const auto wanted = wizard.journey().searchStep()->needle();
    bool turned = false;
    for (auto* item : visible_below(wizard.page())) {
        if (item->property("turned").isValid()) turned = std::abs(item->property("turned").toDouble() - wanted) < 0.01;
        if (item->property("asking").toBool() && item->property("age").isValid() && item->property("age").toDouble() < asking) return false;
    }
    return turned;
}

bool failed() { return QTest::currentTestFailed(); }

}

void walk(Wizard& wizard, const std::function<void(const QString&)>& look, int asking)
{
    auto& journey = wizard.journey();
    AT(wizard, Address);
    wizard.type(QStringLiteral("alice@demo.example"));
    look(QStringLiteral("01-address"));

    // The search is held at the moment the first pair is proven: nothing else is delivered while the signal is handled.
    // The search is held at the moment the first pair is proven: what the core still says is not heard, so the page comes to rest in its middle.
    auto* engine = journey.findChild<Engine*>();
    const auto hold = QObject::connect(journey.searchStep(), &SearchStep::phaseChanged, engine, [&] {
        if (journey.searchStep()->phase() == SearchStep::Phase::Pair) engine->blockSignals(true);
    });
    wizard.press(Qt::Key_Return);
    QTRY_VERIFY_WITH_TIMEOUT(engine->signalsBlocked() && wizard.at(Journey::Page::Searching), patience);
    QTRY_VERIFY_WITH_TIMEOUT(rose_rests(wizard, asking), patience);
    look(QStringLiteral("02-searching"));
    QObject::disconnect(hold);
    wizard.press(Qt::Key_Escape);
    engine->blockSignals(false);
    AT(wizard, Address);
    wizard.press(Qt::Key_Return);
    AT(wizard, Found);
    look(QStringLiteral("03-found"));
    QVERIFY(wizard.click(QStringLiteral("Why these?")));
    look(QStringLiteral("03-found-why"));

    wizard.press(Qt::Key_C, Qt::AltModifier);  // whoever looked may have left the keyboard somewhere
    AT(wizard, SignIn);
    wizard.type(QString::fromLatin1(password));
    look(QStringLiteral("05-signin-password"));
    wizard.press(Qt::Key_Return);
    AT(wizard, WhereTo);
    wizard.press(Qt::Key_Space);
    QVERIFY(wizard.tab_to(QStringLiteral("iPhone, iPad, Mac")));
    wizard.press(Qt::Key_Space);
    look(QStringLiteral("08-where-to"));
    wizard.press(Qt::Key_Return);
    AT(wizard, Done);
    look(QStringLiteral("09-done"));

    journey.anotherAccount();
    wizard.search(QStringLiteral("alice@expired.example"));
    if (failed()) return;
    AT(wizard, Found);
    look(QStringLiteral("03-found-question"));
    wizard.press(Qt::Key_C, Qt::AltModifier);
    AT(wizard, Certificate);
    look(QStringLiteral("04-certificate"));

    journey.changeAddress();
    wizard.search(QStringLiteral("alice@app-password.example"));
    AT(wizard, Found);
    wizard.press(Qt::Key_Return);
    wizard.sign_in(QStringLiteral("the-usual-one"));
    if (failed()) return;
    wizard.retype(QStringLiteral("hkwq tzpa nmdv erlc"));
    look(QStringLiteral("06-signin-app-password"));

    journey.changeAddress();
    wizard.search(QStringLiteral("alice@refused.example"));
    AT(wizard, Found);
    wizard.press(Qt::Key_Return);
    wizard.sign_in(QStringLiteral("not-the-one"));
    if (failed()) return;
    look(QStringLiteral("05-signin-refused"));

    journey.changeAddress();
    AT(wizard, Address);
    wizard.retype(QStringLiteral("alice@demo.example"));
    journey.byHand();
    AT(wizard, ByHand);
    auto* hand = journey.handStep();
    wizard.retype(QStringLiteral("imap.demo.example"));
    QTRY_COMPARE_WITH_TIMEOUT(hand->incoming()->state(), HandHalf::State::Good, patience);
    QVERIFY(wizard.tab_to(QStringLiteral("User name")));
    QVERIFY(wizard.tab_to(QStringLiteral("Server")));
    wizard.retype(QStringLiteral("smtp.demmo.example"));
    QTRY_COMPARE_WITH_TIMEOUT(hand->outgoing()->state(), HandHalf::State::Wrong, patience);
    look(QStringLiteral("10-by-hand"));

    journey.changeAddress();
    wizard.search(QStringLiteral("alice@nothing.example"));
    AT(wizard, NothingFound);
    look(QStringLiteral("11-nothing-found"));

    journey.changeAddress();
    AT(wizard, Address);
    wizard.retype(QStringLiteral("alice@demo@example"));
    look(QStringLiteral("01-address-wrong"));
}

}
