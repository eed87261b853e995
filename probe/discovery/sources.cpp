#include "probe/discovery/autoconfig.hpp"
#include "probe/discovery/autodiscover.hpp"
#include "probe/discovery/pacc.hpp"
#include "probe/discovery/well_known.hpp"

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
        SourceEntry{Source::autoconfig_http, ask_autoconfig_http},
        SourceEntry{Source::autoconfig_mx, ask_autoconfig_mx},
        SourceEntry{Source::autoconfig_txt, ask_autoconfig_txt},
        SourceEntry{Source::ispdb, ask_ispdb},
        SourceEntry{Source::ispdb_mx, ask_ispdb_mx},
        SourceEntry{Source::jmap_wellknown, ask_jmap_well_known},
        SourceEntry{Source::dav_wellknown, ask_dav_well_known},
        SourceEntry{Source::autodiscover, ask_autodiscover},
        SourceEntry{Source::autodiscover_json, ask_autodiscover_json},
        SourceEntry{Source::autodiscover_srv, ask_autodiscover_srv},
        SourceEntry{Source::guess, ask_guess},
        SourceEntry{Source::worked_before, ask_worked_before},
    };
    return table;
}

}
