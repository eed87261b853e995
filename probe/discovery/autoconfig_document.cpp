// Reading autoconfig 1.1 and 1.2: liberal in spelling, strict in meaning. What is not understood never becomes plaintext.
#include "probe/discovery/autoconfig_fields.hpp"
#include "probe/discovery/finding.hpp"
#include "probe/discovery/web_address.hpp"
#include "probe/discovery/xml_text.hpp"

namespace portolan {

namespace {

using namespace autoconfig;

constexpr std::size_t largest = 1024 * 1024;
constexpr int deepest = 32;
constexpr std::size_t most_servers = 32; ///< for mail; as many again for everything else
constexpr std::size_t most_pages = 8;

/// 1.1 allowed several, preferred first: the first that is known counts.
std::optional<Security> socket_type(const pugi::xml_node& server)
{
    for (const auto& node : server.children()) {
        if (name_of(node) != "sockettype") continue;
        const auto text = lower(text_of(node));
        if (text == "ssl" || text == "tls") return Security::tls;
        if (text == "starttls") return Security::starttls;
        if (text == "plain") return Security::plaintext;
    }
    return std::nullopt; // absent or unknown: this server is skipped, never read as plaintext
}

/// What is no mechanism (none, client-IP-address, SMTP-after-POP) or not known adds nothing, and is no reason to drop the server.
std::vector<Mechanism> authentication(const pugi::xml_node& server, bool over_http)
{
    std::vector<Mechanism> mechanisms;
    const auto add = [&](Mechanism mechanism) {
        if (std::ranges::find(mechanisms, mechanism) == mechanisms.end()) mechanisms.push_back(mechanism);
    };
    for (const auto& node : server.children()) {
        if (name_of(node) != "authentication") continue;
        const auto text = lower(text_of(node));
        const auto system = lower(node.attribute("system").value());
        if (system == "sasl") {
            const auto mechanism = mechanism_from(text);
            if (text == "oauth2" || text == "basic" || text == "native") continue; // words of the report's, no SASL names
            if (mechanism) add(*mechanism);
        } else if (system == "http") {
            if (text == "basic") add(Mechanism::basic); // Digest is not SASL's DIGEST-MD5; Bearer is not allowed here (1.2)
            else if (text == "ntlm") add(Mechanism::ntlm);
            else if (text == "negotiate") add(Mechanism::gssapi);
        } else if (text == "password-cleartext" || text == "plain") {
            add(over_http ? Mechanism::basic : Mechanism::plain);
        } else if (text == "password-encrypted" || text == "secure") {
            if (over_http) continue;
            add(Mechanism::scram_sha_256);
            add(Mechanism::cram_md5);
        } else if (text == "http-basic") {
            add(Mechanism::basic);
        } else if (text == "oauth2" || text == "oauth") {
            add(Mechanism::oauth2);
        } else if (text == "ntlm") {
            add(Mechanism::ntlm);
        } else if (text == "gssapi" || text == "kerberos") {
            add(Mechanism::gssapi);
        } else if (text == "tls-client-cert") {
            add(Mechanism::external);
        }
    }
    return mechanisms;
}

/// false: the user name is published and cannot be made.
bool add_username(Service& service, const pugi::xml_node& server, const EmailAddress& address)
{
    service.username = address.text();
    const auto pattern = child_text(server, "username");
    if (pattern.empty()) return true;
    const auto name = filled(pattern, address);
    if (!name) return false;
    const auto windows = [&](std::string_view domain) { return *name == std::string(domain) + "\\" + address.local(); };
    const auto& domain = address.domain().text();
    service.username = *name;
    service.username_known = true;
    service.username_form = *name == address.text()                                          ? UsernameForm::address
                            : *name == address.local()                                       ? UsernameForm::local_part
                            : windows(domain) || windows(domain.substr(0, domain.find('.'))) ? UsernameForm::domain_local
                                                                                             : UsernameForm::custom;
    return true;
}

std::optional<Service> socket_server(const pugi::xml_node& node, ServiceKind kind, const EmailAddress& address)
{
    const auto host_text = filled(child_text(node, "hostname"), address);
    const auto host = host_text ? parse_hostname(*host_text) : std::nullopt;
    const auto security = socket_type(node);
    const auto port_text = filled(child_text(node, "port"), address).value_or("");
    const bool digits = !port_text.empty() && port_text.size() <= 5 && port_text.find_first_not_of("0123456789") == std::string::npos;
    const int port = digits ? std::stoi(port_text) : 0;
    if (!host || !security || port < 1 || port > 65535) return std::nullopt;
    Service service;
    service.service = kind;
    service.host = *host;
    service.port = static_cast<Port>(port);
    service.security = *security;
    service.auth = authentication(node, false);
    if (!add_username(service, node, address)) return std::nullopt;
    return service;
}

std::optional<Service> web_service(const pugi::xml_node& node, ServiceKind kind, const std::string& url_text, const EmailAddress& address)
{
    const auto filled_in = filled(url_text, address, Place::url);
    const auto url = filled_in ? read_web_address(*filled_in) : std::nullopt;
    if (!url) return std::nullopt;
    Service service;
    service.service = kind;
    service.host = url->host;
    service.port = url->port;
    service.security = url->https ? Security::tls : Security::plaintext;
    service.url = url->text;
    service.auth = authentication(node, true);
    if (!add_username(service, node, address)) return std::nullopt;
    return service;
}

class Reading {
public:
    explicit Reading(const EmailAddress& address) : address_(address) {}

