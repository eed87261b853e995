// SRV records for mail access and submission (RFC 6186, RFC 8314 §5.1), ordered by RFC 2782.
#include "probe/discovery/finding.hpp"

#include "probe/net/mailbox.hpp"

#include <random>

namespace portolan {

namespace {

struct Label {
    std::string_view name;
    ServiceKind service;
    Security security;
};

constexpr std::array labels{
    Label{"_imaps._tcp.", ServiceKind::imap, Security::tls},       Label{"_imap._tcp.", ServiceKind::imap, Security::starttls},
    Label{"_submissions._tcp.", ServiceKind::smtp, Security::tls}, Label{"_submission._tcp.", ServiceKind::smtp, Security::starttls},
    Label{"_pop3s._tcp.", ServiceKind::pop3, Security::tls},       Label{"_pop3._tcp.", ServiceKind::pop3, Security::starttls},
};
constexpr std::size_t most_targets = 16;

/// The port says more than the label: "_imap" on 993 and "_submission" on 465 are implicit TLS in practice.
Security security_at(ServiceKind kind, Port port, Security labelled)
{
    if (port == default_port(kind, Security::tls)) return Security::tls;
    if (port == default_port(kind, Security::starttls) || (kind == ServiceKind::smtp && port == 25)) return Security::starttls;
    return labelled;
}

}

Task<SourceResult> ask_srv(SourceInput in)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    SourceResult result{.source = Source::srv};
    const auto& domain = in.address.domain();
    const auto executor = co_await asio::this_coro::executor;
    Nursery nursery(executor);
    std::array<DnsAnswer, labels.size()> answers;
    const auto ask = [](Resolver& resolver, std::string name, DnsAnswer& slot) -> Task<void> { slot = co_await resolver.ask(std::move(name), RecordType::srv); };
    for (std::size_t i = 0; i < labels.size(); ++i) nursery.start(ask(in.world.resolver, std::string(labels[i].name) + domain.text(), answers[i]));
    co_await nursery.join();

    std::random_device seed;
    const auto random = [&seed](std::uint32_t most) { return std::uniform_int_distribution<std::uint32_t>(0, most)(seed); };
    bool any_answer = false;
    int order = 0;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        any_answer = any_answer || answers[i].found() || answers[i].said_no();
        auto targets = order_srv(std::move(answers[i].srv), random);
        if (targets.size() > most_targets) targets.resize(most_targets);    // the best of them, not the first that were heard
        for (const auto& target : targets) {
            const auto host = parse_hostname(target.host);             // "" (declined, RFC 2782) is no host name either
            if (!host || target.port == 0) continue;
            Finding finding;
            finding.source = Source::srv;
            finding.location = "SRV " + std::string(labels[i].name) + domain.text();
            finding.order = order++;
            auto& service = finding.service;
            service.service = labels[i].service;
            service.host = *host;
            service.port = target.port;
            service.security = security_at(service.service, target.port, labels[i].security);
            service.username = in.address.text();                      // RFC 6186 §4: the full address first
            service.sources = {Source::srv};
            service.trust = Trust::confirm;
            result.findings.push_back(std::move(finding));
        }
    }
    result.end = !result.findings.empty() ? SourceEnd::found : any_answer ? SourceEnd::nothing : SourceEnd::failed;
    co_return result;
}

}
