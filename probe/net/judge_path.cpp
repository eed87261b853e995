#include "probe/net/judge_path.hpp"

#include "probe/net/judge_constraints.hpp"
#include "probe/net/judge_names.hpp"
#include "probe/net/judge_policies.hpp"
#include "probe/net/judge_profile.hpp"
#include "probe/net/judge_revocation.hpp"

#include <openssl/err.h>

#include <map>

namespace portolan {

namespace {

constexpr std::size_t most_links = 31, most_candidates = 100;
constexpr int most_signatures = 200, most_paths = 64;

bool same_certificate(X509* one, X509* other) { return one == other || X509_cmp(one, other) == 0; }

/// Fewer things that programs mind come first, then fewer that only the rules mind.
std::pair<std::size_t, std::size_t> weight(const Path& path)
{
    std::set<VerdictCode> minded;
    std::size_t profile = 0;
    for (const auto& found : path.faults) {
        const auto& entry = entry_of(found.fault);
        if (entry.profile) ++profile;
        else minded.insert(entry.code);
    }
    return {minded.size() + (path.anchored ? 0 : 100), profile};
}

}

struct PathSearch::Inner {
    const Question& question;
    const Anchors& anchors;
    std::vector<X509*> candidates;             ///< presented, without the leaf and without repetition
    std::map<X509*, std::unique_ptr<View>> views;
    std::vector<std::shared_ptr<X509>> held;   ///< what the store handed out
    std::map<std::string, std::vector<X509*>> anchors_by_name;
    std::map<std::pair<X509*, X509*>, bool> verified;
    X509_STORE_CTX* context = X509_STORE_CTX_new();
    int signatures_left = most_signatures, paths_left = most_paths;
    bool ran_out = false, wrong_signature = false;
    ConstraintBudget constraint_budget;
    std::vector<const View*> way;
    std::optional<Path> best;
    std::vector<const View*> longest;          ///< a way that ends nowhere

    Inner(const Question& asked, const Anchors& trusted) : question(asked), anchors(trusted)
    {
        X509_STORE_CTX_init(context, anchors.store, nullptr, nullptr);
        for (std::size_t i = 1; i < question.chain.size() && candidates.size() < most_candidates; ++i) {
            X509* one = question.chain[i];
            const bool known = same_certificate(one, question.chain.front()) ||
                               std::ranges::any_of(candidates, [&](X509* other) { return same_certificate(one, other); });
            if (!known) candidates.push_back(one);
        }
    }
    ~Inner() { X509_STORE_CTX_free(context); }

    const View& view_of(X509* certificate)
    {
        auto& view = views[certificate];
        if (!view) view = std::make_unique<View>(certificate);
        return *view;
    }

    /// Anchors of this name, from the store's files and folders.
    const std::vector<X509*>& anchors_named(const X509_NAME* name)
    {
        unsigned char* der = nullptr;
        const int size = i2d_X509_NAME(name, &der);
        std::string key(reinterpret_cast<char*>(der), size > 0 ? static_cast<std::size_t>(size) : 0);
        OPENSSL_free(der);
        const auto [at, fresh] = anchors_by_name.try_emplace(std::move(key));
        if (!fresh) return at->second;
        STACK_OF(X509)* found = X509_STORE_CTX_get1_certs(context, name);
        ERR_clear_error();
        for (int i = 0; found && i < sk_X509_num(found) && i < 100; ++i) {
            X509* one = sk_X509_value(found, i);
            X509_up_ref(one);
            held.emplace_back(one, X509_free);
            at->second.push_back(one);
        }
        sk_X509_pop_free(found, X509_free);
        return at->second;
    }

    bool is_anchor(X509* certificate)
    {
        return std::ranges::any_of(anchors_named(X509_get_subject_name(certificate)), [&](X509* one) { return same_certificate(one, certificate); });
    }

    bool signed_by(const View& child, const View& issuer)
    {
        const auto [at, fresh] = verified.try_emplace({child.certificate, issuer.certificate}, false);
        if (!fresh) return at->second;
        if (--signatures_left < 0) {
            ran_out = true;
            return false;
        }
        EVP_PKEY* key = X509_get0_pubkey(issuer.certificate);
        at->second = key && X509_verify(child.certificate, key) == 1;
        ERR_clear_error();
        const bool same_key = !child.authority_key.empty() && child.authority_key == issuer.subject_key;
        if (!at->second && same_key) wrong_signature = true;
        return at->second;
    }

    static bool key_differs(const View& child, const View& issuer)
    {
        return !child.authority_key.empty() && issuer.has_subject_key && child.authority_key != issuer.subject_key;
    }

    /// Anchors before presented certificates, fitting key identifiers before others.
    std::vector<X509*> issuers_of(const View& child)
    {
        const X509_NAME* name = X509_get_issuer_name(child.certificate);
        std::vector<X509*> found = anchors_named(name);
        for (X509* one : candidates)
            if (X509_NAME_cmp(X509_get_subject_name(one), name) == 0 &&
                std::ranges::none_of(found, [&](X509* other) { return same_certificate(one, other); }))
                found.push_back(one);
        std::ranges::stable_partition(found, [&](X509* one) { return !key_differs(child, view_of(one)); });
        return found;
    }

