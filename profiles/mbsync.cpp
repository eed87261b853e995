// mbsync (isync 1.4 and later): one account, its Maildir below ~/Mail, and the channel between the two. Spelling: mbsync(1).
#include "profiles/common.hpp"
#include "profiles/keyring.hpp"

namespace portolan {

Written<std::vector<WrittenFile>> write_mbsync(const PersonalAccount& account, const WriteOptions&)
{
    const auto pair = mail_services(account);
    if (!pair) return std::unexpected(pair.error());
    const auto& imap = pair->incoming;
    if (imap.service != ServiceKind::imap) return std::unexpected(WriteFailure{WriteProblem::service_not_supported, "incoming"});
    // Plain words are safe here, TLS is certain.
    const auto ways = sign_in_word(imap, {{SignIn::password, "PLAIN LOGIN"}, {SignIn::cram_md5, "CRAM-MD5"}, {SignIn::digest_md5, "DIGEST-MD5"},
                                          {SignIn::kerberos, "GSSAPI"}, {SignIn::ntlm, "NTLM"}});
    if (!ways) return std::unexpected(WriteFailure{WriteProblem::service_not_supported, "auth"});
    const auto name = file_stem(account.address);
    std::string text = "# For mbsync (isync): ~/.mbsyncrc, or mbsync -c THIS-FILE -a. Mail comes to ~/Mail/" + name + "; make that folder first.\n" +
                       keyring_note(account.address, "# ");
    text += "\nIMAPAccount " + in_quotes(name) + "\nHost " + imap.host.text() + "\nPort " + std::to_string(imap.port) + "\n";
    text += std::string("# From isync 1.5 on this is called TLSType.\nSSLType ") + (imap.security == Security::tls ? "IMAPS" : "STARTTLS") + "\n";
    text += "User " + in_quotes(imap.username) + "\nPassCmd " + in_quotes(keyring_command(account.address)) + "\nAuthMechs " + *ways + "\n";
    text += "\nIMAPStore " + in_quotes(name + "-remote") + "\nAccount " + in_quotes(name) + "\n";
    text += "\nMaildirStore " + in_quotes(name + "-local") + "\nPath " + in_quotes("~/Mail/" + name + "/") + "\nInbox " + in_quotes("~/Mail/" + name + "/INBOX") +
            "\nSubFolders Verbatim\n";
    text += "\nChannel " + in_quotes(name) + "\nFar " + in_quotes(":" + name + "-remote:") + "\nNear " + in_quotes(":" + name + "-local:") +
            "\nPatterns *\nCreate Both\nExpunge None\nSyncState *\n";
    return std::vector{WrittenFile{"mbsync/mbsyncrc", text}};
}

}
