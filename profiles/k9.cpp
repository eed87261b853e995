// Thunderbird for Android and K-9 Mail: the settings file that both import. Spelling: the settings importer of both, definitions of level 99.
#include "profiles/common.hpp"

namespace portolan {

namespace {

std::optional<std::string> way(const Service& service)
{
    return sign_in_word(service, {{SignIn::password, "PLAIN"}, {SignIn::cram_md5, "CRAM_MD5"}, {SignIn::client_certificate, "EXTERNAL"}, {SignIn::oauth2, "XOAUTH2"}});
}

std::string server(std::string_view element, std::string_view type, const Service& service, const std::string& way)
{
    return "      <" + std::string(element) + " type=\"" + std::string(type) + "\">\n        <host>" + xml_escaped(service.host.text()) + "</host>\n        <port>" +
           std::to_string(service.port) + "</port>\n        <connection-security>" + (service.security == Security::tls ? "SSL_TLS_REQUIRED" : "STARTTLS_REQUIRED") +
           "</connection-security>\n        <authentication-type>" + way + "</authentication-type>\n        <username>" + xml_escaped(service.username) +
           "</username>\n      </" + std::string(element) + ">\n";
}

std::string lower(std::string text)
{
    for (char& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return text;
}

}

Written<std::vector<WrittenFile>> write_k9(const PersonalAccount& account, const WriteOptions&)
{
    const auto pair = mail_services(account);
    if (!pair) return std::unexpected(pair.error());
    const auto cannot = [](std::string_view field) { return std::unexpected(WriteFailure{WriteProblem::service_not_supported, std::string(field)}); };
    const auto in = way(pair->incoming), out = way(pair->outgoing);
    if (!in || !out) return cannot("auth");
    // The importer takes white space from the ends of a value.
    for (const auto& [field, value] : {std::pair<std::string_view, const std::string&>{"name", account.name}, {"username", pair->incoming.username}, {"username", pair->outgoing.username}})
        if (value.starts_with(' ') || value.ends_with(' ')) return cannot(field);
    const auto address = account.address.text();
    const bool imap = pair->incoming.service == ServiceKind::imap;
    std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<k9settings version=\"99\" format=\"1\">\n  <accounts>\n    <account uuid=\"" +
                       lower(stable_uuid("k9 " + address)) + "\">\n      <name>" + xml_escaped(address) + "</name>\n";
    text += server("incoming-server", imap ? "IMAP" : "POP3", pair->incoming, *in) + server("outgoing-server", "SMTP", pair->outgoing, *out);
    if (imap) text += "      <settings>\n        <value key=\"deletePolicy\">DELETE</value>\n      </settings>\n";
    text += "      <identities>\n        <identity>\n          <name>" + xml_escaped(display_of(account)) + "</name>\n          <email>" + xml_escaped(address) +
            "</email>\n        </identity>\n      </identities>\n    </account>\n  </accounts>\n</k9settings>\n";
    return std::vector{WrittenFile{"k9/" + file_stem(account.address) + ".k9s", text}};
}

}
