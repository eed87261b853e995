// The Date field of an HTTP answer.
#include "probe/net/http_date.hpp"
#include "tests/fuzz/promise.hpp"

#include <cstdint>

using namespace portolan;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto text = text_of(data, size);
    const auto date = read_http_date(text);
    promise(!date || text.size() == 29, "a date has one form");
    using namespace std::chrono;
    const auto year = date ? int(year_month_day(floor<days>(*date)).year()) : 1970;
    promise(year >= 1970 && year <= 2262, "a date that the clock can hold");
    return 0;
}
