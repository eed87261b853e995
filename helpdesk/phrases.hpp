// What is said of each verdict code, and of each of its kinds where they differ: what happened (for a person), why (for an engineer), what to do next.
// {target}, {host} and the like are filled in by words.cpp.
#pragma once

#include "helpdesk/language.hpp"
#include "probe/account/verdict.hpp"

#include <span>

namespace portolan {

struct Phrase {
    VerdictCode code;
    Detail detail;                             ///< none: said where the code has no phrase for the verdict's own detail
    std::string_view what, why, todo;
};

const Phrase& phrase_for(VerdictCode code, Detail detail);
/// All of them: each code with Detail::none, in the order of the codes, then the kinds.
std::span<const Phrase> phrases();

}
