#include "helpdesk/words.hpp"

#include "providers/catalogue.hpp"

// Source texts are English; a translator's tool collects what stands in this mark.
#define PORTOLAN_TR(text) text

namespace portolan {

namespace {

struct Entry {
    VerdictCode code;
    std::string_view what, why, todo;
};

using enum VerdictCode;

constexpr std::array entries{
    Entry{dns_no_such_domain, PORTOLAN_TR("There is no domain {target}."), PORTOLAN_TR("The DNS answered NXDOMAIN for {target}."), PORTOLAN_TR("Check the part after the @ for a typing mistake.")},
    Entry{dns_failure, PORTOLAN_TR("The name servers of {target} do not answer properly."), PORTOLAN_TR("DNS answered SERVFAIL or refused the question for {target}."), PORTOLAN_TR("Try again in some minutes. If it stays, the domain owner has to repair the name servers.")},
    Entry{dns_timeout, PORTOLAN_TR("This network does not answer questions for names."), PORTOLAN_TR("No DNS answer for {target} in time."), PORTOLAN_TR("Check the network connection, then try again.")},
    Entry{dns_hijacked, PORTOLAN_TR("This network answers for names that do not exist."), PORTOLAN_TR("A random name resolved to an address: answers for {target} are not believed."), PORTOLAN_TR("Use another network or another resolver (--resolver).")},
    Entry{connection_refused, PORTOLAN_TR("{target} does not take connections."), PORTOLAN_TR("The connection to {target} was refused (RST)."), PORTOLAN_TR("Try again later. If it stays, tell whoever runs {host}.")},
    Entry{connection_timeout, PORTOLAN_TR("{target} did not answer."), PORTOLAN_TR("No answer to the connection attempt at {target}: the server is down, or a firewall on the way drops it."), PORTOLAN_TR("Try another network first. If it stays, tell whoever runs {host}.")},
    Entry{connection_reset, PORTOLAN_TR("The connection to {target} was cut."), PORTOLAN_TR("{target} reset the connection."), PORTOLAN_TR("Try again, then try another network: a firewall may do this.")},
    Entry{connection_unreachable, PORTOLAN_TR("This network has no way to {target}."), PORTOLAN_TR("No route to {target}."), PORTOLAN_TR("Check the network connection, then try again.")},
    Entry{captive_portal, PORTOLAN_TR("This network asks for its own sign-in first."), PORTOLAN_TR("{target} was answered by the network's portal."), PORTOLAN_TR("Open any web page, sign in to the network, then try again.")},
    Entry{proxy_required, PORTOLAN_TR("This network lets nothing out without its proxy."), PORTOLAN_TR("A direct connection to {target} was refused by a proxy."), PORTOLAN_TR("Ask whoever runs this network for the proxy's settings.")},
    Entry{greeting_timeout, PORTOLAN_TR("{target} takes the connection, then says nothing."), PORTOLAN_TR("No greeting or answer from {target} in time."), PORTOLAN_TR("Try again later. If it stays, tell whoever runs {host}.")},
    Entry{greeting_rejected, PORTOLAN_TR("{target} turned this computer away."), PORTOLAN_TR("{target} refused at its greeting: {said}"), PORTOLAN_TR("Read the server's words. Try another network, or wait.")},
    Entry{not_this_protocol, PORTOLAN_TR("Something else answers at {target}."), PORTOLAN_TR("{target} speaks another protocol: {said}"), PORTOLAN_TR("Use another port, or ask the domain owner which one is right.")},
    Entry{protocol_error, PORTOLAN_TR("{target} answers in a way no mail program understands."), PORTOLAN_TR("{target} broke the protocol: {said}"), PORTOLAN_TR("Tell whoever runs {host}; the report shows the exact reply.")},
    Entry{too_much_data, PORTOLAN_TR("{target} sends without end."), PORTOLAN_TR("{target} passed the bounds on lines or bytes."), PORTOLAN_TR("Tell whoever runs {host}.")},
    Entry{tls_handshake_failed, PORTOLAN_TR("No secure connection to {target} came about."), PORTOLAN_TR("The TLS handshake with {target} failed: {said}"), PORTOLAN_TR("Try again, then try another network. If it stays, tell whoever runs {host}.")},
    Entry{tls_version_too_old, PORTOLAN_TR("{target} only knows encryption that is no longer safe."), PORTOLAN_TR("{target} offers no TLS 1.2 or later."), PORTOLAN_TR("Whoever runs {host} has to switch on TLS 1.2 or 1.3.")},
    Entry{tls_not_offered, PORTOLAN_TR("{target} offers no encryption, although it should."), PORTOLAN_TR("STARTTLS is absent or refused at {target}: {said}"), PORTOLAN_TR("Try another network: something on the way may strip it. Send no password here.")},
    Entry{tls_injection, PORTOLAN_TR("Somebody put data into the connection to {target}."), PORTOLAN_TR("Bytes arrived behind the STARTTLS answer of {target} and before TLS: {said}"), PORTOLAN_TR("Leave this network. Send no password. Tell whoever runs {host}.")},
    Entry{tls_not_spoken, PORTOLAN_TR("{target} does not encrypt from the start."), PORTOLAN_TR("Plain text was heard where TLS was due at {target}: {said}"), PORTOLAN_TR("Use the port for STARTTLS, or ask the domain owner which one is right.")},
    Entry{certificate_expired, PORTOLAN_TR("The certificate of {host} has run out."), PORTOLAN_TR("The certificate at {target} expired on {until}."), PORTOLAN_TR("Whoever runs {host} has to renew it. Send them this note; wait with the password until then.")},
    Entry{certificate_not_yet_valid, PORTOLAN_TR("The certificate of {host} is not valid yet."), PORTOLAN_TR("The certificate at {target} starts on {from}."), PORTOLAN_TR("Check this computer's date. If it is right, whoever runs {host} has to replace the certificate.")},
    Entry{certificate_name_mismatch, PORTOLAN_TR("The certificate at {host} belongs to another name."), PORTOLAN_TR("The certificate at {target} names {names}."), PORTOLAN_TR("Ask whoever runs {host} which server name to use.")},
    Entry{certificate_self_signed, PORTOLAN_TR("Nobody else vouches for the certificate of {host}."), PORTOLAN_TR("The certificate at {target} is signed by itself."), PORTOLAN_TR("Compare its fingerprint with whoever runs {host}, or ask them for a certificate of a public authority.")},
    Entry{certificate_untrusted_issuer, PORTOLAN_TR("The certificate of {host} is vouched for by somebody this computer does not know."), PORTOLAN_TR("The chain at {target} ends at an unknown issuer."), PORTOLAN_TR("In a company, ask for its root certificate. Otherwise send no password here.")},
    Entry{certificate_incomplete_chain, PORTOLAN_TR("The server {host} does not show its whole certificate."), PORTOLAN_TR("{target} leaves out the intermediate certificate."), PORTOLAN_TR("Whoever runs {host} has to install the full chain. Some programs hide this fault, phones do not.")},
    Entry{certificate_revoked, PORTOLAN_TR("The certificate of {host} was withdrawn."), PORTOLAN_TR("The certificate at {target} is revoked."), PORTOLAN_TR("Send no password here. Whoever runs {host} has to replace it.")},
    Entry{certificate_weak, PORTOLAN_TR("The certificate of {host} is too weak to protect a password."), PORTOLAN_TR("A key or signature in the chain of {target} is below today's minimum."), PORTOLAN_TR("Whoever runs {host} has to replace it.")},
    Entry{certificate_expires_soon, PORTOLAN_TR("The certificate of {host} runs out within two weeks."), PORTOLAN_TR("The certificate at {target} ends on {until}."), PORTOLAN_TR("Nothing to do for you. Whoever runs {host} should renew it now.")},
    Entry{certificate_purpose, PORTOLAN_TR("The certificate of {host} was made for something else."), PORTOLAN_TR("The certificate at {target} is not for TLS servers."), PORTOLAN_TR("Whoever runs {host} has to replace it.")},
    Entry{certificate_invalid, PORTOLAN_TR("The certificate of {host} is broken."), PORTOLAN_TR("The chain at {target} does not verify."), PORTOLAN_TR("Whoever runs {host} has to replace it. Send no password here.")},
    Entry{settings_malformed, PORTOLAN_TR("The published settings at {target} cannot be read."), PORTOLAN_TR("The document at {target} is broken: {said}"), PORTOLAN_TR("The domain owner has to repair the file.")},
    Entry{settings_redirect_loop, PORTOLAN_TR("The published settings at {target} lead nowhere."), PORTOLAN_TR("{target} redirects in a loop, too often, or to an unprotected address."), PORTOLAN_TR("The domain owner has to repair the redirect.")},
    Entry{settings_insecure_source, PORTOLAN_TR("The settings came over an unprotected way."), PORTOLAN_TR("{target} was read without TLS."), PORTOLAN_TR("Compare the server names with your provider before the password.")},
    Entry{settings_conflict, PORTOLAN_TR("Two sources say different things about {target}."), PORTOLAN_TR("{evidence}"), PORTOLAN_TR("The domain owner should bring them in line.")},
    Entry{settings_host_outside_domain, PORTOLAN_TR("{host} is not a server of {domain}."), PORTOLAN_TR("{target} lies outside the address's domain and no authenticated source names it."), PORTOLAN_TR("If {registrable} is your mail provider, confirm it (--confirm {registrable}).")},
    Entry{settings_private_address, PORTOLAN_TR("{host} stands in a private network."), PORTOLAN_TR("{target} resolves to {said}, which is not reachable from everywhere."), PORTOLAN_TR("It works here. It will not work away from this network.")},
    Entry{settings_point_nowhere, PORTOLAN_TR("The settings name {host}, which does not exist."), PORTOLAN_TR("No address for {host}."), PORTOLAN_TR("The domain owner has to correct the published settings.")},
    Entry{settings_endpoint_dead, PORTOLAN_TR("The settings name {target}, which does not work."), PORTOLAN_TR("{target} is published and failed its test; another one is used instead."), PORTOLAN_TR("Nothing to do for you. The domain owner should repair it or take it out.")},
    Entry{sign_in_rejected, PORTOLAN_TR("{host} refused this name or password."), PORTOLAN_TR("The sign-in at {target} was refused: {said}"), PORTOLAN_TR("Type the password again, with care: the server counts tries.")},
    Entry{sign_in_username_form, PORTOLAN_TR("{host} wants another form of the user name than the address."), PORTOLAN_TR("{target} refused the full address and took the part before the @."), PORTOLAN_TR("Nothing to do: the form that works is used.")},
    Entry{sign_in_app_password_needed, PORTOLAN_TR("{target} wants an app password."), PORTOLAN_TR("The provider takes no account password from mail programs. {said}"), PORTOLAN_TR("Make an app password on the provider's page, then type that one here.")},
    Entry{sign_in_oauth2_needed, PORTOLAN_TR("{target} wants a sign-in in the browser."), PORTOLAN_TR("The provider takes no password from mail programs, only OAuth 2. {said}"), PORTOLAN_TR("Set the account up in a program that this provider admits; its sign-in page opens there.")},
    Entry{sign_in_disabled_by_provider, PORTOLAN_TR("{host} has switched this sign-in off."), PORTOLAN_TR("{target} says: {said}"), PORTOLAN_TR("Ask the provider.")},
    Entry{sign_in_locked, PORTOLAN_TR("{host} has locked this account for now."), PORTOLAN_TR("{target} says: {said}"), PORTOLAN_TR("Wait, or unlock it on the provider's page. Further tries lengthen the lock.")},
    Entry{sign_in_try_later, PORTOLAN_TR("{host} cannot check passwords at the moment."), PORTOLAN_TR("{target} says: {said}"), PORTOLAN_TR("Try again in some minutes. The password was not judged.")},
    Entry{sign_in_cleartext_refused, PORTOLAN_TR("{host} would take the password without encryption."), PORTOLAN_TR("{target} offers no TLS. Portolan sends no password there."), PORTOLAN_TR("Ask the provider for an encrypted way.")},
    Entry{sign_in_mechanism_unsupported, PORTOLAN_TR("{host} and Portolan share no way to sign in."), PORTOLAN_TR("No common mechanism at {target}. {said}"), PORTOLAN_TR("Ask whoever runs {host} to offer PLAIN or SCRAM inside TLS.")},
    Entry{service_disabled_for_account, PORTOLAN_TR("This account may not use {host}."), PORTOLAN_TR("{target} says: {said}"), PORTOLAN_TR("Switch the service on in the provider's settings, or ask the provider.")},
    Entry{device_not_authorized, PORTOLAN_TR("An administrator has to admit this device."), PORTOLAN_TR("{target} says: {said}"), PORTOLAN_TR("Give the administrator the device's id from this report.")},
    Entry{service_busy, PORTOLAN_TR("{host} is busy."), PORTOLAN_TR("{target} says: {said}"), PORTOLAN_TR("Try again in some minutes.")},
    Entry{pop3_only, PORTOLAN_TR("{host} offers POP3 alone."), PORTOLAN_TR("No IMAP was found beside {target}."), PORTOLAN_TR("It works. Mail is fetched to one device; folders are not kept in step.")},
    Entry{provider_unsupported, PORTOLAN_TR("{target} lets no other mail program in."), PORTOLAN_TR("{prepare}"), PORTOLAN_TR("Use the provider's own app or web page.")},
    Entry{provider_step_needed, PORTOLAN_TR("{target} asks for a step first."), PORTOLAN_TR("{prepare}"), PORTOLAN_TR("{prepare}")},
};
static_assert(entries.size() == verdict_code_count);

/// The same code means something else where this network is at fault.
constexpr Entry refused_here{dns_failure, PORTOLAN_TR("This network's DNS server refuses to answer."), PORTOLAN_TR("Every question about {target} was refused."),
                             PORTOLAN_TR("Check the network connection, or ask another DNS server (--resolver).")};

/// The server is right, its name is not: somebody can say which one it has.
constexpr Entry better_name{certificate_name_mismatch, PORTOLAN_TR("{host} goes by another name: {instead}."), PORTOLAN_TR("The certificate at {target} does not name it, but verifies cleanly at {instead}."),
                            PORTOLAN_TR("Nothing to do: {instead} is used instead. The domain owner should publish that name.")};

/// The file can be read, by everybody: that is what is wrong with it.
constexpr Entry open_password{settings_malformed, PORTOLAN_TR("A password stands in the published settings of {host}."), PORTOLAN_TR("Everybody can read {target}, and the password in it. It was not used."),
                              PORTOLAN_TR("The domain owner has to take it out, and to change it.")};

/// Not a mail server, but the place of a document.
constexpr Entry leads_elsewhere{settings_host_outside_domain, PORTOLAN_TR("{domain} sends us to {host} for its settings."), PORTOLAN_TR("{target} lies outside the address's domain, and the address would be told there. It was not asked."),
                                PORTOLAN_TR("If {registrable} is your mail provider, confirm it (--confirm {registrable}).")};

const Entry& entry_for(const Verdict& verdict)
{
    if (verdict.code == settings_host_outside_domain && verdict.target.find("://") != std::string::npos) return leads_elsewhere;
    if (verdict.code == settings_malformed && verdict.said == "password") return open_password;
    if (verdict.code == certificate_name_mismatch && !verdict.instead.empty()) return better_name;
    if (verdict.code == dns_failure && verdict.who == Who::this_network) return refused_here;
    return entries[static_cast<std::size_t>(verdict.code)];
}

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
    const auto& entry = entry_for(verdict);
    return {filled(entry.what, verdict, report), filled(entry.why, verdict, report), filled(entry.todo, verdict, report)};
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
