// The recommended set: what a writer needs and nothing else.
#pragma once

#include "probe/account/address.hpp"
#include "probe/account/service.hpp"

#include <string>
#include <vector>

namespace portolan {

struct ProviderName {
    std::string id, name;
    bool operator==(const ProviderName&) const = default;
};

struct Account {
    std::optional<ProviderName> provider;
    std::vector<Service> services;              ///< at most one for each kind
    const Service* find(ServiceKind kind) const;
    const Service* incoming() const;            ///< IMAP before POP3
    bool operator==(const Account&) const = default;
};

/// What writers are given: the account and the person it belongs to. `name` may be empty.
struct PersonalAccount {
    EmailAddress address;
    std::string name;
    Account account;
};

}
