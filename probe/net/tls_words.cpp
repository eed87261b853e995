#include "probe/net/tls_words.hpp"

#include <algorithm>
#include <array>

namespace portolan {

namespace {

struct Alert {
    int number;
    std::string_view name;
};

constexpr auto alerts = std::to_array<Alert>({
    {0, "close_notify"}, {10, "unexpected_message"}, {20, "bad_record_mac"}, {21, "decryption_failed"}, {22, "record_overflow"},
    {30, "decompression_failure"}, {40, "handshake_failure"}, {41, "no_certificate"}, {42, "bad_certificate"}, {43, "unsupported_certificate"},
    {44, "certificate_revoked"}, {45, "certificate_expired"}, {46, "certificate_unknown"}, {47, "illegal_parameter"}, {48, "unknown_ca"},
    {49, "access_denied"}, {50, "decode_error"}, {51, "decrypt_error"}, {60, "export_restriction"}, {70, "protocol_version"},
    {71, "insufficient_security"}, {80, "internal_error"}, {86, "inappropriate_fallback"}, {90, "user_canceled"}, {100, "no_renegotiation"},
    {109, "missing_extension"}, {110, "unsupported_extension"}, {111, "certificate_unobtainable"}, {112, "unrecognized_name"},
    {113, "bad_certificate_status_response"}, {114, "bad_certificate_hash_value"}, {115, "unknown_psk_identity"}, {116, "certificate_required"},
    {120, "no_application_protocol"},
});

struct Suite {
    unsigned number;
    std::string_view name;
};

/// Suites that Debian's OpenSSL cannot speak any more; what else a server chooses is known there.
constexpr auto broken = std::to_array<Suite>({
    {0x0001, "NULL-MD5"}, {0x0002, "NULL-SHA"}, {0x0003, "EXP-RC4-MD5"}, {0x0004, "RC4-MD5"}, {0x0005, "RC4-SHA"}, {0x0006, "EXP-RC2-CBC-MD5"},
    {0x0008, "EXP-DES-CBC-SHA"}, {0x0009, "DES-CBC-SHA"}, {0x000a, "DES-CBC3-SHA"}, {0x0014, "EXP-EDH-RSA-DES-CBC-SHA"},
    {0x0015, "EDH-RSA-DES-CBC-SHA"}, {0x0016, "EDH-RSA-DES-CBC3-SHA"}, {0x0018, "ADH-RC4-MD5"}, {0x003b, "NULL-SHA256"},
    {0x0062, "EXP1024-DES-CBC-SHA"}, {0x0064, "EXP1024-RC4-SHA"}, {0xc007, "ECDHE-ECDSA-RC4-SHA"}, {0xc010, "ECDHE-RSA-NULL-SHA"},
    {0xc011, "ECDHE-RSA-RC4-SHA"}, {0xc012, "ECDHE-RSA-DES-CBC3-SHA"},
});

std::string hex(unsigned number)
{
    static constexpr char digits[] = "0123456789abcdef";
    std::string text = "0x";
    for (int shift = 12; shift >= 0; shift -= 4) text += digits[(number >> shift) & 15];
    return text;
}

}

std::string alert_name(int number)
{
    const auto found = std::ranges::find(alerts, number, &Alert::number);
    return std::string(found == alerts.end() ? "alert" : found->name) + " (" + std::to_string(number) + ")";
}

std::optional<FirstAnswer> read_first_answer(std::string_view bytes)
{
    const auto at = [&](std::size_t i) { return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0u; };
    FirstAnswer answer;
    // SSLv2: a length with its high bit set, then SERVER-HELLO (4) or ERROR (0); text never looks like that.
    if (bytes.size() >= 5 && (at(0) & 0x80) != 0 && (at(2) == 4 || (at(2) == 0 && at(3) == 0))) {
        answer.version = "SSLv2";
        answer.too_old = true;
        return answer;
    }
    if (bytes.size() < 44 || at(0) != 22 || at(1) != 3 || at(5) != 2 || at(9) != 3) return std::nullopt;
    static constexpr std::array<std::string_view, 5> versions{"SSLv3", "TLS 1.0", "TLS 1.1", "TLS 1.2", "TLS 1.3"};
    answer.version = at(10) < versions.size() ? std::string(versions[at(10)]) : "TLS";
    answer.too_old = at(10) < 3;
    const std::size_t session = at(43);
    if (session > 32 || bytes.size() < 46 + session) return answer;
    const unsigned suite = (at(44 + session) << 8) | at(45 + session);
    const auto found = std::ranges::find(broken, suite, &Suite::number);
    answer.broken_suite = found != broken.end();
    answer.suite = (answer.broken_suite ? std::string(found->name) + " " : std::string()) + "(" + hex(suite) + ")";
    return answer;
}

}
