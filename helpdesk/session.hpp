// One command at work: a loop, a world, one run in it, and the questions a person is asked on the way.
#pragma once

#include "helpdesk/options.hpp"
#include "helpdesk/progress.hpp"

namespace portolan {

class Session {
public:
    /// The real network, as `request` wants it. The error is a whole clause about the option that cannot be used.
    static std::expected<std::unique_ptr<Session>, std::string> real(const Request& request);
    /// The built-in servers.
    static std::expected<std::unique_ptr<Session>, std::string> demonstration();

    /// Search, then on a terminal the questions that the evidence leaves open, then the sign-in where `password` gives one.
    /// `password` is called once, after it is known where it would go, and only where it may go somewhere.
    Report settle(const EmailAddress& address, SearchOptions& options, bool may_ask, const std::function<std::optional<Secret>(const Report&)>& password);

private:
    Session() = default;
    void ask_questions(Report& report, SearchOptions& options);
    template <class T> T wait_for(Task<T> task);

    asio::io_context loop_{1};
    std::optional<World> world_;
    std::unique_ptr<Progress> progress_;
    std::unique_ptr<Run> run_;
};

}
