// A property list, read strictly: what Apple's DTD (PropertyList-1.0) allows and nothing else.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace portolan {

struct PropertyValue {
    enum class Type : std::uint8_t { string, integer, real, date, data, boolean, array, dictionary };
    Type type = Type::string;
    std::string text;              ///< "true" and "false" for booleans; base64 for data
    std::vector<std::string> keys; ///< of a dictionary, in order; its values are the items at the same places
    std::vector<PropertyValue> items;

    const PropertyValue* find(std::string_view key) const;
};

/// The XML declaration, Apple's document type, <plist version="1.0"> and one value. No comments, CDATA, attributes or unknown entities; no
/// text between elements; integers, dates and base64 in their own syntax; no key twice; no key without a value. The error says what stands
/// where.
std::expected<PropertyValue, std::string> read_property_list(std::string_view text);

}
