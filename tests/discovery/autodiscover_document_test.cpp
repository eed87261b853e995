// What is made of an Autodiscover answer: one good document, and one change a row.
#include "probe/discovery/autodiscover_document.hpp"

#include <doctest/doctest.h>

using namespace portolan;

namespace {

const EmailAddress& alice()
{
    static const auto address = *parse_email_address("alice@example.org");
    return address;
}

std::string document(std::string_view account)
{
    return R"(<?xml version="1.0" encoding="utf-8"?>)"
           R"(<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006">)"
           R"(<Response xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a">)"
           "<Account><AccountType>email</AccountType>" +
           std::string(account) + "</Account></Response></Autodiscover>";
}

std::string settings(std::string_view protocols) { return document("<Action>settings</Action>" + std::string(protocols)); }

std::string protocol(std::string_view type, std::string_view inner, std::string_view server = "mail.example.org")
{
    const auto where = "<Type>" + std::string(type) + "</Type><Server>" + std::string(server) + "</Server>";
    return "<Protocol>" + where + std::string(inner) + "</Protocol>";
}

std::string mobile(std::string_view inner)
{
    return R"(<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006">)"
           R"(<Response xmlns="http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006"><Culture>en:us</Culture>)"
           "<User><DisplayName>Alice</DisplayName><EMailAddress>alice@example.org</EMailAddress></User>" +
           std::string(inner) + "</Response></Autodiscover>";
}

Service only(std::string_view body)
{
    auto read = parse_autodiscover(body, alice());
    REQUIRE(read);
    REQUIRE(read->services.size() == 1);
    return read->services.front();
}

std::string complaint(std::string_view body)
{
    const auto read = parse_autodiscover(body, alice());
    return read ? "" : read.error();
}

}

TEST_CASE("a whole answer: mail, calendars, contacts, EWS and the web page, in the provider's order")
{
    const auto body = settings(protocol("POP3", "<Port>995</Port><SSL>on</SSL>") +
                               protocol("IMAP", "<Port>993</Port><SPA>off</SPA><SSL>on</SSL><AuthRequired>on</AuthRequired>") +
                               protocol("SMTP", "<Port>587</Port><SSL>on</SSL><LoginName>alice</LoginName>", "smtp.example.org") +
                               protocol("CalDAV", "<LoginName>alice</LoginName>", "https://dav.example.org/cal/") +
                               protocol("CardDAV", "", "https://dav.example.org:8443/card/") +
                               "<Protocol><Type>EXPR</Type><EwsUrl>https://ex.example.org/EWS/Exchange.asmx</EwsUrl></Protocol>"
                               "<Protocol><Type>NNTP</Type><Server>news.example.org</Server></Protocol>"
                               "<Protocol><Type>WEB</Type><Internal><OWAUrl>https://in.example.org/owa</OWAUrl></Internal>"
                               "<External><OWAUrl AuthenticationMethod=\"Fba\">https://ex.example.org/owa/</OWAUrl></External></Protocol>");
    const auto read = parse_autodiscover(body, alice());
    REQUIRE(read);
    REQUIRE(read->services.size() == 6);
    CHECK(read->skipped == 0);
    CHECK(read->webmail == "https://ex.example.org/owa/");
    const auto& all = read->services;
    CHECK(all[0].service == ServiceKind::pop3);
    CHECK(all[1].service == ServiceKind::imap);
    CHECK(all[1].port == 993);
    CHECK(all[1].security == Security::tls);
    CHECK(all[1].username == "alice@example.org");
    CHECK_FALSE(all[1].username_known);
    CHECK(all[1].auth == std::vector{Mechanism::plain});
    CHECK(all[2].host.text() == "smtp.example.org");
    CHECK(all[2].security == Security::starttls);
    CHECK(all[2].username == "alice");
    CHECK(all[2].username_form == UsernameForm::local_part);
    CHECK(all[3].service == ServiceKind::caldav);
    CHECK(all[3].url == "https://dav.example.org/cal/");
    CHECK(all[3].username == "alice");
    CHECK(all[4].service == ServiceKind::carddav);
    CHECK(all[4].port == 8443);
    CHECK(all[5].service == ServiceKind::ews);
    CHECK(all[5].url == "https://ex.example.org/EWS/Exchange.asmx");
    CHECK(all[5].host.text() == "ex.example.org");
}

