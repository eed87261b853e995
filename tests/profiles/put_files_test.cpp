// Files on disk: all or none, never over somebody's file, never through a link.
#include "profiles/writer.hpp"
#include "tests/profiles/process.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <csignal>
#include <initializer_list>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace portolan;
namespace fs = std::filesystem;

namespace {

/// Everything below a folder: paths, what they are, modes and contents; the folder itself is not among it.
std::vector<std::string> everything_in(const fs::path& folder)
{
    std::vector<std::string> all;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        struct stat found{};
        REQUIRE(lstat(entry.path().c_str(), &found) == 0);
        auto line = fs::relative(entry.path(), folder).string() +
                    (S_ISDIR(found.st_mode)   ? "/"
                     : S_ISLNK(found.st_mode) ? " link"
                                              : "") +
                    " " + std::to_string(found.st_mode & 0777);
        if (S_ISREG(found.st_mode)) line += " " + read_whole(entry.path());
        all.push_back(line);
    }
    std::ranges::sort(all);
    return all;
}

std::vector<WrittenFile> three_files()
{
    return {{"one/a.xml", "first"}, {"one/deep/b.reg", std::string("\xff\xfe\0x", 4)}, {"c.html", "third", 0640}};
}

/// For code that must meet a folder it may not write to: root may write everywhere.
class AsNobody {
public:
    AsNobody()
    {
        if (geteuid() == 0) REQUIRE(seteuid(65534) == 0);
    }
    AsNobody(const AsNobody&) = delete;
    AsNobody& operator=(const AsNobody&) = delete;
    ~AsNobody()
    {
        if (getuid() == 0) CHECK(seteuid(0) == 0);
    }
};

class SmallestFiles {
public:
    explicit SmallestFiles(rlim_t bytes)
    {
        REQUIRE(getrlimit(RLIMIT_FSIZE, &before_) == 0);
        handler_ = std::signal(SIGXFSZ, SIG_IGN);
        const rlimit less{bytes, before_.rlim_max};
        REQUIRE(setrlimit(RLIMIT_FSIZE, &less) == 0);
    }
    SmallestFiles(const SmallestFiles&) = delete;
    SmallestFiles& operator=(const SmallestFiles&) = delete;
    ~SmallestFiles()
    {
        CHECK(setrlimit(RLIMIT_FSIZE, &before_) == 0);
        std::signal(SIGXFSZ, handler_);
    }

private:
    rlimit before_{};
    void (*handler_)(int) = SIG_DFL;
};

void check_failed(const Written<std::vector<std::string>>& put, WriteProblem problem, const fs::path& path)
{
    REQUIRE(!put);
    CHECK(put.error().problem == problem);
    CHECK(put.error().field == path.string());
}

}

TEST_CASE("files and missing folders are made, for the owner alone whatever the umask says, and nothing else")
{
    for (const mode_t mask : {0u, 022u, 077u}) {
        const TemporaryFolder folder;
        const auto target = folder.path() / "new" / "target";
        const auto before = umask(mask);
        const auto put = put_files(target, three_files(), false);
        umask(before);
        REQUIRE(put);
        CHECK((*put == std::vector<std::string>{target / "one/a.xml", target / "one/deep/b.reg", target / "c.html"}));
        CHECK((everything_in(folder.path()) == std::vector<std::string>{"new/ 448", "new/target/ 448", "new/target/c.html 416 third",
                                                                        "new/target/one/ 448", "new/target/one/a.xml 384 first",
                                                                        "new/target/one/deep/ 448",
                                                                        "new/target/one/deep/b.reg 384 " + std::string("\xff\xfe\0x", 4)}));
    }
}

TEST_CASE("a file that is there stops everything, unless it may be overwritten")
{
    const TemporaryFolder folder;
    fs::create_directories(folder.path() / "one" / "deep");
    folder.file("c.html", "mine");
    folder.file("other", "mine too");
    fs::permissions(folder.path() / "c.html", fs::perms(0644));
    const auto before = everything_in(folder.path());
    check_failed(put_files(folder.path(), three_files(), false), WriteProblem::path_exists, folder.path() / "c.html");
    CHECK(everything_in(folder.path()) == before); // the empty folders that were there as well

    const auto put = put_files(folder.path(), three_files(), true);
    REQUIRE(put);
    CHECK(read_whole(folder.path() / "c.html") == "third");
    CHECK(everything_in(folder.path()).size() == 6);
    CHECK(fs::status(folder.path() / "c.html").permissions() == fs::perms(0640));
    REQUIRE(put_files(folder.path(), three_files(), true));
    CHECK(everything_in(folder.path()).size() == 6);
}

TEST_CASE("nothing is written through a symbolic link, to a file or to a folder, dangling or not")
{
    for (const bool overwrite : {false, true}) {
        const TemporaryFolder folder, elsewhere;
        const auto secret = elsewhere.file("secret", "secret");
        const auto target = folder.path() / "target";
        const auto attempt = [&](const char* link, const fs::path& to, const char* at_fault) {
            CAPTURE(link);
            fs::create_directories(target);
            fs::create_symlink(to, target / link);
            const auto before = everything_in(folder.path()), outside = everything_in(elsewhere.path());
            check_failed(put_files(target, three_files(), overwrite),
                         overwrite || std::string_view(link) == "one" ? WriteProblem::cannot_write : WriteProblem::path_exists,
                         target / at_fault);
            CHECK(everything_in(folder.path()) == before);
            CHECK(everything_in(elsewhere.path()) == outside);
            fs::remove_all(target);
        };
        attempt("c.html", secret, "c.html");
        attempt("c.html", elsewhere.path() / "not-there", "c.html");
        attempt("one", elsewhere.path(), "one/a.xml");
        attempt("one", elsewhere.path() / "not-there", "one/a.xml");
    }
}

