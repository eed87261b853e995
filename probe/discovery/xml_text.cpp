#include "probe/discovery/xml_text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>

namespace portolan {

namespace {

constexpr std::string_view space = " \t\r\n";

std::string lower(std::string_view text)
{
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

void append(std::string& out, char32_t rune)
{
    if (rune < 0x80) out += static_cast<char>(rune);
    else if (rune < 0x800) {
        out += static_cast<char>(0xc0 | (rune >> 6));
        out += static_cast<char>(0x80 | (rune & 0x3f));
    } else if (rune < 0x10000) {
        out += static_cast<char>(0xe0 | (rune >> 12));
        out += static_cast<char>(0x80 | ((rune >> 6) & 0x3f));
        out += static_cast<char>(0x80 | (rune & 0x3f));
    } else {
        out += static_cast<char>(0xf0 | (rune >> 18));
        out += static_cast<char>(0x80 | ((rune >> 12) & 0x3f));
        out += static_cast<char>(0x80 | ((rune >> 6) & 0x3f));
        out += static_cast<char>(0x80 | (rune & 0x3f));
    }
}

std::string from_utf16(std::string_view bytes, bool big)
{
    const auto unit = [&](std::size_t at) {
        const auto first = static_cast<unsigned char>(bytes[at]), second = static_cast<unsigned char>(bytes[at + 1]);
        return static_cast<char32_t>(big ? first << 8 | second : second << 8 | first);
    };
    std::string out;
    out.reserve(bytes.size());
    for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) {
        auto rune = unit(at);
        if (rune >= 0xd800 && rune < 0xe000) {
            const auto next = at + 3 < bytes.size() ? unit(at + 2) : 0;
            if (rune < 0xdc00 && next >= 0xdc00 && next < 0xe000) {
                rune = 0x10000 + ((rune - 0xd800) << 10) + (next - 0xdc00);
                at += 2;
            } else {
                rune = 0xfffd; // half a pair
            }
        }
        append(out, rune);
    }
    return out;
}

/// The upper half of windows-1252; what it leaves free stands for itself, as in every browser (WHATWG Encoding §9).
constexpr std::array<std::uint16_t, 32> windows_1252{0x20ac, 0x81,   0x201a, 0x192,  0x201e, 0x2026, 0x2020, 0x2021, 0x2c6,  0x2030, 0x160,
                                                     0x2039, 0x152,  0x8d,   0x17d,  0x8f,   0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
                                                     0x2013, 0x2014, 0x2dc,  0x2122, 0x161,  0x203a, 0x153,  0x9d,   0x17e,  0x178};

std::string from_single_bytes(std::string_view bytes, bool latin_9)
{
    std::string out;
    out.reserve(bytes.size() + bytes.size() / 8);
    for (const unsigned char byte : bytes) {
        char32_t rune = byte >= 0x80 && byte < 0xa0 ? windows_1252[byte - 0x80U] : byte;
        if (latin_9) switch (byte) {
            case 0xa4: rune = 0x20ac; break;
            case 0xa6: rune = 0x160; break;
            case 0xa8: rune = 0x161; break;
            case 0xb4: rune = 0x17d; break;
            case 0xb8: rune = 0x17e; break;
            case 0xbc: rune = 0x152; break;
            case 0xbd: rune = 0x153; break;
            case 0xbe: rune = 0x178; break;
            default: break;
            }
        append(out, rune);
    }
    return out;
}

/// RFC 3629: no overlong forms, no surrogates, nothing past U+10FFFF.
bool is_utf8(std::string_view text)
{
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t size = lead < 0x80                    ? 1
                                 : lead >= 0xc2 && lead <= 0xdf ? 2
                                 : (lead & 0xf0) == 0xe0        ? 3
                                 : lead >= 0xf0 && lead <= 0xf4 ? 4
                                                                : 0;
        if (size == 0 || i + size > text.size()) return false;
        for (std::size_t k = 1; k < size; ++k)
            if ((static_cast<unsigned char>(text[i + k]) & 0xc0) != 0x80) return false;
        const auto next = size > 2 ? static_cast<unsigned char>(text[i + 1]) : 0;
        if ((lead == 0xe0 && next < 0xa0) || (lead == 0xed && next > 0x9f) || (lead == 0xf0 && next < 0x90) ||
            (lead == 0xf4 && next > 0x8f))
            return false;
        i += size;
    }
    return true;
}

/// Of `<?xml version="1.0" encoding="…"?>`, in lower case; "" where there is none.
std::string declared_encoding(std::string_view text)
{
    const auto start = text.find_first_not_of(space);
    if (start == std::string_view::npos || !text.substr(start).starts_with("<?xml")) return {};
    auto declaration = text.substr(start, std::min<std::size_t>(text.size() - start, 256));
    declaration = declaration.substr(0, declaration.find("?>"));
    const auto name = declaration.find("encoding");
    if (name == std::string_view::npos) return {};
    const auto open = declaration.find_first_of("\"'", name);
    if (open == std::string_view::npos) return {};
    const auto close = declaration.find(declaration[open], open + 1);
    return close == std::string_view::npos ? std::string() : lower(declaration.substr(open + 1, close - open - 1));
}

/// "&#0;", or a number that a parser's arithmetic might turn into it: whoever reads the value up to the NUL reads another one.
bool refers_to_nul(std::string_view text)
{
    for (auto at = text.find("&#"); at != std::string_view::npos; at = text.find("&#", at + 2)) {
        const bool hex = at + 2 < text.size() && (text[at + 2] == 'x' || text[at + 2] == 'X');
        const auto from = at + (hex ? 3 : 2);
        const auto end = text.find_first_not_of(hex ? "0123456789abcdefABCDEF" : "0123456789", from);
        if (end == from || end == std::string_view::npos || text[end] != ';') continue;
        const auto first = text.find_first_not_of('0', from);
        if (first == end || end - first > 8) return true;
    }
    return false;
}

std::string_view local_part_of(std::string_view name) { return name.substr(name.find(':') + 1); }

/// A page for people; or one that a network shows instead of what was asked for (WISPr's mark, or its own words).
std::string_view page_kind(std::string_view text)
{
    const auto head = lower(text.substr(0, 64 * 1024));
    const bool captive = head.find("wispaccessgatewayparam") != std::string::npos || head.find("captive portal") != std::string::npos ||
                         head.find("captiveportal") != std::string::npos;
    return captive ? "captive-page" : "html-page";
}

}

