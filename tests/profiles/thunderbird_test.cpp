// The profile folder against a strict reader of prefs.js and what Thunderbird ESR 153 needs to take it, also by its importer.
#include "tests/profiles/accounts.hpp"
#include "tests/profiles/preferences.hpp"

#include <doctest/doctest.h>

#include <initializer_list>

using namespace portolan;

namespace {

Preferences preferences_of(const PersonalAccount& account)
{
    const auto files = write_thunderbird(account, {});
    REQUIRE(files);
    REQUIRE(files->size() == 1);
    CHECK(files->front().mode == 0600);
    const auto read = read_preferences(content_of(*files, "/prefs.js"));
    REQUIRE_MESSAGE(read, (read ? "" : read.error()));
    return *read;
}

struct Expected {
    std::string_view name;
    PreferenceValue value;
};

void check(const Preferences& preferences, std::initializer_list<Expected> all)
{
    for (const auto& [name, value] : all) {
        CAPTURE(name);
        const auto found = preferences.find(std::string(name));
        REQUIRE(found != preferences.end());
        CHECK(found->second.index() == value.index());
        CHECK((found->second == value));
    }
}

PreferenceValue text(const char* value) { return std::string(value); }

}

TEST_CASE("the reader of preferences takes a good file and refuses every edit of it")
{
    const auto good =
        read_preferences("// comment\n\nuser_pref(\"a\", \"x \\\"\\\\\\u0041 ö\");\nuser_pref(\"b\", -3);\nuser_pref(\"c\", true);\n");
    REQUIRE(good);
    CHECK((good->at("a") == PreferenceValue(std::string("x \"\\A ö"))));
    CHECK((good->at("b") == PreferenceValue(-3)));
    for (const std::string_view line :
         {"user_pref(\"a\", \"x);", "user_pref(\"a\", \"x\")", "user_pref(\"a\", x);", "user_pref(\"a\", True);", "user_pref(a, 1);",
          "user_pref(\"a\",1);", "user_pref(\"a\", 1); ", "pref(\"a\", 1);", "user_pref(\"a\", \"\\q\");", "user_pref(\"a\", \"\t\");",
          "user_pref(\"a\", 1);\nuser_pref(\"a\", 1);", "user_pref(\"a\", \"b\"); user_pref(\"c\", 1);", "user_pref(\"a\", 1);\r"}) {
        CAPTURE(line);
        CHECK(!read_preferences(std::string(line) + "\n"));
    }
    CHECK(!read_preferences("user_pref(\"a\", 1);"));
}

TEST_CASE("a Thunderbird profile for IMAP holds every preference in its type")
{
    const auto preferences = preferences_of(imap_account());
    check(preferences, {{"mail.accountmanager.accounts", text("account1,account2")},
                        {"mail.accountmanager.defaultaccount", text("account1")},
                        {"mail.accountmanager.localfoldersserver", text("server2")},
                        {"mail.account.lastKey", 2},
                        {"mail.account.account1.server", text("server1")},
                        {"mail.account.account1.identities", text("id1")},
                        {"mail.account.account2.server", text("server2")},
                        {"mail.server.server1.type", text("imap")},
                        {"mail.server.server1.hostname", text("mail.example.org")},
                        {"mail.server.server1.port", 993},
                        {"mail.server.server1.socketType", 3},
                        {"mail.server.server1.authMethod", 3},
                        {"mail.server.server1.userName", text("jane@example.org")},
                        {"mail.server.server1.name", text("jane@example.org")},
                        {"mail.server.server1.login_at_startup", true},
                        {"mail.server.server1.check_new_mail", true},
                        {"mail.identity.id1.fullName", text("Jane Doe")},
                        {"mail.identity.id1.useremail", text("jane@example.org")},
                        {"mail.identity.id1.smtpServer", text("smtp1")},
                        {"mail.identity.id1.valid", true},
                        {"mail.smtpservers", text("smtp1")},
                        {"mail.smtp.defaultserver", text("smtp1")},
                        {"mail.smtpserver.smtp1.type", text("smtp")},
                        {"mail.smtpserver.smtp1.hostname", text("mail.example.org")},
                        {"mail.smtpserver.smtp1.port", 587},
                        {"mail.smtpserver.smtp1.try_ssl", 2},
                        {"mail.smtpserver.smtp1.authMethod", 3},
                        {"mail.smtpserver.smtp1.username", text("jane@example.org")}});
    for (const auto& [name, value] : preferences) CHECK_MESSAGE(name.find("assword") == std::string::npos, name);
}

