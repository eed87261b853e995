#include "probe/discovery/finding.hpp"
#include "tests/fuzz/promise.hpp"

#include <cstdint>

using namespace portolan;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const auto address = *parse_email_address("jane.doe+tag@mail.example.org");
    const auto document = parse_autoconfig(text_of(data, size), address);
    if (!document) {
        promise(!document.error().empty(), "every failure has a name");
        return 0;
    }
    promise(!document->services.empty() && document->services.size() <= 32, "some servers, and not too many");
    promise(is_plain(document->provider_name), "a provider's name without controls");
    for (const auto& service : document->services) {
        promise(service.incoming() || service.service == ServiceKind::smtp, "mail alone");
        promise(!service.host.empty() && service.port != 0, "an endpoint");
        promise(!service.username.empty() && is_plain(service.username) && service.username.size() <= 512, "a user name");
        promise(service.username.find("%EMAIL") == std::string::npos, "placeholders are filled in");
    }
    return 0;
}
