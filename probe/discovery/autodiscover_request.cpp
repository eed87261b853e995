// What Autodiscover is asked.
#include "probe/discovery/autodiscover_document.hpp"

namespace portolan {

std::string autodiscover_request(AutodiscoverSchema schema, const EmailAddress& address)
{
    std::string escaped;
    for (const char c : address.text()) {
        if (c == '&') escaped += "&amp;";
        else if (c == '<') escaped += "&lt;";
        else if (c == '>') escaped += "&gt;";
        else if (c == '"') escaped += "&quot;";
        else if (c == '\'') escaped += "&apos;";
        else escaped += c;
    }
    // These names are identifiers and begin with http:// on the wire, whatever the public documentation shows.
    const bool mobile = schema == AutodiscoverSchema::mobilesync;
    const std::string name = std::string("http://schemas.microsoft.com/exchange/autodiscover/") + (mobile ? "mobilesync" : "outlook");
    return R"(<?xml version="1.0" encoding="utf-8"?>)" "\n<Autodiscover xmlns=\"" + name + "/requestschema/2006\"><Request><EMailAddress>" +
           escaped + "</EMailAddress><AcceptableResponseSchema>" + name + (mobile ? "/responseschema/2006" : "/responseschema/2006a") +
           "</AcceptableResponseSchema></Request></Autodiscover>\n";
}

}
