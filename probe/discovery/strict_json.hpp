// JSON as it comes from strangers: bounded, UTF-8, one value and nothing behind it, no name twice.
#pragma once

#include <boost/json/value.hpp>

#include <expected>
#include <string>
#include <string_view>

namespace portolan {

/// The error is a slug: "too-large", "not-json", "too-deep", "duplicate-name".
std::expected<boost::json::value, std::string> read_strict_json(std::string_view body, std::size_t largest, std::size_t deepest);

} // namespace portolan
