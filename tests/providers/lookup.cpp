// Looking up: exact domains, the longest MX suffix at a label boundary, placeholders, and no allocation on the way.
#include "probe/search.hpp"
#include "providers/catalogue.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <new>

using namespace portolan;

namespace {

std::size_t allocations = 0;

std::string_view id_of(const Provider* provider) { return provider ? provider->id : std::string_view("none"); }

EmailAddress address(std::string_view text)
{
    const auto parsed = parse_email_address(text);
    REQUIRE(parsed);
    return *parsed;
}

}

void* operator new(std::size_t size)
{
    ++allocations;
    if (void* block = std::malloc(size ? size : 1)) return block;
    throw std::bad_alloc();
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept
{
    ++allocations;
    return std::malloc(size ? size : 1);
}
void operator delete(void* block) noexcept { std::free(block); }
void operator delete(void* block, std::size_t) noexcept { std::free(block); }

TEST_CASE("a domain is found exactly; one above it only where the data say so")
{
    CHECK(id_of(provider_for_domain("gmail.com")) == "googlemail.com");
    CHECK(id_of(provider_for_domain("gmx.de")) == "gmx.net");
    CHECK(id_of(provider_for_domain("icloud.com")) == "me.com");
    CHECK(id_of(provider_for_domain("outlook.com")) == "hotmail.com");
    CHECK(id_of(provider_for_domain("mail.gmail.com")) == "none");
    CHECK(id_of(provider_for_domain("xgmail.com")) == "none");
    CHECK(id_of(provider_for_domain("com")) == "none");
    CHECK(id_of(provider_for_domain("")) == "none");
    CHECK(id_of(provider_for_domain("example.org")) == "none");
    // A customer's own name below the provider's domain.
    CHECK(id_of(provider_for_domain("force9.co.uk")) == "force9.co.uk");
    CHECK(id_of(provider_for_domain("alice.force9.co.uk")) == "force9.co.uk");
    CHECK(id_of(provider_for_domain("mail.alice.force9.co.uk")) == "force9.co.uk");
    CHECK(id_of(provider_for_domain("aliceforce9.co.uk")) == "none");
}

TEST_CASE("match-subdomains holds for every entry that says it, and for no other")
{
    for (const auto& provider : all_providers()) {
        const bool says = std::ranges::find(provider.quirks, "match-subdomains") != provider.quirks.end();
        for (const auto& domain : provider.domains) {
            const auto below = "some-customer." + std::string(domain);
            CAPTURE(below);
            CHECK((provider_for_domain(below) == &provider) == says);
        }
    }
}

TEST_CASE("an MX host belongs to the longest suffix at a label boundary")
{
    CHECK(id_of(provider_for_mx("aspmx.l.google.com")) == "google-workspace");
    CHECK(id_of(provider_for_mx("alt1.aspmx.l.google.com")) == "google-workspace");
    CHECK(id_of(provider_for_mx("alt1.gmail-smtp-in.l.google.com")) == "googlemail.com");
    CHECK(id_of(provider_for_mx("smtp.google.com")) == "google-workspace");
    CHECK(id_of(provider_for_mx("mta5.am0.yahoodns.net")) == "yahoo.com");
    CHECK(id_of(provider_for_mx("mx-aol.mail.gm0.yahoodns.net")) == "aol.com");
    CHECK(id_of(provider_for_mx("mx-apac.mail.gm0.yahoodns.net")) == "yahoo.com");
    CHECK(id_of(provider_for_mx("example-org.mail.protection.outlook.com")) == "office365.com");
    CHECK(id_of(provider_for_mx("notgoogle.com")) == "none");
    CHECK(id_of(provider_for_mx("google.com.example.org")) == "none");
    CHECK(id_of(provider_for_mx("mx.example.org")) == "none");
    CHECK(id_of(provider_for_mx("com")) == "none");
    CHECK(id_of(provider_for_mx("")) == "none");
}

TEST_CASE("every MX suffix behaves like that, compared with looking through all of them")
{
    const auto longest = [](std::string_view host) {
        const Provider* best = nullptr;
        std::size_t size = 0;
        for (const auto& provider : all_providers())
            for (const auto& suffix : provider.mx) {
                const bool ends = host == suffix || (host.size() > suffix.size() && host.ends_with(suffix) && host[host.size() - suffix.size() - 1] == '.');
                if (ends && suffix.size() > size) {
                    best = &provider;
                    size = suffix.size();
                }
            }
        return best;
    };
    for (const auto& provider : all_providers())
        for (const auto& suffix : provider.mx)
            for (const auto& host : {std::string(suffix), "mx1." + std::string(suffix), "a.b." + std::string(suffix), "x" + std::string(suffix), std::string(suffix) + ".example.org"}) {
                CAPTURE(host);
                CHECK(provider_for_mx(host) == longest(host));
            }
}

TEST_CASE("looking up allocates nothing, whether something is found or not")
{
    const auto before = allocations;
    bool as_expected = true;
    for (int i = 0; i < 100; ++i) {
        as_expected = as_expected && provider_for_domain("gmx.de") && !provider_for_domain("nothing-of-the-kind.example.org") && provider_for_domain("alice.force9.co.uk");
        as_expected = as_expected && provider_for_mx("alt1.aspmx.l.google.com") && !provider_for_mx("mx.a-rather-long-name-of-nobody.example.org");
        as_expected = as_expected && provider_by_id("me.com") && !provider_by_id("nobody") && !all_providers().empty();
    }
    const auto after = allocations;
    CHECK(as_expected);
    CHECK(after == before);
    const auto counted = std::make_unique<std::string>(100, 'x');
    CHECK(allocations > after);                                        // the count counts
}

TEST_CASE("placeholders are filled in host and user name")
{
    const auto services = [](std::string_view text) { return services_of(*provider_for_domain(address(text).domain().text()), address(text), Source::catalogue); };
    for (const auto& service : services("Alice@gmx.de")) {
        CHECK(service.username == "Alice@gmx.de");
        CHECK(service.username_form == UsernameForm::address);
        CHECK(service.username_known);
        CHECK(service.sources == std::vector{Source::catalogue});
        CHECK(service.trust == Trust::authenticated);
    }
    const auto icloud = services("alice@icloud.com");
    CHECK(icloud[0].username == "alice");
    CHECK(icloud[0].username_form == UsernameForm::local_part);
    CHECK(icloud[1].username == "alice@icloud.com");
    const auto centrum = services("alice@centrum.cz");
    CHECK(centrum[0].host.text() == "imap.centrum.cz");
    const auto dotted = services("alice@dd.iij4u.or.jp");
    CHECK(dotted[0].username == "alice.dd.iij4u.or.jp");
    CHECK(dotted[0].username_form == UsernameForm::custom);
}

TEST_CASE("no placeholder is left anywhere, for any provider, also by MX")
{
    for (const auto& provider : all_providers())
        for (const auto* text : {"alice@example.org", "\"al ice\"@example.org", "jürgen@bücher.example"}) {
            CAPTURE(provider.id);
            const auto services = services_of(provider, address(text), Source::catalogue_mx);
            CHECK(services.size() == provider.servers.size());
            for (const auto& service : services) {
                CHECK(service.host.text().find('%') == std::string::npos);
                CHECK(service.username.find("%EMAIL") == std::string::npos);
                CHECK(service.url.find('%') == std::string::npos);
                CHECK(service.trust == (service.security == Security::plaintext ? Trust::insecure : Trust::confirm));
            }
        }
}

TEST_CASE("a local part that looks like a placeholder stays what it is")
{
    const auto services = services_of(*provider_for_domain("gmx.de"), address("%EMAILDOMAIN%@gmx.de"), Source::catalogue);
    for (const auto& service : services) CHECK(service.username == "%EMAILDOMAIN%@gmx.de");
}

TEST_CASE("the plaintext entries of the data are insecure whoever says them")
{
    int seen = 0;
    for (const auto& provider : all_providers())
        for (const auto& service : services_of(provider, address("alice@example.org"), Source::catalogue))
            if (service.security == Security::plaintext) {
                ++seen;
                CHECK(service.trust == Trust::insecure);
            }
    CHECK(seen > 0);
}

TEST_CASE("offline, the catalogue's word alone is the report")
{
    struct Row {
        const char* text;
        const char* provider;
        const char* incoming;
        const char* outgoing;
        Port outgoing_port;
    };
    for (const auto& [text, provider, incoming, outgoing, port] : std::initializer_list<Row>{
             {"alice@gmail.com", "googlemail.com", "imap.gmail.com", "smtp.gmail.com", 465},
             {"alice@gmx.de", "gmx.net", "imap.gmx.net", "mail.gmx.net", 465},
             {"alice@web.de", "web.de", "imap.web.de", "smtp.web.de", 465},
             {"alice@icloud.com", "me.com", "imap.mail.me.com", "smtp.mail.me.com", 587},
             {"alice@yahoo.com", "yahoo.com", "imap.mail.yahoo.com", "smtp.mail.yahoo.com", 465},
             {"alice@posteo.de", "posteo.de", "posteo.de", "posteo.de", 465},
             {"alice@mailbox.org", "mailbox.org", "imap.mailbox.org", "smtp.mailbox.org", 465},
         }) {
        CAPTURE(text);
        const auto report = find_offline(address(text), {});
        CHECK(report.provider_id == provider);
        CHECK(report.outcome == ReportOutcome::attention);
        const auto* in = report.account.incoming();
        const auto* out = report.account.find(ServiceKind::smtp);
        REQUIRE(in);
        REQUIRE(out);
        CHECK(in->host.text() == incoming);
        CHECK(in->port == 993);
        CHECK(in->security == Security::tls);
        CHECK(out->host.text() == outgoing);
        CHECK(out->port == port);
        CHECK(in->state == ServiceState::untested);
        CHECK(report.attempts.empty());
        CHECK(report.sign_in_attempts == 0);
    }
}

TEST_CASE("offline, an unknown domain is not found and a provider without IMAP is said to be one")
{
    const auto unknown = find_offline(address("alice@nobody.example"), {});
    CHECK(unknown.outcome == ReportOutcome::not_found);
    CHECK(unknown.account.services.empty());
    const auto tuta = find_offline(address("alice@tuta.com"), {});
    CHECK(tuta.outcome == ReportOutcome::unsupported);
    CHECK(tuta.provider_id == "tuta.com");
    CHECK(std::ranges::any_of(tuta.verdicts, [](const Verdict& verdict) { return verdict.code == VerdictCode::provider_unsupported; }));
}
