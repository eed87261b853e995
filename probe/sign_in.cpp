// The sign-in planner's first shape: incoming first, outgoing once the password was not refused, at most two refusals (design rule 22).
#include "probe/assemble.hpp"

namespace portolan {

namespace {

struct Form {
    std::string username;
    UsernameForm form;
};

/// Evidence first; where there is none the full address, then the local part (RFC 6186 §4).
std::vector<Form> forms_for(const Service& service, const EmailAddress& address, const std::optional<Form>& worked)
{
    if (service.username_known || service.username_form == UsernameForm::custom) return {{service.username, service.username_form}};
    const Form full{address.text(), UsernameForm::address};
    const Form local{address.local(), UsernameForm::local_part};
    if (worked) return {*worked};
    return {full, local};
}

void forget_sign_in(Report& report, const Service& service)
{
    const auto target = target_of(service);
    std::erase_if(report.verdicts, [&](const Verdict& verdict) { return verdict.target == target && slug(verdict.code).starts_with("sign-in"); });
}

class SignIn {
public:
    SignIn(Report report, Surroundings& world, SearchOptions options)
        : report_(std::move(report)), world_(world), options_(std::move(options)), logged_(world.log.probes().size())
    {
    }

    Task<Report> run()
    {
        co_await asio::this_coro::throw_if_cancelled(false);
        world_.ledger.refill();
        if (report_.address && options_.password && options_.password->usable() && !options_.password->empty()) {
            for (auto& service : report_.account.services) take_acceptance(service);
            // One refusal of the password ends it everywhere: two names of one provider's servers count as one server.
            bool go_on = true;
            for (const auto incoming : {true, false})
                for (auto& service : report_.account.services) {
                    const bool mail = service.incoming() || service.service == ServiceKind::smtp;
                    if (go_on && mail && service.incoming() == incoming) go_on = co_await one(service);
                }
        }
        const auto& probes = world_.log.probes();
        report_.probes.insert(report_.probes.end(), probes.begin() + static_cast<std::ptrdiff_t>(std::min(logged_, probes.size())), probes.end());
        report_.elapsed_ms = std::max(report_.elapsed_ms, world_.log.elapsed_ms());
        conclude(report_, options_);
        co_return std::move(report_);
    }

private:
    /// A key that a person accepted after the search names a server of the domain as well as a good certificate does (candidates.hpp: trust_after_trial).
    void take_acceptance(Service& service) const
    {
        if (service.trust != Trust::confirm || !service.certificate || !service.certificate->problem || !same_registrable_domain(service.host, report_.domain)) return;
        const bool accepted = std::ranges::any_of(options_.accepted, [&](const AcceptedCertificate& one) {
            return one.host == service.host && one.port == service.port && one.spki_sha256 == service.certificate->spki_sha256;
        });
        if (accepted) service.trust = Trust::authenticated;
    }

    /// false: the password was refused, or the caller cancelled; nothing further may be tried.
    Task<bool> one(Service& service)
    {
        if (!may_have_password(service, options_) || service.state == ServiceState::failed) co_return true;
        forget_sign_in(report_, service);
        const auto forms = forms_for(service, *report_.address, worked_);
        for (std::size_t i = 0; i < forms.size(); ++i) {
            auto attempt = service;
            attempt.username = forms[i].username;
            attempt.username_form = forms[i].form;
            TrialOptions options;
            options.credentials = Credentials{forms[i].username, *options_.password};
            options.accepted = options_.accepted;
            options.endpoint_limit += allowance_for(world_);
            auto trial = co_await try_service(attempt, report_.domain, world_, std::move(options));
            report_.attempts.push_back(trial.attempt);
            report_.sign_in_attempts += trial.sign_in_sent ? 1 : 0;
            if (trial.service.state == ServiceState::verified) {
                const bool tried_other = i > 0;
                service = trial.service;
                service.username_known = true;
                worked_ = forms[i];
                if (tried_other) note(service, VerdictCode::sign_in_username_form, Severity::notice, Who::you, {});
                co_return true;
            }
            if (!trial.outcome && trial.outcome.error().cause == Cause::cancelled) co_return false;
            const bool refused = trial.refusal.has_value() && trial.refusal->counts;
            report_.sign_in_refusals += refused ? 1 : 0;
            const bool another = refused && !trial.refusal->definitive && i + 1 < forms.size() && report_.sign_in_refusals < 2;
            if (another) continue;
            service.state = trial.service.state;
            service.verdicts = trial.service.verdicts;
            std::ranges::copy(trial.verdicts, std::back_inserter(report_.verdicts));
            if (refused && worked_ && trial.refusal->code == VerdictCode::sign_in_rejected) reinterpret(service);
            co_return !refused;
        }
        co_return true;
    }

    /// The same name and password were taken by the other service a moment ago: this one is closed to the account.
    void reinterpret(Service& service)
    {
        for (auto& verdict : report_.verdicts)
            if (verdict.target == target_of(service) && verdict.code == VerdictCode::sign_in_rejected) {
                verdict.code = VerdictCode::service_disabled_for_account;
                verdict.who = Who::mail_provider;
            }
        std::ranges::replace(service.verdicts, VerdictCode::sign_in_rejected, VerdictCode::service_disabled_for_account);
    }

    void note(const Service& service, VerdictCode code, Severity severity, Who who, std::string said)
    {
        Verdict verdict;
        verdict.code = code;
        verdict.severity = severity;
        verdict.who = who;
        verdict.service = slug(service.service);
        verdict.target = target_of(service);
        verdict.said = std::move(said);
        report_.verdicts.push_back(std::move(verdict));
    }

    Report report_;
    Surroundings& world_;
    SearchOptions options_;
    std::size_t logged_;
    std::optional<Form> worked_;
};

}

Task<Report> sign_in(Report report, Surroundings& world, SearchOptions options)
{
    SignIn signing(std::move(report), world, std::move(options));
    co_return co_await signing.run();
}

Task<HandCheck> check_by_hand(Service service, Surroundings& world, SearchOptions options)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    TrialOptions trial_options;
    trial_options.accepted = options.accepted;
    const auto domain = service.host;
    auto trial = co_await try_service(std::move(service), domain, world, std::move(trial_options));
    if (trial.proven() && trial.service.security != Security::plaintext) trial.service.trust = Trust::authenticated;   // the person typed this very host
    co_return HandCheck{std::move(trial.service), std::move(trial.verdicts), trial.other_protocol};
}

}
