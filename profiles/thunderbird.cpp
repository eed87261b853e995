// A complete new Thunderbird profile folder: `thunderbird --profile DIR`. Preference names and values as Thunderbird ESR 153 reads them.
#include "profiles/common.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace portolan {

namespace {

std::string js_string(std::string_view text)
{
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + "\"";
}

class Preferences {
public:
    void text(const std::string& name, std::string_view value) { put(name, js_string(value)); }
    void number(const std::string& name, int value) { put(name, std::to_string(value)); }
    void flag(const std::string& name, bool value) { put(name, value ? "true" : "false"); }
    const std::map<std::string, std::string>& values() const { return values_; }
    std::string file() const
    {
        std::string out = "// Mozilla User Preferences\n\n";
        for (const auto& [name, value] : values_) out += "user_pref(" + js_string(name) + ", " + value + ");\n";
        return out;
    }

private:
    void put(const std::string& name, std::string value) { values_[name] = std::move(value); }
    std::map<std::string, std::string> values_;
};

/// The strict reader: every line is a comment, empty, or one whole user_pref; strings are unescaped and quoted again.
bool reads_back(const std::string& file, const std::map<std::string, std::string>& values)
{
    std::map<std::string, std::string> read;
    std::size_t at = 0;
    const auto string_at = [&](std::string& out) {
        if (at >= file.size() || file[at] != '"') return false;
        for (++at; at < file.size() && file[at] != '"'; ++at) {
            if (file[at] == '\n') return false;
            if (file[at] == '\\' && ++at >= file.size()) return false;
            out += file[at];
        }
        return at < file.size() && file[at++] == '"';
    };
    const auto literal = [&](std::string_view text) {
        if (!std::string_view(file).substr(at).starts_with(text)) return false;
        at += text.size();
        return true;
    };
    while (at < file.size()) {
        if (file[at] == '\n') {
            ++at;
            continue;
        }
        if (literal("//")) {
            at = std::min(file.find('\n', at), file.size());
            continue;
        }
        std::string name, value;
        if (!literal("user_pref(") || !string_at(name) || !literal(", ")) return false;
        if (at < file.size() && file[at] == '"') {
            std::string text;
            if (!string_at(text)) return false;
            value = js_string(text);
        } else
            while (at < file.size() && file[at] != ')') value += file[at++];
        if (!literal(");\n") || !read.emplace(name, value).second) return false;
    }
    return read == values;
}

int socket_type(Security security) { return security == Security::tls ? 3 : 2; }

/// Thunderbird signs in by OAuth only where its own table of hosts says with whom; anywhere else `authMethod` 10 makes the account unusable
/// (ESR 153).
bool oauth_host(const Hostname& host)
{
    static constexpr std::array<std::string_view, 19> known{
        "gmail.com",         "googlemail.com",  "office365.com",    "outlook.com",       "hotmail.com",
        "yahoo.com",         "att.net",         "aol.com",          "imap.fastmail.com", "pop.fastmail.com",
        "smtp.fastmail.com", "imap.mail.ru",    "smtp.mail.ru",     "imap.yandex.com",   "smtp.yandex.com",
        "imap.comcast.net",  "pop.comcast.net", "smtp.comcast.net", "thundermail.com"};
    return std::ranges::any_of(known, [&](std::string_view name) {
        const std::string_view text = host.text();
        return text == name || (text.ends_with(name) && text[text.size() - name.size() - 1] == '.');
    });
}

bool oauth_possible(const Service& service)
{
    const auto ways = sign_ins(service);
    return oauth_host(service.host) && std::ranges::find(ways, SignIn::oauth2) != ways.end();
}

/// Thunderbird's number for the way to sign in without OAuth; nothing where it has none that the server takes.
std::optional<int> auth_method(const Service& service)
{
    const auto way =
        sign_in_for(service, {SignIn::cram_md5, SignIn::digest_md5, SignIn::kerberos, SignIn::ntlm, SignIn::client_certificate});
    if (!way) return std::nullopt;
    switch (*way) {
    case SignIn::cram_md5:
    case SignIn::digest_md5: return 4;
    case SignIn::kerberos: return 5;
    case SignIn::ntlm: return 6;
    case SignIn::client_certificate: return 7;
    default: return 3;
    }
}

struct AuthMethods {
    int incoming, outgoing;
};

/// OAuth is a matter of both servers or of none: it is taken where the incoming one prefers it, or one of the two takes nothing else.
std::optional<AuthMethods> auth_methods(const MailPair& mail)
{
    const auto incoming = auth_method(mail.incoming), outgoing = auth_method(mail.outgoing);
    if (oauth_possible(mail.incoming) && oauth_possible(mail.outgoing))
        if (sign_ins(mail.incoming).front() == SignIn::oauth2 || !incoming || !outgoing) return AuthMethods{10, 10};
    if (!incoming || !outgoing) return std::nullopt;
    return AuthMethods{*incoming, *outgoing};
}

}

