// Key files (GKeyFile): groups of "key=value" in UTF-8, as GLib's programs read them.
#pragma once

#include <string>
#include <string_view>

namespace portolan {

/// A value with '\' and a blank at its start written as GLib reads them back ("\\", "\s"). The text has no control characters.
std::string key_file_value(std::string_view text);
/// The same as the one entry of a list: ';' ends an entry, so it is "\;" inside.
std::string key_file_entry(std::string_view text);

}
