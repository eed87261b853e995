// vdirsyncer: calendars and contacts as files. Values are JSON. Spelling: its documentation, "Configuration file".
#include "profiles/common.hpp"
#include "profiles/keyring.hpp"

#include <boost/json.hpp>

namespace portolan {

namespace {

std::string json(std::string_view text) { return boost::json::serialize(boost::json::value(text)); }

std::string pair_of(const PersonalAccount& account, const Service& service)
{
    const bool calendar = service.service == ServiceKind::caldav;
    const std::string name = calendar ? "calendar" : "contacts", folder = file_stem(account.address);
    std::string command;
    for (const auto& word : keyring_lookup(account.address)) command += ", " + json(word);
    std::string text = "\n[pair " + name + "]\na = \"" + name + "_here\"\nb = \"" + name + "_there\"\ncollections = [\"from a\", \"from b\"]\n";
    text += "\n[storage " + name + "_here]\ntype = \"filesystem\"\npath = " + json((calendar ? "~/.calendars/" : "~/.contacts/") + folder) + "\nfileext = \"" +
            (calendar ? ".ics" : ".vcf") + "\"\n";
    text += "\n[storage " + name + "_there]\ntype = \"" + (calendar ? "caldav" : "carddav") + "\"\nurl = " + json(service.url) + "\nusername = " +
            json(service.username.empty() ? account.address.text() : service.username) + "\npassword.fetch = [\"command\"" + command + "]\n";
    return text;
}

}

Written<std::vector<WrittenFile>> write_vdirsyncer(const PersonalAccount& account, const WriteOptions&)
{
    if (const auto bad = unfit_text(account)) return std::unexpected(*bad);
    std::string text = "# For vdirsyncer: ~/.config/vdirsyncer/config; then vdirsyncer discover, vdirsyncer sync.\n" + keyring_note(account.address, "# ") +
                       "\n[general]\nstatus_path = \"~/.local/share/vdirsyncer/status/\"\n";
    bool any = false;
    for (const auto kind : {ServiceKind::caldav, ServiceKind::carddav}) {
        const auto* service = account.account.find(kind);
        if (!service) continue;
        // The password goes with the first request (RFC 7617).
        if (!service->url.starts_with("https://")) return std::unexpected(WriteFailure{WriteProblem::service_not_supported, "url"});
        text += pair_of(account, *service);
        any = true;
    }
    if (!any) return std::unexpected(WriteFailure{WriteProblem::no_calendar_or_contacts, "account"});
    return std::vector{WrittenFile{"vdirsyncer/config", text}};
}

}
