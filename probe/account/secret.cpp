#include "probe/account/secret.hpp"

#include <openssl/crypto.h>

namespace portolan {

void wipe(std::string& text)
{
    text.resize(text.capacity());
    OPENSSL_cleanse(text.data(), text.size());
    text.clear();
}

Secret::Secret(std::string_view text)
    : bytes_(new std::string(text), [](std::string* bytes) {
          wipe(*bytes);
          delete bytes;
      })
{
}

std::string_view Secret::reveal() const { return bytes_ ? std::string_view(*bytes_) : std::string_view(); }

bool Secret::usable() const { return reveal().find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos; }

}
