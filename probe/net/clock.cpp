#include "probe/net/clock.hpp"

namespace portolan {

TimePoint SteadyClock::now() const { return std::chrono::steady_clock::now(); }
std::chrono::system_clock::time_point SteadyClock::wall() const { return std::chrono::system_clock::now(); }

Task<bool> SteadyClock::wait_until(TimePoint when)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    if ((co_await asio::this_coro::cancellation_state).cancelled() != asio::cancellation_type::none) co_return false;
    asio::steady_timer timer(co_await asio::this_coro::executor, when);
    const auto [error] = co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    co_return !error;
}

std::chrono::system_clock::time_point VirtualClock::wall() const
{
    // 2026-01-01T00:00:00Z at virtual zero: certificates of the tests are made around it.
    return std::chrono::system_clock::time_point(std::chrono::seconds(1767225600)) + std::chrono::duration_cast<std::chrono::system_clock::duration>(now_.time_since_epoch());
}

Task<bool> VirtualClock::wait_until(TimePoint when)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    if ((co_await asio::this_coro::cancellation_state).cancelled() != asio::cancellation_type::none) co_return false;
    if (when <= now_) co_return true;
    auto timer = std::make_shared<asio::steady_timer>(loop_, asio::steady_timer::time_point::max());
    const auto entry = waiters_.emplace(when, timer);
    co_await timer->async_wait(asio::as_tuple(asio::use_awaitable));
    if (now_ >= when) co_return true;                                  // woken by `run`, which took the entry out
    waiters_.erase(entry);
    co_return false;
}

bool VirtualClock::run(const std::function<bool()>& done)
{
    for (;;) {
        loop_.restart();
        while (loop_.poll() > 0) loop_.restart();
        if (done()) return true;
        if (waiters_.empty()) return false;
        now_ = waiters_.begin()->first;
        while (!waiters_.empty() && waiters_.begin()->first <= now_) {
            auto timer = waiters_.begin()->second;
            waiters_.erase(waiters_.begin());
            timer->cancel();
        }
    }
}

}
