#include "probe/discovery/srv.hpp"

#include <algorithm>

namespace portolan {

namespace {

constexpr std::size_t longest = 512;

std::optional<int> hex(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return std::nullopt;
}

/// As the server may read it; nothing where a percent sign leads to no octet.
std::optional<std::string> decoded(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        const auto high = i + 2 < text.size() ? hex(text[i + 1]) : std::nullopt,
                   low = i + 2 < text.size() ? hex(text[i + 2]) : std::nullopt;
        if (!high || !low) return std::nullopt;
        out += static_cast<char>(*high * 16 + *low);
        i += 2;
    }
    return out;
}

/// A path and nothing else: no query, no segment that climbs, nothing that some reader takes for a host.
bool usable(std::string_view path)
{
    if (path.size() > longest || !path.starts_with('/')) return false;
    if (!std::ranges::all_of(path, [](unsigned char c) { return c > 0x20 && c < 0x7f && c != '?' && c != '#' && c != '\\'; })) return false;
    const auto plain = decoded(path);
    if (!plain || plain->starts_with("//")) return false;
    if (std::ranges::any_of(*plain, [](unsigned char c) { return c < 0x20 || c == 0x7f || c == '\\'; })) return false;
    return (*plain + "/").find("/../") == std::string::npos && (*plain + "/").find("/./") == std::string::npos;
}

/// Keys are compared without case (RFC 6763 §6.4).
bool takes_key(std::string_view& text, std::string_view key)
{
    const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; };
    if (text.size() < key.size() || !std::ranges::equal(text.substr(0, key.size()), key, same)) return false;
    text.remove_prefix(key.size());
    return true;
}

} // namespace

std::optional<std::string> dav_path(const std::vector<std::string>& strings, bool& refused)
{
    refused = false;
    for (std::string_view text : strings) {
        if (!takes_key(text, "path=") || text.empty()) continue;
        if (usable(text)) return std::string(text);
        refused = true;
    }
    return std::nullopt;
}

} // namespace portolan
