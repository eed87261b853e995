// Files on disk: all of them or none, 0600, never through a link, never over somebody's file.
#include "profiles/writer.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <memory>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

namespace portolan {

namespace {

WriteFailure cannot(const std::string& path) { return {WriteProblem::cannot_write, path}; }

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
using FolderRef = std::shared_ptr<Folder>;

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

/// Not every file system knows the flags of renameat2 (network ones do not).
bool flags_unknown() { return errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP; }

/// One file on its way: written under a temporary name, then moved, and both can be undone.
class Placed {
public:
    Placed(FolderRef folder, std::string name, std::string shown, std::string temporary)
        : folder_(std::move(folder)), name_(std::move(name)), shown_(std::move(shown)), temporary_(std::move(temporary))
    {
    }

    const std::string& shown() const { return shown_; }

    Written<void> stage(const WrittenFile& file, bool overwrite)
    {
        struct stat there{};
        if (fstatat(at(), name_.c_str(), &there, AT_SYMLINK_NOFOLLOW) == 0) {
            if (!overwrite) return std::unexpected(WriteFailure{WriteProblem::path_exists, shown_});
            if (!S_ISREG(there.st_mode)) return std::unexpected(cannot(shown_));
            replaces_ = true;
        }
        const int fd = openat(at(), temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (fd < 0) return std::unexpected(cannot(shown_));
        staged_ = true;
        const bool written = write_whole(fd, file.content) && fchmod(fd, file.mode) == 0;
        if (close(fd) != 0 || !written) return std::unexpected(cannot(shown_));
        return {};
    }

    Written<void> move()
    {
        // A file that appeared since `stage` stays, and one that is replaced is kept under the temporary name until all is done.
        const unsigned flag = replaces_ ? RENAME_EXCHANGE : RENAME_NOREPLACE;
        bool done = renameat2(at(), temporary_.c_str(), at(), name_.c_str(), flag) == 0;
        if (done) staged_ = replaces_;
        else if (flags_unknown() && !replaces_) {
            done = linkat(at(), temporary_.c_str(), at(), name_.c_str(), 0) == 0;
        } else if (flags_unknown()) {
            done = renameat(at(), temporary_.c_str(), at(), name_.c_str()) == 0;
            if (done) staged_ = final_ = false;
            if (done) return {};
        }
        if (!done) return std::unexpected(errno == EEXIST ? WriteFailure{WriteProblem::path_exists, shown_} : cannot(shown_));
        final_ = true;
        return {};
    }

    void undo()
    {
        if (final_ && replaces_) renameat(at(), temporary_.c_str(), at(), name_.c_str());
        else if (final_) unlinkat(at(), name_.c_str(), 0);
        if (!(final_ && replaces_)) finish();
    }

    /// Takes the temporary name away: the old file, or the second name of the new one.
    void finish()
    {
        if (staged_) unlinkat(at(), temporary_.c_str(), 0);
    }

private:
    int at() const { return folder_->fd(); }

    FolderRef folder_;
    std::string name_, shown_, temporary_;
    bool replaces_ = false, staged_ = false, final_ = false;
};

/// The folders and files of one call; what is not kept goes away with it.
class Batch {
public:
    Batch() = default;
    Batch(const Batch&) = delete;
    Batch& operator=(const Batch&) = delete;
    ~Batch()
    {
        for (auto& file : files_) kept_ ? file.finish() : file.undo();
        if (kept_) return;
        for (auto made = made_.rbegin(); made != made_.rend(); ++made) unlinkat(made->parent->fd(), made->name.c_str(), AT_REMOVEDIR);
    }

    /// Opens `name` below `parent` (to pass through, which needs no right to list it), making it when it is missing. `follow`: a link to a
    /// folder will do (the person named it).
    FolderRef open_below(const FolderRef& parent, const std::string& name, bool follow)
    {
        if (mkdirat(parent->fd(), name.c_str(), 0700) == 0) made_.push_back({parent, name});
        else if (errno != EEXIST && errno != EISDIR) return nullptr;
        auto folder =
            std::make_shared<Folder>(openat(parent->fd(), name.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC | (follow ? 0 : O_NOFOLLOW)));
        return folder->fd() < 0 ? nullptr : folder;
    }

    Placed& add(Placed file) { return files_.emplace_back(std::move(file)); }
    std::vector<Placed>& files() { return files_; }
    void keep() { kept_ = true; }

private:
    struct Made {
        FolderRef parent;
        std::string name;
    };
    std::vector<Made> made_;
    std::vector<Placed> files_;
    bool kept_ = false;
};

/// The folder a person named; every part that is missing is made.
FolderRef open_target(Batch& batch, const std::filesystem::path& folder)
{
    auto at = std::make_shared<Folder>(open(folder.is_absolute() ? "/" : ".", O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (at->fd() < 0) return nullptr;
    for (const auto& part : folder.relative_path()) {
        if (part.empty() || part == ".") continue;
        at = batch.open_below(at, part.string(), true);
        if (!at) return nullptr;
    }
    return at;
}

/// Folders first, the file's name last; empty for a path that leads elsewhere.
std::vector<std::string> parts_of(const std::string& path)
{
    std::vector<std::string> parts;
    for (std::size_t start = 0; start <= path.size();) {
        const auto slash = std::min(path.find('/', start), path.size());
        parts.push_back(path.substr(start, slash - start));
        if (parts.back().empty() || parts.back() == "." || parts.back() == ".." || parts.back().contains('\0')) return {};
        start = slash + 1;
    }
    return parts;
}

}

Written<std::vector<std::string>> put_files(const std::filesystem::path& folder, std::span<const WrittenFile> files, bool overwrite)
{
    Batch batch;
    const auto root = folder.empty() ? nullptr : open_target(batch, folder);
    if (!root) return std::unexpected(cannot(folder.string()));
    std::vector<std::string> paths;
    for (const auto& file : files) {
        const auto shown = (folder / file.path).string();
        auto parts = parts_of(file.path);
        if (parts.empty()) return std::unexpected(cannot(shown));
        const auto name = parts.back();
        parts.pop_back();
        auto below = root;
        for (const auto& part : parts) {
            below = batch.open_below(below, part, false);
            if (!below) return std::unexpected(cannot(shown));
        }
        const auto temporary = ".portolan-" + std::to_string(getpid()) + "-" + std::to_string(paths.size()) + ".new";
        if (auto staged = batch.add(Placed(below, name, shown, temporary)).stage(file, overwrite); !staged)
            return std::unexpected(staged.error());
        paths.push_back(shown);
    }
    for (auto& file : batch.files())
        if (auto moved = file.move(); !moved) return std::unexpected(moved.error());
    batch.keep();
    return paths;
}

}
