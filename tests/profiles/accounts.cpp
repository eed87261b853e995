#include "tests/profiles/accounts.hpp"

#include <doctest/doctest.h>

namespace portolan {

Hostname host(std::string_view name)
{
    const auto parsed = parse_hostname(name);
    REQUIRE(parsed);
    return *parsed;
}

EmailAddress address(std::string_view text)
{
    CAPTURE(text);
    const auto parsed = parse_email_address(text);
    REQUIRE(parsed);
    return *parsed;
}

namespace {

Service service(ServiceKind kind, Port port, Security security, const std::string& username)
{
    Service made;
    made.service = kind;
    made.host = host("mail.example.org");
    made.port = port;
    made.security = security;
    made.username = username;
    made.auth = {Mechanism::plain, Mechanism::login};
    return made;
}

}

PersonalAccount imap_account(std::string_view text)
{
    const auto who = address(text);
    return {
        who,
        "Jane Doe",
        {ProviderName{"example", "Example & Söhne"},
         {service(ServiceKind::imap, 993, Security::tls, who.text()), service(ServiceKind::smtp, 587, Security::starttls, who.text())}}};
}

PersonalAccount pop3_account()
{
    const auto who = address("jane@example.org");
    return {who,
            "Jane Doe",
            {std::nullopt,
             {service(ServiceKind::pop3, 995, Security::tls, who.text()), service(ServiceKind::smtp, 465, Security::tls, who.text())}}};
}

Service& incoming_of(PersonalAccount& account) { return account.account.services.at(0); }
Service& outgoing_of(PersonalAccount& account) { return account.account.services.at(1); }

std::string content_of(const std::vector<WrittenFile>& files, std::string_view ending)
{
    CAPTURE(ending);
    const WrittenFile* found = nullptr;
    for (const auto& file : files) {
        if (!file.path.ends_with(ending)) continue;
        REQUIRE(!found);
        found = &file;
    }
    REQUIRE(found);
    return found->content;
}

const std::vector<HostileValue>& hostile_values()
{
    static const std::vector<HostileValue> values{
        {"double quote", R"(a"b)", false},
        {"closing quote and a preference", R"(x"); user_pref("a.b", true); //)", false},
        {"apostrophe", "O'Brien", false},
        {"backslash", R"(DOM\user)", false},
        {"backslash at the end", R"(user\)", false},
        {"element", "<string>x</string>", false},
        {"ampersand and entity", "a&b &lt; &amp;", false},
        {"end of CDATA", "a]]>b", false},
        {"comment", "a--><!-- b", false},
        {"accents", "Dö Ünal", false},
        {"another script", "山田 太郎", false},
        {"outside the basic plane", "Jane 🧭", false},
        {"combining marks", "e\xcc\x81", false},
        {"300 characters", std::string(300, 'x'), false},
        {"path", "../../etc/passwd", false},
        {"Windows path", R"(..\..\C:\x)", false},
        {"section and key", "[General]=x", false},
        {"variable", "%USERNAME%", false},
        {"line feed", "a\nb", true},
        {"carriage return", "a\rb", true},
        {"tab", "a\tb", true},
        {"NUL", std::string("a\0b", 3), true},
        {"escape", "a\x1b[31mb", true},
        {"delete",
         "a\x7f"
         "b",
         true},
        {"C1 control",
         "a\xc2\x85"
         "b",
         true},
        {"line separator",
         "a\xe2\x80\xa8"
         "b",
         true},
        {"bidi override",
         "a\xe2\x80\xae"
         "b",
         true},
        {"bidi isolate",
         "a\xe2\x81\xa7"
         "b",
         true},
        {"right-to-left mark",
         "a\xe2\x80\x8f"
         "b",
         true},
        {"noncharacter",
         "a\xef\xbf\xbf"
         "b",
         true},
        {"not UTF-8",
         "a\xff"
         "b",
         true},
        {"overlong slash",
         "a\xc0\xaf"
         "b",
         true},
        {"surrogate",
         "a\xed\xa0\x80"
         "b",
         true},
        {"cut short", "a\xe2\x82", true},
        {"5000 characters", std::string(5000, 'x'), true},
    };
    return values;
}

}
