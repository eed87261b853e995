#include "tests/profiles/line_formats.hpp"

#include <openssl/evp.h>

#include <stdexcept>

namespace portolan {

namespace {

std::vector<std::string> lines_of(std::string_view text)
{
    std::vector<std::string> lines;
    while (!text.empty()) {
        const auto end = text.find('\n');
        if (end == std::string_view::npos) throw std::runtime_error("the last line does not end");
        lines.emplace_back(text.substr(0, end));
        text.remove_prefix(end + 1);
    }
    return lines;
}

std::string trimmed(std::string_view text)
{
    const auto start = text.find_first_not_of(" \t");
    return start == std::string_view::npos ? std::string() : std::string(text.substr(start, text.find_last_not_of(" \t") - start + 1));
}

int hex(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    throw std::runtime_error("not a hexadecimal digit");
}

/// name=value, with or without blanks around the sign; "[section]" goes in front.
Settings sections(std::string_view text, std::string (*value_of)(std::string_view), std::string_view comments)
{
    Settings settings;
    std::string section;
    for (const auto& line : lines_of(text)) {
        const auto bare = trimmed(line);
        if (bare.empty() || comments.contains(bare.front())) continue;
        if (bare.front() == '[') {
            if (bare.back() != ']') throw std::runtime_error("a section that does not end: " + line);
            section = bare.substr(1, bare.size() - 2);
            continue;
        }
        const auto sign = line.find('=');
        if (sign == std::string::npos) throw std::runtime_error("neither section nor value: " + line);
        settings[section + "/" + trimmed(line.substr(0, sign))] = value_of(trimmed(line.substr(sign + 1)));
    }
    return settings;
}

std::string as_it_is(std::string_view value) { return std::string(value); }

/// A basic string between double quotes, or a word without any.
std::string basic_string(std::string_view value)
{
    if (!value.starts_with('"')) {
        if (value != "true") throw std::runtime_error("not a value: " + std::string(value));
        return std::string(value);
    }
    std::string out;
    for (std::size_t i = 1;; ++i) {
        if (i >= value.size()) throw std::runtime_error("a string that does not end: " + std::string(value));
        if (value[i] == '"') {
            if (i + 1 != value.size()) throw std::runtime_error("text behind a string: " + std::string(value));
            return out;
        }
        if (value[i] == '\\') {
            ++i;
            if (i >= value.size() || (value[i] != '"' && value[i] != '\\')) throw std::runtime_error("not an escape: " + std::string(value));
        }
        out += value[i];
    }
}

std::string key_file_unescaped(std::string_view value)
{
    std::string out;
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (value[i] != '\\') {
            out += value[i];
            continue;
        }
        switch (++i < value.size() ? value[i] : '\0') {
        case 's': out += ' '; break;
        case '\\': out += '\\'; break;
        case ';': out += ';'; break;
        default: throw std::runtime_error("not an escape: " + std::string(value));
        }
    }
    return out;
}

/// Quotes that stand around a whole value, and comments behind " #" or " ;", are go-ini's.
std::string go_ini_value(std::string_view value)
{
    if (value.find_first_of("\"`") == 0 || value.contains(" #") || value.contains(" ;") || value.ends_with('\\')) throw std::runtime_error("go-ini changes this: " + std::string(value));
    return std::string(value);
}

}

Settings read_mbsync(std::string_view text)
{
    Settings settings;
    std::string section;
    for (const auto& line : lines_of(text)) {
        std::vector<std::string> words;
        bool quoted = false, escaped = false, inside = false;
        for (const char c : line) {
            if (escaped) words.back() += c, escaped = false;
            else if (c == '#' && !quoted) break;
            else if (!quoted && c == ' ') inside = false;
            else {
                if (!inside) words.emplace_back();
                inside = true;
                if (c == '\\') escaped = true;
                else if (c == '"') quoted = !quoted;
                else words.back() += c;
            }
        }
        if (quoted || escaped) throw std::runtime_error("quotes that do not end: " + line);
        if (words.empty()) {
            if (line.empty()) section.clear();
            continue;
        }
        if (words.size() < 2) throw std::runtime_error("a word alone: " + line);
        if (section.empty()) section = words[0] + " " + words[1];
        else {
            std::string value = words[1];
            for (std::size_t i = 2; i < words.size(); ++i) value += " " + words[i];
            settings[section + "/" + words[0]] = value;
        }
    }
    return settings;
}

