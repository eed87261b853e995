// Runs an entry on every file of the folders given, and on what cuts and single changed bytes make of each. Says which file it is at, so
// that a crash has a name.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

std::size_t runs = 0;

void run(const std::string& bytes)
{
    // A buffer of exactly this size on the heap: one byte too far is seen by the address sanitizer.
    const std::vector<std::uint8_t> exact(bytes.begin(), bytes.end());
    LLVMFuzzerTestOneInput(exact.data(), exact.size());
    ++runs;
}

void run_with_edits(const std::string& bytes)
{
    run(bytes);
    const auto step = std::max<std::size_t>(1, bytes.size() / 200);
    for (std::size_t cut = 0; cut < bytes.size(); cut += step) run(bytes.substr(0, cut));
    for (std::size_t at = 0; at < bytes.size(); at += step) {
        for (const char put : {'\0', '\n', '"', '<', '%', '\xff'}) {
            auto edited = bytes;
            edited[at] = put;
            run(edited);
        }
        auto missing = bytes, doubled = bytes;
        missing.erase(at, 1);
        doubled.insert(at, 1, bytes[at]);
        run(missing);
        run(doubled);
    }
}

}

int main(int count, char** arguments)
{
    std::vector<std::filesystem::path> files;
    for (int i = 1; i < count; ++i)
        for (const auto& entry : std::filesystem::directory_iterator(arguments[i])) files.push_back(entry.path());
    std::ranges::sort(files);
    if (files.empty()) {
        std::fprintf(stderr, "usage: %s FOLDER… (with at least one file)\n", arguments[0]);
        return 2;
    }
    for (const auto& file : files) {
        std::fprintf(stderr, "%s\n", file.c_str());
        std::ifstream in(file, std::ios::binary);
        run_with_edits({std::istreambuf_iterator<char>(in), {}});
    }
    std::printf("%zu files, %zu runs\n", files.size(), runs);
}
