// The POX way: one POST a step, redirects and new addresses followed by us, so that each hop is judged before the address goes there.
#include "probe/discovery/autodiscover.hpp"

#include "probe/net/mailbox.hpp"

#include <cctype>
#include <random>

namespace portolan {

namespace {

constexpr std::string_view path = "/autodiscover/autodiscover.xml";
constexpr int most_new_addresses = 2;
constexpr std::size_t most_targets = 3;

HttpsUrl place_at(const Hostname& host) { return {"https://" + host.text() + std::string(path), host, 443}; }

/// For the probe's detail: the server's own word and what it means here.
std::string said_error(int code)
{
    const auto meaning = [code]() -> std::string_view {
        switch (code) {
        case 500: return " no-such-mailbox";
        case 501: return " no-settings-for-mailbox";
        case 600: return " endpoint-exists";
        case 601: return " other-schema";
        case 602: return " misconfigured-server";
        case 603: return " internal-error";
        default: return "";
        }
    }();
    return "error-" + std::to_string(code) + std::string(meaning);
}

/// "401 negotiate ntlm basic": an Exchange-like server is there, and these are the ways in that it offers.
std::string said_challenges(const HttpAnswer& answer)
{
    std::string text = std::to_string(answer.status);
    int count = 0;
    for (const auto& [name, value] : answer.headers) {
        if (name != "www-authenticate" || ++count > 6) continue;
        std::string scheme;
        for (const unsigned char c : value.substr(0, value.find_first_of(" ,\t"))) {
            if (std::isalnum(c) == 0 || scheme.size() >= 20) break;
            scheme += static_cast<char>(std::tolower(c));
        }
        if (!scheme.empty()) text += " " + scheme;
    }
    return text;
}

/// One way from a first URL to wherever it leads, one request after the other.
class Walk {
public:
    Walk(SourceInput in, Source source, SourceResult& result, int first_order, bool authenticated)
        : in_(std::move(in)), source_(source), result_(result), order_(first_order), authenticated_(authenticated)
    {
    }

    Task<void> run(HttpsUrl first)
    {
        co_await asio::this_coro::throw_if_cancelled(false);
        todo_.push_back({std::move(first), AutodiscoverSchema::outlook, in_.address});
        while (!todo_.empty() && (co_await asio::this_coro::cancellation_state).cancelled() == asio::cancellation_type::none) {
            const auto step = std::move(todo_.front());
            todo_.pop_front();
            co_await ask(step);
        }
    }

    /// Somebody spoke Autodiscover: settings, an error, a redirect in it, or a 401. A web site's redirect is no such thing.
    bool heard() const { return heard_; }
    bool tried() const { return tried_; }
    bool answered() const { return answered_; }

private:
    struct Step {
        HttpsUrl url;
        AutodiscoverSchema schema;
        EmailAddress address;
    };

    Task<void> ask(const Step& step)
    {
        co_await asio::this_coro::throw_if_cancelled(false);
        const auto shown = autodiscover::shown(step.url);
        const auto key = std::to_string(static_cast<int>(step.schema)) + " " + step.address.text() + " " + step.url.text;
        if (!seen_.insert(key).second) {
            loop(shown);
            co_return;
        }
        if (!is_new(key)) co_return;                                   // the other host led here, or another source of this run
        const auto addresses = co_await resolve_addresses(in_.world.resolver, in_.world.clock, step.url.host);
        if (addresses.list.empty()) {                                  // DNS said no: nothing is contacted
            tried_ = tried_ || !(addresses.status == DnsStatus::no_such_name || addresses.status == DnsStatus::no_data);
            co_return;
        }
        if (!autodiscover::may_ask(in_)) {
            if (seen_.size() > 1) loop(shown);
            co_return;
        }
        tried_ = true;
        DocumentRequest request;
        request.http.url = step.url.text;
        request.http.method = "POST";
        request.http.body = autodiscover_request(step.schema, step.address);
        request.http.content_type = "text/xml; charset=utf-8";         // outlook.com wants exactly this spelling
        request.http.limit = 8s;
        request.http.redirects = 0;
        request.shown = shown;
        request.names_address = true;
        auto asked = co_await ask_document(in_, std::move(request), result_);
        if (!asked) co_return;
        answered_ = true;
        proof_ = in_.world.log.id_of(asked->probe);
        authenticated_ = authenticated_ && asked->answer.authenticated;
        in_.world.log.end(asked->probe, ProbeOutcome::ok, take(step, shown, asked->answer));
    }

