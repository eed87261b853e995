// Time, handed in: the steady clock of the machine, or a virtual one that jumps from waiter to waiter (tests, replays).
#pragma once

#include "probe/account/outcome.hpp"
#include "probe/net/loop.hpp"

namespace portolan {

using TimePoint = std::chrono::steady_clock::time_point;

class Clock {
public:
    virtual ~Clock() = default;
    virtual TimePoint now() const = 0;
    virtual std::chrono::system_clock::time_point wall() const = 0;      ///< for certificate dates and the report
    /// Returns at `when` (true), or earlier with false when the calling coroutine was cancelled.
    virtual Task<bool> wait_until(TimePoint when) = 0;
    Task<bool> wait_for(milliseconds span) { return wait_until(now() + span); }
};

class SteadyClock : public Clock {
public:
    TimePoint now() const override;
    std::chrono::system_clock::time_point wall() const override;
    Task<bool> wait_until(TimePoint when) override;
};

/// Virtual time: nothing passes until `run` finds the loop idle, then it jumps to the earliest waiter. No sleeping in tests.
class VirtualClock : public Clock {
public:
    explicit VirtualClock(asio::io_context& loop) : loop_(loop) {}
    TimePoint now() const override { return now_; }
    std::chrono::system_clock::time_point wall() const override;
    Task<bool> wait_until(TimePoint when) override;
    /// Runs the loop until `done` says so or nothing is left to do; returns whether `done` was reached.
    bool run(const std::function<bool()>& done);

private:
    asio::io_context& loop_;
    TimePoint now_{};
    std::multimap<TimePoint, std::shared_ptr<asio::steady_timer>> waiters_;
};

/// Was the calling coroutine cancelled? It stays so: whoever asks later hears the same, and starts nothing new.
inline Task<bool> was_cancelled()
{
    co_return (co_await asio::this_coro::cancellation_state).cancelled() != asio::cancellation_type::none;
}

/// Runs `task` until it ends or `deadline` comes; then the task is cancelled, awaited, and the outcome is Cause::timed_out at `stage`.
template <class T>
Task<Outcome<T>> with_deadline(Clock& clock, TimePoint deadline, Stage stage, Task<Outcome<T>> task);

}

#include "probe/net/deadline.ipp"
