// A complete new Thunderbird profile folder: `thunderbird --profile DIR`. Preference names and values as Thunderbird ESR 153 reads them.
#include "profiles/common.hpp"

#include <algorithm>
#include <cctype>
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
        if (file[at] == '"') {
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

int auth_method(const Service& service)
{
    const auto only = [&](Mechanism mechanism) { return service.auth.size() == 1 && service.auth.front() == mechanism; };
    if (only(Mechanism::cram_md5) || only(Mechanism::digest_md5)) return 4;
    if (only(Mechanism::gssapi)) return 5;
    if (only(Mechanism::ntlm)) return 6;
    return 3;
}

}

Written<std::vector<WrittenFile>> write_thunderbird(const PersonalAccount& account, const WriteOptions&)
{
    const auto mail = mail_services(account);
    if (!mail) return std::unexpected(mail.error());
    const auto& [incoming, outgoing] = *mail;
    const bool pop3 = incoming.service == ServiceKind::pop3;
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
    prefs.number(server + "authMethod", auth_method(incoming));
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
    prefs.number(smtp + "authMethod", auth_method(outgoing));
    prefs.text(smtp + "username", outgoing.username);
    prefs.text(smtp + "description", account.address.display());
    auto file = prefs.file();
    if (!reads_back(file, prefs.values())) return std::unexpected(WriteFailure{WriteProblem::read_back_differs, "prefs.js"});
    return std::vector{WrittenFile{"thunderbird/profile/prefs.js", std::move(file)}};
}

}
