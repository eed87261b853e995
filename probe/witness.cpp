#include "probe/witness.hpp"

namespace portolan {

namespace {

constexpr auto patience = 1s;                  ///< for a host that is up: its other ports answer in a round trip
constexpr auto handshake_patience = 3s;
constexpr std::size_t most_others = 2;         ///< hosts that are asked about one port
constexpr std::size_t most_ports = 4;          ///< that others are asked about in one run

bool answered(const Met& met) { return !met.failure || met.failure == Cause::refused || met.failure == Cause::reset; }

bool hung(const Service& service, const HostLedger& ledger)
{
    return std::ranges::any_of(ledger.met(), [&](const auto& one) {
        return one->handshake_open && one->host == service.host && one->where.port() == service.port;
    });
}

bool silent(const Trial& trial)
{
    return !trial.outcome && trial.outcome.error().stage == Stage::connect && trial.outcome.error().cause == Cause::timed_out;
}

/// A refusal is an answer as well: the host is up.
Task<bool> knock(Surroundings& world, IpEndpoint where, milliseconds limit)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    const bool v6 = where.address().is_v6();
    const auto text = where.address().to_string();
    const auto target = (v6 ? "[" + text + "]" : text) + ":" + std::to_string(where.port());
    const auto probe = world.log.begin(ProbeKind::connect, ProbeGroup::other, target);
    const auto end = world.clock.now() + limit;
    const auto answer = co_await with_deadline(world.clock, end, Stage::connect, world.connector.connect(std::move(where)));
    const bool refused = !answer && answer.error().cause == Cause::refused;
    const auto outcome = answer                                       ? ProbeOutcome::ok
                       : answer.error().cause == Cause::timed_out     ? ProbeOutcome::timed_out
                       : answer.error().cause == Cause::cancelled     ? ProbeOutcome::cancelled
                                                                      : ProbeOutcome::failed;
    world.log.end(probe, outcome, answer ? text : std::string(slug(answer.error().cause)));
    co_return answer.has_value() || refused;
}

Task<void> knock_and_tell(Surroundings& world, IpEndpoint where, milliseconds after, milliseconds limit, Mailbox<bool>& to)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    if (after > 0ms && !co_await world.clock.wait_for(after)) co_return;
    to.post(co_await knock(world, std::move(where), limit));
}

/// Is there an answer at one of these? They are knocked at side by side, each a moment after the one before.
Task<bool> answers(Surroundings& world, std::vector<IpEndpoint> places, milliseconds apart, milliseconds limit)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    const auto executor = co_await asio::this_coro::executor;
    Mailbox<bool> mail(executor);
    Nursery nursery(executor);
    int running = 0;
    for (auto& where : places) {
        if (!world.ledger.may_contact(HostLedger::Contact::mail)) break;
        nursery.start(knock_and_tell(world, where, running * apart, limit, mail));
        ++running;
    }
    bool heard = false;
    for (; running > 0 && !heard; --running) {
        const auto one = co_await mail.next();
        if (!one) break;
        heard = *one;
    }
    nursery.cancel();
    co_await nursery.join();
    co_return heard;
}

Task<Outcome<TlsFacts>> small_handshake(Surroundings& world, IpEndpoint where, Hostname name)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    auto stream = co_await world.connector.connect_with_small_segments(std::move(where));
    if (!stream) co_return std::unexpected(stream.error());
    co_return co_await (*stream)->start_tls(name);
}

/// Those of them that this run may reach at all.
std::vector<IpAddress> allowed(std::vector<IpAddress> addresses, const Surroundings& world)
{
    std::erase_if(addresses, [&](const IpAddress& one) {
        return (world.racing.refuse_private && is_private_or_reserved(one)) || !world.connector.has_way(one);
    });
    return addresses;
}

}

void Witnesses::consider(const Trial& trial)
{
    consider_addresses(trial);
    if (trial.outcome || trial.addresses.empty()) return;
    const auto& service = trial.service;
    const bool quiet = silent(trial);
    const bool stuck = trial.outcome.error().cause == Cause::timed_out && service.security == Security::tls && hung(service, world_.ledger);
    if (!quiet && !stuck) return;
    const auto addresses = allowed(trial.addresses, world_);
    if (addresses.empty()) return;
    if (hosts_.insert(service.host.text()).second) {
        ++asking_;
        nursery_.start(ask_host(service, addresses, quiet));
    }
    if (quiet && ports_.size() < most_ports && ports_.insert(service.port).second) {
        ++asking_;
        nursery_.start(ask_others(service.port, trial.addresses, others()));
    }
}

