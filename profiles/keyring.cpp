#include "profiles/keyring.hpp"

#include "profiles/common.hpp"

#include <algorithm>
#include <cctype>

namespace portolan {

namespace {

/// The address itself where it needs no quotes; else a name that no other address has.
std::string keyring_name(const EmailAddress& address)
{
    const auto text = address.text();
    const auto harmless = [](unsigned char c) { return std::isalnum(c) || c == '.' || c == '-' || c == '_' || c == '+' || c == '@'; };
    if (std::ranges::all_of(text, harmless) && !text.starts_with('-')) return text;
    return file_stem(address) + "-" + stable_uuid(text).substr(0, 8);
}

}

std::vector<std::string> keyring_lookup(const EmailAddress& address)
{
    return {"secret-tool", "lookup", "service", "portolan", "account", keyring_name(address)};
}

std::string keyring_command(const EmailAddress& address)
{
    std::string line;
    for (const auto& word : keyring_lookup(address)) line += (line.empty() ? "" : " ") + word;
    return line;
}

std::string keyring_note(const EmailAddress& address, std::string_view comment)
{
    const std::string start(comment);
    return start + "The password is not in here. Keep it in your keyring once (Debian's package libsecret-tools):\n" + start +
           "  secret-tool store --label='Mail " + keyring_name(address) + "' service portolan account " + keyring_name(address) + "\n";
}

}
