// From failures and replies to verdicts: each code, and whose turn it is.
#include "probe/trial/causes.hpp"

#include <doctest/doctest.h>

#include <initializer_list>

using namespace portolan;

namespace {

Service service_at(const char* host, ServiceKind kind = ServiceKind::imap, Port port = 993)
{
    Service service;
    service.service = kind;
    service.host = *parse_hostname(host);
    service.port = port;
    return service;
}

const Hostname domain = *parse_hostname("example.org");

}

TEST_CASE("a failure is called by its stage and cause, and the one who can act is named")
{
    struct Row {
        Stage stage;
        Cause cause;
        VerdictCode code;
        Who own;                               ///< a host of the address's own domain
        Who elsewhere;                         ///< a provider's
    };
    using enum VerdictCode;
    const auto owner = Who::domain_owner, provider = Who::mail_provider, network = Who::this_network, you = Who::you;
    for (const auto& [stage, cause, code, own, elsewhere] : std::initializer_list<Row>{
             {Stage::resolve, Cause::no_such_name, settings_point_nowhere, owner, owner},
             {Stage::resolve, Cause::no_address, settings_point_nowhere, owner, owner},
             {Stage::resolve, Cause::dns_failed, dns_failure, network, network},
             {Stage::resolve, Cause::refused, dns_failure, network, network},
             {Stage::resolve, Cause::timed_out, dns_timeout, network, network},
             {Stage::resolve, Cause::private_address, settings_private_address, owner, provider},
             {Stage::connect, Cause::refused, connection_refused, owner, provider},
             {Stage::connect, Cause::timed_out, connection_timeout, owner, provider},
             {Stage::connect, Cause::reset, connection_reset, owner, provider},
             {Stage::connect, Cause::unreachable, connection_unreachable, network, network},
             {Stage::tls, Cause::tls_failed, tls_handshake_failed, owner, provider},
             {Stage::tls, Cause::closed, tls_handshake_failed, owner, provider},
             {Stage::tls, Cause::reset, connection_reset, owner, provider},
             {Stage::tls, Cause::tls_version, tls_version_too_old, owner, provider},
             {Stage::tls, Cause::tls_not_spoken, tls_not_spoken, owner, provider},
             {Stage::greeting, Cause::timed_out, greeting_timeout, owner, provider},
             {Stage::greeting, Cause::rejected, greeting_rejected, owner, provider},
             {Stage::greeting, Cause::closed, greeting_rejected, owner, provider},
             {Stage::greeting, Cause::not_this_protocol, not_this_protocol, owner, provider},
             {Stage::greeting, Cause::broke_protocol, protocol_error, owner, provider},
             {Stage::greeting, Cause::too_much, too_much_data, owner, provider},
             {Stage::capability, Cause::rejected, protocol_error, owner, provider},
             {Stage::capability, Cause::closed, protocol_error, owner, provider},
             {Stage::capability, Cause::reset, connection_reset, owner, provider},
             {Stage::capability, Cause::too_much, too_much_data, owner, provider},
             {Stage::starttls, Cause::not_offered, tls_not_offered, owner, provider},
             {Stage::starttls, Cause::rejected, tls_not_offered, owner, provider},
             {Stage::starttls, Cause::tls_injected, tls_injection, owner, provider},
             {Stage::starttls, Cause::broke_protocol, protocol_error, owner, provider},
             {Stage::sign_in, Cause::rejected, sign_in_rejected, you, you},
             {Stage::sign_in, Cause::not_offered, sign_in_mechanism_unsupported, owner, provider},
             {Stage::sign_in, Cause::broke_protocol, protocol_error, owner, provider},
             {Stage::sign_in, Cause::untrusted_certificate, certificate_invalid, owner, provider},
         }) {
        CAPTURE(slug(stage));
        CAPTURE(slug(cause));
        const auto here = verdict_for({stage, cause, "their words"}, service_at("imap.example.org"), domain, "p7");
        REQUIRE(here);
        CHECK(slug(here->code) == slug(code));
        CHECK(slug(here->who) == slug(own));
        CHECK(here->severity == Severity::error);
        CHECK(here->service == "imap");
        CHECK(here->target == "imap.example.org:993");
        CHECK(here->proof == "p7");
        CHECK(here->said == "their words");
        const auto there = verdict_for({stage, cause, {}}, service_at("imap.provider.example"), domain, {});
        REQUIRE(there);
        CHECK(slug(there->code) == slug(code));
        CHECK(slug(there->who) == slug(elsewhere));
    }
}

