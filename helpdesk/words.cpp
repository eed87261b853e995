#include "helpdesk/words.hpp"

#include "helpdesk/phrases.hpp"
#include "providers/catalogue.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace portolan {

namespace {

const Service* service_at(const Report& report, const std::string& target)
{
    for (const auto* list : {&report.account.services, &report.alternatives})
        for (const auto& service : *list)
            if (target_of(service) == target) return &service;
    return nullptr;
}

std::string host_of(const std::string& target)
{
    if (const auto scheme = target.find("://"); scheme != std::string::npos) return target.substr(scheme + 3, target.find('/', scheme + 3) - scheme - 3);
    const auto colon = target.rfind(':');
    return colon == std::string::npos ? target : target.substr(0, colon);
}

/// Where there is none, the host as it is.
std::string registrable_of(const std::string& host)
{
    const auto name = parse_hostname(host);
    const auto domain = name ? registrable_domain(*name) : std::string();
    return domain.empty() ? host : domain;
}

std::string day_of(const std::string& moment) { return moment.substr(0, 10); }

std::string names_of(const Service* service)
{
    if (!service) return std::string(translated("another one"));
    if (!service->certificate || service->certificate->names.empty()) return std::string(translated("no name at all"));
    std::string names;
    for (std::size_t i = 0; i < service->certificate->names.size() && i < 5; ++i) names += (i ? ", " : "") + service->certificate->names[i];
    return names;
}

std::string evidence_of(const Verdict& verdict)
{
    std::string evidence;
    for (const auto& side : verdict.evidence) evidence += (evidence.empty() ? "" : "; ") + clean_server_text(side);
    return evidence.empty() ? std::string(translated("The findings contradict each other.")) : evidence;
}

std::vector<Value> values_for(const Verdict& verdict, const Report& report)
{
    const auto* service = service_at(report, verdict.target);
    const auto* certificate = service && service->certificate ? &*service->certificate : nullptr;
    const auto* provider = report.provider_id.empty() ? nullptr : provider_by_id(report.provider_id);
    const auto said = clean_server_text(verdict.said);
    return {
        {"{evidence}", evidence_of(verdict)},
        {"{instead}", host_of(verdict.instead)},
        {"{target}", verdict.target.empty() ? report.domain.text() : verdict.target},
        {"{host}", host_of(verdict.target)},
        {"{registrable}", registrable_of(service ? service->host.text() : host_of(verdict.target))},
        {"{domain}", report.domain.text()},
        {"{said}", said.empty() ? std::string() : in_quotes(said)},
        {"{until}", certificate ? day_of(certificate->not_after) : std::string(translated("an earlier day"))},
        {"{from}", certificate ? day_of(certificate->not_before) : std::string(translated("a later day"))},
        {"{names}", names_of(service)},
        {"{prepare}", provider && !provider->prepare.empty() ? std::string(translated(provider->prepare)) : said},
    };
}

/// Where nothing was said, the colon before it goes as well: "The sign-in was refused: {said}" -> "The sign-in was refused."
std::string sentence(std::string_view english, std::span<const Value> values)
{
    auto pattern = translated(english);
    constexpr std::string_view said = "{said}";
    const bool silent = std::ranges::any_of(values, [&](const Value& one) { return one.first == said && one.second.empty(); });
    if (!silent || !pattern.ends_with(said)) return filled(pattern, values);
    pattern.remove_suffix(said.size());
    constexpr std::string_view narrow = "\u202f", wide = "\u00a0";      // French writes one of them before the colon
    for (bool cut = true; cut && !pattern.empty();) {
        cut = false;
        for (const auto end : {std::string_view(" "), std::string_view(":"), narrow, wide})
            if (pattern.ends_with(end)) pattern.remove_suffix(end.size()), cut = true;
    }
    return filled(pattern, values) + ".";
}

/// "2026-11-25T10:46:13Z" and 1500 ms later: "10:46:14". Empty for what is no moment.
std::string time_of_day(const std::string& started, int after_ms)
{
    unsigned hours = 0, minutes = 0, seconds = 0;
    if (std::sscanf(started.c_str(), "%*4u-%*2u-%*2uT%2u:%2u:%2u", &hours, &minutes, &seconds) != 3) return {};
    const auto total = hours * 3600 + minutes * 60 + seconds + static_cast<unsigned>(std::max(0, after_ms)) / 1000;
    return fmt::format("{:02}:{:02}:{:02}", total / 3600 % 24, total / 60 % 60, total % 60);
}

/// When it was seen, and in which probe; empty where no probe shows it.
std::string proof_of(const Verdict& verdict, const Report& report)
{
    const auto probe = std::ranges::find_if(report.probes, [&](const Probe& one) { return !verdict.proof.empty() && one.id == verdict.proof; });
    if (probe == report.probes.end()) return {};
    const auto time = time_of_day(report.started, probe->started_ms + probe->elapsed_ms);
    return time.empty() ? std::string() : translated("Seen at {time} UTC (probe {probe}).", {{"{time}", time}, {"{probe}", probe->id}});
}

}

