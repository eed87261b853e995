#include "tests/support/scripted_world.hpp"

namespace portolan::scripted {

namespace {

milliseconds since_zero(TimePoint when) { return std::chrono::duration_cast<milliseconds>(when.time_since_epoch()); }

/// Ends only by cancellation: nobody is going to answer.
Task<void> never()
{
    co_await asio::this_coro::throw_if_cancelled(false);
    asio::steady_timer timer(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
}

struct Counted {
    explicit Counted(int& counter) : count(counter) { ++count; }
    ~Counted() { --count; }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;
    int& count;
};

}

class ScriptedResolver : public Resolver {
public:
    explicit ScriptedResolver(World& world) : world_(world) {}

    Task<DnsAnswer> ask(std::string name, RecordType type) override
    {
        co_await asio::this_coro::throw_if_cancelled(false);
        world_.asked.push_back({name, type, world_.elapsed()});
        const Counted open(world_.open_questions);
        const auto slow = world_.slow_names.find(name);
        if (!co_await world_.clock.wait_for(slow == world_.slow_names.end() ? world_.dns_takes : slow->second)) co_return DnsAnswer{};
        co_return world_.answer_for(name, type);
    }

private:
    World& world_;
};

class ScriptedConnector : public Connector {
public:
    explicit ScriptedConnector(World& world) : world_(world) {}
    Task<Outcome<std::unique_ptr<Stream>>> connect(IpEndpoint to) override;

private:
    World& world_;
};

class ScriptedHttp : public Http {
public:
    explicit ScriptedHttp(World& world) : world_(world) {}

