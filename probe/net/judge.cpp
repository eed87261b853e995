#include "probe/net/judge.hpp"

#include "probe/net/judge_path.hpp"
#include "probe/net/judge_products.hpp"
#include "probe/net/judge_profile.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <array>

namespace portolan {

namespace {

using enum VerdictCode;

constexpr std::size_t most_presented = 30, most_names_shown = 2000;
constexpr std::time_t day = 24 * 3600;

std::string hex_of(const unsigned char* bytes, std::size_t size)
{
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    for (std::size_t i = 0; i < size; ++i) {
        text += digits[bytes[i] >> 4];
        text += digits[bytes[i] & 15];
    }
    return text;
}

std::string spki_digest(X509* certificate)
{
    unsigned char* der = nullptr;
    const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
    if (size <= 0) return {};
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    EVP_Digest(der, static_cast<std::size_t>(size), digest, &length, EVP_sha256(), nullptr);
    OPENSSL_free(der);
    return hex_of(digest, length);
}

std::string pem_text(X509* certificate)
{
    BIO* out = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(out, certificate);
    char* data = nullptr;
    const long size = BIO_get_mem_data(out, &data);
    std::string text(data, static_cast<std::size_t>(size));
    BIO_free(out);
    return text;
}

std::string literal_of(const std::string& octets)
{
    if (octets.size() == 4) {
        asio::ip::address_v4::bytes_type bytes;
        std::ranges::copy(octets, bytes.begin());
        return asio::ip::address_v4(bytes).to_string();
    }
    if (octets.size() != 16) return {};
    asio::ip::address_v6::bytes_type bytes;
    std::ranges::copy(octets, bytes.begin());
    return asio::ip::address_v6(bytes).to_string();
}

void describe(CertificateFacts& facts, const View& leaf, const std::vector<X509*>& chain)
{
    facts.subject = name_text(X509_get_subject_name(leaf.certificate));
    facts.issuer = name_text(X509_get_issuer_name(leaf.certificate));
    for (const auto& name : leaf.names.dns)
        if (facts.names.size() < most_names_shown) facts.names.push_back(name);
    for (const auto& octets : leaf.names.addresses)
        if (auto literal = literal_of(octets); !literal.empty() && facts.names.size() < most_names_shown) facts.names.push_back(std::move(literal));
    facts.not_before = time_text(leaf.not_before);
    facts.not_after = time_text(leaf.not_after);
    facts.spki_sha256 = spki_digest(leaf.certificate);
    facts.key = key_text(leaf.certificate);
    for (std::size_t i = 0; i < chain.size() && i < most_presented; ++i) facts.chain.push_back(pem_text(chain[i]));
}

/// Gravest first: what makes the rest pointless stands before what a person could overlook.
int gravity(VerdictCode code)
{
    static constexpr std::array order{certificate_revoked,       certificate_invalid,          certificate_self_signed, certificate_untrusted_issuer,
                                      certificate_incomplete_chain, certificate_expired,       certificate_not_yet_valid, certificate_name_mismatch,
                                      certificate_purpose,       certificate_weak,             certificate_expires_soon};
    return static_cast<int>(std::ranges::find(order, code) - order.begin());
}

/// What a fault counts as. A leaf that comes alone and was not made by itself has an issuer that its server does not show.
VerdictCode code_of(const Found& found)
{
    if (found.fault == Fault::no_issuer && found.link == 0) return certificate_incomplete_chain;
    return entry_of(found.fault).code;
}

void note_order(CertificateFacts& facts, const Path& path, const std::vector<X509*>& chain)
{
    const auto place_in_path = [&](X509* one) {
        const auto at = std::ranges::find_if(path.links, [&](const View* link) { return X509_cmp(link->certificate, one) == 0; });
        return at == path.links.end() ? -1 : static_cast<int>(at - path.links.begin());
    };
    bool reversed = false, superfluous = false, root = false;
    int last = 0;
    for (std::size_t i = 1; i < chain.size(); ++i) {
        const int place = place_in_path(chain[i]);
        const bool issued_itself = X509_NAME_cmp(X509_get_subject_name(chain[i]), X509_get_issuer_name(chain[i])) == 0;
        if (issued_itself) root = true;
        else if (place <= 0) superfluous = true;
        if (place > 0 && place < last) reversed = true;
        last = std::max(last, place);
    }
    if (reversed) facts.notes.push_back(ChainNote::reversed);
    if (superfluous) facts.notes.push_back(ChainNote::superfluous);
    if (root) facts.notes.push_back(ChainNote::root_sent);
}

std::string shown_name(const View& view)
{
    const auto name = common_name(X509_get_subject_name(view.certificate));
    return name.empty() ? name_text(X509_get_subject_name(view.certificate)) : name;
}

/// Which link it is, where the code alone leaves that open.
std::string quoted_link(const CertificateFacts& facts, const Path& path)
{
    for (const auto& found : path.faults) {
        const auto& entry = entry_of(found.fault);
        if (entry.profile || code_of(found) != facts.problem) continue;
        const View& link = *path.links[found.link];
        if (found.fault == Fault::digest_weak) return shown_name(link) + ": " + digest_text(link.certificate);
        if (facts.problem == certificate_weak) return shown_name(link) + ": " + key_text(link.certificate);
        if (facts.problem == certificate_invalid) return shown_name(link) + ": " + std::string(entry.slug);
    }
    return {};
}

/// No program is younger than the day it was built.
std::time_t built_at() { return PORTOLAN_BUILT; }

/// Another date that cannot be wrong in the same way: the program's own, an anchor's on this computer, or an OCSP answer's.
std::optional<std::time_t> better_date(const Question& question, const Path& path)
{
    const auto now = std::chrono::system_clock::to_time_t(question.now);
    const auto fits = [&](std::time_t when) {
        return std::ranges::all_of(path.links, [&](const View* link) { return link->not_before <= when && when <= link->not_after; });
    };
    if (path.staple_time != 0 && std::abs(path.staple_time - now) > 30 * day && fits(path.staple_time)) return path.staple_time;
    if (now + day < built_at()) return built_at();
    if (path.anchored && now + day < path.links.back()->not_before) return path.links.back()->not_before;
    return std::nullopt;
}

/// Whose doing the problem is, where it is not the server's.
void explain(CertificateFacts& facts, const Question& question, const Anchors& anchors, const Path& path, std::set<VerdictCode>& codes)
{
    const bool unknown = codes.contains(certificate_untrusted_issuer) || codes.contains(certificate_incomplete_chain) ||
                         codes.contains(certificate_self_signed);
    const auto interceptor = interceptor_of(question.chain);
    if (unknown && (interceptor || (!anchors.any && !codes.contains(certificate_self_signed)))) {
        if (codes.erase(certificate_incomplete_chain) != 0) codes.insert(certificate_untrusted_issuer);
        facts.detail = interceptor ? Detail::interception : Detail::no_anchors;
        facts.said = interceptor.value_or("");
        return;
    }
    if (!codes.contains(certificate_expired) && !codes.contains(certificate_not_yet_valid)) return;
    if (const auto date = better_date(question, path)) {
        facts.detail = Detail::clock_wrong;
        facts.said = time_text(*date);
    }
}

bool detail_fits(Detail detail, VerdictCode problem)
{
    if (detail == Detail::clock_wrong) return problem == certificate_expired || problem == certificate_not_yet_valid;
    return problem == certificate_untrusted_issuer || problem == certificate_self_signed;
}

bool is_public(const Anchors& anchors, const Path& path)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    X509_digest(path.links.back()->certificate, EVP_sha256(), digest, &size);
    return path.anchored && !anchors.own.contains(hex_of(digest, size));
}

/// Apple's rules for servers: 825 days and the purpose named from July 2019 (HT210176), 398 days below preinstalled roots from
/// September 2020 (HT211025).
bool iphone_accepts(const View& leaf, bool public_anchor)
{
    constexpr std::time_t july_2019 = 1561939200, september_2020 = 1598918400;
    const auto days = (leaf.not_after - leaf.not_before + day - 1) / day;
    if (leaf.not_before >= july_2019 && (days > 825 || !leaf.for_servers)) return false;
    return leaf.not_before < september_2020 || !public_anchor || days <= 398;
}

AcceptedBy accepted_by(const CertificateFacts& facts, const Anchors& anchors, const Path& path)
{
    AcceptedBy by;
    const bool good = !facts.problem;
    by.strict = good && path.faults.empty();
    by.thunderbird = good;
    const bool fetchable = facts.problem == certificate_incomplete_chain && !path.links.back()->issuer_addresses.empty() &&
                           std::ranges::all_of(facts.findings, [](VerdictCode code) {
                               return code == certificate_incomplete_chain || code == certificate_expires_soon;
                           });
    by.outlook = good || fetchable;
    by.iphone = good && iphone_accepts(*path.links.front(), is_public(anchors, path));
    return by;
}

}

