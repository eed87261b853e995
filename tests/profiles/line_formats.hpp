// Strict readers of the formats that programs of the command line read, written from their manuals: what a value is after their own unquoting.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace portolan {

/// Settings by name, in the last place that sets them; "SECTION/name" where the format has sections. Throws std::runtime_error where the program
/// would complain.
using Settings = std::map<std::string, std::string>;

Settings read_mbsync(std::string_view text);        ///< names of sections are the kind and the name: "IMAPAccount x/User"
Settings read_msmtp(std::string_view text);
Settings read_mutt(std::string_view text);          ///< what stands in backticks stays as it is
Settings read_ini(std::string_view text);           ///< Python's configparser without interpolation
Settings read_go_ini(std::string_view text);        ///< go-ini, as aerc uses it
Settings read_key_file(std::string_view text);      ///< GKeyFile
Settings read_toml(std::string_view text);          ///< tables and basic strings
std::vector<std::string> fetchmail_words(std::string_view text);
/// "Name <address>" with encoded words in base64 (RFC 2047).
std::string name_of_mailbox(std::string_view mailbox);
std::string percent_decoded(std::string_view text);

}
