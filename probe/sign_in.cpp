// The sign-in planner: incoming first, outgoing once the password was not refused, at most two refusals for an account (design rule 22).
#include "probe/assemble.hpp"
#include "probe/dialog/sasl.hpp"

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

/// As it stands in MAIL FROM; empty where it would need more than RFC 5321 §4.1.2 has without quotes.
std::string sender_of(const EmailAddress& address)
{
    const auto plain = [](unsigned char c) { return c > 0x20 && c < 0x7f && std::string_view("\"(),:;<>@[\\]").find(static_cast<char>(c)) == std::string_view::npos; };
    return std::ranges::all_of(address.local(), plain) ? address.text() : std::string();
}

bool is_scram(Mechanism mechanism) { return mechanism == Mechanism::scram_sha_256 || mechanism == Mechanism::scram_sha_1; }

/// The mechanism was refused, not the password: there is another way to sign in that has not been tried.
bool blames_mechanism(const Trial& trial, bool name_is_certain)
{
    if (!trial.refusal || !trial.tried_with) return false;
    if (trial.refusal->code == VerdictCode::sign_in_mechanism_unsupported) return true;
    // A server that has no SCRAM secrets of an account says no before it asks for the proof. So it does to a name that it does not know.
    return trial.refusal->code == VerdictCode::sign_in_rejected && !trial.password_judged && is_scram(*trial.tried_with) && name_is_certain;
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
        auto forms = forms_for(service, *report_.address, worked_);
        if (in_trouble(service)) forms.resize(1);                      // a refusal would prove nothing now
        bool refused_here = false;
        std::string mechanism_refused;
        for (std::size_t i = 0; i < forms.size();) {
            auto attempt = service;
            attempt.username = forms[i].username;
            attempt.username_form = forms[i].form;
            TrialOptions options;
            options.credentials = Credentials{forms[i].username, *options_.password};
            options.accepted = options_.accepted;
            options.endpoint_limit += allowance_for(world_);
            options.without = broken_;
            options.look_inside = true;
            options.sender = sender_of(*report_.address);
            auto trial = co_await try_service(attempt, report_.domain, world_, std::move(options));
            report_.attempts.push_back(trial.attempt);
            report_.sign_in_attempts += trial.sign_in_sent ? 1 : 0;
            if (trial.service.state == ServiceState::verified) {
                const bool tried_other = i > 0;
                service = trial.service;
                service.username_known = true;
                worked_ = forms[i];
                std::ranges::copy(trial.verdicts, std::back_inserter(report_.verdicts));
                if (tried_other) note(service, VerdictCode::sign_in_username_form, Severity::notice, Who::you, {});
                if (!mechanism_refused.empty()) {
                    note(service, VerdictCode::sign_in_mechanism_unsupported, Severity::notice, keeper_of(service.host, report_.domain), mechanism_refused);
                    report_.verdicts.back().detail = Detail::another_mechanism;
                }
                co_return true;
            }
            if (!trial.outcome && trial.outcome.error().cause == Cause::cancelled) co_return false;
            const bool refused = trial.refusal.has_value() && trial.refusal->counts;
            report_.sign_in_refusals += refused ? 1 : 0;
            const bool may_go_on = report_.sign_in_refusals < 2;
            if (may_go_on && mechanism_refused.empty() && blames_mechanism(trial, forms.size() == 1) && leave_out(trial)) {
                mechanism_refused = std::string(slug(*trial.tried_with)) + ": " + (trial.verdicts.empty() ? std::string() : trial.verdicts.back().said);
                refused_here = refused_here || refused;
                continue;
            }
            if (refused && !trial.refusal->definitive && i + 1 < forms.size() && may_go_on) {
                refused_here = true;
                ++i;
                continue;
            }
            const bool shut_out = refused_here && !trial.outcome && trial.outcome.error().stage < Stage::capability;
            if (shut_out) call_it_shut(trial);
            if (trial.refusal && trial.refusal->code == VerdictCode::sign_in_try_later) troubled_.push_back(service.host);
            if (refused && in_trouble(service)) call_it_trouble(trial);
            service.state = trial.service.state;
            service.verdicts = trial.service.verdicts;
            std::ranges::copy(trial.verdicts, std::back_inserter(report_.verdicts));
            if (refused && worked_ && trial.refusal->code == VerdictCode::sign_in_rejected) reinterpret(service);
            // A lock is not rattled at by the other service.
            if (shut_out || (trial.refusal && trial.refusal->code == VerdictCode::sign_in_locked)) co_return false;
            // Closed to the account is no word about the password: the other service may well take it.
            co_return !refused || (may_go_on && trial.refusal->code == VerdictCode::service_disabled_for_account);
        }
        co_return true;
    }

    /// Takes the mechanism that was tried out of the choice, and its whole family: SCRAM needs secrets that the server does not have. false: no other is left.
    bool leave_out(const Trial& trial)
    {
        auto broken = broken_;
        broken.push_back(*trial.tried_with);
        if (is_scram(*trial.tried_with)) broken.insert(broken.end(), {Mechanism::scram_sha_256, Mechanism::scram_sha_1});
        const auto works = [&](Mechanism one) {
            const auto usable = usable_mechanisms();
            return (one == Mechanism::native || std::ranges::find(usable, one) != usable.end()) && std::ranges::find(broken, one) == broken.end();
        };
        if (std::ranges::none_of(trial.service.auth, works)) return false;
        broken_ = std::move(broken);
        return true;
    }

    /// Another server of the same people said a moment ago that it cannot check passwords.
    bool in_trouble(const Service& service) const
    {
        return std::ranges::any_of(troubled_, [&](const Hostname& one) { return same_registrable_domain(one, service.host); });
    }

    /// Then this refusal is none of the password: Postfix 3.7 says 535 "(reason unavailable)" where Dovecot told it of a temporary failure. Seen 2026-11.
    static void call_it_trouble(Trial& trial)
    {
        for (auto& verdict : trial.verdicts)
            if (verdict.code == VerdictCode::sign_in_rejected) {
                std::ranges::replace(trial.service.verdicts, verdict.code, VerdictCode::sign_in_try_later);
                verdict.code = VerdictCode::sign_in_try_later;
                verdict.who = Who::mail_provider;
            }
    }

    /// It answered a moment ago, refused the sign-in, and takes no connection now: that is how a lock for too many failures looks.
    static void call_it_shut(Trial& trial)
    {
        for (auto& verdict : trial.verdicts)
            if (verdict.severity == Severity::error) {
                std::ranges::replace(trial.service.verdicts, verdict.code, VerdictCode::sign_in_locked);
                verdict.code = VerdictCode::sign_in_locked;
                verdict.detail = Detail::shut_out;
                verdict.who = Who::you;
            }
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
    std::vector<Hostname> troubled_;               ///< these cannot check passwords at the moment
    std::vector<Mechanism> broken_;                ///< offered by this provider, and without use there
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
