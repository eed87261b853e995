// What a screen reader and a keyboard get: every stop of the Tab walk has a name and a role, mnemonics are unique, and the walk comes round.
#include "walk.hpp"

#include <QAccessible>
#include <QKeySequence>
#include <QSet>

namespace portolan::stories {

class Accessibility : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void every_stop_has_a_name_and_a_role();
    void mnemonics_are_unique_and_work();
    void headings_and_lists_are_told();
};

void Accessibility::every_stop_has_a_name_and_a_role()
{
    Wizard wizard;
    walk(wizard, [&](const QString& name) {
        if (wizard.focused() == wizard.page()) {
            // A page without a field to type in has the keyboard itself, so that its title is read out.
            auto* face = QAccessible::queryAccessibleInterface(wizard.page());
            QVERIFY2(face && !face->text(QAccessible::Name).isEmpty(), qPrintable(name));
            wizard.press(Qt::Key_Tab);
        }
        auto* const first = wizard.focused();
        QVERIFY(first && first != wizard.page());
        QSet<QQuickItem*> stops;
        QStringList order;
        for (int stop = 0; stop < 80; ++stop) {
            auto* item = wizard.focused();
            QVERIFY2(item, qPrintable(name));
            auto* face = QAccessible::queryAccessibleInterface(item);
            const auto what = QStringLiteral("%1: %2 after %3").arg(name, QString::fromLatin1(item->metaObject()->className()), order.join(QStringLiteral(", ")));
            QVERIFY2(face, qPrintable(what));
            QVERIFY2(!face->text(QAccessible::Name).isEmpty(), qPrintable(what));
            QVERIFY2(!face->text(QAccessible::Name).contains(QLatin1Char('&')), qPrintable(what));
            QVERIFY2(face->role() != QAccessible::NoRole && face->role() != QAccessible::Client, qPrintable(what));
            QVERIFY2(item->isEnabled() && item->isVisible(), qPrintable(what));
            order.append(face->text(QAccessible::Name));
            stops.insert(item);
            wizard.press(Qt::Key_Tab);
            if (wizard.focused() == first) break;
        }
        QCOMPARE(wizard.focused(), first);     // the walk comes round
        QVERIFY(stops.size() > 2);
        wizard.press(Qt::Key_Backtab);
        QVERIFY(wizard.focused() != first);
        wizard.press(Qt::Key_Tab);
        QCOMPARE(wizard.focused(), first);
        // The footer ends with the way back; the header comes after it.
        const auto address = order.indexOf(QStringLiteral("%1, change the address").arg(wizard.journey().address()));
        QCOMPARE(address >= 0, wizard.journey().page() != Journey::Page::Address);
        if (address >= 0) QCOMPARE(order[(address + order.size() - 1) % order.size()], QStringLiteral("Back"));
    });
}

void Accessibility::mnemonics_are_unique_and_work()
{
    Wizard wizard;
    walk(wizard, [&](const QString& name) {
        QSet<QString> taken;
        for (auto* item : visible_below(wizard.window().contentItem())) {
            if (!item->inherits("QQuickAbstractButton") || !item->isEnabled()) continue;
            const auto mnemonic = QKeySequence::mnemonic(item->property("text").toString()).toString();
            if (mnemonic.isEmpty()) continue;
            QVERIFY2(!taken.contains(mnemonic), qPrintable(name + QStringLiteral(": ") + mnemonic));
            taken.insert(mnemonic);
        }
        QVERIFY2(!taken.isEmpty(), qPrintable(name));
    });
    wizard.press(Qt::Key_H, Qt::AltModifier);  // no button has it
    QCOMPARE(wizard.journey().page(), Journey::Page::Address);
    wizard.retype(QStringLiteral("alice@demo.example"));
    wizard.press(Qt::Key_F, Qt::AltModifier);
    AT(wizard, Found);
    wizard.press(Qt::Key_B, Qt::AltModifier);
    AT(wizard, Address);
}

void Accessibility::headings_and_lists_are_told()
{
    Wizard wizard;
    walk(wizard, [&](const QString& name) {
        int headings = 0;
        for (auto* item : visible_below(wizard.page())) {
            auto* face = QAccessible::queryAccessibleInterface(item);
            if (!face) continue;
            if (face->role() == QAccessible::Heading && !face->text(QAccessible::Name).isEmpty()) ++headings;
            if (face->role() == QAccessible::ListItem) QVERIFY2(!face->text(QAccessible::Name).isEmpty(), qPrintable(name));
        }
        QVERIFY2(headings == 1, qPrintable(name));
    });
}

static const Told<Accessibility> told("Accessibility");

}

#include "accessibility.moc"
