#include "helpdesk/layout.hpp"

#include <sstream>

namespace portolan {

std::size_t columns_of(std::string_view text)
{
    std::size_t columns = 0;
    for (const unsigned char c : text) columns += (c & 0xc0) != 0x80;
    return columns;
}

std::string padded(std::string text, std::size_t columns)
{
    const auto width = columns_of(text);
    return text + std::string(width < columns ? columns - width : 0, ' ');
}

std::string shortened(std::string_view text, std::size_t columns)
{
    std::size_t end = 0;
    for (std::size_t taken = 0; end < text.size(); ++end) {
        const bool begins = (static_cast<unsigned char>(text[end]) & 0xc0) != 0x80;
        if (begins && taken++ == columns) break;
    }
    return std::string(text.substr(0, end));
}

std::string wrapped(std::string_view text, std::size_t indent)
{
    std::string out, line;
    std::istringstream words{std::string(text)};
    for (std::string word; words >> word;) {
        if (!line.empty() && indent + columns_of(line) + 1 + columns_of(word) > page_width) {
            out += line + "\n" + std::string(indent, ' ');
            line.clear();
        }
        line += (line.empty() ? "" : " ") + word;
    }
    return out + line;
}

}
