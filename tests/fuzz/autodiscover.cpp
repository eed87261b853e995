#include "probe/discovery/autodiscover_document.hpp"
#include "tests/fuzz/promise.hpp"

#include <cstdint>

using namespace portolan;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const auto address = *parse_email_address("jane.doe+tag@mail.example.org");
    const auto document = parse_autodiscover(text_of(data, size), address);
    if (!document) {
        promise(!document.error().empty(), "every failure has a name");
        return 0;
    }
    promise(document->services.size() <= 64, "not too many servers");
    promise(document->redirect_address.empty() || document->redirect_url.empty(), "one way to go");
    promise(is_plain(document->redirect_address) && is_plain(document->redirect_url), "a redirect without controls");
    promise((document->skipped == 0) == document->complaint.empty(), "what is skipped has a reason");
    promise(document->error >= 0 && document->error <= 99999, "a code");
    promise(is_plain(document->webmail) && (document->webmail.empty() || document->webmail.size() <= 2048), "a page's address");
    for (const auto& service : document->services) {
        promise(!service.host.empty() && service.port != 0, "an endpoint");
        promise(!service.username.empty() && is_plain(service.username) && service.username.size() <= 1024, "a user name");
        const bool mail = service.incoming() || service.service == ServiceKind::smtp;
        promise(mail == service.url.empty(), "an address on the web, or none");
        promise(mail || (service.security == Security::tls && parse_https_url(service.url).has_value()), "https alone");
    }
    return 0;
}
