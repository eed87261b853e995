// From MX records to the provider's domain (draft-ietf-mailmaint-autoconfig §"MX"), never at or above a public suffix.
#include "probe/discovery/autoconfig.hpp"

#include "providers/catalogue.hpp"

namespace portolan {

namespace {

/// Mail passes through these on its way to a mailbox elsewhere: they say nothing about the servers it is read from.
constexpr std::array<std::string_view, 12> filters{
    "pphosted.com",       "ppe-hosted.com",  "mimecast.com",    "mimecast.co.za", "barracudanetworks.com", "hornetsecurity.com",
    "antispameurope.com", "messagelabs.com", "mailcontrol.com", "iphmx.com",      "trendmicro.com",        "trendmicro.eu",
};

bool is_filter(std::string_view registrable) { return std::ranges::find(filters, registrable) != filters.end(); }

}

Task<MailExchange> mail_exchange_of(SourceInput in)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    MailExchange exchange;
    const auto& domain = in.address.domain();
    if (provider_for_domain(domain.text())) {
        exchange.end = SourceEnd::skipped;
        co_return exchange;
    }
    const auto answer = co_await in.world.resolver.ask(domain.text(), RecordType::mx);
    if (!answer.found() || answer.mx.empty()) {
        exchange.end = answer.found() || answer.said_no() ? SourceEnd::nothing : SourceEnd::failed;
        co_return exchange;
    }
    const auto lowest = answer.mx.front().preference;
    for (const auto& mx : answer.mx) {
        if (mx.preference != lowest) break;
        const auto host = parse_hostname(mx.host); // "" is a null MX (RFC 7505); an address literal is no provider either
        const auto base = host ? registrable_domain(*host) : std::string();
        if (base.empty()) continue;
        if (is_filter(base)) co_return exchange;
        if (provider_for_mx(host->text()) || base == registrable_domain(domain)) {
            exchange.end = SourceEnd::skipped;
            co_return exchange;
        }
        exchange.end = SourceEnd::found;
        auto full = host->text().substr(host->text().find('.') + 1);
        if (full.size() > base.size()) exchange.domains.push_back(std::move(full));
        exchange.domains.push_back(base);
        co_return exchange;
    }
    co_return exchange;
}

}