TEST_CASE("what we stopped ourselves is no verdict on anybody")
{
    for (const auto stage : {Stage::resolve, Stage::connect, Stage::tls, Stage::greeting, Stage::sign_in}) {
        CHECK_FALSE(verdict_for({stage, Cause::cancelled, {}}, service_at("imap.example.org"), domain, {}));
        CHECK_FALSE(verdict_for({stage, Cause::bad_value, {}}, service_at("imap.example.org"), domain, {}));
    }
}

TEST_CASE("whose host it is is judged by the registrable domain")
{
    const auto at = [](const char* name) { return *parse_hostname(name); };
    CHECK(keeper_of(at("mail.example.org"), at("example.org")) == Who::domain_owner);
    CHECK(keeper_of(at("example.org"), at("sub.example.org")) == Who::domain_owner);
    CHECK(keeper_of(at("mail.example.net"), at("example.org")) == Who::mail_provider);
    CHECK(keeper_of(at("mail.notexample.org"), at("example.org")) == Who::mail_provider);
    CHECK(keeper_of(at("a.co.uk"), at("b.co.uk")) == Who::mail_provider);
    CHECK(keeper_of(at("192.0.2.1"), at("example.org")) == Who::mail_provider);
}

TEST_CASE("targets are written with their port, IPv6 in brackets")
{
    CHECK(target_of(service_at("imap.example.org")) == "imap.example.org:993");
    CHECK(target_of(service_at("2001:db8::1", ServiceKind::smtp, 465)) == "[2001:db8::1]:465");
}

