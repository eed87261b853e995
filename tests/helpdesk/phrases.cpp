// The words of every verdict, in every language: one entry each, plain for a person, whole with and without the server's own words.
#include "helpdesk/language.hpp"
#include "helpdesk/phrases.hpp"
#include "helpdesk/text.hpp"
#include "helpdesk/words.hpp"
#include "probe/trial/causes.hpp"

#include <doctest/doctest.h>

#include <cctype>
#include <cstdlib>
#include <iostream>
#include <map>

using namespace portolan;

namespace {

/// Each test leaves English behind.
struct Speaking {
    explicit Speaking(std::string_view tag) { REQUIRE(speak(tag)); }
    ~Speaking() { speak("en"); }
};

Report report_of_alice()
{
    Report report;
    report.address = parse_email_address("alice@example.org").value();
    report.domain = report.address->domain();
    report.started = "2026-03-04T23:59:58Z";
    Service service;
    service.service = ServiceKind::imap;
    service.host = parse_hostname("imap.example.org").value();
    service.port = 993;
    service.security = Security::tls;
    service.state = ServiceState::reachable;
    service.certificate.emplace();
    service.certificate->names = {"imap.example.org", "mail.example.org"};
    service.certificate->not_before = "2026-03-09T00:00:00Z";
    service.certificate->not_after = "2026-03-01T00:00:00Z";
    report.account.services.push_back(service);
    return report;
}

Verdict verdict_of(const Phrase& phrase, std::string said = "421 4.7.0 come back later")
{
    Verdict verdict;
    verdict.code = phrase.code;
    verdict.detail = phrase.detail;
    verdict.target = "imap.example.org:993";
    verdict.said = std::move(said);
    verdict.instead = "server.example.net:993";
    verdict.evidence = {"srv (DNS): imap.example.org:993 tls", "autoconfig (https://autoconfig.example.org): mail.example.org:143 starttls"};
    return verdict;
}

bool has_word(std::string_view text, std::string_view word)
{
    for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
        const bool begins = at == 0 || !std::isalnum(static_cast<unsigned char>(text[at - 1]));
        const auto end = at + word.size();
        if (begins && (end == text.size() || !std::isalnum(static_cast<unsigned char>(text[end])))) return true;
    }
    return false;
}

/// The parts of a phrase as they stand in the language spoken.
std::array<std::string_view, 3> parts(const Phrase& phrase) { return {translated(phrase.what), translated(phrase.why), translated(phrase.todo)}; }

std::string name_of(const Phrase& phrase)
{
    return std::string(slug(phrase.code)) + (phrase.detail == Detail::none ? "" : " / " + std::string(slug(phrase.detail)));
}

/// Whose turn it is where a failed attempt is all that is known.
std::map<std::pair<VerdictCode, Detail>, Who> turns()
{
    std::map<std::pair<VerdictCode, Detail>, Who> found;
    const auto report = report_of_alice();
    for (int cause = 0; cause <= static_cast<int>(Cause::our_bug); ++cause)
        for (int stage = 0; stage <= static_cast<int>(Stage::sign_in); ++stage)
            for (int detail = 0; detail < detail_count; ++detail) {
                Failure failure;
                failure.cause = static_cast<Cause>(cause);
                failure.stage = static_cast<Stage>(stage);
                failure.detail = static_cast<Detail>(detail);
                if (const auto verdict = verdict_for(failure, report.account.services.front(), report.domain, {})) found[{verdict->code, verdict->detail}] = verdict->who;
            }
    return found;
}

}

TEST_CASE("each code has its words, and each kind of it at most once")
{
    const auto all = phrases();
    for (int i = 0; i < verdict_code_count; ++i) {
        CHECK(all[static_cast<std::size_t>(i)].code == static_cast<VerdictCode>(i));
        CHECK(all[static_cast<std::size_t>(i)].detail == Detail::none);
    }
    std::map<std::pair<VerdictCode, Detail>, int> seen;
    for (const auto& phrase : all) {
        CAPTURE(name_of(phrase));
        CHECK(++seen[{phrase.code, phrase.detail}] == 1);
        CHECK(!phrase.what.empty());
        CHECK(!phrase.why.empty());
        CHECK(!phrase.todo.empty());
        CHECK(&phrase_for(phrase.code, phrase.detail) == &phrase);
    }
}

