#include "probe/net/judge_constraints.hpp"

#include "probe/net/judge_names.hpp"

#include <algorithm>
#include <cctype>

namespace portolan {

namespace {

enum class Side : std::uint8_t { permitted, excluded };

bool same_text(std::string_view one, std::string_view other)
{
    return std::ranges::equal(one, other, [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
}

bool ends_with_text(std::string_view text, std::string_view end)
{
    return text.size() >= end.size() && same_text(text.substr(text.size() - end.size()), end);
}

/// The name itself or any below it. A leading dot, which §4.2.1.10 does not know for DNS names, narrows what is permitted and nothing else.
bool dns_within(std::string_view name, std::string_view base, Side side)
{
    if (base.empty()) return true;
    if (base.front() == '.') {
        if (ends_with_text(name, base)) return true;
        return side == Side::excluded && same_text(name, base.substr(1));
    }
    return same_text(name, base) || (ends_with_text(name, base) && name[name.size() - base.size() - 1] == '.');
}

bool dns_hit(std::string_view name, std::string_view base, Side side)
{
    const bool wildcard = name.starts_with("*.");
    const auto bare = wildcard ? name.substr(2) : name;
    if (!is_dns_name(bare, Underscore::allowed)) return side == Side::excluded;            // what is no name is nowhere permitted
    if (!wildcard) return dns_within(name, base, side);
    if (dns_within(bare, base, side)) return true;
    if (side == Side::permitted) return false;
    // "*.example.org" may stand for the excluded "mail.example.org" (CVE-2025-61727).
    if (base.starts_with('.')) base.remove_prefix(1);
    const auto dot = base.find('.');
    return dot != std::string_view::npos && same_text(base.substr(dot + 1), bare);
}

bool address_hit(const std::string& address, const AddressRange& range, Side side)
{
    if (address.size() != 4 && address.size() != 16) return side == Side::excluded;
    if (address.size() != range.address.size()) return false;
    for (std::size_t i = 0; i < address.size(); ++i)
        if ((address[i] & range.mask[i]) != (range.address[i] & range.mask[i])) return false;
    return true;
}

/// One mailbox ("root@example.org"), all of a host ("example.org") or of every host below (".example.org"); characters stand for themselves.
bool mail_hit(std::string_view mailbox, std::string_view base, Side side)
{
    const auto at = mailbox.rfind('@');
    if (at == std::string_view::npos || at == 0 || at + 1 == mailbox.size()) return side == Side::excluded;
    const auto host = mailbox.substr(at + 1);
    if (const auto there = base.rfind('@'); there != std::string_view::npos)
        return mailbox.substr(0, at) == base.substr(0, there) && same_text(host, base.substr(there + 1));
    if (base.starts_with('.')) return ends_with_text(host, base);
    return base.empty() || same_text(host, base);
}

/// The host of a URI; one without a host, or with an address, fails every constraint (§4.2.1.10).
bool uri_hit(std::string_view uri, std::string_view base, Side side)
{
    const auto slashes = uri.find("://");
    if (slashes == std::string_view::npos) return side == Side::excluded;
    auto host = uri.substr(slashes + 3);
    host = host.substr(0, host.find_first_of("/?#"));
    if (const auto user = host.rfind('@'); user != std::string_view::npos) host.remove_prefix(user + 1);
    host = host.substr(0, host.find(':'));
    if (!is_dns_name(host, Underscore::allowed)) return side == Side::excluded;
    return base.starts_with('.') ? ends_with_text(host, base) : base.empty() || same_text(host, base);
}

/// `base` is the beginning of `name`, relative name by relative name.
bool directory_hit(const X509_NAME* name, const X509_NAME* base)
{
    const int count = X509_NAME_entry_count(base);
    if (count == 0) return true;
    if (count > X509_NAME_entry_count(name)) return false;
    // A set of several attributes is taken whole or not at all.
    const auto set = [](const X509_NAME* of, int at) { return X509_NAME_ENTRY_set(X509_NAME_get_entry(of, at)); };
    if (count < X509_NAME_entry_count(name) && set(name, count) == set(name, count - 1)) return false;
    std::unique_ptr<X509_NAME, decltype(&X509_NAME_free)> beginning(X509_NAME_new(), X509_NAME_free);
    int last = -1;
    for (int i = 0; i < count; ++i) {
        const bool joins = i > 0 && set(name, i) == last;
        last = set(name, i);
        if (X509_NAME_add_entry(beginning.get(), X509_NAME_get_entry(name, i), -1, joins ? -1 : 0) != 1) return false;
    }
    return X509_NAME_cmp(beginning.get(), base) == 0;
}

template <class Name, class Base, class Hit>
std::optional<Fault> compare(const std::vector<Name>& names, const std::vector<Base>& permitted, const std::vector<Base>& excluded,
                             ConstraintBudget& budget, Hit hit)
{
    for (const auto& name : names) {
        budget.left -= static_cast<int>(permitted.size() + excluded.size());
        if (budget.left < 0) return Fault::constraints_too_many;
        if (std::ranges::any_of(excluded, [&](const Base& base) { return hit(name, base, Side::excluded); })) return Fault::name_excluded;
        if (!permitted.empty() && std::ranges::none_of(permitted, [&](const Base& base) { return hit(name, base, Side::permitted); }))
            return Fault::name_not_permitted;
    }
    return std::nullopt;
}

/// Where the extension names no mailbox, those of the subject count (§4.2.1.10).
std::vector<std::string> mailboxes_of(const View& view)
{
    if (view.names.there) return view.names.emails;
    std::vector<std::string> found;
    const X509_NAME* subject = X509_get_subject_name(view.certificate);
    for (int at = -1; (at = X509_NAME_get_index_by_NID(subject, NID_pkcs9_emailAddress, at)) >= 0 && found.size() < 100;)
        found.push_back(text_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at))));
    return found;
}

}

std::optional<Fault> breach(const Constraints& constraints, const View& below, ConstraintBudget& budget)
{
    const auto& [critical, permitted, excluded] = constraints;
    const auto& names = below.names;
    // A form of name that is not understood here and is constrained must not be there at all.
    for (const int kind : names.others)
        if (permitted.others.contains(kind) || excluded.others.contains(kind)) return Fault::constraint_unknown;
    auto directories = names.directories;
    if (X509_NAME* subject = X509_get_subject_name(below.certificate); X509_NAME_entry_count(subject) > 0) directories.push_back(subject);
    if (auto fault = compare(names.dns, permitted.dns, excluded.dns, budget, dns_hit)) return fault;
    if (auto fault = compare(names.addresses, permitted.addresses, excluded.addresses, budget, address_hit)) return fault;
    if (auto fault = compare(mailboxes_of(below), permitted.emails, excluded.emails, budget, mail_hit)) return fault;
    if (auto fault = compare(names.uris, permitted.uris, excluded.uris, budget, uri_hit)) return fault;
    return compare(directories, permitted.directories, excluded.directories, budget,
                   [](const X509_NAME* name, const X509_NAME* base, Side) { return directory_hit(name, base); });
}

}
