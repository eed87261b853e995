// test_stories STORY [QtTest's own arguments]: one story a run; without an argument, the names of all.
#include "wizard.hpp"

#include "wizard/english.hpp"

#include <QGuiApplication>
#include <QQuickStyle>
#include <QStyleHints>
#include <QTemporaryDir>

#include <cstdio>

/// What Qt and fontconfig keep until the process ends is not ours to free.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libQt6\nleak:libfontconfig\n"; }

int main(int argc, char* argv[])
{
    QTemporaryDir home;                        // files go below its Documents
    qputenv("HOME", home.path().toLocal8Bit());
    qunsetenv("XDG_CONFIG_HOME");
    qputenv("XDG_RUNTIME_DIR", home.path().toLocal8Bit());
    qputenv("QT_QPA_PLATFORM", "offscreen");
    qputenv("QT_QUICK_BACKEND", "software");
    qputenv("QT_FONT_DPI", "96");
    qputenv("LC_ALL", "C.UTF-8");
    qputenv("QTEST_DISABLE_STACK_DUMP", "1");
    QGuiApplication program(argc, argv);
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedKingdom));
    QGuiApplication::styleHints()->setCursorFlashTime(0);
    QQuickStyle::setStyle(QStringLiteral("Basic"));
    portolan::EnglishSingulars singulars;
    QCoreApplication::installTranslator(&singulars);

    if (argc < 2) {
        for (const auto& story : portolan::stories::all_stories()) std::puts(story.name);
        return 0;
    }
    for (const auto& story : portolan::stories::all_stories()) {
        if (qstrcmp(story.name, argv[1]) != 0) continue;
        const std::unique_ptr<QObject> told(story.make());
        argv[1] = argv[0];
        return QTest::qExec(told.get(), argc - 1, argv + 1);
    }
    std::fprintf(stderr, "test_stories: there is no story %s\n", argv[1]);
    return 2;
}