TEST_CASE("the folder itself may be a link that its owner made")
{
    const TemporaryFolder folder;
    fs::create_directory(folder.path() / "real");
    fs::create_symlink("real", folder.path() / "link");
    REQUIRE(put_files(folder.path() / "link", three_files(), false));
    CHECK(read_whole(folder.path() / "real" / "c.html") == "third");
    fs::create_symlink("nowhere", folder.path() / "dangling");
    check_failed(put_files(folder.path() / "dangling", three_files(), false), WriteProblem::cannot_write, folder.path() / "dangling");
    CHECK(!fs::exists(folder.path() / "nowhere"));
}

TEST_CASE("a folder that cannot be written to is named, and nothing is left behind")
{
    const TemporaryFolder folder;
    fs::permissions(folder.path(), fs::perms(0755));
    fs::create_directory(folder.path() / "closed");
    fs::permissions(folder.path() / "closed", fs::perms(0555));
    folder.file("file", "a file");
    const auto before = everything_in(folder.path());
    {
        const AsNobody nobody;
        check_failed(put_files(folder.path() / "closed", three_files(), false), WriteProblem::cannot_write,
                     folder.path() / "closed" / "one/a.xml");
        check_failed(put_files(folder.path() / "closed" / "new" / "target", three_files(), false), WriteProblem::cannot_write,
                     folder.path() / "closed" / "new" / "target");
    }
    check_failed(put_files(folder.path() / "file" / "target", three_files(), false), WriteProblem::cannot_write,
                 folder.path() / "file" / "target");
    check_failed(put_files("", three_files(), false), WriteProblem::cannot_write, "");
    check_failed(put_files("/proc/portolan", three_files(), false), WriteProblem::cannot_write, "/proc/portolan");
    CHECK(everything_in(folder.path()) == before);
}

TEST_CASE("a folder that may be passed through but not listed is no obstacle")
{
    const TemporaryFolder folder;
    fs::permissions(folder.path(), fs::perms(0711));
    fs::create_directory(folder.path() / "home");
    fs::permissions(folder.path() / "home", fs::perms(0777));
    const AsNobody nobody;
    CHECK(put_files(folder.path() / "home", three_files(), false).has_value());
}

TEST_CASE("a write that fails half-way leaves nothing, and what was to be replaced as it was")
{
    for (const bool overwrite : {false, true}) {
        const TemporaryFolder folder;
        if (overwrite) {
            fs::create_directory(folder.path() / "one");
            folder.file("one/a.xml", "old");
        }
        const auto before = everything_in(folder.path());
        auto files = three_files();
        files[1].content.assign(5000, 'x');
        {
            const SmallestFiles limit(1000);
            check_failed(put_files(folder.path(), files, overwrite), WriteProblem::cannot_write, folder.path() / "one/deep/b.reg");
            check_failed(put_files(folder.path() / "new" / "target", files, overwrite), WriteProblem::cannot_write,
                         folder.path() / "new" / "target" / "one/deep/b.reg");
        }
        CHECK(everything_in(folder.path()) == before);
    }
}

TEST_CASE("a failure at the last move puts back what was replaced before it")
{
    const TemporaryFolder folder;
    folder.file("a", "old a");
    // The same new path twice: the second one is found out only when it is moved.
    const std::vector<WrittenFile> files{{"a", "new a"}, {"b", "b"}, {"b", "b again"}};
    check_failed(put_files(folder.path(), files, true), WriteProblem::path_exists, folder.path() / "b");
    CHECK((everything_in(folder.path()) == std::vector<std::string>{"a 420 old a"}));
}

TEST_CASE("a folder where the file should be is not replaced, even when files may be")
{
    const TemporaryFolder folder;
    fs::create_directory(folder.path() / "c.html");
    check_failed(put_files(folder.path(), three_files(), true), WriteProblem::cannot_write, folder.path() / "c.html");
    check_failed(put_files(folder.path(), three_files(), false), WriteProblem::path_exists, folder.path() / "c.html");
    CHECK((everything_in(folder.path()) == std::vector<std::string>{"c.html/ 493"}));
}

TEST_CASE("a path that leads out of the folder is refused before anything is written")
{
    const TemporaryFolder folder;
    const auto target = folder.path() / "target";
    for (const auto& path :
         std::initializer_list<std::string>{"../out", "a/../../out", "/etc/out", "a//b", "", ".", "a/.", "a/", std::string("a\0b", 3)}) {
        CAPTURE(path);
        const std::vector<WrittenFile> files{{"good", "good"}, {path, "bad"}};
        const auto put = put_files(target, files, true);
        REQUIRE(!put);
        CHECK(put.error().problem == WriteProblem::cannot_write);
        CHECK(everything_in(folder.path()).empty());
    }
}

TEST_CASE("no files is a success that makes the folder")
{
    const TemporaryFolder folder;
    CHECK(put_files(folder.path() / "new", {}, false).has_value());
    CHECK((everything_in(folder.path()) == std::vector<std::string>{"new/ 448"}));
}
