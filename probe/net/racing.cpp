#include "probe/net/racing.hpp"

#include "probe/net/mailbox.hpp"

namespace portolan {

namespace {

bool in_range(std::uint32_t address, std::uint32_t network, int bits) { return (address >> (32 - bits)) == (network >> (32 - bits)); }

bool private_v4(const asio::ip::address_v4& v4)
{
    // IANA special-purpose registry (RFC 6890 and updates), multicast and the former class E.
    static constexpr std::array<std::pair<std::uint32_t, int>, 15> ranges{{{0x00000000, 8}, {0x0a000000, 8}, {0x64400000, 10}, {0x7f000000, 8}, {0xa9fe0000, 16}, {0xac100000, 12},
                                                                           {0xc0000000, 24}, {0xc0000200, 24}, {0xc0586300, 24}, {0xc0a80000, 16}, {0xc6120000, 15}, {0xc6336400, 24}, {0xcb007100, 24},
                                                                           {0xe0000000, 4}, {0xf0000000, 4}}};
    const auto address = v4.to_uint();
    return std::ranges::any_of(ranges, [address](const auto& range) { return in_range(address, range.first, range.second); });
}

int informative(Cause cause)
{
    switch (cause) {
    case Cause::private_address: return 6;
    case Cause::refused: return 5;
    case Cause::reset: return 4;
    case Cause::unreachable: return 2;
    case Cause::timed_out: return 3;
    default: return 1;
    }
}

struct Attempted {
    std::size_t index;
    Outcome<std::unique_ptr<Stream>> outcome;
};

}

bool is_private_or_reserved(const IpAddress& address)
{
    if (address.is_v4()) return private_v4(address.to_v4());
    const auto v6 = address.to_v6();
    if (v6.is_v4_mapped()) return private_v4(asio::ip::make_address_v4(asio::ip::v4_mapped, v6));
    const auto b = v6.to_bytes();
    if (v6.is_loopback() || v6.is_unspecified() || v6.is_multicast() || v6.is_link_local() || v6.is_site_local()) return true;
    const auto inner = [&](std::size_t at) { return private_v4(asio::ip::address_v4({b[at], b[at + 1], b[at + 2], b[at + 3]})); };
    const auto zeros = [&](std::size_t from, std::size_t to) { return std::all_of(b.begin() + from, b.begin() + to, [](unsigned char c) { return c == 0; }); };
    if ((b[0] & 0xfe) == 0xfc) return true;                            // fc00::/7 (RFC 4193)
    if (b[0] == 0x20 && b[1] == 0x01 && b[2] < 2) return true;         // 2001::/23: Teredo, ORCHID, benchmarks and the like (RFC 2928)
    if (b[0] == 0x20 && b[1] == 0x01 && b[2] == 0x0d && b[3] == 0xb8) return true;             // documentation (RFC 3849)
    if (b[0] == 0x3f && b[1] == 0xff && b[2] < 0x10) return true;      // 3fff::/20, documentation (RFC 9637)
    if (b[0] == 0x20 && b[1] == 0x02) return inner(2);                 // 6to4 (RFC 3056): where it ends
    // Translation (RFC 6052, RFC 8215): where it ends, and the prefix for a network's own use always.
    if (b[0] == 0x00 && b[1] == 0x64 && b[2] == 0xff && b[3] == 0x9b) return !zeros(4, 12) || inner(12);
    if (zeros(0, 12)) return inner(12);                                // IPv4-compatible (RFC 4291 §2.5.5.1), deprecated
    return b[0] == 0x01 && zeros(1, 8);                                // 100::/64, discard only (RFC 6666)
}

void HostLedger::dead(const Hostname& host, Port port, Failure why)
{
    if (why.cause != Cause::cancelled) dead_[{host.text(), port}] = std::move(why);
}

std::optional<Failure> HostLedger::known_dead(const Hostname& host, Port port) const
{
    const auto found = dead_.find({host.text(), port});
    if (found == dead_.end()) return std::nullopt;
    return found->second;
}

void HostLedger::silent(const IpAddress& address) { silent_.insert(address); }
void HostLedger::heard(const IpAddress& address) { heard_.insert(address); }
bool HostLedger::is_silent(const IpAddress& address) const { return silent_.contains(address) && !heard_.contains(address); }
bool HostLedger::may_contact(Contact kind)
{
    constexpr int most = 20, most_web = 12;
    if (web_ + mail_ >= most || (kind == Contact::web && web_ >= most_web)) return false;
    ++(kind == Contact::web ? web_ : mail_);
    return true;
}

std::shared_ptr<Met> HostLedger::meet(const Hostname& host, const IpEndpoint& where)
{
    constexpr std::size_t most = 64;
    auto one = std::make_shared<Met>(Met{host, where, Cause::cancelled, {}, {}, false});
    if (met_.size() < most) met_.push_back(one);
    return one;
}

void HostLedger::family_worked(bool v6) { last_good_v6_ = v6; }
std::optional<bool> HostLedger::last_good_v6() const { return last_good_v6_; }

void HostLedger::told_time(std::chrono::system_clock::time_point time)
{
    earliest_told_ = std::min(earliest_told_.value_or(time), time);
    latest_told_ = std::max(latest_told_.value_or(time), time);
}

std::optional<std::chrono::system_clock::time_point> HostLedger::time_elsewhere() const
{
    if (!latest_told_ || *latest_told_ - *earliest_told_ > std::chrono::hours(24)) return std::nullopt;
    return latest_told_;
}

void HostLedger::order_families(std::vector<IpAddress>& addresses)
{
    const auto sixes = std::ranges::count_if(addresses, [](const IpAddress& one) { return one.is_v6(); });
    if (last_good_v6_ || sixes == 0 || sixes == std::ssize(addresses)) return;
    if (scout_is_out_) std::ranges::stable_partition(addresses, [](const IpAddress& one) { return one.is_v4(); });
    scout_is_out_ = true;
}

Task<Addresses> resolve_addresses(Resolver& resolver, Clock& clock, Hostname host, std::optional<bool> prefer_v6)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    Addresses result;
    if (host.is_ip()) {
        result.list = {asio::ip::make_address(host.text())};
        result.status = DnsStatus::answer;
        co_return result;
    }
    struct Got { bool v6; DnsAnswer answer; };
    const auto executor = co_await asio::this_coro::executor;
    Mailbox<std::optional<Got>> mail(executor);
    Nursery nursery(executor);
    const auto ask = [](Mailbox<std::optional<Got>>& to, Resolver& dns, std::string name, bool v6) -> Task<void> {
        auto answer = co_await dns.ask(std::move(name), v6 ? RecordType::aaaa : RecordType::a);
        to.post(Got{v6, std::move(answer)});
    };
    const auto patience = [](Mailbox<std::optional<Got>>& to, Clock& c) -> Task<void> {
        if (co_await c.wait_for(50ms)) to.post(std::nullopt);
    };
    nursery.start(ask(mail, resolver, host.text(), true));
    nursery.start(ask(mail, resolver, host.text(), false));
    std::optional<DnsAnswer> v4, v6;
    while (!v4 || !v6) {
        auto got = co_await mail.next();
        if (!got || !*got) break;
        auto& slot = (*got)->v6 ? v6 : v4;
        slot = std::move((*got)->answer);
        if (v4 && v4->found() && !v6) nursery.start(patience(mail, clock));
        if (v6 && v6->found() && !v4) nursery.start(patience(mail, clock));
    }
    nursery.cancel();
    co_await nursery.join();

