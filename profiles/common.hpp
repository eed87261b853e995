// What several writers share: the guard at the door, escaping for XML, stable identifiers.
#pragma once

#include "profiles/writer.hpp"

namespace portolan {

/// Both with a user name: the address where none is known, which is the form that is tried first.
struct MailPair {
    Service incoming, outgoing;
};

/// The first text of the account that no format may hold: not valid UTF-8, a control character, a bidi override (design rules 23 and 24), more
/// than 4 KiB.
std::optional<WriteFailure> unfit_text(const PersonalAccount& account);

/// The account's mail services, after every text of it was checked; a host by name, a port, and encryption.
Written<MailPair> mail_services(const PersonalAccount& account);

/// The ways to sign in that configuration formats tell apart.
enum class SignIn : std::uint8_t { password, cram_md5, digest_md5, kerberos, ntlm, client_certificate, oauth2 };

/// What the server takes, preferred first, each once. A server of which nothing is known takes a password.
std::vector<SignIn> sign_ins(const Service& service);

/// The way for a client that knows `known`: the password where the server takes one (TLS is certain here), else the first that both know.
std::optional<SignIn> sign_in_for(const Service& service, std::initializer_list<SignIn> known);

/// The same in the format's own words: the word that stands beside the way; nothing where the server takes none of them.
std::optional<std::string> sign_in_word(const Service& service, std::initializer_list<std::pair<SignIn, std::string_view>> words);

/// Between double quotes, with a backslash in front of each of `special`.
std::string in_quotes(std::string_view text, std::string_view special = "\"\\");
std::string xml_escaped(std::string_view text);
/// RFC 9562 §5.5 in Portolan's own namespace: the same name gives the same UUID on every machine. Upper case.
std::string stable_uuid(std::string_view name);
/// A file name out of the address: letters, digits, '.', '-', '_' and '@' alone.
std::string file_stem(const EmailAddress& address);
/// The sender's name, or the address where there is none.
std::string display_of(const PersonalAccount& account);

}