CertificateFacts judge_chain(const Question& question, const Anchors& anchors)
{
    CertificateFacts facts;
    if (question.chain.empty()) {
        facts.problem = certificate_invalid;
        facts.findings = {certificate_invalid};
        return facts;
    }
    PathSearch search(question, anchors);
    const auto path = search.best();
    const View& leaf = *path.links.front();
    describe(facts, leaf, question.chain);

    std::set<VerdictCode> codes;
    for (const auto& found : path.faults) {
        const auto& entry = entry_of(found.fault);
        if (!entry.profile) codes.insert(code_of(found));
        facts.reasons.push_back(std::string(entry.slug) + " " + std::to_string(found.link));
    }
    explain(facts, question, anchors, path, codes);
    const auto soon = std::chrono::system_clock::to_time_t(question.now) + 14 * day;
    if (!codes.contains(certificate_expired) && leaf.not_after < soon) codes.insert(certificate_expires_soon);
    facts.findings.assign(codes.begin(), codes.end());
    std::ranges::stable_sort(facts.findings, {}, gravity);
    if (!facts.findings.empty() && facts.findings.front() != certificate_expires_soon) facts.problem = facts.findings.front();
    if (facts.detail != Detail::none && (!facts.problem || !detail_fits(facts.detail, *facts.problem))) {
        facts.detail = Detail::none;
        facts.said.clear();
    }
    if (facts.said.empty() && facts.problem) facts.said = quoted_link(facts, path);
    facts.revocation = path.revocation;
    note_order(facts, path, question.chain);
    facts.accepted_by = accepted_by(facts, anchors, path);
    ERR_clear_error();
    return facts;
}

CertificateFacts judge_chain(const std::vector<X509*>& chain, const Hostname& name, X509_STORE* anchors, std::chrono::system_clock::time_point now)
{
    Question question;
    question.chain = chain;
    question.names = {{name.is_ip() ? PeerKind::ip : PeerKind::dns, name.text()}};
    question.now = now;
    return judge_chain(question, {.store = anchors, .any = true, .own = {}});
}

Who turn_of(const CertificateFacts& facts, Who otherwise)
{
    switch (facts.detail) {
    case Detail::clock_wrong: return Who::you;
    case Detail::interception: return Who::this_network;
    case Detail::no_anchors: return Who::portolan;
    default: return otherwise;
    }
}

}
