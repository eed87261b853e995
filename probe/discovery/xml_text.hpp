// What comes before a parser: foreign bytes as UTF-8, and a look at their shape that no trick with comments or quotes deceives.
#pragma once

#include <expected>
#include <string>
#include <string_view>

namespace portolan {

/// Without byte order mark. By the mark, else by the shape of the first characters (UTF-16 without one), else by the XML declaration:
/// UTF-8, Latin-1, windows-1252, ISO 8859-15. What says UTF-8, or nothing, and is not, is read as windows-1252: published files are that,
/// or it makes no difference. At most three times as long as `body`. The error is a slug: "unknown-encoding", or "not-xml" where there is a
/// NUL in it.
std::expected<std::string, std::string> xml_as_utf8(std::string_view body);

/// An element of four octets becomes a node of 56 in the parser's tree; no file that is meant for people's mail comes near this.
inline constexpr std::size_t most_pieces = 20'000;

/// Why no parser should see this text, as a slug, or "" when one may: "empty", "json", "html-page", "captive-page", "not-xml" (it does not
/// begin with a tag), "broken-xml" (it refers to NUL by number), "dtd" (any declaration, so no entity either), "too-deep" (more than
/// `deepest` elements within one another), "too-many-elements" (more than `most_pieces` elements and attributes).
std::string_view xml_objection(std::string_view utf8, int deepest);

}
