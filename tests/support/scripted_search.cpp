// A search in a scripted world, from the address to the report.
#include "tests/support/scripted_world.hpp"

#include <list>

namespace portolan::scripted {

Searched search(World& world, std::string_view address, SearchScript script)
{
    Searched result;
    const auto began = world.clock.now();
    TimePoint cancelled{};
    asio::cancellation_signal stop, stop_events;
    int running = 1;
    {
        auto one = std::make_unique<Run>(world, script.listener);
        asio::co_spawn(world.loop, find(mail_address(address), one->around(), script.options, script.listener, script.control),
                       asio::bind_cancellation_slot(stop.slot(), [&](std::exception_ptr thrown, Report report) {
                           if (thrown) std::rethrow_exception(thrown);
                           result.report = std::move(report);
                           result.ended = true;
                           result.took = std::chrono::duration_cast<milliseconds>(world.clock.now() - began);
                           if (cancelled != TimePoint{}) result.after_cancel = std::chrono::duration_cast<milliseconds>(world.clock.now() - cancelled);
                           --running;
                       }));
        if (script.cancel_at) script.events.emplace_back(*script.cancel_at, [&] {
            cancelled = world.clock.now();
            stop.emit(asio::cancellation_type::all);
        });
        std::list<asio::cancellation_signal> bells;
        for (auto& [when, what] : script.events) {
            const auto at = [](VirtualClock& clock, TimePoint moment, std::function<void()> act) -> Task<void> {
                if (co_await clock.wait_until(moment)) act();
            };
            asio::co_spawn(world.loop, at(world.clock, began + when, what), asio::bind_cancellation_slot(bells.emplace_back().slot(), asio::detached));
        }
        world.clock.run([&] { return running == 0; });
        for (auto& bell : bells) bell.emit(asio::cancellation_type::all);
        world.clock.run([] { return true; });
    }
    world.clock.run([] { return true; });                              // what the end of the run has cancelled gets its say, at the same moment
    return result;
}

Report signed_in(World& world, std::string_view address, SearchOptions options)
{
    Run one(world);
    const auto secret = options.password;
    options.password.reset();
    auto report = run(world, find(mail_address(address), one.around(), options));
    options.password = secret;
    return run(world, sign_in(std::move(report), one.around(), options));
}

bool has(const Report& report, VerdictCode code)
{
    return std::ranges::any_of(report.verdicts, [&](const Verdict& verdict) { return verdict.code == code; });
}

const Verdict* said(const Report& report, VerdictCode code)
{
    const auto found = std::ranges::find(report.verdicts, code, &Verdict::code);
    return found == report.verdicts.end() ? nullptr : &*found;
}

std::string in_host(const Report& report)
{
    const auto* service = report.account.incoming();
    return service ? service->host.text() : "";
}

std::string out_host(const Report& report)
{
    const auto* service = report.account.find(ServiceKind::smtp);
    return service ? service->host.text() : "";
}

}
