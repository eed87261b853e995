// Writers: one account, written for one client. They escape by the format's grammar, refuse what it cannot hold, and read back what they wrote.
#pragma once

#include "probe/account/account.hpp"

#include <expected>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace portolan {

struct WrittenFile {
    std::string path;                          ///< relative, '/' between folders
    std::string content;
    unsigned mode = 0600;
};

enum class WriteProblem : std::uint8_t { no_incoming, no_outgoing, no_calendar_or_contacts, service_not_supported, control_character, read_back_differs, bad_signing_key, path_exists, cannot_write };

/// `field` names the value at fault ("username", "name") or the path.
struct WriteFailure {
    WriteProblem problem{};
    std::string field;
};

template <class T>
using Written = std::expected<T, WriteFailure>;

struct SigningKey {
    std::string certificate_pem, key_pem, chain_pem;
};

struct WriteOptions {
    std::string language = "en";
    std::optional<SigningKey> sign;            ///< Apple profiles are signed with it (CMS, attached)
};

/// What `--for` names. Passwords are in no output of any writer.
struct Target {
    std::string_view name;
    Written<std::vector<WrittenFile>> (*write)(const PersonalAccount&, const WriteOptions&);
};

std::span<const Target> targets();             ///< in the order to list them
const Target* find_target(std::string_view name);

Written<std::vector<WrittenFile>> write_apple(const PersonalAccount&, const WriteOptions&);
Written<std::vector<WrittenFile>> write_thunderbird(const PersonalAccount&, const WriteOptions&);
Written<std::vector<WrittenFile>> write_thunderbird_autoconfig(const PersonalAccount&, const WriteOptions&);
Written<std::vector<WrittenFile>> write_outlook(const PersonalAccount&, const WriteOptions&);
Written<std::vector<WrittenFile>> write_mbsync(const PersonalAccount&, const WriteOptions&);
Written<std::vector<WrittenFile>> write_msmtp(const PersonalAccount&, const WriteOptions&);
Written<std::vector<WrittenFile>> write_mutt(const PersonalAccount&, const WriteOptions&);
Written<std::vector<WrittenFile>> write_neomutt(const PersonalAccount&, const WriteOptions&);
Written<std::vector<WrittenFile>> write_aerc(const PersonalAccount&, const WriteOptions&);
Written<std::vector<WrittenFile>> write_himalaya(const PersonalAccount&, const WriteOptions&);
Written<std::vector<WrittenFile>> write_offlineimap(const PersonalAccount&, const WriteOptions&);
Written<std::vector<WrittenFile>> write_fetchmail(const PersonalAccount&, const WriteOptions&);
Written<std::vector<WrittenFile>> write_getmail(const PersonalAccount&, const WriteOptions&);
Written<std::vector<WrittenFile>> write_vdirsyncer(const PersonalAccount&, const WriteOptions&);
Written<std::vector<WrittenFile>> write_evolution(const PersonalAccount&, const WriteOptions&);
Written<std::vector<WrittenFile>> write_geary(const PersonalAccount&, const WriteOptions&);
Written<std::vector<WrittenFile>> write_claws(const PersonalAccount&, const WriteOptions&);
Written<std::vector<WrittenFile>> write_k9(const PersonalAccount&, const WriteOptions&);

/// Writes all of `files` below `folder` (created when missing), each with its mode, through temporary files in the same folders and renames; never
/// through a symbolic link below it, never over a file that is there unless `overwrite`. When one fails, all is as it was: what this call made is taken
/// away again, what it replaced is put back. Returns the full paths in order.
Written<std::vector<std::string>> put_files(const std::filesystem::path& folder, std::span<const WrittenFile> files, bool overwrite);

}