Written<std::vector<WrittenFile>> write_thunderbird(const PersonalAccount& account, const WriteOptions&)
{
    const auto mail = mail_services(account);
    if (!mail) return std::unexpected(mail.error());
    const auto& [incoming, outgoing] = *mail;
    const bool pop3 = incoming.service == ServiceKind::pop3;
    const auto auth = auth_methods(*mail);
    if (!auth) return std::unexpected(WriteFailure{WriteProblem::service_not_supported, "auth"});
    Preferences prefs;
    prefs.text("mail.accountmanager.accounts", "account1,account2");
    prefs.text("mail.accountmanager.defaultaccount", "account1");
    prefs.text("mail.accountmanager.localfoldersserver", "server2");
    prefs.number("mail.account.lastKey", 2);
    prefs.text("mail.account.account1.server", "server1");
    prefs.text("mail.account.account1.identities", "id1");
    prefs.text("mail.account.account2.server", "server2");
    const std::string server = "mail.server.server1.";
    prefs.text(server + "type", pop3 ? "pop3" : "imap");
    prefs.text(server + "hostname", incoming.host.text());
    prefs.number(server + "port", incoming.port);
    prefs.number(server + "socketType", socket_type(incoming.security));
    prefs.number(server + "authMethod", auth->incoming);
    prefs.text(server + "userName", incoming.username);
    prefs.text(server + "name", account.address.display());
    prefs.text(server + "directory-rel", std::string(pop3 ? "[ProfD]Mail/" : "[ProfD]ImapMail/") + incoming.host.text());
    prefs.flag(server + "login_at_startup", true);
    prefs.flag(server + "check_new_mail", true);
    if (pop3) {
        // As Thunderbird's own wizard sets them: mail stays on the server for two weeks, so that other devices find it.
        prefs.flag(server + "leave_on_server", true);
        prefs.flag(server + "delete_mail_left_on_server", true);
        prefs.flag(server + "delete_by_age_from_server", true);
        prefs.number(server + "num_days_to_leave_on_server", 14);
        prefs.flag(server + "download_on_biff", true);
    }
    prefs.text("mail.server.server2.type", "none");
    prefs.text("mail.server.server2.hostname", "Local Folders");
    prefs.text("mail.server.server2.userName", "nobody");
    prefs.text("mail.server.server2.name", "Local Folders");
    prefs.text("mail.server.server2.directory-rel", "[ProfD]Mail/Local Folders");
    prefs.text("mail.identity.id1.fullName", account.name);
    prefs.text("mail.identity.id1.useremail", account.address.text());
    prefs.text("mail.identity.id1.smtpServer", "smtp1");
    prefs.flag("mail.identity.id1.valid", true);
    prefs.text("mail.smtpservers", "smtp1");
    prefs.text("mail.smtp.defaultserver", "smtp1");
    const std::string smtp = "mail.smtpserver.smtp1.";
    prefs.text(smtp + "type", "smtp");
    prefs.text(smtp + "hostname", outgoing.host.text());
    prefs.number(smtp + "port", outgoing.port);
    prefs.number(smtp + "try_ssl", socket_type(outgoing.security));
    prefs.number(smtp + "authMethod", auth->outgoing);
    prefs.text(smtp + "username", outgoing.username);
    prefs.text(smtp + "description", account.address.display());
    auto file = prefs.file();
    if (!reads_back(file, prefs.values())) return std::unexpected(WriteFailure{WriteProblem::read_back_differs, "prefs.js"});
    return std::vector{WrittenFile{"thunderbird/profile/prefs.js", std::move(file)}};
}

}
