// c-ares on the loop. It sends and receives; the answers are read by us (dns_answer.hpp).
#include "probe/net/dns_answer.hpp"
#include "probe/net/dns_traffic.hpp"
#include "probe/net/mailbox.hpp"

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <ares.h>
#include <cctype>
#include <sys/uio.h>
#include <unistd.h>

namespace portolan {

namespace {

constexpr std::size_t most_in_flight = 64;

class CaresResolver : public Resolver {
public:
    explicit CaresResolver(asio::io_context& loop) : loop_(loop), timer_(loop), slots_(loop, asio::steady_timer::time_point::max()) {}

    bool start(const std::vector<std::string>& servers)
    {
        static const int library = ares_library_init(ARES_LIB_INIT_ALL);
        if (library != ARES_SUCCESS || !open(3)) return false;
        if (servers.empty()) {
            // Several servers have had their turns before a third round would help.
            if (how_many() > 1 && !open(2)) return false;
            return validates_ = all_on_this_computer(), true;
        }
        if (servers.size() > 1 && !open(2)) return false;
        std::string list;
        for (const auto& server : servers) {
            if (!readable(server)) return false;
            // c-ares knows brackets only before a port.
            const bool bare = server.starts_with('[') && server.ends_with(']');
            list += (list.empty() ? "" : ",") + (bare ? server.substr(1, server.size() - 2) : server);
        }
        const bool taken = ares_set_servers_ports_csv(channel_, list.c_str()) == ARES_SUCCESS;
        validates_ = taken && all_on_this_computer();
        return taken;
    }

    bool open(int tries)
    {
        if (channel_) ares_destroy(channel_);
        ares_options options{};
        options.flags = ARES_FLAG_NOCHECKRESP | ARES_FLAG_EDNS | ARES_FLAG_NOALIASES;
        options.timeout = 600;                                         // doubled at each further round
        options.tries = tries;
        options.ednspsz = 1232;
        static char lookups[] = "b";
        options.lookups = lookups;
        options.sock_state_cb = &CaresResolver::socket_changed;
        options.sock_state_cb_data = this;
        const int mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_EDNSPSZ | ARES_OPT_LOOKUPS | ARES_OPT_SOCK_STATE_CB;
        if (ares_init_options(&channel_, &options, mask) != ARES_SUCCESS) {
            channel_ = nullptr;
            return false;
        }
        static const ares_socket_functions watched{
            [](int family, int type, int protocol, void*) -> ares_socket_t { return socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol); },
            [](ares_socket_t fd, void*) { return close(fd); },
            [](ares_socket_t fd, const sockaddr* to, ares_socklen_t size, void*) { return connect(fd, to, size); },
            &CaresResolver::receive,
            &CaresResolver::transmit,
        };
        ares_set_socket_functions(channel_, &watched, this);
        return true;
    }

    int how_many() const
    {
        ares_addr_port_node* servers = nullptr;
        if (ares_get_servers_ports(channel_, &servers) != ARES_SUCCESS) return 0;
        int count = 0;
        for (const auto* one = servers; one; one = one->next) ++count;
        ares_free_data(servers);
        return count;
    }

    /// Anybody on the way could have set the AD bit of an answer from elsewhere.
    bool all_on_this_computer() const
    {
        ares_addr_port_node* servers = nullptr;
        if (ares_get_servers_ports(channel_, &servers) != ARES_SUCCESS) return false;
        bool all = servers != nullptr;
        for (const auto* one = servers; one; one = one->next) {
            const bool v4 = one->family == AF_INET && (ntohl(one->addr.addr4.s_addr) >> 24) == 127;
            const bool v6 = one->family == AF_INET6 && std::memcmp(&one->addr.addr6, &in6addr_loopback, sizeof in6addr_loopback) == 0;
            all = all && (v4 || v6);
        }
        ares_free_data(servers);
        return all;
    }

    unsigned lost() const override { return again_ + traffic_.lost(); }

    std::vector<IpAddress> servers() const override
    {
        std::vector<IpAddress> list;
        ares_addr_port_node* first = nullptr;
        if (ares_get_servers_ports(channel_, &first) != ARES_SUCCESS) return list;
        for (const auto* one = first; one; one = one->next) {
            if (one->family == AF_INET) list.push_back(asio::ip::address_v4(ntohl(one->addr.addr4.s_addr)));
            else {
                asio::ip::address_v6::bytes_type octets;
                std::memcpy(octets.data(), &one->addr.addr6, octets.size());
                list.push_back(asio::ip::address_v6(octets));
            }
        }
        ares_free_data(first);
        return list;
    }

