#include "probe/dialog/imap_words.hpp"

#include <charconv>
#include <limits>

namespace portolan {

namespace {

bool is_about_quota(std::string_view words) { return upper_case(words.substr(0, 1000)).find("[OVERQUOTA]") != std::string::npos; }

std::optional<std::uint64_t> number(std::string_view digits)
{
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return error == std::errc() && end == digits.data() + digits.size() ? std::optional(value) : std::nullopt;
}

Failure trouble(std::string_view words, Detail kind) { return {Stage::request, Cause::rejected, std::string(words), kind}; }

}

std::optional<std::size_t> announced_literal(std::string_view text)
{
    const auto open = text.rfind('{');
    if (open == std::string_view::npos || !text.ends_with('}')) return std::nullopt;
    auto digits = text.substr(open + 1, text.size() - open - 2);
    if (digits.ends_with('+')) digits.remove_suffix(1);
    if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
    std::size_t size = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), size);
    return error == std::errc() ? size : std::numeric_limits<std::size_t>::max();
}

std::optional<std::string> imap_quoted(std::string_view text)
{
    std::string out;
    out.reserve(2 * text.size() + 2);                              // no growing: each time a piece of a password would stay behind
    keep_off_the_stack(out);
    out += '"';
    for (const unsigned char c : text) {
        if (c < 0x20 || c >= 0x7f) {
            wipe(out);
            return std::nullopt;
        }
        if (c == '"' || c == '\\') out += '\\';
        out += static_cast<char>(c);
    }
    out += '"';
    return out;
}

std::optional<Failure> trouble_selecting(const Tagged& selected)
{
    if (selected.status == "BAD") return std::nullopt;
    for (const auto& line : selected.untagged)
        if ((starts_with_word(line, "* NO") || starts_with_word(line, "* OK")) && is_about_quota(line)) return trouble(line, Detail::over_quota);
    if (selected.status == "NO") return trouble(selected.text, is_about_quota(selected.text) ? Detail::over_quota : Detail::none);
    if (upper_case(selected.text.substr(0, 200)).find("[READ-ONLY]") != std::string::npos) return trouble(selected.text, Detail::read_only);
    return std::nullopt;
}

std::optional<Failure> trouble_with_quota(const Tagged& told)
{
    std::optional<Failure> full;
    for (const auto& line : told.untagged) {
        const auto open = line.rfind('(');
        if (!starts_with_word(line, "* QUOTA") || open == std::string::npos || !line.ends_with(')')) continue;
        const auto words = words_of(std::string_view(line).substr(open + 1, line.size() - open - 2));
        for (std::size_t i = 0; i + 2 < words.size(); i += 3)
            if (const auto used = number(words[i + 1]), limit = number(words[i + 2]); used && limit && *limit > 0 && *used >= *limit)
                full = trouble(line, Detail::over_quota);
    }
    return full;
}

}
