// The Apple profile against a reader of our own and the schema of com.apple.mail.managed (iOS 18, macOS 15).
#include "tests/profiles/accounts.hpp"
#include "tests/profiles/process.hpp"
#include "tests/profiles/property_list.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <initializer_list>
#include <set>

using namespace portolan;

namespace {

using Type = PropertyValue::Type;

std::string profile_text(const PersonalAccount& account, const WriteOptions& options = {})
{
    const auto files = write_apple(account, options);
    REQUIRE(files);
    REQUIRE(files->size() == 1);
    CHECK(files->front().mode == 0600);
    return content_of(*files, ".mobileconfig");
}

PropertyValue profile_of(const PersonalAccount& account)
{
    const auto read = read_property_list(profile_text(account));
    REQUIRE_MESSAGE(read, (read ? "" : read.error()));
    return *read;
}

const PropertyValue& mail_payload(const PropertyValue& root)
{
    const auto* content = root.find("PayloadContent");
    REQUIRE(content);
    REQUIRE(content->type == Type::array);
    REQUIRE(content->items.size() == 1);
    return content->items.front();
}

std::string text_of(const PropertyValue& dictionary, std::string_view key)
{
    CAPTURE(key);
    const auto* value = dictionary.find(key);
    REQUIRE(value);
    return value->text;
}

struct Rule {
    std::string_view key;
    Type type;
    bool required;
    std::string_view allowed; ///< values with '|' around each; empty: any
};

constexpr std::string_view authentications = "|EmailAuthNone|EmailAuthPassword|EmailAuthCRAMMD5|EmailAuthNTLM|EmailAuthHTTPMD5|";

constexpr std::array root_rules{
    Rule{"PayloadType", Type::string, true, "|Configuration|"},
    Rule{"PayloadVersion", Type::integer, true, "|1|"},
    Rule{"PayloadIdentifier", Type::string, true, ""},
    Rule{"PayloadUUID", Type::string, true, ""},
    Rule{"PayloadContent", Type::array, true, ""},
    Rule{"PayloadDisplayName", Type::string, true, ""}, // optional to Apple; a person sees these three before installing
    Rule{"PayloadDescription", Type::string, true, ""},
    Rule{"PayloadOrganization", Type::string, true, ""},
    Rule{"PayloadScope", Type::string, false, "|User|"}, // accounts belong to the user channel
    Rule{"PayloadRemovalDisallowed", Type::boolean, false, "|false|"},
    Rule{"TargetDeviceType", Type::integer, false, "|0|1|5|6|"},
};

constexpr std::array mail_rules{
    Rule{"PayloadType", Type::string, true, "|com.apple.mail.managed|"},
    Rule{"PayloadVersion", Type::integer, true, "|1|"},
    Rule{"PayloadIdentifier", Type::string, true, ""},
    Rule{"PayloadUUID", Type::string, true, ""},
    Rule{"PayloadDisplayName", Type::string, false, ""},
    Rule{"PayloadDescription", Type::string, false, ""},
    Rule{"PayloadOrganization", Type::string, false, ""},
    Rule{"EmailAccountType", Type::string, true, "|EmailTypeIMAP|EmailTypePOP|"},
    Rule{"EmailAccountDescription", Type::string, false, ""},
    Rule{"EmailAccountName", Type::string, false, ""},
    Rule{"EmailAddress", Type::string, true, ""}, // else the device asks
    Rule{"IncomingMailServerHostName", Type::string, true, ""},
    Rule{"IncomingMailServerAuthentication", Type::string, true, authentications},
    Rule{"IncomingMailServerPortNumber", Type::integer, true, ""}, // the defaults of the next four are wrong or insecure
    Rule{"IncomingMailServerUseSSL", Type::boolean, true, "|true|"},
    Rule{"IncomingMailServerUsername", Type::string, true, ""},
    Rule{"IncomingMailServerIMAPPathPrefix", Type::string, false, ""},
    Rule{"OutgoingMailServerHostName", Type::string, true, ""},
    Rule{"OutgoingMailServerAuthentication", Type::string, true, authentications},
    Rule{"OutgoingMailServerPortNumber", Type::integer, true, ""},
    Rule{"OutgoingMailServerUseSSL", Type::boolean, true, "|true|"},
    Rule{"OutgoingMailServerUsername", Type::string, true, ""},
    Rule{"OutgoingPasswordSameAsIncomingPassword", Type::boolean, false, ""},
    Rule{"PreventMove", Type::boolean, false, "|false|"},
    Rule{"PreventAppSheet", Type::boolean, false, "|false|"},
    Rule{"disableMailRecentsSyncing", Type::boolean, false, ""},
    Rule{"allowMailDrop", Type::boolean, false, ""},
    Rule{"SMIMESigningUserOverrideable", Type::boolean, true, "|true|"},
    Rule{"SMIMESigningCertificateUUIDUserOverrideable", Type::boolean, true, "|true|"},
    Rule{"SMIMEEncryptByDefaultUserOverrideable", Type::boolean, true, "|true|"},
    Rule{"SMIMEEncryptionCertificateUUIDUserOverrideable", Type::boolean, true, "|true|"},
};

bool is_uuid(std::string_view text)
{
    if (text.size() != 36) return false;
    for (std::size_t i = 0; i < 36; ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? text[i] != '-' : !(std::isdigit(static_cast<unsigned char>(text[i])) || (text[i] >= 'A' && text[i] <= 'F')))
            return false;
    }
    return text[14] == '5' && (text[19] == '8' || text[19] == '9' || text[19] == 'A' || text[19] == 'B'); // version 5, RFC 9562's variant
}

