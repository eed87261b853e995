// Every value that could break out of a format, in every field, for every target: it comes back the same, or it is refused with the field's
// name.
#include "probe/discovery/finding.hpp"
#include "tests/profiles/accounts.hpp"
#include "tests/profiles/preferences.hpp"
#include "tests/profiles/property_list.hpp"

#include <doctest/doctest.h>
#include <pugixml.hpp>

#include <algorithm>
#include <cctype>
#include <initializer_list>

using namespace portolan;

namespace {

/// What a reader of the format finds; empty where the format has no place for it.
struct Found {
    std::string name, username, address;
};

std::string text_in(const Preferences& preferences, const char* name)
{
    const auto found = preferences.find(name);
    return found == preferences.end() ? std::string() : std::get<std::string>(found->second);
}

Found read_back(std::string_view target, const std::vector<WrittenFile>& files, const EmailAddress& who)
{
    if (target == "apple") {
        const auto list = read_property_list(content_of(files, ".mobileconfig"));
        REQUIRE_MESSAGE(list, (list ? "" : list.error()));
        const auto& payload = list->find("PayloadContent")->items.at(0);
        return {payload.find("EmailAccountName")->text, payload.find("IncomingMailServerUsername")->text,
                payload.find("EmailAddress")->text};
    }
    if (target == "thunderbird") {
        const auto preferences = read_preferences(content_of(files, "/prefs.js"));
        REQUIRE_MESSAGE(preferences, (preferences ? "" : preferences.error()));
        const auto plain = read_preferences(content_of(*write_thunderbird(imap_account(), {}), "/prefs.js"));
        CHECK(preferences->size() == plain->size()); // nothing got in
        for (const auto& [name, value] : *plain) CHECK(preferences->contains(name));
        return {text_in(*preferences, "mail.identity.id1.fullName"), text_in(*preferences, "mail.server.server1.userName"),
                text_in(*preferences, "mail.identity.id1.useremail")};
    }
    if (target == "thunderbird-autoconfig") {
        const auto document = parse_autoconfig(content_of(files, ".xml"), who);
        REQUIRE_MESSAGE(document, (document ? "" : document.error()));
        REQUIRE(document->services.size() == 2);
        return {{}, document->services.at(0).username, {}};
    }
    pugi::xml_document xml;
    const auto text = content_of(files, who.domain().text() + ".xml");
    REQUIRE(xml.load_buffer(text.data(), text.size(), pugi::parse_default | pugi::parse_ws_pcdata_single));
    const auto response = xml.child("Autodiscover").child("Response");
    return {response.child("User").child("DisplayName").text().get(),
            response.child("Account").child("Protocol").child("LoginName").text().get(),
            {}};
}

void check_paths(const std::vector<WrittenFile>& files)
{
    for (const auto& file : files) {
        CAPTURE(file.path);
        for (const auto& part : std::filesystem::path(file.path)) CHECK(!part.string().starts_with('.'));
        CHECK(!file.path.starts_with('/'));
        for (const unsigned char c : file.path) CHECK((std::isalnum(c) || c == '.' || c == '-' || c == '_' || c == '@' || c == '/'));
        CHECK(std::ranges::count(file.path, '/') <= 2);
    }
}

void check_refused(const Written<std::vector<WrittenFile>>& files, std::string_view field)
{
    REQUIRE(!files);
    CHECK(files.error().problem == WriteProblem::control_character);
    CHECK(files.error().field == field);
}

}

TEST_CASE("a hostile name comes back the same from every format, or is refused by name")
{
    for (const auto& target : targets())
        for (const auto& hostile : hostile_values()) {
            CAPTURE(target.name);
            CAPTURE(hostile.what);
            auto account = imap_account();
            account.name = hostile.value;
            const auto files = target.write(account, {});
            if (hostile.refused) {
                check_refused(files, "name");
                continue;
            }
            REQUIRE(files);
            check_paths(*files);
            const auto found = read_back(target.name, *files, account.address);
            if (target.name != "thunderbird-autoconfig") CHECK(found.name == hostile.value); // a file for the whole domain holds no name
            CHECK(found.username == "jane@example.org");
        }
}

TEST_CASE("a hostile user name comes back the same from every format, or is refused by name")
{
    for (const auto& target : targets())
        for (const auto& hostile : hostile_values()) {
            CAPTURE(target.name);
            CAPTURE(hostile.what);
            auto account = imap_account();
            incoming_of(account).username = hostile.value;
            const auto files = target.write(account, {});
            if (hostile.refused) {
                check_refused(files, "username");
                continue;
            }
            if (target.name == "thunderbird-autoconfig" && hostile.value.find('%') != std::string::npos) {
                REQUIRE(!files); // '%' begins a placeholder there
                CHECK(files.error().field == "username");
                continue;
            }
            REQUIRE(files);
            check_paths(*files);
            CHECK(read_back(target.name, *files, account.address).username == hostile.value);
        }
}

