#include "wizard/host_parts.hpp"

namespace portolan {

QString display_host(const Hostname& host) { return text_of(display_name(host)); }

HostParts split_host(const Hostname& host)
{
    const auto whole = display_host(host);
    const auto below = parse_hostname(registrable_domain(host));
    if (!below) return {{}, whole};
    const auto domain = display_host(*below);
    if (!whole.endsWith(domain)) return {{}, whole};
    return {whole.left(whole.size() - domain.size()), domain};
}

}
