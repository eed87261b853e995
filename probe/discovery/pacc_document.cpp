// Reading PACC: the TXT record and the JSON document, as the drafts -02 and -03 have them.
#include "probe/account/transcript.hpp"
#include "probe/dialog/sasl.hpp"
#include "probe/discovery/pacc.hpp"
#include "probe/discovery/strict_json.hpp"
#include "probe/discovery/web_place.hpp"

#include <boost/json.hpp>

namespace portolan {

namespace json = boost::json;

namespace {

constexpr std::size_t largest = 64 * 1024, deepest = 16, longest_record = 2048, longest_name = 60;

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view blanks = " \t\r\n";
    const auto first = text.find_first_not_of(blanks);
    return first == std::string_view::npos ? std::string_view() : text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// Exactly 32 octets in the one base64 spelling of RFC 4648 §4: 43 letters and one "=".
std::optional<std::string> sha256_from(std::string_view text)
{
    const auto letter = [](unsigned char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
    };
    if (text.size() != 44 || text.back() != '=' || !std::ranges::all_of(text.substr(0, 43), letter)) return std::nullopt;
    auto bytes = unbase64(text);
    if (!bytes || bytes->size() != 32) return std::nullopt;
    return bytes;
}

const json::object* object_in(const json::object& in, std::string_view name)
{
    const auto* value = in.if_contains(name);
    return value ? value->if_object() : nullptr;
}

std::optional<std::string> text_in(const json::object& in, std::string_view name)
{
    const auto* value = in.if_contains(name);
    const auto* text = value ? value->if_string() : nullptr;
    if (!text) return std::nullopt;
    return std::string(text->data(), text->size());
}

class Reader {
public:
    explicit Reader(const EmailAddress& address) : address_(address) {}

    std::expected<PaccDocument, std::string> read(std::string_view body)
    {
        const auto value = read_strict_json(body, largest, deepest);
        if (!value) return std::unexpected(value.error());
        const auto* root = value->if_object();
        const auto* protocols = root ? object_in(*root, "protocols") : nullptr;
        if (!protocols) return std::unexpected("no-protocols");
        authentication(*root);
        mail(*protocols, "imap", ServiceKind::imap);
        mail(*protocols, "pop3", ServiceKind::pop3);
        mail(*protocols, protocols->contains("submit") ? "submit" : "smtp", ServiceKind::smtp); // "smtp" up to -02
        // "managesieve" has a host alone, which means implicit TLS, for which ManageSieve has no port: nobody can use it as it is written.
        web(*protocols, "jmap", ServiceKind::jmap);
        web(*protocols, "caldav", ServiceKind::caldav);
        web(*protocols, "carddav", ServiceKind::carddav);
        info(*root);
        return std::move(document_);
    }

private:
    void leave_out(std::string name) { document_.left_out.push_back(std::move(name)); }

    void add(Service service)
    {
        service.username = address_.text();
        service.username_form = UsernameForm::address;
        service.username_known = true;
        // What each service takes it says itself; that a password is of no use anywhere, only the document can say.
        if (document_.password == false && document_.facts.oauth2) service.auth = {Mechanism::oauth2};
        document_.services.push_back(std::move(service));
    }

    /// { "host": … }: implicit TLS at the one port that the protocol has for it.
    void mail(const json::object& protocols, std::string_view name, ServiceKind kind)
    {
        if (!protocols.contains(name)) return;
        const auto* member = object_in(protocols, name);
        const auto text = member ? text_in(*member, "host") : std::nullopt;
        const auto host = text ? parse_hostname(*text) : std::nullopt;
        if (!host) return leave_out("protocols." + std::string(name));
        Service service;
        service.service = kind;
        service.host = *host;
        service.security = Security::tls;
        service.port = default_port(kind, Security::tls);
        add(std::move(service));
    }

    /// { "url": … }: https at its usual port.
    void web(const json::object& protocols, std::string_view name, ServiceKind kind)
    {
        if (!protocols.contains(name)) return;
        const auto* member = object_in(protocols, name);
        const auto text = member ? text_in(*member, "url") : std::nullopt;
        const auto place = text ? web_place(*text) : std::nullopt;
        if (!place || place->security != Security::tls || place->port_given) return leave_out("protocols." + std::string(name));
        Service service;
        service.service = kind;
        put_place(service, *place);
        add(std::move(service));
    }

    void authentication(const json::object& root)
    {
        const auto* member = object_in(root, "authentication");
        if (!member) return;
        if (const auto* password = member->if_contains("password"); password && password->is_bool())
            document_.password = password->get_bool();
        const auto* oauth = object_in(*member, "oauth-public");
        if (!oauth) return;
        // RFC 8414 §2: https, neither query nor fragment. The spelling stays: an issuer is compared as text.
        const auto issuer = text_in(*oauth, "issuer");
        const auto place = issuer ? web_place(*issuer) : std::nullopt;
        if (place && place->security == Security::tls && issuer->find_first_of("?#") == std::string::npos)
            document_.facts.oauth2 = ProviderFacts::OAuth{.issuer = *issuer};
        else leave_out("authentication.oauth-public.issuer");
    }

    void info(const json::object& root)
    {
        const auto* member = object_in(root, "info");
        if (!member) return;
        if (const auto* provider = object_in(*member, "provider"))
            document_.facts.name = clean_server_text(text_in(*provider, "name").value_or(""), longest_name);
        const auto* help = object_in(*member, "help");
        if (!help || !help->contains("documentation")) return;
        const auto page = text_in(*help, "documentation");
        const auto place = page ? web_place(*page) : std::nullopt;
        if (place) document_.facts.documentation.push_back({.url = *page});
        else leave_out("info.help.documentation");
    }

    const EmailAddress& address_;
    PaccDocument document_;
};

} // namespace

PaccRecord read_pacc_record(std::string_view record)
{
    if (record.size() > longest_record) return {};
    std::map<std::string_view, std::string_view> tags;
    bool twice = false;
    while (!record.empty()) {
        const auto end = std::min(record.find(';'), record.size());
        const auto tag = record.substr(0, end);
        record.remove_prefix(std::min(end + 1, record.size()));
        const auto equals = tag.find('=');
        if (equals == std::string_view::npos) continue; // an empty one behind the last semicolon, or nothing that we know
        twice = !tags.emplace(trimmed(tag.substr(0, equals)), trimmed(tag.substr(equals + 1))).second || twice;
    }
    if (tags["v"] != "UAAC1") return {};
    const auto algorithm = tags["a"];
    if (!algorithm.empty() && algorithm != "sha256") return {};
    const auto digest = algorithm.empty() || twice ? std::nullopt : sha256_from(tags["d"]);
    if (!digest) return {PaccRecord::Kind::unreadable, {}};
    return {PaccRecord::Kind::digest, *digest};
}

std::expected<PaccDocument, std::string> parse_pacc(std::string_view body, const EmailAddress& address)
{
    return Reader(address).read(body);
}

} // namespace portolan
