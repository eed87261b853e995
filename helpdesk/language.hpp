// The one place where words change language. English stands in the sources; what has no translation stays English.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Source texts are English; helpdesk/language/catalogue.py collects what stands in this mark, in translated("…") and in counted("…", "…").
#define PORTOLAN_TR(text) text

namespace portolan {

/// "{host}" -> "imap.example.org". A value is put in as it is: braces in it mean nothing.
using Value = std::pair<std::string_view, std::string>;
using Values = std::initializer_list<Value>;

/// The language from here on: a tag or a locale ("de", "de-AT", "de_AT.UTF-8"). Returns false where there is none, and English stays.
/// To be called before other threads ask for words.
bool speak(std::string_view tag);
std::string_view spoken();                     ///< "en", "de", …
/// LC_ALL, LC_MESSAGES, LANG: the first that is not empty (POSIX, XBD 8.2). "C", "POSIX" and languages that we have not are "en".
std::string language_of_environment();
/// "en" and those that are compiled in.
std::vector<std::string_view> languages_spoken();

std::string_view translated(std::string_view english);
std::string translated(std::string_view english, Values values);
/// What is said of `n` things, by the language's own rule; {n} is the number.
std::string counted(std::string_view one, std::string_view many, std::uint64_t n, Values values = {});
/// A list for a sentence: "a", "a and b", "a, b and c".
std::string listed(std::span<const std::string> names);
/// In the language's quotation marks.
std::string in_quotes(std::string_view text);

std::string filled(std::string_view pattern, std::span<const Value> values);

}
