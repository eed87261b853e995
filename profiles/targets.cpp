#include "profiles/writer.hpp"

#include <algorithm>
#include <array>

namespace portolan {

namespace {

constexpr std::array table{
    Target{"apple", write_apple},
    Target{"thunderbird", write_thunderbird},
    Target{"thunderbird-autoconfig", write_thunderbird_autoconfig},
    Target{"outlook", write_outlook},
    Target{"k9", write_k9},
    Target{"evolution", write_evolution},
    Target{"geary", write_geary},
    Target{"claws", write_claws},
    Target{"mbsync", write_mbsync},
    Target{"msmtp", write_msmtp},
    Target{"neomutt", write_neomutt},
    Target{"mutt", write_mutt},
    Target{"aerc", write_aerc},
    Target{"himalaya", write_himalaya},
    Target{"offlineimap", write_offlineimap},
    Target{"fetchmail", write_fetchmail},
    Target{"getmail", write_getmail},
    Target{"vdirsyncer", write_vdirsyncer},
};

}

std::span<const Target> targets() { return table; }

const Target* find_target(std::string_view name)
{
    const auto found = std::ranges::find(table, name, &Target::name);
    return found == table.end() ? nullptr : &*found;
}

}
