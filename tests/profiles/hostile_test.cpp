// Every value that could break out of a format, in every field, for every target: it comes back the same, or it is refused with the field's
// name.
#include "probe/discovery/finding.hpp"
#include "profiles/common.hpp"
#include "tests/profiles/accounts.hpp"
#include "tests/profiles/line_formats.hpp"
#include "tests/profiles/preferences.hpp"
#include "tests/profiles/property_list.hpp"

#include <doctest/doctest.h>
#include <pugixml.hpp>

#include <algorithm>
#include <array>
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

/// As many settings as the plain account gives, and none of another name.
void nothing_got_in(const Settings& settings, const Settings& plain)
{
    CHECK(settings.size() == plain.size());
}

std::string between(const std::string& text, std::string_view start, std::string_view end)
{
    const auto from = text.find(start) + start.size();
    return text.substr(from, text.find(end, from) - from);
}

/// Of the formats that are lines; nothing for others.
std::optional<Found> read_lines_back(std::string_view target, const std::vector<WrittenFile>& files, const EmailAddress& who)
{
    const auto stem = file_stem(who);
    const auto plain = [&] { return *find_target(target)->write(imap_account(), {}); };
    const auto both = [&](Settings (*reader)(std::string_view), std::string_view ending) {
        auto settings = reader(content_of(files, ending));
        nothing_got_in(settings, reader(content_of(plain(), ending)));
        return settings;
    };
    if (target == "mbsync") {
        auto settings = both(read_mbsync, "mbsyncrc");
        return Found{{}, settings.at("IMAPAccount " + stem + "/User"), {}};
    }
    if (target == "msmtp") {
        auto settings = both(read_msmtp, "msmtprc");
        return Found{{}, settings.at("user"), settings.at("from")};
    }
    if (target == "mutt" || target == "neomutt") {
        auto settings = both(read_mutt, "muttrc");
        CHECK(percent_decoded(between(settings.at("smtp_url"), "smtp://", "@mail.example.org:587/")) == settings.at("imap_user"));
        return Found{settings.at("realname"), settings.at("imap_user"), settings.at("from")};
    }
    if (target == "aerc") {
        auto settings = both(read_go_ini, "accounts.conf");
        return Found{name_of_mailbox(settings.at(stem + "/from")), percent_decoded(between(settings.at(stem + "/source"), "imaps://", "@mail.example.org:993")), {}};
    }
    if (target == "himalaya") {
        auto settings = both(read_toml, "config.toml");
        const std::string table = "accounts.\"" + stem + "\"/";
        return Found{settings.at(table + "display-name"), settings.at(table + "backend.login"), settings.at(table + "email")};
    }
    if (target == "offlineimap") {
        auto settings = both(read_ini, "offlineimaprc");
        return Found{{}, settings.at("Repository " + stem + "-remote/remoteuser"), {}};
    }
    if (target == "getmail") {
        const auto settings = read_ini(files.front().content);       // the file has the account's name
        nothing_got_in(settings, read_ini(plain().front().content));
        return Found{{}, settings.at("retriever/username"), {}};
    }
    if (target == "fetchmail") {
        const auto words = fetchmail_words(content_of(files, "fetchmailrc"));
        CHECK(words.size() == fetchmail_words(content_of(plain(), "fetchmailrc")).size());
        return Found{{}, *std::next(std::ranges::find(words, "user")), {}};
    }
    if (target == "evolution") {
        auto settings = both(read_key_file, "-identity.source");
        const auto incoming = read_key_file(content_of(files, stable_uuid("evolution " + who.text()) + ".source"));
        return Found{settings.at("Mail Identity/Name"), incoming.at("Authentication/User"), settings.at("Mail Identity/Address")};
    }
    if (target == "geary") {
        auto settings = both(read_key_file, "geary.ini");
        const auto mailboxes = settings.at("Account/sender_mailboxes");
        CHECK(mailboxes.ends_with("\" <" + who.text() + ">;"));
        std::string name;
        for (std::size_t i = 1; mailboxes[i] != '"'; ++i) name += mailboxes[mailboxes[i] == '\\' ? ++i : i];
        return Found{name, settings.at("Incoming/login"), {}};
    }
    if (target == "claws") {
        auto settings = both(read_ini, "accountrc.tmpl");
        return Found{settings.at("AccountTemplate/name"), settings.at("AccountTemplate/recvuser"), settings.at("AccountTemplate/email")};
    }
    return std::nullopt;
}

Found read_back(std::string_view target, const std::vector<WrittenFile>& files, const EmailAddress& who)
{
    if (auto found = read_lines_back(target, files, who)) return *found;
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
    if (target == "k9") {
        pugi::xml_document xml;
        const auto text = content_of(files, ".k9s");
        REQUIRE(xml.load_buffer(text.data(), text.size()));
        const auto account = xml.child("k9settings").child("accounts").child("account");
        CHECK(std::string(account.child("outgoing-server").child("host").text().get()) == "mail.example.org");
        const auto identity = account.child("identities").child("identity");
        return {identity.child("name").text().get(), account.child("incoming-server").child("username").text().get(), identity.child("email").text().get()};
    }
    pugi::xml_document xml;
    const auto text = content_of(files, who.domain().text() + ".xml");
    REQUIRE(xml.load_buffer(text.data(), text.size(), pugi::parse_default | pugi::parse_ws_pcdata_single));
    const auto response = xml.child("Autodiscover").child("Response");
    return {response.child("User").child("DisplayName").text().get(),
            response.child("Account").child("Protocol").child("LoginName").text().get(),
            {}};
}

/// vdirsyncer has nothing to do with mail; see vdirsyncer_test.
std::vector<Target> mail_targets()
{
    std::vector<Target> all;
    for (const auto& target : targets())
        if (target.name != "vdirsyncer") all.push_back(target);
    return all;
}

bool holds_a_name(std::string_view target)
{
    static constexpr std::array without{"thunderbird-autoconfig", "mbsync", "msmtp", "offlineimap", "getmail", "fetchmail"};
    return std::ranges::find(without, target) == without.end();
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
    for (const auto& target : mail_targets())
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
            if (holds_a_name(target.name)) CHECK(found.name == hostile.value);
            CHECK(found.username == "jane@example.org");
        }
}

TEST_CASE("a hostile user name comes back the same from every format, or is refused by name")
{
    for (const auto& target : mail_targets())
        for (const auto& hostile : hostile_values()) {
            CAPTURE(target.name);
            CAPTURE(hostile.what);
            auto account = imap_account();
            incoming_of(account).username = outgoing_of(account).username = hostile.value;
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
    for (const auto& target : mail_targets())
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
        for (const auto& target : mail_targets()) {
            CAPTURE(text);
            CAPTURE(target.name);
            const auto account = imap_account(text);
            const auto files = target.write(account, {});
            if (target.name == "aerc" && account.address.text().find_first_of("\"`#;\\ ") != std::string::npos) {
                REQUIRE(!files); // go-ini would read another one
                CHECK(files.error().field == "address");
                continue;
            }
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
    for (const auto& target : mail_targets())
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
}
