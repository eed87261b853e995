// The sentences of the pages: each number has its singular, and no page speaks of what is not there.
#include "wizard.hpp"

#include "wizard/english.hpp"

#include <QDir>
#include <QRegularExpression>

namespace portolan::stories {

class Words : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void every_sentence_with_a_number_has_a_singular();
    void nothing_is_offered_that_does_not_exist();
};

namespace {

QString source_of(const QString& page)
{
    QFile file(QDir(QStringLiteral(PAGES)).filePath(page));
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

}

void Words::every_sentence_with_a_number_has_a_singular()
{
    const EnglishSingulars singulars;
    static const QRegularExpression sentence(QStringLiteral("qsTr\\(\"([^\"]*%n[^\"]*)\""));
    QSet<QString> sentences;
    const auto pages = QDir(QStringLiteral(PAGES)).entryList({QStringLiteral("*.qml")});
    QVERIFY(pages.size() > 40);
    for (const auto& page : pages) {
        const auto text = source_of(page);
        QVERIFY2(!text.isEmpty(), qPrintable(page));
        for (auto found = sentence.globalMatch(text); found.hasNext();) {
            const auto many = found.next().captured(1);
            sentences.insert(many);
            QVERIFY2(!singulars.translate("", many.toUtf8().constData(), nullptr, 1).isEmpty(), qPrintable(many));
            QVERIFY(singulars.translate("", many.toUtf8().constData(), nullptr, 2).isEmpty());
        }
    }
    QCOMPARE(sentences.size(), EnglishSingulars::count());
}

void Words::nothing_is_offered_that_does_not_exist()
{
    for (const auto& page : QDir(QStringLiteral(PAGES)).entryList({QStringLiteral("*.qml")}))
        for (const auto* absent : {"Keep in step", "\"Details\"", "Scan a code"})
            QVERIFY2(!source_of(page).contains(QString::fromLatin1(absent)), qPrintable(page));
}

static const Told<Words> told("Words");

}

#include "words.moc"
