// Thunderbird's prefs.js, read strictly: one whole user_pref a line, every name once, the type of each value kept apart.
#pragma once

#include <expected>
#include <map>
#include <string>
#include <string_view>
#include <variant>

namespace portolan {

using PreferenceValue = std::variant<bool, int, std::string>;
using Preferences = std::map<std::string, PreferenceValue>;

/// Lines end in LF; a line is empty, a // comment or `user_pref("name", value);`. Strings know \" \\ \n \r \uXXXX and hold no raw control
/// character. The error is the line's number and what is wrong with it.
std::expected<Preferences, std::string> read_preferences(std::string_view file);

}
