#include "probe/second_look.hpp"

#include "probe/assemble.hpp"
#include "probe/net/mailbox.hpp"
#include "probe/net/tlsa.hpp"

namespace portolan {

namespace {

constexpr auto patience = 3s;
constexpr std::size_t most_looks = 4;

struct Seen {
    Service service;
    std::string where;                         ///< "192.0.2.1:993"
    CertificateFacts certificate;
};

struct Announced {
    Service service;
    std::vector<TlsaRecord> records;
};

struct Told {
    std::optional<Seen> seen;
    std::optional<Announced> announced;
};

std::string text_of(const IpEndpoint& where)
{
    const auto address = where.address().to_string();
    return (where.address().is_v6() ? "[" + address + "]" : address) + ":" + std::to_string(where.port());
}

Task<Outcome<CertificateFacts>> certificate_at(Service service, IpEndpoint where, Surroundings& world)
{
    auto stream = co_await world.connector.connect(std::move(where));
    if (!stream) co_return std::unexpected(stream.error());
    Channel channel(std::move(*stream), world.clock);
    if (service.security == Security::tls) {
        if (auto secured = co_await channel.start_tls(service.host); !secured) co_return std::unexpected(secured.error());
        co_return channel.tls()->certificate;
    }
    DialogPlan plan;
    plan.endpoint = service.endpoint();
    const auto heard = co_await mail_dialog(service.service, channel, world.clock, std::move(plan));
    if (!heard.tls) co_return std::unexpected(heard.outcome ? Failure{Stage::tls, Cause::not_offered} : heard.outcome.error());
    co_return heard.tls->certificate;
}

Task<void> look(Service service, IpEndpoint where, Surroundings& world, Mailbox<Told>& to)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    const auto probe = world.log.begin(ProbeKind::tls, service.incoming() ? ProbeGroup::incoming : ProbeGroup::outgoing,
                                       target_of(service) + " " + where.address().to_string());
    const auto end = world.clock.now() + patience;
    const auto found = co_await with_deadline(world.clock, end, Stage::tls, certificate_at(service, where, world));
    const bool cancelled = !found && found.error().cause == Cause::cancelled;
    if (found) world.log.end(probe, ProbeOutcome::ok);
    else world.log.end(probe, cancelled ? ProbeOutcome::cancelled : ProbeOutcome::failed, std::string(slug(found.error().cause)));
    to.post({found ? std::optional(Seen{service, text_of(where), *found}) : std::nullopt, {}});
}

/// A record counts where DNSSEC vouches for it (RFC 6698 §4.1), and is asked for where it may: below a name whose address was vouched for
/// (RFC 7672 §2.2).
Task<void> ask_announced(Service service, Surroundings& world, Mailbox<Told>& to)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    const auto name = "_" + std::to_string(service.port) + "._tcp." + service.host.text();
    const auto answer = co_await world.resolver.ask(name, RecordType::tlsa);
    to.post({{}, answer.found() && answer.authentic ? std::optional(Announced{service, answer.tlsa}) : std::nullopt});
}

/// The address at which a service's trial met its server.
std::optional<IpAddress> met_at(const Service& service, const Surroundings& world)
{
    const auto met = std::ranges::find_if(world.ledger.met(), [&](const auto& one) {
        return !one->failure && one->host == service.host && one->where.port() == service.port;
    });
    return met == world.ledger.met().end() ? std::nullopt : std::optional((*met)->where.address());
}

/// What a person would notice: farms of servers may well have a key of their own each.
bool differ(const CertificateFacts& one, const CertificateFacts& other)
{
    if (one.spki_sha256 == other.spki_sha256 && one.not_after == other.not_after) return false;
    const auto names = [](const CertificateFacts& facts) { return std::set(facts.names.begin(), facts.names.end()); };
    const auto day = [](const CertificateFacts& facts) { return facts.not_after.substr(0, 10); };
    return one.problem != other.problem || one.issuer != other.issuer || names(one) != names(other) || day(one) != day(other);
}

