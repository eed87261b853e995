#pragma once

namespace portolan {

template <class T>
Task<Outcome<T>> with_deadline(Clock& clock, TimePoint deadline, Stage stage, Task<Outcome<T>> task)
{
    using namespace asio::experimental::awaitable_operators;
    // Either side may be cancelled by the other; both swallow that and return, so the race always ends with a value.
    auto outcome = co_await (std::move(task) || clock.wait_until(deadline));
    if (outcome.index() == 0) co_return std::move(std::get<0>(outcome));
    co_return std::unexpected(Failure{stage, Cause::timed_out, {}});
}

}
