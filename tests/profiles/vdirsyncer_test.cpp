// vdirsyncer: calendars and contacts alone; each value is JSON.
#include "tests/profiles/accounts.hpp"
#include "tests/profiles/line_formats.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

using namespace portolan;

namespace {

PersonalAccount dav_account(ServiceKind kind, std::string url)
{
    PersonalAccount account{address("jane@example.org"), "Jane Doe", {}};
    Service service;
    service.service = kind;
    service.url = std::move(url);
    service.username = "jane@example.org";
    account.account.services.push_back(service);
    return account;
}

std::string json_text(const Settings& settings, const std::string& name) { return std::string(boost::json::parse(settings.at(name)).as_string()); }

}

TEST_CASE("a calendar and an address book are a pair each, with the password from the keyring")
{
    auto account = dav_account(ServiceKind::caldav, "https://dav.example.org/cal/");
    account.account.services.push_back(dav_account(ServiceKind::carddav, "https://dav.example.org/card/").account.services.front());
    const auto files = write_vdirsyncer(account, {});
    REQUIRE(files);
    const auto settings = read_ini(content_of(*files, "config"));
    CHECK(json_text(settings, "storage calendar_there/url") == "https://dav.example.org/cal/");
    CHECK(json_text(settings, "storage calendar_there/type") == "caldav");
    CHECK(json_text(settings, "storage contacts_there/url") == "https://dav.example.org/card/");
    CHECK(json_text(settings, "storage contacts_there/type") == "carddav");
    const auto fetch = boost::json::parse(settings.at("storage calendar_there/password.fetch")).as_array();
    CHECK(boost::json::serialize(fetch) == R"(["command","secret-tool","lookup","service","portolan","account","jane@example.org"])");
}

TEST_CASE("an account without calendars and contacts, or with an address in clear, is refused with what is missing")
{
    const auto mail = write_vdirsyncer(imap_account(), {});
    REQUIRE(!mail);
    CHECK(mail.error().problem == WriteProblem::no_calendar_or_contacts);
    const auto clear = write_vdirsyncer(dav_account(ServiceKind::caldav, "http://dav.example.org/"), {});
    REQUIRE(!clear);
    CHECK(clear.error().field == "url");
}

TEST_CASE("a hostile user name or URL comes back the same, or is refused by name")
{
    for (const auto& hostile : hostile_values()) {
        CAPTURE(hostile.what);
        auto account = dav_account(ServiceKind::caldav, "https://dav.example.org/" + hostile.value);
        account.account.services.front().username = hostile.value;
        const auto files = write_vdirsyncer(account, {});
        if (hostile.refused) {
            REQUIRE(!files);
            CHECK(files.error().problem == WriteProblem::control_character);
            continue;
        }
        REQUIRE(files);
        const auto settings = read_ini(content_of(*files, "config"));
        CHECK(settings.size() == 11);
        CHECK(json_text(settings, "storage calendar_there/username") == hostile.value);
        CHECK(json_text(settings, "storage calendar_there/url") == "https://dav.example.org/" + hostile.value);
    }
}
