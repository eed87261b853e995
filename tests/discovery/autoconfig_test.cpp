// Reading autoconfig 1.1 and 1.2 (facts: draft-ietf-mailmaint-autoconfig, the database of providers, and what clients have got wrong).
#include "probe/discovery/finding.hpp"

#include <doctest/doctest.h>

using namespace portolan;

namespace {

const EmailAddress alice = *parse_email_address("alice+boats@example.org");

/// A document round `provider` and, outside of the provider, `rest`.
std::string around(std::string_view provider, std::string_view rest = {})
{
    return "<?xml version=\"1.0\"?>\n<clientConfig version=\"1.1\"><emailProvider id=\"example.org\"><domain>example.org</domain>" +
           std::string(provider) + "</emailProvider>" + std::string(rest) + "</clientConfig>\n";
}

/// The minimal good server, with one element replaced or, where there is none of that name, added.
std::string server(std::string_view edit = {}, std::string_view type = "imap")
{
    std::string text;
    const auto name = edit.substr(0, edit.find_first_of(" >/"));
    for (const std::string_view line : {"<hostname>imap.example.org</hostname>", "<port>993</port>", "<socketType>SSL</socketType>",
                                        "<authentication>password-cleartext</authentication>", "<username>%EMAILADDRESS%</username>"})
        if (name.empty() || !line.starts_with(name)) text += line;
    const std::string element = type == "smtp" ? "outgoingServer" : "incomingServer";
    return "<" + element + " type=\"" + std::string(type) + "\">" + text + std::string(edit) + "</" + element + ">";
}

std::string web(std::string_view element, std::string_view type, std::string_view url, std::string_view more = {})
{
    return "<" + std::string(element) + " type=\"" + std::string(type) + "\"><url>" + std::string(url) + "</url>" + std::string(more) +
           "</" + std::string(element) + ">";
}

AutoconfigDocument read(const std::string& text, const EmailAddress& address = alice)
{
    auto document = parse_autoconfig(text, address);
    if (!document) FAIL(document.error() << " in " << text.substr(0, 300));
    return std::move(*document);
}

std::string error_of(const std::string& text)
{
    const auto document = parse_autoconfig(text, alice);
    return document ? "read" : document.error();
}

std::string utf16(std::string_view text, bool big, bool mark = true)
{
    std::string out = mark ? big ? "\xfe\xff" : "\xff\xfe" : "";
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned rune = static_cast<unsigned char>(text[i]);
        if (rune >= 0xc0 && i + 1 < text.size())
            rune = (rune & 0x1f) << 6 | (static_cast<unsigned char>(text[++i]) & 0x3f); // two octets are enough here
        const char high = static_cast<char>(rune >> 8), low = static_cast<char>(rune & 0xff);
        out += big ? high : low;
        out += big ? low : high;
    }
    return out;
}

using Mechanisms = std::vector<Mechanism>;

}

TEST_CASE("a minimal document names a server with its user name and mechanism")
{
    const auto document = read(around(server()));
    REQUIRE(document.services.size() == 1);
    const auto& imap = document.services.front();
    CHECK(imap.service == ServiceKind::imap);
    CHECK(imap.host.text() == "imap.example.org");
    CHECK(imap.port == 993);
    CHECK(imap.security == Security::tls);
    CHECK(imap.username == "alice+boats@example.org");
    CHECK(imap.username_known);
    CHECK(imap.username_form == UsernameForm::address);
    CHECK(imap.auth == Mechanisms{Mechanism::plain});
    CHECK(document.facts.id == "example.org");
    CHECK(document.skipped == 0);
}