TEST_CASE("A6.1: how a connection is secured: Encryption stands above SSL, which is on unless it is off")
{
    struct Row { std::string_view said; Security security; Port port; };
    for (const auto& [said, security, port] : std::initializer_list<Row>{
             {"<Port>993</Port>", Security::tls, 993},
             {"<Port>143</Port>", Security::starttls, 143},
             {"<Port>110</Port><SSL>on</SSL>", Security::starttls, 110},
             {"<Port>587</Port><SSL>on</SSL>", Security::starttls, 587},
             {"<Port>25</Port><SSL>On</SSL>", Security::starttls, 25},
             {"<Port>2525</Port><SSL>on</SSL>", Security::tls, 2525},
             {"<SSL>on</SSL>", Security::tls, 993},
             {"", Security::tls, 993},
             {"<SSL/><Encryption/>", Security::tls, 993},
             {"<Port>143</Port><SSL>off</SSL>", Security::plaintext, 143},
             {"<Port>143</Port><SSL>on</SSL><Encryption>None</Encryption>", Security::plaintext, 143},
             {"<Port>993</Port><SSL>on</SSL><Encryption>none</Encryption>", Security::plaintext, 993},
             {"<Port>143</Port><SSL>off</SSL><Encryption>TLS</Encryption>", Security::starttls, 143},
             {"<SSL>off</SSL><Encryption>TLS</Encryption>", Security::starttls, 143},
             {"<Port>993</Port><SSL>off</SSL><Encryption>SSL</Encryption>", Security::tls, 993},
             {"<Encryption>SSL</Encryption>", Security::tls, 993},
             {"<Port>143</Port><SSL>off</SSL><Encryption>Auto</Encryption>", Security::starttls, 143},
             {"<Port>993</Port><Encryption>auto</Encryption>", Security::tls, 993},
             {"<Encryption>Auto</Encryption>", Security::tls, 993},
         }) {
        CAPTURE(said);
        const auto service = only(settings(protocol("IMAP", said)));
        CHECK(service.security == security);
        CHECK(service.port == port);
    }
}

TEST_CASE("A4.1: an unknown value of SSL or Encryption rejects its protocol, and never becomes plaintext")
{
    for (const auto* value : {"starttls", "yes", "no", "true", "0", "1", "xxx", "%server/ssl%", "plain", "ssl on", "optional", "on;off"})
        for (const auto* element : {"SSL", "Encryption"}) {
            CAPTURE(element);
            CAPTURE(value);
            const auto bad = "<Port>143</Port><" + std::string(element) + ">" + value + "</" + element + ">";
            CHECK(complaint(settings(protocol("IMAP", bad))) == "no-servers");
            const auto read = parse_autodiscover(settings(protocol("IMAP", bad) + protocol("POP3", "<Port>995</Port>")), alice());
            REQUIRE(read);                                             // alone: its neighbour stays
            CHECK(read->services.size() == 1);
            CHECK(read->services.front().service == ServiceKind::pop3);
            CHECK(read->skipped == 1);
            CHECK(read->complaint == (element == std::string_view("SSL") ? "unknown-ssl" : "unknown-encryption"));
        }
    // "off" is a value of SSL, and none of Encryption.
    CHECK(complaint(settings(protocol("IMAP", "<Port>143</Port><SSL>on</SSL><Encryption>off</Encryption>"))) == "no-servers");
    CHECK(complaint(settings(protocol("IMAP", "<Port>993</Port><SSL>maybe</SSL><Encryption>SSL</Encryption>"))) == "no-servers");
}

