// Mutt and NeoMutt read the same settings. Spelling: muttrc(5), neomuttrc(5).
#include "probe/account/percent.hpp"
#include "profiles/common.hpp"
#include "profiles/keyring.hpp"

namespace portolan {

namespace {

/// In double quotes '\', '"', '$' and '`' mean something.
std::string value(std::string_view text) { return in_quotes(text, "\"\\$`"); }

std::string set(std::string_view name, const std::string& value) { return "set " + std::string(name) + " = " + value + "\n"; }

/// scheme://user@host:port/ with the user's name percent-encoded (RFC 3986 §2.1).
std::string url(std::string_view scheme, const Service& service)
{
    return value(std::string(scheme) + (service.security == Security::tls ? "s" : "") + "://" + percent_encoded(service.username) + "@" + service.host.text() + ":" +
                  std::to_string(service.port) + "/");
}

/// The settings for ways to sign in share these words.
std::optional<std::string> ways(const Service& service)
{
    return sign_in_word(service, {{SignIn::password, service.service == ServiceKind::pop3 ? "user" : "plain:login"}, {SignIn::cram_md5, "cram-md5"},
                                  {SignIn::digest_md5, "digest-md5"}, {SignIn::kerberos, "gssapi"}});
}

Written<std::vector<WrittenFile>> write(const PersonalAccount& account, std::string_view path, std::string_view program)
{
    const auto pair = mail_services(account);
    if (!pair) return std::unexpected(pair.error());
    const auto in = ways(pair->incoming), out = ways(pair->outgoing);
    if (!in || !out) return std::unexpected(WriteFailure{WriteProblem::service_not_supported, "auth"});
    const auto secret = "\"`" + keyring_command(account.address) + "`\"";
    std::string text = "# For " + std::string(program) + ": -F THIS-FILE, or a line \"source THIS-FILE\" in the settings you have.\n" + keyring_note(account.address, "# ") + "\n";
    text += set("realname", value(display_of(account))) + set("from", value(account.address.text())) + set("use_from", "yes");
    text += set("ssl_starttls", "yes") + set("ssl_force_tls", "yes");
    if (pair->incoming.service == ServiceKind::imap) {
        text += set("folder", url("imap", pair->incoming)) + set("imap_user", value(pair->incoming.username)) + set("imap_pass", secret) +
                set("imap_authenticators", value(*in)) + set("spoolfile", "\"+INBOX\"") + set("record", "\"+Sent\"") + set("postponed", "\"+Drafts\"");
    } else {
        text += set("pop_host", url("pop", pair->incoming)) + set("pop_user", value(pair->incoming.username)) + set("pop_pass", secret) +
                set("pop_authenticators", value(*in)) + set("pop_delete", "no");
    }
    text += set("smtp_url", url("smtp", pair->outgoing)) + set("smtp_pass", secret) + set("smtp_authenticators", value(*out));
    return std::vector{WrittenFile{std::string(path), text}};
}

}

Written<std::vector<WrittenFile>> write_mutt(const PersonalAccount& account, const WriteOptions&) { return write(account, "mutt/muttrc", "Mutt"); }
Written<std::vector<WrittenFile>> write_neomutt(const PersonalAccount& account, const WriteOptions&) { return write(account, "neomutt/neomuttrc", "NeoMutt"); }

}