TEST_CASE("A4.1: the first known socketType counts, and what is not known is never plaintext")
{
    struct Row {
        std::string_view elements;
        std::optional<Security> security;
    };
    for (const auto& [elements, security] : std::initializer_list<Row>{
             {"<socketType>SSL</socketType>", Security::tls},
             {"<socketType>ssl</socketType>", Security::tls},
             {"<socketType> TLS\n</socketType>", Security::tls},
             {"<socketType>StartTLS</socketType>", Security::starttls},
             {"<socketType>plain</socketType>", Security::plaintext},
             {"<socketType>QUIC</socketType><socketType>STARTTLS</socketType>", Security::starttls},
             {"<socketType>STARTTLS</socketType><socketType>plain</socketType>", Security::starttls},
             {"<socketType><![CDATA[SSL]]></socketType>", Security::tls},
             {"<socketType></socketType>", std::nullopt},
             {"<socketType>SSL=starttls</socketType>", std::nullopt},
             {"<socketType>yes</socketType>", std::nullopt},
             {"<socketType>none</socketType>", std::nullopt},
             {"<socketType>false</socketType>", std::nullopt},
             {"<socketType>0</socketType>", std::nullopt},
             {"<socketType>auto</socketType>", std::nullopt},
             {"<socketType>unencrypted</socketType>", std::nullopt},
             {"<socketType>plain text</socketType>", std::nullopt},
             {"<socketType>%server/type%</socketType>", std::nullopt},
             {"<socketType>%EMAILDOMAIN%</socketType>", std::nullopt},
             {"<socketType>xxx</socketType>", std::nullopt},
             {"<socketType><b>plain</b></socketType>", std::nullopt},
         }) {
        CAPTURE(elements);
        const auto document = parse_autoconfig(around(server(elements)), alice);
        CHECK(document.has_value() == security.has_value());
        if (document && security) CHECK(document->services.front().security == *security);
        if (!document) CHECK(document.error() == "no-servers");
    }
}

TEST_CASE("peers' mistake 9: a server whose host, port or user name cannot be used is dropped alone")
{
    for (const std::string_view edit : {
             "<hostname/>",
             "<hostname>  </hostname>",
             "<hostname>a b</hostname>",
             "<hostname>imap.example.org:993</hostname>",
             "<hostname>imap.example.org/x</hostname>",
             "<hostname>alice@imap.example.org</hostname>",
             "<hostname>imap_1.example.org</hostname>",
             "<hostname>-.example.org</hostname>",
             "<hostname>imap..example.org</hostname>",
             "<hostname>%EMAILADDRESS%</hostname>",
             "<hostname>imap.%EMAILDOMAIN</hostname>",
             "<hostname>imap.%REGION%.example.org</hostname>",
             "<hostname>imap.example.1</hostname>",
             "<hostname>imap.&#10;example.org</hostname>",
             "<port/>",
             "<port>0</port>",
             "<port>65536</port>",
             "<port>70000</port>",
             "<port>-1</port>",
             "<port>+993</port>",
             "<port>993x</port>",
             "<port>0x3e1</port>",
             "<port>993.0</port>",
             "<port>99 3</port>",
             "<port>999999999999999999999</port>",
             "<username>%REALNAME%</username>",
             "<username>%CUSTOMERNUMBER%</username>",
             "<username>x%EMAILADDRESS</username>",
             "<username>a&#10;b</username>",
             "<username>a&#x202e;b</username>",
             "<username>a&#xd800;b</username>",
         }) {
        CAPTURE(edit);
        CHECK(error_of(around(server(edit))) != "read");
        const auto document =
            read(around(server("<hostname>first.example.org</hostname>") + server(edit) + server("<hostname>last.example.org</hostname>")));
        REQUIRE(document.services.size() == 2);
        CHECK(document.services[0].host.text() == "first.example.org");
        CHECK(document.services[1].host.text() == "last.example.org");
        CHECK(document.skipped == 1);
    }
}

