// How the sources of one run came out, for those that are asked only after another one has failed.
#pragma once

#include "probe/discovery/finding.hpp"

namespace portolan {

class SourceEnds {
public:
    explicit SourceEnds(asio::any_io_executor executor) : bell_(std::move(executor))
    {
        bell_.expires_at(asio::steady_timer::time_point::max());
    }

    /// A source that this run does not ask has ended as well: skipped.
    void ended(Source source, SourceEnd end)
    {
        ends_[source] = end;
        bell_.cancel();
    }

    /// Waits for it; `cancelled` when the waiting coroutine was.
    Task<SourceEnd> of(Source source)
    {
        co_await asio::this_coro::throw_if_cancelled(false);
        while (!ends_.contains(source)) {
            if ((co_await asio::this_coro::cancellation_state).cancelled() != asio::cancellation_type::none) co_return SourceEnd::cancelled;
            co_await bell_.async_wait(asio::as_tuple(asio::use_awaitable));
        }
        co_return ends_.at(source);
    }

private:
    asio::steady_timer bell_;
    std::map<Source, SourceEnd> ends_;
};

}
