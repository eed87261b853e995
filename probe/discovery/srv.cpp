// SRV records: mail access and submission (RFC 6186, RFC 8314 §5.1), ManageSieve (RFC 5804), JMAP (RFC 8620), CalDAV and CardDAV (RFC
// 6764), ordered by RFC 2782.
#include "probe/discovery/srv.hpp"

#include "probe/discovery/document.hpp"
#include "probe/discovery/web_place.hpp"
#include "probe/net/mailbox.hpp"

#include <random>

namespace portolan {

namespace {

struct Label {
    std::string_view name;
    ServiceKind service;
    Security security;
    std::string_view well_known{}; ///< the path where no other is published; "" for what is not reached by HTTP

    bool dav() const { return service == ServiceKind::caldav || service == ServiceKind::carddav; }
};

/// A label for TLS stands before the one without it.
constexpr std::array labels{
    Label{"_imaps._tcp.", ServiceKind::imap, Security::tls},
    Label{"_imap._tcp.", ServiceKind::imap, Security::starttls},
    Label{"_submissions._tcp.", ServiceKind::smtp, Security::tls},
    Label{"_submission._tcp.", ServiceKind::smtp, Security::starttls},
    Label{"_pop3s._tcp.", ServiceKind::pop3, Security::tls},
    Label{"_pop3._tcp.", ServiceKind::pop3, Security::starttls},
    Label{"_sieve._tcp.", ServiceKind::managesieve, Security::starttls},
    Label{"_jmap._tcp.", ServiceKind::jmap, Security::tls, "/.well-known/jmap"},
    Label{"_caldavs._tcp.", ServiceKind::caldav, Security::tls, "/.well-known/caldav"},
    Label{"_caldav._tcp.", ServiceKind::caldav, Security::plaintext, "/.well-known/caldav"},
    Label{"_carddavs._tcp.", ServiceKind::carddav, Security::tls, "/.well-known/carddav"},
    Label{"_carddav._tcp.", ServiceKind::carddav, Security::plaintext, "/.well-known/carddav"},
};
constexpr std::size_t most_targets = 16;

/// The port says more than the label: "_imap" on 993, "_submission" on 465 and "_caldav" on 443 are implicit TLS in practice.
Security security_at(const Label& label, Port port)
{
    if (label.service == ServiceKind::managesieve) return Security::starttls; // there is no other way to TLS
    if (!label.well_known.empty()) return port == 443 ? Security::tls : label.security;
    if (port == default_port(label.service, Security::tls)) return Security::tls;
    if (port == default_port(label.service, Security::starttls) || (label.service == ServiceKind::smtp && port == 25))
        return Security::starttls;
    return label.security;
}

struct Heard {
    DnsAnswer srv;
    std::vector<std::string> txt;              ///< its strings

    bool offers() const
    {
        return std::ranges::any_of(srv.srv, [](const SrvTarget& target) { return !target.host.empty() && target.port != 0; });
    }
};

/// The TXT record is asked for only where its service exists.
Task<void> ask_label(Resolver& resolver, std::string name, bool dav, Heard& heard)
{
    heard.srv = co_await resolver.ask(name, RecordType::srv);
    if (dav && heard.offers()) heard.txt = (co_await resolver.ask(std::move(name), RecordType::txt)).txt_strings;
}

class Reading {
public:
    explicit Reading(const EmailAddress& address, std::array<Heard, labels.size()> heard) : address_(address), heard_(std::move(heard)) {}

    SourceResult result()
    {
        for (const auto at : in_order()) read(labels[at], heard_[at]);
        for (const auto kind : {ServiceKind::imap, ServiceKind::pop3, ServiceKind::smtp}) note_declined(kind);
        const bool any_answer = std::ranges::any_of(heard_, [](const Heard& one) { return one.srv.found() || one.srv.said_no(); });
        result_.end = !result_.findings.empty() ? SourceEnd::found : any_answer ? SourceEnd::nothing : SourceEnd::failed;
        return std::move(result_);
    }

private:
    /// The best priority that any label of `kind` has.
    std::optional<std::uint16_t> priority_of(ServiceKind kind) const
    {
        std::optional<std::uint16_t> best;
        for (std::size_t i = 0; i < labels.size(); ++i) {
            if (labels[i].service != kind) continue;
            for (const auto& target : heard_[i].srv.srv)
                if (!target.host.empty()) best = std::min(best.value_or(target.priority), target.priority);
        }
        return best;
    }

