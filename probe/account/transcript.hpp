// Every line both ways. Secrets never get in: a masked line is stored as its verb and "…".
#pragma once

#include "probe/account/secret.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace portolan {

enum class Speaker : unsigned char { client, server, note };

struct TranscriptLine {
    Speaker speaker{};
    std::string text;          ///< without line end, capped at 1 KiB
    int at_ms = 0;             ///< since the conversation began
    bool operator==(const TranscriptLine&) const = default;
};

/// Bounded: at most 400 lines; what comes after is counted, not kept.
class Transcript {
public:
    void heard(std::string_view line, int at_ms);
    void said(std::string_view line, int at_ms);
    /// A line that carries a secret: only `shown` is stored ("a3 AUTHENTICATE PLAIN", "PASS"), followed by " …".
    void said_masked(std::string_view shown, int at_ms);
    void noted(std::string_view text, int at_ms);
    const std::vector<TranscriptLine>& lines() const { return lines_; }
    std::size_t dropped() const { return dropped_; }
    /// A secret that a server echoes back is masked too: every line stored from now on has these bytes replaced.
    void never_store(std::string_view secret_bytes);
    /// `text` as it would be stored.
    std::string masked(std::string_view text) const;
    /// Wipes what `never_store` was told: the conversation is over and its evidence goes on without the secrets.
    void forget_secrets();

private:
    void keep(Speaker, std::string_view, int at_ms);
    std::vector<TranscriptLine> lines_;
    std::vector<Secret> forbidden_;
    std::size_t dropped_ = 0;
};

/// Server text for a person or a terminal: controls, escapes, bidi marks and invalid UTF-8 taken out, at most `cap` characters.
std::string clean_server_text(std::string_view raw, std::size_t cap = 300);

}
