// msmtp: sending alone. Spelling: msmtp(1), "Configuration files".
#include "profiles/common.hpp"
#include "profiles/keyring.hpp"

namespace portolan {

namespace {

/// msmtp takes one pair of quotes from the two ends and nothing else: whatever is between stays as it is.
std::string in_quotes(std::string_view text) { return "\"" + std::string(text) + "\""; }

std::optional<std::string> way(const Service& service)
{
    switch (sign_in_for(service, {SignIn::cram_md5, SignIn::digest_md5, SignIn::kerberos, SignIn::ntlm}).value_or(SignIn::oauth2)) {
    case SignIn::password: return "on";                       // the best that the server offers
    case SignIn::cram_md5: return "cram-md5";
    case SignIn::digest_md5: return "digest-md5";
    case SignIn::kerberos: return "gssapi";
    case SignIn::ntlm: return "ntlm";
    case SignIn::client_certificate:
    case SignIn::oauth2: break;
    }
    return std::nullopt;
}

}

Written<std::vector<WrittenFile>> write_msmtp(const PersonalAccount& account, const WriteOptions&)
{
    const auto pair = mail_services(account);
    if (!pair) return std::unexpected(pair.error());
    const auto& smtp = pair->outgoing;
    const auto auth = way(smtp);
    if (!auth) return std::unexpected(WriteFailure{WriteProblem::service_not_supported, "auth"});
    const auto name = file_stem(account.address);
    std::string text = "# For msmtp: ~/.msmtprc (mode 0600), or msmtp -C THIS-FILE.\n" + keyring_note(account.address, "# ");
    text += "\naccount " + name + "\nhost " + smtp.host.text() + "\nport " + std::to_string(smtp.port) + "\ntls on\ntls_starttls " +
            (smtp.security == Security::tls ? "off" : "on") + "\nauth " + *auth + "\nuser " + in_quotes(smtp.username) + "\npasswordeval " +
            in_quotes(keyring_command(account.address)) + "\nfrom " + in_quotes(account.address.text()) + "\n";
    text += "\naccount default : " + name + "\n";
    return std::vector{WrittenFile{"msmtp/msmtprc", text}};
}

}