Settings read_msmtp(std::string_view text)
{
    Settings settings;
    for (const auto& line : lines_of(text)) {
        const auto bare = trimmed(line);
        if (bare.empty() || bare.front() == '#') continue;
        const auto blank = bare.find(' ');
        if (blank == std::string::npos) throw std::runtime_error("a command without a value: " + line);
        auto value = trimmed(bare.substr(blank));
        if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
        settings[bare.substr(0, blank)] = value;
    }
    return settings;
}

Settings read_mutt(std::string_view text)
{
    Settings settings;
    for (const auto& line : lines_of(text)) {
        if (line.empty() || line.starts_with('#')) continue;
        const auto sign = line.find(" = ");
        if (!line.starts_with("set ") || sign == std::string::npos) throw std::runtime_error("not a setting: " + line);
        const auto raw = std::string_view(line).substr(sign + 3);
        std::string value;
        if (!raw.starts_with('"')) value = raw;
        else {
            std::size_t i = 1;
            for (; i < raw.size() && raw[i] != '"'; ++i) {
                if (raw[i] == '$') throw std::runtime_error("a variable: " + line);
                if (raw[i] == '`') {
                    const auto end = raw.find('`', i + 1);
                    if (end == std::string_view::npos) throw std::runtime_error("a command that does not end: " + line);
                    value += raw.substr(i, end - i + 1);
                    i = end;
                    continue;
                }
                if (raw[i] == '\\') ++i;
                if (i < raw.size()) value += raw[i];
            }
            if (i + 1 != raw.size()) throw std::runtime_error("a string that ends early or never: " + line);
        }
        settings[line.substr(4, sign - 4)] = value;
    }
    return settings;
}

Settings read_ini(std::string_view text) { return sections(text, as_it_is, "#;"); }
Settings read_go_ini(std::string_view text) { return sections(text, go_ini_value, "#;"); }
Settings read_key_file(std::string_view text) { return sections(text, key_file_unescaped, "#"); }

Settings read_toml(std::string_view text)
{
    std::string numbers_quoted;                    // the one number there is, the port
    for (const auto& line : lines_of(text)) {
        const auto sign = line.find(".port = ");
        numbers_quoted += sign == std::string::npos ? line : line.substr(0, sign + 8) + "\"" + line.substr(sign + 8) + "\"";
        numbers_quoted += '\n';
    }
    return sections(numbers_quoted, basic_string, "#");
}

std::vector<std::string> fetchmail_words(std::string_view text)
{
    std::vector<std::string> words;
    for (const auto& line : lines_of(text)) {
        if (line.starts_with('#')) continue;
        bool inside = false, quoted = false;
        for (std::size_t i = 0; i < line.size(); ++i) {
            const char c = line[i];
            if (c == ' ' && !quoted) {
                inside = false;
                continue;
            }
            if (!inside) words.emplace_back();
            inside = true;
            if (c == '"') quoted = !quoted;
            else if (c == '\\') {
                if (!quoted || line.substr(i, 2) != "\\x" || i + 3 >= line.size()) throw std::runtime_error("not an escape: " + line);
                words.back() += static_cast<char>(hex(line[i + 2]) * 16 + hex(line[i + 3]));
                i += 3;
            } else if (quoted && static_cast<unsigned char>(c) >= 0x80) throw std::runtime_error("not ASCII: " + line);
            else words.back() += c;
        }
        if (quoted) throw std::runtime_error("quotes that do not end: " + line);
    }
    return words;
}

std::string name_of_mailbox(std::string_view mailbox)
{
    const auto angle = mailbox.rfind(" <");
    if (angle == std::string_view::npos) return {};
    std::string name;
    auto rest = mailbox.substr(0, angle);
    constexpr std::string_view start = "=?utf-8?B?";
    if (!rest.starts_with(start)) return std::string(rest);
    while (rest.starts_with(start)) {
        const auto end = rest.find("?=");
        const auto word = std::string(rest.substr(start.size(), end - start.size()));
        if (end + 2 > 75) throw std::runtime_error("an encoded word of more than 75 characters");
        std::string octets(word.size(), '\0');
        const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(octets.data()), reinterpret_cast<const unsigned char*>(word.data()), static_cast<int>(word.size()));
        if (size < 0) throw std::runtime_error("not base64: " + word);
        octets.resize(static_cast<std::size_t>(size) - (word.ends_with("==") ? 2 : word.ends_with('=') ? 1 : 0));
        name += octets;
        rest.remove_prefix(end + 2);
        if (rest.starts_with(' ')) rest.remove_prefix(1);
    }
    if (!rest.empty()) throw std::runtime_error("text behind an encoded word");
    return name;
}

std::string percent_decoded(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        if (i + 2 >= text.size()) throw std::runtime_error("cut short");
        out += static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2]));
        i += 2;
    }
    return out;
}

}