TEST_CASE("what happened is said without the names of protocols")
{
    for (const auto language : languages_spoken()) {
        const Speaking speaking(language);
        for (const auto& phrase : phrases())
            for (const auto* jargon : {"TLS", "SSL", "STARTTLS", "DNS", "DNSSEC", "IMAP", "POP3", "SMTP", "TCP", "UDP", "HTTP", "SSH", "MX", "SRV", "SASL", "SCRAM", "OAuth", "EHLO", "RST", "ICMP",
                                       "SERVFAIL", "NXDOMAIN", "MTU"}) {
                CAPTURE(name_of(phrase));
                CAPTURE(language);
                CAPTURE(jargon);
                CHECK(!has_word(translated(phrase.what), jargon));
            }
    }
}

TEST_CASE("the first thing to do is one that the reader can do now")
{
    const std::vector<std::string_view> doable{"Ask",   "Check", "Choose", "Close",   "Compare", "Confirm", "Give", "Install", "Keep", "Leave", "Make", "Nothing to do", "Open",
                                               "Send",  "Set",   "Switch", "Tell",    "Try",     "Type",    "Use",  "Wait"};
    for (const auto& phrase : phrases()) {
        CAPTURE(phrase.todo);
        CHECK((phrase.todo == "{prepare}" || std::ranges::any_of(doable, [&](std::string_view verb) { return phrase.todo.starts_with(verb); })));
    }
}

TEST_CASE("nobody is blamed, and no sentence shouts")
{
    for (const auto& phrase : phrases())
        for (const auto text : {phrase.what, phrase.why, phrase.todo})
            for (const auto* unkind : {"you failed", "you forgot", "your fault", "your mistake", "wrong password", "invalid user", "illegal", "!"}) {
                CAPTURE(text);
                CHECK(text.find(unkind) == std::string_view::npos);
            }
}

TEST_CASE("the server's words end a sentence, behind a colon, in every language")
{
    for (const auto language : languages_spoken()) {
        const Speaking speaking(language);
        for (const auto& phrase : phrases())
            for (const auto text : parts(phrase)) {
                CAPTURE(text);
                const auto at = text.find("{said}");
                const bool ends = at == std::string_view::npos || (at + 6 == text.size() && text.substr(0, at).ends_with(": "));
                CHECK(ends);
                // Every other one is a sentence of its own.
                CHECK((text.ends_with("{said}") || text.ends_with("}") || text.ends_with(".")));
            }
    }
}

TEST_CASE("every phrase is filled to the last placeholder, with the server's words and without, in every language")
{
    const auto report = report_of_alice();
    for (const auto language : languages_spoken()) {
        const Speaking speaking(language);
        for (const auto& phrase : phrases())
            for (const auto* said : {"", "421 4.7.0 come back later"}) {
                auto verdict = verdict_of(phrase, said);
                const auto words = words_for(verdict, report);
                for (const auto& text : {words.what, words.why, words.todo}) {
                    CAPTURE(name_of(phrase));
                    CAPTURE(language);
                    CAPTURE(text);
                    CHECK(text.find('{') == std::string::npos);
                    CHECK(text.find("  ") == std::string::npos);
                    CHECK(!text.ends_with(":"));
                    CHECK(!text.ends_with(":."));
                    CHECK(!text.ends_with(" "));
                    // Only what a provider's own page says may be missing.
                    CHECK((!text.empty() || (phrase.todo == "{prepare}" || phrase.why == "{prepare}")));
                }
            }
    }
}

TEST_CASE("a placeholder that stands nowhere to be filled is left out of no language by accident")
{
    // values_for() knows these and no others; the pattern may use any of them.
    const std::vector<std::string_view> known{"{evidence}", "{instead}", "{target}", "{host}", "{registrable}", "{domain}", "{said}", "{until}", "{from}", "{names}", "{prepare}"};
    for (const auto& phrase : phrases())
        for (auto text : {phrase.what, phrase.why, phrase.todo})
            for (auto at = text.find('{'); at != std::string_view::npos; at = text.find('{', at + 1)) {
                CAPTURE(text);
                CHECK(std::ranges::any_of(known, [&](std::string_view one) { return text.substr(at).starts_with(one); }));
            }
}

TEST_CASE("the server's words are quoted as theirs, cleaned of escapes and of marks that turn text around")
{
    auto verdict = verdict_of(phrase_for(VerdictCode::sign_in_rejected, Detail::none), "535 no\x1b[31m red \xe2\x80\xae" "evil {host}");
    const auto english = words_for(verdict, report_of_alice());
    CHECK(english.why.find("“535 no") != std::string::npos);
    CHECK(english.why.find('\x1b') == std::string::npos);
    CHECK(english.why.find("\xe2\x80\xae") == std::string::npos);
    CHECK(english.why.find("{host}”") != std::string::npos);      // what the server sends is never filled in
    {
        const Speaking speaking("de");
        CHECK(words_for(verdict, report_of_alice()).why.find("„535 no") != std::string::npos);
    }
    const Speaking speaking("fr");
    CHECK(words_for(verdict, report_of_alice()).why.find("«\u00a0535 no") != std::string::npos);
}

