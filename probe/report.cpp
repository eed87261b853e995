#include "probe/report.hpp"

#include "providers/suggestion.hpp"

#include <boost/json.hpp>

namespace portolan {

namespace json = boost::json;

namespace {

json::value text(std::string_view value) { return json::value(json::string(value)); }

template <class Range, class Each>
json::array list(const Range& range, Each each)
{
    json::array array;
    for (const auto& item : range) array.push_back(each(item));
    return array;
}

json::value certificate_json(const CertificateFacts& c)
{
    json::object o;
    o["subject"] = text(c.subject);
    o["names"] = list(c.names, [](const auto& n) { return text(n); });
    o["issuer"] = text(c.issuer);
    o["not_before"] = text(c.not_before);
    o["not_after"] = text(c.not_after);
    o["spki_sha256"] = text(c.spki_sha256);
    o["key"] = text(c.key);
    o["chain"] = list(c.chain, [](const auto& pem) { return text(pem); });
    o["problem"] = c.problem ? text(slug(*c.problem)) : json::value(nullptr);
    o["detail"] = c.detail == Detail::none ? json::value(nullptr) : text(slug(c.detail));
    o["said"] = text(c.said);
    o["revocation"] = text(slug(c.revocation));
    o["notes"] = list(c.notes, [](ChainNote note) { return text(slug(note)); });
    o["reasons"] = list(c.reasons, [](const auto& reason) { return text(reason); });
    const auto& by = c.accepted_by;
    o["accepted_by"] = {{"strict", by.strict}, {"outlook", by.outlook}, {"thunderbird", by.thunderbird}, {"iphone", by.iphone}};
    return o;
}

json::object service_json(const Service& s)
{
    json::object o;
    o["service"] = text(slug(s.service));
    o["host"] = text(s.host.text());
    o["port"] = s.port;
    o["security"] = text(slug(s.security));
    if (!s.url.empty()) o["url"] = text(s.url);
    o["username"] = text(s.username);
    o["username_form"] = text(slug(s.username_form));
    o["auth"] = list(s.auth, [](Mechanism m) { return text(slug(m)); });
    o["sources"] = list(s.sources, [](Source source) { return text(slug(source)); });
    o["trust"] = text(slug(s.trust));
    o["state"] = text(slug(s.state));
    o["certificate"] = s.certificate ? certificate_json(*s.certificate) : json::value(nullptr);
    o["verdicts"] = list(s.verdicts, [](VerdictCode code) { return text(slug(code)); });
    if (s.lost != Lost::none) o["lost"] = text(slug(s.lost));
    return o;
}

json::value published_json(const ProviderFacts& facts)
{
    const auto pages = [](const std::vector<ProviderFacts::Page>& all) {
        return list(all, [](const ProviderFacts::Page& page) { return json::value{{"url", text(page.url)}, {"text", text(page.text)}}; });
    };
    json::object o;
    o["id"] = text(facts.id);
    o["name"] = text(facts.name);
    o["documentation"] = pages(facts.documentation);
    o["prepare"] = pages(facts.prepare);
    o["webmail"] = facts.webmail.empty() ? json::value(nullptr) : text(facts.webmail);
    if (!facts.oauth2) o["oauth2"] = nullptr;
    else
        o["oauth2"] = json::object{{"issuer", text(facts.oauth2->issuer)}, {"auth_url", text(facts.oauth2->auth_url)}, {"token_url", text(facts.oauth2->token_url)},
                                   {"scope", text(facts.oauth2->scope)}, {"client_id", text(facts.oauth2->client_id)}};
    return o;
}

json::object verdict_json(const Verdict& v)
{
    json::object o;
    o["code"] = text(slug(v.code));
    o["detail"] = v.detail == Detail::none ? json::value(nullptr) : text(slug(v.detail));
    o["severity"] = text(slug(v.severity));
    o["service"] = v.service.empty() ? json::value(nullptr) : text(v.service);
    o["target"] = text(v.target);
    o["who"] = text(slug(v.who));
    o["proof"] = v.proof.empty() ? json::value(nullptr) : text(v.proof);
    o["said"] = v.said.empty() ? json::value(nullptr) : text(clean_server_text(v.said));
    o["instead"] = v.instead.empty() ? json::value(nullptr) : text(v.instead);
    o["evidence"] = list(v.evidence, [](const auto& side) { return text(clean_server_text(side)); });
    o["what"] = text(v.what);
    o["why"] = text(v.why);
    o["do"] = text(v.todo);
    return o;
}

json::object attempt_json(const Attempt& a)
{
    static constexpr std::array<std::string_view, 3> speakers{"C", "S", "note"};
    json::object o;
    o["probe"] = text(a.probe);
    o["service"] = text(slug(a.service));
    o["host"] = text(a.endpoint.host.text());
    o["port"] = a.endpoint.port;
    o["tls"] = text(a.tls_version);
    o["cipher"] = text(a.tls_cipher);
    o["capabilities"] = list(a.capabilities, [](const auto& c) { return text(clean_server_text(c)); });
    o["transcript"] = list(a.heard.lines(), [](const TranscriptLine& line) {
        json::object l;
        l["by"] = text(speakers[static_cast<std::size_t>(line.speaker)]);
        l["at_ms"] = line.at_ms;
        l["text"] = text(clean_server_text(line.text, 1024));
        return json::value(l);
    });
    return o;
}

/// Boost.JSON writes on one line; people read reports too. Two spaces a level, short arrays of plain values on one line.
void pretty(std::string& out, const json::value& value, int depth)
{
    const auto pad = [&](int d) { out.append(static_cast<std::size_t>(d) * 2, ' '); };
    if (const auto* object = value.if_object(); object && !object->empty()) {
        out += "{\n";
        bool first = true;
        for (const auto& [key, member] : *object) {
            if (!first) out += ",\n";
            first = false;
            pad(depth + 1);
            out += json::serialize(json::string(key)) + ": ";
            pretty(out, member, depth + 1);
        }
        out += "\n";
        pad(depth);
        out += "}";
        return;
    }
    if (const auto* array = value.if_array(); array && !array->empty()) {
        const bool nested = std::ranges::any_of(*array, [](const json::value& v) { return v.is_object() || v.is_array(); });
        if (nested) {
            out += "[\n";
            bool first = true;
            for (const auto& item : *array) {
                if (!first) out += ",\n";
                first = false;
                pad(depth + 1);
                pretty(out, item, depth + 1);
            }
            out += "\n";
            pad(depth);
            out += "]";
            return;
        }
    }
    out += json::serialize(value);
}

}

std::string_view slug(ReportOutcome outcome)
{
    switch (outcome) {
    case ReportOutcome::ready: return "ready";
    case ReportOutcome::attention: return "attention";
    case ReportOutcome::not_found: return "not-found";
    case ReportOutcome::offline: return "offline";
    case ReportOutcome::unsupported: return "unsupported";
    }
    return "attention";
}

int exit_status(const Report& report)
{
    switch (report.outcome) {
    case ReportOutcome::ready: return 0;
    case ReportOutcome::attention:
    case ReportOutcome::unsupported: return 1;
    case ReportOutcome::not_found: return 3;
    case ReportOutcome::offline: return 4;
    }
    return 70;
}

std::vector<Disclosure> disclosures(const Report& report)
{
    std::vector<Disclosure> hosts;
    for (const auto& probe : report.probes) {
        if (probe.host.empty() || probe.told == Told::nothing || probe.outcome == ProbeOutcome::skipped) continue;
        const auto known = std::ranges::find(hosts, probe.host, &Disclosure::host);
        if (known == hosts.end()) hosts.push_back({probe.host, probe.told});
        else known->learned = std::max(known->learned, probe.told);
    }
    return hosts;
}

std::string to_json(const Report& report)
{
    json::object o;
    o["format"] = "portolan-report/1";
    o["tool"] = json::object{{"name", "portolan"}, {"version", PORTOLAN_VERSION}};
    o["address"] = report.address ? text(report.address->text()) : json::value(nullptr);
    if (report.address && report.address->display() != report.address->text()) o["address_shown"] = text(report.address->display());
    o["domain"] = text(report.domain.text());
    o["started"] = text(report.started);
    o["elapsed_ms"] = report.elapsed_ms;
    o["outcome"] = text(slug(report.outcome));
    o["summary"] = text(report.summary);
    if (const auto meant = report.address ? address_probably_meant(*report.address) : std::string(); !meant.empty()) o["suggestion"] = text(meant);
    json::object account;
    if (report.account.provider) account["provider"] = json::object{{"id", text(report.account.provider->id)}, {"name", text(report.account.provider->name)}};
    else account["provider"] = nullptr;
    account["services"] = list(report.account.services, service_json);
    o["account"] = std::move(account);
    o["alternatives"] = list(report.alternatives, service_json);
    o["published"] = report.published ? published_json(*report.published) : json::value(nullptr);
    o["findings"] = list(report.findings, [](const Finding& f) {
        json::object finding;
        finding["source"] = text(slug(f.source));
        finding["location"] = text(f.location);
        finding["authenticated"] = f.authenticated;
        finding["service"] = service_json(f.service);
        return json::value(finding);
    });
    o["probes"] = list(report.probes, [](const Probe& p) {
        json::object probe;
        probe["id"] = text(p.id);
        probe["kind"] = text(slug(p.kind));
        probe["target"] = text(p.target);
        probe["started_ms"] = p.started_ms;
        probe["elapsed_ms"] = p.elapsed_ms;
        probe["outcome"] = text(slug(p.outcome));
        probe["detail"] = text(p.detail);
        return json::value(probe);
    });
    o["verdicts"] = list(report.verdicts, verdict_json);
    o["disclosures"] = list(disclosures(report), [](const Disclosure& one) { return json::value{{"host", text(one.host)}, {"learned", text(slug(one.learned))}}; });
    o["attempts"] = list(report.attempts, attempt_json);
    o["sign_in"] = json::object{{"attempts", report.sign_in_attempts}, {"refused", report.sign_in_refusals}};
    std::string out;
    pretty(out, o, 0);
    // What servers say is in here: pasted into a web page it shall begin no tag. Outside of strings JSON has no such character.
    for (auto at = out.find('<'); at != std::string::npos; at = out.find('<', at)) out.replace(at, 1, "\\u003c");
    return out + "\n";
}

}
