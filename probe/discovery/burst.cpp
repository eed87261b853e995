// Every DNS question at t = 0 (design section 3.1). One or two round trips later we know which names exist; nothing else is contacted.
#include "probe/discovery/finding.hpp"

#include "probe/net/mailbox.hpp"

namespace portolan {

/// The same for a domain every time, so that a run asks it once and a recording can be replayed.
std::string label_of_nobody(const std::string& domain)
{
    std::uint64_t hash = 1469598103934665603ULL;                       // FNV-1a
    for (const unsigned char c : domain) hash = (hash ^ c) * 1099511628211ULL;
    static constexpr std::string_view digits = "abcdefghijklmnopqrstuvwxyz234567";
    std::string label = "x";
    for (int i = 0; i < 12; ++i, hash >>= 5) label += digits[hash & 31];
    return label + "." + domain;
}

std::string name_that_cannot_exist() { return label_of_nobody("invalid"); }

Task<BurstResult> dns_burst(SourceInput in)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    const auto& domain = in.address.domain().text();
    static constexpr std::array<std::string_view, 13> services{
        "_imaps._tcp.", "_imap._tcp.", "_pop3s._tcp.",   "_pop3._tcp.",   "_submissions._tcp.", "_submission._tcp.", "_autodiscover._tcp.",
        "_sieve._tcp.", "_jmap._tcp.", "_caldavs._tcp.", "_caldav._tcp.", "_carddavs._tcp.",    "_carddav._tcp."};
    static constexpr std::array<std::string_view, 6> hosts{"autoconfig.", "autodiscover.", "imap.", "smtp.", "mail.", ""};

    struct Asked { std::string name; RecordType type; DnsAnswer answer; };
    std::vector<Asked> questions;
    questions.push_back({domain, RecordType::mx, {}});
    questions.push_back({domain, RecordType::txt, {}});
    for (const auto prefix : services) questions.push_back({std::string(prefix) + domain, RecordType::srv, {}});
    questions.push_back({"_ua-auto-config." + domain, RecordType::txt, {}});
    for (const auto prefix : hosts)
        for (const auto type : {RecordType::a, RecordType::aaaa}) questions.push_back({std::string(prefix) + domain, type, {}});
    for (const auto prefix : rare_names) questions.push_back({std::string(prefix) + domain, RecordType::a, {}});
    questions.push_back({name_that_cannot_exist(), RecordType::a, {}});
    questions.push_back({label_of_nobody(domain), RecordType::a, {}});

    const auto executor = co_await asio::this_coro::executor;
    Nursery nursery(executor);
    const auto ask = [](Resolver& resolver, Asked& one) -> Task<void> { one.answer = co_await resolver.ask(one.name, one.type); };
    for (auto& question : questions) nursery.start(ask(in.world.resolver, question));
    co_await nursery.join();

    BurstResult result;
    for (const auto& question : questions) {
        const auto status = question.answer.status;
        if (status != DnsStatus::timed_out && status != DnsStatus::cancelled && status != DnsStatus::refused) result.any_answer = true;
        if (question.name == domain && question.type == RecordType::mx) {
            result.domain_status = status;
            result.domain_exists = status != DnsStatus::no_such_name;
        }
    }
    // What leads to a mail server: an MX or SRV record, a document, a usual name. That the bare domain has an address is a web site.
    result.nothing_published = result.all_failed = true;
    for (const auto& question : questions) {
        const auto& answer = question.answer;
        const bool orderly = answer.found() || answer.said_no();
        if (orderly) result.all_failed = false;
        const bool spare = question.name == domain && question.type != RecordType::mx;
        const bool nobodys = &question == &questions.back() || &question == &questions[questions.size() - 2];
        if (!orderly || (answer.found() && !spare && !nobodys)) result.nothing_published = false;
        if (question.type == RecordType::mx && answer.mx.size() == 1 && answer.mx.front().host.empty()) result.null_mx = true;
    }
    const auto& nobody = questions.back().answer;
    result.wildcard = nobody.found();
    result.wildcard_addresses = nobody.addresses;
    result.invented = questions[questions.size() - 2].answer.addresses;
    result.only_invented = !result.invented.empty();
    for (const auto& question : questions) {
        const auto& answer = question.answer;
        const bool invented = std::ranges::all_of(answer.addresses, [&](const IpAddress& one) { return std::ranges::find(result.invented, one) != result.invented.end(); });
        const bool own = question.name == domain && question.type == RecordType::a;
        if ((own && !answer.found()) || !invented || !answer.mx.empty() || !answer.srv.empty()) result.only_invented = false;
    }
    // A portal leads every name to itself; whoever only sells what does not exist leaves the root servers where they are. Everybody knows these.
    if (result.only_invented) {
        const auto known = co_await in.world.resolver.ask("a.root-servers.net", RecordType::a);
        const bool true_one = std::ranges::any_of(known.addresses, [&](const IpAddress& one) { return std::ranges::find(result.invented, one) == result.invented.end(); });
        if (true_one) result.only_invented = false;
    }
    co_return result;
}

}