    /// `parent` is the root, or the provider in it: files in use have most elements in either of the two.
    void read(const pugi::xml_node& parent)
    {
        for (const auto& node : parent.children()) {
            if (node.type() != pugi::node_element) continue;
            const auto name = name_of(node);
            const auto type = lower(trimmed(node.attribute("type").value()));
            if (name == "incomingserver") incoming(node, type);
            else if (name == "outgoingserver") {
                if (type == "smtp") mail(node, ServiceKind::smtp);
            } else if (name == "calendar") {
                if (type == "caldav") web(node, ServiceKind::caldav, url_of(node));
            } else if (name == "addressbook") {
                if (type == "carddav") web(node, ServiceKind::carddav, url_of(node));
            } else if (name == "setupserver") {
                if (type == "managesieve") keep(others_, [&] { return socket_server(node, ServiceKind::managesieve, address_); });
            } else {
                tell(node, name);
            }
        }
    }

    AutoconfigDocument document;

private:
    void incoming(const pugi::xml_node& node, const std::string& type)
    {
        if (type == "imap") mail(node, ServiceKind::imap);
        else if (type == "pop3") mail(node, ServiceKind::pop3);
        else if (type == "jmap") web(node, ServiceKind::jmap, url_of(node));
        else if (type == "ews") web(node, ServiceKind::ews, url_of(node));
        else if (type == "activesync") web(node, ServiceKind::activesync, url_of(node));
        else if (type == "exchange") { // before 1.2: one element for all ways to an Exchange server
            const auto ews = child_text(node, "ewsurl"), eas = child_text(node, "easurl");
            if (!ews.empty()) web(node, ServiceKind::ews, ews);
            if (!eas.empty()) web(node, ServiceKind::activesync, eas);
            if (auto& webmail = document.facts.webmail; webmail.empty()) webmail = filled_url(child_text(node, "owaurl"), address_);
        }
        // smtp here is a slip that nobody can mean; nntp, owa, graph and what is still to come are no business of ours.
        else if (type == "smtp")
            ++document.skipped;
    }

    static std::string url_of(const pugi::xml_node& node)
    {
        auto url = child_text(node, "url");
        return url.empty() ? child_text(node, "serverurl") : url;
    }

    void mail(const pugi::xml_node& node, ServiceKind kind)
    {
        // 1.1 has an element for it. A placeholder that the client fills in is none.
        if (const auto password = child_text(node, "password"); !password.empty() && password.find('%') == std::string::npos) document.password = true;
        keep(mail_, [&] { return socket_server(node, kind, address_); });
    }
    void web(const pugi::xml_node& node, ServiceKind kind, const std::string& url)
    {
        keep(others_, [&] { return web_service(node, kind, url, address_); });
    }

    template <class Read>
    void keep(std::size_t& seen, const Read& read)
    {
        if (++seen > most_servers) return;
        if (auto service = read()) document.services.push_back(std::move(*service));
        else ++document.skipped;
    }

