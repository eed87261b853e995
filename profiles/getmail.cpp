// getmail 6: takes mail to a Maildir. Spelling: its documentation, "Configuration"; it knows implicit TLS alone.
#include "profiles/common.hpp"
#include "profiles/keyring.hpp"

namespace portolan {

Written<std::vector<WrittenFile>> write_getmail(const PersonalAccount& account, const WriteOptions&)
{
    const auto pair = mail_services(account);
    if (!pair) return std::unexpected(pair.error());
    const auto& in = pair->incoming;
    const auto cannot = [](std::string_view field) { return std::unexpected(WriteFailure{WriteProblem::service_not_supported, std::string(field)}); };
    if (in.security != Security::tls) return cannot("security");
    if (sign_in_for(in, {}) != SignIn::password) return cannot("auth");
    // A value of this format has no quotes: what stands at its ends is lost.
    if (in.username.starts_with(' ') || in.username.ends_with(' ')) return cannot("username");
    const auto name = file_stem(account.address);
    const bool imap = in.service == ServiceKind::imap;
    std::string words;
    for (const auto& word : keyring_lookup(account.address)) words += (words.empty() ? "(\"" : ", \"") + word + "\"";
    std::string text = "# For getmail: ~/.config/getmail/" + name + ", then getmail -r " + name + ". Make the Maildir ~/Mail/" + name + " with cur, new and tmp first.\n" +
                       keyring_note(account.address, "# ");
    text += std::string("\n[retriever]\ntype = ") + (imap ? "SimpleIMAPSSLRetriever" : "SimplePOP3SSLRetriever") + "\nserver = " + in.host.text() + "\nport = " +
            std::to_string(in.port) + "\nusername = " + in.username + "\npassword_command = " + words + ")\n";
    if (imap) text += "mailboxes = (\"INBOX\",)\n";
    text += "\n[destination]\ntype = Maildir\npath = ~/Mail/" + name + "/\n\n[options]\nread_all = false\ndelete = false\n";
    return std::vector{WrittenFile{"getmail/" + name, text}};
}

}
