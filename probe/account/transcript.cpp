#include "probe/account/transcript.hpp"

namespace portolan {

namespace {

constexpr std::size_t most_lines = 400;
constexpr std::size_t longest_line = 1024;

/// Was there any?
bool replace_all(std::string& text, std::string_view what)
{
    static constexpr std::string_view mask = "…";
    bool any = false;
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + mask.size())) {
        text.replace(at, what.size(), mask);
        any = true;
    }
    return any;
}

}

void Transcript::keep(Speaker speaker, std::string_view line, int at_ms)
{
    if (lines_.size() >= most_lines) {
        ++dropped_;
        return;
    }
    // Mask before the cut: a secret that straddles the cap must not leave its first half behind.
    auto text = masked(line);
    if (text.size() > longest_line) text.resize(longest_line);
    lines_.push_back({speaker, std::move(text), at_ms});
}

void Transcript::heard(std::string_view line, int at_ms) { keep(Speaker::server, line, at_ms); }
void Transcript::said(std::string_view line, int at_ms) { keep(Speaker::client, line, at_ms); }
void Transcript::said_masked(std::string_view shown, int at_ms) { keep(Speaker::client, std::string(shown) + " …", at_ms); }
void Transcript::noted(std::string_view text, int at_ms) { keep(Speaker::note, text, at_ms); }

void Transcript::never_store(std::string_view secret_bytes)
{
    // Two bytes and fewer stand in every line by accident; a secret that short is masked where it is said, not wherever it occurs.
    if (secret_bytes.size() <= 2) return;
    forbidden_.emplace_back(secret_bytes);
}

std::string Transcript::masked(std::string_view given) const
{
    std::string text(given);
    bool any = false;
    for (const auto& secret : forbidden_) any = replace_all(text, secret.reveal()) || any;
    if (!any) return text;
    std::string clean(text);                                           // behind the end of a text that has shrunk stands what was there
    wipe(text);
    return clean;
}

void Transcript::forget_secrets()
{
    forbidden_.clear();                                                // each is wiped as it goes
}

std::string clean_server_text(std::string_view raw, std::size_t cap)
{
    std::string clean;
    std::size_t count = 0;
    for (std::size_t i = 0; i < raw.size() && count < cap;) {
        const auto lead = static_cast<unsigned char>(raw[i]);
        if (lead == 0x1b) {                                            // an escape sequence: up to its final byte
            ++i;
            if (i < raw.size() && raw[i] == '[') {
                ++i;
                while (i < raw.size() && (static_cast<unsigned char>(raw[i]) < 0x40 || static_cast<unsigned char>(raw[i]) > 0x7e)) ++i;
            }
            if (i < raw.size()) ++i;
            continue;
        }
        if (lead < 0x20 || lead == 0x7f) {
            if ((lead == '\t' || lead == '\n' || lead == '\r') && !clean.empty() && clean.back() != ' ') {
                clean += ' ';
                ++count;
            }
            ++i;
            continue;
        }
        const std::size_t size = lead < 0x80 ? 1 : lead >= 0xc2 && lead <= 0xdf ? 2 : (lead & 0xf0) == 0xe0 ? 3 : lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
        bool good = size > 0 && i + size <= raw.size();
        for (std::size_t k = 1; good && k < size; ++k) good = (static_cast<unsigned char>(raw[i + k]) & 0xc0) == 0x80;
        if (good && size > 2) {                                        // no overlong forms, surrogates or values past U+10FFFF (RFC 3629)
            const auto next = static_cast<unsigned char>(raw[i + 1]);
            good = !((lead == 0xe0 && next < 0xa0) || (lead == 0xed && next > 0x9f) || (lead == 0xf0 && next < 0x90) || (lead == 0xf4 && next > 0x8f));
        }
        if (!good) {
            clean += "\xef\xbf\xbd";
            ++count;
            ++i;
            continue;
        }
        const auto rune = raw.substr(i, size);
        i += size;
        const auto second = size > 1 ? static_cast<unsigned char>(rune[1]) : 0, third = size > 2 ? static_cast<unsigned char>(rune[2]) : 0;
        const bool c1 = size == 2 && lead == 0xc2 && second < 0xa0;
        const bool bidi = size == 3 && lead == 0xe2 && ((second == 0x80 && ((third >= 0x8b && third <= 0x8f) || (third >= 0xa8 && third <= 0xae))) || (second == 0x81 && third >= 0xa0 && third <= 0xaf));
        const bool arabic_mark = size == 2 && lead == 0xd8 && second == 0x9c;
        const bool byte_order = size == 3 && lead == 0xef && second == 0xbb && third == 0xbf;
        if (c1 || bidi || arabic_mark || byte_order) continue;
        clean += rune;
        ++count;
    }
    while (!clean.empty() && clean.back() == ' ') clean.pop_back();
    return clean;
}

}
