// The Date of an HTTP answer: another computer's clock.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace portolan {

/// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 §5.6.7), the one form that servers may write; nothing for any other text, nor
/// for a year outside of 1970 to 2261.
std::optional<std::chrono::system_clock::time_point> read_http_date(std::string_view text);

}
