// Reading a report, or the smaller object that `--account` takes. What cannot be read is an error that names the key.
#include "probe/report.hpp"

#include <boost/json.hpp>

namespace portolan {

namespace json = boost::json;

namespace {

constexpr std::size_t largest = 8 * 1024 * 1024;

struct Complaint {
    std::string key;
};

const json::object& object_at(const json::object& in, std::string_view key)
{
    const auto* value = in.if_contains(key);
    if (!value || !value->is_object()) throw Complaint{std::string(key)};
    return value->get_object();
}

std::string text_at(const json::object& in, std::string_view key, bool needed = true)
{
    const auto* value = in.if_contains(key);
    if (!value || value->is_null()) {
        if (needed) throw Complaint{std::string(key)};
        return {};
    }
    if (!value->is_string()) throw Complaint{std::string(key)};
    const std::string result(value->get_string());
    if (result.find('\0') != std::string::npos) throw Complaint{std::string(key)};
    return result;
}

template <class T, class From>
std::vector<T> slugs_at(const json::object& in, std::string_view key, From from)
{
    std::vector<T> values;
    const auto* value = in.if_contains(key);
    if (!value) return values;
    if (!value->is_array()) throw Complaint{std::string(key)};
    for (const auto& item : value->get_array()) {
        const auto parsed = item.is_string() ? from(std::string_view(item.get_string())) : std::nullopt;
        if (!parsed) throw Complaint{std::string(key)};
        values.push_back(*parsed);
    }
    return values;
}

template <class T>
T needed(std::optional<T> value, std::string_view key)
{
    if (!value) throw Complaint{std::string(key)};
    return *value;
}

std::vector<std::string> texts_at(const json::object& in, std::string_view key)
{
    std::vector<std::string> texts;
    const auto* value = in.if_contains(key);
    if (!value) return texts;
    if (!value->is_array()) throw Complaint{std::string(key)};
    for (const auto& item : value->get_array()) {
        if (!item.is_string()) throw Complaint{std::string(key)};
        texts.emplace_back(item.get_string());
    }
    return texts;
}

CertificateFacts certificate_from(const json::object& in)
{
    CertificateFacts c;
    c.subject = text_at(in, "subject", false);
    c.names = texts_at(in, "names");
    c.issuer = text_at(in, "issuer", false);
    c.not_before = text_at(in, "not_before", false);
    c.not_after = text_at(in, "not_after", false);
    c.spki_sha256 = text_at(in, "spki_sha256", false);
    c.key = text_at(in, "key", false);
    c.chain = texts_at(in, "chain");
    if (const auto problem = text_at(in, "problem", false); !problem.empty()) c.problem = needed(verdict_code_from(problem), "problem");
    if (const auto detail = text_at(in, "detail", false); !detail.empty()) c.detail = needed(detail_from(detail), "detail");
    c.said = text_at(in, "said", false);
    if (const auto known = text_at(in, "revocation", false); !known.empty()) c.revocation = needed(revocation_from(known), "revocation");
    c.notes = slugs_at<ChainNote>(in, "notes", chain_note_from);
    c.reasons = texts_at(in, "reasons");
    if (const auto* by = in.if_contains("accepted_by"); by && by->is_object()) {
        const auto yes = [&](std::string_view who) {
            const auto* value = by->get_object().if_contains(who);
            return value && value->is_bool() && value->get_bool();
        };
        c.accepted_by = {yes("strict"), yes("outlook"), yes("thunderbird"), yes("iphone")};
    }
    return c;
}

Service service_from(const json::value& value)
{
    if (!value.is_object()) throw Complaint{"services"};
    const auto& in = value.get_object();
    Service s;
    s.service = needed(service_kind_from(text_at(in, "service")), "service");
    s.host = needed(parse_hostname(text_at(in, "host")), "host");
    const auto* port = in.if_contains("port");
    if (!port || !port->is_int64() || port->get_int64() < 1 || port->get_int64() > 65535) throw Complaint{"port"};
    s.port = static_cast<Port>(port->get_int64());
    s.security = needed(security_from(text_at(in, "security")), "security");
    s.url = text_at(in, "url", false);
    s.username = text_at(in, "username", false);
    if (const auto form = text_at(in, "username_form", false); !form.empty()) s.username_form = needed(username_form_from(form), "username_form");
    s.username_known = !s.username.empty();
    s.auth = slugs_at<Mechanism>(in, "auth", mechanism_from);
    s.sources = slugs_at<Source>(in, "sources", source_from);
    if (const auto trust = text_at(in, "trust", false); !trust.empty()) s.trust = needed(trust_from(trust), "trust");
    if (const auto state = text_at(in, "state", false); !state.empty()) s.state = needed(service_state_from(state), "state");
    if (const auto* certificate = in.if_contains("certificate"); certificate && certificate->is_object()) s.certificate = certificate_from(certificate->get_object());
    s.verdicts = slugs_at<VerdictCode>(in, "verdicts", verdict_code_from);
    if (const auto lost = text_at(in, "lost", false); !lost.empty()) s.lost = needed(lost_from(lost), "lost");
    return s;
}

Account account_from(const json::object& in)
{
    Account account;
    if (const auto* provider = in.if_contains("provider"); provider && provider->is_object())
        account.provider = ProviderName{text_at(provider->get_object(), "id", false), text_at(provider->get_object(), "name", false)};
    const auto* services = in.if_contains("services");
    if (!services || !services->is_array()) throw Complaint{"services"};
    if (services->get_array().size() > 100) throw Complaint{"services"};
    for (const auto& item : services->get_array()) account.services.push_back(service_from(item));
    return account;
}

std::expected<json::object, std::string> document(std::string_view text)
{
    if (text.size() > largest) return std::unexpected("document");
    boost::system::error_code error;
    json::parse_options options;
    options.max_depth = 16;
    auto value = json::parse(text, error, {}, options);
    if (error || !value.is_object()) return std::unexpected("document");
    return std::move(value.get_object());
}

template <class T, class Read>
std::expected<T, std::string> guarded(std::string_view text, Read read)
{
    auto root = document(text);
    if (!root) return std::unexpected(root.error());
    try {
        return read(*root);
    } catch (const Complaint& complaint) {
        return std::unexpected(complaint.key);
    }
}

std::vector<Service> services_at(const json::object& in, std::string_view key)
{
    std::vector<Service> services;
    if (const auto* value = in.if_contains(key)) {
        if (!value->is_array()) throw Complaint{std::string(key)};
        for (const auto& item : value->get_array()) services.push_back(service_from(item));
    }
    return services;
}

Verdict verdict_from(const json::value& value)
{
    if (!value.is_object()) throw Complaint{"verdicts"};
    const auto& in = value.get_object();
    Verdict v;
    v.code = needed(verdict_code_from(text_at(in, "code")), "code");
    if (const auto detail = text_at(in, "detail", false); !detail.empty()) v.detail = needed(detail_from(detail), "detail");
    v.severity = needed(severity_from(text_at(in, "severity")), "severity");
    v.who = needed(who_from(text_at(in, "who")), "who");
    v.service = text_at(in, "service", false);
    v.target = text_at(in, "target", false);
    v.proof = text_at(in, "proof", false);
    v.said = text_at(in, "said", false);
    v.instead = text_at(in, "instead", false);
    v.what = text_at(in, "what", false);
    v.why = text_at(in, "why", false);
    v.todo = text_at(in, "do", false);
    return v;
}

}

std::expected<PersonalAccount, std::string> account_from_json(std::string_view text)
{
    return guarded<PersonalAccount>(text, [](const json::object& root) {
        auto address = parse_email_address(text_at(root, "address"));
        if (!address) throw Complaint{"address"};
        return PersonalAccount{*address, text_at(root, "name", false), account_from(object_at(root, "account"))};
    });
}

std::expected<Report, std::string> report_from_json(std::string_view text)
{
    return guarded<Report>(text, [](const json::object& root) {
        if (text_at(root, "format") != "portolan-report/1") throw Complaint{"format"};
        Report report;
        if (const auto address = text_at(root, "address", false); !address.empty()) {
            auto parsed = parse_email_address(address);
            if (!parsed) throw Complaint{"address"};
            report.address = *parsed;
        }
        report.domain = needed(parse_hostname(text_at(root, "domain")), "domain");
        report.started = text_at(root, "started", false);
        report.summary = text_at(root, "summary", false);
        if (const auto* elapsed = root.if_contains("elapsed_ms"); elapsed && elapsed->is_int64()) report.elapsed_ms = static_cast<int>(elapsed->get_int64());
        const auto outcome = text_at(root, "outcome");
        bool known = false;
        for (const auto candidate : {ReportOutcome::ready, ReportOutcome::attention, ReportOutcome::not_found, ReportOutcome::offline, ReportOutcome::unsupported})
            if (slug(candidate) == outcome) {
                report.outcome = candidate;
                known = true;
            }
        if (!known) throw Complaint{"outcome"};
        report.account = account_from(object_at(root, "account"));
        report.alternatives = services_at(root, "alternatives");
        if (const auto* verdicts = root.if_contains("verdicts")) {
            if (!verdicts->is_array()) throw Complaint{"verdicts"};
            for (const auto& item : verdicts->get_array()) report.verdicts.push_back(verdict_from(item));
        }
        return report;
    });
}

}