TEST_CASE("peers' mistake 10: placeholders are filled in every field, once, and known slips are repaired")
{
    struct Row {
        std::string_view pattern, name;
        UsernameForm form;
    };
    for (const auto& [pattern, name, form] : std::initializer_list<Row>{
             {"%EMAILADDRESS%", "alice+boats@example.org", UsernameForm::address},
             {"%EMAILADDRESS", "alice+boats@example.org", UsernameForm::address},
             {"EMAILADDRESS%", "alice+boats@example.org", UsernameForm::address},
             {" %emailaddress% ", "alice+boats@example.org", UsernameForm::address},
             {"%EMAILLOCALPART%", "alice+boats", UsernameForm::local_part},
             {"%EMAILLOCALPART", "alice+boats", UsernameForm::local_part},
             {"%EMAILLOCALPART%.%EMAILDOMAIN%", "alice+boats.example.org", UsernameForm::custom},
             {"%EMAILLOCALPART%%EMAILDOMAIN%", "alice+boatsexample.org", UsernameForm::custom},
             {"%EMAILLOCALPART%%%EMAILDOMAIN%", "alice+boats%example.org", UsernameForm::custom},
             {"%EMAILDOMAIN%\\%EMAILLOCALPART%", "example.org\\alice+boats", UsernameForm::domain_local},
             {"EXAMPLE\\someone", "EXAMPLE\\someone", UsernameForm::custom},
             {"100%", "100%", UsernameForm::custom},
             {"k-4711", "k-4711", UsernameForm::custom},
         }) {
        CAPTURE(pattern);
        const auto document = read(around(server("<username>" + std::string(pattern) + "</username>")));
        CHECK(document.services.front().username == name);
        CHECK(document.services.front().username_form == form);
        CHECK(document.services.front().username_known);
    }
    const auto everywhere =
        read(around("<displayName>Mail at %EMAILDOMAIN% for %WHOM%</displayName><documentation "
                    "url=\"https://help.%EMAILDOMAIN%/?who=%EMAILADDRESS%\"/>" +
                        server("<hostname>imap.%EMAILDOMAIN%</hostname>"),
                    web("calendar", "caldav", "https://dav.%EMAILDOMAIN%/%EMAILLOCALPART%/%2Fmail%20box%/") +
                        "<oAuth2><issuer>%EMAILDOMAIN%</issuer><authURL>https://login.%EMAILDOMAIN%/a</authURL></oAuth2>"));
    CHECK(everywhere.facts.name == "Mail at example.org for %WHOM%");
    REQUIRE(everywhere.facts.documentation.size() == 1);
    CHECK(everywhere.facts.documentation.front().url == "https://help.example.org/?who=alice%2Bboats%40example.org");
    CHECK(everywhere.services[0].host.text() == "imap.example.org");
    REQUIRE(everywhere.services.size() == 2);
    CHECK(everywhere.services[1].url == "https://dav.example.org/alice%2Bboats/%2Fmail%20box%/");
    REQUIRE(everywhere.facts.oauth2);
    CHECK(everywhere.facts.oauth2->issuer == "example.org");
    CHECK(everywhere.facts.oauth2->auth_url == "https://login.example.org/a");
}

TEST_CASE("a local part that looks like a placeholder is not filled in again")
{
    const auto odd = *parse_email_address("%EMAILDOMAIN%@example.org");
    const auto document = read(around(server("<username>%EMAILLOCALPART%</username>")), odd);
    CHECK(document.services.front().username == "%EMAILDOMAIN%");
    CHECK(document.services.front().username_form == UsernameForm::local_part);
}

TEST_CASE("without a user name the whole address is taken, and known to be a guess")
{
    const auto document = read(around(server("<username/>")));
    CHECK(document.services.front().username == "alice+boats@example.org");
    CHECK(!document.services.front().username_known);
}

