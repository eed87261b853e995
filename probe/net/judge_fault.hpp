// Every rule that a chain can break: its slug, the verdict code it counts under, and whether mail programs mind or only the written rules do.
#pragma once

#include "probe/account/verdict.hpp"

namespace portolan {

enum class Fault : std::uint8_t {
    // the path
    revoked, self_signed, untrusted_root, no_issuer, signature_wrong, too_complex, chain_too_deep, path_too_long,
    // dates, names, purpose
    expired, not_yet_valid, name_mismatch, purpose_missing, authority_purpose, key_usage, not_an_authority, may_not_sign, policy_demanded,
    name_not_permitted, name_excluded, constraint_unknown, constraint_malformed, constraints_too_many,
    // what cannot be relied on
    unknown_critical, duplicate_extension, malformed_extension, algorithms_differ, explicit_curve,
    key_unreadable, key_too_small, key_kind, digest_weak,
    // only the written rules mind these: RFC 5280 for issuers, CA/B baseline requirements
    revocation_unknown, version, serial, issuer_empty, subject_empty, date_form,
    authority_key_critical, authority_key_missing, authority_key_fields, authority_key_differs, subject_key_critical, subject_key_missing,
    basic_constraints_not_critical, anchor_no_authority, authority_as_leaf, leaf_may_sign, path_length_misplaced,
    names_criticality, names_malformed, common_name_apart,
    constraints_not_critical, constraints_empty, constraints_in_leaf, constraint_leading_dot,
    access_critical, access_malformed, policy_constraints_not_critical, policy_constraints_empty,
    purpose_critical, purpose_in_root, purpose_empty, rsa_size_uneven, rsa_exponent, curve_uncommon,
};
inline constexpr int fault_count = static_cast<int>(Fault::curve_uncommon) + 1;

struct FaultEntry {
    std::string_view slug;
    VerdictCode code;
    bool profile = false;                      ///< programs accept it all the same
};
const FaultEntry& entry_of(Fault);

/// A fault of the link `link` steps above the leaf.
struct Found {
    Fault fault{};
    std::size_t link = 0;
    bool operator==(const Found&) const = default;
};

}
