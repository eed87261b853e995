// The autoconfig file (draft-ietf-mailmaint-autoconfig, format 1.1): for Thunderbird's isp/ folder, and for publishing.
#include "profiles/common.hpp"

#include <pugixml.hpp>

namespace portolan {

namespace {

/// A placeholder where it says the same, so that the file serves every mailbox of the domain. Thunderbird turns numeric text into a number ("0012"
/// becomes 12), which a placeholder also avoids.
std::string username(const Service& service, const EmailAddress& address)
{
    if (service.username == address.text()) return "%EMAILADDRESS%";
    if (service.username == address.local()) return "%EMAILLOCALPART%";
    return service.username;
}

std::string server(const Service& service, const EmailAddress& address)
{
    const bool in = service.incoming();
    const std::string side = in ? "incomingServer" : "outgoingServer";
    const bool challenge = service.auth.size() == 1 && (service.auth.front() == Mechanism::cram_md5 || service.auth.front() == Mechanism::digest_md5);
    return "    <" + side + " type=\"" + std::string(slug(service.service)) + "\">\n      <hostname>" + xml_escaped(service.host.text()) + "</hostname><port>" + std::to_string(service.port) +
           "</port><socketType>" + (service.security == Security::tls ? "SSL" : "STARTTLS") + "</socketType>\n      <authentication>" + (challenge ? "password-encrypted" : "password-cleartext") +
           "</authentication><username>" + xml_escaped(username(service, address)) + "</username>\n    </" + side + ">\n";
}

}

Written<std::vector<WrittenFile>> write_thunderbird_autoconfig(const PersonalAccount& account, const WriteOptions&)
{
    const auto mail = mail_services(account);
    if (!mail) return std::unexpected(mail.error());
    const auto& domain = account.address.domain().text();
    const auto name = account.account.provider && !account.account.provider->name.empty() ? account.account.provider->name : display_name(account.address.domain());
    const auto text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<clientConfig version=\"1.1\">\n  <emailProvider id=\"" + xml_escaped(domain) + "\">\n    <domain>" + xml_escaped(domain) +
                      "</domain>\n    <displayName>" + xml_escaped(name) + "</displayName>\n" + server(mail->incoming, account.address) + server(mail->outgoing, account.address) +
                      "  </emailProvider>\n</clientConfig>\n";
    pugi::xml_document xml;
    const bool parsed = static_cast<bool>(xml.load_buffer(text.data(), text.size(), pugi::parse_default | pugi::parse_ws_pcdata_single));
    const auto provider = xml.child("clientConfig").child("emailProvider");
    for (const auto& [side, service] : {std::pair("incomingServer", &mail->incoming), std::pair("outgoingServer", &mail->outgoing)}) {
        const auto node = provider.child(side);
        const bool same = parsed && node.child("hostname").text().get() == service->host.text() && node.child("port").text().as_int() == service->port &&
                          node.child("username").text().get() == username(*service, account.address);
        if (!same) return std::unexpected(WriteFailure{WriteProblem::read_back_differs, side});
    }
    return std::vector{WrittenFile{"thunderbird/" + domain + ".xml", text}};
}

}
