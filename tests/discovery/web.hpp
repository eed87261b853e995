// Names with TXT records, and a web that answers by method, with any status and any header. In virtual time.
#pragma once

#include "tests/support/scripted_world.hpp"

namespace portolan::scripted {

struct WebAnswer {
    int status = 200;
    std::string body;
    std::string location;
    std::vector<std::pair<std::string, std::string>> headers;
    std::optional<Failure> failure;
    milliseconds after = 20ms;
    bool authenticated = true;
};

class Web : public Http {
public:
    explicit Web(Clock& clock) : clock_(clock) {}

    std::map<std::string, WebAnswer> answers; ///< by "GET https://…"; what is not there is 404, or `otherwise`
    std::function<WebAnswer(const HttpRequest&)> otherwise;
    std::vector<HttpRequest> requests;
    int open = 0;

    std::vector<std::string> asked() const
    {
        std::vector<std::string> lines;
        for (const auto& request : requests) lines.push_back(request.method + " " + request.url);
        return lines;
    }

    /// One hop: what follows redirects by itself is not asked for here.
    Task<HttpExchange> fetch(HttpRequest request) override
    {
        co_await asio::this_coro::throw_if_cancelled(false);
        requests.push_back(request);
        const auto found = answers.find(request.method + " " + request.url);
        const auto answer = found != answers.end() ? found->second : otherwise ? otherwise(request) : WebAnswer{.status = 404};
        ++open;
        const bool in_time = co_await clock_.wait_for(std::min(answer.after, request.limit));
        --open;
        HttpExchange exchange;
        if (!in_time) exchange.outcome = std::unexpected(Failure{Stage::request, Cause::cancelled, {}});
        else if (answer.failure) exchange.outcome = std::unexpected(*answer.failure);
        else if (answer.after > request.limit) exchange.outcome = std::unexpected(Failure{Stage::request, Cause::timed_out, {}});
        else if (answer.body.size() > request.body_cap) exchange.outcome = std::unexpected(Failure{Stage::request, Cause::too_much, {}});
        else {
            HttpAnswer heard{.status = answer.status,
                             .body = answer.body,
                             .location = answer.location,
                             .final_url = request.url,
                             .headers = answer.headers};
            heard.authenticated = answer.authenticated;
            exchange.outcome = std::move(heard);
        }
        co_return exchange;
    }

private:
    Clock& clock_;
};

/// The world's names, and TXT records beside them.
class Names : public Resolver {
public:
    explicit Names(World& world) : world_(world) {}
    std::map<std::string, std::vector<std::string>> txt;

    Task<DnsAnswer> ask(std::string name, RecordType type) override
    {
        co_await asio::this_coro::throw_if_cancelled(false);
        auto answer = co_await world_.resolver().ask(name, type);
        const auto found = txt.find(name);
        if (type == RecordType::txt && found != txt.end()) {
            answer.status = DnsStatus::answer;
            answer.txt = answer.txt_strings = found->second;
        }
        co_return answer;
    }

private:
    World& world_;
};

/// One source, asked alone.
struct Bench {
    World world;
    Names names{world};
    Web web{world.clock};

    SourceResult ask(SourceCall source, std::string_view text = "alice@example.org")
    {
        Run run(world);
        Surroundings around{world.clock, names, world.connector(), web, run.ledger(), run.log()};
        const auto address = mail_address(text);
        auto result = scripted::run(world, source({address, around, {}}));
        details.clear();
        for (const auto& probe : run.log().probes()) details.push_back(probe.target + ": " + probe.detail);
        return result;
    }

    bool asked_for(std::string_view name, RecordType type) const
    {
        return std::ranges::any_of(world.asked, [&](const Asked& one) { return one.name == name && one.type == type; });
    }

    std::vector<std::string> details; ///< of the probes of the last run
};

inline const Service* service_of(const SourceResult& result, ServiceKind kind)
{
    for (const auto& finding : result.findings)
        if (finding.service.service == kind) return &finding.service;
    return nullptr;
}

inline std::vector<std::string> urls_of(const SourceResult& result)
{
    std::vector<std::string> urls;
    for (const auto& finding : result.findings) urls.push_back(std::string(slug(finding.service.service)) + " " + finding.service.url);
    return urls;
}

} // namespace portolan::scripted
