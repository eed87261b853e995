// Who is told the address, how often somebody is asked, and what of a URL may be written down.
#include "probe/discovery/autodiscover.hpp"

#include "providers/catalogue.hpp"

#include <cctype>

namespace portolan::autodiscover {

namespace {

/// Percent escapes taken off, one layer.
std::string decoded(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto hex = [&](std::size_t at) { return at < text.size() && std::isxdigit(static_cast<unsigned char>(text[at])) != 0; };
        if (text[i] == '%' && hex(i + 1) && hex(i + 2)) {
            out += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

bool may_hold_an_address(std::string_view segment)
{
    auto text = std::string(segment);
    for (int layer = 0; layer < 3; ++layer) {
        if (text.contains('@')) return true;
        text = decoded(text);
    }
    return text.contains('@');
}

}

bool may_ask(const SourceInput& in)
{
    if (in.autodiscover->requests >= most_requests) return false;
    ++in.autodiscover->requests;
    return true;
}

bool skipped(const SourceInput& in)
{
    const auto& domain = in.address.domain();
    return registrable_domain(domain).empty() || provider_for_domain(domain.text());
}

std::string shown(const HttpsUrl& url)
{
    const auto query = url.text.find('?');
    const auto path = url.text.find('/', 8);
    std::string out = url.text.substr(0, path);
    std::string_view rest = std::string_view(url.text).substr(path, query == std::string::npos ? query : query - path);
    while (!rest.empty()) {
        const auto end = rest.find('/', 1);
        const auto segment = rest.substr(0, end);
        if (may_hold_an_address(segment)) return out + "/…";
        out += segment;
        rest.remove_prefix(segment.size());
    }
    return query == std::string::npos ? out : out + "?…";
}

std::optional<HttpsUrl> followed(const SourceInput& in, std::string_view location, const std::string& asked, const std::string& proof,
                                 SourceResult& result)
{
    auto url = parse_https_url(location);
    if (!url) {
        const bool unprotected = location.size() > 7 && (location.starts_with("http://") || location.starts_with("HTTP://"));
        if (unprotected) say(result, VerdictCode::settings_redirect_loop, Severity::warning, asked, proof);
        else say(result, VerdictCode::settings_malformed, Severity::warning, asked, proof, "bad-redirect");
        return std::nullopt;
    }
    const auto domain = registrable_domain(url->host);
    const bool confirmed = std::ranges::find(in.options.confirmed, domain) != in.options.confirmed.end();
    if (!domain.empty() && (confirmed || domain == registrable_domain(in.address.domain()))) return url;
    const auto target = shown(*url);
    const auto said = [&](const Verdict& one) { return one.code == VerdictCode::settings_host_outside_domain && one.target == target; };
    if (std::ranges::any_of(result.verdicts, said)) return std::nullopt;
    say(result, VerdictCode::settings_host_outside_domain, Severity::notice, target, proof);
    result.verdicts.back().detail = Detail::document_elsewhere;
    result.verdicts.back().who = Who::you;
    return std::nullopt;
}

SourceEnd end_of(const SourceResult& result, bool tried, bool answered)
{
    return !result.findings.empty() ? SourceEnd::found : tried && !answered ? SourceEnd::failed : SourceEnd::nothing;
}

}
