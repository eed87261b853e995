// Whether it was the server or the way to it. A failed connection alone cannot tell: what else was met in the same run decides.
#include "probe/assemble.hpp"
#include "probe/pace.hpp"

namespace portolan {

namespace {

bool answered(const Met& met) { return !met.failure; }
bool refused(const Met& met) { return met.failure == Cause::refused || met.failure == Cause::reset; }

/// Of somebody's own network: RFC 1918, RFC 6598, RFC 3927, loopback; RFC 4193, RFC 4291 §2.5.6.
bool is_inner(const IpAddress& address)
{
    if (address.is_loopback()) return true;
    if (address.is_v6()) return address.to_v6().is_link_local() || (address.to_v6().to_bytes()[0] & 0xfe) == 0xfc;
    const auto four = address.to_v4().to_uint();
    return (four >> 24) == 10 || (four >> 20) == 0xac1 || (four >> 16) == 0xc0a8 || (four >> 22) == 0x191 || (four >> 16) == 0xa9fe;
}

class Network {
public:
    Network(Report& report, const Evidence& evidence) : report_(report), evidence_(evidence), met_(evidence.world.ledger.met()) {}

    void conclude()
    {
        name_inner_addresses();
        name_blocked_ports();
        name_lost_packets();
        name_dead_addresses();
        name_loss_and_slowness();
    }

private:
    struct Silent { const Candidate* candidate; bool alive; };

    const Testimony& testimony(const Hostname& host) const
    {
        static const Testimony none;
        const auto& hosts = evidence_.testimonies.hosts;
        const auto found = hosts.find(host.text());
        return found == hosts.end() ? none : found->second;
    }

    bool alive(const Candidate& candidate) const
    {
        if (testimony(candidate.service.host).answers_elsewhere) return true;
        const auto& addresses = candidate.trial->addresses;
        return std::ranges::any_of(met_, [&](const auto& one) {
            return (answered(*one) || refused(*one)) && std::ranges::find(addresses, one->where.address()) != addresses.end();
        });
    }

    static bool silent(const Candidate& candidate)
    {
        if (!candidate.trial || candidate.trial->outcome || candidate.trial->addresses.empty()) return false;
        const auto& failure = candidate.trial->outcome.error();
        return failure.stage == Stage::connect && failure.cause == Cause::timed_out;
    }

    static bool unreachable(const Candidate& candidate)
    {
        return candidate.trial && !candidate.trial->outcome && candidate.trial->outcome.error().stage == Stage::connect &&
               candidate.trial->outcome.error().cause == Cause::unreachable;
    }

    Verdict* verdict_of(const Candidate& candidate, std::initializer_list<VerdictCode> codes)
    {
        const auto target = target_of(candidate.service);
        const auto service = slug(candidate.service.service);
        const auto found = std::ranges::find_if(report_.verdicts, [&](const Verdict& one) {
            return one.target == target && one.service == service && std::ranges::find(codes, one.code) != codes.end();
        });
        return found == report_.verdicts.end() ? nullptr : &*found;
    }

    void refine(const Candidate& candidate, VerdictCode code, Detail detail, Who who, std::string said = {})
    {
        auto* verdict = verdict_of(candidate, {VerdictCode::connection_timeout, VerdictCode::connection_unreachable, VerdictCode::settings_endpoint_dead,
                                               VerdictCode::greeting_timeout, VerdictCode::tls_handshake_failed});
        if (!verdict) return;
        if (verdict->code == VerdictCode::settings_endpoint_dead) {
            verdict->detail = detail;                                  // something else stands: published and dead is what matters of it
            verdict->who = who;
            if (!said.empty()) verdict->said = std::move(said);
            return;
        }
        const auto before = verdict->code;
        verdict->code = code;
        verdict->detail = detail;
        verdict->who = who;
        if (!said.empty()) verdict->said = std::move(said);
        for (auto* list : {&report_.account.services, &report_.alternatives})
            for (auto& service : *list)
                if (target_of(service) == verdict->target && service.service == candidate.service.service) std::ranges::replace(service.verdicts, before, code);
    }

    /// The same port of another host is answered, if only by a refusal: the way lets it through.
    bool passes(const Candidate& candidate) const
    {
        const auto port = candidate.service.port;
        if (evidence_.testimonies.passing.contains(port)) return true;
        const auto& own = candidate.trial->addresses;
        return std::ranges::any_of(met_, [&](const auto& one) {
            return (answered(*one) || refused(*one)) && one->where.port() == port && std::ranges::find(own, one->where.address()) == own.end();
        });
    }