TEST_CASE("peers' mistake 11: authentication: every token of 1.1 and 1.2; what names no mechanism does not cost the server")
{
    struct Row {
        std::string_view elements;
        Mechanisms auth;
    };
    using enum Mechanism;
    for (const auto& [elements, auth] : std::initializer_list<Row>{
             {"<authentication>password-cleartext</authentication>", {Mechanism::plain}},
             {"<authentication>plain</authentication>", {Mechanism::plain}},
             {"<authentication>password-encrypted</authentication>", {scram_sha_256, cram_md5}},
             {"<authentication>secure</authentication>", {scram_sha_256, cram_md5}},
             {"<authentication>OAuth2</authentication><authentication>password-cleartext</authentication>", {oauth2, Mechanism::plain}},
             {"<authentication>OAuth</authentication>", {oauth2}},
             {"<authentication>NTLM</authentication><authentication>GSSAPI</authentication>", {ntlm, gssapi}},
             {"<authentication>TLS-client-cert</authentication>", {external}},
             {"<authentication>http-basic</authentication>", {basic}},
             {"<authentication>client-IP-address</authentication>", {}},
             {"<authentication>SMTP-after-POP</authentication>", {}},
             {"<authentication>none</authentication>", {}},
             {"<authentication>quantum</authentication><authentication>password-cleartext</authentication>", {Mechanism::plain}},
             {"<authentication system=\"sasl\">SCRAM-SHA-256-PLUS</authentication><authentication "
              "system=\"sasl\">SCRAM-SHA-1</authentication>",
              {scram_sha_256_plus, scram_sha_1}},
             {"<authentication system=\"SASL\">login</authentication><authentication system=\"sasl\">PLAIN</authentication>",
              {login, Mechanism::plain}},
             {"<authentication system=\"sasl\">XOAUTH2</authentication><authentication system=\"sasl\">OAUTHBEARER</authentication>",
              {xoauth2, oauthbearer}},
             {"<authentication system=\"sasl\">native</authentication><authentication system=\"sasl\">basic</authentication>", {}},
             {"<authentication system=\"http\">Basic</authentication><authentication system=\"http\">Bearer</authentication>", {basic}},
             {"<authentication system=\"http\">Digest</authentication>", {}},
             {"<authentication/>", {}},
         }) {
        CAPTURE(elements);
        CHECK(read(around(server(elements))).services.front().auth == auth);
    }
    const auto dav = read(around("", web("calendar", "caldav", "https://dav.example.org/",
                                         "<authentication>password-cleartext</authentication><authentication>OAuth2</authentication>")));
    CHECK(dav.services.front().auth == Mechanisms{basic, oauth2});
}

TEST_CASE("services with a URL: each with kind, host, port and address")
{
    struct Row {
        std::string provider, rest;
        ServiceKind kind;
        std::string_view url;
        Port port;
    };
    for (const auto& [provider, rest, kind, url, port] : std::initializer_list<Row>{
             {web("incomingServer", "jmap", "https://jmap.example.org/session"), "", ServiceKind::jmap, "https://jmap.example.org/session",
              443},
             {web("incomingServer", "ews", "https://mail.example.org/EWS/Exchange.asmx"), "", ServiceKind::ews,
              "https://mail.example.org/EWS/Exchange.asmx", 443},
             {web("incomingServer", "activeSync", "https://mail.example.org"), "", ServiceKind::activesync, "https://mail.example.org/",
              443},
             {web("incomingServer", "ActiveSync", "HTTPS://Mail.Example.org:444/x"), "", ServiceKind::activesync,
              "https://mail.example.org:444/x", 444},
             {"<incomingServer type=\"exchange\"><ewsURL>https://m.example.org/e</ewsURL></incomingServer>", "", ServiceKind::ews,
              "https://m.example.org/e", 443},
             {"<incomingServer type=\"exchange\"><easURL>https://m.example.org/a</easURL></incomingServer>", "", ServiceKind::activesync,
              "https://m.example.org/a", 443},
             {"", web("calendar", "caldav", "https://dav.example.org/cal"), ServiceKind::caldav, "https://dav.example.org/cal", 443},
             {"", web("addressbook", "carddav", "https://dav.example.org/card"), ServiceKind::carddav, "https://dav.example.org/card", 443},
             {"", web("addressBook", "carddav", "https://bücher.example/ä"), ServiceKind::carddav, "https://xn--bcher-kva.example/%C3%A4",
              443},
             {web("calendar", "caldav", "https://dav.example.org/inside"), "", ServiceKind::caldav, "https://dav.example.org/inside", 443},
             {"", "<calendar type=\"caldav\"><serverURL>https://dav.example.org/old</serverURL></calendar>", ServiceKind::caldav,
              "https://dav.example.org/old", 443},
             {"", web("calendar", "caldav", "https://[2001:db8::1]/cal"), ServiceKind::caldav, "https://[2001:db8::1]/cal", 443},
         }) {
        CAPTURE(url);
        const auto document = read(around(provider, rest));
        REQUIRE(document.services.size() == 1);
        const auto& service = document.services.front();
        CHECK(service.service == kind);
        CHECK(service.url == url);
        CHECK(service.port == port);
        CHECK(service.security == Security::tls);
        CHECK(!service.host.empty());
        CHECK(service.username == "alice+boats@example.org");
    }
    const auto clear = read(around("", web("calendar", "caldav", "http://dav.example.org/cal")));
    CHECK(clear.services.front().security == Security::plaintext);
    CHECK(clear.services.front().port == 80);

    const auto exchange = read(around(
        "<incomingServer type=\"exchange\"><hostname>m.example.org</hostname><port>443</port><owaURL>https://m.example.org/owa</owaURL>"
        "<ewsURL>https://m.example.org/e</ewsURL><easURL>https://m.example.org/a</easURL><username>%EMAILLOCALPART%</username></"
        "incomingServer>"));
    REQUIRE(exchange.services.size() == 2);
    CHECK(exchange.services[0].service == ServiceKind::ews);
    CHECK(exchange.services[1].service == ServiceKind::activesync);
    CHECK(exchange.services[1].username == "alice+boats");
    CHECK(exchange.facts.webmail == "https://m.example.org/owa");

    const auto sieve = read(around(
        server(),
        "<setupServer "
        "type=\"managesieve\"><hostname>sieve.%EMAILDOMAIN%</hostname><port>4190</port><socketType>STARTTLS</socketType></setupServer>"));
    REQUIRE(sieve.services.size() == 2);
    CHECK(sieve.services[1].service == ServiceKind::managesieve);
    CHECK(sieve.services[1].host.text() == "sieve.example.org");
}

