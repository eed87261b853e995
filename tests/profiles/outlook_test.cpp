// What Outlook is given. No Outlook runs on Debian: shapes are checked against Microsoft's documents, in full.
#include "tests/profiles/accounts.hpp"
#include "tests/profiles/process.hpp"

#include <doctest/doctest.h>
#include <pugixml.hpp>

#include <algorithm>
#include <initializer_list>
#include <map>
#include <set>

using namespace portolan;

namespace {

std::vector<WrittenFile> outlook_files(const PersonalAccount& account)
{
    auto files = write_outlook(account, {});
    REQUIRE(files);
    for (const auto& file : *files) CHECK(file.mode == 0600);
    return std::move(*files);
}

bool has_file(const std::vector<WrittenFile>& files, std::string_view ending)
{
    return std::ranges::any_of(files, [&](const WrittenFile& file) { return file.path.ends_with(ending); });
}

/// A .reg file as text: the mark, UTF-16LE, all ASCII here, every line ended by CRLF and no other control character.
std::vector<std::string> registry_lines(const std::string& file)
{
    REQUIRE(file.starts_with("\xff\xfe"));
    REQUIRE(file.size() % 2 == 0);
    std::vector<std::string> lines(1);
    for (std::size_t i = 2; i < file.size(); i += 2) {
        REQUIRE(file[i + 1] == '\0');
        const auto c = static_cast<unsigned char>(file[i]);
        if (c == '\r') {
            REQUIRE(i + 3 < file.size());
            REQUIRE(file[i + 2] == '\n');
            i += 2;
            lines.emplace_back();
            continue;
        }
        REQUIRE(c >= 0x20);
        REQUIRE(c < 0x7f);
        lines.back() += static_cast<char>(c);
    }
    REQUIRE(lines.back().empty()); // the file ends in CRLF
    lines.pop_back();
    return lines;
}

constexpr std::string_view registry_key = R"([HKEY_CURRENT_USER\Software\Microsoft\Office\16.0\Outlook\AutoDiscover])";

using Section = std::map<std::string, std::string>;

/// A .prf file: CRLF, ASCII without '%', no mark, sections and keys each once.
std::map<std::string, Section> profile_sections(const std::string& file)
{
    std::map<std::string, Section> sections;
    Section* section = nullptr;
    for (std::size_t at = 0; at < file.size();) {
        const auto end = file.find("\r\n", at);
        REQUIRE(end != std::string::npos);
        const auto line = file.substr(at, end - at);
        at = end + 2;
        CAPTURE(line);
        REQUIRE(std::ranges::all_of(line, [](unsigned char c) { return c >= 0x20 && c < 0x7f && c != '%'; }));
        if (line.starts_with('[')) {
            REQUIRE(line.ends_with(']'));
            const auto [place, fresh] = sections.emplace(line.substr(1, line.size() - 2), Section());
            REQUIRE(fresh);
            section = &place->second;
            continue;
        }
        const auto equals = line.find('=');
        REQUIRE(section);
        REQUIRE(equals != std::string::npos);
        REQUIRE(section->emplace(line.substr(0, equals), line.substr(equals + 1)).second);
    }
    return sections;
}

/// Property types and numbers of Outlook's account properties.
const std::map<std::string, std::string> property_of{
    {"AccountName", "PT_UNICODE,0x0002"},  {"DisplayName", "PT_UNICODE,0x000B"},
    {"EmailAddress", "PT_UNICODE,0x000C"}, {"IMAPServer", "PT_UNICODE,0x0100"},
    {"POP3Server", "PT_UNICODE,0x0100"},   {"IMAPUserName", "PT_UNICODE,0x0101"},
    {"POP3UserName", "PT_UNICODE,0x0101"}, {"SMTPServer", "PT_UNICODE,0x0200"},
    {"SMTPUserName", "PT_UNICODE,0x0204"}, {"IMAPPort", "PT_LONG,0x0104"},
    {"POP3Port", "PT_LONG,0x0104"},        {"IMAPUseSSL", "PT_LONG,0x0105"},
    {"POP3UseSSL", "PT_LONG,0x0105"},      {"IMAPUseSPA", "PT_LONG,0x0108"},
    {"POP3UseSPA", "PT_LONG,0x0108"},      {"SMTPPort", "PT_LONG,0x0201"},
    {"SMTPUseAuth", "PT_LONG,0x0203"},     {"SMTPUseSPA", "PT_LONG,0x0207"},
    {"SMTPAuthMethod", "PT_LONG,0x0208"},  {"SMTPSecureConnection", "PT_LONG,0x020A"},
    {"LeaveOnServer", "PT_LONG,0x1000"},
};

void check_protocol(const pugi::xml_node& protocol, std::initializer_list<std::pair<const char*, const char*>> expected)
{
    auto child = protocol.first_child();
    for (const auto& [name, value] : expected) {
        CAPTURE(name);
        CHECK(std::string_view(child.name()) == name);
        CHECK(std::string_view(child.text().get()) == value);
        child = child.next_sibling();
    }
    CHECK(!child);
}

}