    /// A name that leads into somebody's own network (RFC 1918, RFC 4193 …), which is not this one.
    void name_inner_addresses()
    {
        for (const auto& candidate : evidence_.candidates.all()) {
            if (!candidate.trial || candidate.trial->outcome || candidate.trial->addresses.empty()) continue;
            const auto& failure = candidate.trial->outcome.error();
            const bool nobody = failure.stage == Stage::connect && (failure.cause == Cause::timed_out || failure.cause == Cause::unreachable);
            if (!nobody || alive(candidate) || !std::ranges::all_of(candidate.trial->addresses, is_inner)) continue;
            refine(candidate, VerdictCode::settings_private_address, Detail::only_inside, Who::domain_owner, candidate.trial->addresses.front().to_string());
        }
    }

    /// Silence at a mail port says "server down" or "blocked on the way". A host that answers elsewhere is not down.
    void name_blocked_ports()
    {
        std::vector<Silent> silent_ones;
        std::set<Port> ports;
        bool all_alive = true;
        const auto& candidates = evidence_.candidates.all();
        for (const auto& candidate : candidates) {
            if (unreachable(candidate) && candidate.trial->outcome.error().detail == Detail::firewall_prohibits) name_firewall(candidate);
            if (!silent(candidate)) continue;
            const bool tried = std::ranges::any_of(met_, [&](const auto& one) {
                return one->host == candidate.service.host && one->where.port() == candidate.service.port && one->failure == Cause::timed_out;
            });
            if (!tried) continue;                                      // its address was silent at another port, and nobody tried this one
            silent_ones.push_back({&candidate, alive(candidate)});
            ports.insert(candidate.service.port);
            all_alive = all_alive && silent_ones.back().alive;
        }
        const bool spoke = std::ranges::any_of(met_, [](const auto& one) { return answered(*one) || refused(*one); });
        if (!evidence_.options.proxy.empty() && !spoke && needs_proxy(silent_ones)) return;
        if (silent_ones.empty()) return;
        const bool any_passes = std::ranges::any_of(silent_ones, [&](const Silent& one) { return passes(*one.candidate); });
        const bool all_mail = !spoke && all_alive && ports.size() > 1 && !any_passes;
        for (const auto& one : silent_ones) {
            const auto& host = one.candidate->service.host;
            if (!one.alive) continue;
            if (passes(*one.candidate)) refine(*one.candidate, VerdictCode::connection_timeout, Detail::server_filters, keeper_of(host, report_.domain));
            else refine(*one.candidate, VerdictCode::connection_timeout, all_mail ? Detail::mail_ports_blocked : Detail::port_blocked, Who::this_network);
        }
        // Nothing was published, the usual names exist, and not one of their mail ports answers: that nothing was found is no news of the domain.
        if (all_mail && report_.account.services.empty()) {
            report_.verdicts.push_back(about(VerdictCode::connection_timeout, Severity::error, Who::this_network, &silent_ones.front().candidate->service));
            report_.verdicts.back().detail = Detail::mail_ports_blocked;
        }
    }

    /// The server's own firewall may say so as well: then it is its keeper's.
    void name_firewall(const Candidate& candidate)
    {
        const auto& said = candidate.trial->outcome.error().reply;
        const bool itself = std::ranges::any_of(candidate.trial->addresses, [&](const IpAddress& one) { return one.to_string() == said; });
        refine(candidate, VerdictCode::connection_unreachable, Detail::firewall_prohibits, itself ? keeper_of(candidate.service.host, report_.domain) : Who::this_network, said);
    }

    /// Nothing at all answers directly, and this computer was told of a proxy.
    bool needs_proxy(const std::vector<Silent>& silent_ones)
    {
        std::vector<const Candidate*> stuck;
        for (const auto& candidate : evidence_.candidates.all()) {
            if (!candidate.trial || candidate.trial->addresses.empty()) continue;
            if (candidate.proven() || !(silent(candidate) || unreachable(candidate))) return false;
            stuck.push_back(&candidate);
        }
        if (stuck.empty() || std::ranges::any_of(silent_ones, &Silent::alive)) return false;
        bool said = false;
        for (const auto* candidate : stuck) {
            said = said || verdict_of(*candidate, {VerdictCode::connection_timeout, VerdictCode::connection_unreachable});
            refine(*candidate, VerdictCode::proxy_required, Detail::proxy_configured, Who::this_network, evidence_.options.proxy);
        }
        if (said) return true;
        report_.verdicts.push_back(about(VerdictCode::proxy_required, Severity::error, Who::this_network, &stuck.front()->service));
        report_.verdicts.back().detail = Detail::proxy_configured;
        report_.verdicts.back().said = evidence_.options.proxy;
        return true;
    }

    /// The handshake hung, and went well with small segments: a path MTU black hole (RFC 2923 §2.1).
    void name_lost_packets()
    {
        for (const auto& candidate : evidence_.candidates.all())
            if (candidate.trial && !candidate.trial->outcome && candidate.trial->outcome.error().cause == Cause::timed_out &&
                testimony(candidate.service.host).small_segments_pass)
                refine(candidate, VerdictCode::tls_handshake_failed, Detail::large_packets_lost, Who::this_network);
    }

