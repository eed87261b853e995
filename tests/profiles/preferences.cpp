#include "tests/profiles/preferences.hpp"

#include <charconv>
#include <stdexcept>

namespace portolan {

namespace {

class Line {
public:
    explicit Line(std::string_view text) : text_(text) {}

    void take(std::string_view token)
    {
        if (!text_.starts_with(token)) throw std::runtime_error("expected " + std::string(token));
        text_.remove_prefix(token.size());
    }

    std::string string()
    {
        take("\"");
        std::string out;
        while (!text_.empty() && text_.front() != '"') {
            if (static_cast<unsigned char>(text_.front()) < 0x20) throw std::runtime_error("raw control character");
            if (text_.front() == '\\') escape(out);
            else {
                out += text_.front();
                text_.remove_prefix(1);
            }
        }
        take("\"");
        return out;
    }

    PreferenceValue value()
    {
        if (text_.starts_with('"')) return string();
        for (const bool truth : {true, false})
            if (text_.starts_with(truth ? "true)" : "false)")) {
                take(truth ? "true" : "false");
                return truth;
            }
        int number = 0;
        const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), number);
        if (error != std::errc()) throw std::runtime_error("no value");
        text_.remove_prefix(static_cast<std::size_t>(end - text_.data()));
        return number;
    }

    bool at_end() const { return text_.empty(); }

private:
    void escape(std::string& out)
    {
        take("\\");
        const char kind = text_.empty() ? '\0' : text_.front();
        if (kind == '\0') throw std::runtime_error("escape cut short");
        text_.remove_prefix(1);
        switch (kind) {
        case '"':
        case '\\': out += kind; return;
        case 'n': out += '\n'; return;
        case 'r': out += '\r'; return;
        case 'u': break;
        default: throw std::runtime_error("unknown escape");
        }
        unsigned code = 0;
        const auto digits = text_.substr(0, 4);
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
        if (digits.size() != 4 || error != std::errc() || end != digits.data() + 4 || code >= 0x80) throw std::runtime_error("code point");
        out += static_cast<char>(code);
        text_.remove_prefix(4);
    }

    std::string_view text_;
};

}

std::expected<Preferences, std::string> read_preferences(std::string_view file)
{
    Preferences read;
    int number = 0;
    if (!file.ends_with('\n')) return std::unexpected("no line feed at the end");
    while (!file.empty()) {
        const auto end = file.find('\n');
        const auto text = file.substr(0, end);
        file.remove_prefix(end + 1);
        ++number;
        if (text.empty() || text.starts_with("//")) continue;
        try {
            Line line(text);
            line.take("user_pref(");
            auto name = line.string();
            line.take(", ");
            auto value = line.value();
            line.take(");");
            if (!line.at_end()) throw std::runtime_error("more behind the preference");
            if (name.empty() || !read.emplace(std::move(name), std::move(value)).second) throw std::runtime_error("name twice");
        } catch (const std::runtime_error& error) {
            return std::unexpected("line " + std::to_string(number) + ": " + error.what());
        }
    }
    return read;
}

}