TEST_CASE("a URL is http or https, without user information and control characters, or the service is dropped")
{
    for (const std::string_view url : {"",
                                       "dav.example.org",
                                       "//dav.example.org/",
                                       "ftp://dav.example.org/",
                                       "file:///etc/passwd",
                                       "javascript:alert(1)",
                                       "data:text/plain,x",
                                       "https://",
                                       "https:///x",
                                       "https://user:secret@dav.example.org/",
                                       "https://dav.example.org@evil.example/",
                                       "https://dav.example.org:0/",
                                       "https://dav.example.org:70000/",
                                       "https://dav.example.org:44x/",
                                       "https://a b.example/",
                                       "https://dav.example.org/a b",
                                       "https://dav.example.org/&#10;x",
                                       "https://dav.example.org\\@evil.example/",
                                       "https://%EMAILADDRESS%/",
                                       "https://%REALNAME%.example.org/",
                                       "https://dav.example.org/%TENANT%/",
                                       "https://[2001:db8::1",
                                       "https://dav_1.example.org/",
                                       "https://dav.example.org/&lt;script&gt;"}) {
        CAPTURE(url);
        CHECK(error_of(around("", web("calendar", "caldav", url))) == "no-servers");
    }
}

TEST_CASE("what the provider says to people and to a browser's sign-in is kept, cleaned; a password in the document is not")
{
    const auto document =
        read(around("<displayName>Example &#x202e;Mail&#27;[31m</displayName><displayShortName>Ex</displayShortName>"
                    "<documentation url=\"https://help.example.org/imap\"><descr lang=\"de\">Hilfe</descr><descr lang=\"en\">Help  with "
                    "IMAP</descr></documentation>"
                    "<documentation url=\"javascript:alert(1)\"><descr>never a link</descr></documentation>"
                    "<instruction url=\"https://help.example.org/first\"><descr lang=\"en\">Switch IMAP on</descr></instruction>" +
                        server("<password>hunter2</password>"),
                    "<enable visiturl=\"https://www.example.org/settings\"><instruction lang=\"en\">Check the box</instruction></enable>"
                    "<webMail><loginPage url=\"https://webmail.example.org/\"/><loginPageInfo "
                    "url=\"https://webmail.example.org/x\"><username>%EMAILADDRESS%</username></loginPageInfo></webMail>"
                    "<oAuth2><issuer>accounts.example.org</issuer><scope>mail.read "
                    "mail.send</scope><authURL>https://login.example.org/auth</authURL><tokenURL>https://login.example.org/token</tokenURL>"
                    "<clientID>public-client</clientID><clientSecret>s</clientSecret></oAuth2>"
                    "<clientConfigUpdate url=\"https://www.example.org/config.xml\"/>"));
    const auto& facts = document.facts;
    CHECK(facts.name == "Example Mail");
    CHECK(facts.documentation ==
          std::vector<ProviderFacts::Page>{{"https://help.example.org/imap", "Help  with IMAP"}, {"", "never a link"}});
    CHECK(facts.prepare == std::vector<ProviderFacts::Page>{{"https://help.example.org/first", "Switch IMAP on"},
                                                            {"https://www.example.org/settings", "Check the box"}});
    CHECK(facts.webmail == "https://webmail.example.org/");
    REQUIRE(facts.oauth2);
    CHECK(*facts.oauth2 == ProviderFacts::OAuth{"accounts.example.org", "https://login.example.org/auth", "https://login.example.org/token",
                                                "mail.read mail.send", "public-client"});
    CHECK(document.services.size() == 1);
    CHECK(document.password);
    CHECK(!read(around(server())).password);
    CHECK(!read(around(server("<password>%PASSWORD%</password>"))).password);       // for the client to fill in

    const auto clear = read(around(
        server(), "<oAuth2><authURL>http://login.example.org/auth</authURL><tokenURL>http://login.example.org/token</tokenURL></oAuth2>"));
    CHECK(!clear.facts.oauth2); // a sign-in page without TLS is none
}

