#include "probe/account/address.hpp"
#include "tests/fuzz/promise.hpp"

#include <cstdint>

using namespace portolan;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto address = parse_email_address(text_of(data, size));
    if (!address) {
        promise(!slug(address.error()).empty(), "every problem has a name");
        return 0;
    }
    const auto text = address->text();
    promise(text.size() <= 254 && !address->local().empty() && address->local().size() <= 64, "lengths of RFC 5321");
    promise(is_plain(text) && is_plain(address->display()), "no control character");
    promise(!address->domain().empty() && !address->domain().is_ip(), "a domain by name");
    const auto again = parse_email_address(text);
    promise(again && *again == *address, "what is accepted is accepted again, as the same");
    const auto shown = parse_email_address(address->display());
    promise(!shown || *shown == *address, "what is shown is the address or none");
    return 0;
}
