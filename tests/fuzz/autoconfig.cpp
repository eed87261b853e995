#include "probe/discovery/finding.hpp"
#include "tests/fuzz/promise.hpp"

#include <cstdint>

using namespace portolan;

namespace {

bool is_web_address(std::string_view url)
{
    const bool ascii = std::ranges::all_of(url, [](unsigned char c) { return c > 0x20 && c < 0x7f; });
    const auto scheme = url.find("://");
    if (!ascii || scheme == std::string_view::npos || (url.substr(0, scheme) != "https" && url.substr(0, scheme) != "http")) return false;
    const auto authority = url.substr(scheme + 3, url.find('/', scheme + 3) - scheme - 3);
    return !authority.empty() && authority.find('@') == std::string_view::npos;
}

}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const auto address = *parse_email_address("jane.doe+tag@mail.example.org");
    const auto document = parse_autoconfig(text_of(data, size), address);
    if (!document) {
        promise(!document.error().empty(), "every failure has a name");
        return 0;
    }
    promise(!document->services.empty() && document->services.size() <= 64, "some services, and not too many");
    for (const auto& service : document->services) {
        const bool mail = service.incoming() || service.service == ServiceKind::smtp || service.service == ServiceKind::managesieve;
        promise(!service.host.empty() && service.port != 0, "an endpoint");
        promise(mail == service.url.empty(), "a URL where the service has one");
        if (!mail) promise(is_web_address(service.url), "an address of the web");
        promise(!service.username.empty() && is_plain(service.username) && service.username.size() <= 512, "a user name");
        promise(service.username.find("%EMAIL") == std::string::npos, "placeholders are filled in");
    }
    const auto& facts = document->facts;
    promise(is_plain(facts.name) && is_plain(facts.id), "a provider's name without controls");
    promise(facts.documentation.size() <= 8 && facts.prepare.size() <= 8, "not too many pages");
    for (const auto* pages : {&facts.documentation, &facts.prepare})
        for (const auto& page : *pages) promise((page.url.empty() || is_web_address(page.url)) && is_plain(page.text), "a page");
    promise(facts.webmail.empty() || is_web_address(facts.webmail), "a login page");
    if (!facts.oauth2) return 0;
    const auto& oauth = *facts.oauth2;
    promise(is_plain(oauth.issuer) && is_plain(oauth.scope) && is_plain(oauth.client_id), "facts for a browser's sign-in");
    for (const auto* url : {&oauth.auth_url, &oauth.token_url}) promise(url->empty() || url->starts_with("https://"), "a sign-in with TLS");
    return 0;
}
