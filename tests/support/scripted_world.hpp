// A world in virtual time: names, mail servers and web pages that answer from a script, each with its own delay. No sockets.
#pragma once

#include "probe/net/surroundings.hpp"
#include "probe/search.hpp"

namespace portolan::scripted {

enum class Manner : std::uint8_t { answers, refuses, unreachable, silent, mute, speaks_later };   ///< mute: connects and never greets

/// One mail server at one address and port. Real dialogs speak to it; TLS itself is only acted.
struct Server {
    ServiceKind kind = ServiceKind::imap;
    Security security = Security::tls;
    milliseconds rtt = 20ms;                   ///< of the connect, of the handshake and of every answer
    Manner manner = Manner::answers;
    milliseconds greeting_after{};             ///< for speaks_later
    std::optional<VerdictCode> problem;        ///< what the judge says of its certificate
    std::vector<std::string> certificate_names;        ///< empty: whatever it is asked for; another name is a mismatch
    std::string key = "11aa";                  ///< spki_sha256
    std::set<std::string> names;               ///< user names that open the mailbox, with the world's password
    std::string refusal = "[AUTHENTICATIONFAILED] no";
};

struct Asked {
    std::string name;
    RecordType type;
    milliseconds at;
};
struct Contact {
    IpEndpoint to;
    milliseconds at;
};
struct Posted {
    std::string url, body;
};
struct SignIn {
    Port port;
    std::string username, password;
    bool encrypted;
};

class World {
public:
    World();
    ~World();

    // The script.
    milliseconds dns_takes = 20ms;
    std::string password = "correct horse";
    std::map<std::string, milliseconds> slow_names;
    std::map<std::string, DnsStatus> broken_names;
    void address(const std::string& name, const std::string& ip);
    void alias(const std::string& name, const std::string& to);        ///< the answer for `name` is that of `to`
    void srv(const std::string& name, SrvTarget target);
    void mx(const std::string& domain, std::uint16_t preference, const std::string& host);
    void wildcard(const std::string& domain, const std::string& ip);   ///< every name below it that has no record of its own
    void server(const std::string& ip, Server server);                 ///< at its usual port
    void server(const std::string& ip, Port port, Server server);
    void pair(const std::string& ip, milliseconds rtt = 20ms);         ///< IMAP at 993 and submissions at 465
    void srv_pair(const std::string& domain, const std::string& imap, const std::string& smtp);
    /// `url` without a query. Pages that are not scripted answer 404 after `http_takes`.
    void page(const std::string& url, std::string body, milliseconds after, bool authenticated = true);
    /// Any status, after `http_takes`; for a redirect with `location`. `url` may have a query of its own: then it is answered for that one alone.
    void reply(const std::string& url, int status, std::string location = {}, std::string body = {});
    milliseconds http_takes = 60ms;

    // What happened.
    std::vector<Asked> asked;
    std::vector<Contact> contacts;
    std::vector<std::string> fetched;
    std::vector<Posted> posted;
    std::vector<SignIn> sign_ins;
    int open_streams = 0, open_questions = 0, open_requests = 0;
    milliseconds elapsed() const;
    std::optional<milliseconds> first_contact(const std::string& ip) const;
    int contacts_of(const std::string& ip) const;
    DnsAnswer lookup(const std::string& name, RecordType type) const { return answer_for(name, type); }        ///< the table itself, at once

    asio::io_context loop;
    VirtualClock clock{loop};
    Connector& connector() { return *connector_; }
    Resolver& resolver() { return *resolver_; }
    Http& http() { return *http_; }

private:
    friend class ScriptedResolver;
    friend class ScriptedConnector;
    friend class ScriptedStream;
    friend class ScriptedHttp;
    struct Page {
        std::string body;
        milliseconds after;
        bool authenticated;
        int status = 200;
        std::string location;
    };
    DnsAnswer answer_for(const std::string& name, RecordType type) const;
    std::map<std::pair<std::string, RecordType>, DnsAnswer> records_;
    std::map<std::string, std::string> wildcards_, aliases_;
    std::map<IpEndpoint, Server> servers_;
    std::map<std::string, Page> pages_;
    std::unique_ptr<Resolver> resolver_;
    std::unique_ptr<Connector> connector_;
    std::unique_ptr<Http> http_;
};

/// One run in a world: a ledger, a memory of DNS and a logbook of its own.
class Run {
public:
    explicit Run(World& world, ProbeListener* listener = nullptr, RacePolicy racing = {});
    Surroundings& around() { return around_; }
    Logbook& log() { return log_; }
    HostLedger& ledger() { return ledger_; }

private:
    Logbook log_;
    HostLedger ledger_;
    std::unique_ptr<Resolver> resolver_;
    Surroundings around_;
};

struct Searched {
    Report report;
    milliseconds took{};
    bool ended = false;
    milliseconds after_cancel{};               ///< from the cancellation to the end
};

/// `cancel_at`: the caller is cancelled then. `events` run at their moments, on the loop.
struct SearchScript {
    SearchOptions options;
    SearchListener* listener = nullptr;
    SearchControl* control = nullptr;
    std::optional<milliseconds> cancel_at;
    std::vector<std::pair<milliseconds, std::function<void()>>> events;
};
Searched search(World& world, std::string_view address, SearchScript script = {});
/// find, then sign_in with `options.password`, as the two faces do it.
Report signed_in(World& world, std::string_view address, SearchOptions options);

/// Runs one task to its end in virtual time; the flow of it stands still when it never ends.
template <class T>
T run(World& world, Task<T> task)
{
    std::optional<T> result;
    asio::co_spawn(world.loop, std::move(task), [&](std::exception_ptr thrown, T value) {
        if (thrown) std::rethrow_exception(thrown);
        result.emplace(std::move(value));
    });
    world.clock.run([&] { return result.has_value(); });
    if (!result) throw std::runtime_error("the task never ends");
    return std::move(*result);
}

EmailAddress mail_address(std::string_view text);
Hostname host(std::string_view text);
std::string autoconfig(std::string_view servers, std::string_view domain = "example.org");       ///< a whole document round `servers`
/// `username` may be empty: then the document does not say.
std::string incoming(std::string_view host, int port, std::string_view socket = "SSL", std::string_view username = "%EMAILADDRESS%", std::string_view type = "imap");
std::string outgoing(std::string_view host, int port, std::string_view socket = "SSL", std::string_view username = "%EMAILADDRESS%");
bool has(const Report& report, VerdictCode code);
const Verdict* said(const Report& report, VerdictCode code);   ///< the first of it, or nothing
std::string in_host(const Report& report);     ///< of the recommended incoming service, or ""
std::string out_host(const Report& report);

}
