#include "tests/bench/far_away.hpp"

#include "tests/support/dns_message.hpp"

#include <boost/asio/ip/udp.hpp>
#include <boost/asio/write.hpp>

#include <deque>
#include <mutex>
#include <random>

namespace portolan::bench {

using namespace scripted;

struct DnsTable {
    explicit DnsTable(asio::io_context& loop) : socket(loop, {asio::ip::address_v4::loopback(), 0}) {}
    asio::ip::udp::socket socket;
    std::map<std::pair<std::string, unsigned>, std::vector<Bytes>> records;
};

/// What is lost on the way: the same for the same number.
struct Dice {
    bool lost(double share)
    {
        const std::lock_guard held(lock);
        return share > 0 && std::uniform_real_distribution<>(0, 1)(numbers) < share;
    }
    /// TCP sends again what was lost, each time after twice the time (RFC 6298).
    milliseconds late(double share, milliseconds first)
    {
        milliseconds all{};
        for (int again = 0; again < 4 && lost(share); ++again, first *= 2) all += first;
        return all;
    }
    std::mutex lock;                           ///< the searching thread sets the number
    std::mt19937 numbers;
};

namespace {

constexpr auto one_way = round_trip / 2;
constexpr auto resend = 200ms, resend_syn = 1000ms;                    // Linux; the latter RFC 6298 section 2.1

using Moment = std::chrono::steady_clock::time_point;

Task<void> until(Moment when)
{
    asio::steady_timer timer(co_await asio::this_coro::executor, when);
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
}

struct Way {
    double loss = 0;
    std::shared_ptr<Dice> dice;
};

/// One direction of a relayed connection: what is read now arrives `one_way` later, or when it was sent again; nothing arrives before `earliest`.
Task<void> carry(std::shared_ptr<asio::ip::tcp::socket> from, std::shared_ptr<asio::ip::tcp::socket> to, Moment earliest, Way way)
{
    struct Pipe {
        explicit Pipe(const asio::any_io_executor& executor) : bell(executor, Moment::max()) {}
        std::deque<std::pair<Moment, Bytes>> under_way;
        asio::steady_timer bell;
    };
    const auto executor = co_await asio::this_coro::executor;
    auto pipe = std::make_shared<Pipe>(executor);
    const auto deliver = [](std::shared_ptr<Pipe> line, std::shared_ptr<asio::ip::tcp::socket> out) -> Task<void> {
        for (;;) {
            while (line->under_way.empty()) co_await line->bell.async_wait(asio::as_tuple(asio::use_awaitable));
            auto [due, bytes] = std::move(line->under_way.front());
            line->under_way.pop_front();
            co_await until(due);
            boost::system::error_code error;
            if (bytes.empty()) {
                out->shutdown(asio::ip::tcp::socket::shutdown_send, error);
                co_return;
            }
            std::tie(error, std::ignore) = co_await asio::async_write(*out, asio::buffer(bytes), asio::as_tuple(asio::use_awaitable));
            if (error) co_return;
        }
    };
    asio::co_spawn(executor, deliver(pipe, to), asio::detached);
    std::array<char, 16384> chunk;
    for (;;) {
        const auto [error, size] = co_await from->async_read_some(asio::buffer(chunk), asio::as_tuple(asio::use_awaitable));
        const auto due = std::chrono::steady_clock::now() + one_way + way.dice->late(way.loss, resend);
        pipe->under_way.emplace_back(std::max(earliest, due), error ? Bytes() : Bytes(chunk.data(), size));
        pipe->bell.cancel();
        if (error) co_return;
    }
}

/// The kernel completes a connect on loopback at once. Far away it takes a round trip before the client may speak, and half a one more until the
/// server hears it: what the client says meanwhile arrives 1.5 round trips after the connect, what the server says by itself 2 round trips after it.
/// A lost SYN, or its answer, comes later in the same way.
Task<void> relayed(asio::ip::tcp::socket client, Port upstream, Way way)
{
    const auto began = std::chrono::steady_clock::now() + way.dice->late(way.loss, resend_syn) + way.dice->late(way.loss, resend_syn);
    auto near = std::make_shared<asio::ip::tcp::socket>(std::move(client));
    auto far = std::make_shared<asio::ip::tcp::socket>(co_await asio::this_coro::executor);
    boost::system::error_code ignored;
    near->set_option(asio::ip::tcp::no_delay(true), ignored);
    const auto [error] = co_await far->async_connect({asio::ip::address_v4::loopback(), upstream}, asio::as_tuple(asio::use_awaitable));
    if (error) co_return;
    far->set_option(asio::ip::tcp::no_delay(true), ignored);
    const auto executor = co_await asio::this_coro::executor;
    asio::co_spawn(executor, carry(near, far, began + round_trip + one_way, way), asio::detached);
    asio::co_spawn(executor, carry(far, near, began + 2 * round_trip, way), asio::detached);
}

/// Accepts for as long as the loop runs.
template <class Session>
Port accept_all(asio::io_context& loop, Session session)
{
    auto door = std::make_shared<asio::ip::tcp::acceptor>(loop, IpEndpoint(asio::ip::address_v4::loopback(), 0));
    const auto serve = [](asio::io_context& on, std::shared_ptr<asio::ip::tcp::acceptor> from, Session each) -> Task<void> {
        for (;;) {
            auto [error, socket] = co_await from->async_accept(asio::as_tuple(asio::use_awaitable));
            if (error) co_return;
            asio::co_spawn(on, each(std::move(socket)), asio::detached);
        }
    };
    asio::co_spawn(loop, serve(loop, door, std::move(session)), asio::detached);
    return door->local_endpoint().port();
}

}

FarAway::FarAway() : table_(std::make_unique<DnsTable>(loop_)), dice_(std::make_shared<Dice>()), deaf_(loop_)
{
    dns_port_ = table_->socket.local_endpoint().port();
    deaf_.open(asio::ip::tcp::v4());
    deaf_.bind({asio::ip::address_v4::loopback(), 0});
    deaf_.listen(0);
    fillers_.reserve(8);
    for (int i = 0; i < 8; ++i) {
        auto& filler = fillers_.emplace_back(loop_);
        filler.async_connect(deaf_.local_endpoint(), [](boost::system::error_code) {});        // most of them never get there
    }
}

FarAway::~FarAway()
{
    loop_.stop();
    if (thread_.joinable()) thread_.join();
}

void FarAway::start()
{
    asio::co_spawn(loop_, answer_dns(), asio::detached);
    thread_ = std::jthread([this] { loop_.run(); });
}

std::string FarAway::resolver() const { return "127.0.0.1:" + std::to_string(dns_port_); }

void FarAway::seed(unsigned number)
{
    const std::lock_guard held(dice_->lock);
    dice_->numbers.seed(number);
}

IpEndpoint FarAway::route(IpEndpoint to) const
{
    if (silent_.contains(to.address())) return deaf_.local_endpoint();
    const auto found = routes_.find(to);
    return found == routes_.end() ? IpEndpoint(asio::ip::address_v4::loopback(), 1) : found->second;
}

void FarAway::lossy(const std::string& domain, double share) { losses_[domain] = share; }

double FarAway::loss_to(const std::string& name) const
{
    for (const auto& [domain, share] : losses_)
        if (name == domain || name.ends_with("." + domain)) return share;
    return 0;
}

Port FarAway::relay(Port upstream, double loss)
{
    return accept_all(loop_, [upstream, way = Way{loss, dice_}](asio::ip::tcp::socket socket) { return relayed(std::move(socket), upstream, way); });
}

Port FarAway::listen(std::shared_ptr<SSL_CTX> context, std::function<Task<void>(DemoPeer&)> session)
{
    const auto serve = [](asio::ip::tcp::socket socket, std::shared_ptr<SSL_CTX> tls, std::function<Task<void>(DemoPeer&)> talk) -> Task<void> {
        boost::system::error_code ignored;
        socket.set_option(asio::ip::tcp::no_delay(true), ignored);
        DemoPeer peer(std::move(socket), std::move(tls));
        if (co_await peer.start_tls()) co_await talk(peer);
        peer.close();
    };
    return accept_all(loop_, [serve, context = std::move(context), session = std::move(session)](asio::ip::tcp::socket socket) { return serve(std::move(socket), context, session); });
}

void FarAway::address(const std::string& name, const std::string& ip)
{
    const auto add = [&](RecordType type, const auto& bytes) {
        table_->records[{name, static_cast<unsigned>(type)}].push_back(record(name, type, Bytes(bytes.begin(), bytes.end())));
    };
    const auto where = asio::ip::make_address(ip);
    if (where.is_v6()) add(RecordType::aaaa, where.to_v6().to_bytes());
    else add(RecordType::a, where.to_v4().to_bytes());
}

void FarAway::mx(const std::string& domain, const std::string& host)
{
    table_->records[{domain, 15}].push_back(record(domain, RecordType::mx, u16(10) + name_of(host)));
}

void FarAway::srv(const std::string& name, Port port, const std::string& host, std::uint16_t priority)
{
    table_->records[{name, 33}].push_back(record(name, RecordType::srv, u16(priority) + u16(1) + u16(port) + name_of(host)));
}

void FarAway::silent(const std::string& host, const std::string& ip)
{
    address(host, ip);
    silent_.insert(asio::ip::make_address(ip));
}

void FarAway::mail(const std::string& host, const std::string& ip)
{
    address(host, ip);
    const auto context = authority_.server_context({host}, -1, 90);
    for (const auto protocol : {DemoProtocol::imap, DemoProtocol::smtp}) {
        const Port port = protocol == DemoProtocol::imap ? 993 : 465;
        const auto session = [protocol, host](DemoPeer& peer) -> Task<void> {
            const DemoServer server{host, "", 0, protocol, Security::tls, DemoStory::succeeds};
            if (protocol == DemoProtocol::imap) co_await serve_imap(peer, server);
            else co_await serve_smtp(peer, server);
        };
        routes_[IpEndpoint(asio::ip::make_address(ip), port)] = IpEndpoint(asio::ip::address_v4::loopback(), relay(listen(context, session), loss_to(host)));
    }
}

namespace {

/// Reads a request to its end; its path, or nothing.
Task<std::optional<std::string>> request_of(DemoPeer& peer)
{
    const auto first = co_await peer.line();
    while (auto line = co_await peer.line())
        if (line->empty()) break;
    if (!first) co_return std::nullopt;
    const auto begin = first->find(' ');
    if (begin == std::string::npos) co_return std::nullopt;
    co_return first->substr(begin + 1, first->find_first_of(" ?", begin + 1) - begin - 1);
}

}

void FarAway::serve_web(const std::string& host, const std::string& ip, std::vector<std::string> names, std::function<Task<void>(DemoPeer&)> session)
{
    const Port port = relay(listen(authority_.server_context(names, -1, 90), std::move(session)), loss_to(host));
    routes_[IpEndpoint(asio::ip::make_address(ip), 443)] = IpEndpoint(asio::ip::address_v4::loopback(), port);
}

void FarAway::web(const std::string& host, const std::string& ip, Documents documents)
{
    address(host, ip);
    serve_web(host, ip, {host}, [documents = std::move(documents)](DemoPeer& peer) -> Task<void> {
        const auto path = co_await request_of(peer);
        if (!path) co_return;
        const auto found = documents.find(*path);
        const auto& body = found == documents.end() ? std::string() : found->second;
        co_await peer.say_raw("HTTP/1.1 " + std::string(found == documents.end() ? "404 Not Found" : "200 OK") +
                              "\r\nContent-Type: text/xml\r\nContent-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" + body);
    });
}

void FarAway::wildcard(const std::string& domain, const std::string& ip)
{
    wildcards_[domain] = ip;
    address(domain, ip);
    serve_web(domain, ip, {domain, "*." + domain}, [](DemoPeer& peer) -> Task<void> {
        if (co_await request_of(peer)) co_await peer.say_raw("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    });
}

void FarAway::endless_web(const std::string& host, const std::string& ip)
{
    address(host, ip);
    serve_web(host, ip, {host}, [](DemoPeer& peer) -> Task<void> {
        if (!co_await request_of(peer)) co_return;
        bool heard = co_await peer.say_raw("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nConnection: close\r\n\r\n<clientConfig version=\"1.1\">");
        for (int i = 0; heard && i < 600; ++i) {
            co_await until(std::chrono::steady_clock::now() + 100ms);
            heard = co_await peer.say_raw("<!--" + std::string(1017, '.') + "-->");
        }
    });
}

Task<void> FarAway::answer_dns()
{
    std::array<char, 2048> buffer;
    asio::ip::udp::endpoint from;
    const auto later = [](DnsTable& table, Bytes answer, asio::ip::udp::endpoint to) -> Task<void> {
        co_await until(std::chrono::steady_clock::now() + round_trip);
        co_await table.socket.async_send_to(asio::buffer(answer), to, asio::as_tuple(asio::use_awaitable));
    };
    for (;;) {
        const auto [error, size] = co_await table_->socket.async_receive_from(asio::buffer(buffer), from, asio::as_tuple(asio::use_awaitable));
        if (error) co_return;
        const auto query = read_query(Bytes(buffer.data(), size), false);
        if (const auto loss = loss_to(query.name); dice_->lost(loss) || dice_->lost(loss)) continue;   // on its way there, or back
        const auto found = table_->records.find({query.name, query.type});
        bool exists = std::ranges::any_of(table_->records, [&](const auto& one) { return one.first.first == query.name || one.first.first.ends_with("." + query.name); });
        auto answers = found == table_->records.end() ? std::vector<Bytes>{} : found->second;
        for (const auto& [domain, ip] : wildcards_) {
            if (exists || !query.name.ends_with("." + domain)) continue;
            exists = true;
            const auto bytes = asio::ip::make_address_v4(ip).to_bytes();
            if (query.type == static_cast<unsigned>(RecordType::a)) answers = {record(query.name, RecordType::a, Bytes(bytes.begin(), bytes.end()))};
        }
        asio::co_spawn(loop_, later(*table_, reply(query, exists ? orderly : orderly | 3, std::move(answers)), from), asio::detached);
    }
}

}
