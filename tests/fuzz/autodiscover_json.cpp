#include "probe/discovery/autodiscover_document.hpp"
#include "tests/fuzz/promise.hpp"

#include <cstdint>

using namespace portolan;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const auto address = *parse_email_address("jane.doe+tag@mail.example.org");
    const auto service = parse_autodiscover_json(text_of(data, size), address);
    if (!service) {
        promise(!service.error().empty() && is_plain(service.error()) && service.error().size() <= 60, "every failure has a short name");
        return 0;
    }
    promise(service->service == ServiceKind::ews || service->service == ServiceKind::activesync, "what version 2 names");
    promise(service->security == Security::tls && !service->host.empty() && service->port != 0, "an endpoint with TLS");
    const auto again = parse_https_url(service->url);
    promise(again && again->text == service->url, "an address that reads back");
    promise(again->host == service->host && again->port == service->port, "and is the endpoint");
    return 0;
}
