// Other programs as judges, and a folder that goes away with the test.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace portolan {

struct Finished {
    int status = -1;
    std::string output; ///< both streams
};

/// Runs a program found on PATH and waits for its end.
Finished run_program(const std::vector<std::string>& arguments);

class TemporaryFolder {
public:
    TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder();
    const std::filesystem::path& path() const { return path_; }
    std::string file(const std::string& name, const std::string& content) const; ///< writes it; gives the full path

private:
    std::filesystem::path path_;
};

std::string read_whole(const std::filesystem::path& path);

}
