// The file of what worked before.
#include "probe/assemble.hpp"
#include "probe/worked.hpp"
#include "tests/fuzz/promise.hpp"

#include <cstdint>

using namespace portolan;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const auto domain = *parse_hostname("example.org");
    const auto now = std::chrono::system_clock::time_point(std::chrono::seconds(1'800'000'000));
    const auto services = read_worked_before(text_of(data, size), domain, now);
    promise(services.size() <= 4, "not too many");
    for (const auto& service : services) {
        promise(is_mail(service) && service.security != Security::plaintext, "an encrypted mail server");
        promise(service.port != 0 && !service.host.text().empty(), "an endpoint");
        promise(service.username.empty() && service.trust == Trust::confirm, "and no more than that");
    }
    return 0;
}
