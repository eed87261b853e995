// What the outside world is for one run: handed in by a composition root; real, demonstration, recorded or scripted.
#pragma once

#include "probe/net/http.hpp"
#include "probe/net/logbook.hpp"

namespace portolan {

struct Surroundings {
    Clock& clock;
    Resolver& resolver;
    Connector& connector;
    Http& http;
    HostLedger& ledger;
    Logbook& log;
    RacePolicy racing{};
};

}
