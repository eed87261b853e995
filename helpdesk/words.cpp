#include "helpdesk/words.hpp"

#include "helpdesk/phrases.hpp"
#include "providers/catalogue.hpp"

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

std::string filled(std::string_view pattern, const Verdict& verdict, const Report& report)
{
    const auto* service = service_at(report, verdict.target);
    const auto* provider = report.provider_id.empty() ? nullptr : provider_by_id(report.provider_id);
    const auto said = clean_server_text(verdict.said);
    std::string names;
    if (service && service->certificate)
        for (std::size_t i = 0; i < service->certificate->names.size() && i < 5; ++i) names += (i ? ", " : "") + service->certificate->names[i];
    std::string evidence;
    for (const auto& side : verdict.evidence) evidence += (evidence.empty() ? "" : "; ") + clean_server_text(side);
    if (evidence.empty()) evidence = PORTOLAN_TR("The findings contradict each other.");
    const std::array<std::pair<std::string_view, std::string>, 12> values{{
        {"{evidence}", evidence},
        {"{instead}", host_of(verdict.instead)},
        {"{target}", verdict.target.empty() ? report.domain.text() : verdict.target},
        {"{host}", host_of(verdict.target)},
        {"{registrable}", registrable_of(service ? service->host.text() : host_of(verdict.target))},
        {"{domain}", report.domain.text()},
        {"{said}", said.empty() ? std::string() : "“" + said + "”"},
        {"{until}", service && service->certificate ? day_of(service->certificate->not_after) : PORTOLAN_TR("an earlier day")},
        {"{from}", service && service->certificate ? day_of(service->certificate->not_before) : PORTOLAN_TR("a later day")},
        {"{names}", !names.empty() ? names : service ? PORTOLAN_TR("no name at all") : PORTOLAN_TR("another one")},
        {"{prepare}", provider ? std::string(provider->prepare) : said},
        {"{help}", provider ? std::string(provider->help) : std::string()},
    }};
    std::string text;
    for (std::size_t i = 0; i < pattern.size();) {
        const auto found = std::ranges::find_if(values, [&](const auto& value) { return pattern.substr(i).starts_with(value.first); });
        if (found == values.end()) text += pattern[i++];
        else {
            text += found->second;
            i += found->first.size();
        }
    }
    while (!text.empty() && (text.back() == ' ' || text.back() == ':')) text.pop_back();
    return text;
}

}

Words words_for(const Verdict& verdict, const Report& report)
{
    const auto& phrase = phrase_for(verdict.code, verdict.detail);
    return {filled(phrase.what, verdict, report), filled(phrase.why, verdict, report), filled(phrase.todo, verdict, report)};
}

std::string_view words_for(AddressProblem problem)
{
    switch (problem) {
    case AddressProblem::empty: return PORTOLAN_TR("an email address is needed, like alice@example.org");
    case AddressProblem::no_at: return PORTOLAN_TR("an email address has an @ in it, like alice@example.org");
    case AddressProblem::two_ats: return PORTOLAN_TR("there is more than one @ in this address");
    case AddressProblem::no_local_part: return PORTOLAN_TR("the part before the @ is missing");
    case AddressProblem::no_domain: return PORTOLAN_TR("the part after the @ is missing");
    case AddressProblem::space: return PORTOLAN_TR("there is a space in this address");
    case AddressProblem::control_character: return PORTOLAN_TR("there is a character in this address that cannot be seen");
    case AddressProblem::not_utf8: return PORTOLAN_TR("this address is not in UTF-8");
    case AddressProblem::too_long: return PORTOLAN_TR("this address is too long");
    case AddressProblem::bad_local_part: return PORTOLAN_TR("the part before the @ has characters or dots that no address has");
    case AddressProblem::bad_domain: return PORTOLAN_TR("the part after the @ is not a domain name");
    case AddressProblem::domain_incomplete: return PORTOLAN_TR("the part after the @ is not a whole domain, like example.org");
    }
    return {};
}

std::string words_for(const WriteFailure& failure)
{
    switch (failure.problem) {
    case WriteProblem::no_incoming: return PORTOLAN_TR("the account has no incoming mail server");
    case WriteProblem::no_outgoing: return PORTOLAN_TR("the account has no outgoing mail server");
    case WriteProblem::service_not_supported:
        if (failure.field == "auth") return PORTOLAN_TR("the server takes no sign-in that this program knows with these settings");
        if (failure.field == "security") return PORTOLAN_TR("this program cannot be told to encrypt in this way");
        if (failure.field == "port") return PORTOLAN_TR("this program cannot be told this port");
        return PORTOLAN_TR("this format cannot hold the ") + failure.field;
    case WriteProblem::control_character: return PORTOLAN_TR("a character that no file may hold stands in ") + failure.field;
    case WriteProblem::read_back_differs: return PORTOLAN_TR("the file did not read back as it was written: ") + failure.field;
    case WriteProblem::bad_signing_key: return PORTOLAN_TR("the signing key or certificate cannot be used: ") + failure.field;
    case WriteProblem::path_exists: return failure.field + PORTOLAN_TR(" is there already and is left as it is (--force replaces it)");
    case WriteProblem::cannot_write: return PORTOLAN_TR("cannot write ") + failure.field;
    }
    return {};
}