TEST_CASE("the Autodiscover answer is the one that Outlook reads, element by element")
{
    auto account = imap_account();
    account.name = "Jane <Doe> & \"Söhne\"";
    const auto text = content_of(outlook_files(account), "/example.org.xml");
    const TemporaryFolder folder;
    const auto lint = run_program({"xmllint", "--noout", "--nonet", folder.file("answer.xml", text)});
    CHECK_MESSAGE(lint.status == 0, lint.output);
    pugi::xml_document xml;
    REQUIRE(xml.load_buffer(text.data(), text.size()));
    CHECK(std::string_view(xml.child("Autodiscover").attribute("xmlns").value()) ==
          "http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006");
    const auto response = xml.child("Autodiscover").child("Response");
    CHECK(std::string_view(response.attribute("xmlns").value()) ==
          "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a");
    CHECK(response.child("User").child("DisplayName").text().get() == account.name);
    CHECK(std::string_view(response.child("Account").child("AccountType").text().get()) == "email");
    CHECK(std::string_view(response.child("Account").child("Action").text().get()) == "settings");
    const auto incoming = response.child("Account").child("Protocol"), outgoing = incoming.next_sibling();
    CHECK(!outgoing.next_sibling());
    check_protocol(incoming, {{"Type", "IMAP"},
                              {"Server", "mail.example.org"},
                              {"Port", "993"},
                              {"DomainRequired", "off"},
                              {"LoginName", "jane@example.org"},
                              {"SPA", "off"},
                              {"SSL", "on"},
                              {"Encryption", "SSL"},
                              {"AuthRequired", "on"}});
    check_protocol(outgoing, {{"Type", "SMTP"},
                              {"Server", "mail.example.org"},
                              {"Port", "587"},
                              {"DomainRequired", "off"},
                              {"LoginName", "jane@example.org"},
                              {"SPA", "off"},
                              {"SSL", "on"},
                              {"Encryption", "TLS"},
                              {"AuthRequired", "on"},
                              {"UsePOPAuth", "on"},
                              {"SMTPLast", "off"}});
}

TEST_CASE("the incoming sign-in is reused for sending only where the user name is the same")
{
    auto account = pop3_account();
    outgoing_of(account).username = "jane.smtp";
    const auto text = content_of(outlook_files(account), "/example.org.xml");
    CHECK(text.find("<Type>POP3</Type>") != std::string::npos);
    CHECK(text.find("<LoginName>jane.smtp</LoginName>") != std::string::npos);
    CHECK(text.find("<UsePOPAuth>off</UsePOPAuth>") != std::string::npos);
    CHECK(profile_sections(content_of(outlook_files(account), ".prf"))["Account1"]["SMTPAuthMethod"] == "1");
}

TEST_CASE("the registry file maps the domain to the local answer, and the other one takes exactly that back")
{
    for (const auto& [who, domain] :
         {std::pair("jane@example.org", "example.org"), std::pair("jane@bücher.example", "xn--bcher-kva.example")}) {
        const auto files = outlook_files(imap_account(who));
        CHECK((registry_lines(content_of(files, "/use-these-settings.reg")) ==
               std::vector<std::string>{"Windows Registry Editor Version 5.00", "", std::string(registry_key),
                                        "\"" + std::string(domain) + "\"=\"C:\\\\MailSetup\\\\" + domain + ".xml\"",
                                        "\"PreferLocalXML\"=dword:00000001", "\"ExcludeExplicitO365Endpoint\"=dword:00000001", ""}));
        CHECK((registry_lines(content_of(files, "/undo.reg")) ==
               std::vector<std::string>{"Windows Registry Editor Version 5.00", "", std::string(registry_key),
                                        "\"" + std::string(domain) + "\"=-", "\"PreferLocalXML\"=-", "\"ExcludeExplicitO365Endpoint\"=-",
                                        ""}));
    }
}

