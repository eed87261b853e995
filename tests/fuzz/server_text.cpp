#include "probe/account/transcript.hpp"
#include "tests/fuzz/promise.hpp"

#include <cstdint>

using namespace portolan;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto raw = text_of(data, size);
    for (const std::size_t cap : {0u, 1u, 20u, 300u, 4096u}) {
        const auto clean = clean_server_text(raw, cap);
        promise(is_plain(clean), "no control character");
        std::size_t characters = 0;
        for (const unsigned char c : clean)
            if ((c & 0xc0) != 0x80) ++characters;
        promise(characters <= cap, "at most so many characters");
        for (const char* mark : {"\xe2\x80\xaa", "\xe2\x80\xab", "\xe2\x80\xac", "\xe2\x80\xad", "\xe2\x80\xae", "\xe2\x81\xa6",
                                 "\xe2\x81\xa7", "\xe2\x81\xa8", "\xe2\x81\xa9", "\xe2\x80\x8e", "\xe2\x80\x8f"})
            promise(clean.find(mark) == std::string::npos, "no bidi mark");
        promise(clean_server_text(clean, cap) == clean, "clean text stays as it is");
    }
    return 0;
}