    /// What is there for people, and for a sign-in in the browser.
    void tell(const pugi::xml_node& node, const std::string& name)
    {
        auto& facts = document.facts;
        if (name == "displayname" && facts.name.empty()) facts.name = filled_words(text_of(node), address_, 100);
        else if (name == "documentation")
            page(facts.documentation, filled_url(node.attribute("url").value(), address_), words(node, "descr"));
        else if (name == "instruction") {
            auto text = words(node, "descr");
            page(facts.prepare, filled_url(node.attribute("url").value(), address_),
                 text.empty() ? filled_words(text_of(node), address_, 300) : text);
        } else if (name == "enable")
            page(facts.prepare, filled_url(node.attribute("visiturl").value(), address_), words(node, "instruction"));
        else if (name == "webmail") {
            if (const auto url = filled_url(child(node, "loginpage").attribute("url").value(), address_); !url.empty()) facts.webmail = url;
        } else if (name == "oauth2" && !facts.oauth2) {
            ProviderFacts::OAuth oauth;
            oauth.issuer = filled(child_text(node, "issuer"), address_).value_or(""); // a bare host in some files, a URL in others
            oauth.auth_url = filled_url(child_text(node, "authurl"), address_, true);
            oauth.token_url = filled_url(child_text(node, "tokenurl"), address_, true);
            oauth.scope = filled_words(child_text(node, "scope"), address_, 1024);
            oauth.client_id = filled(child_text(node, "clientid"), address_).value_or("");
            if (!oauth.issuer.empty() || (!oauth.auth_url.empty() && !oauth.token_url.empty())) facts.oauth2 = std::move(oauth);
        }
    }

    /// Of several languages the English text, else the first.
    std::string words(const pugi::xml_node& node, std::string_view name) const
    {
        std::string first;
        for (const auto& one : node.children()) {
            if (name_of(one) != name) continue;
            auto text = filled_words(text_of(one), address_, 300);
            const auto language = lower(one.attribute("lang") ? one.attribute("lang").value() : one.attribute("xml:lang").value());
            if (language == "en" || language.starts_with("en-")) return text;
            if (first.empty()) first = std::move(text);
        }
        return first;
    }

    static void page(std::vector<ProviderFacts::Page>& pages, std::string url, std::string text)
    {
        if (pages.size() < most_pages && (!url.empty() || !text.empty())) pages.push_back({std::move(url), std::move(text)});
    }

    const EmailAddress& address_;
    std::size_t mail_ = 0, others_ = 0;
};

}

std::expected<AutoconfigDocument, std::string> parse_autoconfig(std::string_view body, const EmailAddress& address)
{
    if (body.size() > largest) return std::unexpected("too-large");
    const auto text = xml_as_utf8(body);
    if (!text) return std::unexpected(text.error());
    // What began as a configuration and broke off was meant as one; anything else is a page for people.
    const bool meant = text->find("<clientConfig") != std::string::npos || text->find(":clientConfig") != std::string::npos;
    if (const auto objection = xml_objection(*text, deepest); !objection.empty())
        return std::unexpected(std::string(meant && objection == "not-xml" ? "broken-xml" : objection));
    pugi::xml_document xml;
    const auto parsed = xml.load_buffer(text->data(), text->size(), pugi::parse_default & ~pugi::parse_doctype, pugi::encoding_utf8);
    if (!parsed) {
        if (!meant) return std::unexpected("not-xml");
        const auto broken = text->begin() + std::clamp<std::ptrdiff_t>(parsed.offset, 0, static_cast<std::ptrdiff_t>(text->size()));
        return std::unexpected("broken-xml, line " + std::to_string(1 + std::count(text->begin(), broken, '\n')));
    }
    const auto root = child(xml, "clientconfig");
    if (!root) return std::unexpected("no-client-config");

    Reading reading(address);
    const auto provider = child(root, "emailprovider");
    reading.document.facts.id = filled_words(provider.attribute("id").value(), address, 100);
    reading.read(provider);
    reading.read(root);
    if (reading.document.services.empty()) return std::unexpected("no-servers");
    return std::move(reading.document);
}

}
