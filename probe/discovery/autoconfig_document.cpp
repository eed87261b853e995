// Reading autoconfig 1.1 and 1.2: liberal in spelling, strict in meaning. What is not understood never becomes plaintext.
#include "probe/account/transcript.hpp"
#include "probe/discovery/finding.hpp"

#include <pugixml.hpp>

#include <cctype>

namespace portolan {

namespace {

constexpr std::size_t largest = 1024 * 1024;
constexpr int deepest = 32;
constexpr std::size_t most_servers = 32;

std::string lower(std::string_view text)
{
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

std::string trimmed(std::string_view text)
{
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return std::string(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
}

/// %EMAILADDRESS%, %EMAILLOCALPART% and %EMAILDOMAIN% in any field (§"Placeholders"). nothing when an unknown one is left or a control character got in.
std::optional<std::string> filled(std::string_view pattern, const EmailAddress& address)
{
    auto text = trimmed(pattern);
    const auto put = [&](std::string_view name, const std::string& value) {
        for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + value.size())) text.replace(at, name.size(), value);
    };
    put("%EMAILADDRESS%", address.text());
    put("%EMAILLOCALPART%", address.local());
    put("%EMAILDOMAIN%", address.domain().text());
    if (text.find('%') != std::string::npos && text != address.text() && address.local().find('%') == std::string::npos) return std::nullopt;
    if (std::ranges::any_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; })) return std::nullopt;
    if (text.size() > 512) return std::nullopt;
    return text;
}

/// Nesting is counted before the parser sees the document: pugixml itself has no limit.
bool too_deep(std::string_view body)
{
    int depth = 0;
    for (std::size_t i = 0; i + 1 < body.size(); ++i) {
        if (body[i] != '<') continue;
        if (body[i + 1] == '/') --depth;
        else if (body[i + 1] != '!' && body[i + 1] != '?') {
            const auto end = body.find('>', i);
            if (end == std::string_view::npos) return false;
            if (body[end - 1] != '/' && ++depth > deepest) return true;
        }
    }
    return false;
}

std::optional<Security> socket_type(const pugi::xml_node& server)
{
    const auto text = lower(trimmed(server.child("socketType").text().get()));
    if (text == "ssl" || text == "tls") return Security::tls;
    if (text == "starttls") return Security::starttls;
    if (text == "plain") return Security::plaintext;
    return std::nullopt;                       // absent or unknown: this server is skipped, never read as plaintext
}

std::vector<Mechanism> authentication(const pugi::xml_node& server)
{
    std::vector<Mechanism> mechanisms;
    const auto add = [&](Mechanism mechanism) {
        if (std::ranges::find(mechanisms, mechanism) == mechanisms.end()) mechanisms.push_back(mechanism);
    };
    for (const auto& node : server.children("authentication")) {
        const auto text = lower(trimmed(node.text().get()));
        if (lower(node.attribute("system").value()) == "sasl") {
            if (const auto mechanism = mechanism_from(text)) add(*mechanism);
            continue;
        }
        if (text == "password-cleartext" || text == "plain") add(Mechanism::plain);
        else if (text == "password-encrypted" || text == "secure") {
            add(Mechanism::scram_sha_256);
            add(Mechanism::cram_md5);
        } else if (text == "oauth2" || text == "oauth") add(Mechanism::oauth2);
        else if (text == "ntlm") add(Mechanism::ntlm);
        else if (text == "gssapi") add(Mechanism::gssapi);
        else if (text == "tls-client-cert") add(Mechanism::external);
    }
    return mechanisms;
}

std::optional<Service> mail_server(const pugi::xml_node& node, const EmailAddress& address)
{
    const auto type = lower(node.attribute("type").value());
    const auto kind = service_kind_from(type);
    if (!kind || (*kind != ServiceKind::imap && *kind != ServiceKind::pop3 && *kind != ServiceKind::smtp)) return std::nullopt;
    const auto host_text = filled(node.child("hostname").text().get(), address);
    const auto security = socket_type(node);
    const auto port_text = trimmed(node.child("port").text().get());
    if (!host_text || !security || port_text.empty() || port_text.size() > 5 || !std::ranges::all_of(port_text, [](unsigned char c) { return std::isdigit(c); })) return std::nullopt;
    const auto host = parse_hostname(*host_text);
    const int port = std::stoi(port_text);
    if (!host || port < 1 || port > 65535) return std::nullopt;

    Service service;
    service.service = *kind;
    service.host = *host;
    service.port = static_cast<Port>(port);
    service.security = *security;
    service.auth = authentication(node);
    const auto pattern = trimmed(node.child("username").text().get());
    if (!pattern.empty()) {
        // A known slip in published files: the closing percent sign is missing.
        const auto name = filled(pattern == "%EMAILADDRESS" ? "%EMAILADDRESS%" : pattern, address);
        if (!name) return std::nullopt;
        service.username = *name;
        service.username_known = true;
        service.username_form = *name == address.text() ? UsernameForm::address : *name == address.local() ? UsernameForm::local_part : UsernameForm::custom;
    } else {
        service.username = address.text();
    }
    return service;
}

}

std::expected<AutoconfigDocument, std::string> parse_autoconfig(std::string_view body, const EmailAddress& address)
{
    if (body.size() > largest) return std::unexpected("too-large");
    if (lower(body.substr(0, 4096)).find("<!doctype html") != std::string::npos || lower(body.substr(0, 1024)).find("<html") != std::string::npos) return std::unexpected("not-xml");
    if (body.find("<!DOCTYPE") != std::string_view::npos || body.find("<!ENTITY") != std::string_view::npos) return std::unexpected("dtd");
    if (too_deep(body)) return std::unexpected("too-deep");
    pugi::xml_document xml;
    const auto parsed = xml.load_buffer(body.data(), body.size(), pugi::parse_default & ~pugi::parse_doctype);
    // What began as a configuration and broke off was meant as one; anything else is a page for people.
    if (!parsed) return std::unexpected(body.find("<clientConfig") != std::string_view::npos ? "broken-xml" : "not-xml");
    const auto provider = xml.child("clientConfig").child("emailProvider");
    if (!provider) return std::unexpected("no-client-config");

    AutoconfigDocument document;
    document.provider_id = provider.attribute("id").value();
    document.provider_name = clean_server_text(provider.child("displayName").text().get(), 100);
    std::size_t seen = 0;
    for (const auto& node : provider.children()) {
        const std::string_view name = node.name();
        if (name != "incomingServer" && name != "outgoingServer") continue;
        if (++seen > most_servers) break;
        auto service = mail_server(node, address);
        const bool right_side = service && service->incoming() == (name == "incomingServer");
        if (right_side) document.services.push_back(std::move(*service));
        else ++document.skipped;
    }
    if (document.services.empty()) return std::unexpected("no-servers");
    return document;
}

}