Words words_for(const Verdict& verdict, const Report& report)
{
    const auto& phrase = phrase_for(verdict.code, verdict.detail);
    const auto values = values_for(verdict, report);
    Words words{sentence(phrase.what, values), sentence(phrase.why, values), sentence(phrase.todo, values)};
    if (const auto proof = proof_of(verdict, report); !proof.empty())
        words.why += (words.why.empty() ? "" : words.why.ends_with('.') ? " " : ". ") + proof;
    return words;
}

std::string_view words_for(AddressProblem problem)
{
    switch (problem) {
    case AddressProblem::empty: return translated("an email address is needed, like alice@example.org");
    case AddressProblem::no_at: return translated("an email address has an @ in it, like alice@example.org");
    case AddressProblem::two_ats: return translated("there is more than one @ in this address");
    case AddressProblem::no_local_part: return translated("the part before the @ is missing");
    case AddressProblem::no_domain: return translated("the part after the @ is missing");
    case AddressProblem::space: return translated("there is a space in this address");
    case AddressProblem::control_character: return translated("there is a character in this address that cannot be seen");
    case AddressProblem::not_utf8: return translated("this address is not in UTF-8");
    case AddressProblem::too_long: return translated("this address is too long");
    case AddressProblem::bad_local_part: return translated("the part before the @ has characters or dots that no address has");
    case AddressProblem::bad_domain: return translated("the part after the @ is not a domain name");
    case AddressProblem::domain_incomplete: return translated("the part after the @ is not a whole domain, like example.org");
    }
    return {};
}

std::string words_for(const WriteFailure& failure)
{
    const Value field{"{field}", failure.field};
    switch (failure.problem) {
    case WriteProblem::no_incoming: return std::string(translated("the account has no incoming mail server"));
    case WriteProblem::no_calendar_or_contacts: return std::string(translated("the account has no calendar and no address book"));
    case WriteProblem::no_outgoing: return std::string(translated("the account has no outgoing mail server"));
    case WriteProblem::service_not_supported:
        if (failure.field == "auth") return std::string(translated("the server takes no sign-in that this program knows with these settings"));
        if (failure.field == "security") return std::string(translated("this program cannot be told to encrypt in this way"));
        if (failure.field == "port") return std::string(translated("this program cannot be told this port"));
        return translated("this format cannot hold the field {field}", {field});
    case WriteProblem::control_character: return translated("a character that no file may hold stands in {field}", {field});
    case WriteProblem::read_back_differs: return translated("the file did not read back as it was written: {field}", {field});
    case WriteProblem::bad_signing_key: return translated("the signing key or certificate cannot be used: {field}", {field});
    case WriteProblem::path_exists: return translated("{field} is there already and is left as it is (--force replaces it)", {field});
    case WriteProblem::cannot_write: return translated("cannot write {field}", {field});
    }
    return {};
}

std::string_view words_for(Who who)
{
    switch (who) {
    case Who::you: return translated("you");
    case Who::this_network: return translated("this network");
    case Who::internet_provider: return translated("the internet provider");
    case Who::mail_provider: return translated("the mail provider");
    case Who::domain_owner: return translated("the domain owner");
    case Who::portolan: return translated("Portolan");
    }
    return {};
}

