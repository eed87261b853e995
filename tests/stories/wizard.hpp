// The program as wizard/main.cpp puts it together, offscreen and against the demonstration: keys go in, pages and pictures come out.
#pragma once

#include "wizard/journey.hpp"

#include <QQmlApplicationEngine>
#include <QQuickItem>
#include <QQuickWindow>
#include <QTest>

#include <memory>

namespace portolan::stories {

struct Look {
    const char* name = "light";
    bool dark = false, contrast = false, right_to_left = false;
    int width = 960, height = 640, font = 15;
};

/// Long enough for a sanitized build on a busy machine; a story waits for conditions, so a good run never uses it up.
inline constexpr int patience = 20'000;
inline constexpr auto password = "lighthouse-42";

class Wizard : public QObject {
    Q_OBJECT

public:
    explicit Wizard(const Look& look = {});
    ~Wizard() override;

    Journey& journey() { return *journey_; }
    QQuickWindow& window() { return *window_; }
    QQuickItem* focused() const { return window_->activeFocusItem(); }
    QQuickItem* page() const;                  ///< the page that is shown

    void press(int key, Qt::KeyboardModifiers with = Qt::NoModifier);
    void type(const QString& text);
    /// Selects all that is in the field and types over it.
    void retype(const QString& text);
    /// Tab, until the control of this accessible name has the keyboard; false when a whole round does not meet it.
    bool tab_to(const QString& name);
    /// With the mouse, in the middle of the control of this accessible name.
    bool click(const QString& name);
    QString name_of_focus() const;
    QString description_of_focus() const;
    /// Is this page shown, and has it come to rest?
    bool at(Journey::Page page) const;
    bool shows(const QString& text) const;     ///< somewhere on the visible page, whole
    /// Saved as PICTURES/<name>-<look>.png (-2x where the screen has two pixels for one).
    /// Waits until nothing moves any more, unless the page is one that does.
    QImage picture(const QString& name, bool moves = false);
    /// From the first page: types the address and waits for what the search leads to.
    void search(const QString& address);
    void sign_in(const QString& with = QString::fromLatin1(password));

    /// The URLs that were opened, in place of a browser or a file manager.
    QList<QUrl> opened;
    QString home() const;

public Q_SLOTS:
    void open(const QUrl& url) { opened.append(url); }

private:
    void scroll_to(QQuickItem* item);          ///< as a hand would before it clicks
    Look look_;
    std::unique_ptr<Journey> journey_;
    std::unique_ptr<QQmlApplicationEngine> engine_;
    QQuickWindow* window_ = nullptr;
};

/// Every visible item below this one, in the order they are painted.
QList<QQuickItem*> visible_below(QQuickItem* item);

/// One story by its class name.
struct Story {
    const char* name;
    QObject* (*make)();
};
QList<Story>& all_stories();
template <class T>
struct Told {
    explicit Told(const char* name) { all_stories().append({name, [] () -> QObject* { return new T; }}); }
};

}

/// Waits for a page of the journey at rest.
#define AT(wizard, which) QTRY_VERIFY_WITH_TIMEOUT((wizard).at(portolan::Journey::Page::which), portolan::stories::patience)