TEST_CASE("a protocol that cannot be believed is skipped, with its reason")
{
    struct Row { std::string protocol; std::string_view complaint; };
    for (const auto& [bad, reason] : std::initializer_list<Row>{
             {protocol("IMAP", "<Port>0</Port>"), "bad-port"},
             {protocol("IMAP", "<Port>70000</Port>"), "bad-port"},
             {protocol("IMAP", "<Port>imap</Port>"), "bad-port"},
             {protocol("IMAP", "<Port>-1</Port>"), "bad-port"},
             {protocol("IMAP", "", ""), "no-host"},
             {protocol("IMAP", "", "https://mail.example.org/"), "no-host"},
             {protocol("IMAP", "", "mail.%EMAILDOMAIN%"), "no-host"},
             {protocol("IMAP", "<LoginName>alice&#10;bob</LoginName>"), "bad-login-name"},
             {protocol("IMAP", "<LoginName>" + std::string(600, 'a') + "</LoginName>"), "bad-login-name"},
             {protocol("CalDAV", "", "http://dav.example.org/"), "not-https"},
             {protocol("CardDAV", "", "dav.example.org"), "not-https"},
             {"<Protocol><Type>EXCH</Type><EwsUrl>http://ex.example.org/EWS</EwsUrl></Protocol>", "not-https"},
         }) {
        CAPTURE(bad);
        const auto read = parse_autodiscover(settings(bad + protocol("SMTP", "<Port>465</Port>")), alice());
        REQUIRE(read);
        CHECK(read->services.size() == 1);
        CHECK(read->complaint == reason);
    }
}

TEST_CASE("user names: LoginName, the domain before it, and the outgoing server that takes the incoming one's")
{
    struct Row { std::string_view said, name; UsernameForm form; bool known; };
    for (const auto& [said, name, form, known] : std::initializer_list<Row>{
             {"", "alice@example.org", UsernameForm::address, false},
             {"<LoginName>alice@example.org</LoginName>", "alice@example.org", UsernameForm::address, true},
             {"<LoginName> alice </LoginName>", "alice", UsernameForm::local_part, true},
             {"<LoginName>u1234</LoginName>", "u1234", UsernameForm::custom, true},
             {"<LoginName>%EMAILADDRESS%</LoginName>", "alice@example.org", UsernameForm::address, false},
             {"<LoginName>alice</LoginName><DomainRequired>off</DomainRequired><DomainName>CORP</DomainName>", "alice",
              UsernameForm::local_part, true},
             {"<LoginName>alice</LoginName><DomainRequired>on</DomainRequired><DomainName>CORP</DomainName>", "CORP\\alice",
              UsernameForm::domain_local, true},
             {"<DomainRequired>on</DomainRequired><DomainName>CORP</DomainName>", "CORP\\alice", UsernameForm::domain_local, true},
             {"<LoginName>LAB\\al</LoginName><DomainRequired>on</DomainRequired><DomainName>CORP</DomainName>", "LAB\\al",
              UsernameForm::domain_local, true},
             {"<DomainRequired>on</DomainRequired><DomainName/>", "alice@example.org", UsernameForm::address, false},
         }) {
        CAPTURE(said);
        const auto service = only(settings(protocol("IMAP", said)));
        CHECK(service.username == name);
        CHECK(service.username_form == form);
        CHECK(service.username_known == known);
    }
    const auto incoming = protocol("IMAP", "<LoginName>u1234</LoginName>");
    const auto pair = parse_autodiscover(settings(protocol("SMTP", "<UsePOPAuth>on</UsePOPAuth>") + incoming), alice());
    REQUIRE(pair);
    CHECK(pair->services[0].username == "u1234");
    CHECK(pair->services[0].username_known);
    const auto apart = parse_autodiscover(settings(protocol("SMTP", "<UsePOPAuth>off</UsePOPAuth>") + incoming), alice());
    REQUIRE(apart);
    CHECK(apart->services[0].username == "alice@example.org");
}

