// msmtp: sending alone. Spelling: msmtp(1), "Configuration files".
#include "profiles/common.hpp"
#include "profiles/keyring.hpp"

namespace portolan {

namespace {

/// msmtp takes one pair of quotes from the two ends and nothing else: whatever is between stays as it is.
std::string as_it_is(std::string_view text) { return "\"" + std::string(text) + "\""; }

}

Written<std::vector<WrittenFile>> write_msmtp(const PersonalAccount& account, const WriteOptions&)
{
    const auto pair = mail_services(account);
    if (!pair) return std::unexpected(pair.error());
    const auto& smtp = pair->outgoing;
    // "on" takes the best that the server offers.
    const auto auth = sign_in_word(smtp, {{SignIn::password, "on"}, {SignIn::cram_md5, "cram-md5"}, {SignIn::digest_md5, "digest-md5"},
                                          {SignIn::kerberos, "gssapi"}, {SignIn::ntlm, "ntlm"}});
    if (!auth) return std::unexpected(WriteFailure{WriteProblem::service_not_supported, "auth"});
    const auto name = file_stem(account.address);
    std::string text = "# For msmtp: ~/.msmtprc (mode 0600), or msmtp -C THIS-FILE.\n" + keyring_note(account.address, "# ");
    text += "\naccount " + name + "\nhost " + smtp.host.text() + "\nport " + std::to_string(smtp.port) + "\ntls on\ntls_starttls " +
            (smtp.security == Security::tls ? "off" : "on") + "\nauth " + *auth + "\nuser " + as_it_is(smtp.username) + "\npasswordeval " +
            as_it_is(keyring_command(account.address)) + "\nfrom " + as_it_is(account.address.text()) + "\n";
    text += "\naccount default : " + name + "\n";
    return std::vector{WrittenFile{"msmtp/msmtprc", text}};
}

}
