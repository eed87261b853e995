// Structured concurrency in two small parts: a queue that one coroutine waits on, and a nursery whose children never outlive it.
#pragma once

#include "probe/net/loop.hpp"

#include <deque>
#include <list>

namespace portolan {

/// Many posters, one waiter, all on the loop's thread.
template <class T>
class Mailbox {
public:
    explicit Mailbox(asio::any_io_executor executor) : bell_(std::move(executor)) { bell_.expires_at(asio::steady_timer::time_point::max()); }

    void post(T value)
    {
        queue_.push_back(std::move(value));
        bell_.cancel();
    }

    /// The next value, or nothing when the waiting coroutine was cancelled.
    Task<std::optional<T>> next()
    {
        co_await asio::this_coro::throw_if_cancelled(false);
        while (queue_.empty()) {
            if ((co_await asio::this_coro::cancellation_state).cancelled() != asio::cancellation_type::none) co_return std::nullopt;
            co_await bell_.async_wait(asio::as_tuple(asio::use_awaitable));
        }
        T value = std::move(queue_.front());
        queue_.pop_front();
        co_return value;
    }

private:
    asio::steady_timer bell_;
    std::deque<T> queue_;
};

/// Children run side by side; `cancel` ends them, `join` waits until the last is gone, also when the caller is cancelled: then so are they.
/// join before the nursery goes out of scope.
class Nursery {
public:
    explicit Nursery(asio::any_io_executor executor) : executor_(executor), gone_(executor) { gone_.expires_at(asio::steady_timer::time_point::max()); }

    void start(Task<void> child)
    {
        auto& signal = signals_.emplace_back();
        ++running_;
        // A child's exception ends that child alone: children report through a mailbox, and what they did not say is missing evidence.
        asio::co_spawn(executor_, std::move(child), asio::bind_cancellation_slot(signal.slot(), [this](std::exception_ptr) {
            if (--running_ == 0) gone_.cancel();
        }));
    }

    void cancel()
    {
        for (auto& signal : signals_) signal.emit(asio::cancellation_type::all);
    }

    Task<void> join()
    {
        co_await asio::this_coro::throw_if_cancelled(false);
        for (bool told = false; running_ > 0; co_await gone_.async_wait(asio::as_tuple(asio::use_awaitable))) {
            const bool cancelled = (co_await asio::this_coro::cancellation_state).cancelled() != asio::cancellation_type::none;
            if (cancelled && !told) cancel();
            told = cancelled;
        }
    }

private:
    asio::any_io_executor executor_;
    asio::steady_timer gone_;
    std::list<asio::cancellation_signal> signals_;
    int running_ = 0;
};

}
