// PBKDF2 with at most 16 rounds, in the place of OpenSSL's: whoever works out a salted password here, the client or the server that plays along,
// finds the same one, and a million rounds that an input asks for cost it nothing. How many are allowed is decided before this is called.
#include <algorithm>
#include <array>
#include <cstring>
#include <openssl/evp.h>
#include <openssl/hmac.h>

extern "C" int PKCS5_PBKDF2_HMAC(const char* password, int password_size, const unsigned char* salt, int salt_size, int rounds, const EVP_MD* digest,
                                 int key_size, unsigned char* out)
{
    // One block of output is enough for SCRAM: the key is as long as the digest (RFC 5802 §2.2, Hi).
    std::array<unsigned char, EVP_MAX_MD_SIZE> last{}, sum{};
    unsigned size = 0;
    for (int round = 0; round < std::min(rounds, 16); ++round) {
        const auto* from = round == 0 ? salt : last.data();
        if (!HMAC(digest, password, password_size, from, round == 0 ? static_cast<std::size_t>(salt_size) : size, last.data(), &size)) return 0;
        for (unsigned i = 0; i < size; ++i) sum[i] ^= last[i];
    }
    std::memcpy(out, sum.data(), std::min<std::size_t>(static_cast<std::size_t>(key_size), sum.size()));
    return 1;
}
