// What a server said when it refused a sign-in.
#include "probe/trial/causes.hpp"
#include "tests/fuzz/promise.hpp"

#include <cstdint>

using namespace portolan;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto refusal = read_refusal(text_of(data, size));
    const auto slug_of = slug(refusal.code);
    promise(slug_of.starts_with("sign-in-") || slug_of.starts_with("service-") || slug_of == "mailbox-problem" || slug_of == "device-not-authorized"
                || slug_of.starts_with("provider-"), "a refusal is about the sign-in or the service");
    promise(read_refusal(text_of(data, size)).code == refusal.code, "the same words mean the same");
    return 0;
}
