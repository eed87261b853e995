// What several writers share: the guard at the door, escaping for XML, stable identifiers.
#pragma once

#include "profiles/writer.hpp"

namespace portolan {

struct MailPair {
    const Service& incoming;
    const Service& outgoing;
};

/// The account's mail services, after every text of it was checked: valid UTF-8, no control character, no bidi override (design rules 23 and 24).
Written<MailPair> mail_services(const PersonalAccount& account);

std::string xml_escaped(std::string_view text);
/// RFC 9562 §5.5 in Portolan's own namespace: the same name gives the same UUID on every machine. Upper case.
std::string stable_uuid(std::string_view name);
/// A file name out of the address: letters, digits, '.', '-', '_' and '@' alone.
std::string file_stem(const EmailAddress& address);
/// The sender's name, or the address where there is none.
std::string display_of(const PersonalAccount& account);

}
