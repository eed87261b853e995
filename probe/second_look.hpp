// After a search: do its servers show the same certificate at every address and port, and the one that the DNS announces?
#pragma once

#include "probe/search.hpp"

namespace portolan {

/// Adds certificate-differs and tlsa-mismatch to `report` where they are due. At most four connections and two DNS questions, side by side, within 3 s;
/// nothing but the way to TLS is said. Never throws; what did not answer is left out.
Task<Report> look_at_every_certificate(Report report, Surroundings& world);

}