    /// On the connections, or among the questions to the DNS, or a little of both.
    bool lossy() const
    {
        const auto [lost, segments] = loss();
        const auto names = evidence_.world.resolver.lost();
        return (lost >= 2 && lost * 20 >= segments) || names >= 3 || (names == 2 && lost > 0);
    }

    /// Lost segments, of how many. Where a round trip takes longer than TCP's first patience (RFC 6298 §2: one second), what is sent again was not lost.
    std::pair<unsigned, unsigned> loss() const
    {
        std::pair<unsigned, unsigned> sum{};
        for (const auto& one : met_)
            if (one->path.segments > 0 && one->path.round_trip < 800ms) {
                sum.first += one->path.lost;
                sum.second += one->path.segments;
            }
        return sum;
    }

    /// An address of a host that failed while another address of the same host answered at the same port.
    bool dead(const Met& one) const
    {
        if (answered(one) || !evidence_.world.connector.has_way(one.where.address())) return false;
        const auto sibling = std::ranges::find_if(met_, [&](const auto& other) {
            return answered(*other) && other->host == one.host && other->where.port() == one.where.port() && other->where.address() != one.where.address();
        });
        if (sibling == met_.end()) return false;
        const bool heard = std::ranges::any_of(met_, [&](const auto& other) { return answered(*other) && other->where.address() == one.where.address(); });
        if (heard) return false;
        if (one.failure != Cause::cancelled && one.failure != Cause::timed_out) return true;
        // Silence is none where packets are lost, and nobody waited for its end: then it was asked again (witness.hpp).
        return !lossy() && (one.failure == Cause::timed_out || evidence_.testimonies.dead.contains(one.where.address()));
    }

    void name_dead_addresses()
    {
        std::vector<const Met*> found;
        std::set<Hostname> six;
        for (const auto& one : met_) {
            if (!dead(*one) || std::ranges::any_of(found, [&](const Met* other) { return other->where.address() == one->where.address(); })) continue;
            found.push_back(one.get());
            if (one->where.address().is_v6()) six.insert(one->host);
        }
        // Every host's IPv6 address is dead: then it is this network that has no IPv6, whatever it says.
        const bool no_six = six.size() > 1 && std::ranges::none_of(met_, [](const auto& one) { return answered(*one) && one->where.address().is_v6(); });
        bool said_six = false;
        for (const auto* one : found) {
            const bool network = no_six && one->where.address().is_v6();
            if (network && std::exchange(said_six, true)) continue;
            const auto target = one->host.text() + ":" + std::to_string(one->where.port());
            auto verdict = about(VerdictCode::settings_endpoint_dead, Severity::notice, network ? Who::this_network : keeper_of(one->host, report_.domain), nullptr, target);
            verdict.detail = Detail::dead_address;
            verdict.said = one->where.address().to_string();
            report_.verdicts.push_back(std::move(verdict));
        }
    }

    void name_loss_and_slowness()
    {
        const auto& domain = report_.domain.text();
        if (lossy()) {
            const auto [lost, segments] = loss();
            report_.verdicts.push_back(about(VerdictCode::network_lossy, Severity::notice, Who::this_network, nullptr, domain));
            const auto questions = std::ranges::count_if(evidence_.world.log.probes(), [](const Probe& one) { return one.kind == ProbeKind::dns; });
            report_.verdicts.back().said = std::to_string(lost + evidence_.world.resolver.lost()) + "/" + std::to_string(segments + 2 * static_cast<unsigned>(questions));
        }
        std::optional<milliseconds> quickest;
        for (const auto& one : met_)
            if (answered(*one) && one->path.segments > 3) quickest = std::min(quickest.value_or(one->path.round_trip), one->path.round_trip);
        if (quickest && *quickest >= 400ms) {
            report_.verdicts.push_back(about(VerdictCode::network_slow, Severity::notice, Who::this_network, nullptr, domain));
            report_.verdicts.back().said = std::to_string(quickest->count()) + " ms";
        } else if (const auto queue = time_in_the_queue(evidence_.world.log); queue > 0ms && !lossy()) {
            report_.verdicts.push_back(about(VerdictCode::network_slow, Severity::notice, Who::this_network, nullptr, domain));
            report_.verdicts.back().detail = Detail::narrow_line;
            report_.verdicts.back().said = std::to_string(queue.count()) + " ms";
        }
    }

    Report& report_;
    const Evidence& evidence_;
    const std::vector<std::shared_ptr<const Met>>& met_;
};

}

void add_network_verdicts(Report& report, const Evidence& evidence) { Network(report, evidence).conclude(); }

}