TEST_CASE("a profile file maps every account key to its property and holds the account's values")
{
    for (const auto& account : {imap_account(), pop3_account()}) {
        const bool pop3 = account.account.incoming()->service == ServiceKind::pop3;
        const std::string kind = pop3 ? "POP3" : "IMAP", mapping = pop3 ? "I_Mail" : "IMAP_I_Mail";
        auto sections = profile_sections(content_of(outlook_files(account), "/example.org.prf"));
        std::set<std::string> names;
        for (const auto& [name, section] : sections) names.insert(name);
        CHECK((names == std::set<std::string>{"General", "Service List", "Internet Account List", "Service1", "Account1",
                                              "Outlook Address Book", mapping}));
        CHECK((sections["General"] == Section{{"Custom", "1"},
                                              {"ProfileName", "example.org"},
                                              {"DefaultProfile", "Yes"},
                                              {"OverwriteProfile", "No"},
                                              {"ModifyDefaultProfileIfPresent", "FALSE"},
                                              {"BackupProfile", "No"}}));
        CHECK(sections["Internet Account List"]["Account1"] == mapping);
        CHECK(sections["Service List"]["Service1"] == "Outlook Address Book");
        CHECK(sections["Outlook Address Book"]["ServiceName"] == "CONTAB");
        auto& values = sections["Account1"];
        auto& types = sections[mapping];
        CHECK(types["AccountType"] == kind);
        CHECK(values.size() == types.size()); // UniqueService has no type, AccountType no value
        for (const auto& [key, value] : values) {
            CAPTURE(key);
            if (key == "UniqueService") continue;
            REQUIRE(property_of.contains(key));
            CHECK(types[key] == property_of.at(key));
            if (types[key].starts_with("PT_LONG")) CHECK(std::ranges::all_of(value, [](unsigned char c) { return c >= '0' && c <= '9'; }));
        }
        CHECK(values["EmailAddress"] == "jane@example.org");
        CHECK(values["DisplayName"] == "Jane Doe");
        CHECK(values[kind + "Server"] == "mail.example.org");
        CHECK(values[kind + "Port"] == (pop3 ? "995" : "993"));
        CHECK(values[kind + "UseSSL"] == "1");
        CHECK(values[kind + "UserName"] == "jane@example.org");
        CHECK(values["SMTPPort"] == (pop3 ? "465" : "587"));
        CHECK(values["SMTPSecureConnection"] == (pop3 ? "1" : "2"));
        CHECK(values["SMTPAuthMethod"] == "0");
        CHECK(values.contains("LeaveOnServer") == pop3);
    }
}

TEST_CASE("what a profile file cannot say leaves it out, and the guide does not mention it")
{
    const auto with = [](auto edit) {
        auto account = imap_account();
        edit(account);
        return outlook_files(account);
    };
    const auto full = with([](PersonalAccount&) {});
    CHECK(has_file(full, ".prf"));
    CHECK(content_of(full, "/guide.html").find("example.org.prf") != std::string::npos);
    for (const auto& files : {with([](PersonalAccount& account) { account.name = "Jürgen"; }),
                              with([](PersonalAccount& account) { account.name = "%USERNAME%"; }),
                              with([](PersonalAccount& account) { account.name = "\"Jane\""; }),
                              with([](PersonalAccount& account) { incoming_of(account).username = " jane"; }),
                              with([](PersonalAccount& account) { incoming_of(account).security = Security::starttls; })}) {
        CHECK(!has_file(files, ".prf"));
        CHECK(has_file(files, "/use-these-settings.reg"));
        CHECK(content_of(files, "/guide.html").find(".prf") == std::string::npos);
    }
}

TEST_CASE("the guide is well-formed, asks nobody for anything and holds this account's values")
{
    auto account = imap_account("o'brien@example.org");
    incoming_of(account).username = "<script>alert(1)</script>";
    const auto page = content_of(outlook_files(account), "/guide.html");
    const TemporaryFolder folder;
    const auto lint = run_program({"xmllint", "--noout", "--nonet", folder.file("guide.html", page)});
    CHECK_MESSAGE(lint.status == 0, lint.output);
    pugi::xml_document xml;
    REQUIRE(xml.load_buffer(page.data(), page.size(), pugi::parse_default | pugi::parse_doctype));
    CHECK(page.starts_with("<!DOCTYPE html>"));
    const std::set<std::string_view> allowed{"html",    "head",  "meta", "title", "style", "body", "h1", "h2",  "p",
                                             "section", "table", "tr",   "th",    "td",    "ol",   "li", "code"};
    struct Walker : pugi::xml_tree_walker {
        const std::set<std::string_view>& allowed;
        explicit Walker(const std::set<std::string_view>& elements) : allowed(elements) {}
        bool for_each(pugi::xml_node& node) override
        {
            if (node.type() != pugi::node_element) return true;
            CHECK_MESSAGE(allowed.contains(node.name()), node.name());
            for (const auto& attribute : node.attributes()) {
                const std::string_view name = attribute.name();
                CHECK_MESSAGE((name == "lang" || name == "charset" || name == "name" || name == "content"), attribute.name());
            }
            return true;
        }
    } walker(allowed);
    xml.traverse(walker);
    for (const std::string_view reference : {"http:", "https:", "//", "url(", "@import", "src=", "href="})
        CHECK_MESSAGE(page.find(reference) == std::string::npos, reference);
    const auto cell = [&](int table, int row) {
        auto section = xml.child("html").child("body").child("section");
        for (int i = 0; i < table; ++i) section = section.next_sibling("section");
        auto line = section.child("table").child("tr");
        for (int i = 0; i < row; ++i) line = line.next_sibling("tr");
        return std::string(line.child("td").text().get());
    };
    CHECK(cell(0, 0) == "mail.example.org");
    CHECK(cell(0, 1) == "993");
    CHECK(cell(0, 2) == "SSL/TLS");
    CHECK(cell(0, 3) == "<script>alert(1)</script>");
    CHECK(cell(1, 1) == "587");
    CHECK(cell(1, 2) == "STARTTLS");
    CHECK(cell(1, 3) == "o'brien@example.org");
    CHECK(page.find("IMAP") != std::string::npos);
    CHECK(content_of(outlook_files(pop3_account()), "/guide.html").find("IMAP") == std::string::npos);
}
