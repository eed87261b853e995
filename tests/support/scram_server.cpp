#include "tests/support/scram_server.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <cstdlib>
#include <vector>

namespace portolan::tests {

namespace {

constexpr std::string_view salt = "0123456789abcdef";

const unsigned char* octets(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

std::string hmac(std::string_view key, std::string_view text)
{
    std::string out(SHA256_DIGEST_LENGTH, '\0');
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), octets(text), text.size(), reinterpret_cast<unsigned char*>(out.data()), nullptr);
    return out;
}

std::string sha256(std::string_view text)
{
    std::string out(SHA256_DIGEST_LENGTH, '\0');
    SHA256(octets(text), text.size(), reinterpret_cast<unsigned char*>(out.data()));
    return out;
}

/// "n=alice,r=…": the value of one attribute, or "".
std::string attribute(std::string_view message, char name)
{
    std::size_t at = 0;
    while (at < message.size()) {
        const auto end = std::min(message.find(',', at), message.size());
        if (message.size() > at + 1 && message[at] == name && message[at + 1] == '=') return std::string(message.substr(at + 2, end - at - 2));
        at = end + 1;
    }
    return {};
}

}

bool ScramServer::client_first(std::string_view message)
{
    if (!message.starts_with("n,,")) return false;
    client_first_bare_ = std::string(message.substr(3));
    const auto theirs = attribute(client_first_bare_, 'r');
    nonce_ = (options_.own_nonce_only ? std::string() : theirs) + "ServersOwnPart";
    server_first_ = "r=" + nonce_ + ",s=" + to_base64(salt) + ",i=" + options_.iterations;
    return !theirs.empty() && attribute(client_first_bare_, 'n') == options_.username;
}

bool ScramServer::client_final(std::string_view message)
{
    const auto proof_at = message.rfind(",p=");
    if (proof_at == std::string_view::npos || attribute(message, 'c') != "biws" || attribute(message, 'r') != nonce_) return false;
    const auto iterations = std::atoi(options_.iterations.c_str());
    std::string salted(SHA256_DIGEST_LENGTH, '\0');
    PKCS5_PBKDF2_HMAC(options_.password.data(), static_cast<int>(options_.password.size()), octets(salt), static_cast<int>(salt.size()), iterations, EVP_sha256(),
                      static_cast<int>(salted.size()), reinterpret_cast<unsigned char*>(salted.data()));
    const auto auth = client_first_bare_ + "," + server_first_ + "," + std::string(message.substr(0, proof_at));
    const auto client_key = hmac(salted, "Client Key");
    auto proof = hmac(sha256(client_key), auth);
    for (std::size_t i = 0; i < proof.size(); ++i) proof[i] = static_cast<char>(proof[i] ^ client_key[i]);
    const auto server_key = hmac(options_.wrong_signature ? std::string("guessed") : salted, "Server Key");
    server_final_ = "v=" + to_base64(hmac(server_key, auth));
    return std::string(message.substr(proof_at + 3)) == to_base64(proof);
}

std::string to_base64(std::string_view bytes)
{
    std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    text.resize(static_cast<std::size_t>(EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), octets(bytes), static_cast<int>(bytes.size()))));
    return text;
}

std::string from_base64(std::string_view text)
{
    std::string bytes(text.size() / 4 * 3 + 3, '\0');
    const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()), octets(text), static_cast<int>(text.size()));
    if (size < 0) return {};
    bytes.resize(static_cast<std::size_t>(size) - (text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0));
    return bytes;
}

}
