// The same way through every page, for the stories that look at each of them.
#pragma once

#include "wizard.hpp"

#include <functional>

namespace portolan::stories {

/// Calls `look` at each page at rest (the search in its middle among them) with the page's picture name.
/// Stops at the first failed check.
/// `asking` milliseconds old are the rays of the search that still ask.
void walk(Wizard& wizard, const std::function<void(const QString& name)>& look, int asking = 0);

}
