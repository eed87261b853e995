// The fields of an autoconfig document: elements by their local name, placeholders filled in, values that are safe to use.
#pragma once

#include "probe/account/address.hpp"

#include <pugixml.hpp>

#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace portolan::autoconfig {

/// Where a field's text goes decides how a placeholder's value is put there.
enum class Place : std::uint8_t { plain, url };

std::string lower(std::string_view text);
std::string trimmed(std::string_view text);
/// Without a prefix, in lower case: documents with a wrong namespace, and both "addressBook" and "addressbook", mean the same.
std::string name_of(const pugi::xml_node& node);
/// Its own characters, those of all pieces (comments may stand between them), without white space round them.
std::string text_of(const pugi::xml_node& node);
/// The first child with this local name (lower case); an empty node where there is none.
pugi::xml_node child(const pugi::xml_node& parent, std::string_view name);
std::string child_text(const pugi::xml_node& parent, std::string_view name);

/// %EMAILADDRESS%, %EMAILLOCALPART% and %EMAILDOMAIN% filled in, each once: what was put in is not looked through again. A field that is
/// nothing but one of them without one of its percent signs is repaired (seen in published files). Nothing when another placeholder is left
/// (%REALNAME%, the %KEY% of an <inputField>), or when the outcome has a control character, a bidi mark or more than 512 bytes (a URL:
/// 2,048).
std::optional<std::string> filled(std::string_view pattern, const EmailAddress& address, Place place = Place::plain);
/// The same for words that people read: what is not known stays as it is, the rest is cleaned.
std::string filled_words(std::string_view pattern, const EmailAddress& address, std::size_t cap);
/// A URL with its placeholders filled in, normalised; "" for what is none. `https_only`: http is none either.
std::string filled_url(std::string_view pattern, const EmailAddress& address, bool https_only = false);

}
