// Geary: one account folder with its key file. IMAP alone. Spelling: as Geary 43 writes it.
#include "profiles/common.hpp"
#include "profiles/key_file.hpp"

#include <algorithm>

namespace portolan {

namespace {

std::string server(std::string_view group, const Service& service, const std::string& credentials)
{
    return "\n[" + std::string(group) + "]\nhost=" + service.host.text() + "\nport=" + std::to_string(service.port) + "\ntransport_security=" +
           (service.security == Security::tls ? "transport" : "start-tls") + "\n" + credentials + "remember_password=true\n";
}

/// "Name <address>" (RFC 5322 §3.4): the name between quotes, where a quote and a backslash are quoted pairs.
std::string mailbox(const PersonalAccount& account)
{
    if (account.name.empty()) return account.address.text();
    return in_quotes(account.name) + " <" + account.address.text() + ">";
}

}

Written<std::vector<WrittenFile>> write_geary(const PersonalAccount& account, const WriteOptions&)
{
    const auto pair = mail_services(account);
    if (!pair) return std::unexpected(pair.error());
    const auto cannot = [](std::string_view field) { return std::unexpected(WriteFailure{WriteProblem::service_not_supported, std::string(field)}); };
    if (pair->incoming.service != ServiceKind::imap) return cannot("incoming");
    if (sign_in_for(pair->incoming, {}) != SignIn::password || sign_in_for(pair->outgoing, {}) != SignIn::password) return cannot("auth");
    const bool same = pair->outgoing.username == pair->incoming.username;
    std::string text = "[Metadata]\nversion=1\nstatus=enabled\n\n[Account]\nordinal=1\nlabel=" + key_file_value(account.address.text()) +
                       "\nprefetch_days=14\nsave_drafts=true\nsave_sent=true\nsender_mailboxes=" + key_file_entry(mailbox(account)) + "\nservice_provider=other\n";
    text += server("Incoming", pair->incoming, "credentials=custom\nlogin=" + key_file_value(pair->incoming.username) + "\n");
    text += server("Outgoing", pair->outgoing, same ? "credentials=use-incoming\n" : "credentials=custom\nlogin=" + key_file_value(pair->outgoing.username) + "\n");
    return std::vector{WrittenFile{"geary/account_01/geary.ini", text},
                       WrittenFile{"geary/README.txt", "Close Geary, copy the folder \"account_01\" to ~/.config/geary/ (as account_02, account_03 … where you have accounts already)\nand start Geary. It asks for the password once and keeps it in the keyring.\nTo undo this, take the same folder away.\n"}};
}

}