    /// true: a way without any fault was found, or the bounds are reached.
    bool walk()
    {
        const View& top = *way.back();
        if (is_anchor(top.certificate) && judged(true)) return true;
        bool went_on = false;
        if (way.size() < most_links)
            for (X509* issuer : issuers_of(top)) {
                const View& view = view_of(issuer);
                if (std::ranges::any_of(way, [&](const View* link) { return same_certificate(link->certificate, issuer); })) continue;
                if (!signed_by(top, view)) {
                    if (ran_out) return true;
                    continue;
                }
                went_on = true;
                way.push_back(&view);
                const bool done = walk();
                way.pop_back();
                if (done) return true;
            }
        if (!went_on && way.size() > longest.size()) longest = way;
        return false;
    }

    bool judged(bool anchored)
    {
        Path path;
        path.links = way;
        path.anchored = anchored;
        judge(path);
        const auto how = weight(path);
        if (!best || how < weight(*best)) best = std::move(path);
        if (how == std::pair<std::size_t, std::size_t>{}) return true;
        if (--paths_left > 0) return false;
        ran_out = true;
        return true;
    }

    void judge(Path& path)
    {
        const auto& links = path.links;
        const auto add = [&](Fault fault, std::size_t link) {
            const Found one{fault, link};
            if (std::ranges::find(path.faults, one) == path.faults.end()) path.faults.push_back(one);
        };
        for (std::size_t i = 0; i < links.size(); ++i) {
            const bool last = path.anchored && i + 1 == links.size();
            const auto place = i == 0 ? Place::leaf : last ? Place::anchor : Place::between;
            for (const auto fault : profile_faults(*links[i], place, question)) add(fault, i);
            if (i + 1 < links.size() && key_differs(*links[i], *links[i + 1])) add(Fault::authority_key_differs, i);
        }
        check_lengths(links, add);
        check_constraints(links, add);
        if (!policies_hold(links)) add(Fault::policy_demanded, 0);
        check_revocation(path, add);
        for (const auto& name : question.names)
            if (!holds_name(*links.front(), name)) add(Fault::name_mismatch, 0);
    }

    /// RFC 5280 §6.1.4 k to m: intermediates that issued themselves do not count.
    void check_lengths(const std::vector<const View*>& links, const auto& add) const
    {
        int between = 0;                       // below the link looked at, without the leaf
        for (std::size_t i = 1; i < links.size(); ++i) {
            if (links[i]->path_length && between > *links[i]->path_length) add(Fault::path_too_long, i);
            const bool anchor = i + 1 == links.size();
            if (!links[i]->self_issued && !anchor) ++between;
        }
        if (question.max_depth && between > *question.max_depth) add(Fault::chain_too_deep, 0);
    }

    void check_constraints(const std::vector<const View*>& links, const auto& add)
    {
        for (std::size_t above = links.size() - 1; above > 0; --above) {
            if (!links[above]->constraints) continue;
            for (std::size_t below = 0; below < above; ++below) {
                if (below > 0 && links[below]->self_issued) continue;
                if (const auto fault = breach(*links[above]->constraints, *links[below], constraint_budget)) {
                    add(*fault, below);
                    if (*fault == Fault::constraints_too_many) return;
                }
            }
        }
    }

    void check_revocation(Path& path, const auto& add) const
    {
        const auto& links = path.links;
        for (std::size_t i = 0; i + 1 < links.size(); ++i) {
            const auto answer = ask_lists(*links[i], *links[i + 1], question);
            if (answer == ListAnswer::listed) add(Fault::revoked, i);
            if (answer == ListAnswer::unusable) add(Fault::revocation_unknown, i);
            if (i == 0 && answer == ListAnswer::not_listed) path.revocation = Revocation::good;
            if (i == 0 && answer == ListAnswer::listed) path.revocation = Revocation::revoked;
        }
        if (links.size() < 2) return;
        const auto stapled = ask_staple(*links[0], *links[1], question);
        path.staple_time = stapled.this_update;
        if (stapled.status == Revocation::revoked) add(Fault::revoked, 0);
        if (path.revocation == Revocation::not_checked || stapled.status == Revocation::revoked) path.revocation = stapled.status;
    }

    void end_nowhere()
    {
        way = longest.empty() ? way : longest;
        best.reset();
        judged(false);
        const auto top = way.size() - 1;
        auto& faults = best->faults;
        const bool itself = way.back()->signed_by_itself();
        if (ran_out) faults.push_back({Fault::too_complex, top});
        if (wrong_signature) faults.push_back({Fault::signature_wrong, 0});
        faults.push_back({itself ? top == 0 ? Fault::self_signed : Fault::untrusted_root : Fault::no_issuer, top});
    }
};

PathSearch::PathSearch(const Question& question, const Anchors& anchors) : inner_(std::make_unique<Inner>(question, anchors)) {}
PathSearch::~PathSearch() = default;

Path PathSearch::best()
{
    auto& search = *inner_;
    search.way = {&search.view_of(search.question.chain.front())};
    search.walk();
    if (!search.best) {
        search.way = {&search.view_of(search.question.chain.front())};
        search.end_nowhere();
    }
    return *search.best;
}

}