TEST_CASE("whole documents: POP3 alone, plaintext alone, calendars alone, different user names for in and out")
{
    const auto pop = read(around(server("<port>995</port>", "pop3") + server("<port>465</port>", "smtp")));
    REQUIRE(pop.services.size() == 2);
    CHECK(pop.services[0].service == ServiceKind::pop3);
    CHECK(pop.services[1].service == ServiceKind::smtp);

    const auto clear = read(around(server("<socketType>plain</socketType>") + server("<socketType>plain</socketType>", "smtp")));
    REQUIRE(clear.services.size() == 2);
    for (const auto& service : clear.services) CHECK(service.security == Security::plaintext);

    const auto calendars =
        read("<clientConfig version=\"1.2\">" + web("calendar", "caldav", "https://dav.example.org/") + "</clientConfig>");
    REQUIRE(calendars.services.size() == 1);

    const auto names =
        read(around(server("<username>%EMAILLOCALPART%</username>") + server("<username>%EMAILADDRESS%</username>", "smtp")));
    CHECK(names.services[0].username == "alice+boats");
    CHECK(names.services[1].username == "alice+boats@example.org");
}

TEST_CASE("types that are not ours are left out; a server on the wrong side is a mistake")
{
    const auto document = read(around(
        "<incomingServer type=\"nntp\"/><incomingServer type=\"graph\"/><incomingServer/><outgoingServer type=\"x400\"/>" + server()));
    CHECK(document.services.size() == 1);
    CHECK(document.skipped == 0);
    CHECK(error_of(around("<incomingServer type=\"smtp\"/>")) == "no-servers");
}

TEST_CASE("names are read whole, whatever stands between their pieces")
{
    const auto document = read(around(server("<hostname>imap<!-- the old one: -->.example<![CDATA[.org]]></hostname>")));
    CHECK(document.services.front().host.text() == "imap.example.org");
}

TEST_CASE("a wrong namespace, a prefix, another version and other letter cases are read")
{
    for (const auto& text :
         {"<clientConfig xmlns=\"http://wrong.example/ns\" version=\"7.3\"><emailProvider>" + server() + "</emailProvider></clientConfig>",
          std::string("<ac:clientConfig xmlns:ac=\"urn:x\"><ac:emailProvider><ac:incomingServer "
                      "type=\"imap\"><ac:hostname>imap.example.org</ac:hostname><ac:port>993</ac:port>"
                      "<ac:socketType>SSL</ac:socketType></ac:incomingServer></ac:emailProvider></ac:clientConfig>"),
          std::string("<clientconfig><emailprovider><incomingserver "
                      "type=\"IMAP\"><HostName>imap.example.org</HostName><Port>993</Port><SocketType>SSL</SocketType>"
                      "</incomingserver></emailprovider></clientconfig>"),
          "\n\n<!-- written by hand -->\n<clientConfig><emailProvider>" + server() + "</emailProvider></clientConfig>"}) {
        CAPTURE(text);
        CHECK(read(text).services.front().host.text() == "imap.example.org");
    }
}

