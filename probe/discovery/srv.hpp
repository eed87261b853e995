// What SRV and the TXT record beside it say of a service that is reached by HTTP (RFC 6764).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace portolan {

/// The context path in the first string that has one ("path=/dav/", RFC 6764 §4). The strings are those of the TXT records at the SRV record's
/// own name, each a key and its value (RFC 6763 §6.1). nothing where none is named; `refused` is set where one is named that cannot be used:
/// not absolute, not plain, or leading elsewhere.
std::optional<std::string> dav_path(const std::vector<std::string>& strings, bool& refused);

} // namespace portolan