    /// Its owner says with a lone "." that there is no implicit TLS for it (RFC 2782).
    bool declines_tls(ServiceKind kind) const
    {
        for (std::size_t i = 0; i < labels.size(); ++i) {
            const auto& targets = heard_[i].srv.srv;
            if (labels[i].service == kind && labels[i].security == Security::tls && targets.size() == 1 && targets.front().host.empty()) return true;
        }
        return false;
    }

    /// With a lone "." under one label at least, and with a server under none, its owner says that there is no such service (RFC 2782).
    void note_declined(ServiceKind kind)
    {
        const Label* declined = nullptr;
        for (std::size_t i = 0; i < labels.size(); ++i) {
            const auto& targets = heard_[i].srv.srv;
            if (labels[i].service != kind || targets.empty()) continue;
            if (targets.size() != 1 || !targets.front().host.empty()) return;
            if (!declined) declined = &labels[i];
        }
        if (!declined) return;
        say(result_, VerdictCode::service_declined, Severity::notice, std::string(declined->name) + address_.domain().text(), {}, {});
        result_.verdicts.back().service = slug(kind);
        result_.verdicts.back().who = Who::domain_owner;
    }

    /// POP3 stands before IMAP where its owner gave it the better priority (RFC 6186 §3.4); equal ones are left to the client.
    std::vector<std::size_t> in_order() const
    {
        std::vector<std::size_t> order;
        for (std::size_t i = 0; i < labels.size(); ++i) order.push_back(i);
        const auto imap = priority_of(ServiceKind::imap), pop3 = priority_of(ServiceKind::pop3);
        if (imap && pop3 && *pop3 < *imap)
            std::ranges::stable_partition(order, [](std::size_t i) { return labels[i].service == ServiceKind::pop3; });
        return order;
    }

    void read(const Label& label, const Heard& heard)
    {
        // Without TLS only what nobody offers with it.
        if (label.security == Security::plaintext &&
            std::ranges::any_of(result_.findings, [&](const Finding& one) { return one.service.service == label.service; }))
            return;
        auto targets =
            order_srv(heard.srv.srv, [this](std::uint32_t most) { return std::uniform_int_distribution<std::uint32_t>(0, most)(seed_); });
        if (targets.size() > most_targets) targets.resize(most_targets); // the best of them, not the first that were heard
        const auto path = path_of(label, heard);
        for (const auto& target : targets) {
            const auto host = parse_hostname(target.host); // "" (declined, RFC 2782) is no host name either
            if (!host || target.port == 0 || (!path.empty() && host->is_ip())) continue;
            Finding finding;
            finding.source = Source::srv;
            finding.location = "SRV " + std::string(label.name) + address_.domain().text();
            finding.order = static_cast<int>(result_.findings.size());
            finding.authenticated = heard.srv.authentic;
            finding.final = declines_tls(label.service);
            auto& service = finding.service;
            service.service = label.service;
            service.host = *host;
            service.port = target.port;
            service.security = security_at(label, target.port);
            if (!path.empty()) service.url = url_of(service.host, service.port, service.security, path);
            service.username = address_.text(); // RFC 6186 §4, RFC 6764 §6: the full address first
            service.sources = {Source::srv};
            service.trust = service.security == Security::plaintext ? Trust::insecure : finding.authenticated ? Trust::authenticated : Trust::confirm;
            result_.findings.push_back(std::move(finding));
        }
    }

    /// "" for what is not reached by HTTP.
    std::string path_of(const Label& label, const Heard& heard)
    {
        bool refused = false;
        auto path = dav_path(heard.txt, refused);
        if (refused && !path)
            say(result_, VerdictCode::settings_malformed, Severity::notice, "TXT " + std::string(label.name) + address_.domain().text(), {},
                "path");
        return path ? *path : std::string(label.well_known);
    }

    const EmailAddress& address_;
    std::array<Heard, labels.size()> heard_;
    std::random_device seed_;
    SourceResult result_{.source = Source::srv};
};

} // namespace

Task<SourceResult> ask_srv(SourceInput in)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    std::array<Heard, labels.size()> heard;
    Nursery nursery(co_await asio::this_coro::executor);
    for (std::size_t i = 0; i < labels.size(); ++i)
        nursery.start(ask_label(in.world.resolver, std::string(labels[i].name) + in.address.domain().text(), labels[i].dav(), heard[i]));
    co_await nursery.join();
    co_return Reading(in.address, std::move(heard)).result();
}

} // namespace portolan
