// libcurl's multi interface on our loop, confined to this file. Addresses come pinned from our resolver, certificates go to our judge,
// redirects are followed by us, bodies are capped by us.
#include "probe/net/http.hpp"

#include "probe/net/mailbox.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>

#include <cctype>
#include <cerrno>
#include <curl/curl.h>
#include <openssl/ssl.h>

namespace portolan {

namespace {

struct Url {
    bool https = false;
    Hostname host;
    Port port = 0;
    std::string text;
};

std::optional<Url> read_url(const std::string& text)
{
    if (text.size() > 4096 || std::ranges::any_of(text, [](unsigned char c) { return c <= ' ' || c == 0x7f; })) return std::nullopt;
    // curl takes one slash or three for two, and the first label of the path for a host.
    const auto slashes = text.find("://");
    if (slashes == std::string::npos || text.find('/', slashes + 3) == slashes + 3) return std::nullopt;
    CURLU* parsed = curl_url();
    Url url;
    std::optional<Url> result;
    char *scheme = nullptr, *host = nullptr, *port = nullptr, *user = nullptr;
    if (curl_url_set(parsed, CURLUPART_URL, text.c_str(), CURLU_DISALLOW_USER) == CURLUE_OK && curl_url_get(parsed, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
        curl_url_get(parsed, CURLUPART_HOST, &host, 0) == CURLUE_OK && curl_url_get(parsed, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK) {
        const auto name = parse_hostname(host);
        const std::string_view kind(scheme);
        if (name && (kind == "https" || kind == "http")) {
            url.https = kind == "https";
            url.host = *name;
            url.port = static_cast<Port>(std::atoi(port));
            url.text = text;
            result = std::move(url);
        }
    }
    curl_free(scheme);
    curl_free(host);
    curl_free(port);
    curl_free(user);
    curl_url_cleanup(parsed);
    return result;
}

/// One transfer: what curl's callbacks fill in.
struct Transfer {
    CURL* easy = nullptr;
    TlsClient* tls = nullptr;
    Connector* connector = nullptr;
    Hostname host;
    std::size_t body_cap = 0;
    std::string body, location, content_type;
    std::vector<std::pair<std::string, std::string>> headers;
    std::size_t header_bytes = 0;
    std::optional<TlsFacts> facts;
    bool too_much = false, untrusted = false;
    char error[CURL_ERROR_SIZE] = {};
    std::function<void(CURLcode)> done;
    curl_slist *pins = nullptr, *header_lines = nullptr;

    ~Transfer()
    {
        if (easy) curl_easy_cleanup(easy);
        curl_slist_free_all(pins);
        curl_slist_free_all(header_lines);
    }
};

/// The judge, as curl's own verification: a chain it refuses ends the handshake before a byte of the request is sent.
int judge_certificate(X509_STORE_CTX* context, void* argument)
{
    auto* transfer = static_cast<Transfer*>(argument);
    std::vector<X509*> chain;
    if (X509* leaf = X509_STORE_CTX_get0_cert(context)) chain.push_back(leaf);
    if (const STACK_OF(X509)* others = X509_STORE_CTX_get0_untrusted(context))
        for (int i = 0; i < sk_X509_num(others) && i < 30; ++i)
            if (X509* one = sk_X509_value(others, i); chain.empty() || X509_cmp(one, chain.front()) != 0) chain.push_back(one);
    TlsFacts facts;
    facts.certificate = transfer->tls->judge(chain, transfer->host);
    transfer->untrusted = facts.certificate.problem.has_value();
    transfer->facts = std::move(facts);
    if (!transfer->untrusted) return 1;
    X509_STORE_CTX_set_error(context, X509_V_ERR_CERT_REJECTED);
    return 0;
}

CURLcode prepare_tls(CURL*, void* context, void* argument)
{
    auto* ctx = static_cast<SSL_CTX*>(context);
    SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION);
    SSL_CTX_set_cert_verify_callback(ctx, judge_certificate, argument);
    return CURLE_OK;
}

curl_socket_t open_socket(void* argument, curlsocktype, curl_sockaddr* address)
{
    const auto* transfer = static_cast<Transfer*>(argument);
    IpEndpoint wanted;
    if (address->addrlen > wanted.capacity()) return CURL_SOCKET_BAD;
    std::memcpy(wanted.data(), &address->addr, address->addrlen);
    wanted.resize(address->addrlen);
    const auto routed = transfer->connector->route(wanted);
    if (routed.size() > sizeof address->addr && routed.size() > address->addrlen) return CURL_SOCKET_BAD;
    address->family = routed.protocol().family();
    address->addrlen = static_cast<unsigned>(routed.size());
    std::memcpy(&address->addr, routed.data(), routed.size());
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

std::size_t take_body(char* data, std::size_t one, std::size_t count, void* argument)
{
    auto* transfer = static_cast<Transfer*>(argument);
    if (transfer->body.size() + one * count > transfer->body_cap) {
        transfer->too_much = true;
        return 0;
    }
    transfer->body.append(data, one * count);
    return one * count;
}

std::size_t take_header(char* data, std::size_t one, std::size_t count, void* argument)
{
    auto* transfer = static_cast<Transfer*>(argument);
    transfer->header_bytes += one * count;
    if (transfer->header_bytes > 64 * 1024) {
        transfer->too_much = true;
        return 0;
    }
    const std::string_view line(data, one * count);
    if (line.starts_with("HTTP/")) transfer->headers.clear();          // an interim answer (100, 103) had headers of its own
    if (const auto colon = line.find(':'); colon != std::string_view::npos && colon > 0) {
        std::string name(line.substr(0, colon)), value(line.substr(colon + 1));
        std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        const auto first = value.find_first_not_of(" \t");
        const auto last = value.find_last_not_of(" \t\r\n");
        transfer->headers.emplace_back(std::move(name), first == std::string::npos || last == std::string::npos || last < first ? std::string() : value.substr(first, last - first + 1));
    }
    return one * count;
}

class CurlHttp : public Http {
public:
    CurlHttp(asio::io_context& loop, std::shared_ptr<TlsClient> tls, Resolver& resolver, Connector& connector, Clock& clock, HostLedger& ledger, RacePolicy policy)
        : loop_(loop), tls_(std::move(tls)), resolver_(resolver), connector_(connector), clock_(clock), ledger_(ledger), policy_(policy), timer_(loop)
    {
    }

    ~CurlHttp() override
    {
        closing_ = true;
        for (auto* transfer : std::set(running_)) curl_multi_remove_handle(multi_, transfer->easy);
        if (multi_) curl_multi_cleanup(multi_);
        for (auto& [fd, watch] : watches_) watch->descriptor.release();
    }

    Task<HttpExchange> fetch(HttpRequest request) override
    {
        co_await asio::this_coro::throw_if_cancelled(false);
        HttpExchange exchange;
        HttpAnswer answer;
        const auto deadline = clock_.now() + request.limit;
        std::set<std::string> seen;
        auto next = request.url;
        for (int hop = 0;; ++hop) {
            const auto url = read_url(next);
            if (!url) {
                exchange.outcome = std::unexpected(Failure{Stage::request, Cause::bad_value, next.substr(0, 200)});
                co_return exchange;
            }
            if ((!url->https && !request.allow_plain) || !seen.insert(next).second) {
                exchange.outcome = std::unexpected(Failure{Stage::request, Cause::rejected, next.substr(0, 200)});
                co_return exchange;
            }
            auto outcome = co_await with_deadline(clock_, deadline, Stage::request, one_hop(*url, request, exchange.hops, answer));
            if (!outcome) {
                exchange.outcome = std::unexpected(outcome.error());
                co_return exchange;
            }
            const bool redirected = answer.status >= 300 && answer.status < 400 && !answer.location.empty();
            if (!redirected || request.redirects == 0) break;
            if (hop >= request.redirects) {
                exchange.outcome = std::unexpected(Failure{Stage::request, Cause::rejected, answer.location.substr(0, 200)});
                co_return exchange;
            }
            next = answer.location;
        }
        answer.final_url = next;
        answer.hops = exchange.hops;
        answer.authenticated = std::ranges::all_of(answer.hops, [](const HttpHop& one) { return one.tls && !one.tls->certificate.problem; });
        exchange.outcome = std::move(answer);
        co_return exchange;
    }

private:
    struct Watch {
        Watch(asio::io_context& loop, int fd) : descriptor(loop, fd) {}
        asio::posix::stream_descriptor descriptor;
        bool read = false, write = false, reading = false, writing = false;
    };

    Task<Outcome<void>> one_hop(Url url, const HttpRequest& request, std::vector<HttpHop>& hops, HttpAnswer& answer)
    {
        if (auto dead = ledger_.known_dead(url.host, url.port)) co_return std::unexpected(*dead);
        auto resolved = co_await resolve_addresses(resolver_, clock_, url.host, ledger_.last_good_v6());
        if (policy_.refuse_private && !resolved.list.empty()) {
            std::erase_if(resolved.list, is_private_or_reserved);
            if (resolved.list.empty()) co_return std::unexpected(Failure{Stage::connect, Cause::private_address, {}});
        }
        if (resolved.list.empty()) co_return std::unexpected(Failure{Stage::resolve, resolved.status == DnsStatus::no_such_name ? Cause::no_such_name : resolved.status == DnsStatus::timed_out ? Cause::timed_out : Cause::no_address, {}});
        auto transfer = std::make_shared<Transfer>();
        if (!set_up(*transfer, url, request, resolved.list)) co_return std::unexpected(Failure{Stage::request, Cause::our_bug, {}});
        hops.push_back({url.text, 0, std::nullopt});
        const auto code = co_await perform(transfer);
        long status = 0;
        curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
        hops.back().status = static_cast<int>(status);
        hops.back().tls = transfer->facts;
        if (!code) co_return std::unexpected(Failure{Stage::request, Cause::cancelled, {}});
        if (*code != CURLE_OK) {
            const auto failure = failure_of(*code, *transfer);
            if (failure.stage == Stage::connect) ledger_.dead(url.host, url.port, failure);
            co_return std::unexpected(failure);
        }
        char* text = nullptr;
        answer.status = static_cast<int>(status);
        answer.body = std::move(transfer->body);
        answer.headers = std::move(transfer->headers);
        curl_easy_getinfo(transfer->easy, CURLINFO_CONTENT_TYPE, &text);
        answer.content_type = text ? text : "";
        text = nullptr;
        curl_easy_getinfo(transfer->easy, CURLINFO_REDIRECT_URL, &text);
        answer.location = text ? text : "";
        co_return Outcome<void>{};
    }

    bool set_up(Transfer& transfer, const Url& url, const HttpRequest& request, const std::vector<IpAddress>& addresses)
    {
        if (!multi_ && !start()) return false;
        CURL* easy = transfer.easy = curl_easy_init();
        if (!easy) return false;
        transfer.tls = tls_.get();
        transfer.connector = &connector_;
        transfer.host = url.host;
        transfer.body_cap = request.body_cap;
        std::string pin = (url.host.is_ip() && url.host.text().find(':') != std::string::npos ? "[" + url.host.text() + "]" : url.host.text()) + ":" + std::to_string(url.port) + ":";
        for (std::size_t i = 0; i < addresses.size(); ++i) pin += (i ? "," : "") + (addresses[i].is_v6() ? "[" + addresses[i].to_string() + "]" : addresses[i].to_string());
        transfer.pins = curl_slist_append(nullptr, pin.c_str());
        curl_easy_setopt(easy, CURLOPT_URL, url.text.c_str());
        curl_easy_setopt(easy, CURLOPT_RESOLVE, transfer.pins);
        curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);             // a reused connection would not have gone through this request's addresses and judge
        curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
        curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, request.allow_plain ? "https,http" : "https");
        curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
        curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(policy_.connect_limit.count()) * 2);
        curl_easy_setopt(easy, CURLOPT_HAPPY_EYEBALLS_TIMEOUT_MS, static_cast<long>(policy_.stagger.count()));
        curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
        curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
        curl_easy_setopt(easy, CURLOPT_USERAGENT, "Portolan/" PORTOLAN_VERSION);
        curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer.error);
        curl_easy_setopt(easy, CURLOPT_CAINFO, nullptr);
        curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
        curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
        curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);            // the judge compares the name itself, by RFC 9525
        curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, prepare_tls);
        curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, &transfer);
        curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
        curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, &transfer);
        curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
        curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
        curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
        curl_easy_setopt(easy, CURLOPT_HEADERDATA, &transfer);
        curl_easy_setopt(easy, CURLOPT_PRIVATE, &transfer);
        // In the demonstration the way to a host is not the network's: a proxy would not know it.
        const IpEndpoint first(addresses.front(), url.port);
        if (connector_.route(first) != first) curl_easy_setopt(easy, CURLOPT_PROXY, "");
        if (request.method != "GET") {
            curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
            curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
            curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, request.body.c_str());
            if (!request.content_type.empty()) transfer.header_lines = curl_slist_append(transfer.header_lines, ("Content-Type: " + request.content_type).c_str());
        }
        if (std::ranges::none_of(request.headers, [](const std::string& line) { return line.starts_with("Accept:"); }))
            transfer.header_lines = curl_slist_append(transfer.header_lines, "Accept: */*");
        for (const auto& line : request.headers) transfer.header_lines = curl_slist_append(transfer.header_lines, line.c_str());
        curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer.header_lines);
        return true;
    }

    bool start()
    {
        static const CURLcode library = curl_global_init(CURL_GLOBAL_DEFAULT);
        if (library != CURLE_OK) return false;
        multi_ = curl_multi_init();
        curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &CurlHttp::socket_changed);
        curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
        curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &CurlHttp::timer_changed);
        curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
        return multi_ != nullptr;
    }

    /// nothing: cancelled, and curl has let go of the transfer.
    Task<std::optional<CURLcode>> perform(std::shared_ptr<Transfer> transfer)
    {
        Mailbox<CURLcode> mail(co_await asio::this_coro::executor);
        co_await asio::this_coro::throw_if_cancelled(false);
        transfer->done = [&mail](CURLcode code) { mail.post(code); };
        running_.insert(transfer.get());
        curl_multi_add_handle(multi_, transfer->easy);
        auto code = co_await mail.next();
        transfer->done = {};
        running_.erase(transfer.get());
        curl_multi_remove_handle(multi_, transfer->easy);
        co_return code;
    }

    static Failure failure_of(CURLcode code, const Transfer& transfer)
    {
        const std::string words = transfer.error;
        if (transfer.untrusted) return {Stage::tls, Cause::untrusted_certificate, words};
        if (transfer.too_much) return {Stage::request, Cause::too_much, words};
        switch (code) {
        case CURLE_COULDNT_CONNECT: {
            long reason = 0;                                           // curl's words do not say it since 7.85
            curl_easy_getinfo(transfer.easy, CURLINFO_OS_ERRNO, &reason);
            return {Stage::connect, reason == ECONNREFUSED ? Cause::refused : reason == ECONNRESET ? Cause::reset : Cause::unreachable, words};
        }
        case CURLE_OPERATION_TIMEDOUT: {
            double connected = 0;
            curl_easy_getinfo(transfer.easy, CURLINFO_CONNECT_TIME, &connected);
            return {connected > 0 ? Stage::request : Stage::connect, Cause::timed_out, words};
        }
        case CURLE_SSL_CONNECT_ERROR: return {Stage::tls, words.find("wrong version") != std::string::npos ? Cause::tls_not_spoken : Cause::tls_failed, words};
        case CURLE_PEER_FAILED_VERIFICATION: return {Stage::tls, Cause::untrusted_certificate, words};
        case CURLE_RECV_ERROR:
        case CURLE_SEND_ERROR: return {Stage::request, Cause::reset, words};
        case CURLE_GOT_NOTHING: return {Stage::request, Cause::closed, words};
        case CURLE_FILESIZE_EXCEEDED: return {Stage::request, Cause::too_much, words};
        default: return {Stage::request, Cause::broke_protocol, words};
        }
    }

    static int socket_changed(CURL*, curl_socket_t fd, int what, void* argument, void*)
    {
        auto* self = static_cast<CurlHttp*>(argument);
        if (self->closing_) return 0;
        auto found = self->watches_.find(fd);
        if (what == CURL_POLL_REMOVE) {
            if (found != self->watches_.end()) {
                found->second->descriptor.release();                   // curl owns and closes the descriptor
                self->watches_.erase(found);
            }
            return 0;
        }
        if (found == self->watches_.end()) found = self->watches_.emplace(fd, std::make_shared<Watch>(self->loop_, fd)).first;
        found->second->read = what == CURL_POLL_IN || what == CURL_POLL_INOUT;
        found->second->write = what == CURL_POLL_OUT || what == CURL_POLL_INOUT;
        self->watch(fd, found->second);
        return 0;
    }

    void watch(int fd, const std::shared_ptr<Watch>& watch)
    {
        const auto ready = [this, fd, alive = std::weak_ptr(alive_)](const std::shared_ptr<Watch>& seen, int event) {
            if (alive.expired()) return;
            auto found = watches_.find(fd);
            if (found == watches_.end() || found->second != seen) return;
            act(fd, event);
            found = watches_.find(fd);
            if (found != watches_.end() && found->second == seen) this->watch(fd, seen);
        };
        if (watch->read && !watch->reading) {
            watch->reading = true;
            watch->descriptor.async_wait(asio::posix::stream_descriptor::wait_read, [watch, ready](boost::system::error_code error) {
                watch->reading = false;
                if (!error) ready(watch, CURL_CSELECT_IN);
            });
        }
        if (watch->write && !watch->writing) {
            watch->writing = true;
            watch->descriptor.async_wait(asio::posix::stream_descriptor::wait_write, [watch, ready](boost::system::error_code error) {
                watch->writing = false;
                if (!error) ready(watch, CURL_CSELECT_OUT);
            });
        }
    }

    static int timer_changed(CURLM*, long wait_ms, void* argument)
    {
        auto* self = static_cast<CurlHttp*>(argument);
        if (self->closing_) return 0;
        self->timer_.cancel();
        if (wait_ms < 0) return 0;
        self->timer_.expires_after(milliseconds(wait_ms));
        self->timer_.async_wait([self, alive = std::weak_ptr(self->alive_)](boost::system::error_code error) {
            if (!error && !alive.expired()) self->act(CURL_SOCKET_TIMEOUT, 0);
        });
        return 0;
    }

    void act(curl_socket_t fd, int event)
    {
        int running = 0;
        curl_multi_socket_action(multi_, fd, event, &running);
        int left = 0;
        while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
            if (message->msg != CURLMSG_DONE) continue;
            Transfer* transfer = nullptr;
            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
            if (transfer && transfer->done) transfer->done(message->data.result);
        }
    }

    asio::io_context& loop_;
    std::shared_ptr<TlsClient> tls_;
    Resolver& resolver_;
    Connector& connector_;
    Clock& clock_;
    HostLedger& ledger_;
    RacePolicy policy_;
    asio::steady_timer timer_;
    CURLM* multi_ = nullptr;
    std::map<curl_socket_t, std::shared_ptr<Watch>> watches_;
    std::set<Transfer*> running_;
    std::shared_ptr<int> alive_ = std::make_shared<int>();
    bool closing_ = false;
};

}

std::unique_ptr<Http> make_curl_http(asio::io_context& loop, std::shared_ptr<TlsClient> tls, Resolver& resolver, Connector& connector, Clock& clock, HostLedger& ledger, RacePolicy policy)
{
    return std::make_unique<CurlHttp>(loop, std::move(tls), resolver, connector, clock, ledger, policy);
}

}
