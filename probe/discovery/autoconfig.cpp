// Autoconfig of the domain itself: its own host, its well-known path, both again without TLS, and where its TXT record points.
#include "probe/discovery/autoconfig.hpp"
#include "probe/discovery/source_ends.hpp"
#include "probe/discovery/web_address.hpp"

#include "probe/net/mailbox.hpp"

namespace portolan {

namespace {

constexpr std::size_t most_txt = 3;

std::string own_place(const SourceInput& in) { return "://autoconfig." + in.address.domain().text() + "/mail/config-v1.1.xml"; }
std::string wellknown_place(const SourceInput& in)
{
    return "://" + in.address.domain().text() + "/.well-known/autoconfig/mail/config-v1.1.xml";
}

/// Some servers answer only the form without the address (400 or 404 to the other one). Both are asked at once: one after the other
/// would cost whoever waits for this place a second connection's round trips. The form with the address is believed first.
std::vector<AutoconfigPlace> both_forms(const std::string& url) { return {{url, true}, {url, false}}; }

}

Task<SourceResult> ask_autoconfig(SourceInput in)
{
    const auto url = "https" + own_place(in);
    return ask_autoconfig_places(std::move(in), Source::autoconfig, both_forms(url));
}

Task<SourceResult> ask_autoconfig_wellknown(SourceInput in)
{
    const auto url = "https" + wellknown_place(in);
    return ask_autoconfig_places(std::move(in), Source::autoconfig_wellknown, both_forms(url));
}

Task<SourceResult> ask_autoconfig_http(SourceInput in)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    SourceResult result{.source = Source::autoconfig_http, .end = SourceEnd::skipped};
    if (!in.ends) co_return result;
    // Each follows its own twin: that one of them is slow does not hold up the other.
    struct Twin {
        bool asked = false;
        SourceResult result;
    };
    std::array<Twin, 2> twins;
    const auto executor = co_await asio::this_coro::executor;
    Nursery nursery(executor);
    const auto follow = [](SourceInput input, Source secured, std::string url, Twin& twin) -> Task<void> {
        co_await asio::this_coro::throw_if_cancelled(false);
        if (co_await input.ends->of(secured) != SourceEnd::failed) co_return;
        twin.asked = true;
        // A host that was silent at 443 is mostly silent altogether: one dead host should not cost two whole timeouts.
        const auto address = read_web_address(url);
        const auto dead = address ? input.world.ledger.known_dead(address->host, 443) : std::nullopt;
        AutoconfigPlace place{std::move(url)};
        place.plain = true;
        place.limit = dead && dead->cause == Cause::timed_out ? 2s : 5s;
        std::vector<AutoconfigPlace> places;
        places.push_back(std::move(place));
        twin.result = co_await ask_autoconfig_places(std::move(input), Source::autoconfig_http, std::move(places));
    };
    nursery.start(follow(in, Source::autoconfig, "http" + own_place(in), twins[0]));
    nursery.start(follow(in, Source::autoconfig_wellknown, "http" + wellknown_place(in), twins[1]));
    co_await nursery.join();
    // The first that has a document; what was wrong with the other is said as well.
    for (auto& twin : twins) {
        if (!twin.asked) continue;
        const bool better = result.end != SourceEnd::found &&
                            (twin.result.end == SourceEnd::found || result.end == SourceEnd::skipped || result.end == SourceEnd::failed);
        auto verdicts = std::move(result.verdicts);
        std::ranges::move(twin.result.verdicts, std::back_inserter(verdicts));
        if (better) result = std::move(twin.result);
        result.verdicts = std::move(verdicts);
    }
    co_return result;
}

Task<SourceResult> ask_autoconfig_txt(SourceInput in)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    static constexpr std::string_view key = "mailconf=";
    SourceResult result{.source = Source::autoconfig_txt};
    const auto answer = co_await in.world.resolver.ask(in.address.domain().text(), RecordType::txt);
    if (!answer.found()) {
        result.end = answer.said_no() ? SourceEnd::nothing : SourceEnd::failed;
        co_return result;
    }
    std::vector<AutoconfigPlace> places;
    for (const auto& text : answer.txt) {
        if (places.size() == most_txt) break;
        if (!text.starts_with(key)) continue;
        const auto url = read_web_address(std::string_view(text).substr(key.size()));
        if (url && url->https && std::ranges::find(places, url->text, &AutoconfigPlace::url) == places.end()) places.push_back({url->text});
    }
    if (places.empty()) co_return result;
    co_return co_await ask_autoconfig_places(std::move(in), Source::autoconfig_txt, std::move(places));
}

}
