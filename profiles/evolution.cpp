// Evolution: source files of evolution-data-server, three for the mail account, one for each calendar and address book. Spelling: ESource and
// its extensions, as 3.46 writes them.
#include "profiles/common.hpp"
#include "profiles/key_file.hpp"

namespace portolan {

namespace {

std::string source(std::string_view name, std::string_view parent)
{
    return "[Data Source]\nDisplayName=" + key_file_value(name) + "\nEnabled=true\nParent=" + std::string(parent) + "\n";
}

std::string security(Security how)
{
    return std::string("\n[Security]\nMethod=") + (how == Security::tls ? "ssl-on-alternate-port" : "starttls-on-standard-port") + "\n";
}

std::optional<std::string> method(const Service& service)
{
    return sign_in_word(service, {{SignIn::password, service.service == ServiceKind::pop3 ? "" : "PLAIN"}, {SignIn::cram_md5, "CRAM-MD5"}, {SignIn::digest_md5, "DIGEST-MD5"},
                                  {SignIn::kerberos, "GSSAPI"}, {SignIn::ntlm, "NTLM"}, {SignIn::oauth2, "XOAUTH2"}});
}

std::string authentication(const Service& service, const std::string& how)
{
    return "\n[Authentication]\nHost=" + service.host.text() + "\nPort=" + std::to_string(service.port) + "\nUser=" + key_file_value(service.username) +
           (how.empty() ? "" : "\nMethod=" + how) + "\nRememberPassword=true\n";
}

struct Place { std::string host, path; Port port; };

/// Of an https URL.
std::optional<Place> place_of(std::string_view url)
{
    constexpr std::string_view scheme = "https://";
    if (!url.starts_with(scheme)) return std::nullopt;
    url.remove_prefix(scheme.size());
    const auto slash = url.find('/');
    const auto authority = url.substr(0, slash);
    const auto colon = authority.rfind(':');
    Place place{std::string(authority.substr(0, colon)), slash == std::string_view::npos ? "/" : std::string(url.substr(slash)), 443};
    if (colon != std::string_view::npos) {
        int port = 0;
        for (const char c : authority.substr(colon + 1)) {
            if (c < '0' || c > '9' || port > 65535) return std::nullopt;
            port = port * 10 + (c - '0');
        }
        if (port < 1 || port > 65535) return std::nullopt;
        place.port = static_cast<Port>(port);
    }
    if (place.host.empty() || !parse_hostname(place.host)) return std::nullopt;
    return place;
}

Written<WrittenFile> collection(const PersonalAccount& account, const Service& service, const std::string& folder, const std::string& id)
{
    const auto place = place_of(service.url);
    if (!place) return std::unexpected(WriteFailure{WriteProblem::service_not_supported, "url"});
    const bool calendar = service.service == ServiceKind::caldav;
    std::string text = source(account.address.text(), calendar ? "caldav-stub" : "carddav-stub");
    text += calendar ? "\n[Calendar]\nBackendName=caldav\n" : "\n[Address Book]\nBackendName=carddav\n";
    text += "\n[Authentication]\nHost=" + place->host + "\nPort=" + std::to_string(place->port) + "\nUser=" +
            key_file_value(service.username.empty() ? account.address.text() : service.username) + "\nMethod=plain/password\nRememberPassword=true\n";
    text += "\n[Security]\nMethod=tls\n\n[WebDAV Backend]\nResourcePath=" + key_file_value(place->path) + "\n\n[Refresh]\nEnabled=true\nIntervalMinutes=30\n";
    return WrittenFile{folder + id + (calendar ? "-calendar.source" : "-contacts.source"), text};
}

}

Written<std::vector<WrittenFile>> write_evolution(const PersonalAccount& account, const WriteOptions&)
{
    const auto pair = mail_services(account);
    if (!pair) return std::unexpected(pair.error());
    const auto in = method(pair->incoming), out = method(pair->outgoing);
    if (!in || !out) return std::unexpected(WriteFailure{WriteProblem::service_not_supported, "auth"});
    const std::string folder = "evolution/sources/", id = "portolan-" + stable_uuid("evolution " + account.address.text());
    const bool imap = pair->incoming.service == ServiceKind::imap;
    const auto address = account.address.text();
    std::vector<WrittenFile> files;
    files.push_back({folder + id + ".source", source(address, "") + "\n[Mail Account]\nBackendName=" + (imap ? "imapx" : "pop") + "\nIdentityUid=" + id + "-identity\n" +
                                                  authentication(pair->incoming, *in) + security(pair->incoming.security)});
    std::string identity = source(address, id) + "\n[Mail Identity]\nAddress=" + key_file_value(address) + "\nName=" + key_file_value(display_of(account)) +
                           "\n\n[Mail Submission]\nTransportUid=" + id + "-transport\n";
    if (imap) identity += "SentFolder=folder://" + id + "/Sent\n\n[Mail Composition]\nDraftsFolder=folder://" + id + "/Drafts\n";
    files.push_back({folder + id + "-identity.source", identity});
    files.push_back({folder + id + "-transport.source", source(address, id) + "\n[Mail Transport]\nBackendName=smtp\n" + authentication(pair->outgoing, *out) + security(pair->outgoing.security)});
    for (const auto kind : {ServiceKind::caldav, ServiceKind::carddav})
        if (const auto* service = account.account.find(kind)) {
            auto file = collection(account, *service, folder, id);
            if (!file) return std::unexpected(file.error());
            files.push_back(std::move(*file));
        }
    files.push_back({"evolution/README.txt", "Close Evolution, copy the files of \"sources\" to ~/.config/evolution/sources/ and start Evolution again.\nIt asks for the password once and keeps it in the keyring.\nTo undo this, take the same files away.\n"});
    return files;
}

}
