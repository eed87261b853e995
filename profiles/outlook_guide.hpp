// The page that leads through every Outlook by hand, with exactly this account's values.
#pragma once

#include "profiles/writer.hpp"

namespace portolan {

/// Self-contained HTML for one sheet of paper, well-formed as XML too; no script, no outside request. `profile` names the PRF file that
/// lies beside it, or is empty.
std::string outlook_guide(const PersonalAccount& account, const Service& incoming, const Service& outgoing, const std::string& profile);
bool outlook_guide_reads_back(const std::string& html, const PersonalAccount& account, const Service& incoming, const Service& outgoing);

}
