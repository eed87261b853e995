// The page that leads through every Outlook by hand, with exactly this account's values.
#pragma once

#include "profiles/writer.hpp"

namespace portolan {

/// Self-contained HTML for one sheet of paper; no script, no outside request.
std::string outlook_guide(const PersonalAccount& account, const Service& incoming, const Service& outgoing);

}
