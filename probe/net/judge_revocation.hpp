// Revocation from what is at hand: a stapled OCSP response (RFC 6960) and lists that were given (RFC 5280 §5). Nothing is fetched.
#pragma once

#include "probe/net/judge.hpp"
#include "probe/net/judge_view.hpp"

namespace portolan {

enum class ListAnswer : std::uint8_t { nothing_known, not_listed, listed, unusable };

/// What the lists of `issuer` say about `certificate`. unusable: there are lists in its name, and none may be relied on.
ListAnswer ask_lists(const View& certificate, const View& issuer, const Question& question);

struct StapledAnswer {
    Revocation status = Revocation::not_checked;
    std::time_t this_update = 0;               ///< 0: no answer that `issuer` stands behind
};
/// An answer for `leaf`, signed by `issuer` or a responder that it appointed, and current at the question's time.
StapledAnswer ask_staple(const View& leaf, const View& issuer, const Question& question);

}