    /// What was asked over an authenticated way is not asked again. What SRV alone led to is, once: the answer is worth more then.
    bool is_new(const std::string& key)
    {
        auto& asked = in_.autodiscover->asked;
        return !asked.contains("authenticated " + key) && asked.insert((authenticated_ ? "authenticated " : "") + key).second;
    }

    /// Returns the probe's detail.
    std::string take(const Step& step, const std::string& shown, const HttpAnswer& answer)
    {
        if (answer.status >= 300 && answer.status < 400 && !answer.location.empty()) {
            go_to(step, answer.location, shown);
            return std::to_string(answer.status) + " redirect";
        }
        if (answer.status == 401) {
            ends_here();
            return said_challenges(answer);
        }
        if (answer.status != 200) return std::to_string(answer.status);
        auto document = parse_autodiscover(answer.body, in_.address);
        if (!document) {
            // A page for people, where an answer for programs was asked for, is a "no"; a broken answer is the owner's mistake.
            if (document.error() != "not-xml" && document.error() != "not-autodiscover") {
                ends_here();
                say(result_, VerdictCode::settings_malformed, Severity::warning, shown, proof_, document.error());
            }
            return document.error();
        }
        ends_here();
        if (!document->redirect_url.empty()) {
            go_to(step, document->redirect_url, shown);
            return "redirect-url";
        }
        if (!document->redirect_address.empty()) {
            go_to_address(step, document->redirect_address, shown);
            return "redirect-addr";
        }
        if (document->error == 601 && step.schema == AutodiscoverSchema::outlook)
            todo_.push_front({step.url, AutodiscoverSchema::mobilesync, step.address});
        if (document->error) return said_error(document->error);
        if (document->skipped > 0) say(result_, VerdictCode::settings_malformed, Severity::warning, shown, proof_, document->complaint);
        if (!document->webmail.empty() && !result_.facts) result_.facts = ProviderFacts{.webmail = document->webmail};
        for (auto& service : document->services) add(std::move(service), shown);
        return std::to_string(document->services.size()) + " services";
    }

    void ends_here()
    {
        heard_ = true;
        todo_.clear();
    }

    void add(Service service, const std::string& shown)
    {
        Finding finding;
        finding.source = source_;
        finding.location = shown;
        finding.authenticated = authenticated_;
        finding.order = order_++;
        service.sources = {source_};
        service.trust = service.security == Security::plaintext ? Trust::insecure : authenticated_ ? Trust::authenticated : Trust::confirm;
        finding.service = std::move(service);
        if (in_.tell) in_.tell(finding);
        result_.findings.push_back(std::move(finding));
    }

    void go_to(const Step& step, std::string_view location, const std::string& shown)
    {
        todo_.clear();
        if (auto url = autodiscover::followed(in_, location, shown, proof_, result_))
            todo_.push_back({std::move(*url), step.schema, step.address});
    }

    /// The whole search again in the new address's domain; whoever signs in later is still the person who asked.
    void go_to_address(const Step& step, std::string_view text, const std::string& shown)
    {
        const auto address = parse_email_address(text);
        if (!address) {
            say(result_, VerdictCode::settings_malformed, Severity::warning, shown, proof_, "bad-redirect");
            return;
        }
        if (*address == step.address || ++new_addresses_ > most_new_addresses) {
            loop(shown);
            return;
        }
        for (const auto& name : {"autodiscover." + address->domain().text(), address->domain().text()})
            if (const auto host = parse_hostname(name)) {
                auto url = autodiscover::followed(in_, place_at(*host).text, shown, proof_, result_);
                if (!url) return;
                todo_.push_back({std::move(*url), step.schema, *address});
            }
    }

    void loop(const std::string& shown) { say(result_, VerdictCode::settings_redirect_loop, Severity::warning, shown, proof_); }

