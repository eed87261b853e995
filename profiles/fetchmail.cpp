// fetchmail: takes mail from the server to this computer. Spelling: fetchmail(1), "The run control file".
#include "profiles/common.hpp"

#include <fmt/format.h>

namespace portolan {

namespace {

/// Letters, digits and what means nothing as they are, every other octet by its number (a '"' behind a backslash is a syntax error there).
std::string by_number(std::string_view text)
{
    std::string out = "\"";
    for (const unsigned char c : text) {
        const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || std::string_view("@._+-").contains(static_cast<char>(c));
        if (plain) out += static_cast<char>(c);
        else out += fmt::format("\\x{:02x}", c);
    }
    return out + "\"";
}

}

Written<std::vector<WrittenFile>> write_fetchmail(const PersonalAccount& account, const WriteOptions&)
{
    const auto pair = mail_services(account);
    if (!pair) return std::unexpected(pair.error());
    const auto& in = pair->incoming;
    const auto auth = sign_in_word(in, {{SignIn::password, "password"}, {SignIn::cram_md5, "cram-md5"}, {SignIn::kerberos, "gssapi"}, {SignIn::ntlm, "ntlm"}});
    if (!auth) return std::unexpected(WriteFailure{WriteProblem::service_not_supported, "auth"});
    std::string text = "# For fetchmail: ~/.fetchmailrc (mode 0600), or fetchmail -f THIS-FILE. The password is not in here: fetchmail asks for it,\n"
                       "# or takes it from ~/.netrc. Mail stays on the server until \"keep\" is taken out.\n\n";
    text += "poll " + in.host.text() + " protocol " + (in.service == ServiceKind::imap ? "IMAP" : "POP3") + " port " + std::to_string(in.port) + " auth " + *auth + "\n";
    text += "  user " + by_number(in.username) + " there\n  ";
    if (in.security == Security::tls) text += "ssl ";
    text += "sslproto \"TLS1.2+\" sslcertck\n  keep\n";
    return std::vector{WrittenFile{"fetchmail/fetchmailrc", text}};
}

}
