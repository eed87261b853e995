// Text in columns for a terminal: widths are counted in characters, lines break between words.
#pragma once

#include <string>
#include <string_view>

namespace portolan {

inline constexpr std::size_t page_width = 100;

/// Characters, not bytes (no character that Portolan writes is wider than one column).
std::size_t columns_of(std::string_view text);
std::string padded(std::string text, std::size_t columns);
/// At most so many characters of it.
std::string shortened(std::string_view text, std::size_t columns);
/// `text` from column `indent` on; further lines are indented as far.
std::string wrapped(std::string_view text, std::size_t indent);

}
