// What an entry requires of a parser's answer; broken promises end the program, so that the fuzzer keeps the input.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace portolan {

inline void promise(bool kept, std::string_view what)
{
    if (kept) return;
    std::fprintf(stderr, "broken promise: %.*s\n", static_cast<int>(what.size()), what.data());
    std::abort();
}

inline std::string_view text_of(const unsigned char* data, std::size_t size) { return {reinterpret_cast<const char*>(data), size}; }

/// No C0 control and no DEL.
inline bool is_plain(std::string_view text)
{
    for (const unsigned char c : text)
        if (c < 0x20 || c == 0x7f) return false;
    return true;
}

}
