#include "probe/net/http_date.hpp"
#include "probe/net/racing.hpp"

#include <doctest/doctest.h>

using namespace portolan;

TEST_CASE("the date of an HTTP answer, in the one form that servers write (RFC 9110 section 5.6.7)")
{
    const auto date = read_http_date("Sun, 06 Nov 1994 08:49:37 GMT");
    REQUIRE(date);
    CHECK(std::chrono::system_clock::to_time_t(*date) == 784111777);
    for (const auto* text : {"", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT",
                             "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 06 Now 1994 08:49:37 GMT", "Sun, 06 Nov 19x4 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT ",
                             "Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 01 Jan 1900 00:00:00 GMT"}) {
        CAPTURE(text);
        CHECK_FALSE(read_http_date(text));
    }
}

TEST_CASE("another computer's time counts while nobody contradicts it")
{
    HostLedger ledger;
    CHECK_FALSE(ledger.time_elsewhere());
    const auto noon = read_http_date("Sun, 06 Nov 1994 12:00:00 GMT").value();
    ledger.told_time(noon);
    CHECK(ledger.time_elsewhere() == noon);
    ledger.told_time(noon + std::chrono::hours(1));
    CHECK(ledger.time_elsewhere() == noon + std::chrono::hours(1));
    ledger.told_time(noon - std::chrono::hours(72));
    CHECK_FALSE(ledger.time_elsewhere());
}
