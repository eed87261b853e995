// OfflineIMAP 3: a local Maildir that follows the server. Spelling: offlineimap.conf, the commented example that the program comes with.
#include "profiles/common.hpp"
#include "profiles/keyring.hpp"

namespace portolan {

namespace {

/// The words of a command as a Python list.
std::string python_list(const std::vector<std::string>& words)
{
    std::string out;
    for (const auto& word : words) out += (out.empty() ? "['" : ", '") + word + "'";
    return out + "]";
}

}

Written<std::vector<WrittenFile>> write_offlineimap(const PersonalAccount& account, const WriteOptions&)
{
    const auto pair = mail_services(account);
    if (!pair) return std::unexpected(pair.error());
    const auto& imap = pair->incoming;
    const auto cannot = [](std::string_view field) { return std::unexpected(WriteFailure{WriteProblem::service_not_supported, std::string(field)}); };
    if (imap.service != ServiceKind::imap) return cannot("incoming");
    const auto way = sign_in_for(imap, {SignIn::cram_md5, SignIn::kerberos});
    if (!way) return cannot("auth");
    // A value of this format has no quotes: what stands at its ends is lost.
    if (imap.username.starts_with(' ') || imap.username.ends_with(' ')) return cannot("username");
    const auto name = file_stem(account.address);
    std::string text = "# For OfflineIMAP: ~/.offlineimaprc, or offlineimap -c THIS-FILE. Mail comes to ~/Mail/" + name + ".\n" + keyring_note(account.address, "# ");
    text += "\n[general]\naccounts = " + name + "\n\n[Account " + name + "]\nlocalrepository = " + name + "-local\nremoterepository = " + name + "-remote\n";
    text += "\n[Repository " + name + "-local]\ntype = Maildir\nlocalfolders = ~/Mail/" + name + "\n";
    text += "\n[Repository " + name + "-remote]\ntype = IMAP\nremotehost = " + imap.host.text() + "\nremoteport = " + std::to_string(imap.port) + "\n";
    text += imap.security == Security::tls ? "ssl = yes\nstarttls = no\n" : "ssl = no\nstarttls = yes\n";
    text += "sslcacertfile = OS-DEFAULT\nremoteuser = " + imap.username + "\n";
    text += "remotepasseval = __import__('subprocess').check_output(" + python_list(keyring_lookup(account.address)) + ").decode().rstrip('\\n')\n";
    text += std::string("auth_mechanisms = ") + (*way == SignIn::password ? "PLAIN, LOGIN" : *way == SignIn::cram_md5 ? "CRAM-MD5" : "GSSAPI") + "\n";
    return std::vector{WrittenFile{"offlineimap/offlineimaprc", text}};
}

}