/// The domain's own web site and whoever else of the domain was asked: nobody hears of this run who has not heard of it.
std::vector<Hostname> Witnesses::others() const
{
    std::vector<Hostname> hosts;
    const auto add = [&](const Hostname& host) {
        if (std::ranges::find(hosts, host) == hosts.end()) hosts.push_back(host);
    };
    for (const auto& one : world_.ledger.met())
        if (answered(*one)) add(one->host);
    for (const auto& probe : world_.log.probes()) {
        const auto host = probe.kind == ProbeKind::http && probe.outcome == ProbeOutcome::ok ? parse_hostname(probe.host) : std::nullopt;
        if (host && same_registrable_domain(*host, domain_)) add(*host);
    }
    add(domain_);
    return hosts;
}

Task<void> Witnesses::ask_host(Service service, std::vector<IpAddress> addresses, bool silent)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    Testimony testimony;
    if (silent) {
        // Where mail is blocked the web is not: its ports are the ones to ask.
        testimony.answers_elsewhere = co_await answers(world_, {{addresses.front(), 443}, {addresses.front(), 80}}, 0ms, patience);
    } else if (world_.ledger.may_contact(HostLedger::Contact::mail)) {
        const auto limit = world_.clock.now() + handshake_patience;
        const IpEndpoint where(addresses.front(), service.port);
        const auto facts = co_await with_deadline(world_.clock, limit, Stage::tls, small_handshake(world_, where, service.host));
        testimony.small_segments_pass = facts.has_value();
    }
    heard_.hosts[service.host.text()] = testimony;
    --asking_;
    told_();
}

/// The same port of hosts at other addresses: where one of them answers, if only by refusing, the way lets this port through.
Task<void> Witnesses::ask_others(Port port, std::vector<IpAddress> except, std::vector<Hostname> others)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    std::vector<IpEndpoint> places;
    for (const auto& host : others) {
        if (places.size() == most_others) break;
        auto found = allowed((co_await resolve_addresses(world_.resolver, world_.clock, host)).list, world_);
        std::erase_if(found, [&](const IpAddress& one) {
            return std::ranges::find(except, one) != except.end() || std::ranges::find(places, IpEndpoint(one, port)) != places.end();
        });
        if (!found.empty()) places.emplace_back(found.front(), port);
    }
    if (co_await answers(world_, std::move(places), 0ms, patience)) heard_.passing.insert(port);
    --asking_;
    told_();
}

/// One address of a host answered. What of those that lost the race and were given up, or were not tried: slow, or dead?
void Witnesses::consider_addresses(const Trial& trial)
{
    constexpr std::size_t most = 2;
    const auto& met = world_.ledger.met();
    const auto& service = trial.service;
    const auto won = std::ranges::find_if(met, [&](const auto& one) {
        return !one->failure && one->host == service.host && one->where.port() == service.port;
    });
    if (won == met.end()) return;
    const auto usual = std::max((*won)->path.round_trip, (*won)->waited);
    if (usual > 250ms) return;                                         // too far away to tell slow from dead in the time there is
    for (const auto& address : allowed(trial.addresses, world_)) {
        const bool known = std::ranges::any_of(met, [&](const auto& one) {
            return one->where.address() == address && one->failure != Cause::cancelled;
        });
        if (known || addresses_.size() == most || !addresses_.insert(address).second) continue;
        ++asking_;
        ++about_addresses_;
        nursery_.start(ask_address(service.host, IpEndpoint(address, service.port), std::max<milliseconds>(350ms, 4 * usual)));
    }
}

Task<void> Witnesses::ask_address(Hostname host, IpEndpoint where, milliseconds limit)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    const auto began = world_.clock.now();
    const auto met = world_.ledger.meet(host, where);
    const bool alive = co_await answers(world_, {where, where}, 100ms, limit);
    met->waited = std::chrono::duration_cast<milliseconds>(world_.clock.now() - began);
    if (alive) met->failure.reset();
    else if (met->waited >= limit) heard_.dead.insert(where.address());            // cut short, it is no evidence
    --asking_;
    --about_addresses_;
    told_();
}

}
