// The same way through every page, for the stories that look at each of them.
#pragma once

#include "wizard.hpp"

#include <functional>

namespace portolan::stories {

/// Calls `look` at each page at rest (and at the search in its middle, from inside the signal that told of it) with the page's picture name.
/// Stops at the first failed check.
void walk(Wizard& wizard, const std::function<void(const QString& name)>& look);

}
