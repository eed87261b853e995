// From the leaf to an anchor (RFC 5280 §6): every way is tried within bounds until one has no fault; otherwise the least bad one is kept.
#pragma once

#include "probe/net/judge.hpp"
#include "probe/net/judge_view.hpp"

namespace portolan {

struct Path {
    std::vector<const View*> links;            ///< leaf first
    bool anchored = false;                     ///< the last link is an anchor
    std::vector<Found> faults;
    Revocation revocation = Revocation::not_checked;   ///< of the leaf
    std::time_t staple_time = 0;
};

class PathSearch {
public:
    PathSearch(const Question& question, const Anchors& anchors);
    ~PathSearch();
    /// The question's chain is not empty. The links live as long as this search.
    Path best();

private:
    struct Inner;
    std::unique_ptr<Inner> inner_;
};

}
