// A password in memory: wiped when it goes, never printed, never copied by accident.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace portolan {

/// Shares one wiped buffer; copies of the handle are cheap and hold the same bytes. No stream or format support on purpose.
class Secret {
public:
    Secret() = default;
    explicit Secret(std::string_view text);          ///< copies; the caller wipes its own buffer with `wipe`
    std::string_view reveal() const;                 ///< for the sign-in dialog alone
    bool empty() const { return !bytes_ || bytes_->empty(); }
    /// CR, LF and NUL stop a secret before use (design section 4, rule 24).
    bool usable() const;

private:
    std::shared_ptr<std::string> bytes_;             // its deleter wipes
};

void wipe(std::string& text);                        ///< overwrites capacity(), then clears

}
