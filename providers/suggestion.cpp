#include "providers/suggestion.hpp"

#include "providers/catalogue.hpp"

#include <algorithm>
#include <array>

namespace portolan {

namespace {

/// Only the names most people have: a rare name that differs by one letter from another rare name is probably meant.
constexpr std::array<std::string_view, 22> common_domains{
    "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com", "icloud.com", "aol.com", "gmx.de", "gmx.net",
    "web.de", "t-online.de", "proton.me", "fastmail.com", "mail.com", "yandex.ru", "mail.ru", "orange.fr", "free.fr", "libero.it",
    "comcast.net", "verizon.net",
};

bool one_slip(std::string_view a, std::string_view b)
{
    if (a == b) return false;
    if (a.size() > b.size()) std::swap(a, b);
    if (b.size() - a.size() > 1) return false;
    std::size_t i = 0;
    while (i < a.size() && a[i] == b[i]) ++i;
    if (a.size() != b.size()) return a.substr(i) == b.substr(i + 1);
    if (a.substr(i + 1) == b.substr(i + 1)) return true;
    return i + 1 < a.size() && a[i] == b[i + 1] && a[i + 1] == b[i] && a.substr(i + 2) == b.substr(i + 2);
}

}

std::optional<std::string_view> domain_probably_meant(const Hostname& domain)
{
    if (provider_for_domain(domain.text())) return std::nullopt;
    const auto found = std::ranges::find_if(common_domains, [&](std::string_view common) { return one_slip(domain.text(), common); });
    return found == common_domains.end() ? std::nullopt : std::optional(*found);
}

std::string address_probably_meant(const EmailAddress& address)
{
    const auto meant = domain_probably_meant(address.domain());
    return meant ? address.local() + "@" + std::string(*meant) : std::string();
}

}
