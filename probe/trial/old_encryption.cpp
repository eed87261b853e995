#include "probe/trial/old_encryption.hpp"

#include "probe/dialog/dialog.hpp"
#include "probe/net/tls_old_hello.hpp"

namespace portolan {

namespace {

constexpr auto patience = 4s;

Task<Outcome<void>> ask(Service service, IpEndpoint where, HelloForm form, Surroundings& world)
{
    auto stream = co_await world.connector.connect(std::move(where));
    if (!stream) co_return std::unexpected(stream.error());
    Channel channel(with_old_hello(std::move(*stream), form), world.clock);
    DialogPlan plan;
    plan.endpoint = service.endpoint();
    const auto heard = co_await mail_dialog(service.service, channel, world.clock, std::move(plan));
    co_return heard.outcome;
}

}

bool may_be_old(const Failure& failure)
{
    if (failure.stage != Stage::tls) return false;
    // An alert does not say which version the server knows.
    if (failure.cause == Cause::tls_version) return failure.reply.ends_with("(70)");
    // "handshake_failure", "insufficient_security", and the "internal_error" of some that find no common suite
    const auto& alert = failure.reply;
    return failure.detail == Detail::alert && (alert.ends_with("(40)") || alert.ends_with("(71)") || alert.ends_with("(80)"));
}

Task<std::optional<Failure>> name_old_encryption(Service service, std::vector<IpAddress> addresses, Surroundings& world)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    if (addresses.empty()) co_return std::nullopt;
    for (const auto form : {HelloForm::record, HelloForm::version_2}) {
        if (!world.ledger.may_contact(HostLedger::Contact::mail)) break;
        const IpEndpoint where(addresses.front(), service.port);
        const auto heard = co_await with_deadline(world.clock, world.clock.now() + patience, Stage::tls, ask(service, where, form, world));
        if (heard) continue;
        const auto& failure = heard.error();
        if (failure.stage == Stage::tls && (failure.cause == Cause::tls_version || failure.detail == Detail::weak_cipher)) co_return failure;
    }
    co_return std::nullopt;
}

}