    const std::vector<IpAddress> none;
    const auto& six = v6 ? v6->addresses : none;
    const auto& four = v4 ? v4->addresses : none;
    const bool v6_first = prefer_v6.value_or(true);
    const auto& first = v6_first ? six : four;
    const auto& second = v6_first ? four : six;
    for (std::size_t i = 0; i < std::max(first.size(), second.size()) && result.list.size() < 16; ++i) {
        if (i < first.size()) result.list.push_back(first[i]);
        if (i < second.size()) result.list.push_back(second[i]);
    }
    for (const auto* answer : {v4 ? &*v4 : nullptr, v6 ? &*v6 : nullptr})
        if (answer && answer->aliases.size() > result.aliases.size()) result.aliases = answer->aliases;
    result.authentic = (v4 && v4->authentic) || (v6 && v6->authentic);
    if (!result.list.empty()) result.status = DnsStatus::answer;
    else if (v4 && v6) {
        // "No such name" says more than "no data", and any orderly answer more than a failure to ask.
        const auto said = [&](DnsStatus status) { return v4->status == status || v6->status == status; };
        result.status = DnsStatus::no_data;
        for (const auto status : {DnsStatus::no_such_name, DnsStatus::servfail, DnsStatus::refused, DnsStatus::malformed, DnsStatus::timed_out, DnsStatus::not_asked})
            if (said(status)) {
                result.status = status;
                break;
            }
    } else result.status = v4 ? v4->status : v6 ? v6->status : DnsStatus::cancelled;
    co_return result;
}

Task<Addresses> resolve_rare_name(Resolver& resolver, Clock& clock, Hostname host)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    auto first = co_await resolver.ask(host.text(), RecordType::a);
    // Nor does one who stayed silent, or refused, have anything to say of the other type.
    const bool done = first.status == DnsStatus::no_such_name || first.status == DnsStatus::timed_out || first.status == DnsStatus::refused;
    if (!done) co_return co_await resolve_addresses(resolver, clock, std::move(host));
    Addresses none;
    none.status = first.status;
    none.authentic = first.authentic;
    none.aliases = std::move(first.aliases);
    co_return none;
}

