#include "helpdesk/text.hpp"

#include "helpdesk/language.hpp"
#include "helpdesk/layout.hpp"
#include "helpdesk/words.hpp"
#include "providers/suggestion.hpp"

#include <fmt/format.h>

namespace portolan {

namespace {

std::string state_of(const Service& service, const Palette& palette)
{
    if (service.security == Security::plaintext) return palette.bad(translated("not safe"));
    if (service.certificate && service.certificate->problem && service.state != ServiceState::verified) return palette.bad(translated("certificate"));
    switch (service.state) {
    case ServiceState::verified: return palette.good(translated("signed in"));
    case ServiceState::reachable: return service.trust == Trust::authenticated ? palette.good(translated("proven")) : palette.look(translated("please confirm"));
    case ServiceState::untested: return palette.quiet(translated("not tested"));
    case ServiceState::failed: return palette.bad(translated("does not work"));
    }
    return {};
}

std::string said_by(const Service& service)
{
    if (service.sources.empty()) return {};
    const std::string first(words_for(service.sources.front()));
    const auto more = service.sources.size() - 1;
    return more == 0 ? first : counted("{source}; {n} more source says the same", "{source}; {n} more sources say the same", more, {{"{source}", first}});
}

/// How wide the columns are: as wide as their longest word, and not narrower from one report to the next without need.
struct Columns {
    std::size_t kind = 28, host = 0, security = 26;
};

Columns columns_for(const Report& report)
{
    Columns columns;
    for (const auto* list : {&report.account.services, &report.alternatives})
        for (const auto& service : *list) {
            columns.kind = std::max(columns.kind, columns_of(words_for(service.service)) + 2);
            columns.host = std::max(columns.host, columns_of(shown_host(service)));
            columns.security = std::max(columns.security, columns_of(words_for(service.security)) + 2);
        }
    return columns;
}

/// Without a state for what is not recommended: whether its test was over when the answer stood is chance.
std::string row(const Service& service, const Columns& columns, const Palette& palette, bool with_state = true)
{
    const std::string security(words_for(service.security));
    return "  " + padded(std::string(words_for(service.service)), columns.kind) + palette.bold(padded(shown_host(service), columns.host)) + "  " +
           (with_state ? padded(security, columns.security) + state_of(service, palette) : security) + "\n";
}

std::string fact(std::string_view label, std::string_view value, const Columns& columns, const Palette& palette)
{
    if (value.empty()) return {};
    return "  " + palette.quiet(padded("  " + std::string(label), columns.kind)) + wrapped(value, columns.kind + 2) + "\n";
}

std::string account_text(const Report& report, const Palette& palette)
{
    std::string out;
    const auto columns = columns_for(report);
    for (const auto& service : report.account.services) {
        out += row(service, columns, palette);
        out += fact(translated("user name"), service.username, columns, palette);
        out += fact(translated("named by"), said_by(service), columns, palette);
        if (service.certificate && !service.certificate->problem)
            out += fact(translated("certificate"), translated("good until {day}", {{"{day}", service.certificate->not_after.substr(0, 10)}}), columns, palette);
    }
    if (report.alternatives.empty()) return out;
    out += "\n" + std::string(translated("Also found")) + "\n";
    for (const auto& service : report.alternatives) {
        out += row(service, columns, palette, false);
        out += fact(translated("named by"), said_by(service), columns, palette);
        out += fact(translated("not chosen because"), words_for(service.lost), columns, palette);
    }
    return out;
}

/// One verdict, and behind it the further places that it holds for.
std::string verdict_text(const Verdict& verdict, const std::string& also, const Palette& palette)
{
    const auto mark = verdict.severity == Severity::error ? palette.bad("x") : verdict.severity == Severity::warning ? palette.look("!") : palette.quiet("i");
    std::string out = "  " + mark + " " + palette.bold(wrapped(verdict.what, 4)) + "\n";
    if (!verdict.why.empty() && verdict.why != verdict.what) out += "    " + wrapped(verdict.why, 4) + "\n";
    if (!also.empty()) out += "    " + wrapped(translated("The same at {places}.", {{"{places}", also}}), 4) + "\n";
    if (!verdict.todo.empty() && verdict.todo != verdict.why) out += "    " + wrapped(verdict.todo, 4) + "\n";
    const Values turn{{"{code}", std::string(slug(verdict.code))}, {"{who}", std::string(words_for(verdict.who))}};
    return out + "    " + palette.quiet(translated("{code} · whose turn: {who}", turn)) + "\n";
}

/// What is said, whatever port of the host it is said of.
std::string without(const std::string& what, const std::string& target)
{
    const auto found = target.empty() ? std::string::npos : what.find(target);
    if (found == std::string::npos) return what;
    const auto port = target.find("://") == std::string::npos ? target.rfind(':') : std::string::npos;
    return what.substr(0, found) + target.substr(0, port) + what.substr(found + target.size());
}

/// Verdicts that say the same of two places stand once: nobody reads a sentence twice.
std::string verdicts_text(const Report& report, const Palette& palette)
{
    std::string out;
    const auto& all = report.verdicts;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto same = [&](const Verdict& other) {
            return other.code == all[i].code && other.detail == all[i].detail && without(other.what, other.target) == without(all[i].what, all[i].target);
        };
        if (std::any_of(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(i), same)) continue;
        std::string also;
        for (std::size_t k = i + 1; k < all.size(); ++k)
            if (same(all[k]) && all[k].target != all[i].target) also += (also.empty() ? "" : ", ") + all[k].target;
        out += verdict_text(all[i], also, palette);
    }
    return out;
}

/// As it is read, and as it is sent where that is not the same: letters that look alike differ there.
std::string address_text(const EmailAddress& address, const Palette& palette)
{
    const auto shown = address.display();
    return palette.bold(shown) + (shown == address.text() ? std::string() : " (" + address.text() + ")");
}

/// What a person can do now.
std::string next_steps(const Report& report)
{
    if (report.outcome == ReportOutcome::not_found)
        return "\n" + wrapped(translated("Next: check the address, ask whoever runs {domain} for the names of its mail servers, or set the account up by hand "
                                         "(portolan wizard).", {{"{domain}", display_name(report.domain)}}), 0) + "\n";
    if (report.outcome == ReportOutcome::offline) return "\n" + std::string(translated("Next: check this computer's network, then run the same command again.")) + "\n";
    const auto* incoming = report.account.incoming();
    if (report.outcome == ReportOutcome::ready && incoming && incoming->state == ServiceState::reachable && report.address)
        return "\n" + wrapped(translated("Next: portolan find --ask-password {address} proves the sign-in; portolan write --list names the programs to write files for.",
                                         {{"{address}", report.address->display()}}), 0) + "\n";
    return {};
}

/// Who learned what: the hosts that got the domain, and those that got the address.
std::string told_text(const Report& report)
{
    std::string out;
    for (const auto what : {Told::domain, Told::address}) {
        std::string hosts;
        for (const auto& one : disclosures(report))
            if (one.learned == what) hosts += (hosts.empty() ? "" : ", ") + (one.host == "DNS" ? std::string(translated("the DNS")) : one.host);
        if (!hosts.empty()) out += wrapped(words_for(what, hosts), 0) + "\n";
    }
    return out;
}

/// One digit behind the mark that the language writes.
std::string seconds_of(int milliseconds)
{
    const auto tenths = (milliseconds + 50) / 100;
    return translated("{whole}.{tenth}", {{"{whole}", std::to_string(tenths / 10)}, {"{tenth}", std::to_string(tenths % 10)}});
}

std::string story(const Report& report)
{
    if (report.probes.empty()) return "\n" + std::string(translated("From the built-in catalogue; nothing was sent.")) + "\n";
    auto text = "\n" + counted("{n} question in {seconds} seconds.", "{n} questions in {seconds} seconds.", report.probes.size(), {{"{seconds}", seconds_of(report.elapsed_ms)}});
    if (report.sign_in_attempts > 0)
        text += " " + counted("{n} sign-in, {refused} refused.", "{n} sign-ins, {refused} refused.", static_cast<std::uint64_t>(report.sign_in_attempts),
                              {{"{refused}", std::to_string(report.sign_in_refusals)}});
    return text + "\n" + told_text(report);
}

}