    ~CaresResolver() override
    {
        closing_ = true;
        if (channel_) ares_destroy(channel_);
        for (auto& [fd, watch] : watches_) watch->descriptor.release();
    }

    Task<DnsAnswer> ask(std::string name, RecordType type) override
    {
        co_await asio::this_coro::throw_if_cancelled(false);
        while (in_flight_ >= most_in_flight) {
            if (co_await was_cancelled()) co_return DnsAnswer{};
            co_await slots_.async_wait(asio::as_tuple(asio::use_awaitable));
        }
        if (co_await was_cancelled()) co_return DnsAnswer{};
        std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        auto answer = co_await insist(name, type);
        if (answer.status == DnsStatus::servfail && co_await is_bogus(name, type)) answer.detail = Detail::dnssec_bogus;
        if (answer.detail == Detail::none && traffic_.take_forged()) answer.detail = Detail::forged_answers;       // said once
        co_return answer;
    }

private:
    struct Watch {
        explicit Watch(asio::io_context& loop, int fd) : descriptor(loop, fd) {}
        asio::posix::stream_descriptor descriptor;
        bool read = false, write = false, reading = false, writing = false;
    };
    /// One question. The handler may be completed early by a cancellation; c-ares finds it gone later.
    struct Question {
        CaresResolver* owner;
        std::string name;
        RecordType type;
        asio::any_completion_handler<void(DnsAnswer)> handler;
        std::uint16_t id = 0;
        void done(asio::io_context& loop, DnsAnswer answer)
        {
            if (!handler) return;
            asio::any_completion_handler<void(DnsAnswer)> taken;
            taken.swap(handler);
            asio::post(loop, [handler = std::move(taken), answer = std::move(answer)]() mutable { std::move(handler)(std::move(answer)); });
        }
    };

    static bool readable(const std::string& server)
    {
        // "IP", "IP:port", "[v6]" or "[v6]:port"; c-ares itself ignores what it cannot read.
        std::string host = server, port;
        if (server.starts_with('[')) {
            const auto close = server.find(']');
            if (close == std::string::npos) return false;
            host = server.substr(1, close - 1);
            if (close + 1 < server.size()) {
                if (server[close + 1] != ':') return false;
                port = server.substr(close + 2);
                if (port.empty()) return false;
            }
        } else if (std::ranges::count(server, ':') == 1) {
            host = server.substr(0, server.find(':'));
            port = server.substr(server.find(':') + 1);
            if (port.empty()) return false;
        }
        boost::system::error_code error;
        asio::ip::make_address(host, error);
        if (error || port.size() > 5 || !std::ranges::all_of(port, [](unsigned char c) { return std::isdigit(c); })) return false;
        return port.empty() || (std::stoi(port) >= 1 && std::stoi(port) <= 65535);
    }

    /// c-ares drops what nobody asked for without a word; here it is noticed first (RFC 5452 §9). The socket is connected: only the server, or
    /// somebody who writes its address on what he sends, can reach it.
    static ares_ssize_t receive(ares_socket_t fd, void* buffer, std::size_t room, int flags, sockaddr* from, ares_socklen_t* size, void* argument)
    {
        auto* self = static_cast<CaresResolver*>(argument);
        for (;;) {
            const auto got = recvfrom(fd, buffer, room, flags, from, size);
            int kind = 0;
            socklen_t length = sizeof kind;
            if (got <= 0 || getsockopt(fd, SOL_SOCKET, SO_TYPE, &kind, &length) != 0 || kind != SOCK_DGRAM) return got;
            if (self->traffic_.belongs({static_cast<const unsigned char*>(buffer), static_cast<std::size_t>(got)})) return got;
        }
    }

    static ares_ssize_t transmit(ares_socket_t fd, const iovec* parts, int count, void* argument)
    {
        auto* self = static_cast<CaresResolver*>(argument);
        int kind = 0;
        socklen_t length = sizeof kind;
        const bool datagram = getsockopt(fd, SOL_SOCKET, SO_TYPE, &kind, &length) == 0 && kind == SOCK_DGRAM;
        if (datagram && count > 0) self->traffic_.sent({static_cast<const unsigned char*>(parts[0].iov_base), parts[0].iov_len});
        return writev(fd, parts, count);
    }

