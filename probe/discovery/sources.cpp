#include "probe/discovery/pacc.hpp"

namespace portolan {

std::span<const SourceEntry> all_sources()
{
    static constexpr std::array table{
        SourceEntry{Source::catalogue, ask_catalogue},
        SourceEntry{Source::catalogue_mx, ask_catalogue_by_mx},
        SourceEntry{Source::pacc, ask_pacc},
        SourceEntry{Source::srv, ask_srv},
        SourceEntry{Source::autoconfig, ask_autoconfig},
        SourceEntry{Source::autoconfig_wellknown, ask_autoconfig_wellknown},
        SourceEntry{Source::guess, ask_guess},
    };
    return table;
}

}
