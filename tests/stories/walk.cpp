#include "walk.hpp"

namespace portolan::stories {

namespace {

/// What moves on the page comes to rest at once; the rays that are still asking keep their length.
void settle(Wizard& wizard)
{
    for (auto* moving : wizard.window().findChildren<QObject*>())
        if (moving->inherits("QQuickAbstractAnimation") && moving->property("running").toBool() && moving->property("property").toString() == QLatin1String("away"))
            QMetaObject::invokeMethod(moving, "complete");
}

bool failed() { return QTest::currentTestFailed(); }

}

void walk(Wizard& wizard, const std::function<void(const QString&)>& look)
{
    auto& journey = wizard.journey();
    AT(wizard, Address);
    wizard.type(QStringLiteral("alice@demo.example"));
    look(QStringLiteral("01-address"));

    // The search is held at the moment the first pair is proven: nothing else is delivered while the signal is handled.
    // Connected when the page is there, so that the page has taken the news before it is looked at.
    bool seen = false;
    QObject held;
    QObject::connect(&journey, &Journey::moved, &held, [&] {
        if (journey.page() != Journey::Page::Searching) return;
        QObject::connect(journey.searchStep(), &SearchStep::phaseChanged, &held, [&] {
            if (seen || journey.searchStep()->phase() != SearchStep::Phase::Pair) return;
            seen = true;
            settle(wizard);
            look(QStringLiteral("02-searching"));
        });
    });
    wizard.press(Qt::Key_Return);
    AT(wizard, Found);
    QVERIFY(seen);
    look(QStringLiteral("03-found"));

    wizard.press(Qt::Key_Return);
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
    wizard.press(Qt::Key_Return);
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
