// What SRV and the TXT record beside it say of a service that is reached by HTTP (RFC 6764).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace portolan {

/// The context path of the first record that has one ("path=/dav/", RFC 6764 §4). The records are those of the SRV record's own name, their
/// strings joined. `path` has to be the first key but for "txtvers" (RFC 6763 §6.7); what follows it in strings of their own is not told
/// apart. nothing where none is named; `refused` is set where one is named that cannot be used: not absolute, not plain, or leading
/// elsewhere.
std::optional<std::string> dav_path(const std::vector<std::string>& records, bool& refused);

} // namespace portolan
