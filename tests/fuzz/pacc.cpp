// Both of PACC's readers: the document, and the TXT record.
#include "probe/discovery/pacc.hpp"
#include "tests/fuzz/promise.hpp"

#include <cstdint>

using namespace portolan;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const auto address = *parse_email_address("jane.doe+tag@mail.example.org");
    const auto record = read_pacc_record(text_of(data, size));
    promise(record.sha256.size() == (record.kind == PaccRecord::Kind::digest ? 32 : 0), "a whole hash or none");
    const auto document = parse_pacc(text_of(data, size), address);
    if (!document) {
        promise(!document.error().empty(), "every failure has a name");
        return 0;
    }
    promise(document->services.size() <= 6, "each service once");
    promise(is_plain(document->facts.name), "a provider's name without controls");
    for (const auto& page : document->facts.documentation) promise(is_plain(page.url) && page.url.size() <= 1024, "a page's address");
    if (document->facts.oauth2)
        promise(is_plain(document->facts.oauth2->issuer) && document->facts.oauth2->issuer.size() <= 1024, "an issuer");
    for (const auto& service : document->services) {
        promise(!service.host.empty() && service.port == default_port(service.service, Security::tls) && service.security == Security::tls,
                "TLS at the usual port");
        promise(service.username == address.text() && service.username_known, "the full address");
        const bool web =
            service.service == ServiceKind::jmap || service.service == ServiceKind::caldav || service.service == ServiceKind::carddav;
        promise(web == service.url.starts_with("https://" + service.host.text() + "/"), "a URL at that host, or none");
        promise(is_plain(service.url) && service.url.size() <= 1100, "a plain URL");
    }
    return 0;
}
