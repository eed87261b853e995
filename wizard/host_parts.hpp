// A host name as the pages show it: what stands before the registrable domain, and the registrable domain itself.
#pragma once

#include "probe/account/names.hpp"

#include <QString>

namespace portolan {

struct HostParts {
    QString sub;                               ///< "imap.", or empty
    QString domain;                            ///< "example.org"
};

/// As people read it (U-labels).
HostParts split_host(const Hostname& host);
QString display_host(const Hostname& host);

inline QString text_of(std::string_view text) { return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())); }

}