TEST_CASE("mechanisms are read where they are said: what is left out is not known")
{
    CHECK(only(settings(protocol("IMAP", ""))).auth.empty());
    CHECK(only(settings(protocol("IMAP", "<SPA>on</SPA>"))).auth == std::vector{Mechanism::ntlm});
    CHECK(only(settings(protocol("IMAP", "<SPA>perhaps</SPA>"))).auth.empty());
    CHECK(only(settings(protocol("SMTP", "<SPA>on</SPA><AuthRequired>off</AuthRequired>"))).auth.empty());
}

TEST_CASE("the EWS address is EwsUrl, then ASUrl, and is kept once")
{
    CHECK(only(settings("<Protocol><Type>EXCH</Type><ASUrl>https://a.example.org/1</ASUrl>"
                        "<EwsUrl>https://a.example.org/2</EwsUrl></Protocol>"
                        "<Protocol><Type>EXPR</Type><ASUrl>https://a.example.org/2</ASUrl></Protocol>"
                        "<Protocol Type=\"mapiHttp\"><MailStore><ExternalUrl>https://a.example.org/m</ExternalUrl></MailStore></Protocol>"
                        "<Protocol><Type>EXHTTP</Type></Protocol>"))
              .url == "https://a.example.org/2");
}

TEST_CASE("redirects: to an address, to a URL, and whatever is not called settings")
{
    struct Row { std::string_view account, address, url; };
    for (const auto& [account, address, url] : std::initializer_list<Row>{
             {"<Action>redirectAddr</Action><RedirectAddr>alice@other.example</RedirectAddr>", "alice@other.example", ""},
             {"<Action>redirectUrl</Action><RedirectUrl>https://a.example.org/x</RedirectUrl>", "", "https://a.example.org/x"},
             {"<Action>REDIRECTADDR</Action><RedirectAddr>alice@other.example</RedirectAddr><RedirectUrl>https://a/</RedirectUrl>",
              "alice@other.example", ""},
             {"<Action>elsewhere</Action><RedirectUrl>https://a.example.org/x</RedirectUrl>", "", "https://a.example.org/x"},
             {"<RedirectAddr>alice@other.example</RedirectAddr>", "alice@other.example", ""},
         }) {
        CAPTURE(account);
        const auto read = parse_autodiscover(document(account), alice());
        REQUIRE(read);
        CHECK(read->redirect_address == address);
        CHECK(read->redirect_url == url);
        CHECK(read->services.empty());
    }
    CHECK(complaint(document("<Action>redirectAddr</Action>")) == "bad-redirect");
    CHECK(complaint(document("<Action>redirectUrl</Action><RedirectUrl>https://a b</RedirectUrl>")) == "bad-redirect");
    const auto endless = "https://" + std::string(3000, 'a');
    CHECK(complaint(document("<Action>redirectUrl</Action><RedirectUrl>" + endless + "</RedirectUrl>")) == "bad-redirect");
    // Settings are settings, also with a stray redirect beside them.
    const auto both = "<Action>settings</Action><RedirectUrl>https://a.example.org/</RedirectUrl>" + protocol("IMAP", "");
    CHECK(only(document(both)).service == ServiceKind::imap);
}

