// Accounts to write, and the values that try to break out of what is written.
#pragma once

#include "profiles/writer.hpp"

#include <functional>

namespace portolan {

/// IMAP on 993 and submission on 587, both with the address as user name, at mail.example.org.
PersonalAccount imap_account(std::string_view address = "jane@example.org");
/// POP3 on 995 and submissions on 465.
PersonalAccount pop3_account();

Service& incoming_of(PersonalAccount& account);
Service& outgoing_of(PersonalAccount& account);
Hostname host(std::string_view name);
EmailAddress address(std::string_view text);

/// One file out of what a writer gave, by the end of its name; the test fails when there is not exactly one.
std::string content_of(const std::vector<WrittenFile>& files, std::string_view ending);

struct HostileValue {
    std::string_view what;
    std::string value;
    bool refused; ///< by every writer, with the field's name
};

const std::vector<HostileValue>& hostile_values();

}
