// Every enumerator has a slug of its own, and every slug leads back.
#include "probe/account/account.hpp"
#include "probe/account/outcome.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>
#include <set>

using namespace portolan;

namespace {

bool is_slug(std::string_view text)
{
    return !text.empty() && text.front() != '-' && text.back() != '-' && std::ranges::all_of(text, [](unsigned char c) { return std::islower(c) || std::isdigit(c) || c == '-'; });
}

template <class Enum>
std::set<std::string> slugs_up_to(Enum last)
{
    std::set<std::string> all;
    for (int i = 0; i <= static_cast<int>(last); ++i) {
        const auto text = slug(static_cast<Enum>(i));
        CAPTURE(text);
        CHECK(is_slug(text));
        CHECK(all.insert(std::string(text)).second);
    }
    return all;
}

template <class Enum, class From>
void there_and_back(Enum last, From from)
{
    for (const auto& text : slugs_up_to(last)) {
        CAPTURE(text);
        const auto back = from(text);
        REQUIRE(back);
        CHECK(slug(*back) == text);
        CHECK_FALSE(from(text + "x"));
    }
    CHECK_FALSE(from(""));
    CHECK_FALSE(from("auto"));
}

}

TEST_CASE("slugs there and back")
{
    there_and_back(ServiceKind::carddav, service_kind_from);
    there_and_back(Security::plaintext, security_from);
    there_and_back(UsernameForm::custom, username_form_from);
    there_and_back(Mechanism::native, mechanism_from);
    there_and_back(Trust::insecure, trust_from);
    there_and_back(ServiceState::failed, service_state_from);
    there_and_back(Source::user, source_from);
    there_and_back(VerdictCode::sender_rejected, verdict_code_from);
    there_and_back(static_cast<Detail>(detail_count - 1), detail_from);
    there_and_back(Severity::notice, severity_from);
    there_and_back(Who::portolan, who_from);
    slugs_up_to(Stage::goodbye);
    slugs_up_to(Cause::our_bug);
    slugs_up_to(AddressProblem::domain_incomplete);
}

TEST_CASE("the report's own words")
{
    CHECK(slug(Security::plaintext) == "none");
    CHECK(slug(Mechanism::scram_sha_256_plus) == "scram-sha-256-plus");
    CHECK(mechanism_from("SCRAM-SHA-256") == Mechanism::scram_sha_256);
    CHECK(slug(Source::autoconfig_wellknown) == "autoconfig-wellknown");
    CHECK(slug(VerdictCode::tls_injection) == "tls-injection");
    CHECK(slug(Who::this_network) == "this-network");
    CHECK(verdict_code_count == 63);
}

TEST_CASE("rule 15: what cannot be parsed is rejected, the default is TLS, and nothing encrypts only if it can")
{
    for (const auto* text : {"ssl", "SSL", "TLS", "Tls", "auto", "yes", "on", "true", "starttls ", " tls", "starttls-if-available", "opportunistic", "plain", "plaintext", "NONE", "%server/security%", "0", "1"})
        CHECK_FALSE_MESSAGE(security_from(text), text);
    CHECK(Endpoint().security == Security::tls);
    CHECK(Service().security == Security::tls);
    CHECK(Service().trust == Trust::confirm);
    CHECK(static_cast<int>(Security::plaintext) == 2);                  // tls, starttls, plaintext: no fourth
}

TEST_CASE("registered ports")
{
    CHECK(default_port(ServiceKind::imap, Security::tls) == 993);
    CHECK(default_port(ServiceKind::imap, Security::starttls) == 143);
    CHECK(default_port(ServiceKind::imap, Security::plaintext) == 143);
    CHECK(default_port(ServiceKind::pop3, Security::tls) == 995);
    CHECK(default_port(ServiceKind::pop3, Security::starttls) == 110);
    CHECK(default_port(ServiceKind::smtp, Security::tls) == 465);
    CHECK(default_port(ServiceKind::smtp, Security::starttls) == 587);
    CHECK(default_port(ServiceKind::managesieve, Security::starttls) == 4190);
    CHECK(default_port(ServiceKind::caldav, Security::tls) == 443);
}

TEST_CASE("an account gives one service of a kind, IMAP before POP3")
{
    Account account;
    CHECK(account.incoming() == nullptr);
    account.services.resize(2);
    account.services[0].service = ServiceKind::pop3;
    account.services[1].service = ServiceKind::smtp;
    CHECK(account.incoming()->service == ServiceKind::pop3);
    account.services.emplace_back().service = ServiceKind::imap;
    CHECK(account.incoming()->service == ServiceKind::imap);
    CHECK(account.find(ServiceKind::smtp)->service == ServiceKind::smtp);
    CHECK(account.find(ServiceKind::jmap) == nullptr);
}