    SourceInput in_;
    Source source_;
    SourceResult& result_;
    int order_;
    bool authenticated_;
    std::deque<Step> todo_;
    std::set<std::string> seen_;               ///< on this way: once more is a loop
    std::string proof_;                        ///< the last request that was answered
    int new_addresses_ = 0;
    bool heard_ = false, tried_ = false, answered_ = false;
};

/// http://autodiscover.D: asked without the address, and only its redirect to https means anything.
Task<void> ask_for_redirect(SourceInput in, Hostname host, SourceResult& result)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    const auto addresses = co_await resolve_addresses(in.world.resolver, in.world.clock, host);
    if (addresses.list.empty() || !autodiscover::may_ask(in)) co_return;
    DocumentRequest request;
    request.http.url = request.shown = "http://" + host.text() + std::string(path);
    request.http.limit = 5s;
    request.http.redirects = 0;
    request.http.allow_plain = true;
    request.http.body_cap = 64 * 1024;
    const auto shown = request.shown;
    auto asked = co_await ask_document(in, std::move(request), result);
    if (!asked) co_return;
    const auto& answer = asked->answer;
    const auto target = parse_https_url(answer.location);
    const bool redirect = answer.status >= 300 && answer.status < 400 && target;
    in.world.log.end(asked->probe, ProbeOutcome::ok, std::to_string(answer.status) + (redirect ? " redirect" : " no-redirect"));
    if (!redirect) co_return;
    // The name is there to redirect, as Microsoft tells its customers to set it up: a certificate of its own is not to be expected.
    if (target->host != host)
        std::erase_if(result.verdicts, [https = place_at(host).text](const Verdict& one) {
            return one.target == https && slug(one.code).starts_with("certificate-");
        });
    const auto url = autodiscover::followed(in, answer.location, shown, in.world.log.id_of(asked->probe), result);
    if (!url) co_return;
    Walk walk(in, Source::autodiscover, result, 200, false);
    co_await walk.run(*url);
}

}

Task<SourceResult> ask_autodiscover(SourceInput in)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    SourceResult result{.source = Source::autodiscover};
    const auto& domain = in.address.domain();
    const auto own = parse_hostname("autodiscover." + domain.text());
    if (!own || autodiscover::skipped(in)) {
        result.end = SourceEnd::skipped;
        co_return result;
    }
    // Both say what they say as soon as they say it; the domain itself is often only a web site, so its host's word comes first.
    Walk at_host(in, Source::autodiscover, result, 0, true), at_domain(in, Source::autodiscover, result, 100, true);
    Nursery nursery(co_await asio::this_coro::executor);
    nursery.start(at_host.run(place_at(*own)));
    nursery.start(at_domain.run(place_at(domain)));
    co_await nursery.join();
    const bool stopped = (co_await asio::this_coro::cancellation_state).cancelled() != asio::cancellation_type::none;
    if (!stopped && !at_host.heard() && !at_domain.heard()) co_await ask_for_redirect(in, *own, result);
    result.end = autodiscover::end_of(result, at_host.tried() || at_domain.tried(), at_host.answered() || at_domain.answered());
    co_return result;
}

Task<SourceResult> ask_autodiscover_srv(SourceInput in)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    SourceResult result{.source = Source::autodiscover_srv};
    if (autodiscover::skipped(in)) {
        result.end = SourceEnd::skipped;
        co_return result;
    }
    const auto name = "_autodiscover._tcp." + in.address.domain().text();
    const auto answer = co_await in.world.resolver.ask(name, RecordType::srv);
    std::random_device seed;
    const auto random = [&seed](std::uint32_t most) { return std::uniform_int_distribution<std::uint32_t>(0, most)(seed); };
    bool tried = !answer.found() && !answer.said_no(), answered = false;
    std::size_t asked = 0;
    for (const auto& target : order_srv(answer.srv, random)) {
        const auto host = parse_hostname(target.host);                 // "" (declined, RFC 2782) is no host name either
        if (!host || target.port != 443) continue;
        if (++asked > most_targets || (co_await asio::this_coro::cancellation_state).cancelled() != asio::cancellation_type::none) break;
        const auto& probes = in.world.log.probes();
        const auto proof = std::ranges::find(probes, "SRV " + name, &Probe::target);
        const auto proof_id = proof == probes.end() ? std::string() : proof->id;
        const auto url = autodiscover::followed(in, place_at(*host).text, "SRV " + name, proof_id, result);
        if (!url) continue;
        Walk walk(in, Source::autodiscover_srv, result, static_cast<int>(asked - 1) * 100, false);
        co_await walk.run(*url);
        tried = tried || walk.tried();
        answered = answered || walk.answered();
        if (walk.heard()) break;
    }
    result.end = autodiscover::end_of(result, tried, answered);
    co_return result;
}

}
