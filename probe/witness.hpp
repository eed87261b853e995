// A second question after a trial failed on the network: was it the server, or the way to it?
#pragma once

#include "probe/assemble.hpp"

namespace portolan {

/// Is there anything to ask after this trial? Silence at connecting, or a handshake that hung.
bool wants_witness(const Trial& trial, const HostLedger& ledger);

/// Asks the host of a failed trial, within 3 s and with at most two connections. Never throws.
Task<Testimony> ask_witness(Service service, std::vector<IpAddress> addresses, Outcome<void> outcome, Surroundings& world);

}
