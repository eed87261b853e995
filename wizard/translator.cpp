#include "wizard/translator.hpp"

#include "helpdesk/language.hpp"
#include "wizard/host_parts.hpp"

#include <QLocale>

namespace portolan {

QString CatalogueTranslator::translate(const char*, const char* source, const char*, int n) const
{
    if (!source) return {};
    const std::string_view english(source);
    const auto text = n < 0 ? std::string(translated(english)) : counted(english, english, static_cast<std::uint64_t>(n));
    return text == english ? QString() : text_of(text);
}

bool speak_everywhere(const std::string& tag)
{
    const bool known = speak(tag);
    const QLocale chosen(text_of(spoken()));
    if (QLocale().language() != chosen.language()) QLocale::setDefault(chosen);
    return known;
}

}
