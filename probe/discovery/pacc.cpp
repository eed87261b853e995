#include "probe/discovery/pacc.hpp"

#include "probe/dialog/sasl.hpp"
#include "probe/discovery/document.hpp"
#include "probe/net/mailbox.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

namespace portolan {

namespace {

constexpr std::size_t largest = 64 * 1024, most_shown = 3;

std::string sha256_of(std::string_view body)
{
    std::string digest(32, '\0');
    unsigned size = 0;
    EVP_Digest(body.data(), body.size(), reinterpret_cast<unsigned char*>(digest.data()), &size, EVP_sha256(), nullptr);
    return digest;
}

/// What the domain's DNS says about the document.
struct Published {
    std::vector<std::string> digests;
    bool unreadable = false; ///< a record is there, and makes no sense

    bool meant() const { return unreadable || !digests.empty(); }
    /// Several records stand side by side while the document changes: one that matches is enough.
    bool matches(const std::string& digest) const
    {
        bool any = false;
        for (const auto& one : digests) any = CRYPTO_memcmp(one.data(), digest.data(), digest.size()) == 0 || any;
        return any;
    }
    std::string shown() const
    {
        std::string text;
        for (std::size_t i = 0; i < std::min(digests.size(), most_shown); ++i) text += (i ? ", " : "") + base64(digests[i]);
        return text.empty() ? "unreadable" : text;
    }
};

Published read_records(const std::vector<std::string>& records)
{
    Published published;
    for (const auto& text : records) {
        auto record = read_pacc_record(text);
        if (record.kind == PaccRecord::Kind::digest) published.digests.push_back(std::move(record.sha256));
        published.unreadable = published.unreadable || record.kind == PaccRecord::Kind::unreadable;
    }
    return published;
}

void take_document(PaccDocument document, const std::string& url, bool authenticated, SourceResult& result)
{
    for (auto& service : document.services) {
        Finding finding;
        finding.source = Source::pacc;
        finding.location = url;
        finding.authenticated = authenticated;
        finding.order = static_cast<int>(result.findings.size());
        service.sources = {Source::pacc};
        service.trust = authenticated ? Trust::authenticated : Trust::confirm;
        finding.service = std::move(service);
        result.findings.push_back(std::move(finding));
    }
    // Where a person types a password in a browser is not taken from a document that nothing vouches for.
    if (!authenticated) document.facts.oauth2.reset();
    result.facts = std::move(document.facts);
}

std::string listed(const std::vector<std::string>& names)
{
    std::string text;
    for (const auto& name : names) text += (text.empty() ? "left out: " : " ") + name;
    return text;
}

void judge_document(SourceInput in, Document asked, const Published& published, const std::string& url, SourceResult& result)
{
    auto& log = in.world.log;
    const auto& answer = asked.answer;
    const auto& proof = log.id_of(asked.probe);
    if (answer.status != 200) {
        log.end(asked.probe, ProbeOutcome::ok, std::to_string(answer.status));
        if (published.meant()) say(result, VerdictCode::settings_malformed, Severity::notice, url, proof, "status " + std::to_string(answer.status) + ", and a hash is published");
        return;
    }
    const auto digest = sha256_of(answer.body);
    const bool matched = published.matches(digest);
    if (published.meant() && !matched) {
        // One changed byte is enough, and a web server that compacts JSON changes some. Nothing of it is read.
        log.end(asked.probe, ProbeOutcome::ok, "digest-mismatch");
        return say(result, VerdictCode::settings_malformed, Severity::warning, url, proof,
                   "body hash " + base64(digest) + ", published hash " + published.shown());
    }
    auto document = parse_pacc(answer.body, in.address);
    const auto left_out = document ? listed(document->left_out) : std::string();
    // Without a hash in the DNS it may be anything that the web server has for every name; what began as this document was meant as one.
    const bool meant = matched || answer.body.find("\"protocols\"") != std::string::npos;
    auto detail = std::string(matched ? "" : "digest-missing, ") +
                  (document ? std::to_string(document->services.size()) + " services" : document.error());
    if (!left_out.empty()) detail += ", " + left_out;
    log.end(asked.probe, ProbeOutcome::ok, std::move(detail));
    if (meant && (!document || (document->services.empty() && !left_out.empty())))
        say(result, VerdictCode::settings_malformed, Severity::warning, url, proof, document ? left_out : document.error());
    if (!document) return;
    take_document(std::move(*document), url, matched && answer.authenticated, result);
}

} // namespace

Task<SourceResult> ask_pacc(SourceInput in)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    SourceResult result{.source = Source::pacc};
    const auto& domain = in.address.domain().text();
    const auto host = parse_hostname("ua-auto-config." + domain);
    if (!host) {
        result.end = SourceEnd::skipped;
        co_return result;
    }
    DnsAnswer records;
    Nursery nursery(co_await asio::this_coro::executor);
    const auto ask = [](Resolver& resolver, std::string name, DnsAnswer& slot) -> Task<void> {
        slot = co_await resolver.ask(std::move(name), RecordType::txt);
    };
    nursery.start(ask(in.world.resolver, "_ua-auto-config." + domain, records));
    const auto addresses = co_await resolve_rare_name(in.world.resolver, in.world.clock, *host);
    if (addresses.list.empty()) { // DNS said no: nothing is contacted
        const bool said_no = addresses.status == DnsStatus::no_such_name || addresses.status == DnsStatus::no_data;
        if (!said_no) nursery.cancel();
        co_await nursery.join();
        result.end = said_no ? SourceEnd::nothing : SourceEnd::failed;
        if (said_no && read_records(records.txt).meant()) say(result, VerdictCode::settings_point_nowhere, Severity::notice, host->text(), {});
        co_return result;
    }
    DocumentRequest request;
    request.shown = request.http.url = "https://" + host->text() + "/.well-known/user-agent-configuration.json";
    request.http.headers = {"Accept: application/json"};
    request.http.limit = 8s;
    request.http.body_cap = largest;
    const auto url = request.shown;
    SourceResult exchange;
    auto asked = co_await ask_document(in, std::move(request), exchange);
    co_await nursery.join();
    const auto published = read_records(records.txt);
    if (asked) judge_document(in, std::move(*asked), published, url, result);
    // A wildcard leads this name to some web server as well. Only where a hash is published has anybody said that there is a document.
    else if (published.meant()) result.verdicts = std::move(exchange.verdicts);
    result.end = !result.findings.empty() ? SourceEnd::found : asked ? SourceEnd::nothing : SourceEnd::failed;
    co_return result;
}

} // namespace portolan