    /// Where questions or answers are lost, three tries are not many: the same question is asked anew beside the one that waits.
    Task<DnsAnswer> insist(std::string name, RecordType type)
    {
        co_await asio::this_coro::throw_if_cancelled(false);
        constexpr std::size_t most = 3;
        const auto executor = co_await asio::this_coro::executor;
        Mailbox<std::pair<std::size_t, DnsAnswer>> mail(executor);
        Nursery nursery(executor);
        const auto one = [](CaresResolver& self, Mailbox<std::pair<std::size_t, DnsAnswer>>& to, std::string what, RecordType of, std::size_t number) -> Task<void> {
            auto answer = co_await self.send(std::move(what), of, false);
            to.post({number, std::move(answer)});
        };
        const auto bell = [](Mailbox<std::pair<std::size_t, DnsAnswer>>& to, std::size_t number) -> Task<void> {
            asio::steady_timer timer(co_await asio::this_coro::executor, 1200ms);
            const auto [error] = co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
            if (!error) to.post({number, DnsAnswer{.status = DnsStatus::not_asked}});
        };
        std::size_t started = 1, running = 1;
        nursery.start(one(*this, mail, name, type, 0));
        nursery.start(bell(mail, most));
        DnsAnswer result;
        while (running > 0) {
            auto got = co_await mail.next();
            if (!got) {
                result = DnsAnswer{};
                break;
            }
            auto& [number, answer] = *got;
            if (number >= most) {                                      // the bell
                if (lost() > 0) {
                    nursery.start(one(*this, mail, name, type, started));
                    ++started;
                    ++running;
                }
                if (started < most) nursery.start(bell(mail, most));
                continue;
            }
            --running;
            result = std::move(answer);
            if (result.status == DnsStatus::timed_out && result.detail == Detail::none) continue;
            if (number > 0 && (result.found() || result.said_no())) ++again_;
            break;
        }
        nursery.cancel();
        co_await nursery.join();
        co_return result;
    }

    /// Once a domain: is there an answer for somebody who does not check signatures?
    Task<bool> is_bogus(std::string name, RecordType type)
    {
        std::string plain = name;
        while (plain.starts_with('_') && plain.find('.') != std::string::npos) plain.erase(0, plain.find('.') + 1);
        const auto host = parse_hostname(plain);
        const auto domain = host ? registrable_domain(*host) : std::string();
        if (const auto known = bogus_.find(domain); known != bogus_.end()) co_return known->second;
        if (bogus_.size() >= 64) bogus_.clear();
        bogus_[domain] = false;                                        // whoever asks meanwhile does not ask again
        const auto unchecked = co_await send(std::move(name), type, true);
        co_return bogus_[domain] = unchecked.found() || unchecked.said_no();
    }

    Task<DnsAnswer> send(std::string name, RecordType type, bool unchecked)
    {
        ++in_flight_;
        auto answer = co_await asio::async_initiate<const asio::use_awaitable_t<>&, void(DnsAnswer)>(
            [this, &name, type, unchecked](auto handler) {
                auto question = std::make_shared<Question>(this, name, type, std::move(handler));
                if (auto slot = asio::get_associated_cancellation_slot(question->handler); slot.is_connected())
                    slot.assign([this, weak = std::weak_ptr(question)](asio::cancellation_type) {
                        if (auto one = weak.lock()) one->done(loop_, DnsAnswer{});
                    });
                unsigned char* query = nullptr;
                int length = 0;
                question->id = traffic_.free_id();
                if (ares_create_query(name.c_str(), 1, static_cast<int>(type), question->id, 1, &query, &length, 1232) != ARES_SUCCESS) {
                    DnsAnswer broken;
                    broken.status = DnsStatus::malformed;
                    question->done(loop_, std::move(broken));
                    return;
                }
                query[3] |= 0x20;                                      // AD: tell us whether you validated (RFC 6840 §5.7)
                if (unchecked) query[3] |= 0x10;                       // CD: checking disabled
                traffic_.asked(question->id, name, static_cast<std::uint16_t>(type));
                ares_send(channel_, query, length, &CaresResolver::answered, new std::shared_ptr<Question>(question));
                ares_free_string(query);
                arm();
            },
            asio::use_awaitable);
        --in_flight_;
        slots_.cancel();
        co_return answer;
    }