TEST_CASE("a hostile provider's name is harmless or refused by name")
{
    for (const auto& target : targets())
        for (const auto& hostile : hostile_values()) {
            CAPTURE(target.name);
            CAPTURE(hostile.what);
            auto account = imap_account();
            account.account.provider->name = hostile.value;
            const auto files = target.write(account, {});
            if (hostile.refused) {
                check_refused(files, "provider");
                continue;
            }
            REQUIRE(files);
            check_paths(*files);
            CHECK(read_back(target.name, *files, account.address).username == "jane@example.org");
            if (target.name != "thunderbird-autoconfig") continue;
            pugi::xml_document xml;
            const auto text = content_of(*files, ".xml");
            REQUIRE(xml.load_buffer(text.data(), text.size()));
            CHECK(xml.child("clientConfig").child("emailProvider").child("displayName").text().get() == hostile.value);
        }
}

TEST_CASE("a hostile URL of another service is refused before anything is written")
{
    auto account = imap_account();
    Service calendar;
    calendar.service = ServiceKind::caldav;
    calendar.url = "https://dav.example.org/\r\nx";
    account.account.services.push_back(calendar);
    for (const auto& target : targets()) check_refused(target.write(account, {}), "url");
}

TEST_CASE("every address that the door lets in comes back the same, and its file stays in its folder")
{
    for (const std::string_view text :
         {"o'brien@example.org", "a/b@example.org", "\"../../etc/passwd\"@example.org", "\"a\\\"b\"@example.org", "\"<x>&'\"@example.org",
          "\"a b\"@example.org", "\"$(reboot)`x`\"@example.org", "jürgen@example.org", "{|}~^*+=?!#%&@example.org", "-rf@example.org",
          "山田@example.org",
          "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb."
          "cccccccccccccccccccccccccc.example"}) {
        for (const auto& target : targets()) {
            CAPTURE(text);
            CAPTURE(target.name);
            const auto account = imap_account(text);
            const auto files = target.write(account, {});
            REQUIRE(files);
            check_paths(*files);
            const auto found = read_back(target.name, *files, account.address);
            CHECK(found.username == account.address.text());
            if (!found.address.empty()) CHECK(found.address == account.address.text());
        }
    }
}

TEST_CASE("an account that a mail program could not use safely is refused with what is missing")
{
    struct Row {
        const char* what;
        void (*edit)(PersonalAccount&);
        WriteProblem problem;
        std::string_view field;
    };
    for (const auto& target : targets())
        for (const auto& [what, edit, problem, field] : std::initializer_list<Row>{
                 {"no services", [](PersonalAccount& a) { a.account.services.clear(); }, WriteProblem::no_incoming, "account"},
                 {"nothing incoming", [](PersonalAccount& a) { a.account.services.erase(a.account.services.begin()); },
                  WriteProblem::no_incoming, "account"},
                 {"nothing outgoing", [](PersonalAccount& a) { a.account.services.pop_back(); }, WriteProblem::no_outgoing, "account"},
                 {"incoming in clear", [](PersonalAccount& a) { incoming_of(a).security = Security::plaintext; },
                  WriteProblem::service_not_supported, "security"},
                 {"outgoing in clear", [](PersonalAccount& a) { outgoing_of(a).security = Security::plaintext; },
                  WriteProblem::service_not_supported, "security"},
                 {"no host", [](PersonalAccount& a) { incoming_of(a).host = {}; }, WriteProblem::service_not_supported, "host"},
                 {"an IPv6 literal", [](PersonalAccount& a) { outgoing_of(a).host = host("2001:db8::1"); },
                  WriteProblem::service_not_supported, "host"},
                 {"no port", [](PersonalAccount& a) { outgoing_of(a).port = 0; }, WriteProblem::service_not_supported, "port"}}) {
            CAPTURE(target.name);
            CAPTURE(what);
            auto account = imap_account();
            edit(account);
            const auto files = target.write(account, {});
            REQUIRE(!files);
            CHECK(files.error().problem == problem);
            CHECK(files.error().field == field);
        }
}

TEST_CASE("every target has a name of its own and is found by it alone")
{
    for (const auto& target : targets()) CHECK(find_target(target.name) == &target);
    CHECK(!find_target(""));
    CHECK(!find_target("Apple"));
    CHECK(targets().size() == 4);
}
