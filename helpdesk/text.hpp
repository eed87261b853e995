// The report for a terminal: the answer first, then what to know and whose turn it is. Plain text that reads well through a pipe, too.
#pragma once

#include "probe/report.hpp"

#include <string>
#include <string_view>

namespace portolan {

/// Colours as escape sequences, or none at all. State is never told by colour alone.
class Palette {
public:
    explicit Palette(bool colors) : on_(colors) {}
    std::string bold(std::string_view text) const { return in("1", text); }
    std::string good(std::string_view text) const { return in("32", text); }
    std::string look(std::string_view text) const { return in("33", text); }
    std::string bad(std::string_view text) const { return in("31", text); }
    std::string quiet(std::string_view text) const { return in("2", text); }

private:
    std::string in(std::string_view code, std::string_view text) const;
    bool on_;
};

/// `report` with its words filled in. Ends in a newline. At most 100 columns where the names allow it.
std::string to_text(const Report& report, const Palette& palette);

/// "imap.example.org", or with the port behind it, for people (U-labels).
std::string shown_host(const Service& service);

}
