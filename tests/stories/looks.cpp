// A picture of every page in every look, and what must hold in all of them: no word is cut, no control lies outside the window or over another.
#include "walk.hpp"

namespace portolan::stories {

class Looks : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void light();
    void dark();
    void contrast();
    void right_to_left();
    void narrow();
    void twice_the_font();

private:
    void walk_in(const Look& look);
};

void Looks::walk_in(const Look& look)
{
    Wizard wizard(look);
    walk(wizard, [&](const QString& name) {
        const auto image = wizard.picture(name, name == QLatin1String("02-searching"));
        QCOMPARE(image.size(), wizard.window().size() * wizard.window().effectiveDevicePixelRatio());
        for (auto* item : visible_below(wizard.window().contentItem())) {
            const auto place = item->mapRectToScene(item->boundingRect());
            const auto what = QStringLiteral("%1 “%2” on %3").arg(QString::fromLatin1(item->metaObject()->className()), item->property("text").toString(), name);
            if (item->inherits("QQuickText") && item->property("truncated").toBool()) {
                // Only what stands before a host's own domain may be shortened.
                QVERIFY2(item->property("elide").toInt() == Qt::ElideMiddle, qPrintable(what));
            }
            const bool speaks = item->inherits("QQuickText") || item->inherits("QQuickAbstractButton") || item->inherits("QQuickTextField");
            if (speaks && place.width() > 0 && !item->property("text").toString().isEmpty())
                QVERIFY2(place.left() >= -0.5 && place.right() <= wizard.window().width() + 0.5, qPrintable(what));
        }
    }, 2500);
}

void Looks::light() { walk_in({.name = "light"}); }
void Looks::dark() { walk_in({.name = "dark", .dark = true}); }
void Looks::contrast() { walk_in({.name = "contrast", .dark = true, .contrast = true}); }
void Looks::right_to_left() { walk_in({.name = "rtl", .right_to_left = true}); }
void Looks::narrow() { walk_in({.name = "narrow", .width = 360}); }
void Looks::twice_the_font() { walk_in({.name = "large", .width = 1280, .height = 900, .font = 30}); }

static const Told<Looks> told("Looks");

}

#include "looks.moc"
