// The languages that are compiled in; the tables are made from helpdesk/language/*.po when the program is built.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace portolan {

struct Translation {
    std::string_view english;                  ///< of a text that counts: what is said of one
    std::array<std::string_view, 4> forms;     ///< the first alone, unless the text counts something
};

struct Language {
    std::string_view tag;                      ///< "de"
    std::span<const Translation> texts;        ///< sorted by the bytes of the English
    std::size_t (*form)(std::uint64_t n);      ///< which form is said of n things
};

std::span<const Language> languages();

}
