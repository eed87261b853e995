#include "probe/witness.hpp"

#include "probe/net/mailbox.hpp"

namespace portolan {

namespace {

constexpr auto patience = 1s;                  ///< for a host that is up: its other ports answer in a round trip
constexpr auto handshake_patience = 3s;

bool hung(const Service& service, const HostLedger& ledger)
{
    return std::ranges::any_of(ledger.met(), [&](const auto& one) {
        return one->handshake_open && one->host == service.host && one->where.port() == service.port;
    });
}

bool silent(const Outcome<void>& outcome)
{
    return !outcome && outcome.error().stage == Stage::connect && outcome.error().cause == Cause::timed_out;
}

/// A refusal is an answer as well: the host is up.
Task<Outcome<void>> knock(Surroundings& world, IpEndpoint where)
{
    auto stream = co_await world.connector.connect(std::move(where));
    if (!stream && stream.error().cause != Cause::refused) co_return std::unexpected(stream.error());
    co_return Outcome<void>{};
}

Task<void> knock_in_time(Surroundings& world, IpEndpoint where, Mailbox<bool>& to)
{
    const auto answer = co_await with_deadline(world.clock, world.clock.now() + patience, Stage::connect, knock(world, std::move(where)));
    to.post(answer.has_value());
}

Task<bool> answers_elsewhere(const std::vector<IpAddress>& addresses, Surroundings& world)
{
    const auto executor = co_await asio::this_coro::executor;
    Mailbox<bool> mail(executor);
    Nursery nursery(executor);
    int running = 0;
    // Where mail is blocked the web is not: its ports are the ones to ask.
    for (const Port port : {Port{443}, Port{80}}) {
        if (!world.ledger.may_contact(HostLedger::Contact::mail)) break;
        nursery.start(knock_in_time(world, IpEndpoint(addresses.front(), port), mail));
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
    auto stream = co_await world.connector.connect_with_small_segments(std::move(where));
    if (!stream) co_return std::unexpected(stream.error());
    co_return co_await (*stream)->start_tls(name);
}

}

bool wants_witness(const Trial& trial, const HostLedger& ledger)
{
    if (trial.outcome || trial.addresses.empty()) return false;
    if (silent(trial.outcome)) return true;
    return trial.outcome.error().cause == Cause::timed_out && trial.service.security == Security::tls && hung(trial.service, ledger);
}

Task<Testimony> ask_witness(Service service, std::vector<IpAddress> addresses, Outcome<void> outcome, Surroundings& world)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    Testimony testimony;
    if (silent(outcome)) testimony.answers_elsewhere = co_await answers_elsewhere(addresses, world);
    else if (world.ledger.may_contact(HostLedger::Contact::mail)) {
        const IpEndpoint where(addresses.front(), service.port);
        const auto facts = co_await with_deadline(world.clock, world.clock.now() + handshake_patience, Stage::tls, small_handshake(world, where, service.host));
        testimony.small_segments_pass = facts.has_value();
    }
    co_return testimony;
}

}
