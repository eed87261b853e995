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
};

}

std::span<const Target> targets() { return table; }

const Target* find_target(std::string_view name)
{
    const auto found = std::ranges::find(table, name, &Target::name);
    return found == table.end() ? nullptr : &*found;
}

}