TEST_CASE("what a refusal means: response codes, reply codes, providers' words")
{
    struct Row {
        const char* reply;
        VerdictCode code;
        Who who;
        bool counts, definitive;
    };
    using enum VerdictCode;
    const auto you = Who::you, provider = Who::mail_provider;
    for (const auto& [reply, code, who, counts, definitive] : std::initializer_list<Row>{
             // credentials refused, nothing more known: another form of the name may be tried
             {"NO [AUTHENTICATIONFAILED] Authentication failed.", sign_in_rejected, you, true, false},
             {"NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)", sign_in_rejected, you, true, false},
             {"NO [AUTHORIZATIONFAILED] no such authorization-ID", sign_in_rejected, you, true, false},
             {"NO LOGIN failed.", sign_in_rejected, you, true, false},
             {"BAD command", sign_in_rejected, you, true, false},
             {"-ERR [AUTH] Authentication failed.", sign_in_rejected, you, true, false},
             {"-ERR", sign_in_rejected, you, true, false},
             {"535 5.7.8 Error: authentication failed", sign_in_rejected, you, true, false},
             {"535 5.7.3 Authentication unsuccessful", sign_in_rejected, you, true, false},
             {"", sign_in_rejected, you, true, false},
             // the moment's fault: it does not count
             {"NO [UNAVAILABLE] Temporary authentication failure.", sign_in_try_later, provider, false, true},
             {"-ERR [SYS/TEMP] Temporary authentication failure.", sign_in_try_later, provider, false, true},
             {"-ERR [sys/temp] lower case", sign_in_try_later, provider, false, true},
             {"454 4.7.0 Temporary authentication failure", sign_in_try_later, provider, false, true},
             {"421 4.7.0 Too many errors", sign_in_try_later, provider, false, true},
             {"451 4.3.0 later", sign_in_try_later, provider, false, true},
             {"NO [INUSE] locked", service_busy, you, false, true},
             {"-ERR [IN-USE] locked", service_busy, you, false, true},
             {"NO [UNAVAILABLE] Maximum number of connections from user+IP exceeded", service_busy, you, false, true},
             {"432 4.3.2 Concurrent connections limit exceeded.", service_busy, you, false, true},
             {"NO [SERVERBUG] internal error", sign_in_try_later, provider, false, true},
             {"-ERR [LOGIN-DELAY] minimum time between mail checks", sign_in_try_later, you, false, true},
             {"NO [LIMIT] slow down", sign_in_locked, you, false, true},
             {"NO [ALERT] Too many simultaneous connections. (Failure)", service_busy, you, false, true},
             // locked out
             {"535 5.7.0 (#AUTH005) Too many bad auth attempts.", sign_in_locked, you, true, true},
             {"NO account is locked", sign_in_locked, provider, true, true},
             {"454 4.7.0 Too many login attempts, please try again later.", sign_in_locked, you, true, true},
             {"NO [LIMIT] LOGIN Rate limit hit.", sign_in_locked, you, false, true},
             {"NO [ALERT] Account exceeded command or bandwidth limits. (Failure)", sign_in_locked, you, false, true},
             // the password is right or wrong, but not of the kind that is wanted
             {"NO [ALERT] Application-specific password required: https://support.example/185833 (Failure)", sign_in_app_password_needed, you, true, true},
             {"534 5.7.9 Application-specific password required. For more information, go to", sign_in_app_password_needed, you, true, true},
             {"534 5.7.9 https://support.example/?p=InvalidSecondFactor a1-2 - gsmtp", sign_in_app_password_needed, you, true, true},
             {"535 5.7.0 NEOBHODIM parol prilozheniya / Application password is REQUIRED", sign_in_app_password_needed, you, true, true},
             {"NO Login fail. Please using authorized code to login.", sign_in_app_password_needed, you, true, true},
             {"535 5.7.139 Authentication unsuccessful, basic authentication is disabled.", sign_in_oauth2_needed, you, true, true},
             {"550 5.7.30 Basic authentication is not supported for Client Submission.", sign_in_oauth2_needed, you, true, true},
             {"NO [WEBALERT https://accounts.example/signin] Web login required.", sign_in_oauth2_needed, you, true, true},
             {"534 5.7.14 Please log in via your web browser and then try again.", sign_in_oauth2_needed, you, true, true},
             {"NO [EXPIRED] passphrase expired", sign_in_rejected, you, true, true},
             {"NO LOGIN failed. [Error=\"AuthFailed:LogonDenied-BasicAuthBlocked\"]", sign_in_oauth2_needed, you, true, true},
             {"535 5.7.8 Please log in with your web browser and then try again.", sign_in_oauth2_needed, you, true, true},
             {"NO [ALERT] Please use an App-Specific Password", sign_in_app_password_needed, you, true, true},
             {"535 Login Fail. Please enter your authorization code to login.", sign_in_app_password_needed, you, true, true},
             // two possibilities in one sentence: it stays the more general
             {"NO [AUTHENTICATIONFAILED] AUTHENTICATE invalid credentials or IMAP is disabled", sign_in_rejected, you, true, true},
             // the service is closed to this account
             {"NO [ALERT] Your account is not enabled for IMAP use. Please visit your settings", service_disabled_for_account, you, true, true},
             {"NO [ALERT] IMAP access is disabled for your domain.", service_disabled_for_account, provider, true, true},
             {"-ERR [SYS/PERM] Your account is not enabled for POP access.", service_disabled_for_account, you, true, true},
             {"-ERR [SYS/PERM] gone", service_disabled_for_account, provider, true, true},
             {"BAD User is authenticated but not connected.", service_disabled_for_account, provider, true, true},
             {"535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.", service_disabled_for_account, provider, true, true},
             {"NO [CONTACTADMIN] closed", sign_in_disabled_by_provider, provider, true, true},
             {"NO [ALERT] You are yet to enable IMAP for your account. (Failure)", service_disabled_for_account, you, true, true},
             {"NO [AUTHENTICATIONFAILED] IMAP access disabled", service_disabled_for_account, you, true, true},
             {"-ERR POP3 disabled for this mailbox", service_disabled_for_account, you, true, true},
             {"535 5.7.8 Error: authentication failed: This user does not have access rights to this service", service_disabled_for_account, you, true, true},
             {"NO Login fail. Service is not open!", service_disabled_for_account, you, true, true},
             {"535 5.7.139 Authentication unsuccessful, user is locked by your organization's security defaults policy.", sign_in_disabled_by_provider, provider, true, true},
             {"535 5.7.139 Authentication unsuccessful, the request did not meet the criteria to be authenticated successfully.", sign_in_disabled_by_provider, provider, true, true},
             {"535 5.7.139 Authentication unsuccessful, the user credentials were incorrect.", sign_in_rejected, you, true, false},
             {"554 5.7.8 Access Restricted", sign_in_disabled_by_provider, provider, true, true},
             {"525 5.7.13 User account disabled", sign_in_disabled_by_provider, provider, true, true},
             // the way of signing in
             {"NO [PRIVACYREQUIRED] TLS first", sign_in_cleartext_refused, provider, false, true},
             {"538 5.7.11 Encryption required for requested authentication mechanism", sign_in_cleartext_refused, provider, false, true},
             {"534 5.7.9 Authentication mechanism is too weak", sign_in_mechanism_unsupported, provider, true, true},
             {"504 5.5.4 Unrecognized authentication type", sign_in_mechanism_unsupported, provider, false, true},
             {"432 4.7.12 A password transition is needed", sign_in_mechanism_unsupported, provider, false, true},
             {"535 5.7.8 Error: authentication failed: no mechanism available", sign_in_mechanism_unsupported, provider, false, true},
             {"503 5.5.1 Error: authentication not enabled", sign_in_mechanism_unsupported, provider, false, true},
         }) {
        CAPTURE(std::string(reply));
        const auto meaning = read_refusal(reply);
        CHECK(slug(meaning.code) == slug(code));
        CHECK(slug(meaning.who) == slug(who));
        CHECK(meaning.counts == counts);
        CHECK(meaning.definitive == definitive);
    }
    CHECK(read_refusal(std::string(100000, 'x') + "[UNAVAILABLE]").code == sign_in_rejected);      // read as far as it is kept, no further
}

TEST_CASE("a certificate yields one error for its problem, errors for the rest, a warning where it only expires soon")
{
    CertificateFacts certificate;
    CHECK(verdicts_for(certificate, service_at("imap.example.org"), domain, "p1").empty());
    certificate.findings = {VerdictCode::certificate_expires_soon};
    const auto soon = verdicts_for(certificate, service_at("imap.example.org"), domain, "p1");
    REQUIRE(soon.size() == 1);
    CHECK(soon[0].severity == Severity::warning);
    certificate.problem = VerdictCode::certificate_expired;
    certificate.findings = {VerdictCode::certificate_expired, VerdictCode::certificate_name_mismatch};
    const auto bad = verdicts_for(certificate, service_at("imap.provider.example"), domain, "p1");
    REQUIRE(bad.size() == 2);
    CHECK(bad[0].code == VerdictCode::certificate_expired);
    CHECK(bad[0].severity == Severity::error);
    CHECK(bad[0].who == Who::mail_provider);
    CHECK(bad[0].proof == "p1");
    CHECK(bad[1].code == VerdictCode::certificate_name_mismatch);
}
