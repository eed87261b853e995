// Classic Outlook for Windows: the Autodiscover answer (MS-OXDSCLI) that a registry file maps locally, the file that takes the mapping
// back, a PRF as fallback, and a page with this account's values for every Outlook that reads no file.
#include "profiles/common.hpp"

#include "profiles/outlook_guide.hpp"

#include <fmt/format.h>
#include <pugixml.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <variant>

namespace portolan {

namespace {

std::string protocol(const Service& service, const MailPair& mail)
{
    const bool smtp = service.service == ServiceKind::smtp;
    const auto line = [](std::string_view name, std::string_view value) {
        return "        <" + std::string(name) + ">" + xml_escaped(value) + "</" + std::string(name) + ">\n";
    };
    // SPA (NTLM) is on where it is not mentioned, so it always is. UsePOPAuth means "the incoming server's sign-in": only where both are
    // the same.
    return "      <Protocol>\n" +
           line("Type", smtp                                   ? "SMTP"
                        : service.service == ServiceKind::pop3 ? "POP3"
                                                               : "IMAP") +
           line("Server", service.host.text()) + line("Port", std::to_string(service.port)) + line("DomainRequired", "off") +
           line("LoginName", service.username) + line("SPA", "off") + line("SSL", "on") +
           line("Encryption", service.security == Security::tls ? "SSL" : "TLS") + line("AuthRequired", "on") +
           (smtp ? line("UsePOPAuth", service.username == mail.incoming.username ? "on" : "off") + line("SMTPLast", "off") : "") +
           "      </Protocol>\n";
}

std::string autodiscover(const PersonalAccount& account, const MailPair& mail)
{
    return "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Autodiscover "
           "xmlns=\"http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006\">\n"
           "  <Response xmlns=\"http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a\">\n    "
           "<User><DisplayName>" +
           xml_escaped(display_of(account)) +
           "</DisplayName></User>\n    <Account>\n      <AccountType>email</AccountType>\n      <Action>settings</Action>\n" +
           protocol(mail.incoming, mail) + protocol(mail.outgoing, mail) + "    </Account>\n  </Response>\n</Autodiscover>\n";
}

bool autodiscover_reads_back(const std::string& text, const PersonalAccount& account, const MailPair& mail)
{
    pugi::xml_document xml;
    if (!xml.load_buffer(text.data(), text.size(), pugi::parse_default | pugi::parse_ws_pcdata_single)) return false;
    const auto response = xml.child("Autodiscover").child("Response");
    if (response.child("User").child("DisplayName").text().get() != display_of(account)) return false;
    auto node = response.child("Account").child("Protocol");
    for (const auto* service : {&mail.incoming, &mail.outgoing}) {
        if (node.child("Server").text().get() != service->host.text() || node.child("Port").text().as_int() != service->port ||
            node.child("LoginName").text().get() != service->username)
            return false;
        node = node.next_sibling("Protocol");
    }
    return !node;
}

/// What a registry file sets: a value's name, and "text", a number, or nothing to delete it.
struct RegistryValue {
    std::string name;
    std::variant<std::monostate, std::string, std::uint32_t> value;
};

constexpr std::string_view registry_key = "HKEY_CURRENT_USER\\Software\\Microsoft\\Office\\16.0\\Outlook\\AutoDiscover";

std::string registry_string(std::string_view text)
{
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + "\"";
}

/// UTF-16LE with its mark and CRLF, as the registry editor writes it. All text is ASCII here: a domain in A-labels and a path of ours.
std::string registry_file(std::span<const RegistryValue> values)
{
    std::string text = "Windows Registry Editor Version 5.00\r\n\r\n[" + std::string(registry_key) + "]\r\n";
    for (const auto& [name, value] : values) {
        text += registry_string(name) + "=";
        if (const auto* words = std::get_if<std::string>(&value)) text += registry_string(*words);
        else if (const auto* number = std::get_if<std::uint32_t>(&value)) text += fmt::format("dword:{:08x}", *number);
        else text += "-";
        text += "\r\n";
    }
    text += "\r\n";
    std::string wide = "\xff\xfe";
    for (const char c : text) {
        wide += c;
        wide += '\0';
    }
    return wide;
}

std::string local_answer(const std::string& domain) { return "C:\\MailSetup\\" + domain + ".xml"; }

/// Outlook looks into the local file first, and no longer asks Microsoft 365 before that.
std::string registry_map(const std::string& domain)
{
    return registry_file(
        std::array<RegistryValue, 3>{{{domain, local_answer(domain)}, {"PreferLocalXML", 1u}, {"ExcludeExplicitO365Endpoint", 1u}}});
}

std::string registry_undo(const std::string& domain)
{
    return registry_file(std::array<RegistryValue, 3>{{{domain, {}}, {"PreferLocalXML", {}}, {"ExcludeExplicitO365Endpoint", {}}}});
}

/// PRF has no escaping: values run to the end of the line, "%" starts a variable, and the encoding is the machine's code page. What cannot
/// stand there is left out of the folder altogether; the registry file is the main way.
bool fits_prf(std::string_view value)
{
    // Windows strips white space and a pair of quotes around a value.
    return std::ranges::all_of(value, [](unsigned char c) { return c >= 0x20 && c < 0x7f && c != '%'; }) && !value.starts_with(' ') &&
           !value.ends_with(' ') && !value.starts_with('"') && !value.starts_with('\'');
}

std::string prf(const PersonalAccount& account, const MailPair& mail)
{
    const bool pop3 = mail.incoming.service == ServiceKind::pop3;
    const std::string kind = pop3 ? "POP3" : "IMAP", section = pop3 ? "I_Mail" : "IMAP_I_Mail";
    struct Key {
        std::string name, value, type;
    };
    std::vector<Key> keys{{"AccountName", account.address.text(), "PT_UNICODE,0x0002"},
                          {"DisplayName", display_of(account), "PT_UNICODE,0x000B"},
                          {"EmailAddress", account.address.text(), "PT_UNICODE,0x000C"},
                          {kind + "Server", mail.incoming.host.text(), "PT_UNICODE,0x0100"},
                          {kind + "UserName", mail.incoming.username, "PT_UNICODE,0x0101"},
                          {kind + "Port", std::to_string(mail.incoming.port), "PT_LONG,0x0104"},
                          {kind + "UseSSL", "1", "PT_LONG,0x0105"},
                          {kind + "UseSPA", "0", "PT_LONG,0x0108"},
                          {"SMTPServer", mail.outgoing.host.text(), "PT_UNICODE,0x0200"},
                          {"SMTPPort", std::to_string(mail.outgoing.port), "PT_LONG,0x0201"},
                          {"SMTPSecureConnection", mail.outgoing.security == Security::tls ? "1" : "2", "PT_LONG,0x020A"},
                          {"SMTPUseAuth", "1", "PT_LONG,0x0203"},
                          {"SMTPAuthMethod", mail.outgoing.username == mail.incoming.username ? "0" : "1", "PT_LONG,0x0208"},
                          {"SMTPUserName", mail.outgoing.username, "PT_UNICODE,0x0204"},
                          {"SMTPUseSPA", "0", "PT_LONG,0x0207"}};
    if (pop3) keys.push_back({"LeaveOnServer", "917511", "PT_LONG,0x1000"}); // leave, remove after 14 days or when deleted
    // Incoming STARTTLS cannot be said in this format: no file rather than a wrong one.
    if (mail.incoming.security != Security::tls) return {};
    for (const auto& key : keys)
        if (!fits_prf(key.value)) return {};
    std::string text = "[General]\r\nCustom=1\r\nProfileName=" + account.address.domain().text() +
                       "\r\nDefaultProfile=Yes\r\nOverwriteProfile=No\r\nModifyDefaultProfileIfPresent=FALSE\r\nBackupProfile=No\r\n"
                       "[Service List]\r\nService1=Outlook Address Book\r\n[Internet Account List]\r\nAccount1=" +
                       section + "\r\n[Service1]\r\n[Account1]\r\nUniqueService=No\r\n";
    for (const auto& key : keys) text += key.name + "=" + key.value + "\r\n";
    text += "[Outlook Address Book]\r\nServiceName=CONTAB\r\n[" + section + "]\r\nAccountType=" + kind + "\r\n";
    for (const auto& key : keys) text += key.name + "=" + key.type + "\r\n";
    return text;
}

/// Every key of the account section has its mapping line, none is there twice, all lines end in CRLF.
bool prf_reads_back(const std::string& text, const PersonalAccount& account, const MailPair& mail)
{
    std::map<std::string, std::map<std::string, std::string>> sections;
    std::string section;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = text.find("\r\n", at);
        if (end == std::string::npos) return false;
        const auto line = text.substr(at, end - at);
        at = end + 2;
        if (line.starts_with('[')) {
            section = line.substr(1, line.size() - 2);
            continue;
        }
        const auto equals = line.find('=');
        if (equals == std::string::npos || !sections[section].emplace(line.substr(0, equals), line.substr(equals + 1)).second) return false;
    }
    const bool pop3 = mail.incoming.service == ServiceKind::pop3;
    const auto& values = sections["Account1"];
    const auto& types = sections[pop3 ? "I_Mail" : "IMAP_I_Mail"];
    for (const auto& [key, value] : values)
        if (key != "UniqueService" && !types.contains(key)) return false;
    const auto is = [&](const std::string& key, const std::string& value) {
        const auto found = values.find(key);
        return found != values.end() && found->second == value;
    };
    const std::string kind = pop3 ? "POP3" : "IMAP";
    return is("EmailAddress", account.address.text()) && is("DisplayName", display_of(account)) &&
           is(kind + "UserName", mail.incoming.username) && is(kind + "Server", mail.incoming.host.text()) &&
           is("SMTPServer", mail.outgoing.host.text()) && is("SMTPUserName", mail.outgoing.username);
}

}