TEST_CASE("ActiveSync's own schema: a server, a new address, an error")
{
    const auto service = only(mobile("<Action><Settings><Server><Type>CertEnroll</Type><Url>https://ca.example.org/</Url></Server>"
                                     "<Server><Type>MobileSync</Type><Url>https://eas.example.org/Microsoft-Server-ActiveSync</Url>"
                                     "<Name>https://eas.example.org/Microsoft-Server-ActiveSync</Name></Server></Settings></Action>"));
    CHECK(service.service == ServiceKind::activesync);
    CHECK(service.url == "https://eas.example.org/Microsoft-Server-ActiveSync");
    CHECK(service.host.text() == "eas.example.org");
    CHECK(service.port == 443);
    CHECK(service.username == "alice@example.org");

    const auto elsewhere = parse_autodiscover(mobile("<Action><Redirect>alice@other.example</Redirect></Action>"), alice());
    REQUIRE(elsewhere);
    CHECK(elsewhere->redirect_address == "alice@other.example");
    const auto error = parse_autodiscover(mobile("<Action><Error><Status>2</Status><Message>no</Message></Error></Action>"), alice());
    REQUIRE(error);
    CHECK(error->error == 2);
    const std::string_view plain = "<Server><Type>MobileSync</Type><Url>http://eas.example.org/</Url></Server>";
    CHECK(complaint(mobile("<Action><Settings>" + std::string(plain) + "</Settings></Action>")) == "no-servers");
}

TEST_CASE("the server's error codes")
{
    for (const int code : {500, 501, 600, 601, 602, 603}) {
        const auto body = R"(<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006"><Response>)"
                          R"(<Error Time="1" Id="2"><ErrorCode>)" + std::to_string(code) +
                          "</ErrorCode><Message>no</Message><DebugData/></Error></Response></Autodiscover>";
        const auto read = parse_autodiscover(body, alice());
        REQUIRE(read);
        CHECK(read->error == code);
    }
    CHECK(complaint("<Autodiscover><Response><Error><ErrorCode>six</ErrorCode></Error></Response></Autodiscover>") == "bad-error-code");
}

TEST_CASE("namespaces and prefixes do not matter; what is no answer has a name")
{
    CHECK(only("<a:Autodiscover xmlns:a=\"urn:x\"><a:Response><a:Account><a:Action>settings</a:Action><a:Protocol><a:Type>IMAP</a:Type>"
               "<a:Server>mail.example.org</a:Server></a:Protocol></a:Account></a:Response></a:Autodiscover>")
              .port == 993);
    CHECK(complaint("") == "not-xml");
    CHECK(complaint("hello") == "not-xml");
    CHECK(complaint("<!DOCTYPE html><html><head><title>x</title></head></html>") == "not-autodiscover");
    CHECK(complaint("<!doctype html><html><br><p>x</html>") == "not-xml");
    CHECK(complaint("<clientConfig/>") == "not-autodiscover");
    CHECK(complaint(settings(protocol("IMAP", "")).substr(0, 330)) == "broken-xml");
    CHECK(complaint("<!DOCTYPE Autodiscover [<!ENTITY a \"b\">]>" + settings(protocol("IMAP", "")).substr(38)) == "dtd");
    CHECK(complaint(settings(std::string(1100000, ' '))) == "too-large");
    std::string deep, end;
    for (int i = 0; i < 10000; ++i) {
        deep += "<a>";
        end += "</a>";
    }
    CHECK(complaint(settings(deep + end)) == "too-deep");
    CHECK(complaint(settings(deep + deep + end + end)) == "too-many-elements");
    std::string attributes;
    for (int i = 0; i < 20000; ++i) attributes += " a=''";
    CHECK(complaint(settings("<b" + attributes + "/>")) == "too-many-elements");
    CHECK(complaint("<html>" + deep + deep) == "not-xml");
    const auto empty = parse_autodiscover(settings(""), alice());
    REQUIRE(empty);
    CHECK(empty->services.empty());
}

TEST_CASE("at most 64 protocols are looked at")
{
    std::string many;
    for (int i = 0; i < 200; ++i) many += protocol("IMAP", "", "m" + std::to_string(i) + ".example.org");
    const auto read = parse_autodiscover(settings(many), alice());
    REQUIRE(read);
    CHECK(read->services.size() == 64);
    CHECK(read->services.back().host.text() == "m63.example.org");
}