std::expected<std::string, std::string> xml_as_utf8(std::string_view body)
{
    using namespace std::string_view_literals;
    std::string text;
    if (body.starts_with("\xff\xfe\0\0"sv) || body.starts_with("\0\0\xfe\xff"sv)) return std::unexpected("unknown-encoding"); // UTF-32
    if (body.starts_with("\xff\xfe"sv)) text = from_utf16(body.substr(2), false);
    else if (body.starts_with("\xfe\xff"sv)) text = from_utf16(body.substr(2), true);
    else if (body.starts_with("<\0"sv)) text = from_utf16(body, false);
    else if (body.starts_with("\0<"sv)) text = from_utf16(body, true);
    else {
        if (body.starts_with("\xef\xbb\xbf"sv)) body.remove_prefix(3);
        const auto encoding = declared_encoding(body);
        const bool latin_9 = encoding == "iso-8859-15" || encoding == "latin9" || encoding == "latin-9";
        const bool latin_1 = encoding == "iso-8859-1" || encoding == "iso_8859-1" || encoding == "iso8859-1" || encoding == "latin1" ||
                             encoding == "latin-1" || encoding == "windows-1252" || encoding == "cp1252" || encoding == "cp-1252";
        // "utf-16" in a file of single bytes was true before somebody converted it.
        const bool unicode = encoding.empty() || encoding == "utf-8" || encoding == "utf8" || encoding == "us-ascii" ||
                             encoding == "ascii" || encoding == "utf-16";
        if (latin_9 || latin_1) text = from_single_bytes(body, latin_9);
        else if (is_utf8(body)) text = body;
        else if (unicode) text = from_single_bytes(body, false);
        else return std::unexpected("unknown-encoding");
    }
    if (text.find('\0') != std::string::npos) return std::unexpected("not-xml");
    return text;
}

std::string_view xml_objection(std::string_view text, int deepest)
{
    auto at = text.find_first_not_of(space);
    if (at == std::string_view::npos) return "empty";
    if (text[at] == '{' || text[at] == '[') return "json";
    if (text[at] != '<') return "not-xml";
    if (refers_to_nul(text)) return "broken-xml";
    int depth = 0;
    std::size_t pieces = 0;
    bool root = false;
    while ((at = text.find('<', at)) != std::string_view::npos) {
        const auto rest = text.substr(at);
        // What breaks off in here is left to the parser: it says so.
        const auto skip_to = [&](std::string_view end, std::size_t from) {
            const auto found = text.find(end, at + from);
            at = found == std::string_view::npos ? found : found + end.size();
        };
        if (rest.starts_with("<!--")) skip_to("-->", 4);
        else if (rest.starts_with("<![CDATA[")) skip_to("]]>", 9);
        else if (rest.starts_with("<?")) skip_to("?>", 2);
        else if (rest.starts_with("<!")) {
            const auto declaration = lower(rest.substr(0, 80));
            const auto name = declaration.starts_with("<!doctype") ? declaration.find_first_not_of(space, 9) : std::string::npos;
            return !root && name != std::string::npos && declaration.substr(name).starts_with("html") ? page_kind(text) : "dtd";
        } else if (rest.starts_with("</")) {
            depth = std::max(0, depth - 1);
            skip_to(">", 2);
        } else {
            if (!root) {
                root = true;
                const auto name = lower(local_part_of(rest.substr(1, std::min<std::size_t>(rest.find_first_of(" \t\r\n/>", 1), 64) - 1)));
                if (name == "html" || name == "head" || name == "body" || name == "wispaccessgatewayparam") return page_kind(text);
            }
            // To the end of the tag; a ">" within quotes is no end.
            char quote = 0;
            std::size_t end = at + 1;
            ++pieces;
            for (; end < text.size() && (quote || text[end] != '>'); ++end) {
                if (!(quote ? text[end] == quote : text[end] == '"' || text[end] == '\'')) continue;
                quote = quote ? '\0' : text[end];
                if (quote) ++pieces;
            }
            if (pieces > most_pieces) return "too-many-elements";
            if (end >= text.size()) break;
            if (text[end - 1] != '/' && ++depth > deepest) return "too-deep";
            at = end + 1;
        }
        if (at == std::string_view::npos) break;
    }
    return root ? "" : "not-xml";
}

}