std::string side_of(const Seen& seen)
{
    const auto& certificate = seen.certificate;
    return seen.where + ": " + certificate.subject + ", " + certificate.issuer + ", " + certificate.not_after.substr(0, 10) + ", " +
           certificate.spki_sha256.substr(0, 16) + (certificate.problem ? ", " + std::string(slug(*certificate.problem)) : std::string());
}

class SecondLook {
public:
    SecondLook(Report& report, Surroundings& world, asio::any_io_executor executor)
        : report_(report), world_(world), mail_(executor), nursery_(executor)
    {
    }

    Task<void> run()
    {
        co_await asio::this_coro::throw_if_cancelled(false);
        for (const auto* list : {&report_.account.services, &report_.alternatives})
            for (const auto& service : *list)
                if (is_mail(service) && service.security != Security::plaintext) co_await consider(service, list == &report_.account.services);
        while (waiting_ > 0) {
            auto told = co_await mail_.next();
            if (!told) break;
            --waiting_;
            if (told->seen) seen_.push_back(std::move(*told->seen));
            if (told->announced) compare(*told->announced);
        }
        nursery_.cancel();
        co_await nursery_.join();
        name_differences();
    }

private:
    Task<void> consider(const Service& service, bool chosen)
    {
        co_await asio::this_coro::throw_if_cancelled(false);
        const auto same_host = [&](const Service& one) { return is_mail(one) && one.host == service.host; };
        if (std::ranges::none_of(report_.account.services, same_host)) co_return;
        const auto resolved = co_await resolve_addresses(world_.resolver, world_.clock, service.host);
        const auto met = met_at(service, world_);
        if (service.certificate) seen_.push_back({service, met ? text_of({*met, service.port}) : target_of(service), *service.certificate});
        if (chosen && resolved.authentic && service.certificate) {
            nursery_.start(ask_announced(service, world_, mail_));
            ++waiting_;
        }
        const auto another = std::ranges::find_if(resolved.list, [&](const IpAddress& one) {
            if (world_.ledger.is_silent(one)) return false;
            return service.certificate ? met && one.is_v6() != met->is_v6() : service.state == ServiceState::untested;
        });
        const bool failed = !service.certificate && service.state == ServiceState::failed;
        if (failed || another == resolved.list.end() || looks_ == most_looks) co_return;
        if (!world_.ledger.may_contact(HostLedger::Contact::mail)) co_return;
        ++looks_;
        ++waiting_;
        nursery_.start(look(service, {*another, service.port}, world_, mail_));
    }

    void compare(const Announced& announced)
    {
        if (match_tlsa(announced.records, announced.service.certificate->chain) != TlsaMatch::differs) return;
        report_.verdicts.push_back(about(VerdictCode::tlsa_mismatch, Severity::notice, Who::domain_owner, &announced.service));
        report_.verdicts.back().said = portolan::text_of(announced.records.front());
    }

    void name_differences()
    {
        for (const bool same_service : {true, false})                  // the nearer pair says it more plainly
            for (std::size_t i = 0; i < seen_.size(); ++i)
                for (std::size_t k = i + 1; k < seen_.size(); ++k)
                    if ((seen_[i].service.service == seen_[k].service.service) == same_service) compare(seen_[i], seen_[k]);
    }

    /// Once a host.
    void compare(const Seen& one, const Seen& other)
    {
        const auto& host = one.service.host;
        if (host != other.service.host || !differ(one.certificate, other.certificate) || !named_.insert(host.text()).second) return;
        report_.verdicts.push_back(about(VerdictCode::certificate_differs, Severity::notice, keeper_of(host, report_.domain), &one.service));
        report_.verdicts.back().evidence = {side_of(one), side_of(other)};
    }

    Report& report_;
    Surroundings& world_;
    Mailbox<Told> mail_;
    Nursery nursery_;
    std::vector<Seen> seen_;
    std::set<std::string> named_;              ///< hosts
    std::size_t looks_ = 0;
    int waiting_ = 0;
};

}

Task<Report> look_at_every_certificate(Report report, Surroundings& world)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    SecondLook look(report, world, co_await asio::this_coro::executor);
    co_await look.run();
    report.probes = world.log.probes();
    report.elapsed_ms = world.log.elapsed_ms();
    co_return report;
}

}
