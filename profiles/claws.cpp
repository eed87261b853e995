// Claws Mail: the template that its first-run assistant fills its pages from. Spelling: the manual, "Deploying Claws Mail".
#include "profiles/common.hpp"

namespace portolan {

namespace {

std::string server(const Service& service) { return service.host.text() + ":" + std::to_string(service.port); }
const char* encryption(const Service& service) { return service.security == Security::tls ? "1" : "2"; }

}

Written<std::vector<WrittenFile>> write_claws(const PersonalAccount& account, const WriteOptions&)
{
    const auto pair = mail_services(account);
    if (!pair) return std::unexpected(pair.error());
    const auto cannot = [](std::string_view field) { return std::unexpected(WriteFailure{WriteProblem::service_not_supported, std::string(field)}); };
    if (sign_in_for(pair->incoming, {}) != SignIn::password || sign_in_for(pair->outgoing, {}) != SignIn::password) return cannot("auth");
    // A value of this format has no quotes: what stands at its ends is lost.
    for (const auto& [field, value] : {std::pair<std::string_view, const std::string&>{"name", account.name}, {"username", pair->incoming.username}, {"username", pair->outgoing.username}})
        if (value.starts_with(' ') || value.ends_with(' ')) return cannot(field);
    std::string text = "[AccountTemplate]\ndomain=" + account.address.domain().text() + "\nname=" + display_of(account) + "\nemail=" + account.address.text() + "\n";
    text += std::string("recvtype=") + (pair->incoming.service == ServiceKind::imap ? "1" : "0") + "\nrecvserver=" + server(pair->incoming) + "\nrecvuser=" +
            pair->incoming.username + "\nrecvssl=" + encryption(pair->incoming) + "\n";
    text += "smtpserver=" + server(pair->outgoing) + "\nsmtpauth=1\nsmtpuser=" + pair->outgoing.username + "\nsmtpssl=" + encryption(pair->outgoing) + "\n";
    return std::vector{WrittenFile{"claws/accountrc.tmpl", text},
                       WrittenFile{"claws/README.txt", "Copy accountrc.tmpl to ~/.claws-mail/ before you start Claws Mail for the first time: its assistant then has every page filled in.\nWhere you use Claws Mail already, type the values of this file into Configuration, Create new account.\n"}};
}

}
