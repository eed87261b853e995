// One case for the judge in plain text, as `portolan judge` reads it: the same judge, with everything handed in.
#pragma once

#include "probe/net/judge.hpp"

namespace portolan {

struct JudgeCase {
    std::string leaf;                          ///< PEM, as all below
    std::vector<std::string> anchors, others, lists;
    std::vector<PeerName> names;
    std::chrono::system_clock::time_point now;
    Purpose purpose = Purpose::server;
    bool needs_digital_signature = false;
    std::optional<int> max_depth;
};

/// The error is a slug for what cannot be read: "leaf-unreadable", "anchor-unreadable", "list-unreadable". An intermediate that cannot
/// be read is left out: nobody has to use it.
std::expected<CertificateFacts, std::string> judge_case(const JudgeCase& one);

}
