// Where programs of the command line get the password: from the desktop's keyring (libsecret), by a command. No file holds it.
#pragma once

#include "probe/account/address.hpp"

#include <string>
#include <vector>

namespace portolan {

/// "secret-tool", "lookup", "service", "portolan", "account", and a name for the address of letters, digits, '.', '-', '_', '+' and '@' alone: no
/// shell and no format has to quote it.
std::vector<std::string> keyring_lookup(const EmailAddress& address);
/// The same as one line.
std::string keyring_command(const EmailAddress& address);
/// Lines that say how the password gets into the keyring, each behind `comment` ("# ").
std::string keyring_note(const EmailAddress& address, std::string_view comment);

}
