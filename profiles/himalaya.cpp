// Himalaya 1.x: TOML. Spelling: config.sample.toml of that version; version 2 writes the same in other words and is not served here.
#include "profiles/common.hpp"
#include "profiles/keyring.hpp"

#include <fmt/format.h>

namespace portolan {

namespace {

/// Strings are basic strings (TOML 1.0, "String"); the text has no control characters.
std::string server(std::string_view prefix, std::string_view type, const Service& service, const std::string& command)
{
    return fmt::format("{0}.type = {1}\n{0}.host = {2}\n{0}.port = {3}\n{0}.encryption.type = {4}\n{0}.login = {5}\n{0}.auth.type = \"password\"\n{0}.auth.cmd = {6}\n", prefix, in_quotes(type),
                       in_quotes(service.host.text()), service.port, service.security == Security::tls ? "\"tls\"" : "\"start-tls\"", in_quotes(service.username), in_quotes(command));
}

}

Written<std::vector<WrittenFile>> write_himalaya(const PersonalAccount& account, const WriteOptions&)
{
    const auto pair = mail_services(account);
    if (!pair) return std::unexpected(pair.error());
    const auto cannot = [](std::string_view field) { return std::unexpected(WriteFailure{WriteProblem::service_not_supported, std::string(field)}); };
    if (pair->incoming.service != ServiceKind::imap) return cannot("incoming");
    if (sign_in_for(pair->incoming, {}) != SignIn::password || sign_in_for(pair->outgoing, {}) != SignIn::password) return cannot("auth");
    const auto command = keyring_command(account.address);
    std::string text = "# For Himalaya 1.x: ~/.config/himalaya/config.toml. Not tested with the program.\n" + keyring_note(account.address, "# ");
    text += "\n[accounts." + in_quotes(file_stem(account.address)) + "]\ndefault = true\nemail = " + in_quotes(account.address.text()) + "\ndisplay-name = " + in_quotes(display_of(account)) + "\n\n";
    text += server("backend", "imap", pair->incoming, command) + "\n" + server("message.send.backend", "smtp", pair->outgoing, command);
    return std::vector{WrittenFile{"himalaya/config.toml", text}};
}

}
