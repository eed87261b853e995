// Percent-encoding for URLs.
#pragma once

#include <string>
#include <string_view>

namespace portolan {

/// RFC 3986 §2.1: everything but unreserved characters.
std::string percent_encoded(std::string_view text);

}
