// Datagrams of anybody, two octets of length before each, while one question is open.
#include "probe/net/dns_traffic.hpp"
#include "tests/fuzz/promise.hpp"

#include <cstdint>

using namespace portolan;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    constexpr std::uint16_t id = 0x1234, other = 0x4321, type = 1;
    DnsTraffic traffic;
    traffic.asked(id, "mail.example.org", type);
    traffic.sent(std::span(data, size));
    bool refused = false;
    while (size >= 2) {
        const auto length = std::min<std::size_t>(size - 2, static_cast<std::size_t>(data[0] << 8 | data[1]));
        if (!traffic.belongs({data + 2, length})) refused = true;
        data += 2 + length;
        size -= 2 + length;
    }
    promise(!traffic.truncated(other), "what was not asked is not truncated");
    promise(traffic.take_forged() == refused, "what is refused is noticed");
    promise(!traffic.take_forged(), "and said once");
    promise(traffic.lost() <= 1, "one question is lost once");
    return 0;
}
