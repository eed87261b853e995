#include "helpdesk/language.hpp"

#include "helpdesk/language_table.hpp"

#include <atomic>
#include <cstdlib>

namespace portolan {

namespace {

std::atomic<const Language*> chosen = nullptr;     // null: English

/// "de_AT.UTF-8@euro" -> "de"
std::string primary(std::string_view tag)
{
    std::string out;
    for (const char c : tag.substr(0, tag.find_first_of("-_.@"))) out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return out;
}

const Language* language_for(std::string_view tag)
{
    const auto all = languages();
    const auto found = std::ranges::find(all, primary(tag), &Language::tag);
    return found == all.end() ? nullptr : &*found;
}

const Translation* entry_for(const Language& language, std::string_view english)
{
    const auto found = std::ranges::lower_bound(language.texts, english, {}, &Translation::english);
    return found == language.texts.end() || found->english != english ? nullptr : &*found;
}

}

bool speak(std::string_view tag)
{
    const auto* language = language_for(tag);
    chosen = language;
    return language || primary(tag) == "en";
}

std::string_view spoken()
{
    const auto* language = chosen.load();
    return language ? language->tag : "en";
}

std::string language_of_environment()
{
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"})
        if (const char* value = std::getenv(name); value && *value) return language_for(value) ? primary(value) : "en";
    return "en";
}

std::vector<std::string_view> languages_spoken()
{
    std::vector<std::string_view> tags{"en"};
    for (const auto& one : languages()) tags.push_back(one.tag);
    std::ranges::sort(tags);
    return tags;
}

std::string_view translated(std::string_view english)
{
    const auto* language = chosen.load();
    const auto* entry = language ? entry_for(*language, english) : nullptr;
    return entry && !entry->forms[0].empty() ? entry->forms[0] : english;
}

std::string translated(std::string_view english, Values values) { return filled(translated(english), std::span(values.begin(), values.size())); }

std::string counted(std::string_view one, std::string_view many, std::uint64_t n, Values values)
{
    const auto* language = chosen.load();
    const auto* entry = language ? entry_for(*language, one) : nullptr;
    const auto form = entry ? entry->forms[language->form(n)] : std::string_view();
    std::vector<Value> all(values);
    all.emplace_back("{n}", std::to_string(n));
    return filled(!form.empty() ? form : n == 1 ? one : many, all);
}

std::string listed(std::span<const std::string> names)
{
    if (names.empty()) return {};
    std::string first;
    for (const auto& name : names.first(names.size() - 1)) first += (first.empty() ? "" : ", ") + name;
    return first.empty() ? names.back() : translated("{first} and {last}", {{"{first}", first}, {"{last}", names.back()}});
}

std::string in_quotes(std::string_view text) { return translated("“{text}”", {{"{text}", std::string(text)}}); }

std::string filled(std::string_view pattern, std::span<const Value> values)
{
    std::string text;
    for (std::size_t i = 0; i < pattern.size();) {
        const auto found = std::ranges::find_if(values, [&](const Value& value) { return pattern.substr(i).starts_with(value.first); });
        if (found == values.end()) text += pattern[i++];
        else {
            text += found->second;
            i += found->first.size();
        }
    }
    return text;
}

}
