// What `--account` takes, and what the writers make of it: they write it or refuse it, but never find that it did not read back.
#include "probe/report.hpp"
#include "profiles/writer.hpp"
#include "tests/fuzz/promise.hpp"

#include <cstdint>

using namespace portolan;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto account = account_from_json(text_of(data, size));
    if (!account) {
        promise(!account.error().empty(), "every failure names a key");
        return 0;
    }
    promise(account->name.find('\0') == std::string::npos, "no NUL");
    for (const auto& service : account->account.services) promise(!service.host.empty() && service.port != 0, "an endpoint");
    for (const auto& target : targets()) {
        const auto files = target.write(*account, {});
        if (!files) {
            promise(files.error().problem != WriteProblem::read_back_differs, "what is written reads back");
            promise(!files.error().field.empty(), "a refusal names the field");
            continue;
        }
        for (const auto& file : *files) {
            promise(!file.content.empty(), "no empty file");
            promise(is_plain(file.path) && !file.path.starts_with('/') && file.path.find("/.") == std::string::npos,
                    "paths stay in the folder");
        }
    }
    return 0;
}
