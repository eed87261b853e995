#include "probe/net/judge_fault.hpp"

#include <array>

namespace portolan {

namespace {

using enum VerdictCode;

constexpr std::array<FaultEntry, fault_count> entries{{
    {"revoked", certificate_revoked},
    {"self-signed", certificate_self_signed},
    {"untrusted-root", certificate_untrusted_issuer},
    {"no-issuer", certificate_untrusted_issuer},
    {"signature-wrong", certificate_invalid},
    {"too-complex", certificate_invalid},
    {"chain-too-deep", certificate_invalid},
    {"path-too-long", certificate_invalid},
    {"expired", certificate_expired},
    {"not-yet-valid", certificate_not_yet_valid},
    {"name-mismatch", certificate_name_mismatch},
    {"purpose-missing", certificate_purpose},
    {"authority-purpose", certificate_purpose},
    {"key-usage", certificate_purpose},
    {"not-an-authority", certificate_invalid},
    {"may-not-sign", certificate_invalid},
    {"policy-demanded", certificate_invalid},
    {"name-not-permitted", certificate_invalid},
    {"name-excluded", certificate_invalid},
    {"constraint-unknown", certificate_invalid},
    {"constraint-malformed", certificate_invalid},
    {"constraints-too-many", certificate_invalid},
    {"unknown-critical-extension", certificate_invalid},
    {"duplicate-extension", certificate_invalid},
    {"malformed-extension", certificate_invalid},
    {"signature-algorithms-differ", certificate_invalid},
    {"explicit-curve", certificate_invalid},
    {"key-unreadable", certificate_invalid},
    {"key-too-small", certificate_weak},
    {"key-kind", certificate_weak},
    {"digest-weak", certificate_weak},
    {"revocation-unknown", certificate_invalid, true},
    {"version", certificate_invalid, true},
    {"serial", certificate_invalid, true},
    {"issuer-empty", certificate_invalid, true},
    {"subject-empty", certificate_invalid, true},
    {"date-form", certificate_invalid, true},
    {"authority-key-critical", certificate_invalid, true},
    {"authority-key-missing", certificate_invalid, true},
    {"authority-key-fields", certificate_invalid, true},
    {"authority-key-differs", certificate_invalid, true},
    {"subject-key-critical", certificate_invalid, true},
    {"subject-key-missing", certificate_invalid, true},
    {"basic-constraints-not-critical", certificate_invalid, true},
    {"anchor-no-authority", certificate_invalid, true},
    {"authority-as-leaf", certificate_invalid, true},
    {"leaf-may-sign", certificate_invalid, true},
    {"path-length-misplaced", certificate_invalid, true},
    {"names-criticality", certificate_invalid, true},
    {"names-malformed", certificate_invalid, true},
    {"common-name-apart", certificate_invalid, true},
    {"constraints-not-critical", certificate_invalid, true},
    {"constraints-empty", certificate_invalid, true},
    {"constraints-in-leaf", certificate_invalid, true},
    {"constraint-leading-dot", certificate_invalid, true},
    {"access-critical", certificate_invalid, true},
    {"access-malformed", certificate_invalid, true},
    {"policy-constraints-not-critical", certificate_invalid, true},
    {"policy-constraints-empty", certificate_invalid, true},
    {"purpose-critical", certificate_invalid, true},
    {"purpose-in-root", certificate_invalid, true},
    {"purpose-empty", certificate_invalid, true},
    {"rsa-size-uneven", certificate_weak, true},
    {"rsa-exponent", certificate_weak, true},
    {"curve-uncommon", certificate_weak, true},
}};

}

const FaultEntry& entry_of(Fault fault) { return entries[static_cast<std::size_t>(fault)]; }

}
