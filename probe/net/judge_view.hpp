// One certificate, read once: every extension decoded, every name in the form in which it is compared.
#pragma once

#include "probe/net/judge_fault.hpp"

#include <ctime>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <openssl/x509v3.h>

namespace portolan {

struct PresentedNames {
    bool there = false, critical = false;
    std::vector<std::string> dns;              ///< lower case
    std::vector<std::string> addresses;        ///< raw octets, of whatever size
    std::vector<std::string> emails, uris;
    std::vector<X509_NAME*> directories;       ///< the view's
    std::set<int> others;                      ///< GEN_OTHERNAME, GEN_RID, …
    bool malformed = false;                    ///< a name with NUL, or none at all
};

struct AddressRange {
    std::string address, mask;
};

/// One side of name constraints (RFC 5280 §4.2.1.10).
struct Subtrees {
    std::vector<std::string> dns, emails, uris;
    std::vector<AddressRange> addresses;
    std::vector<X509_NAME*> directories;       ///< the view's
    std::set<int> others;
};

struct Constraints {
    bool critical = false;
    Subtrees permitted, excluded;
};

struct Policies {
    bool there = false, any = false;
    std::set<std::string> named;               ///< object identifiers in DER, without anyPolicy
    std::vector<std::pair<std::string, std::string>> mappings;         ///< the issuer's to the subject's
    std::optional<long> demand_after, mappings_end_after, any_ends_after;
};

class View {
public:
    explicit View(X509* certificate);

    X509* certificate;
    bool self_issued = false;
    bool has_basic_constraints = false, authority = false, basic_constraints_critical = false;
    std::optional<long> path_length;
    bool has_key_usage = false;
    std::uint32_t key_usage = 0;               ///< KU_…
    bool has_purposes = false, purposes_critical = false;
    bool for_servers = false, for_clients = false, for_anything = false, for_ocsp = false, no_purpose = false;
    bool has_subject_key = false, subject_key_critical = false;
    std::string subject_key;
    bool has_authority_key = false, authority_key_critical = false, authority_key_extra = false;
    std::string authority_key;                 ///< empty: no keyIdentifier
    bool access_critical = false, access_malformed = false;
    std::vector<std::string> issuer_addresses; ///< http addresses of the issuer's certificate (caIssuers)
    bool has_policy_constraints = false, policy_constraints_critical = false, policy_constraints_empty = false;
    Policies policies;
    PresentedNames names;
    std::optional<Constraints> constraints;
    std::vector<Fault> faults;                 ///< seen while reading
    std::time_t not_before = 0, not_after = 0;
    bool dates_in_form = true;

    bool verifies_itself() const;              ///< its own key made its signature
    bool signed_by_itself() const { return self_issued && verifies_itself(); }

private:
    void read(X509_EXTENSION* extension);
    void read_names(GENERAL_NAMES* list, bool critical);
    void read_constraints(X509_EXTENSION* extension, bool critical);
    void read_subtrees(STACK_OF(GENERAL_SUBTREE)* from, Subtrees& into);
    void read_access(X509_EXTENSION* extension);
    void read_dates();
    void read_policies(X509_EXTENSION* extension);
    void read_mappings(X509_EXTENSION* extension);
    void add(Fault fault) { faults.push_back(fault); }

    std::shared_ptr<GENERAL_NAMES> names_owner_;
    std::shared_ptr<NAME_CONSTRAINTS> constraints_owner_;
    mutable std::optional<bool> verifies_itself_;
};

std::string text_of(const ASN1_STRING* text);
std::string name_text(const X509_NAME* name);  ///< RFC 2253 form
std::string common_name(const X509_NAME* name);///< the last one, in UTF-8; empty: none
std::string time_text(std::time_t moment);     ///< RFC 3339 UTC

}
