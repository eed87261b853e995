// The last resort: names that mail servers usually have, at the ports they usually listen on. Only names that exist are guessed.
#include "probe/discovery/finding.hpp"

#include "probe/net/mailbox.hpp"

namespace portolan {

namespace {

struct Guess {
    std::string_view prefix;
    ServiceKind service;
};

/// In order of likelihood (what Thunderbird's list of providers uses most).
constexpr std::array guesses{
    Guess{"imap.", ServiceKind::imap}, Guess{"mail.", ServiceKind::imap}, Guess{"smtp.", ServiceKind::smtp}, Guess{"mail.", ServiceKind::smtp},
    Guess{"pop3.", ServiceKind::pop3}, Guess{"pop.", ServiceKind::pop3},  Guess{"mail.", ServiceKind::pop3}, Guess{"mx.", ServiceKind::imap},
    Guess{"mx.", ServiceKind::smtp},   Guess{"", ServiceKind::imap},      Guess{"", ServiceKind::smtp},
};
constexpr std::array<std::string_view, 7> prefixes{"imap.", "mail.", "smtp.", "pop3.", "pop.", "mx.", ""};

struct Label {
    std::string_view name;
    ServiceKind service;
    Security security;
};
constexpr std::array labels{
    Label{"_imaps._tcp.", ServiceKind::imap, Security::tls}, Label{"_imap._tcp.", ServiceKind::imap, Security::starttls},       Label{"_submissions._tcp.", ServiceKind::smtp, Security::tls},
    Label{"_pop3s._tcp.", ServiceKind::pop3, Security::tls}, Label{"_submission._tcp.", ServiceKind::smtp, Security::starttls}, Label{"_pop3._tcp.", ServiceKind::pop3, Security::starttls},
};

/// What every guess has to know: whether the zone answers for all names, and what its owner declines.
struct Zone {
    std::vector<IpAddress> wildcard;
    std::set<std::pair<ServiceKind, Security>> declined;
};

constexpr auto patience = 500ms;               ///< for that knowledge: negative answers are as quick as others, or somebody is in trouble

struct Event {
    std::string_view prefix;                   ///< of a name that was looked up
    std::optional<Addresses> addresses;        ///< nothing: the zone is known, or patience is at its end
};

Task<void> look_up(SourceInput in, std::string_view prefix, Mailbox<Event>& to)
{
    Event event{prefix, Addresses{}};
    if (const auto host = parse_hostname(std::string(prefix) + in.address.domain().text())) {
        const bool rare = std::ranges::find(rare_names, prefix) != rare_names.end();
        event.addresses = rare ? co_await resolve_rare_name(in.world.resolver, in.world.clock, *host) : co_await resolve_addresses(in.world.resolver, in.world.clock, *host);
    }
    to.post(std::move(event));
}

Task<void> learn_zone(SourceInput in, Zone& zone, Mailbox<Event>& to)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    const auto& domain = in.address.domain().text();
    Nursery nursery(co_await asio::this_coro::executor);
    const auto nobody = [](Resolver& resolver, std::string name, Zone& about) -> Task<void> { 
        const auto answer = co_await resolver.ask(std::move(name), RecordType::a);
        about.wildcard.insert(about.wildcard.end(), answer.addresses.begin(), answer.addresses.end());
    };
    const auto declined = [](Resolver& resolver, std::string name, Label label, Zone& about) -> Task<void> {
        const auto answer = co_await resolver.ask(std::move(name), RecordType::srv);
        if (answer.srv.size() == 1 && answer.srv.front().host.empty()) about.declined.insert({label.service, label.security});
    };
    nursery.start(nobody(in.world.resolver, label_of_nobody(domain), zone));
    nursery.start(nobody(in.world.resolver, name_that_cannot_exist(), zone));          // a resolver that invents answers does so for every name
    for (const auto& label : labels) nursery.start(declined(in.world.resolver, std::string(label.name) + domain, label, zone));
    co_await nursery.join();
    to.post({});
}

Task<void> be_patient(Clock& clock, Mailbox<Event>& to)
{
    if (co_await clock.wait_for(patience)) to.post({});
}

class Guessing {
public:
    explicit Guessing(SourceInput in, asio::any_io_executor executor) : in_(std::move(in)), mail_(executor), nursery_(executor) {}

    Task<SourceResult> run()
    {
        for (const auto prefix : prefixes) nursery_.start(look_up(in_, prefix, mail_));
        nursery_.start(learn_zone(in_, zone_, mail_));
        nursery_.start(be_patient(in_.world.clock, mail_));
        for (std::size_t left = prefixes.size(); left > 0 || !zone_known_;) {
            auto event = co_await mail_.next();
            if (!event) break;
            if (event->addresses) {
                --left;
                names_[event->prefix] = std::move(*event->addresses);
                if (zone_known_) guess(event->prefix);
            } else if (!zone_known_) {
                zone_known_ = true;
                for (const auto prefix : prefixes)
                    if (names_.contains(prefix)) guess(prefix);
            }
        }
        nursery_.cancel();
        co_await nursery_.join();
        const bool any_answer = std::ranges::any_of(names_, [](const auto& name) { return name.second.status != DnsStatus::timed_out && name.second.status != DnsStatus::cancelled; });
        result_.end = !result_.findings.empty() ? SourceEnd::found : any_answer ? SourceEnd::nothing : SourceEnd::failed;
        co_return std::move(result_);
    }

private:
    void guess(std::string_view prefix)
    {
        const auto& addresses = names_[prefix].list;
        if (addresses.empty()) return;
        // A wildcard answers for every name: that this one exists says nothing, so it goes behind the others.
        const auto by_wildcard = [this](const IpAddress& one) { return std::ranges::find(zone_.wildcard, one) != zone_.wildcard.end(); };
        int order = !zone_.wildcard.empty() && std::ranges::all_of(addresses, by_wildcard) ? 1000 : 0;
        for (const auto& guess : guesses)
            for (const auto security : {Security::tls, Security::starttls}) {
                ++order;
                if (guess.prefix == prefix && !zone_.declined.contains({guess.service, security})) tell(guess, security, order);
            }
    }

    void tell(const Guess& guess, Security security, int order)
    {
        const auto host = parse_hostname(std::string(guess.prefix) + in_.address.domain().text());
        Finding finding;
        finding.source = Source::guess;
        finding.location = "name " + host->text();
        finding.order = order;
        auto& service = finding.service;
        service.service = guess.service;
        service.host = *host;
        service.security = security;
        service.port = default_port(guess.service, security);
        service.username = in_.address.text();
        service.sources = {Source::guess};
        service.trust = Trust::confirm;
        if (in_.tell) in_.tell(finding);
        result_.findings.push_back(std::move(finding));
    }

    SourceInput in_;
    Mailbox<Event> mail_;
    Nursery nursery_;
    Zone zone_;
    bool zone_known_ = false;
    std::map<std::string_view, Addresses> names_;
    SourceResult result_{.source = Source::guess};
};

}

Task<SourceResult> ask_guess(SourceInput in)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    Guessing guessing(std::move(in), co_await asio::this_coro::executor);
    co_return co_await guessing.run();
}

}
