// What providers/generate.py compiles from providers/data: sorted, so that a look-up is a binary search.
#pragma once

#include "providers/catalogue.hpp"

namespace portolan {

struct CatalogueKey {
    std::string_view key;
    std::uint16_t provider;                    ///< index into catalogue_providers()
};

std::span<const Provider> catalogue_providers();       ///< by id
std::span<const CatalogueKey> catalogue_domains();     ///< by domain, A-labels
std::span<const CatalogueKey> catalogue_mx();          ///< by MX suffix

}