    Task<HttpExchange> fetch(HttpRequest request) override
    {
        co_await asio::this_coro::throw_if_cancelled(false);
        const auto url = request.url.substr(0, request.url.find('?'));
        world_.fetched.push_back(url);
        const Counted open(world_.open_requests);
        if (request.method == "POST") world_.posted.push_back({url, request.body});
        const auto exact = world_.pages_.find(request.url);
        const auto page = exact == world_.pages_.end() ? world_.pages_.find(url) : exact;
        HttpExchange exchange;
        if (!co_await world_.clock.wait_for(page == world_.pages_.end() ? world_.http_takes : page->second.after)) {
            exchange.outcome = std::unexpected(Failure{Stage::request, Cause::cancelled, {}});
            co_return exchange;
        }
        HttpAnswer answer;
        answer.status = page == world_.pages_.end() ? 404 : page->second.status;
        if (page != world_.pages_.end()) {
            answer.body = page->second.body;
            answer.location = page->second.location;
        }
        answer.authenticated = page != world_.pages_.end() && page->second.authenticated;
        answer.final_url = url;
        exchange.outcome = std::move(answer);
        co_return exchange;
    }

private:
    World& world_;
};

World::World() : resolver_(std::make_unique<ScriptedResolver>(*this)), connector_(std::make_unique<ScriptedConnector>(*this)), http_(std::make_unique<ScriptedHttp>(*this)) {}
World::~World() = default;

std::unique_ptr<Stream> scripted_stream(World& world, const Server& server, IpEndpoint peer);

Task<Outcome<std::unique_ptr<Stream>>> ScriptedConnector::connect(IpEndpoint to)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    world_.contacts.push_back({to, world_.elapsed()});
    const Counted open(world_.open_streams);
    const auto found = world_.servers_.find(to);
    const bool listens = found != world_.servers_.end();
    const auto manner = listens ? found->second.manner : Manner::refuses;
    if (manner == Manner::silent) {
        co_await never();
        co_return std::unexpected(Failure{Stage::connect, Cause::cancelled, {}});
    }
    if (!co_await world_.clock.wait_for(listens ? found->second.rtt : 20ms)) co_return std::unexpected(Failure{Stage::connect, Cause::cancelled, {}});
    if (manner == Manner::refuses) co_return std::unexpected(Failure{Stage::connect, Cause::refused, {}});
    if (manner == Manner::unreachable) co_return std::unexpected(Failure{Stage::connect, Cause::unreachable, {}});
    co_return scripted_stream(world_, found->second, to);
}

void World::address(const std::string& name, const std::string& ip)
{
    const auto parsed = asio::ip::make_address(ip);
    auto& record = records_[{name, parsed.is_v6() ? RecordType::aaaa : RecordType::a}];
    record.status = DnsStatus::answer;
    record.addresses.push_back(parsed);
}

void World::alias(const std::string& name, const std::string& to) { aliases_[name] = to; }

void World::srv(const std::string& name, SrvTarget target)
{
    auto& record = records_[{name, RecordType::srv}];
    record.status = DnsStatus::answer;
    record.srv.push_back(std::move(target));
}

void World::mx(const std::string& domain, std::uint16_t preference, const std::string& host)
{
    auto& record = records_[{domain, RecordType::mx}];
    record.status = DnsStatus::answer;
    record.mx.push_back({preference, host});
    std::ranges::sort(record.mx, {}, &MxTarget::preference);
}

void World::wildcard(const std::string& domain, const std::string& ip) { wildcards_[domain] = ip; }

void World::server(const std::string& ip, Port port, Server one) { servers_[IpEndpoint(asio::ip::make_address(ip), port)] = std::move(one); }
void World::server(const std::string& ip, Server one)
{
    const auto port = default_port(one.kind, one.security);
    server(ip, port, std::move(one));
}

void World::pair(const std::string& ip, milliseconds rtt)
{
    server(ip, {.kind = ServiceKind::imap, .rtt = rtt});
    server(ip, {.kind = ServiceKind::smtp, .rtt = rtt});
}

void World::srv_pair(const std::string& domain, const std::string& imap, const std::string& smtp)
{
    srv("_imaps._tcp." + domain, {0, 1, 993, imap});
    srv("_submissions._tcp." + domain, {0, 1, 465, smtp});
}

void World::page(const std::string& url, std::string body, milliseconds after, bool authenticated) { pages_[url] = {std::move(body), after, authenticated}; }

void World::reply(const std::string& url, int status, std::string location, std::string body)
{
    pages_[url] = {std::move(body), http_takes, url.starts_with("https://"), status, std::move(location)};
}

DnsAnswer World::answer_for(const std::string& name, RecordType type) const
{
    DnsAnswer answer;
    if (const auto broken = broken_names.find(name); broken != broken_names.end()) {
        answer.status = broken->second;
        return answer;
    }
    if (const auto alias = aliases_.find(name); alias != aliases_.end()) {
        answer = answer_for(alias->second, type);
        answer.aliases.insert(answer.aliases.begin(), alias->second);
        return answer;
    }
    if (const auto found = records_.find({name, type}); found != records_.end()) return found->second;
    const bool exists = std::ranges::any_of(records_, [&](const auto& record) { return record.first.first == name || record.first.first.ends_with("." + name); });
    answer.status = exists ? DnsStatus::no_data : DnsStatus::no_such_name;
    if (exists) return answer;
    for (const auto& [domain, ip] : wildcards_)
        if (name.ends_with("." + domain)) {
            answer.status = type == RecordType::a ? DnsStatus::answer : DnsStatus::no_data;
            if (type == RecordType::a) answer.addresses = {asio::ip::make_address(ip)};
        }
    return answer;
}

milliseconds World::elapsed() const { return since_zero(clock.now()); }

std::optional<milliseconds> World::first_contact(const std::string& ip) const
{
    for (const auto& contact : contacts)
        if (contact.to.address() == asio::ip::make_address(ip)) return contact.at;
    return std::nullopt;
}

int World::contacts_of(const std::string& ip) const
{
    return static_cast<int>(std::ranges::count_if(contacts, [&](const Contact& contact) { return contact.to.address() == asio::ip::make_address(ip); }));
}

Run::Run(World& world, ProbeListener* listener, RacePolicy racing)
    : log_(world.clock, listener), resolver_(make_remembering_resolver(world.resolver(), log_)),
      around_{world.clock, *resolver_, world.connector(), world.http(), ledger_, log_, racing}
{
}

EmailAddress mail_address(std::string_view text)
{
    auto parsed = parse_email_address(text);
    if (!parsed) throw std::runtime_error("no address");
    return *parsed;
}

Hostname host(std::string_view text)
{
    auto parsed = parse_hostname(text);
    if (!parsed) throw std::runtime_error("no host name");
    return *parsed;
}

std::string autoconfig(std::string_view servers, std::string_view domain)
{
    return "<clientConfig version=\"1.1\"><emailProvider id=\"" + std::string(domain) + "\"><domain>" + std::string(domain) + "</domain>" + std::string(servers) + "</emailProvider></clientConfig>";
}

namespace {

std::string section(std::string_view element, std::string_view type, std::string_view host_name, int port, std::string_view socket, std::string_view username)
{
    std::string text = "<" + std::string(element) + " type=\"" + std::string(type) + "\"><hostname>" + std::string(host_name) + "</hostname><port>" + std::to_string(port) + "</port><socketType>" +
                       std::string(socket) + "</socketType><authentication>password-cleartext</authentication>";
    if (!username.empty()) text += "<username>" + std::string(username) + "</username>";
    return text + "</" + std::string(element) + ">";
}

}

std::string incoming(std::string_view host_name, int port, std::string_view socket, std::string_view username, std::string_view type) { return section("incomingServer", type, host_name, port, socket, username); }
std::string outgoing(std::string_view host_name, int port, std::string_view socket, std::string_view username) { return section("outgoingServer", "smtp", host_name, port, socket, username); }

}
