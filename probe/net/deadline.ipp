#pragma once

namespace portolan {

namespace detail {

template <class T>
struct DeadlineRace {
    explicit DeadlineRace(const asio::any_io_executor& executor) : bell(executor, asio::steady_timer::time_point::max()) {}
    asio::steady_timer bell;
    asio::cancellation_signal stop_task, stop_clock;
    std::optional<Outcome<T>> outcome;
    bool rang = false, task_gone = false, clock_gone = false;
};

}

/// Written out instead of `task || clock`: both sides are always awaited to their end, a side that throws counts as cancelled, and a cancelled
/// caller hands the cancellation down and says Cause::cancelled, never timed_out. The caller's cancellation stays set: what it does next ends at once, too.
template <class T>
Task<Outcome<T>> with_deadline(Clock& clock, TimePoint deadline, Stage stage, Task<Outcome<T>> task)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    if (co_await was_cancelled()) co_return std::unexpected(Failure{stage, Cause::cancelled, {}});
    const auto executor = co_await asio::this_coro::executor;
    auto race = std::make_shared<detail::DeadlineRace<T>>(executor);
    asio::co_spawn(executor, std::move(task), asio::bind_cancellation_slot(race->stop_task.slot(), [race](std::exception_ptr thrown, Outcome<T> value) {
        race->task_gone = true;
        if (!thrown) race->outcome.emplace(std::move(value));
        race->bell.cancel();
    }));
    asio::co_spawn(executor, clock.wait_until(deadline), asio::bind_cancellation_slot(race->stop_clock.slot(), [race](std::exception_ptr thrown, bool reached) {
        race->clock_gone = true;
        race->rang = !thrown && reached;
        race->bell.cancel();
    }));
    bool cancelled = false;
    while (!race->task_gone && !race->rang && !cancelled) {
        co_await race->bell.async_wait(asio::as_tuple(asio::use_awaitable));
        cancelled = co_await was_cancelled();
    }
    const bool in_time = race->task_gone;
    // The children refer to objects of the caller: they end before it goes on, whatever it was that ended the race.
    race->stop_task.emit(asio::cancellation_type::all);
    race->stop_clock.emit(asio::cancellation_type::all);
    while (!race->task_gone || !race->clock_gone) co_await race->bell.async_wait(asio::as_tuple(asio::use_awaitable));
    if (cancelled) co_return std::unexpected(Failure{stage, Cause::cancelled, {}});
    if (in_time && race->outcome) co_return std::move(*race->outcome);
    co_return std::unexpected(Failure{stage, in_time ? Cause::cancelled : Cause::timed_out, {}});
}

}