std::string_view words_for(ServiceKind kind)
{
    switch (kind) {
    case ServiceKind::imap: return translated("Incoming mail (IMAP)");
    case ServiceKind::pop3: return translated("Incoming mail (POP3)");
    case ServiceKind::smtp: return translated("Outgoing mail (submission)");
    case ServiceKind::managesieve: return translated("Filters (ManageSieve)");
    case ServiceKind::jmap: return translated("Mail (JMAP)");
    case ServiceKind::activesync: return translated("Everything (ActiveSync)");
    case ServiceKind::ews: return translated("Everything (EWS)");
    case ServiceKind::caldav: return translated("Calendars (CalDAV)");
    case ServiceKind::carddav: return translated("Contacts (CardDAV)");
    }
    return {};
}

std::string_view words_for(Security security)
{
    switch (security) {
    case Security::tls: return translated("encrypted from the start");
    case Security::starttls: return translated("encrypted by STARTTLS");
    case Security::plaintext: return translated("not encrypted");
    }
    return {};
}

std::string_view words_for(Source source)
{
    switch (source) {
    case Source::catalogue: return translated("Portolan's catalogue");
    case Source::catalogue_mx: return translated("Portolan's catalogue, by who takes the domain's mail");
    case Source::pacc: return translated("published by the domain (PACC)");
    case Source::autoconfig:
    case Source::autoconfig_wellknown: return translated("published by the domain over HTTPS");
    case Source::autoconfig_http: return translated("published by the domain, unprotected");
    case Source::autoconfig_mx: return translated("published by who takes the domain's mail");
    case Source::autoconfig_txt: return translated("pointed to by the domain's DNS");
    case Source::ispdb:
    case Source::ispdb_mx: return translated("the public list of providers");
    case Source::srv: return translated("published in the domain's DNS");
    case Source::autodiscover:
    case Source::autodiscover_json:
    case Source::autodiscover_srv: return translated("published by the domain for Outlook");
    case Source::jmap_wellknown:
    case Source::dav_wellknown: return translated("its usual place");
    case Source::guess: return translated("its usual name, which answered");
    case Source::worked_before: return translated("what worked here before");
    case Source::user: return translated("you, by hand");
    }
    return {};
}

std::string_view words_for(Lost lost)
{
    switch (lost) {
    case Lost::none: return {};
    case Lost::failed: return translated("it failed its test");
    case Lost::certificate: return translated("its certificate is not good");
    case Lost::less_trusted: return translated("a source that counts for less names it");
    case Lost::weaker: return translated("its encryption is the weaker one");
    case Lost::second_protocol: return translated("the other protocol does more");
    case Lost::named_later: return translated("it is named after the other");
    case Lost::not_tried: return translated("it was not needed");
    }
    return {};
}

std::string words_for(Told told, const std::string& hosts)
{
    switch (told) {
    case Told::nothing: return {};
    case Told::domain: return translated("The domain was told to {hosts}.", {{"{hosts}", hosts}});
    case Told::address: return translated("The address was told to {hosts}.", {{"{hosts}", hosts}});
    }
    return {};
}

namespace {

std::string summary_of(const Report& report)
{
    const auto first = report.verdicts.empty() ? std::string() : report.verdicts.front().what;
    const auto* incoming = report.account.incoming();
    switch (report.outcome) {
    case ReportOutcome::ready:
        return std::string(incoming && incoming->state == ServiceState::verified ? translated("Your account works: the sign-in was taken by both servers.")
                                                                                 : translated("These servers work for you."));
    case ReportOutcome::attention:
        if (std::ranges::all_of(report.account.services, [](const Service& one) { return one.state == ServiceState::untested; }))
            return std::string(translated("The settings are known; nothing was tested."));
        if (first.empty()) return std::string(translated("The settings are known, but not proven yet."));
        return translated("Found, but something needs a look: {what}", {{"{what}", first}});
    case ReportOutcome::not_found:
        if (!first.empty()) return first;
        return translated("No mail server was found: nothing is published for {domain}, and none answers at the usual names.",
                          {{"{domain}", display_name(report.domain)}});
    case ReportOutcome::offline: return first.empty() ? std::string(translated("This computer has no network.")) : first;
    case ReportOutcome::unsupported: return first;
    }
    return {};
}

}

void fill_words(Report& report)
{
    for (auto& verdict : report.verdicts) {
        auto words = words_for(verdict, report);
        verdict.what = std::move(words.what);
        verdict.why = std::move(words.why);
        verdict.todo = std::move(words.todo);
    }
    report.summary = summary_of(report);
}

}
