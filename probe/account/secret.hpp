// A password in memory: in pages of its own that are never swapped or dumped, wiped when it goes, never printed, never copied by accident.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace portolan {

class LockedBytes;

/// Shares one wiped buffer; copies of the handle are cheap and hold the same bytes. No stream or format support on purpose.
class Secret {
public:
    Secret() = default;
    explicit Secret(std::string_view text);          ///< copies; the caller wipes its own buffer with `wipe`
    std::string_view reveal() const;                 ///< for the sign-in dialog alone
    bool empty() const { return reveal().empty(); }
    /// CR, LF and NUL stop a secret before use (design section 4, rule 24).
    bool usable() const;

private:
    std::shared_ptr<const LockedBytes> bytes_;       // wipes when it goes
};

void wipe(std::string& text);                        ///< overwrites capacity(), then clears
/// For text that carries a secret for a moment: room on the heap, for a short one too, so that moving it leaves no copy behind in the string it
/// was moved from.
void keep_off_the_stack(std::string& text);

/// For the start of every program that a password is given to: no core file, also none for a handler that ignores RLIMIT_CORE (core(5), "Piping
/// core dumps to a program"), and no other program of the same user reads this one's memory (ptrace(2), "Ptrace access mode checking").
void leave_no_core_file();

}