TEST_CASE("encodings: byte order marks, UTF-16 in both orders, Latin-1 and windows-1252 as declared")
{
    const std::string name = "Bücher";
    const auto body = [&](const std::string& encoding, const std::string& shown) {
        return "<?xml version=\"1.0\"" + (encoding.empty() ? "" : " encoding=\"" + encoding + "\"") +
               "?><clientConfig><emailProvider><displayName>" + shown + "</displayName>" + server() + "</emailProvider></clientConfig>";
    };
    struct Row {
        std::string_view what;
        std::string text;
        std::string name;
    };
    for (const auto& [what, text, wanted] : std::initializer_list<Row>{
             {"UTF-8", body("UTF-8", name), name},
             {"UTF-8 with a mark", "\xef\xbb\xbf" + body("", name), name},
             {"UTF-16 LE with a mark", utf16(body("UTF-16", name), false), name},
             {"UTF-16 BE with a mark", utf16(body("utf-16", name), true), name},
             {"UTF-16 LE without", utf16(body("UTF-16", name), false, false), name},
             {"UTF-16 BE without", utf16(body("UTF-16", name), true, false), name},
             {"declared UTF-16, and is not", body("UTF-16", name), name},
             {"Latin-1",
              body("ISO-8859-1", "B\xfc"
                                 "cher"),
              name},
             {"Latin-1, another name",
              body("latin1", "B\xfc"
                             "cher"),
              name},
             {"windows-1252",
              body("Windows-1252", "B\xfc"
                                   "cher \x80 \x93q\x94"),
              "Bücher € “q”"},
             {"Latin-9",
              body("ISO-8859-15", "B\xfc"
                                  "cher \xa4"),
              "Bücher €"},
             {"undeclared single bytes",
              body("", "B\xfc"
                       "cher"),
              name},
             {"declared UTF-8, and is not",
              body("UTF-8", "B\xfc"
                            "cher"),
              name},
         }) {
        CAPTURE(what);
        const auto document = read(text);
        CHECK(document.facts.name == wanted);
        CHECK(document.services.front().host.text() == "imap.example.org");
    }
    CHECK(error_of(body("koi8-r", "\xd0\xcf\xd3")) == "unknown-encoding");
    CHECK(error_of(std::string("\xff\xfe\0\0<\0\0\0", 8)) == "unknown-encoding");
    CHECK(error_of(utf16(body("", name), false).substr(0, 100)) != "read");
}

TEST_CASE("what is no configuration is told apart, each by its own word")
{
    struct Row {
        std::string text;
        std::string_view slug;
    };
    for (const auto& [text, slug] : std::initializer_list<Row>{
             {"", "empty"},
             {" \r\n\t ", "empty"},
             {"\xef\xbb\xbf", "empty"},
             {"{\"error\":\"not found\"}", "json"},
             {"[]", "json"},
             {"Not Found", "not-xml"},
             {"<!DOCTYPE html><html><body>404</body></html>", "html-page"},
             {"<!-- --><!doctype HTML PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\" \"http://www.w3.org/x.dtd\"><html>", "html-page"},
             {"<HTML><p>parked", "html-page"},
             {"<?xml version=\"1.0\"?><html xmlns=\"http://www.w3.org/1999/xhtml\"><body/></html>", "html-page"},
             {"<html><!-- <WISPAccessGatewayParam> --><body>Sign in</body></html>", "captive-page"},
             {"<!DOCTYPE html><title>Captive Portal</title>", "captive-page"},
             {"<rss version=\"2.0\"><channel/></rss>", "no-client-config"},
             {"<Autodiscover><clientConfig/></Autodiscover>", "no-client-config"},
             {"<a>", "not-xml"},
             {"<!-- nothing", "not-xml"},
             {"<clientConfig/>", "no-servers"},
             {"<clientConfig><emailProvider id=\"x\"></emailProvider></clientConfig>", "no-servers"},
             {"Warning: mysql_connect() failed <clientConfig></clientConfig>", "broken-xml"},
             {"<clientConfig>\n<emailProvider>\n<incomingServer type=\"imap\">", "broken-xml, line 3"},
             {around(server("<username>a&#0;b</username>")), "broken-xml"},
             {around(server("<username>a&#x00;b</username>")), "broken-xml"},
             {around(server("<username>a&#4294967296;b</username>")), "broken-xml"},
             {around(server("<username>a&#x100000000;b</username>")), "broken-xml"},
             {around(server("<username>a&#0000098;c</username>")), "read"},
             {around(server()).substr(0, 200), "broken-xml, line 2"},
         }) {
        CAPTURE(text);
        CHECK(error_of(text) == slug);
    }
}

