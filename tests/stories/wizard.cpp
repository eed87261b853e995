#include "wizard.hpp"

#include <QAccessible>
#include <QDesktopServices>
#include <QDir>
#include <QGuiApplication>
#include <QImage>
#include <QRegularExpression>

namespace portolan::stories {

QList<Story>& all_stories()
{
    static QList<Story> stories;
    return stories;
}

Wizard::Wizard(const Look& look) : look_(look)
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".")));          // a page that complains is broken
    QFont font(QStringLiteral("Noto Sans"));
    font.setPixelSize(look.font);
    QGuiApplication::setFont(font);
    QGuiApplication::setLayoutDirection(look.right_to_left ? Qt::RightToLeft : Qt::LeftToRight);
    QDesktopServices::setUrlHandler(QStringLiteral("file"), this, "open");
    QDesktopServices::setUrlHandler(QStringLiteral("https"), this, "open");

    journey_ = std::make_unique<Journey>(EngineOptions{.demonstration = true, .resolvers = {}, .ca_files = {}});
    journey_->addressStep()->setName(QStringLiteral("Alice"));
    engine_ = std::make_unique<QQmlApplicationEngine>();
    engine_->addImportPath(QStringLiteral(":/qt/qml"));
    engine_->setInitialProperties({
        {QStringLiteral("journey"), QVariant::fromValue(journey_.get())},
        {QStringLiteral("look"), look.dark ? 2 : 1},
        {QStringLiteral("highContrast"), look.contrast},
        {QStringLiteral("width"), look.width},
        {QStringLiteral("height"), look.height},
    });
    engine_->load(QUrl(QStringLiteral("qrc:/qt/qml/Portolan/Main.qml")));
    if (engine_->rootObjects().isEmpty()) qFatal("the window could not be made");
    window_ = qobject_cast<QQuickWindow*>(engine_->rootObjects().constFirst());
    window_->requestActivate();
    if (!QTest::qWaitForWindowActive(window_, patience)) qFatal("the window does not become active");
    // The chart is drawn first; the page stands on it after that.
    if (!QTest::qWaitFor([this] { return page() != nullptr; }, patience)) qFatal("the first page does not come");
}

Wizard::~Wizard()
{
    engine_.reset();
    journey_.reset();
    QDesktopServices::unsetUrlHandler(QStringLiteral("file"));
    QDesktopServices::unsetUrlHandler(QStringLiteral("https"));
}

QString Wizard::home() const { return QDir::homePath(); }

QQuickItem* Wizard::page() const
{
    auto* stage = window_->findChild<QQuickItem*>(QStringLiteral("stage"));
    return stage ? stage->property("page").value<QQuickItem*>() : nullptr;
}

bool Wizard::at(Journey::Page page) const
{
    auto* stage = window_->findChild<QQuickItem*>(QStringLiteral("stage"));
    return journey_->page() == page && stage && stage->property("atRest").toBool();
}

void Wizard::press(int key, Qt::KeyboardModifiers with) { QTest::keyClick(window_, static_cast<Qt::Key>(key), with); }

void Wizard::type(const QString& text)
{
    for (const auto sign : text) {
        if (sign.unicode() < 127 && sign.isPrint()) {
            QTest::keyClick(window_, sign.toLatin1());
        } else {                               // a character that no key of this keyboard has
            QKeyEvent down(QEvent::KeyPress, 0, Qt::NoModifier, QString(sign));
            QKeyEvent up(QEvent::KeyRelease, 0, Qt::NoModifier, QString(sign));
            QCoreApplication::sendEvent(window_, &down);
            QCoreApplication::sendEvent(window_, &up);
        }
    }
}

void Wizard::retype(const QString& text)
{
    press(Qt::Key_A, Qt::ControlModifier);
    press(Qt::Key_Delete);
    type(text);
}

