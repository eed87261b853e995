// Apple configuration profile: IMAP or POP3 with SMTP (com.apple.mail.managed of Apple's device-management schema, iOS 18 / macOS 15).
#include "profiles/common.hpp"

#include "profiles/apple_signature.hpp"

#include <pugixml.hpp>

namespace portolan {

namespace {

/// One key of a property list's dictionary; `type` is the element's name, `value` is empty for true and false.
struct Entry {
    std::string key, type, value;
    bool operator==(const Entry&) const = default;
};

/// A dictionary in the order of writing.
class Dictionary {
public:
    Dictionary& text(std::string_view key, std::string_view value) { return put(key, "string", std::string(value)); }
    Dictionary& number(std::string_view key, int value) { return put(key, "integer", std::to_string(value)); }
    Dictionary& flag(std::string_view key, bool value) { return put(key, value ? "true" : "false", {}); }
    const std::vector<Entry>& entries() const { return entries_; }
    std::string xml() const
    {
        std::string out;
        for (const auto& [key, type, value] : entries_)
            out += "<key>" + key + "</key>" +
                   (type == "true" || type == "false" ? "<" + type + "/>" : "<" + type + ">" + xml_escaped(value) + "</" + type + ">") +
                   "\n";
        return out;
    }

private:
    Dictionary& put(std::string_view key, std::string_view type, std::string value)
    {
        entries_.push_back({std::string(key), std::string(type), std::move(value)});
        return *this;
    }
    std::vector<Entry> entries_;
};

/// "org.example" for example.org: reverse DNS, as identifiers are.
std::string reversed(const std::string& domain)
{
    std::string out;
    std::size_t end = domain.size();
    while (end != std::string::npos) {
        const auto dot = end == 0 ? std::string::npos : domain.rfind('.', end - 1);
        const auto start = dot == std::string::npos ? 0 : dot + 1;
        out += (out.empty() ? "" : ".") + domain.substr(start, end - start);
        end = dot;
    }
    return out;
}

/// The payload's word for the way to sign in; nothing for those it cannot say. OAuth for IMAP, POP and SMTP does not exist there.
std::string authentication(const Service& service)
{
    const auto way = sign_in_for(service, {SignIn::cram_md5, SignIn::digest_md5, SignIn::ntlm});
    if (!way) return {};
    switch (*way) {
    case SignIn::cram_md5: return "EmailAuthCRAMMD5";
    case SignIn::digest_md5: return "EmailAuthHTTPMD5";
    case SignIn::ntlm: return "EmailAuthNTLM";
    default: return "EmailAuthPassword"; // PLAIN and SCRAM alike; the device picks what the server offers
    }
}

struct Labels {
    std::string_view description, organization;
};

Labels labels_in(std::string_view language)
{
    if (language.starts_with("de"))
        return {"Richtet dieses E-Mail-Konto ein. Das Passwort wird bei der Installation abgefragt.", "Mit Portolan erstellt"};
    if (language.starts_with("fr"))
        return {"Configure ce compte de messagerie. Le mot de passe est demandé à l’installation.", "Créé avec Portolan"};
    if (language.starts_with("es")) return {"Configura esta cuenta de correo. La contraseña se pide al instalar.", "Creado con Portolan"};
    return {"Sets up this email account. The password is asked for during installation.", "Made with Portolan"};
}

struct Profile {
    Dictionary root, payload;
    std::string text;
};

Profile profile_for(const PersonalAccount& account, const MailPair& mail, const WriteOptions& options)
{
    const auto& [incoming, outgoing] = mail;
    const auto address = account.address.text();
    const auto identifier = reversed(account.address.domain().text()) + ".portolan." + stable_uuid(address).substr(0, 8);
    const auto labels = labels_in(options.language);
    Profile profile;
    auto& payload = profile.payload;
    payload.text("PayloadType", "com.apple.mail.managed").number("PayloadVersion", 1);
    payload.text("PayloadIdentifier", identifier + ".mail").text("PayloadUUID", stable_uuid(identifier + ".mail"));
    payload.text("PayloadDisplayName", address).text("PayloadDescription", labels.description);
    payload.text("EmailAccountType", incoming.service == ServiceKind::pop3 ? "EmailTypePOP" : "EmailTypeIMAP");
    payload.text("EmailAccountDescription", address).text("EmailAccountName", display_of(account)).text("EmailAddress", address);
    payload.text("IncomingMailServerHostName", incoming.host.text())
        .number("IncomingMailServerPortNumber", incoming.port)
        .flag("IncomingMailServerUseSSL", true);
    payload.text("IncomingMailServerUsername", incoming.username).text("IncomingMailServerAuthentication", authentication(incoming));
    payload.text("OutgoingMailServerHostName", outgoing.host.text())
        .number("OutgoingMailServerPortNumber", outgoing.port)
        .flag("OutgoingMailServerUseSSL", true);
    payload.text("OutgoingMailServerUsername", outgoing.username).text("OutgoingMailServerAuthentication", authentication(outgoing));
    payload.flag("OutgoingPasswordSameAsIncomingPassword", true);
    // Without these a person could never switch S/MIME on for an account that came by profile (they default to false; iOS 12 and later).
    for (const auto* key : {"SMIMESigningUserOverrideable", "SMIMESigningCertificateUUIDUserOverrideable",
                            "SMIMEEncryptByDefaultUserOverrideable", "SMIMEEncryptionCertificateUUIDUserOverrideable"})
        payload.flag(key, true);

    auto& root = profile.root;
    root.text("PayloadType", "Configuration")
        .number("PayloadVersion", 1)
        .text("PayloadIdentifier", identifier)
        .text("PayloadUUID", stable_uuid(identifier));
    root.text("PayloadDisplayName", address)
        .text("PayloadDescription", labels.description)
        .text("PayloadOrganization", labels.organization);
    root.text("PayloadScope", "User").flag("PayloadRemovalDisallowed", false);
    profile.text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" "
                   "\"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n"
                   "<plist version=\"1.0\">\n<dict>\n" +
                   root.xml() + "<key>PayloadContent</key><array>\n<dict>\n" + payload.xml() + "</dict>\n</array>\n</dict>\n</plist>\n";
    return profile;
}

/// What a device would read: the plain values of a dictionary, in order.
std::vector<Entry> read_entries(const pugi::xml_node& dictionary)
{
    std::vector<Entry> entries;
    std::string key;
    for (const auto& node : dictionary.children()) {
        const std::string name = node.name();
        if (name == "key") key = node.text().get();
        else if (name != "array") entries.push_back({key, name, node.text().get()});
    }
    return entries;
}

bool reads_back(const Profile& profile)
{
    pugi::xml_document xml;
    if (!xml.load_buffer(profile.text.data(), profile.text.size(),
                         pugi::parse_default | pugi::parse_ws_pcdata_single | pugi::parse_doctype))
        return false;
    const auto root = xml.child("plist").child("dict");
    return read_entries(root) == profile.root.entries() && read_entries(root.child("array").child("dict")) == profile.payload.entries();
}

}

Written<std::vector<WrittenFile>> write_apple(const PersonalAccount& account, const WriteOptions& options)
{
    const auto mail = mail_services(account);
    if (!mail) return std::unexpected(mail.error());
    for (const auto* service : {&mail->incoming, &mail->outgoing})
        if (authentication(*service).empty()) return std::unexpected(WriteFailure{WriteProblem::service_not_supported, "auth"});
    const auto profile = profile_for(account, *mail, options);
    if (!reads_back(profile)) return std::unexpected(WriteFailure{WriteProblem::read_back_differs, "mobileconfig"});
    WrittenFile file{"apple/" + file_stem(account.address) + ".mobileconfig", profile.text};
    if (options.sign) {
        auto der = signed_profile(profile.text, *options.sign);
        if (!der) return std::unexpected(der.error());
        file.content = std::move(*der);
    }
    return std::vector{std::move(file)};
}

}
