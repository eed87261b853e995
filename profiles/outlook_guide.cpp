#include "profiles/outlook_guide.hpp"

#include "profiles/common.hpp"

#include <pugixml.hpp>

namespace portolan {

namespace {

using Rows = std::vector<std::pair<std::string, std::string>>;

Rows values_of(const Service& service)
{
    return {{"Server", service.host.text()},
            {"Port", std::to_string(service.port)},
            {"Encryption", service.security == Security::tls ? "SSL/TLS" : "STARTTLS"},
            {"User name", service.username},
            {"Secure password authentication (SPA)", "off"}};
}

std::string table(const std::string& title, const Rows& rows)
{
    std::string out = "<section><h2>" + title + "</h2>\n<table>\n";
    for (const auto& [name, value] : rows) out += "<tr><th>" + name + "</th><td>" + xml_escaped(value) + "</td></tr>\n";
    return out + "</table></section>\n";
}

std::string steps(const std::string& title, const std::vector<std::string>& lines)
{
    std::string out = "<section><h2>" + title + "</h2>\n<ol>\n";
    for (const auto& line : lines) out += "<li>" + line + "</li>\n";
    return out + "</ol></section>\n";
}

constexpr std::string_view style = R"(
body{font:15px/1.5 system-ui,"Segoe UI",sans-serif;color:#1b2a41;background:#fff;max-width:44rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem;line-height:1.3;margin:0 0 .25rem;overflow-wrap:anywhere}h2{font-size:1.05rem;margin:1.5rem 0 .5rem}p{margin:.25rem 0}
table{border-collapse:collapse;width:100%}th,td{border-top:1px solid #bbb;text-align:left;padding:.3rem .5rem .3rem 0;vertical-align:top}
th{font-weight:400;width:45%;color:#586275}td{font-weight:600;overflow-wrap:anywhere}
li{margin:.2rem 0}section{break-inside:avoid}code{overflow-wrap:anywhere}
@media print{body{margin:0;font-size:12px}h2{margin-top:1rem}}
)";

}

std::string outlook_guide(const PersonalAccount& account, const Service& incoming, const Service& outgoing, const std::string& profile)
{
    const std::string kind = incoming.service == ServiceKind::pop3 ? "POP" : "IMAP";
    const auto domain = xml_escaped(account.address.domain().text());
    const auto address = xml_escaped(account.address.text());
    std::vector<std::string> classic{
        "Make the folder <code>C:\\MailSetup</code> and put <code>" + domain + ".xml</code> into it.",
        "Double-click <code>use-these-settings.reg</code> and agree.",
        "In Outlook: File, Add Account, type <code>" + address + "</code>, Connect. The servers are filled in; type the password.",
        "Afterwards double-click <code>undo.reg</code>.",
    };
    if (!profile.empty())
        classic.push_back(
            "If Outlook ignores the file: put <code>" + xml_escaped(profile) +
            "</code> into the same folder, close Outlook, press Windows+R and run <code>outlook.exe /importprf \"C:\\MailSetup\\" +
            xml_escaped(profile) + "\"</code>.");
    return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n<meta name=\"viewport\" "
           "content=\"width=device-width\"/>\n<title>Outlook: " +
           address + "</title>\n<style>" + std::string(style) + "</style>\n</head>\n<body>\n<h1>Setting up " + address +
           " in Outlook</h1>\n<p>Outlook asks for the password itself. It stands in none of these files.</p>\n" +
           table("Incoming mail (" + kind + ")", values_of(incoming)) + table("Outgoing mail (SMTP)", values_of(outgoing)) +
           steps("Classic Outlook for Windows", classic) +
           steps("Classic Outlook for Windows, by hand",
                 {"File, Add Account; type the address, open the advanced options and tick that you set it up yourself, Connect.",
                  "Choose " + kind +
                      ", enter the values above, leave secure password authentication off, Next; type the password, Connect."}) +
           steps("New Outlook for Windows", {"Settings, Accounts, Your accounts, Add account; type the address, Continue.",
                                             "Choose " + kind + " and type the password.", "Show more: enter the values above, Continue.",
                                             "Outlook then keeps your mail in step through Microsoft’s cloud, and says so."}) +
           steps("Outlook for Mac, iPhone, iPad and Android",
                 {"Add the account by its address.", "Where it asks for the provider, choose " + kind + " and enter the values above."}) +
           "</body>\n</html>\n";
}

bool outlook_guide_reads_back(const std::string& html, const PersonalAccount& account, const Service& incoming, const Service& outgoing)
{
    pugi::xml_document page;
    if (!page.load_buffer(html.data(), html.size(), pugi::parse_default | pugi::parse_ws_pcdata_single | pugi::parse_doctype)) return false;
    const auto body = page.child("html").child("body");
    if (body.child("h1").text().get() != "Setting up " + account.address.text() + " in Outlook") return false;
    auto section = body.child("section");
    for (const auto* service : {&incoming, &outgoing}) {
        auto row = section.child("table").child("tr");
        for (const auto& [name, value] : values_of(*service)) {
            if (row.child("th").text().get() != name || row.child("td").text().get() != value) return false;
            row = row.next_sibling("tr");
        }
        section = section.next_sibling("section");
    }
    return true;
}

}
