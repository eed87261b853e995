#include "tests/profiles/property_list.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <stdexcept>

namespace portolan {

namespace {

using Type = PropertyValue::Type;

class Reader {
public:
    explicit Reader(std::string_view text) : text_(text) {}

    PropertyValue document()
    {
        take("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
        blanks();
        take("<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">");
        blanks();
        take("<plist version=\"1.0\">");
        blanks();
        auto root = value(0);
        blanks();
        take("</plist>");
        blanks();
        if (at_ != text_.size()) fail("more behind </plist>");
        return root;
    }

private:
    [[noreturn]] void fail(const std::string& what) const { throw std::runtime_error(what + " at " + std::to_string(at_)); }

    bool next_is(std::string_view token) const { return text_.substr(at_).starts_with(token); }
    void take(std::string_view token)
    {
        if (!next_is(token)) fail("expected " + std::string(token));
        at_ += token.size();
    }
    void blanks()
    {
        while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t' || text_[at_] == '\r')) ++at_;
    }

    /// Character data up to the next tag, entities replaced.
    std::string characters()
    {
        std::string out;
        while (at_ < text_.size() && text_[at_] != '<') {
            const auto c = static_cast<unsigned char>(text_[at_]);
            if (c < 0x20 && c != '\n' && c != '\t' && c != '\r') fail("control character");
            if (next_is("]]>")) fail("]]> in text");
            if (c != '&') {
                out += text_[at_++];
                continue;
            }
            static constexpr std::array<std::pair<std::string_view, char>, 6> entities{
                {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}, {"&#39;", '\''}}};
            const auto* entity = std::ranges::find_if(entities, [&](const auto& each) { return next_is(each.first); });
            if (entity == entities.end()) fail("unknown entity");
            out += entity->second;
            at_ += entity->first.size();
        }
        return out;
    }

    std::string element(std::string_view name)
    {
        take("<" + std::string(name) + ">");
        auto text = characters();
        take("</" + std::string(name) + ">");
        return text;
    }

    PropertyValue simple(Type type, std::string_view name, bool (*valid)(std::string_view))
    {
        PropertyValue made;
        made.type = type;
        made.text = element(name);
        if (!valid(made.text)) fail("not a valid " + std::string(name));
        return made;
    }

    PropertyValue value(int depth)
    {
        if (depth > 16) fail("too deep");
        PropertyValue made;
        if (next_is("<true/>") || next_is("<false/>")) {
            made.type = Type::boolean;
            made.text = next_is("<true/>") ? "true" : "false";
            at_ += made.text.size() + 3;
            return made;
        }
        if (next_is("<string>")) return simple(Type::string, "string", [](std::string_view) { return true; });
        if (next_is("<integer>")) return simple(Type::integer, "integer", is_integer);
        if (next_is("<real>"))
            return simple(Type::real, "real", [](std::string_view text) { return text.find_first_of("0123456789") != text.npos; });
        if (next_is("<date>")) return simple(Type::date, "date", is_date);
        if (next_is("<data>")) return simple(Type::data, "data", is_base64);
        if (next_is("<array>")) {
            take("<array>");
            made.type = Type::array;
            for (blanks(); !next_is("</array>"); blanks()) made.items.push_back(value(depth + 1));
            take("</array>");
            return made;
        }
        take("<dict>");
        made.type = Type::dictionary;
        for (blanks(); !next_is("</dict>"); blanks()) {
            auto key = element("key");
            if (key.empty()) fail("empty key");
            if (made.find(key)) fail("key twice: " + key);
            blanks();
            made.keys.push_back(std::move(key));
            made.items.push_back(value(depth + 1));
        }
        take("</dict>");
        return made;
    }

    static bool is_integer(std::string_view text)
    {
        if (text.starts_with('-')) text.remove_prefix(1);
        return !text.empty() && text.size() <= 18 && std::ranges::all_of(text, [](unsigned char c) { return std::isdigit(c); });
    }
    static bool is_date(std::string_view text)
    {
        static constexpr std::string_view shape = "0000-00-00T00:00:00Z";
        return text.size() == shape.size() && std::ranges::equal(text, shape, [](unsigned char c, char form) {
                   return form == '0' ? std::isdigit(c) != 0 : c == static_cast<unsigned char>(form);
               });
    }
    static bool is_base64(std::string_view text)
    {
        std::string packed;
        std::ranges::copy_if(text, std::back_inserter(packed), [](unsigned char c) { return !std::isspace(c); });
        const auto end = packed.find_last_not_of('=');
        return packed.size() % 4 == 0 && (end == std::string::npos || packed.size() - end <= 3) &&
               std::ranges::all_of(packed.substr(0, end + 1), [](unsigned char c) { return std::isalnum(c) || c == '+' || c == '/'; });
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

}

const PropertyValue* PropertyValue::find(std::string_view key) const
{
    const auto found = std::ranges::find(keys, key);
    const auto place = static_cast<std::size_t>(found - keys.begin());
    return place < keys.size() && place < items.size() ? &items[place] : nullptr;
}

std::expected<PropertyValue, std::string> read_property_list(std::string_view text)
{
    try {
        return Reader(text).document();
    } catch (const std::runtime_error& error) {
        return std::unexpected(error.what());
    }
}

}
