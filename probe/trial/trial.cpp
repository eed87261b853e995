#include "probe/trial/trial.hpp"

#include "probe/trial/old_encryption.hpp"

namespace portolan {

namespace {

ProbeGroup group_of(ServiceKind kind)
{
    if (kind == ServiceKind::imap || kind == ServiceKind::pop3) return ProbeGroup::incoming;
    return kind == ServiceKind::smtp ? ProbeGroup::outgoing : ProbeGroup::other;
}

ProbeOutcome probe_outcome(const Failure& failure)
{
    if (failure.cause == Cause::cancelled) return ProbeOutcome::cancelled;
    return failure.cause == Cause::timed_out ? ProbeOutcome::timed_out : ProbeOutcome::failed;
}

/// Writes the TLS handshake down as a probe of its own, wherever in the dialog it happens.
class WatchedStream : public Stream {
public:
    WatchedStream(std::unique_ptr<Stream> inner, Logbook& log, ProbeGroup group, std::string target)
        : inner_(std::move(inner)), log_(log), group_(group), target_(std::move(target)) {}

    Task<Outcome<std::size_t>> read_some(std::span<char> buffer) override { return inner_->read_some(buffer); }
    Task<Outcome<void>> write_all(std::string_view bytes) override { return inner_->write_all(bytes); }
    Task<Outcome<TlsFacts>> start_tls(const Hostname& name) override
    {
        const auto probe = log_.begin(ProbeKind::tls, group_, target_);
        Ended ended{log_, probe};
        auto facts = co_await inner_->start_tls(name);
        if (!facts) ended.as(probe_outcome(facts.error()), std::string(slug(facts.error().cause)));
        else if (facts->certificate.problem) ended.as(ProbeOutcome::failed, std::string(slug(*facts->certificate.problem)));
        else ended.as(ProbeOutcome::ok, facts->version);
        co_return facts;
    }
    void close() override { inner_->close(); }
    IpEndpoint peer() const override { return inner_->peer(); }

private:
    /// A handshake that is torn down by a deadline or a cancellation leaves a cancelled probe, never a running one.
    struct Ended {
        Logbook& log;
        std::size_t probe;
        bool told = false;
        void as(ProbeOutcome outcome, std::string detail) { log.end(probe, outcome, std::move(detail)); told = true; }
        ~Ended() { if (!told) log.end(probe, ProbeOutcome::cancelled); }
    };
    std::unique_ptr<Stream> inner_;
    Logbook& log_;
    ProbeGroup group_;
    std::string target_;
};

bool accepts(const CertificateFacts& certificate, const Service& service, const std::vector<AcceptedCertificate>& accepted)
{
    if (!certificate.problem) return true;
    return std::ranges::any_of(accepted, [&](const AcceptedCertificate& one) {
        return one.host == service.host && one.port == service.port && one.spki_sha256 == certificate.spki_sha256;
    });
}

/// The last probe of a kind at a target, or "".
std::string probe_of(const Logbook& log, ProbeKind kind, const std::string& target)
{
    std::string id;
    for (const auto& probe : log.probes())
        if (probe.kind == kind && probe.target == target) id = probe.id;
    return id;
}

bool loses_packets(const Surroundings& world) { return world.resolver.lost() >= 2; }

Task<Outcome<std::unique_ptr<Stream>>> reach(Trial& trial, Surroundings& world)
{
    const auto& service = trial.service;
    if (auto known = world.ledger.known_dead(service.host, service.port)) {
        trial.attempt.probe = probe_of(world.log, ProbeKind::connect, target_of(service));
        co_return std::unexpected(*known);
    }
    const auto resolved = co_await resolve_addresses(world.resolver, world.clock, service.host, world.ledger.last_good_v6());
    trial.aliases = resolved.aliases;
    if (resolved.list.empty()) {
        trial.attempt.probe = probe_of(world.log, ProbeKind::dns, "A " + service.host.text());
        const auto cause = resolved.status == DnsStatus::no_such_name ? Cause::no_such_name
                         : resolved.status == DnsStatus::no_data      ? Cause::no_address
                         : resolved.status == DnsStatus::timed_out    ? Cause::timed_out
                         : resolved.status == DnsStatus::cancelled    ? Cause::cancelled
                         : resolved.status == DnsStatus::refused      ? Cause::refused
                                                                      : Cause::dns_failed;
        co_return std::unexpected(Failure{Stage::resolve, cause, {}});
    }
    trial.addresses = resolved.list;
    // Whoever asks the server's other ports later keeps to the same rule.
    if (world.racing.refuse_private) std::erase_if(trial.addresses, is_private_or_reserved);
    const auto probe = world.log.begin(ProbeKind::connect, group_of(service.service), target_of(service));
    trial.attempt.probe = world.log.id_of(probe);
    auto policy = world.racing;
    policy.insist = loses_packets(world);
    auto stream = co_await race_addresses(world.connector, world.clock, world.ledger, service.host, service.port, resolved.list, policy);
    if (stream) world.log.end(probe, ProbeOutcome::ok, (*stream)->peer().address().to_string());
    else world.log.end(probe, probe_outcome(stream.error()), std::string(slug(stream.error().cause)));
    co_return stream;
}

void note_private_address(Trial& trial, const Surroundings& world, const std::string& proof)
{
    // Where connections are led elsewhere (the demonstration), the address is scenery and says nothing.
    if (!trial.addresses.empty() && world.connector.route({trial.addresses.front(), trial.service.port}) != IpEndpoint{trial.addresses.front(), trial.service.port}) return;
    if (trial.addresses.empty() || !std::ranges::all_of(trial.addresses, is_private_or_reserved)) return;
    Verdict verdict;
    verdict.code = VerdictCode::settings_private_address;
    verdict.severity = Severity::notice;
    verdict.who = Who::domain_owner;
    verdict.service = slug(trial.service.service);
    verdict.target = target_of(trial.service);
    verdict.proof = proof;
    verdict.said = trial.addresses.front().to_string();
    trial.verdicts.push_back(std::move(verdict));
}

void settle(Trial& trial, Conversation heard, const Hostname& domain, const std::string& proof)
{
    auto& service = trial.service;
    trial.outcome = heard.outcome;
    trial.other_protocol = heard.other_protocol;
    trial.sign_in_sent = heard.sign_in_tried;
    trial.tried_with = heard.tried_with;
    trial.password_judged = heard.password_judged;
    if (heard.tls) {
        service.certificate = heard.tls->certificate;
        trial.attempt.tls_version = heard.tls->version;
        trial.attempt.tls_cipher = heard.tls->cipher;
        std::ranges::copy(verdicts_for(heard.tls->certificate, service, domain, proof), std::back_inserter(trial.verdicts));
    }
    if (!heard.mechanisms.empty()) service.auth = heard.mechanisms;
    // Nothing that was heard in clear is believed, nor quoted; that it was said there is the finding.
    if (heard.tls && heard.offered_in_clear) {
        Verdict verdict;
        verdict.code = VerdictCode::sign_in_cleartext_refused;
        verdict.severity = Severity::notice;
        verdict.who = keeper_of(service.host, domain);
        verdict.service = slug(service.service);
        verdict.target = target_of(service);
        verdict.proof = proof;
        verdict.detail = Detail::offered_in_clear;
        trial.verdicts.push_back(std::move(verdict));
    }
    trial.attempt.capabilities = std::move(heard.capabilities);
    trial.attempt.heard = std::move(heard.heard);

    if (heard.signed_in_with) {
        service.state = ServiceState::verified;
        if (heard.mailbox) trial.verdicts.push_back(inside_verdict(VerdictCode::mailbox_problem, *heard.mailbox, service, domain, proof));
        if (heard.sender) trial.verdicts.push_back(inside_verdict(VerdictCode::sender_rejected, *heard.sender, service, domain, proof));
        return;
    }
    if (trial.outcome) {
        service.state = trial.certificate_accepted ? ServiceState::reachable : ServiceState::failed;
        return;
    }
    const auto failure = trial.outcome.error();
    service.state = failure.stage == Stage::sign_in ? ServiceState::reachable : ServiceState::failed;
    if (failure.cause == Cause::untrusted_certificate) return;         // the certificate's own verdict says it
    auto verdict = verdict_for(failure, service, domain, proof);
    if (!verdict) return;
    const auto wants_browser = [](Mechanism one) { return one == Mechanism::oauthbearer || one == Mechanism::xoauth2; };
    if (verdict->code == VerdictCode::sign_in_mechanism_unsupported && std::ranges::any_of(service.auth, wants_browser)) {
        verdict->code = VerdictCode::sign_in_oauth2_needed;            // no way in with a password is offered, and one with the browser is
        verdict->who = Who::you;
    }
    if (failure.stage == Stage::sign_in && failure.cause == Cause::rejected) {
        trial.refusal = read_refusal(heard.refusal.empty() ? failure.reply : heard.refusal);
        verdict->code = trial.refusal->code;
        verdict->who = trial.refusal->who;
        verdict->said = heard.refusal.empty() ? failure.reply : heard.refusal;
    }
    trial.verdicts.push_back(std::move(*verdict));
}

/// The whole attempt without its overall limit.
Task<Outcome<void>> attempt(Trial& trial, Hostname domain, Surroundings& world, TrialOptions options, TimePoint limit)
{
    const auto group = group_of(trial.service.service);
    auto stream = co_await reach(trial, world);
    if (!stream) {
        trial.outcome = std::unexpected(stream.error());
        trial.service.state = stream.error().cause == Cause::cancelled ? ServiceState::untested : ServiceState::failed;
        if (auto verdict = verdict_for(stream.error(), trial.service, domain, trial.attempt.probe)) trial.verdicts.push_back(std::move(*verdict));
        if (stream.error().cause != Cause::cancelled) note_private_address(trial, world, trial.attempt.probe);      // it may be why: another network's
        co_return Outcome<void>{};
    }
    const auto probe = world.log.begin(options.credentials ? ProbeKind::sign_in : ProbeKind::dialog, group,
                                       target_of(trial.service) + " " + std::string(slug(trial.service.security)));
    trial.attempt.probe = world.log.id_of(probe);
    world.log.told(probe, trial.service.host.text(), options.credentials ? Told::address : Told::nothing);
    Channel channel(std::make_unique<WatchedStream>(std::move(*stream), world.log, group, target_of(trial.service)), world.clock);
    DialogPlan plan;
    plan.endpoint = trial.service.endpoint();
    plan.credentials = options.credentials;
    plan.preferred = {};
    plan.without = options.without;
    plan.sender = options.sender;
    if (options.look_inside) plan.look_inside_until = limit - 2s;      // what is left is for the goodbye: the sign-in stands
    plan.allow_plaintext = trial.service.security == Security::plaintext;
    plan.accept = [&](const TlsFacts& facts) { return trial.certificate_accepted = accepts(facts.certificate, trial.service, options.accepted); };
    auto heard = co_await mail_dialog(trial.service.service, channel, world.clock, std::move(plan));
    if (!heard.outcome && may_be_old(heard.outcome.error()))
        if (auto named = co_await name_old_encryption(trial.service, trial.addresses, world)) heard.outcome = std::unexpected(*named);
    // Without credentials a dialog has no reason to ask; the evidence decides here, by the same rule.
    if (heard.tls) trial.certificate_accepted = accepts(heard.tls->certificate, trial.service, options.accepted);
    if (trial.service.security == Security::plaintext) trial.certificate_accepted = true;   // nothing to accept; its trust is `insecure`
    const auto detail = heard.outcome ? std::string(heard.signed_in_with ? slug(*heard.signed_in_with) : std::string_view())
                                      : std::string(slug(heard.outcome.error().cause));
    const bool fine = heard.outcome && trial.certificate_accepted;
    world.log.end(probe, fine ? ProbeOutcome::ok : heard.outcome ? ProbeOutcome::failed : probe_outcome(heard.outcome.error()),
                  fine || !heard.outcome ? detail : std::string(slug(heard.tls->certificate.problem.value_or(VerdictCode::certificate_invalid))));
    note_private_address(trial, world, trial.attempt.probe);
    settle(trial, std::move(heard), domain, trial.attempt.probe);
    co_return Outcome<void>{};
}

}

milliseconds allowance_for(const Surroundings& world)
{
    std::optional<int> quickest;
    for (const auto& probe : world.log.probes())
        if (probe.kind == ProbeKind::dns && probe.outcome == ProbeOutcome::ok) quickest = std::min(quickest.value_or(probe.elapsed_ms), probe.elapsed_ms);
    // A dialog has six round trips, a sign-in up to four more.
    const auto far = quickest && *quickest >= 300 ? milliseconds(10 * *quickest) : 0ms;
    return far + (loses_packets(world) ? 10s : 0s);
}

Task<Trial> try_service(Service service, Hostname domain, Surroundings& world, TrialOptions options)
{
    Trial trial;
    trial.service = std::move(service);
    trial.service.state = ServiceState::untested;
    trial.service.verdicts.clear();
    trial.attempt.service = trial.service.service;
    trial.attempt.endpoint = trial.service.endpoint();
    trial.outcome = std::unexpected(Failure{Stage::connect, Cause::cancelled, {}});
    const auto limit = world.clock.now() + options.endpoint_limit;
    const auto in_time = co_await with_deadline(world.clock, limit, Stage::capability, attempt(trial, domain, world, std::move(options), limit));
    if (!in_time && in_time.error().cause == Cause::timed_out) {
        // Where the attempt was when it was stopped is where the time ran out.
        auto failure = trial.outcome || trial.outcome.error().cause != Cause::cancelled ? in_time.error() : trial.outcome.error();
        failure.cause = Cause::timed_out;
        trial.outcome = std::unexpected(failure);
        trial.service.state = ServiceState::failed;
        if (auto verdict = verdict_for(failure, trial.service, domain, trial.attempt.probe)) trial.verdicts.push_back(std::move(*verdict));
    }
    for (const auto& verdict : trial.verdicts) trial.service.verdicts.push_back(verdict.code);
    co_return trial;
}

}
