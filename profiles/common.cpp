#include "profiles/common.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace portolan {

namespace {

/// Well-formed UTF-8 without C0, DEL, C1, line separators and bidi controls, at most 4 KiB.
bool holds_only_text(std::string_view text)
{
    if (text.size() > 4096) return false;
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t size = lead < 0x80                    ? 1
                                 : lead >= 0xc2 && lead <= 0xdf ? 2
                                 : (lead & 0xf0) == 0xe0        ? 3
                                 : lead >= 0xf0 && lead <= 0xf4 ? 4
                                                                : 0;
        if (size == 0 || i + size > text.size() || lead < 0x20 || lead == 0x7f) return false;
        std::uint32_t rune = size == 1 ? lead : lead & (0xffu >> (size + 1));
        for (std::size_t k = 1; k < size; ++k) {
            const auto next = static_cast<unsigned char>(text[i + k]);
            if ((next & 0xc0) != 0x80) return false;
            rune = rune << 6 | (next & 0x3f);
        }
        static constexpr std::array<std::uint32_t, 5> shortest{0, 0, 0x80, 0x800, 0x10000};
        if (rune < shortest[size] || rune > 0x10ffff || (rune >= 0xd800 && rune <= 0xdfff)) return false;
        if (rune == 0xfffe || rune == 0xffff || (rune >= 0x80 && rune < 0xa0)) return false;
        if ((rune >= 0x2028 && rune <= 0x202e) || (rune >= 0x2066 && rune <= 0x2069) || rune == 0x200e || rune == 0x200f || rune == 0x061c)
            return false;
        i += size;
    }
    return true;
}

}

std::optional<WriteFailure> unfit_text(const PersonalAccount& account)
{
    const auto bad = [](std::string_view field) { return WriteFailure{WriteProblem::control_character, std::string(field)}; };
    if (!holds_only_text(account.name)) return bad("name");
    if (!holds_only_text(account.address.text())) return bad("address");
    if (account.account.provider && !holds_only_text(account.account.provider->name)) return bad("provider");
    for (const auto& service : account.account.services) {
        if (!holds_only_text(service.username)) return bad("username");
        if (!holds_only_text(service.url)) return bad("url");
    }
    return std::nullopt;
}

Written<MailPair> mail_services(const PersonalAccount& account)
{
    if (auto unfit = unfit_text(account)) return std::unexpected(std::move(*unfit));
    const auto* incoming = account.account.incoming();
    const auto* outgoing = account.account.find(ServiceKind::smtp);
    if (!incoming) return std::unexpected(WriteFailure{WriteProblem::no_incoming, "account"});
    if (!outgoing) return std::unexpected(WriteFailure{WriteProblem::no_outgoing, "account"});
    MailPair pair{*incoming, *outgoing};
    for (auto* service : {&pair.incoming, &pair.outgoing}) {
        const auto cannot = [](std::string_view field) {
            return std::unexpected(WriteFailure{WriteProblem::service_not_supported, std::string(field)});
        };
        // Without encryption no program is told to send the password (facts of every format: "none" only when a person insists).
        if (service->security == Security::plaintext) return cannot("security");
        // An IPv6 literal fits only where a URL puts it into brackets, and none of these formats holds a URL.
        if (service->host.empty() || service->host.text().find(':') != std::string::npos) return cannot("host");
        if (service->port == 0) return cannot("port");
        if (service->username.empty()) service->username = account.address.text();
    }
    return pair;
}

std::vector<SignIn> sign_ins(const Service& service)
{
    const auto way = [](Mechanism mechanism) {
        switch (mechanism) {
        case Mechanism::oauth2:
        case Mechanism::oauthbearer:
        case Mechanism::xoauth2: return SignIn::oauth2;
        case Mechanism::cram_md5: return SignIn::cram_md5;
        case Mechanism::digest_md5: return SignIn::digest_md5;
        case Mechanism::ntlm: return SignIn::ntlm;
        case Mechanism::gssapi: return SignIn::kerberos;
        case Mechanism::external: return SignIn::client_certificate;
        case Mechanism::scram_sha_256_plus:
        case Mechanism::scram_sha_256:
        case Mechanism::scram_sha_1_plus:
        case Mechanism::scram_sha_1:
        case Mechanism::plain:
        case Mechanism::login:
        case Mechanism::basic:
        case Mechanism::native: break;
        }
        return SignIn::password;
    };
    std::vector<SignIn> ways;
    for (const auto mechanism : service.auth)
        if (std::ranges::find(ways, way(mechanism)) == ways.end()) ways.push_back(way(mechanism));
    if (ways.empty()) ways.push_back(SignIn::password);
    return ways;
}

std::optional<SignIn> sign_in_for(const Service& service, std::initializer_list<SignIn> known)
{
    const auto ways = sign_ins(service);
    if (std::ranges::find(ways, SignIn::password) != ways.end()) return SignIn::password;
    const auto found = std::ranges::find_if(ways, [&](SignIn way) { return std::ranges::find(known, way) != known.end(); });
    return found == ways.end() ? std::nullopt : std::optional(*found);
}

std::optional<std::string> sign_in_word(const Service& service, std::initializer_list<std::pair<SignIn, std::string_view>> words)
{
    auto ways = sign_ins(service);
    std::ranges::stable_partition(ways, [](SignIn way) { return way == SignIn::password; });
    for (const auto way : ways)
        for (const auto& [known, word] : words)
            if (known == way) return std::string(word);
    return std::nullopt;
}

std::string in_quotes(std::string_view text, std::string_view special)
{
    std::string out = "\"";
    for (const char c : text) {
        if (special.contains(c)) out += '\\';
        out += c;
    }
    return out + "\"";
}

std::string xml_escaped(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        case '\'': out += "&#39;"; break;
        default: out += c;
        }
    }
    return out;
}

std::string stable_uuid(std::string_view name)
{
    static constexpr std::array<unsigned char, 16> space{0x6b, 0x1d, 0x3c, 0x52, 0x8e, 0x77, 0x4f, 0x0a,
                                                         0x9c, 0x41, 0x2f, 0xd5, 0x0e, 0x93, 0xb8, 0x64};
    std::string bytes(space.begin(), space.end());
    bytes += name;
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha1(), nullptr);
    digest[6] = static_cast<unsigned char>((digest[6] & 0x0f) | 0x50);
    digest[8] = static_cast<unsigned char>((digest[8] & 0x3f) | 0x80);
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string out;
    for (std::size_t i = 0; i < 16; ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
        out += digits[digest[i] >> 4];
        out += digits[digest[i] & 15];
    }
    return out;
}

std::string file_stem(const EmailAddress& address)
{
    std::string stem = address.text();
    std::ranges::replace_if(stem, [](unsigned char c) { return !(std::isalnum(c) || c == '.' || c == '-' || c == '_' || c == '@'); }, '_');
    if (stem.starts_with('.') || stem.starts_with('-')) stem.front() = '_';
    if (stem.size() > 120) stem = stem.substr(0, 100) + stable_uuid(address.text()).substr(0, 8);
    return stem;
}

std::string display_of(const PersonalAccount& account) { return account.name.empty() ? account.address.display() : account.name; }

}
