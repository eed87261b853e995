// English has a singular. The sentences in the source are written for many; this translator has those for one.
#pragma once

#include <QTranslator>

namespace portolan {

class EnglishSingulars : public QTranslator {
    Q_OBJECT

public:
    using QTranslator::QTranslator;

    bool isEmpty() const override { return false; }
    /// Null where `source` is no sentence with a number, or the number is not 1: the source stands as it is.
    QString translate(const char* context, const char* source, const char* disambiguation = nullptr, int n = -1) const override;
    static int count();                        ///< of the sentences it has
};

}