Written<std::vector<WrittenFile>> write_outlook(const PersonalAccount& account, const WriteOptions&)
{
    const auto mail = mail_services(account);
    if (!mail) return std::unexpected(mail.error());
    const auto& domain = account.address.domain().text();
    std::vector<WrittenFile> files;
    const auto answer = autodiscover(account, *mail);
    if (!autodiscover_reads_back(answer, account, *mail))
        return std::unexpected(WriteFailure{WriteProblem::read_back_differs, "autodiscover"});
    files.push_back({"outlook/" + domain + ".xml", answer});
    files.push_back({"outlook/use-these-settings.reg", registry_map(domain)});
    files.push_back({"outlook/undo.reg", registry_undo(domain)});
    std::string profile;
    if (const auto text = prf(account, *mail); !text.empty()) {
        if (!prf_reads_back(text, account, *mail)) return std::unexpected(WriteFailure{WriteProblem::read_back_differs, "prf"});
        profile = domain + ".prf";
        files.push_back({"outlook/" + profile, text});
    }
    const auto guide = outlook_guide(account, mail->incoming, mail->outgoing, profile);
    if (!outlook_guide_reads_back(guide, account, mail->incoming, mail->outgoing))
        return std::unexpected(WriteFailure{WriteProblem::read_back_differs, "guide"});
    files.push_back({"outlook/guide.html", guide});
    return files;
}

}