Task<Outcome<std::unique_ptr<Stream>>> race_addresses(Connector& connector, Clock& clock, HostLedger& ledger, Hostname host, Port port, std::vector<IpAddress> addresses, RacePolicy policy)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    if (addresses.empty()) co_return std::unexpected(Failure{Stage::resolve, Cause::no_address, {}});
    if (policy.refuse_private) {
        const auto first = addresses.front();
        std::erase_if(addresses, is_private_or_reserved);
        if (addresses.empty()) co_return std::unexpected(Failure{Stage::connect, Cause::private_address, first.to_string()});
    }
    if (std::ranges::all_of(addresses, [&](const IpAddress& address) { return ledger.is_silent(address); })) {
        const Failure silent{Stage::connect, Cause::timed_out, {}};
        ledger.dead(host, port, silent);
        co_return std::unexpected(silent);
    }
    ledger.order_families(addresses);
    // Addresses that were silent for another port go last: they are still tried, but hold nobody up.
    std::ranges::stable_partition(addresses, [&](const IpAddress& address) { return !ledger.is_silent(address); });

    // Where packets are lost, silence for a moment says little of an address: TCP itself asks again after one second and after three (RFC 6298 §2).
    constexpr std::size_t most_knocks = 8;
    const auto once = addresses.size();
    while (policy.insist && addresses.size() < most_knocks) addresses.push_back(addresses[addresses.size() - once]);
    const auto end = clock.now() + 2 * policy.connect_limit;
    constexpr auto again = 700ms;

    const auto executor = co_await asio::this_coro::executor;
    Mailbox<std::optional<Attempted>> mail(executor);
    Nursery nursery(executor);
    const auto attempt = [](Mailbox<std::optional<Attempted>>& to, Connector& via, Clock& c, IpEndpoint where, std::size_t index, milliseconds limit) -> Task<void> {
        auto outcome = co_await with_deadline(c, c.now() + limit, Stage::connect, via.connect(where));
        to.post(Attempted{index, std::move(outcome)});
    };
    const auto stagger = [](Mailbox<std::optional<Attempted>>& to, Clock& c, milliseconds wait) -> Task<void> {
        if (co_await c.wait_for(wait)) to.post(std::nullopt);
    };
    std::size_t started = 0, ended = 0;
    std::vector<std::pair<std::shared_ptr<Met>, TimePoint>> met;
    const auto waited = [&](std::size_t index) { return std::chrono::duration_cast<milliseconds>(clock.now() - met[index].second); };
    const auto start_next = [&] {
        if (started == addresses.size()) return;
        if (!ledger.may_contact(HostLedger::Contact::mail)) {
            addresses.resize(started);                                 // the run has had its connections
            return;
        }
        const IpEndpoint where(addresses[started], port);
        met.emplace_back(ledger.meet(host, where), clock.now());
        const auto limit = policy.insist ? std::chrono::duration_cast<milliseconds>(end - clock.now()) : policy.connect_limit;
        nursery.start(attempt(mail, connector, clock, where, started, std::max(limit, 1ms)));
        if (++started < addresses.size()) nursery.start(stagger(mail, clock, started < once ? policy.stagger : again));
    };
    std::optional<Outcome<std::unique_ptr<Stream>>> won;
    Failure worst{Stage::connect, Cause::cancelled, {}};
    bool cancelled = false;
    start_next();
    if (started == 0) co_return std::unexpected(Failure{Stage::connect, Cause::cancelled, {}});
    std::size_t bells_due = 0;                                         // a stagger bell counts only while no failure has overtaken it
    while (ended < addresses.size() && !won) {
        auto event = co_await mail.next();
        if (!event) {
            cancelled = true;
            break;
        }
        if (!*event) {
            if (bells_due > 0) --bells_due;
            else start_next();
            continue;
        }
        auto& [index, outcome] = **event;
        ++ended;
        met[index].first->waited = waited(index);
        met[index].first->failure = outcome ? std::nullopt : std::optional(outcome.error().cause);
        if (outcome) {
            outcome = measured(std::move(*outcome), met[index].first);
            ledger.family_worked(addresses[index].is_v6());
            ledger.heard(addresses[index]);
            won = std::move(outcome);
            break;
        }
        if (outcome.error().cause == Cause::timed_out) ledger.silent(addresses[index]);
        if (outcome.error().cause == Cause::refused || outcome.error().cause == Cause::reset) {
            ledger.heard(addresses[index]);
            const auto rest = addresses.begin() + static_cast<std::ptrdiff_t>(started);
            addresses.erase(std::remove(rest, addresses.end(), IpAddress(addresses[index])), addresses.end());    // it has spoken
        }
        if (informative(outcome.error().cause) > informative(worst.cause) || worst.cause == Cause::cancelled) worst = outcome.error();
        if (started < addresses.size()) {
            ++bells_due;
            start_next();
        }
    }
    for (std::size_t i = 0; i < met.size(); ++i)
        if (met[i].first->failure == Cause::cancelled) met[i].first->waited = waited(i);
    nursery.cancel();
    co_await nursery.join();
    if (won) {
        // A slower sibling that stayed silent while another address answered is remembered as silent.
        for (std::size_t i = 0; !policy.insist && i + 1 < started; ++i)
            if (addresses[i].is_v6() != (*won)->get()->peer().address().is_v6()) ledger.silent(addresses[i]);
        co_return std::move(*won);
    }
    if (cancelled) co_return std::unexpected(Failure{Stage::connect, Cause::cancelled, {}});
    ledger.dead(host, port, worst);
    co_return std::unexpected(worst);
}

}
