// The database of providers, by the domain itself and by who takes its mail; and autoconfig of the latter.
#include "probe/discovery/autoconfig.hpp"
#include "probe/discovery/web_address.hpp"

#include "providers/catalogue.hpp"

namespace portolan {

namespace {

/// nothing: it is switched off, or its address is none that can be asked.
std::optional<std::string> database(const SourceInput& in)
{
    const auto address = read_web_address(in.options.ispdb);
    if (!address || !address->https) return std::nullopt;
    const bool open = address->text.ends_with('/') || address->text.ends_with('='); // the domain is appended
    return open ? address->text : address->text + "/";
}

SourceResult skipped(Source source) { return {.source = source, .end = SourceEnd::skipped}; }

}

Task<SourceResult> ask_ispdb(SourceInput in)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    const auto& domain = in.address.domain();
    const auto base = database(in);
    if (!base || is_reserved_name(domain) || provider_for_domain(domain.text())) co_return skipped(Source::ispdb);
    std::vector<AutoconfigPlace> places;
    places.push_back({*base + domain.text()});
    co_return co_await ask_autoconfig_places(std::move(in), Source::ispdb, std::move(places));
}

Task<SourceResult> ask_ispdb_mx(SourceInput in)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    const auto base = database(in);
    if (!base || is_reserved_name(in.address.domain())) co_return skipped(Source::ispdb_mx);
    auto exchange = co_await mail_exchange_of(in);
    if (exchange.end != SourceEnd::found) co_return SourceResult{.source = Source::ispdb_mx, .end = exchange.end};
    if (const auto last = parse_hostname(exchange.domains.back()); !last || is_reserved_name(*last)) co_return skipped(Source::ispdb_mx);
    std::vector<AutoconfigPlace> places;
    for (const auto& one : exchange.domains) {
        AutoconfigPlace place{*base + one};
        place.names_domain = false;
        places.push_back(std::move(place));
    }
    co_return co_await ask_autoconfig_places(std::move(in), Source::ispdb_mx, std::move(places));
}

Task<SourceResult> ask_autoconfig_mx(SourceInput in)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    auto exchange = co_await mail_exchange_of(in);
    if (exchange.end != SourceEnd::found) co_return SourceResult{.source = Source::autoconfig_mx, .end = exchange.end};
    std::vector<AutoconfigPlace> places;
    for (const auto& one : exchange.domains) {
        AutoconfigPlace place{"https://autoconfig." + one + "/mail/config-v1.1.xml"};
        place.names_domain = false;
        places.push_back(std::move(place));
    }
    co_return co_await ask_autoconfig_places(std::move(in), Source::autoconfig_mx, std::move(places));
}

}
