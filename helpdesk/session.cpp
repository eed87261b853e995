#include "helpdesk/session.hpp"

#include "demo/demo.hpp"
#include "helpdesk/language.hpp"
#include "helpdesk/terminal.hpp"
#include "helpdesk/text.hpp"
#include "probe/assemble.hpp"

namespace portolan {

std::expected<std::unique_ptr<Session>, std::string> Session::real(const Request& request)
{
    std::unique_ptr<Session> session(new Session);
    auto world = make_real_world(session->loop_, request.world);
    if (!world) {
        const Value value{"{value}", in_quotes(clean_server_text(world.error(), 200))};
        const auto holds = [&](const std::vector<std::string>& files) { return std::ranges::find(files, world.error()) != files.end(); };
        if (holds(request.world.ca_files)) return std::unexpected(translated("--ca-file: no certificate can be read from {value}", {value}));
        if (holds(request.world.crl_files)) return std::unexpected(translated("--crl-file: no revocation list can be read from {value}", {value}));
        return std::unexpected(translated("--resolver: {value} is not an address of a DNS server (IP or IP:PORT)", {value}));
    }
    session->world_.emplace(std::move(*world));
    session->progress_ = std::make_unique<Progress>(is_terminal(2) && !request.json);
    session->run_ = std::make_unique<Run>(session->loop_, *session->world_, session->progress_.get());
    return session;
}

std::expected<std::unique_ptr<Session>, std::string> Session::demonstration()
{
    std::unique_ptr<Session> session(new Session);
    auto world = make_demo_world(session->loop_);
    if (!world) return std::unexpected(translated("the demonstration's servers cannot start on loopback: {why}", {{"{why}", world.error()}}));
    session->world_.emplace(std::move(*world));
    session->progress_ = std::make_unique<Progress>(is_terminal(2));
    session->run_ = std::make_unique<Run>(session->loop_, *session->world_, session->progress_.get());
    return session;
}

template <class T>
T Session::wait_for(Task<T> task)
{
    std::optional<T> value;
    std::exception_ptr fault;
    asio::co_spawn(loop_, std::move(task), [&](std::exception_ptr thrown, T result) {
        fault = thrown;
        if (!thrown) value.emplace(std::move(result));
        loop_.stop();                          // the demonstration's servers would keep it going
    });
    loop_.restart();
    loop_.run();
    if (fault) std::rethrow_exception(fault);
    return std::move(*value);
}

void Session::ask_questions(Report& report, SearchOptions& options)
{
    bool said_yes = false;
    for (const auto& service : report.account.services) {
        if (!is_mail(service)) continue;
        const auto domain = registrable_domain(service.host);
        const bool known = std::ranges::find(options.confirmed, domain) != options.confirmed.end();
        if (service.trust != Trust::confirm || known || domain.empty() || service.state != ServiceState::reachable) continue;
        const Value server{"{server}", shown_host(service)}, name{"{domain}", domain};
        if (!ask_yes(translated("{server} is not named by an authenticated source. Is {domain} your mail provider?", {server, name}))) return;
        options.confirmed.push_back(domain);
        said_yes = true;
    }
    if (!said_yes) return;
    std::erase_if(report.verdicts, [&](const Verdict& verdict) {
        return verdict.code == VerdictCode::settings_host_outside_domain && std::ranges::any_of(report.account.services, [&](const Service& service) {
            return target_of(service) == verdict.target && may_have_password(service, options);
        });
    });
    conclude(report, options);
}

Report Session::settle(const EmailAddress& address, SearchOptions& options, bool may_ask, const std::function<std::optional<Secret>(const Report&)>& password)
{
    auto report = wait_for(find(address, run_->around(), options, progress_.get()));
    progress_->clear();
    if (may_ask) ask_questions(report, options);
    const bool somewhere = std::ranges::any_of(report.account.services, [&](const Service& service) {
        return is_mail(service) && service.state != ServiceState::failed && may_have_password(service, options);
    });
    if (!password || !somewhere) return report;
    options.password = password(report);
    if (!options.password) return report;
    report = wait_for(sign_in(std::move(report), run_->around(), options));
    options.password.reset();                  // it was for this
    progress_->clear();
    return report;
}

}
