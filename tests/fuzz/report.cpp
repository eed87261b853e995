// A report that is read and written again says the same.
#include "probe/report.hpp"
#include "tests/fuzz/promise.hpp"

#include <cstdint>

using namespace portolan;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto report = report_from_json(text_of(data, size));
    if (!report) {
        promise(!report.error().empty(), "every failure names a key");
        return 0;
    }
    const auto first = to_json(*report);
    const auto again = report_from_json(first);
    promise(again.has_value(), "what is written can be read");
    promise(to_json(*again) == first, "and says the same");
    const int status = exit_status(*report);
    promise(status == 0 || status == 1 || status == 3 || status == 4, "an exit status of the contract");
    return 0;
}