    static void answered(void* argument, int status, int, unsigned char* message, int size)
    {
        const std::unique_ptr<std::shared_ptr<Question>> held(static_cast<std::shared_ptr<Question>*>(argument));
        auto& question = **held;
        DnsAnswer answer;
        if (status == ARES_SUCCESS && message) {
            answer = read_dns_answer({message, static_cast<std::size_t>(size)}, question.name, question.type);
            answer.authentic = answer.authentic && question.owner->validates_;
        } else if (status == ARES_ETIMEOUT) answer.status = DnsStatus::timed_out;
        else if (status == ARES_ECONNREFUSED) answer.status = DnsStatus::refused;
        else if (status == ARES_ECANCELLED || status == ARES_EDESTRUCTION) answer.status = DnsStatus::cancelled;
        else answer.status = DnsStatus::malformed;
        if (answer.status != DnsStatus::cancelled && status != ARES_SUCCESS && question.owner->traffic_.truncated(question.id)) {
            answer.status = DnsStatus::timed_out;
            answer.detail = Detail::large_answers_lost;
        }
        question.done(question.owner->loop_, std::move(answer));
    }

    static void socket_changed(void* argument, ares_socket_t fd, int read, int write)
    {
        auto* self = static_cast<CaresResolver*>(argument);
        if (self->closing_) return;
        auto found = self->watches_.find(fd);
        if (!read && !write) {
            if (found == self->watches_.end()) return;
            found->second->descriptor.release();                       // c-ares owns and closes the descriptor
            self->watches_.erase(found);
            return;
        }
        if (found == self->watches_.end()) found = self->watches_.emplace(fd, std::make_shared<Watch>(self->loop_, fd)).first;
        found->second->read = read != 0;
        found->second->write = write != 0;
        self->watch(fd, found->second);
    }

    void watch(int fd, const std::shared_ptr<Watch>& watch)
    {
        const auto ready = [this, fd](const std::shared_ptr<Watch>& seen, bool reading) {
            auto found = watches_.find(fd);
            if (found == watches_.end() || found->second != seen) return;
            ares_process_fd(channel_, reading ? fd : ARES_SOCKET_BAD, reading ? ARES_SOCKET_BAD : fd);
            found = watches_.find(fd);
            if (found != watches_.end() && found->second == seen) this->watch(fd, seen);
            arm();
        };
        if (watch->read && !watch->reading) {
            watch->reading = true;
            watch->descriptor.async_wait(asio::posix::stream_descriptor::wait_read, [watch, ready](boost::system::error_code error) {
                watch->reading = false;
                if (!error) ready(watch, true);
            });
        }
        if (watch->write && !watch->writing) {
            watch->writing = true;
            watch->descriptor.async_wait(asio::posix::stream_descriptor::wait_write, [watch, ready](boost::system::error_code error) {
                watch->writing = false;
                if (!error) ready(watch, false);
            });
        }
    }

    void arm()
    {
        timeval wait{};
        if (!ares_timeout(channel_, nullptr, &wait)) {
            timer_.cancel();
            return;
        }
        timer_.expires_after(std::chrono::seconds(wait.tv_sec) + std::chrono::microseconds(wait.tv_usec) + 1ms);
        timer_.async_wait([this](boost::system::error_code error) {
            if (error) return;
            ares_process_fd(channel_, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
            arm();
        });
    }

    asio::io_context& loop_;
    asio::steady_timer timer_, slots_;
    ares_channel channel_ = nullptr;
    std::map<int, std::shared_ptr<Watch>> watches_;
    DnsTraffic traffic_;
    std::map<std::string, bool> bogus_;
    unsigned again_ = 0;                                               ///< questions whose answer came by our asking anew
    std::size_t in_flight_ = 0;
    bool closing_ = false, validates_ = false;
};

}

std::unique_ptr<Resolver> make_cares_resolver(asio::io_context& loop, const std::vector<std::string>& servers)
{
    auto resolver = std::make_unique<CaresResolver>(loop);
    if (!resolver->start(servers)) return nullptr;
    return resolver;
}

}
