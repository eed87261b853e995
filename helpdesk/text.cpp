#include "helpdesk/text.hpp"

#include "helpdesk/layout.hpp"
#include "helpdesk/words.hpp"
#include "providers/suggestion.hpp"

#include <fmt/format.h>

namespace portolan {

namespace {

std::string state_of(const Service& service, const Palette& palette)
{
    if (service.security == Security::plaintext) return palette.bad("not safe");
    if (service.certificate && service.certificate->problem && service.state != ServiceState::verified) return palette.bad("certificate");
    switch (service.state) {
    case ServiceState::verified: return palette.good("signed in");
    case ServiceState::reachable: return service.trust == Trust::authenticated ? palette.good("proven") : palette.look("please confirm");
    case ServiceState::untested: return palette.quiet("not tested");
    case ServiceState::failed: return palette.bad("does not work");
    }
    return {};
}

std::string said_by(const Service& service)
{
    if (service.sources.empty()) return {};
    std::string text(words_for(service.sources.front()));
    if (service.sources.size() > 1) text += fmt::format("; {} more source{} the same", service.sources.size() - 1, service.sources.size() == 2 ? " says" : "s say");
    return text;
}

/// Without a state for what is not recommended: whether its test was over when the answer stood is chance.
std::string row(const Service& service, std::size_t hosts, const Palette& palette, bool with_state = true)
{
    constexpr std::size_t kinds = 28;
    return "  " + padded(std::string(words_for(service.service)), kinds) + palette.bold(padded(shown_host(service), hosts)) + "  " +
           (with_state ? padded(std::string(words_for(service.security)), 26) + state_of(service, palette) : std::string(words_for(service.security))) + "\n";
}

std::string detail(std::string_view label, std::string_view value, const Palette& palette)
{
    return value.empty() ? std::string() : "  " + palette.quiet(padded("  " + std::string(label), 28)) + wrapped(value, 30) + "\n";
}

std::string account_text(const Report& report, const Palette& palette)
{
    std::string out;
    std::size_t hosts = 0;
    for (const auto* list : {&report.account.services, &report.alternatives})
        for (const auto& service : *list) hosts = std::max(hosts, columns_of(shown_host(service)));
    for (const auto& service : report.account.services) {
        out += row(service, hosts, palette);
        out += detail("user name", service.username, palette);
        out += detail("named by", said_by(service), palette);
        if (service.certificate && !service.certificate->problem) out += detail("certificate", "good until " + service.certificate->not_after.substr(0, 10), palette);
    }
    if (!report.alternatives.empty()) {
        out += "\nAlso found\n";
        for (const auto& service : report.alternatives) {
            out += row(service, hosts, palette, false);
            out += detail("named by", said_by(service), palette);
            out += detail("not chosen because", words_for(service.lost), palette);
        }
    }
    return out;
}

/// One verdict, and behind it the further places that it holds for.
std::string verdict_text(const Verdict& verdict, const std::string& also, const Palette& palette)
{
    const auto mark = verdict.severity == Severity::error ? palette.bad("x") : verdict.severity == Severity::warning ? palette.look("!") : palette.quiet("i");
    std::string out = "  " + mark + " " + palette.bold(wrapped(verdict.what, 4)) + "\n";
    if (!verdict.why.empty() && verdict.why != verdict.what) out += "    " + wrapped(verdict.why, 4) + "\n";
    if (!also.empty()) out += "    " + wrapped("The same at " + also + ".", 4) + "\n";
    if (!verdict.todo.empty() && verdict.todo != verdict.why) out += "    " + wrapped(verdict.todo, 4) + "\n";
    return out + "    " + palette.quiet(fmt::format("{} · whose turn: {}", slug(verdict.code), words_for(verdict.who))) + "\n";
}

/// Verdicts that say the same of two places stand once: nobody reads a sentence twice.
std::string verdicts_text(const Report& report, const Palette& palette)
{
    std::string out;
    const auto& all = report.verdicts;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto same = [&](const Verdict& other) { return other.code == all[i].code && other.what == all[i].what; };
        if (std::any_of(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(i), same)) continue;
        std::string also;
        for (std::size_t k = i + 1; k < all.size(); ++k)
            if (same(all[k]) && all[k].target != all[i].target) also += (also.empty() ? "" : ", ") + all[k].target;
        out += verdict_text(all[i], also, palette);
    }
    return out;
}

/// What a person can do now that nothing was found.
std::string next_steps(const Report& report)
{
    if (report.outcome == ReportOutcome::not_found)
        return "\n" + wrapped("Next: check the address, ask whoever runs " + display_name(report.domain) + " for the names of its mail servers, or set the account up by hand (portolan wizard).", 0) + "\n";
    if (report.outcome == ReportOutcome::offline) return "\nNext: check this computer's network, then run the same command again.\n";
    const auto* incoming = report.account.incoming();
    if (report.outcome == ReportOutcome::ready && incoming && incoming->state == ServiceState::reachable && report.address)
        return "\n" + wrapped("Next: portolan find --ask-password " + report.address->display() + " proves the sign-in; portolan write --list names the programs to write files for.", 0) + "\n";
    return {};
}

/// Who learned what: the hosts that got the domain, and those that got the address.
std::string told_text(const Report& report)
{
    std::string out;
    for (const auto what : {Told::domain, Told::address}) {
        std::string hosts;
        for (const auto& one : disclosures(report))
            if (one.learned == what) hosts += (hosts.empty() ? "" : ", ") + (one.host == "DNS" ? "the DNS" : one.host);
        if (!hosts.empty()) out += wrapped(fmt::format("{} {}.", words_for(what), hosts), 0) + "\n";
    }
    return out;
}

std::string story(const Report& report)
{
    if (report.probes.empty()) return "\nFrom the built-in catalogue; nothing was sent.\n";
    auto text = fmt::format("\n{} questions in {:.1f} seconds", report.probes.size(), report.elapsed_ms / 1000.0);
    if (report.sign_in_attempts > 0) text += fmt::format("; {} sign-in{}, {} refused", report.sign_in_attempts, report.sign_in_attempts == 1 ? "" : "s", report.sign_in_refusals);
    return text + ".\n" + told_text(report);
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
    std::string out = (report.address ? palette.bold(report.address->display()) + "\n" : std::string()) + title + "\n";
    if (const auto meant = report.address ? address_probably_meant(*report.address) : std::string(); !meant.empty()) out += "Did you mean " + palette.bold(meant) + "?\n";
    if (report.account.provider) out += "Provider: " + report.account.provider->name + "\n";
    if (!report.account.services.empty()) out += "\n" + account_text(report, palette);
    if (!report.verdicts.empty()) out += "\nWhat to know\n" + verdicts_text(report, palette);
    return out + story(report) + next_steps(report);
}

}
