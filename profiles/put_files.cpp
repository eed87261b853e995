// Files on disk: atomically, 0600, never through a link, never over somebody's file.
#include "profiles/writer.hpp"

#include <cerrno>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

namespace portolan {

namespace {

class Folder {
public:
    explicit Folder(int fd) : fd_(fd) {}
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder()
    {
        if (fd_ >= 0) close(fd_);
    }
    int fd() const { return fd_; }

private:
    int fd_;
};

WriteFailure cannot(const std::string& path) { return {WriteProblem::cannot_write, path}; }

/// Opens `name` below `parent`, making it when it is missing; a link in its place is refused.
int open_below(int parent, const std::string& name)
{
    if (mkdirat(parent, name.c_str(), 0700) != 0 && errno != EEXIST) return -1;
    return openat(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

bool write_whole(int fd, std::string_view bytes)
{
    while (!bytes.empty()) {
        const auto put = write(fd, bytes.data(), bytes.size());
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(put));
    }
    return fsync(fd) == 0;
}

Written<void> put_one(int folder, const std::string& name, const WrittenFile& file, const std::string& shown, bool overwrite)
{
    struct stat there{};
    if (fstatat(folder, name.c_str(), &there, AT_SYMLINK_NOFOLLOW) == 0) {
        if (!overwrite) return std::unexpected(WriteFailure{WriteProblem::path_exists, shown});
        if (!S_ISREG(there.st_mode)) return std::unexpected(cannot(shown));
    }
    const auto temporary = ".portolan-" + std::to_string(getpid()) + "-" + std::to_string(std::hash<std::string>{}(shown)) + ".new";
    const int fd = openat(folder, temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, file.mode);
    if (fd < 0) return std::unexpected(cannot(shown));
    const bool written = write_whole(fd, file.content);
    close(fd);
    // RENAME_NOREPLACE: a file that appeared in the meantime stays.
    const int moved = !written ? -1 : overwrite ? renameat(folder, temporary.c_str(), folder, name.c_str()) : renameat2(folder, temporary.c_str(), folder, name.c_str(), RENAME_NOREPLACE);
    if (moved == 0) return {};
    const bool exists = written && errno == EEXIST;
    unlinkat(folder, temporary.c_str(), 0);
    return std::unexpected(exists ? WriteFailure{WriteProblem::path_exists, shown} : cannot(shown));
}

}

Written<std::vector<std::string>> put_files(const std::filesystem::path& folder, std::span<const WrittenFile> files, bool overwrite)
{
    std::error_code error;
    const bool made_folder = !std::filesystem::exists(folder, error) && !error;
    if (made_folder && (!std::filesystem::create_directories(folder, error) || error)) return std::unexpected(cannot(folder.string()));
    if (made_folder) chmod(folder.c_str(), 0700);
    const Folder root(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (root.fd() < 0) return std::unexpected(cannot(folder.string()));

    std::vector<std::string> paths, made;
    const auto take_back = [&] {
        for (const auto& path : made) unlink(path.c_str());
        for (const auto& file : files)                                 // only folders that are empty again go
            for (auto parent = std::filesystem::path(file.path).parent_path(); !parent.empty(); parent = parent.parent_path()) rmdir((folder / parent).c_str());
        if (made_folder) rmdir(folder.c_str());
    };
    for (const auto& file : files) {
        const auto shown = (folder / file.path).string();
        std::unique_ptr<Folder> below;
        std::string rest = file.path;
        int parent = root.fd();
        for (auto slash = rest.find('/'); slash != std::string::npos; slash = rest.find('/')) {
            auto next = std::make_unique<Folder>(open_below(parent, rest.substr(0, slash)));
            if (next->fd() < 0) {
                take_back();
                return std::unexpected(cannot(shown));
            }
            below = std::move(next);
            parent = below->fd();
            rest.erase(0, slash + 1);
        }
        const bool was_there = faccessat(parent, rest.c_str(), F_OK, AT_SYMLINK_NOFOLLOW) == 0;
        if (auto put = put_one(parent, rest, file, shown, overwrite); !put) {
            take_back();
            return std::unexpected(put.error());
        }
        if (!was_there) made.push_back(shown);
        paths.push_back(shown);
    }
    return paths;
}

}
