// `portolan judge`: certificate cases in, verdicts out, both in the JSON of x509-limbo's harnesses.
#pragma once

#include <expected>
#include <string>
#include <string_view>

namespace portolan {

inline constexpr std::size_t largest_suite = 64 * 1024 * 1024;

/// A suite ({"version", "testcases": […]}, at most 64 MiB) to its results ({"version", "harness", "results": […]}), in the suite's order.
/// A case is SUCCESS where no rule at all is broken; the context names every broken rule and its link. The error is one line.
std::expected<std::string, std::string> judge_suite(std::string_view suite);

}
