// aerc: accounts.conf, an INI file (go-ini) with URLs. Spelling: aerc-accounts(5), aerc-imap(5), aerc-smtp(5), of 0.14.
#include "probe/account/percent.hpp"
#include "profiles/common.hpp"
#include "profiles/keyring.hpp"

#include <openssl/evp.h>

#include <algorithm>

namespace portolan {

namespace {

/// "Name <address>" in ASCII without a character that the INI reader or the address reader takes for its own: the name as an encoded word
/// where it has others than letters, digits and spaces (RFC 2047 §2; "B", so that no quoting is left).
std::string mailbox(const PersonalAccount& account)
{
    const auto address = "<" + account.address.text() + ">";
    if (account.name.empty()) return address;
    const auto harmless = [](unsigned char c) { return std::isalnum(c) && c < 0x80; };
    if (std::ranges::all_of(account.name, [&](unsigned char c) { return harmless(c) || c == ' '; }) && harmless(static_cast<unsigned char>(account.name.front())))
        return account.name + " " + address;
    std::string words;
    for (std::size_t at = 0; at < account.name.size();) {
        auto end = std::min(at + 39, account.name.size());             // an encoded word has at most 75 characters
        while (end < account.name.size() && (static_cast<unsigned char>(account.name[end]) & 0xc0) == 0x80) --end;
        std::string word((end - at + 2) / 3 * 4 + 1, '\0');
        const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(word.data()), reinterpret_cast<const unsigned char*>(account.name.data() + at), static_cast<int>(end - at));
        word.resize(static_cast<std::size_t>(size));
        words += (words.empty() ? "=?utf-8?B?" : " =?utf-8?B?") + word + "?=";
        at = end;
    }
    return words + " " + address;
}

std::string url(std::string_view scheme, const Service& service)
{
    return std::string(scheme) + "://" + percent_encoded(service.username) + "@" + service.host.text() + ":" + std::to_string(service.port);
}

}

Written<std::vector<WrittenFile>> write_aerc(const PersonalAccount& account, const WriteOptions&)
{
    const auto pair = mail_services(account);
    if (!pair) return std::unexpected(pair.error());
    const auto cannot = [](std::string_view field) { return std::unexpected(WriteFailure{WriteProblem::service_not_supported, std::string(field)}); };
    if (pair->incoming.service != ServiceKind::imap) return cannot("incoming");
    if (sign_in_for(pair->incoming, {}) != SignIn::password || sign_in_for(pair->outgoing, {}) != SignIn::password) return cannot("auth");
    // The INI reader takes quotes, '`', '#' and ';' of a value for its own, and has no way to write them.
    if (account.address.text().find_first_of("\"`#;\\ ") != std::string::npos) return cannot("address");
    const auto command = keyring_command(account.address);
    std::string text = "# For aerc: ~/.config/aerc/accounts.conf (mode 0600).\n" + keyring_note(account.address, "# ");
    text += "\n[" + file_stem(account.address) + "]\n";
    text += "source = " + url(pair->incoming.security == Security::tls ? "imaps" : "imap", pair->incoming) + "\nsource-cred-cmd = " + command + "\n";
    text += "outgoing = " + url(pair->outgoing.security == Security::tls ? "smtps+plain" : "smtp+plain", pair->outgoing) + "\noutgoing-cred-cmd = " + command + "\n";
    if (pair->outgoing.security == Security::starttls) text += "# For aerc up to 0.14; later ones know it from the scheme.\nsmtp-starttls = yes\n";
    text += "from = " + mailbox(account) + "\ndefault = INBOX\ncopy-to = Sent\n";
    return std::vector{WrittenFile{"aerc/accounts.conf", text}};
}

}
