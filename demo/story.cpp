#include "demo/story.hpp"

namespace portolan {

namespace {

using enum DemoStory;

constexpr std::array addresses{
    DemoAddress{"alice@demo.example", succeeds, "lighthouse-42"},
    DemoAddress{"alice@expired.example", certificate_expired, "lighthouse-42"},
    DemoAddress{"alice@refused.example", wrong_password, "lighthouse-42"},
    DemoAddress{"alice@app-password.example", app_password_needed, "lighthouse-42"},
    DemoAddress{"alice@dead.example", server_dead, "lighthouse-42"},
    DemoAddress{"alice@nothing.example", nothing_there, "lighthouse-42"},
};

constexpr std::array servers{
    DemoServer{"autoconfig.demo.example", "192.0.2.10", 443, DemoProtocol::https, Security::tls, succeeds},
    DemoServer{"demo.example", "192.0.2.13", 443, DemoProtocol::https, Security::tls, succeeds},
    DemoServer{"dav.demo.example", "192.0.2.14", 443, DemoProtocol::https, Security::tls, succeeds},
    DemoServer{"imap.demo.example", "192.0.2.11", 993, DemoProtocol::imap, Security::tls, succeeds},
    DemoServer{"imap.demo.example", "192.0.2.11", 143, DemoProtocol::imap, Security::starttls, succeeds},
    DemoServer{"imap.demo.example", "192.0.2.11", 995, DemoProtocol::pop3, Security::tls, succeeds},
    DemoServer{"smtp.demo.example", "192.0.2.12", 465, DemoProtocol::smtp, Security::tls, succeeds},
    DemoServer{"smtp.demo.example", "192.0.2.12", 587, DemoProtocol::smtp, Security::starttls, succeeds},
    DemoServer{"mail.expired.example", "192.0.2.21", 993, DemoProtocol::imap, Security::tls, certificate_expired},
    DemoServer{"mail.expired.example", "192.0.2.21", 465, DemoProtocol::smtp, Security::tls, certificate_expired},
    DemoServer{"mail.refused.example", "192.0.2.31", 993, DemoProtocol::imap, Security::tls, wrong_password},
    DemoServer{"mail.refused.example", "192.0.2.31", 465, DemoProtocol::smtp, Security::tls, wrong_password},
    DemoServer{"mail.app-password.example", "192.0.2.41", 993, DemoProtocol::imap, Security::tls, app_password_needed},
    DemoServer{"mail.app-password.example", "192.0.2.41", 465, DemoProtocol::smtp, Security::tls, app_password_needed},
    DemoServer{"autoconfig.dead.example", "192.0.2.50", 443, DemoProtocol::https, Security::tls, server_dead},
};

using enum RecordType;

constexpr std::array records{
    DemoRecord{"demo.example", mx, "10 mx.demo.example"},
    DemoRecord{"autoconfig.demo.example", a, "192.0.2.10"},
    DemoRecord{"demo.example", a, "192.0.2.13"},
    DemoRecord{"dav.demo.example", a, "192.0.2.14"},
    DemoRecord{"imap.demo.example", a, "192.0.2.11"},
    DemoRecord{"smtp.demo.example", a, "192.0.2.12"},
    DemoRecord{"_imaps._tcp.demo.example", srv, "0 1 993 imap.demo.example"},
    DemoRecord{"_submissions._tcp.demo.example", srv, "0 1 465 smtp.demo.example"},
    DemoRecord{"expired.example", mx, "10 mail.expired.example"},
    DemoRecord{"mail.expired.example", a, "192.0.2.21"},
    DemoRecord{"_imaps._tcp.expired.example", srv, "0 1 993 mail.expired.example"},
    DemoRecord{"_submissions._tcp.expired.example", srv, "0 1 465 mail.expired.example"},
    DemoRecord{"refused.example", mx, "10 mail.refused.example"},
    DemoRecord{"mail.refused.example", a, "192.0.2.31"},
    DemoRecord{"_imaps._tcp.refused.example", srv, "0 1 993 mail.refused.example"},
    DemoRecord{"_submissions._tcp.refused.example", srv, "0 1 465 mail.refused.example"},
    DemoRecord{"app-password.example", mx, "10 mail.app-password.example"},
    DemoRecord{"mail.app-password.example", a, "192.0.2.41"},
    DemoRecord{"_imaps._tcp.app-password.example", srv, "0 1 993 mail.app-password.example"},
    DemoRecord{"_submissions._tcp.app-password.example", srv, "0 1 465 mail.app-password.example"},
    DemoRecord{"dead.example", mx, "10 mail.dead.example"},
    DemoRecord{"autoconfig.dead.example", a, "192.0.2.50"},
    DemoRecord{"mail.dead.example", a, demo_dead_address},
    DemoRecord{"nothing.example", txt, "v=spf1 -all"},
};

std::string server_element(std::string_view side, std::string_view type, std::string_view host, int port, std::string_view socket)
{
    std::string out = "    <" + std::string(side) + " type=\"" + std::string(type) + "\">\n";
    const auto element = [&](std::string_view name, const std::string& value) { out += "      <" + std::string(name) + ">" + value + "</" + std::string(name) + ">\n"; };
    element("hostname", std::string(host));
    element("port", std::to_string(port));
    element("socketType", std::string(socket));
    element("authentication", "password-cleartext");
    element("username", "%EMAILADDRESS%");
    return out + "    </" + std::string(side) + ">\n";
}

std::string document(std::string_view domain, const std::string& name, const std::string& elements)
{
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<clientConfig version=\"1.1\">\n  <emailProvider id=\"" + std::string(domain) + "\">\n    <domain>" + std::string(domain) +
           "</domain>\n    <displayName>" + name + "</displayName>\n" + elements + "  </emailProvider>\n</clientConfig>\n";
}

const DemoAddress* person(std::string_view username)
{
    const auto found = std::ranges::find_if(addresses, [&](const DemoAddress& one) { return one.address == username; });
    return found == addresses.end() ? nullptr : &*found;
}

}

std::span<const DemoAddress> demo_addresses() { return addresses; }
std::span<const DemoServer> demo_servers() { return servers; }
std::span<const DemoRecord> demo_records() { return records; }

std::string demo_document(std::string_view host)
{
    if (host == "autoconfig.demo.example")
        return document("demo.example", "Demonstration Mail",
                        server_element("incomingServer", "imap", "imap.demo.example", 993, "SSL") + server_element("incomingServer", "imap", "imap.demo.example", 143, "STARTTLS") +
                            server_element("incomingServer", "pop3", "imap.demo.example", 995, "SSL") + server_element("outgoingServer", "smtp", "smtp.demo.example", 465, "SSL") +
                            server_element("outgoingServer", "smtp", "smtp.demo.example", 587, "STARTTLS"));
    if (host == "autoconfig.dead.example")
        return document("dead.example", "Silent Mail",
                        server_element("incomingServer", "imap", "mail.dead.example", 993, "SSL") + server_element("outgoingServer", "smtp", "mail.dead.example", 465, "SSL"));
    return {};
}

bool demo_signs_in(std::string_view username, std::string_view password)
{
    const auto* who = person(username);
    if (who && who->story == app_password_needed) return password == demo_app_password;
    return who && (who->story == succeeds || who->story == certificate_expired) && password == who->password;
}

std::string_view demo_refusal(std::string_view username)
{
    const auto* who = person(username);
    if (who && who->story == app_password_needed) return "Application-specific password required: https://app-password.example/help";
    return "Authentication failed.";
}

}