TEST_CASE("declarations, depth and size are refused before a parser sees them")
{
    CHECK(error_of("<!DOCTYPE clientConfig [<!ENTITY a \"aaaa\">]>" + around(server())) == "dtd");
    CHECK(error_of("<!DOCTYPE clientConfig SYSTEM \"file:///etc/passwd\">" + around(server())) == "dtd");
    CHECK(error_of(around("<!DOCTYPE html>" + server())) == "dtd");
    CHECK(error_of(utf16("<!DOCTYPE x []><clientConfig/>", false)) == "dtd");
    CHECK(error_of(std::string(1024 * 1024 + 1, ' ')) == "too-large");

    const auto nested = [](int depth, std::string_view open = "<a>", std::string_view close = "</a>") {
        std::string text;
        for (int i = 0; i < depth; ++i) text += open;
        for (int i = 0; i < depth; ++i) text += close;
        return text;
    };
    CHECK(error_of(around(nested(30) + server())) == "read"); // with the root and the provider: 32
    CHECK(error_of(around(nested(31) + server())) == "too-deep");
    CHECK(error_of(around(nested(20'000) + server())) == "too-deep");
    // What looks like a tag and is none: no depth is counted up by it, and none is hidden.
    CHECK(error_of(around("<!-- " + nested(100) + " -->" + server())) == "read");
    CHECK(error_of(around("<![CDATA[" + nested(100) + "]]>" + server())) == "read");
    CHECK(error_of(around("<?pi " + nested(100) + " ?>" + server())) == "read");
    CHECK(error_of(around("<a b=\"" + std::string(100, '>') + "\"/>" + server())) == "read");
    CHECK(error_of(around(nested(40, "<a b='/>'>") + server())) == "too-deep");
    CHECK(error_of(around(nested(40, "<a b=\"/\">") + server())) == "too-deep");
    CHECK(error_of(around(nested(40, "<a><!-- </a></a> -->") + server())) == "too-deep");
    CHECK(error_of(around(nested(40, "<a><![CDATA[</a></a>]]>") + server())) == "too-deep");
    CHECK(error_of(around("<a b='\"'/><a b=\"'\"/>" + nested(40) + server())) == "too-deep");
}

TEST_CASE("hundreds of servers, pages and calendars are bounded, tens of thousands refused")
{
    std::string servers, pages, calendars;
    for (int i = 0; i < 1'000; ++i) {
        servers += server("<hostname>imap" + std::to_string(i) + ".example.org</hostname>");
        pages += "<documentation url=\"https://help.example.org/" + std::to_string(i) + "\"/>";
    }
    for (int i = 0; i < 1'000; ++i) calendars += web("calendar", "caldav", "https://dav.example.org/" + std::to_string(i));
    const auto document = read(around(servers + pages, calendars));
    CHECK(document.services.size() == 64);
    CHECK(document.services.front().host.text() == "imap0.example.org");
    CHECK(document.services[32].service == ServiceKind::caldav);
    CHECK(document.facts.documentation.size() == 8);

    // The tree of a parser is many times as large as four octets of text.
    std::string empty, wide = "<a ";
    for (int i = 0; i < 20'000; ++i) {
        empty += "<a/>";
        wide += "b=''";
    }
    for (int i = 0; i < 10; ++i) servers += servers.substr(0, 60'000);
    CHECK(error_of(around(empty + server())) == "too-many-elements");
    CHECK(error_of(around(wide + "/>" + server())) == "too-many-elements");
    CHECK(error_of(around(servers)) == "too-many-elements");
    CHECK(error_of(around("<!--" + empty + "-->" + server())) == "read");
}
