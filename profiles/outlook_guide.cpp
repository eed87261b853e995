#include "profiles/outlook_guide.hpp"

#include "profiles/common.hpp"

namespace portolan {

namespace {

std::string row(const std::string& name, const std::string& value) { return "<tr><th>" + name + "</th><td>" + xml_escaped(value) + "</td></tr>\n"; }

std::string table(const std::string& title, const Service& service)
{
    return "<section><h2>" + title + "</h2>\n<table>\n" + row("Server", service.host.text()) + row("Port", std::to_string(service.port)) +
           row("Encryption", service.security == Security::tls ? "SSL/TLS" : "STARTTLS") + row("User name", service.username) + row("Secure password authentication (SPA)", "off") + "</table></section>\n";
}

std::string steps(const std::string& title, const std::vector<std::string>& lines)
{
    std::string out = "<section><h2>" + title + "</h2>\n<ol>\n";
    for (const auto& line : lines) out += "<li>" + line + "</li>\n";
    return out + "</ol></section>\n";
}

}

std::string outlook_guide(const PersonalAccount& account, const Service& incoming, const Service& outgoing)
{
    const std::string kind = incoming.service == ServiceKind::pop3 ? "POP" : "IMAP";
    const auto domain = xml_escaped(account.address.domain().text());
    const auto address = xml_escaped(account.address.text());
    return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title>Outlook: " + address +
           "</title>\n<style>\nbody{font:15px/1.5 system-ui,\"Segoe UI\",sans-serif;color:#1b2a41;background:#fff;max-width:44rem;margin:2rem auto;padding:0 1rem}\n"
           "h1{font-size:1.5rem;line-height:1.3;margin:0 0 .25rem}h2{font-size:1.05rem;margin:1.5rem 0 .5rem}p{margin:.25rem 0}\n"
           "table{border-collapse:collapse;width:100%}th,td{border-top:1px solid #bbb;text-align:left;padding:.3rem .5rem .3rem 0;vertical-align:top}th{font-weight:400;width:45%;color:#586275}\n"
           "td{font-weight:600;overflow-wrap:anywhere}li{margin:.2rem 0}section{break-inside:avoid}code{overflow-wrap:anywhere}\n@media print{body{margin:0;font-size:12px}h2{margin-top:1rem}}\n</style>\n</head>\n<body>\n<h1>Setting up " +
           address + " in Outlook</h1>\n<p>Outlook asks for the password itself. It stands in none of these files.</p>\n" + table("Incoming mail (" + kind + ")", incoming) + table("Outgoing mail (SMTP)", outgoing) +
           steps("Classic Outlook for Windows",
                 {"Make the folder <code>C:\\MailSetup</code> and put <code>" + domain + ".xml</code> into it.", "Double-click <code>use-these-settings.reg</code> and agree.",
                  "In Outlook: File, Add Account, type <code>" + address + "</code>, Connect. The servers are filled in; type the password.", "Afterwards double-click <code>undo.reg</code>."}) +
           steps("New Outlook for Windows",
                 {"Settings, Accounts, Your accounts, Add account; type the address, Continue.", "Choose " + kind + " and type the password.", "Show more: enter the values above, Continue.",
                  "Outlook then keeps your mail in step through Microsoft’s cloud, and says so."}) +
           steps("Outlook for Mac, iPhone, iPad and Android", {"Add the account by its address.", "Where it asks for the provider, choose " + kind + " and enter the values above."}) + "</body>\n</html>\n";
}

}
