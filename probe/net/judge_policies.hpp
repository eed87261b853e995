// Certificate policies along a path (RFC 5280 §6.1.3 d to f, §6.1.4 a, b, h to j), with any policy wanted by the user.
#pragma once

#include "probe/net/judge_view.hpp"

namespace portolan {

/// `links` from the leaf to the anchor, which itself is not looked at. false: a policy is demanded, and none holds for the whole path.
/// The tree of the RFC is kept as the set of policies in force: whether it is empty is all that counts here, and sets do not explode.
bool policies_hold(const std::vector<const View*>& links);

}
