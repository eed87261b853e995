#include "profiles/key_file.hpp"

namespace portolan {

std::string key_file_value(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        if (c == '\\') out += "\\\\";
        else if (c == ' ' && out.find_first_not_of("\\s") == std::string::npos) out += "\\s";
        else out += c;
    }
    // What stands at the end would be cut off as well.
    if (out.ends_with(' ')) out.replace(out.size() - 1, 1, "\\s");
    return out;
}

std::string key_file_entry(std::string_view text)
{
    std::string out;
    for (const char c : key_file_value(text)) {
        if (c == ';') out += '\\';
        out += c;
    }
    return out + ";";
}

}