bool is_identifier(std::string_view text)
{
    return !text.empty() && text.front() != '.' && text.back() != '.' && text.find("..") == std::string_view::npos &&
           std::ranges::all_of(text, [](unsigned char c) { return std::isalnum(c) || c == '.' || c == '-'; });
}

/// What is wrong with a dictionary by the table; empty when nothing is.
template <std::size_t N>
std::string complaint(const PropertyValue& dictionary, const std::array<Rule, N>& rules)
{
    if (dictionary.type != Type::dictionary) return "no dictionary";
    for (const auto& rule : rules)
        if (rule.required && !dictionary.find(rule.key)) return "missing: " + std::string(rule.key);
    for (std::size_t i = 0; i < dictionary.keys.size(); ++i) {
        const auto& key = dictionary.keys[i];
        const auto& value = dictionary.items[i];
        const auto* rule = std::ranges::find(rules, key, &Rule::key);
        if (rule == rules.end()) return "unknown key: " + key;
        if (value.type != rule->type) return "wrong type: " + key;
        if (!rule->allowed.empty() && rule->allowed.find("|" + value.text + "|") == std::string_view::npos) return "value of " + key;
        if (key.ends_with("PortNumber") && (std::stol(value.text) < 1 || std::stol(value.text) > 65535)) return "port of " + key;
        if (key.ends_with("UUID") && value.type == Type::string && !is_uuid(value.text)) return "no UUID: " + key;
        if (key == "PayloadIdentifier" && !is_identifier(value.text)) return "no identifier: " + value.text;
        if (key.find("Password") != std::string::npos && value.type == Type::string) return "a password";
    }
    return {};
}

}

