// How wide the line is, by what a run asked for at one moment.
#pragma once

#include "probe/net/logbook.hpp"

namespace portolan {

/// The time over which the answers to the first questions came one after the other, in the order in which they were asked, where a handshake
/// then took far longer than a connection: both were waiting in the queue of a narrow line. 0 where there is no such queue.
milliseconds time_in_the_queue(const Logbook& log);

}