TEST_CASE("Thunderbird's importer finds what it needs: Local Folders, and a folder for every server")
{
    for (const auto& account : {imap_account(), pop3_account()}) {
        const auto preferences = preferences_of(account);
        check(preferences, {{"mail.server.server2.type", text("none")},
                            {"mail.server.server2.hostname", text("Local Folders")},
                            {"mail.server.server2.userName", text("nobody")},
                            {"mail.server.server2.directory-rel", text("[ProfD]Mail/Local Folders")}});
        CHECK(preferences.contains("mail.server.server1.directory-rel"));
    }
}

TEST_CASE("a Thunderbird profile for POP3 leaves the mail on the server for two weeks")
{
    check(preferences_of(pop3_account()), {{"mail.server.server1.type", text("pop3")},
                                           {"mail.server.server1.port", 995},
                                           {"mail.server.server1.socketType", 3},
                                           {"mail.server.server1.directory-rel", text("[ProfD]Mail/mail.example.org")},
                                           {"mail.server.server1.leave_on_server", true},
                                           {"mail.server.server1.delete_mail_left_on_server", true},
                                           {"mail.server.server1.delete_by_age_from_server", true},
                                           {"mail.server.server1.num_days_to_leave_on_server", 14},
                                           {"mail.server.server1.download_on_biff", true},
                                           {"mail.smtpserver.smtp1.try_ssl", 3}});
    CHECK(!preferences_of(imap_account()).contains("mail.server.server1.leave_on_server"));
}

TEST_CASE("STARTTLS, other user names and international domains arrive as they are")
{
    auto account = imap_account("jane@bücher.example");
    incoming_of(account).port = 143;
    incoming_of(account).security = Security::starttls;
    incoming_of(account).username = R"(DOM\jane)";
    outgoing_of(account).username.clear();
    check(preferences_of(account),
          {{"mail.server.server1.socketType", 2},
           {"mail.server.server1.port", 143},
           {"mail.server.server1.userName", text(R"(DOM\jane)")},
           {"mail.server.server1.name", text("jane@bücher.example")},
           {"mail.identity.id1.useremail", text("jane@xn--bcher-kva.example")},
           {"mail.smtpserver.smtp1.username", text("jane@xn--bcher-kva.example")}}); // unknown: the address is tried first
}

TEST_CASE("the sign-in of a Thunderbird profile is one that both sides know")
{
    struct Row {
        const char* what;
        std::string_view in, out;
        std::vector<Mechanism> in_auth, out_auth;
        int incoming, outgoing; // 0: refused
    };
    for (const auto& [what, in, out, in_auth, out_auth, incoming, outgoing] : std::initializer_list<Row>{
             {"nothing known", "mail.example.org", "mail.example.org", {}, {}, 3, 3},
             {"challenge alone", "mail.example.org", "mail.example.org", {Mechanism::cram_md5}, {Mechanism::digest_md5}, 4, 4},
             {"Kerberos and NTLM alone", "mail.example.org", "mail.example.org", {Mechanism::gssapi}, {Mechanism::ntlm}, 5, 6},
             {"certificate alone", "mail.example.org", "mail.example.org", {Mechanism::external}, {Mechanism::plain}, 7, 3},
             {"OAuth at a host of its table",
              "imap.gmail.com",
              "smtp.gmail.com",
              {Mechanism::oauth2, Mechanism::plain},
              {Mechanism::oauth2},
              10,
              10},
             {"a password preferred there",
              "imap.gmail.com",
              "smtp.gmail.com",
              {Mechanism::plain, Mechanism::oauth2},
              {Mechanism::oauth2, Mechanism::plain},
              3,
              3},
             {"OAuth alone on one side",
              "imap.gmail.com",
              "smtp.gmail.com",
              {Mechanism::plain, Mechanism::oauth2},
              {Mechanism::oauth2},
              10,
              10},
             {"OAuth elsewhere, password too",
              "mail.example.org",
              "mail.example.org",
              {Mechanism::oauth2, Mechanism::plain},
              {Mechanism::plain},
              3,
              3},
             {"a name that only ends alike", "imap.notgmail.com", "smtp.gmail.com", {Mechanism::oauth2}, {Mechanism::oauth2}, 0, 0},
             {"OAuth alone elsewhere", "mail.example.org", "mail.example.org", {Mechanism::xoauth2}, {Mechanism::plain}, 0, 0}}) {
        CAPTURE(what);
        auto account = imap_account();
        incoming_of(account).host = host(in);
        outgoing_of(account).host = host(out);
        incoming_of(account).auth = in_auth;
        outgoing_of(account).auth = out_auth;
        const auto files = write_thunderbird(account, {});
        CHECK(files.has_value() == (incoming != 0));
        if (!files) {
            CHECK(files.error().problem == WriteProblem::service_not_supported);
            CHECK(files.error().field == "auth");
        } else
            check(preferences_of(account), {{"mail.server.server1.authMethod", incoming}, {"mail.smtpserver.smtp1.authMethod", outgoing}});
    }
}
