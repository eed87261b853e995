// libcurl's multi interface on our loop: its sockets and timers, and the redirects, which are followed by us. What one transfer is made of
// stands in curl_transfer.
#include "probe/net/curl_transfer.hpp"
#include "probe/net/http_date.hpp"
#include "probe/net/mailbox.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>

namespace portolan {

namespace {

class CurlHttp : public Http {
public:
    CurlHttp(asio::io_context& loop, std::shared_ptr<TlsClient> tls, Resolver& resolver, Connector& connector, Clock& clock,
             HostLedger& ledger, RacePolicy policy)
        : loop_(loop), tls_(std::move(tls)), resolver_(resolver), connector_(connector), clock_(clock), ledger_(ledger), policy_(policy),
          timer_(loop)
    {
    }

    ~CurlHttp() override
    {
        closing_ = true;
        for (auto* transfer : std::set(running_)) curl().multi_remove_handle(multi_, transfer->easy);
        if (multi_) curl().multi_cleanup(multi_);
        for (auto& [fd, watch] : watches_) watch->descriptor.release();
    }

    Task<HttpExchange> fetch(HttpRequest request) override
    {
        co_await asio::this_coro::throw_if_cancelled(false);
        HttpExchange exchange;
        if (!load_curl()) {
            exchange.outcome = std::unexpected(Failure{Stage::request, Cause::our_bug, "libcurl.so.4 cannot be loaded"});
            co_return exchange;
        }
        HttpAnswer answer;
        const auto deadline = clock_.now() + request.limit;
        std::set<std::string> seen;
        auto next = request.url;
        for (int hop = 0;; ++hop) {
            const auto url = read_http_url(next);
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
        answer.authenticated =
            std::ranges::all_of(answer.hops, [](const HttpHop& one) { return one.tls && !one.tls->certificate.problem; });
        exchange.outcome = std::move(answer);
        co_return exchange;
    }

private:
    struct Watch {
        Watch(asio::io_context& loop, int fd) : descriptor(loop, fd) {}
        asio::posix::stream_descriptor descriptor;
        bool read = false, write = false, reading = false, writing = false;
    };

    Task<Outcome<void>> one_hop(HttpUrl url, const HttpRequest& request, std::vector<HttpHop>& hops, HttpAnswer& answer)
    {
        if (auto dead = ledger_.known_dead(url.host, url.port)) co_return std::unexpected(*dead);
        auto resolved = co_await resolve_addresses(resolver_, clock_, url.host, ledger_.last_good_v6());
        if (policy_.refuse_private && !resolved.list.empty()) {
            const auto first = resolved.list.front();
            std::erase_if(resolved.list, is_private_or_reserved);
            if (resolved.list.empty()) co_return std::unexpected(Failure{Stage::connect, Cause::private_address, first.to_string()});
        }
        if (resolved.list.empty())
            co_return std::unexpected(Failure{Stage::resolve,
                                              resolved.status == DnsStatus::no_such_name ? Cause::no_such_name
                                              : resolved.status == DnsStatus::timed_out  ? Cause::timed_out
                                                                                         : Cause::no_address,
                                              {}});
        ledger_.order_families(resolved.list);
        // Whoever goes to find out whether IPv6 works here may open a second connection, to IPv4: it counts among those of the run.
        if (!ledger_.last_good_v6() && resolved.list.front().is_v6() && resolved.list.back().is_v4()) ledger_.may_contact(HostLedger::Contact::mail);
        const bool hidden = std::ranges::all_of(resolved.list, is_private_or_reserved);
        // A page of the open network that sends us to the router or to this computer is an attack, or a mistake that looks like one.
        if (hidden && !hops.empty() && !hops.front().private_address)
            co_return std::unexpected(Failure{Stage::connect, Cause::private_address, resolved.list.front().to_string()});
        auto transfer = std::make_shared<CurlTransfer>();
        if (!start() || !set_up(*transfer, url, request, resolved.list, {*tls_, connector_, policy_}))
            co_return std::unexpected(Failure{Stage::request, Cause::our_bug, {}});
        hops.push_back({url.text, 0, std::nullopt, hidden ? std::optional(resolved.list.front()) : std::nullopt});
        const auto code = co_await perform(transfer);
        long status = 0;
        curl().easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
        hops.back().status = static_cast<int>(status);
        hops.back().tls = transfer->facts;
        if (!code) co_return std::unexpected(Failure{Stage::request, Cause::cancelled, {}});
        if (*code != CURLE_OK) {
            const auto failure = failure_of(*code, *transfer);
            if (failure.stage == Stage::connect) ledger_.dead(url.host, url.port, failure);
            co_return std::unexpected(failure);
        }
        char* text = nullptr;
        curl().easy_getinfo(transfer->easy, CURLINFO_PRIMARY_IP, &text);
        boost::system::error_code unreadable;
        // Through a proxy this is the proxy's address, which says nothing of the host's families.
        const auto peer = asio::ip::make_address(text ? text : "", unreadable);
        if (!unreadable && std::ranges::find(resolved.list, peer) != resolved.list.end()) ledger_.family_worked(peer.is_v6());
        text = nullptr;
        answer.status = static_cast<int>(status);
        answer.body = std::move(transfer->body);
        answer.headers = std::move(transfer->headers);
        for (const auto& [name, value] : answer.headers)
            if (name == "date")
                if (const auto date = read_http_date(value)) ledger_.told_time(*date);
        curl().easy_getinfo(transfer->easy, CURLINFO_CONTENT_TYPE, &text);
        answer.content_type = text ? text : "";
        text = nullptr;
        curl().easy_getinfo(transfer->easy, CURLINFO_REDIRECT_URL, &text);
        answer.location = text ? text : "";
        co_return Outcome<void>{};
    }

    bool start()
    {
        if (multi_) return true;
        multi_ = curl().multi_init();
        if (!multi_) return false;
        curl().multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &CurlHttp::socket_changed);
        curl().multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
        curl().multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &CurlHttp::timer_changed);
        curl().multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
        return true;
    }

    /// nothing: cancelled, and curl has let go of the transfer.
    Task<std::optional<CURLcode>> perform(std::shared_ptr<CurlTransfer> transfer)
    {
        Mailbox<CURLcode> mail(co_await asio::this_coro::executor);
        co_await asio::this_coro::throw_if_cancelled(false);
        transfer->done = [&mail](CURLcode code) { mail.post(code); };
        running_.insert(transfer.get());
        curl().multi_add_handle(multi_, transfer->easy);
        auto code = co_await mail.next();
        transfer->done = {};
        running_.erase(transfer.get());
        curl().multi_remove_handle(multi_, transfer->easy);
        co_return code;
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
        curl().multi_socket_action(multi_, fd, event, &running);
        int left = 0;
        while (const CURLMsg* message = curl().multi_info_read(multi_, &left)) {
            if (message->msg != CURLMSG_DONE) continue;
            CurlTransfer* transfer = nullptr;
            curl().easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
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
    std::set<CurlTransfer*> running_;
    std::shared_ptr<int> alive_ = std::make_shared<int>();
    bool closing_ = false;
};

}

std::unique_ptr<Http> make_curl_http(asio::io_context& loop, std::shared_ptr<TlsClient> tls, Resolver& resolver, Connector& connector,
                                     Clock& clock, HostLedger& ledger, RacePolicy policy)
{
    return std::make_unique<CurlHttp>(loop, std::move(tls), resolver, connector, clock, ledger, policy);
}

}