TEST_CASE("where the server said nothing, the colon goes as well")
{
    const auto verdict = verdict_of(phrase_for(VerdictCode::sign_in_rejected, Detail::none), "");
    CHECK(words_for(verdict, report_of_alice()).why == "The sign-in at imap.example.org:993 was refused.");
    const Speaking speaking("fr");
    CHECK(words_for(verdict, report_of_alice()).why == "La connexion à imap.example.org:993 a été refusée.");
}

TEST_CASE("a verdict with a proof names the moment and the probe, also past midnight")
{
    auto report = report_of_alice();
    Probe probe;
    probe.id = "p7";
    probe.started_ms = 1500;
    probe.elapsed_ms = 700;
    report.probes.push_back(probe);
    auto verdict = verdict_of(phrase_for(VerdictCode::sign_in_rejected, Detail::none));
    verdict.proof = "p7";
    CHECK(words_for(verdict, report).why == "The sign-in at imap.example.org:993 was refused: “421 4.7.0 come back later”. Seen at 00:00:00 UTC (probe p7).");
    verdict.proof = "p8";
    CHECK(words_for(verdict, report).why == "The sign-in at imap.example.org:993 was refused: “421 4.7.0 come back later”");
    verdict.proof = "p7";
    report.started = "not a moment";
    CHECK(words_for(verdict, report).why.find("Seen at") == std::string::npos);
}

TEST_CASE("codes stay as they are in every language; only the words change")
{
    auto report = report_of_alice();
    report.outcome = ReportOutcome::attention;
    report.verdicts.push_back(verdict_of(phrase_for(VerdictCode::certificate_expired, Detail::none)));
    auto german = report;
    fill_words(report);
    const Speaking speaking("de");
    fill_words(german);
    CHECK(report.summary == "Found, but something needs a look: The certificate of imap.example.org has run out.");
    CHECK(german.summary == "Gefunden, aber etwas braucht einen Blick: Das Zertifikat von imap.example.org ist abgelaufen.");
    const auto json = to_json(german);
    CHECK(json.find("\"certificate-expired\"") != std::string::npos);
    CHECK(json.find("\"attention\"") != std::string::npos);
    CHECK(json.find("Das Zertifikat von imap.example.org ist abgelaufen.") != std::string::npos);
    CHECK(json.find("has run out") == std::string::npos);
}

TEST_CASE("what is said of two ports of one host stands once")
{
    auto report = report_of_alice();
    report.outcome = ReportOutcome::attention;
    report.verdicts.push_back(verdict_of(phrase_for(VerdictCode::connection_timeout, Detail::none), ""));
    report.verdicts.push_back(report.verdicts.front());
    report.verdicts.back().target = "imap.example.org:143";
    report.verdicts.push_back(report.verdicts.front());
    report.verdicts.back().target = "smtp.example.org:465";
    fill_words(report);
    const auto text = to_text(report, Palette(false));
    CHECK(text.find("The same at imap.example.org:143.") != std::string::npos);
    CHECK(text.find("x imap.example.org:143") == std::string::npos);
    CHECK(text.find("x smtp.example.org:465 does not answer.") != std::string::npos);
}

// For reading: SHOW_WORDS=de test_helpdesk -tc="*one screen*"
TEST_CASE("each code and kind fits on one screen, with whose turn it is")
{
    const char* show = std::getenv("SHOW_WORDS");
    const auto whose = turns();
    for (const auto language : languages_spoken()) {
        const Speaking speaking(language);
        for (const auto& phrase : phrases()) {
            auto report = report_of_alice();
            report.account.services.clear();
            auto verdict = verdict_of(phrase);
            const auto turn = whose.find({phrase.code, phrase.detail});
            if (turn != whose.end()) verdict.who = turn->second;
            report.verdicts.push_back(verdict);
            report.outcome = ReportOutcome::attention;
            fill_words(report);
            const auto text = to_text(report, Palette(false));
            CAPTURE(text);
            CHECK(std::ranges::count(text, '\n') <= 24);
            if (!show || language != show) continue;
            const auto& filled = report.verdicts.front();
            std::cout << "== " << name_of(phrase) << " · " << (turn != whose.end() ? words_for(turn->second) : std::string_view("-")) << "\n   " << filled.what << "\n   " << filled.why << "\n   "
                      << filled.todo << "\n\n";
        }
    }
}
