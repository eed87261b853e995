// Reading Autodiscover: liberal in spelling and namespaces, strict in what is secured how.
#include "probe/discovery/autodiscover_document.hpp"
#include "probe/discovery/xml_text.hpp"

#include "probe/account/transcript.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <pugixml.hpp>
#include <utility>

namespace portolan {

namespace {

constexpr std::size_t largest = 1024 * 1024;
constexpr int deepest = 32;
constexpr std::size_t most_protocols = 64;
constexpr std::size_t longest_name = 512;

std::string lower(std::string_view text)
{
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

std::string_view trimmed(std::string_view text)
{
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

bool is(const pugi::xml_node& node, std::string_view lower_name)
{
    std::string_view name = node.name();
    if (const auto colon = name.find(':'); colon != std::string_view::npos) name.remove_prefix(colon + 1);
    return name.size() == lower_name.size() && lower(name) == lower_name;
}

pugi::xml_node child(const pugi::xml_node& of, std::string_view lower_name)
{
    for (const auto& node : of.children())
        if (is(node, lower_name)) return node;
    return {};
}

std::string_view text_of(const pugi::xml_node& of, std::string_view lower_name) { return trimmed(child(of, lower_name).text().get()); }
std::string value_of(const pugi::xml_node& of, std::string_view lower_name) { return lower(text_of(of, lower_name).substr(0, 64)); }
bool is_on(const pugi::xml_node& of, std::string_view lower_name) { return value_of(of, lower_name) == "on"; }

/// pugixml builds its tree without recursion; walking it here without recursion either covers every encoding that it reads.
bool too_deep(const pugi::xml_node& root)
{
    int depth = 0;
    for (auto node = root; node;) {
        if (const auto below = node.first_child()) {
            if (++depth > deepest) return true;
            node = below;
            continue;
        }
        while (node && node != root && !node.next_sibling()) {
            node = node.parent();
            --depth;
        }
        if (!node || node == root) return false;
        node = node.next_sibling();
    }
    return false;
}

/// Counted before the tree is made: what would be elements and attributes in it, or more.
bool too_many(std::string_view body)
{
    std::size_t pieces = 0;
    for (std::size_t i = 0; i < body.size(); ++i) pieces += body[i] == '=' || (body[i] == '<' && !body.substr(i + 1).starts_with('/'));
    return pieces > most_pieces;
}

bool has_doctype(const pugi::xml_document& xml)
{
    return std::ranges::any_of(xml.children(), [](const pugi::xml_node& node) { return node.type() == pugi::node_doctype; });
}

/// What only asks for encryption says by its port which kind it is: these speak STARTTLS, all others TLS from the first byte.
Security by_port(Port port) { return port == 143 || port == 110 || port == 587 || port == 25 ? Security::starttls : Security::tls; }

/// Encryption stands above SSL; SSL is on where nothing is said. `port` is 0 where the document leaves it out.
std::expected<Security, std::string> security_of(const pugi::xml_node& protocol, Port port)
{
    const auto ssl = value_of(protocol, "ssl");
    if (!ssl.empty() && ssl != "on" && ssl != "off") return std::unexpected("unknown-ssl");
    const auto encryption = value_of(protocol, "encryption");
    if (encryption == "none") return Security::plaintext;
    if (encryption == "ssl") return Security::tls;
    if (encryption == "tls") return Security::starttls;
    if (encryption == "auto") return by_port(port);
    if (!encryption.empty()) return std::unexpected("unknown-encryption");
    return ssl == "off" ? Security::plaintext : by_port(port);
}

UsernameForm form_of(std::string_view name, const EmailAddress& address)
{
    if (name == address.text()) return UsernameForm::address;
    if (name == address.local()) return UsernameForm::local_part;
    return name.contains('\\') ? UsernameForm::domain_local : UsernameForm::custom;
}

/// LoginName, with DomainName before it where the server wants that. Files that a web server hands to everybody leave placeholders in it:
/// such a name is not known, and the address is tried first.
std::expected<void, std::string> take_login_name(const pugi::xml_node& protocol, const EmailAddress& address, Service& service)
{
    std::string name(text_of(protocol, "loginname"));
    if (name.contains('%') && !address.local().contains('%')) name.clear();
    const auto domain = text_of(protocol, "domainname");
    const bool complete = name.contains('\\') || name.contains('@');
    if (is_on(protocol, "domainrequired") && !complete && !domain.empty() && !domain.contains('%')) {
        if (name.empty()) name = address.local();
        name.insert(0, std::string(domain) + "\\");
    }
    if (name.empty()) {
        service.username = address.text();
        return {};
    }
    if (name.size() > longest_name || clean_server_text(name, longest_name) != name) return std::unexpected("bad-login-name");
    service.username_form = form_of(name, address);
    service.username = std::move(name);
    service.username_known = true;
    return {};
}

/// At most five digits, and not zero.
std::optional<int> number(std::string_view text)
{
    if (text.empty() || text.size() > 5 || !std::ranges::all_of(text, [](unsigned char c) { return std::isdigit(c); })) return std::nullopt;
    const int value = std::stoi(std::string(text));
    return value == 0 ? std::nullopt : std::optional(value);
}

std::expected<Port, std::string> port_of(const pugi::xml_node& protocol)
{
    const auto text = text_of(protocol, "port");
    if (text.empty()) return Port{0};
    const auto port = number(text);
    if (!port || *port > 65535) return std::unexpected("bad-port");
    return static_cast<Port>(*port);
}

std::expected<Service, std::string> mail_service(const pugi::xml_node& protocol, ServiceKind kind, const EmailAddress& address)
{
    Service service;
    service.service = kind;
    const auto host = parse_hostname(text_of(protocol, "server"));
    if (!host) return std::unexpected("no-host");
    service.host = *host;
    const auto port = port_of(protocol);
    if (!port) return std::unexpected(port.error());
    const auto security = security_of(protocol, *port);
    if (!security) return std::unexpected(security.error());
    service.security = *security;
    service.port = *port ? *port : default_port(kind, *security);
    if (const auto named = take_login_name(protocol, address, service); !named) return std::unexpected(named.error());
    // SPA is documented as on where it is left out, and published files do not mean that: only what is said counts.
    if (const auto spa = value_of(protocol, "spa"); value_of(protocol, "authrequired") != "off") {
        if (spa == "on") service.auth = {Mechanism::ntlm};
        if (spa == "off") service.auth = {Mechanism::plain};
    }
    return service;
}

std::expected<Service, std::string> web_service(std::string_view url_text, ServiceKind kind, const EmailAddress& address)
{
    const auto url = parse_https_url(url_text);
    if (!url) return std::unexpected("not-https");
    Service service;
    service.service = kind;
    service.host = url->host;
    service.port = url->port;
    service.security = Security::tls;
    service.url = url->text;
    service.username = address.text();
    return service;
}

std::string web_page(std::string_view url)
{
    const auto start = lower(url.substr(0, 8));
    const bool plain = std::ranges::all_of(url, [](unsigned char c) { return c > 0x20 && c < 0x7f && c != '"' && c != '<' && c != '>'; });
    const bool web = start.starts_with("https://") || start.starts_with("http://");
    return plain && web && url.size() <= longest_url ? std::string(url) : std::string();
}

class Reading {
public:
    explicit Reading(const EmailAddress& address) : address_(address) {}

    std::expected<AutodiscoverDocument, std::string> read(const pugi::xml_node& root)
    {
        const auto inner = child(root, "response");
        const auto response = inner ? inner : root;
        if (const auto error = child(response, "error")) return told_error(error);
        const auto account = child(response, "account");
        const auto action = child(response, "action");                 // mobilesync keeps it here, outlook inside of Account
        const auto is_element = [](const pugi::xml_node& node) { return node.type() == pugi::node_element; };
        if (!account && action && action.find_child(is_element)) return mobilesync(action);
        return outlook(account);
    }

private:
    std::expected<AutodiscoverDocument, std::string> told_error(const pugi::xml_node& error)
    {
        auto code = text_of(error, "errorcode");
        if (code.empty()) code = text_of(error, "status");             // mobilesync: 2, "protocol error"
        const auto value = number(code);
        if (!value) return std::unexpected("bad-error-code");
        document_.error = *value;
        return std::move(document_);
    }

    std::expected<AutodiscoverDocument, std::string> mobilesync(const pugi::xml_node& action)
    {
        if (const auto error = child(action, "error")) return told_error(error);
        if (const auto redirect = child(action, "redirect")) return redirected(trimmed(redirect.text().get()), {});
        std::size_t seen = 0;
        for (const auto& server : child(action, "settings").children()) {
            if (!is(server, "server") || value_of(server, "type") != "mobilesync") continue;
            if (++seen > most_protocols) break;
            const auto url = text_of(server, "url");
            take(web_service(url.empty() ? text_of(server, "name") : url, ServiceKind::activesync, address_));
        }
        return whole();
    }

    std::expected<AutodiscoverDocument, std::string> outlook(const pugi::xml_node& account)
    {
        const auto action = value_of(account, "action");
        const auto to_address = text_of(account, "redirectaddr"), to_url = text_of(account, "redirecturl");
        if (action == "redirectaddr") return redirected(to_address, {});
        if (action == "redirecturl") return redirected({}, to_url);
        // Anything but settings is a redirect, whatever it is called.
        if (action != "settings" && !to_address.empty()) return redirected(to_address, {});
        if (action != "settings" && !to_url.empty()) return redirected({}, to_url);
        std::size_t seen = 0;
        for (const auto& node : account.children()) {
            if (!is(node, "protocol")) continue;
            if (++seen > most_protocols) break;
            protocol(node);
        }
        reuse_incoming_names();
        return whole();
    }

    std::expected<AutodiscoverDocument, std::string> redirected(std::string_view address, std::string_view url)
    {
        const auto target = address.empty() ? url : address;
        const bool plain = std::ranges::all_of(target, [](unsigned char c) { return c > 0x20 && c != 0x7f; });
        if (target.empty() || target.size() > longest_url || !plain) return std::unexpected("bad-redirect");
        document_.redirect_address = address;
        document_.redirect_url = url;
        return std::move(document_);
    }

    void protocol(const pugi::xml_node& node)
    {
        auto type = value_of(node, "type");
        if (type.empty()) type = lower(std::string_view(node.attribute("Type").value()).substr(0, 64));    // the form of mapiHttp
        if (type == "imap" || type == "pop3" || type == "smtp") {
            const auto kind = *service_kind_from(type);
            if (take(mail_service(node, kind, address_)) && kind == ServiceKind::smtp && is_on(node, "usepopauth"))
                borrowing_.push_back(document_.services.size() - 1);
        } else if (type == "caldav" || type == "carddav") {
            auto service = web_service(text_of(node, "server"), *service_kind_from(type), address_);
            if (service)
                if (const auto named = take_login_name(node, address_, *service); !named) service = std::unexpected(named.error());
            take(std::move(service));
        } else if (type == "exch" || type == "expr" || type == "exhttp") {
            const auto ews = text_of(node, "ewsurl");
            const auto url = ews.empty() ? text_of(node, "asurl") : ews;
            if (!url.empty()) take(web_service(url, ServiceKind::ews, address_));
        } else if (type == "web" && document_.webmail.empty()) {
            for (const auto* side : {"external", "internal"})
                if (document_.webmail.empty()) document_.webmail = web_page(text_of(child(node, side), "owaurl"));
        }
    }

    /// false: skipped, or known already. EXCH, EXPR and EXHTTP usually name the same address three times.
    bool take(std::expected<Service, std::string> service)
    {
        if (!service) {
            ++document_.skipped;
            if (document_.complaint.empty()) document_.complaint = std::move(service.error());
            return false;
        }
        if (std::ranges::find(document_.services, *service) != document_.services.end()) return false;
        document_.services.push_back(std::move(*service));
        return true;
    }

    /// UsePOPAuth: the outgoing server takes what the incoming one takes.
    void reuse_incoming_names()
    {
        const auto named = [](const Service& one) { return one.incoming() && one.username_known; };
        const auto incoming = std::ranges::find_if(document_.services, named);
        if (incoming == document_.services.end()) return;
        for (const auto index : borrowing_) {
            auto& outgoing = document_.services[index];
            if (outgoing.username_known) continue;
            outgoing.username = incoming->username;
            outgoing.username_form = incoming->username_form;
            outgoing.username_known = true;
        }
    }

    std::expected<AutodiscoverDocument, std::string> whole()
    {
        if (document_.services.empty() && document_.skipped > 0) return std::unexpected("no-servers");
        return std::move(document_);
    }

    const EmailAddress& address_;
    AutodiscoverDocument document_;
    std::vector<std::size_t> borrowing_;       ///< indices of outgoing services with UsePOPAuth
};

}

std::expected<AutodiscoverDocument, std::string> parse_autodiscover(std::string_view body, const EmailAddress& address)
{
    if (body.size() > largest) return std::unexpected("too-large");
    // What began as an answer and broke off was meant as one; anything else is a page for people.
    const bool meant = lower(body.substr(0, 4096)).contains("<autodiscover");
    if (too_many(body)) return std::unexpected(meant ? "too-many-elements" : "not-xml");
    pugi::xml_document xml;
    const auto parsed = xml.load_buffer(body.data(), body.size(), pugi::parse_default | pugi::parse_doctype);
    if (!parsed) {
        if (!meant) return std::unexpected("not-xml");
        return std::unexpected(parsed.status == pugi::status_bad_doctype ? "dtd" : "broken-xml");
    }
    const auto root = child(xml, "autodiscover");
    if (!root) return std::unexpected(xml.document_element() ? "not-autodiscover" : "not-xml");
    if (has_doctype(xml)) return std::unexpected("dtd");
    if (too_deep(root)) return std::unexpected("too-deep");
    return Reading(address).read(root);
}

}
