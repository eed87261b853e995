// The autoconfig file: read by our own discovery it gives the same services, and it keeps the schema of what Thunderbird reads.
#include "probe/discovery/finding.hpp"
#include "tests/profiles/accounts.hpp"
#include "tests/profiles/process.hpp"

#include <doctest/doctest.h>

#include <initializer_list>

using namespace portolan;

namespace {

std::string file_of(const PersonalAccount& account)
{
    const auto files = write_thunderbird_autoconfig(account, {});
    REQUIRE(files);
    REQUIRE(files->size() == 1);
    CHECK(files->front().path == "thunderbird/" + account.address.domain().text() + ".xml");
    return files->front().content;
}

void check_schema(const std::string& text)
{
    const TemporaryFolder folder;
    const auto result =
        run_program({"xmllint", "--noout", "--nonet", "--relaxng", TEST_FOLDER "/autoconfig.rng", folder.file("config.xml", text)});
    CHECK_MESSAGE(result.status == 0, result.output);
}

}

TEST_CASE("an autoconfig file gives back the services it was written from, for other mailboxes of the domain too")
{
    auto starttls = imap_account("jane@bücher.example");
    incoming_of(starttls).port = 143;
    incoming_of(starttls).security = Security::starttls;
    incoming_of(starttls).username = "jane";
    outgoing_of(starttls).username = "jane";
    for (const auto& account : {imap_account(), pop3_account(), starttls}) {
        const auto text = file_of(account);
        check_schema(text);
        const auto document = parse_autoconfig(text, account.address);
        REQUIRE(document);
        CHECK(document->skipped == 0);
        CHECK(document->facts.id == account.address.domain().text());
        REQUIRE(document->services.size() == 2);
        const auto other = parse_autoconfig(text, address("john@" + account.address.domain().text()));
        REQUIRE(other);
        for (std::size_t i = 0; i < 2; ++i) {
            const auto& written = account.account.services.at(i);
            const auto& read = document->services.at(i);
            CHECK(read.service == written.service);
            CHECK((read.endpoint() == written.endpoint()));
            CHECK(read.username == written.username);
            CHECK(read.username_known);
            CHECK((read.auth == std::vector{Mechanism::plain}));
            CHECK(other->services.at(i).username.starts_with("john"));
        }
    }
}

TEST_CASE("the provider's name stands in the file, else the domain as a person reads it")
{
    const auto account = imap_account();
    const auto named = parse_autoconfig(file_of(account), account.address);
    REQUIRE(named);
    CHECK(named->facts.name == "Example & Söhne");
    auto nameless = imap_account("jane@bücher.example");
    nameless.account.provider.reset();
    const auto read = parse_autoconfig(file_of(nameless), nameless.address);
    REQUIRE(read);
    CHECK(read->facts.name == "bücher.example");
}

TEST_CASE("the ways to sign in stand in the server's order, each once")
{
    auto account = imap_account();
    incoming_of(account).auth = {Mechanism::oauth2,     Mechanism::scram_sha_256, Mechanism::plain, Mechanism::cram_md5,
                                 Mechanism::digest_md5, Mechanism::gssapi,        Mechanism::ntlm,  Mechanism::external};
    const auto text = file_of(account);
    check_schema(text);
    const auto read = parse_autoconfig(text, account.address);
    REQUIRE(read);
    CHECK((read->services.at(0).auth == std::vector{Mechanism::oauth2, Mechanism::plain, Mechanism::scram_sha_256, Mechanism::cram_md5,
                                                    Mechanism::gssapi, Mechanism::ntlm, Mechanism::external}));
}

TEST_CASE("a literal user name that some reader would change is refused, a placeholder for it is not")
{
    for (const std::string_view name :
         {"0012", "1e5", "3.50", "-7", "0x1f", "TRUE", "false", "1234567890123456789", "%EMAILADDRESS%", "50%", " jane", "jane "}) {
        CAPTURE(name);
        auto account = imap_account();
        incoming_of(account).username = name;
        const auto files = write_thunderbird_autoconfig(account, {});
        REQUIRE(!files);
        CHECK(files.error().problem == WriteProblem::service_not_supported);
        CHECK(files.error().field == "username");
    }
    for (const std::string_view name : {"12345", "jane.0012", "DOM\\0012", "e", "trueman"}) {
        CAPTURE(name);
        auto account = imap_account();
        incoming_of(account).username = name;
        const auto read = parse_autoconfig(file_of(account), account.address);
        REQUIRE(read);
        CHECK(read->services.at(0).username == name);
    }
    auto account = imap_account("0012@example.org");
    incoming_of(account).username = "0012";
    CHECK(file_of(account).find("0012") == std::string::npos);
    const auto read = parse_autoconfig(file_of(account), account.address);
    REQUIRE(read);
    CHECK(read->services.at(0).username == "0012");
}