std::string Palette::in(std::string_view code, std::string_view text) const
{
    return on_ && !text.empty() ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string(text);
}

std::string shown_host(const Service& service)
{
    const auto host = display_name(service.host);
    return service.host.is_ip() && host.find(':') != std::string::npos ? fmt::format("[{}]:{}", host, service.port) : fmt::format("{}:{}", host, service.port);
}

std::string to_text(const Report& report, const Palette& palette)
{
    const auto title = report.outcome == ReportOutcome::ready ? palette.good(report.summary) : report.outcome == ReportOutcome::attention ? palette.look(report.summary) : palette.bad(report.summary);
    std::string out = (report.address ? address_text(*report.address, palette) + "\n" : std::string()) + title + "\n";
    if (const auto meant = report.address ? address_probably_meant(*report.address) : std::string(); !meant.empty()) out += translated("Did you mean {address}?", {{"{address}", palette.bold(meant)}}) + "\n";
    if (report.account.provider) out += translated("Provider: {name}", {{"{name}", report.account.provider->name}}) + "\n";
    if (!report.account.services.empty()) out += "\n" + account_text(report, palette);
    if (!report.verdicts.empty()) out += "\n" + std::string(translated("What to know")) + "\n" + verdicts_text(report, palette);
    return out + story(report) + next_steps(report);
}

}
