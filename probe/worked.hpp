// What worked last, by domain, in a file of the user's cache folder: only where the user asked for it, and never an address, a user name or a
// password. It makes the next search start sooner; it is no evidence.
#pragma once

#include "probe/report.hpp"

#include <filesystem>

namespace portolan {

/// $XDG_CACHE_HOME/portolan/worked.json, or below ~/.cache; nothing where neither is an absolute path (XDG Base Directory Specification).
std::optional<std::filesystem::path> worked_file();

/// The encrypted mail servers that worked for `domain` at most 90 days ago: kind, host, port and security alone. Empty for a file that is not there
/// or cannot be read (at most 1 MiB): it is a cache.
std::vector<Service> worked_before(const std::filesystem::path& file, const Hostname& domain, std::chrono::system_clock::time_point now);

/// The same from the file's text.
std::vector<Service> read_worked_before(std::string_view text, const Hostname& domain, std::chrono::system_clock::time_point now);

/// Keeps what works in `report`; its domain is left alone where nothing does. Of 200 domains the oldest goes. The folder is made with 0700, the file is
/// replaced as a whole, with 0600. false: it could not be written.
bool keep_what_worked(const std::filesystem::path& file, const Report& report, std::chrono::system_clock::time_point now);

}
