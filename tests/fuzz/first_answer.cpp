// The first bytes of a server that was greeted with a hello of before TLS 1.2.
#include "probe/net/tls_words.hpp"
#include "tests/fuzz/promise.hpp"

#include <cstdint>

using namespace portolan;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto bytes = text_of(data, size);
    promise(is_plain(alert_name(size == 0 ? 0 : data[0])), "an alert has a plain name");
    const auto answer = read_first_answer(bytes);
    if (!answer) return 0;
    promise(!answer->version.empty(), "an answer has a version");
    promise(is_plain(answer->version) && is_plain(answer->suite), "names are plain");
    promise(answer->version.size() < 40 && answer->suite.size() < 80, "names have an end");
    promise(!answer->broken_suite || !answer->suite.empty(), "what is called broken is named");
    return 0;
}
