// The autoconfig file (draft-ietf-mailmaint-autoconfig, format 1.1): for Thunderbird's isp/ folder, and for publishing.
#include "profiles/common.hpp"

#include <pugixml.hpp>

#include <algorithm>
#include <cctype>

namespace portolan {

namespace {

/// A placeholder where it says the same, so that the file serves every mailbox of the domain.
std::string username(const Service& service, const EmailAddress& address)
{
    if (service.username == address.text()) return "%EMAILADDRESS%";
    if (service.username == address.local()) return "%EMAILLOCALPART%";
    return service.username;
}

/// Whether every reader takes a literal user name as it stands: '%' begins a placeholder, white space around it is trimmed by some and kept
/// by others, and Thunderbird turns what JavaScript reads as a number or a truth value into one ("0012" becomes 12, "TRUE" becomes true;
/// ESR 153).
bool literal_survives(const std::string& name)
{
    if (name.find('%') != std::string::npos || name.starts_with(' ') || name.ends_with(' ')) return false;
    std::string lower = name;
    std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (lower == "true" || lower == "false" || lower.starts_with("0x") || lower.starts_with("0b") || lower.starts_with("0o")) return false;
    if (lower.find_first_not_of("0123456789.e+-") != std::string::npos || lower.find_first_of("0123456789") == std::string::npos)
        return true;
    return lower.find_first_not_of("0123456789") == std::string::npos && lower.front() != '0' &&
           lower.size() <= 15; // an integer that stays one
}

/// The document's words for the ways to sign in, in the server's order, each once.
std::string authentications(const Service& service)
{
    std::vector<std::string_view> words;
    for (const auto way : sign_ins(service)) {
        const std::string_view word = way == SignIn::oauth2               ? "OAuth2"
                                      : way == SignIn::kerberos           ? "GSSAPI"
                                      : way == SignIn::ntlm               ? "NTLM"
                                      : way == SignIn::client_certificate ? "TLS-client-cert"
                                      : way == SignIn::password           ? "password-cleartext"
                                                                          : "password-encrypted";
        if (std::ranges::find(words, word) == words.end()) words.push_back(word);
    }
    std::string out;
    for (const auto word : words) out += "<authentication>" + std::string(word) + "</authentication>";
    return out;
}

std::string server(const Service& service, const EmailAddress& address)
{
    const std::string side = service.incoming() ? "incomingServer" : "outgoingServer";
    return "    <" + side + " type=\"" + std::string(slug(service.service)) + "\">\n      <hostname>" + xml_escaped(service.host.text()) +
           "</hostname><port>" + std::to_string(service.port) + "</port><socketType>" +
           (service.security == Security::tls ? "SSL" : "STARTTLS") + "</socketType>\n      " + authentications(service) + "<username>" +
           xml_escaped(username(service, address)) + "</username>\n    </" + side + ">\n";
}

}

Written<std::vector<WrittenFile>> write_thunderbird_autoconfig(const PersonalAccount& account, const WriteOptions&)
{
    const auto mail = mail_services(account);
    if (!mail) return std::unexpected(mail.error());
    for (const auto* service : {&mail->incoming, &mail->outgoing})
        if (username(*service, account.address) == service->username && !literal_survives(service->username))
            return std::unexpected(WriteFailure{WriteProblem::service_not_supported, "username"});
    const auto& domain = account.address.domain().text();
    const auto name = account.account.provider && !account.account.provider->name.empty() ? account.account.provider->name
                                                                                          : display_name(account.address.domain());
    const auto text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<clientConfig version=\"1.1\">\n  <emailProvider id=\"" +
                      xml_escaped(domain) + "\">\n    <domain>" + xml_escaped(domain) + "</domain>\n    <displayName>" + xml_escaped(name) +
                      "</displayName><displayShortName>" + xml_escaped(name) + "</displayShortName>\n" +
                      server(mail->incoming, account.address) + server(mail->outgoing, account.address) +
                      "  </emailProvider>\n</clientConfig>\n";
    pugi::xml_document xml;
    const bool parsed = static_cast<bool>(xml.load_buffer(text.data(), text.size(), pugi::parse_default | pugi::parse_ws_pcdata_single));
    const auto provider = xml.child("clientConfig").child("emailProvider");
    for (const auto& [side, service] : {std::pair("incomingServer", &mail->incoming), std::pair("outgoingServer", &mail->outgoing)}) {
        const auto node = provider.child(side);
        const bool same = parsed && node.attribute("type").value() == slug(service->service) &&
                          node.child("hostname").text().get() == service->host.text() &&
                          node.child("port").text().as_int() == service->port &&
                          node.child("username").text().get() == username(*service, account.address);
        if (!same) return std::unexpected(WriteFailure{WriteProblem::read_back_differs, side});
    }
    return std::vector{WrittenFile{"thunderbird/" + domain + ".xml", text}};
}

}
