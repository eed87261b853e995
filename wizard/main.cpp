// The wizard's composition root: which world, which look, and the first window.
#include "helpdesk/language.hpp"
#include "helpdesk/options.hpp"
#include "probe/account/secret.hpp"
#include "wizard/english.hpp"
#include "wizard/host_parts.hpp"
#include "wizard/journey.hpp"
#include "wizard/translator.hpp"

#include <QCommandLineParser>
#include <QGuiApplication>
#include <QIcon>
#include <QQmlApplicationEngine>
#include <QQuickStyle>
#include <QQuickWindow>

int main(int argc, char* argv[])
{
    portolan::leave_no_core_file();            // passwords are typed here (design section 4, rule 21)
    QGuiApplication program(argc, argv);
    QGuiApplication::setApplicationName(QStringLiteral("portolan-wizard"));
    QGuiApplication::setApplicationDisplayName(QStringLiteral("Portolan"));
    QGuiApplication::setApplicationVersion(QStringLiteral(PORTOLAN_VERSION));
    QGuiApplication::setDesktopFileName(QStringLiteral("portolan"));

    portolan::EnglishSingulars singulars;
    QCoreApplication::installTranslator(&singulars);
    portolan::CatalogueTranslator catalogue;   // asked before the English singulars
    QCoreApplication::installTranslator(&catalogue);
    const bool language_known = portolan::speak_everywhere(portolan::language_wanted(argc, argv));

    QCommandLineParser options;
    options.setApplicationDescription(QCoreApplication::translate(
        "main", "Finds the servers of an email address, proves that they work, and sets up your mail programs."));
    options.addHelpOption();
    options.addVersionOption();
    options.addPositionalArgument(QStringLiteral("ADDRESS"), QCoreApplication::translate("main", "the address to start with"),
                                  QStringLiteral("[ADDRESS]"));
    const QCommandLineOption demo(
        QStringLiteral("demo"),
        QCoreApplication::translate("main", "use the built-in demonstration servers; nothing leaves this computer"));
    const QCommandLineOption dark(QStringLiteral("dark"), QCoreApplication::translate("main", "the dark look, whatever the desktop says"));
    const QCommandLineOption light(QStringLiteral("light"),
                                   QCoreApplication::translate("main", "the light look, whatever the desktop says"));
    const QCommandLineOption contrast(QStringLiteral("contrast"), QCoreApplication::translate("main", "high contrast"));
    const QCommandLineOption resolver(QStringLiteral("resolver"),
                                      QCoreApplication::translate("main", "ask this DNS server (may be given more than once)"),
                                      QStringLiteral("IP[:PORT]"));
    const QCommandLineOption anchors(
        QStringLiteral("ca-file"), QCoreApplication::translate("main", "also trust the certificates in this file"), QStringLiteral("PEM"));
    const QCommandLineOption first_frame(
        QStringLiteral("first-frame"),
        QCoreApplication::translate("main", "end as soon as the first picture is on the screen; for measuring the start"));
    const QCommandLineOption remember(
        QStringLiteral("remember"),
        QCoreApplication::translate("main", "keep which servers worked, by domain, in your cache folder, and try those first next time"));
    const QCommandLineOption language(
        QStringLiteral("language"),
        QCoreApplication::translate("main", "of the pages: de, en or fr; else what LC_ALL, LC_MESSAGES or LANG say"), QStringLiteral("TAG"));
    options.addOptions({demo, dark, light, contrast, resolver, anchors, remember, language, first_frame});
    options.process(program);
    if (options.isSet(language) && !language_known) {
        std::string known;
        for (const auto one : portolan::languages_spoken()) known += (known.empty() ? "" : ", ") + std::string(one);
        std::fprintf(stderr, "portolan-wizard: there is no language %s; there are %s\n",
                     portolan::in_quotes(portolan::clean_server_text(options.value(language).toStdString(), 80)).c_str(), known.c_str());
        return 2;
    }
    if (options.positionalArguments().size() > 1) {
        fputs("portolan-wizard: one address at most; see --help\n", stderr);
        return 2;
    }

    portolan::EngineOptions engine_options;
    engine_options.demonstration = options.isSet(demo);
    engine_options.remember = options.isSet(remember);
    for (const auto& one : options.values(resolver)) engine_options.resolvers.push_back(one.toStdString());
    for (const auto& one : options.values(anchors)) engine_options.ca_files.push_back(one.toStdString());

    QQuickStyle::setStyle(QStringLiteral("Basic"));
    portolan::Journey journey(std::move(engine_options));
    if (!options.positionalArguments().isEmpty()) journey.addressStep()->setAddress(options.positionalArguments().constFirst());
    QObject::connect(&journey, &portolan::Journey::closed, &program, &QCoreApplication::quit);

    QQmlApplicationEngine pages;
    pages.addImportPath(QStringLiteral(":/qt/qml"));
    pages.setInitialProperties({
        {QStringLiteral("journey"), QVariant::fromValue(&journey)},
        {QStringLiteral("look"), options.isSet(dark) ? 2 : options.isSet(light) ? 1 : 0},
        {QStringLiteral("highContrast"), options.isSet(contrast)},
    });
    pages.load(QUrl(QStringLiteral("qrc:/qt/qml/Portolan/Main.qml")));
    if (pages.rootObjects().isEmpty()) return 70;
    if (const auto* window = qobject_cast<QQuickWindow*>(pages.rootObjects().constFirst())) {
        if (options.isSet(first_frame)) QObject::connect(window, &QQuickWindow::frameSwapped, &program, &QCoreApplication::quit, Qt::QueuedConnection);
        // An icon opens every picture format's plugin: the first picture does not wait for it.
        QObject::connect(window, &QQuickWindow::frameSwapped, &program, [] {
            if (QGuiApplication::windowIcon().isNull()) QGuiApplication::setWindowIcon(QIcon(QStringLiteral(":/qt/qml/Portolan/pictures/app-icon.svg")));
        }, Qt::QueuedConnection);
    }
    return QGuiApplication::exec();
}
