#include "probe/account/account.hpp"

#include <algorithm>

namespace portolan {

const Service* Account::find(ServiceKind kind) const
{
    const auto found = std::ranges::find(services, kind, &Service::service);
    return found == services.end() ? nullptr : &*found;
}

const Service* Account::incoming() const
{
    const auto* imap = find(ServiceKind::imap);
    return imap ? imap : find(ServiceKind::pop3);
}

}