std::string_view words_for(Who who)
{
    switch (who) {
    case Who::you: return PORTOLAN_TR("you");
    case Who::this_network: return PORTOLAN_TR("this network");
    case Who::internet_provider: return PORTOLAN_TR("the internet provider");
    case Who::mail_provider: return PORTOLAN_TR("the mail provider");
    case Who::domain_owner: return PORTOLAN_TR("the domain owner");
    case Who::portolan: return PORTOLAN_TR("Portolan");
    }
    return {};
}

std::string_view words_for(ServiceKind kind)
{
    switch (kind) {
    case ServiceKind::imap: return PORTOLAN_TR("Incoming mail (IMAP)");
    case ServiceKind::pop3: return PORTOLAN_TR("Incoming mail (POP3)");
    case ServiceKind::smtp: return PORTOLAN_TR("Outgoing mail (submission)");
    case ServiceKind::managesieve: return PORTOLAN_TR("Filters (ManageSieve)");
    case ServiceKind::jmap: return PORTOLAN_TR("Mail (JMAP)");
    case ServiceKind::activesync: return PORTOLAN_TR("Everything (ActiveSync)");
    case ServiceKind::ews: return PORTOLAN_TR("Everything (EWS)");
    case ServiceKind::caldav: return PORTOLAN_TR("Calendars (CalDAV)");
    case ServiceKind::carddav: return PORTOLAN_TR("Contacts (CardDAV)");
    }
    return {};
}

std::string_view words_for(Security security)
{
    switch (security) {
    case Security::tls: return PORTOLAN_TR("encrypted from the start");
    case Security::starttls: return PORTOLAN_TR("encrypted by STARTTLS");
    case Security::plaintext: return PORTOLAN_TR("not encrypted");
    }
    return {};
}

std::string_view words_for(Source source)
{
    switch (source) {
    case Source::catalogue: return PORTOLAN_TR("Portolan's catalogue");
    case Source::catalogue_mx: return PORTOLAN_TR("Portolan's catalogue, by who takes the domain's mail");
    case Source::pacc: return PORTOLAN_TR("published by the domain (PACC)");
    case Source::autoconfig:
    case Source::autoconfig_wellknown: return PORTOLAN_TR("published by the domain over HTTPS");
    case Source::autoconfig_http: return PORTOLAN_TR("published by the domain, unprotected");
    case Source::autoconfig_mx: return PORTOLAN_TR("published by who takes the domain's mail");
    case Source::autoconfig_txt: return PORTOLAN_TR("pointed to by the domain's DNS");
    case Source::ispdb:
    case Source::ispdb_mx: return PORTOLAN_TR("the public list of providers");
    case Source::srv: return PORTOLAN_TR("published in the domain's DNS");
    case Source::autodiscover:
    case Source::autodiscover_json:
    case Source::autodiscover_srv: return PORTOLAN_TR("published by the domain for Outlook");
    case Source::jmap_wellknown:
    case Source::dav_wellknown: return PORTOLAN_TR("found at its usual place");
    case Source::guess: return PORTOLAN_TR("a usual name that answered");
    case Source::worked_before: return PORTOLAN_TR("worked here before");
    case Source::user: return PORTOLAN_TR("typed by hand");
    }
    return {};
}

std::string_view words_for(Lost lost)
{
    switch (lost) {
    case Lost::none: return {};
    case Lost::failed: return PORTOLAN_TR("it failed its test");
    case Lost::certificate: return PORTOLAN_TR("its certificate is not good");
    case Lost::less_trusted: return PORTOLAN_TR("a source that counts for less names it");
    case Lost::weaker: return PORTOLAN_TR("its encryption is the weaker one");
    case Lost::second_protocol: return PORTOLAN_TR("the other protocol does more");
    case Lost::named_later: return PORTOLAN_TR("it is named after the other");
    case Lost::not_tried: return PORTOLAN_TR("it was not needed");
    }
    return {};
}

std::string_view words_for(Told told)
{
    switch (told) {
    case Told::nothing: return {};
    case Told::domain: return PORTOLAN_TR("The domain was told to");
    case Told::address: return PORTOLAN_TR("The address was told to");
    }
    return {};
}

void fill_words(Report& report)
{
    for (auto& verdict : report.verdicts) {
        auto words = words_for(verdict, report);
        verdict.what = std::move(words.what);
        verdict.why = std::move(words.why);
        verdict.todo = std::move(words.todo);
    }
    const auto first = report.verdicts.empty() ? std::string() : report.verdicts.front().what;
    const auto* incoming = report.account.incoming();
    switch (report.outcome) {
    case ReportOutcome::ready:
        report.summary = incoming && incoming->state == ServiceState::verified ? PORTOLAN_TR("Your account works: the sign-in was taken by both servers.") : PORTOLAN_TR("These servers work for you.");
        break;
    case ReportOutcome::attention:
        if (std::ranges::all_of(report.account.services, [](const Service& one) { return one.state == ServiceState::untested; })) {
            report.summary = PORTOLAN_TR("The settings are known; nothing was tested.");
            break;
        }
        report.summary = first.empty() ? PORTOLAN_TR("The settings are known, but not proven yet.") : PORTOLAN_TR("Found, but something needs a look: ") + first;
        break;
    case ReportOutcome::not_found: report.summary = first.empty() ? PORTOLAN_TR("No mail server was found: nothing is published for ") + display_name(report.domain) + PORTOLAN_TR(", and none answers at the usual names.") : first; break;
    case ReportOutcome::offline: report.summary = first.empty() ? PORTOLAN_TR("This computer has no network.") : first; break;
    case ReportOutcome::unsupported: report.summary = first; break;
    }
}

}