TEST_CASE("the reader of property lists takes a good one and refuses every edit of it")
{
    const std::string head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" "
                             "\"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n<plist version=\"1.0\">";
    const auto good =
        read_property_list(head + "<dict><key>a</key><string>x &amp; y</string><key>b</key><array><integer>-5</integer><true/></array>"
                                  "<key>c</key><data>QUJD</data><key>d</key><date>2026-01-02T03:04:05Z</date></dict></plist>\n");
    REQUIRE(good);
    CHECK(good->find("a")->text == "x & y");
    CHECK(good->find("b")->items.at(1).text == "true");
    for (const std::string_view edit : {"<dict><key>a</key><true/><key>a</key><true/></dict>",
                                        "<dict><key>a</key></dict>",
                                        "<dict><true/></dict>",
                                        "<integer>x</integer>",
                                        "<integer></integer>",
                                        "<integer>1 </integer>",
                                        "<string>a&b</string>",
                                        "<string>a&nbsp;b</string>",
                                        "<string>a<b/></string>",
                                        "<string>a]]>b</string>",
                                        "<string x=\"1\">a</string>",
                                        "<array>text</array>",
                                        "<data>QUJ</data>",
                                        "<date>2026-01-02</date>",
                                        "<!-- x --><true/>",
                                        "<string><![CDATA[x]]></string>",
                                        "<true/><true/>",
                                        "<true></true>",
                                        "<dict><key></key><true/></dict>",
                                        "<set/>",
                                        ""}) {
        CAPTURE(edit);
        CHECK(!read_property_list(head + std::string(edit) + "</plist>"));
    }
    CHECK(!read_property_list("<plist version=\"1.0\"><true/></plist>"));
    CHECK(!read_property_list(head + "<true/></plist>x"));
}

TEST_CASE("the table of payload keys finds what is wrong with a payload")
{
    auto root = profile_of(imap_account());
    REQUIRE(complaint(root, root_rules) == "");
    auto payload = mail_payload(root);
    REQUIRE(complaint(payload, mail_rules) == "");
    const auto with = [&](std::string_view key, Type type, std::string text) {
        auto edited = payload;
        if (!edited.find(key)) {
            edited.keys.emplace_back(key);
            edited.items.emplace_back();
        }
        const_cast<PropertyValue&>(*edited.find(key)) = {type, std::move(text), {}, {}};
        return complaint(edited, mail_rules);
    };
    CHECK(with("IncomingMailServerUseSSL", Type::boolean, "false") != "");
    CHECK(with("IncomingMailServerPortNumber", Type::string, "993") != "");
    CHECK(with("IncomingMailServerPortNumber", Type::integer, "70000") != "");
    CHECK(with("IncomingPassword", Type::string, "secret") != "");
    CHECK(with("EmailAccountType", Type::string, "EmailTypeIMAP4") != "");
    CHECK(with("PayloadUUID", Type::string, "5e0b3c0a") != "");
}

TEST_CASE("an Apple profile keeps every rule of the payload's schema")
{
    for (const auto& account :
         {imap_account(), pop3_account(), imap_account("jürgen@bücher.example"), imap_account("\"a/b c\"@example.org")}) {
        const auto root = profile_of(account);
        CHECK(complaint(root, root_rules) == "");
        const auto& payload = mail_payload(root);
        CHECK(complaint(payload, mail_rules) == "");
        const auto outer = text_of(root, "PayloadIdentifier"), inner = text_of(payload, "PayloadIdentifier");
        CHECK(inner.starts_with(outer + "."));
        CHECK(inner.find('.', outer.size() + 1) == std::string::npos);
        CHECK(text_of(root, "PayloadUUID") != text_of(payload, "PayloadUUID"));
    }
}

TEST_CASE("an Apple profile holds the account's values")
{
    auto account = pop3_account();
    incoming_of(account).username = "jane";
    outgoing_of(account).host = host("smtp.example.org");
    const auto root = profile_of(account);
    const auto& payload = mail_payload(root);
    for (const auto& [key, value] :
         std::initializer_list<std::pair<std::string_view, std::string_view>>{{"EmailAccountType", "EmailTypePOP"},
                                                                              {"EmailAddress", "jane@example.org"},
                                                                              {"EmailAccountName", "Jane Doe"},
                                                                              {"IncomingMailServerHostName", "mail.example.org"},
                                                                              {"IncomingMailServerPortNumber", "995"},
                                                                              {"IncomingMailServerUsername", "jane"},
                                                                              {"IncomingMailServerAuthentication", "EmailAuthPassword"},
                                                                              {"OutgoingMailServerHostName", "smtp.example.org"},
                                                                              {"OutgoingMailServerPortNumber", "465"},
                                                                              {"OutgoingMailServerUsername", "jane@example.org"},
                                                                              {"OutgoingPasswordSameAsIncomingPassword", "true"}}) {
        CAPTURE(key);
        CHECK(text_of(payload, key) == value);
    }
    CHECK(text_of(mail_payload(profile_of(imap_account())), "EmailAccountType") == "EmailTypeIMAP");
}