TEST_CASE("URLs of strangers: https alone, no user, no tricks in the host")
{
    struct Row { std::string_view text, url; };
    for (const auto& [text, url] : std::initializer_list<Row>{
             {"https://A.Example.org/x?y=1#z", "https://a.example.org/x?y=1"},
             {"HTTPS://a.example.org", "https://a.example.org/"},
             {"https://a.example.org:443/", "https://a.example.org/"},
             {"https://a.example.org:8443?x", "https://a.example.org:8443/?x"},
             {"https://[2001:db8::1]/x", "https://[2001:db8::1]/x"},
         }) {
        CAPTURE(text);
        const auto read = parse_https_url(text);
        REQUIRE(read);
        CHECK(read->text == url);
    }
    for (const auto* text : {"", "http://a.example.org/", "//a.example.org/", "https:/a.example.org/", "https:///a.example.org/",
                             "https://", "ftp://a.example.org/", "https://alice@a.example.org/", "https://a.example.org:x@b.example/",
                             "https://a.example.org:0/", "https://a.example.org:70000/", "https://a.example.org\\@b.example/",
                             "https://a%2eexample.org/", "https://a.example.org/ x", "https://[::1", "https://[a.example]/",
                             "https://b\xc3\xbc" "cher.example/"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_https_url(text));
    }
}

TEST_CASE("the request: the exact names, and the address escaped")
{
    const auto address = *parse_email_address("a&b'c@example.org");
    const auto outlook = autodiscover_request(AutodiscoverSchema::outlook, address);
    CHECK(outlook.contains("<EMailAddress>a&amp;b&apos;c@example.org</EMailAddress>"));
    CHECK(outlook.contains("xmlns=\"http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006\""));
    CHECK(outlook.contains(">http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a<"));
    const auto mobilesync = autodiscover_request(AutodiscoverSchema::mobilesync, address);
    CHECK(mobilesync.contains("xmlns=\"http://schemas.microsoft.com/exchange/autodiscover/mobilesync/requestschema/2006\""));
    CHECK(mobilesync.contains(">http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006<"));
}

TEST_CASE("version 2: one JSON object")
{
    const auto ews = parse_autodiscover_json(R"({"Protocol":"Ews","Url":"https://ex.example.org/EWS/Exchange.asmx"})", alice());
    REQUIRE(ews);
    CHECK(ews->service == ServiceKind::ews);
    CHECK(ews->host.text() == "ex.example.org");
    const std::string_view other_case = R"({"url":"https://ex.example.org/Microsoft-Server-ActiveSync","protocol":"activesync","x":[1]})";
    const auto eas = parse_autodiscover_json(other_case, alice());
    REQUIRE(eas);
    CHECK(eas->service == ServiceKind::activesync);
    CHECK(eas->url == "https://ex.example.org/Microsoft-Server-ActiveSync");

    struct Row { std::string body; std::string_view error; };
    for (const auto& [body, error] : std::initializer_list<Row>{
             {"", "not-json"},
             {"<html></html>", "not-json"},
             {"[]", "not-json"},
             {"{}", "not-json"},
             {R"({"Protocol":"Ews","Url":1})", "no-url"},
             {R"({"Protocol":"Rest","Url":"https://a.example.org/"})", "unknown-protocol"},
             {R"({"Protocol":"Ews","Url":"http://a.example.org/"})", "not-https"},
             {R"({"ErrorCode":"InvalidProtocol","ErrorMessage":"The given protocol value 'x' is invalid."})", "error InvalidProtocol"},
             {R"({"ErrorCode":"\u001b[31m<b>"})", "error 31mb"},
             {std::string(20, '[') + std::string(20, ']'), "too-deep"},
             {R"({"Protocol":"Ews","Url":"https://a.example.org/)" + std::string(70000, 'a') + "\"}", "too-large"},
             {R"({"Protocol":"Ews","Url":"https://a.example.org/"} x)", "not-json"},
         }) {
        CAPTURE(body.substr(0, 100));
        const auto read = parse_autodiscover_json(body, alice());
        REQUIRE_FALSE(read);
        CHECK(read.error() == error);
    }
}