QString Wizard::name_of_focus() const
{
    auto* item = focused();
    auto* face = item ? QAccessible::queryAccessibleInterface(item) : nullptr;
    return face ? face->text(QAccessible::Name) : QString();
}

bool Wizard::click(const QString& name)
{
    for (auto* item : visible_below(window_->contentItem())) {
        if (!item->inherits("QQuickAbstractButton")) continue;
        auto* face = QAccessible::queryAccessibleInterface(item);
        if (!face || face->text(QAccessible::Name) != name) continue;
        scroll_to(item);
        QTest::mouseClick(window_, Qt::LeftButton, Qt::NoModifier, item->mapRectToScene(item->boundingRect()).center().toPoint());
        return true;
    }
    return false;
}

void Wizard::scroll_to(QQuickItem* item)
{
    for (auto* above = item->parentItem(); above; above = above->parentItem()) {
        if (!above->inherits("QQuickFlickable")) continue;
        auto* content = above->property("contentItem").value<QQuickItem*>();
        const auto place = item->mapRectToItem(content, item->boundingRect());
        const auto from = above->property("contentY").toReal();
        if (place.top() >= from && place.bottom() <= from + above->height()) return;
        const auto last = std::max<qreal>(0, above->property("contentHeight").toReal() - above->height());
        above->setProperty("contentY", std::clamp<qreal>(place.center().y() - above->height() / 2, 0, last));
        return;
    }
}

QString Wizard::description_of_focus() const
{
    auto* item = focused();
    auto* face = item ? QAccessible::queryAccessibleInterface(item) : nullptr;
    return face ? face->text(QAccessible::Description) : QString();
}

bool Wizard::tab_to(const QString& name)
{
    for (int stop = 0; stop < 60; ++stop) {
        if (name_of_focus() == name) return true;
        press(Qt::Key_Tab);
    }
    return false;
}

QList<QQuickItem*> visible_below(QQuickItem* item)
{
    QList<QQuickItem*> found;
    if (!item || !item->isVisible()) return found;
    found.append(item);
    for (auto* child : item->childItems()) found.append(visible_below(child));
    return found;
}

bool Wizard::shows(const QString& text) const
{
    for (auto* item : visible_below(page())) {
        auto shown = item->property("text").toString();
        shown.remove(QChar(0x2060));
        if (shown == text && item->inherits("QQuickText")) return true;
    }
    return false;
}

QImage Wizard::picture(const QString& name, bool moves)
{
    auto image = window_->grabWindow();
    int same = 0;
    const auto rests = [&] {
        auto next = window_->grabWindow();
        same = next == image ? same + 1 : 0;
        image = next;
        return same >= 10;                     // longer than the pause between two steps of an animation
    };
    if (!moves && !QTest::qWaitFor(rests, patience)) qFatal("%s does not come to rest", qPrintable(name));
    const QDir folder(QStringLiteral(PICTURES));
    folder.mkpath(QStringLiteral("."));
    const bool twice = window_->effectiveDevicePixelRatio() > 1.5;
    const auto path = folder.filePath(QStringLiteral("%1-%2%3.png").arg(name, QLatin1String(look_.name), twice ? QStringLiteral("-2x") : QString()));
    if (!image.save(path, "png", 0)) qFatal("%s could not be written", qPrintable(path));
    return image;
}

void Wizard::search(const QString& address)
{
    AT(*this, Address);
    retype(address);
    press(Qt::Key_Return);
    QTRY_VERIFY_WITH_TIMEOUT(journey_->page() != Journey::Page::Address && journey_->page() != Journey::Page::Searching, patience);
    QTRY_VERIFY_WITH_TIMEOUT(at(journey_->page()), patience);
}

void Wizard::sign_in(const QString& with)
{
    AT(*this, SignIn);
    retype(with);
    press(Qt::Key_Return);
    QTRY_VERIFY_WITH_TIMEOUT(!journey_->signInStep()->working(), patience);
}

}