TEST_CASE("a profile keeps its identity from one writing to the next, and no two addresses share one")
{
    CHECK(profile_text(imap_account()) == profile_text(imap_account()));
    auto moved = imap_account();
    incoming_of(moved).host = host("imap.example.org");
    const auto before = profile_of(imap_account()), after = profile_of(moved);
    for (const auto* key : {"PayloadIdentifier", "PayloadUUID"}) {
        CHECK(text_of(before, key) == text_of(after, key)); // otherwise the device would drop the account and make another
        CHECK(text_of(mail_payload(before), key) == text_of(mail_payload(after), key));
    }
    std::set<std::string> seen;
    for (const auto* who : {"jane@example.org", "john@example.org", "jane@example.net", "jane@mail.example.org"}) {
        const auto root = profile_of(imap_account(who));
        for (const auto* key : {"PayloadIdentifier", "PayloadUUID"}) {
            CHECK(seen.insert(text_of(root, key)).second);
            CHECK(seen.insert(text_of(mail_payload(root), key)).second);
        }
    }
    CHECK(text_of(before, "PayloadIdentifier").starts_with("org.example."));
}

TEST_CASE("the sign-in of a profile is one the server takes, or there is no profile")
{
    for (const auto& [auth, word] : std::initializer_list<std::pair<std::vector<Mechanism>, std::string_view>>{
             {{}, "EmailAuthPassword"},
             {{Mechanism::scram_sha_256}, "EmailAuthPassword"},
             {{Mechanism::cram_md5, Mechanism::plain}, "EmailAuthPassword"},
             {{Mechanism::oauth2, Mechanism::plain}, "EmailAuthPassword"},
             {{Mechanism::cram_md5}, "EmailAuthCRAMMD5"},
             {{Mechanism::digest_md5}, "EmailAuthHTTPMD5"},
             {{Mechanism::gssapi, Mechanism::ntlm}, "EmailAuthNTLM"}}) {
        auto account = imap_account();
        incoming_of(account).auth = auth;
        CHECK(text_of(mail_payload(profile_of(account)), "IncomingMailServerAuthentication") == word);
    }
    for (const auto mechanism : {Mechanism::oauth2, Mechanism::xoauth2, Mechanism::gssapi, Mechanism::external}) {
        auto account = imap_account();
        outgoing_of(account).auth = {mechanism};
        const auto files = write_apple(account, {});
        REQUIRE(!files);
        CHECK(files.error().problem == WriteProblem::service_not_supported);
        CHECK(files.error().field == "auth");
    }
}

TEST_CASE("the descriptions of a profile follow the language, the values do not")
{
    std::set<std::string> descriptions;
    for (const auto* language : {"en", "de", "fr", "es_ES"}) {
        WriteOptions options;
        options.language = language;
        const auto root = read_property_list(profile_text(imap_account(), options));
        REQUIRE(root);
        CHECK(descriptions.insert(text_of(*root, "PayloadDescription")).second);
        CHECK(text_of(mail_payload(*root), "EmailAccountName") == "Jane Doe");
    }
}

TEST_CASE("Python's property-list reader and libxml2 take the profile too")
{
    const TemporaryFolder folder;
    auto account = imap_account();
    account.name = "<Jane> & \"Jürgen\" ]]>";
    const auto path = folder.file("profile.mobileconfig", profile_text(account));
    const auto read = run_program({"python3", "-c",
                                   "import plistlib, sys; p = plistlib.load(open(sys.argv[1], 'rb'), fmt=plistlib.FMT_XML); "
                                   "sys.stdout.buffer.write(p['PayloadContent'][0]['EmailAccountName'].encode())",
                                   path});
    CHECK(read.status == 0);
    CHECK(read.output == account.name);
    const auto lint = run_program({"xmllint", "--noout", "--nonet", path});
    CHECK_MESSAGE(lint.status == 0, lint.output);
}
