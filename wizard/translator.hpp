// The pages in the language chosen: the same catalogue that the command line speaks from (helpdesk/language/*.po).
#pragma once

#include <QTranslator>

namespace portolan {

class CatalogueTranslator : public QTranslator {
    Q_OBJECT

public:
    using QTranslator::QTranslator;

    bool isEmpty() const override { return false; }
    /// Null where the catalogue has nothing for `source`, or the language is English: the next translator is asked.
    QString translate(const char* context, const char* source, const char* disambiguation = nullptr, int n = -1) const override;
};

/// Chooses the language of the words and of numbers. To be called before the pages are there.
/// Returns false where there is no such language.
bool speak_everywhere(const std::string& tag);

}
