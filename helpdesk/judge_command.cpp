#include "helpdesk/judge_command.hpp"

#include "probe/net/judge_case.hpp"

#include <boost/json.hpp>

#include <charconv>

namespace portolan {

namespace {

namespace json = boost::json;

constexpr std::size_t most_certificates = 1000;

struct Complaint {
    std::string what;
};

const json::value& member(const json::object& in, std::string_view key)
{
    static const json::value nothing;
    const auto* value = in.if_contains(key);
    return value ? *value : nothing;
}

std::string text_at(const json::object& in, std::string_view key)
{
    const auto& value = member(in, key);
    if (value.is_null()) return {};
    if (!value.is_string()) throw Complaint{std::string(key) + " is no text"};
    return std::string(value.get_string());
}

std::vector<std::string> texts_at(const json::object& in, std::string_view key)
{
    std::vector<std::string> texts;
    const auto& value = member(in, key);
    if (value.is_null()) return texts;
    if (!value.is_array() || value.get_array().size() > most_certificates) throw Complaint{std::string(key) + " is no list, or too long"};
    for (const auto& one : value.get_array()) {
        if (!one.is_string()) throw Complaint{std::string(key) + " has something that is no text"};
        texts.emplace_back(one.get_string());
    }
    return texts;
}

PeerName peer_from(const json::value& value)
{
    if (!value.is_object()) throw Complaint{"a peer name is no object"};
    const auto kind = text_at(value.get_object(), "kind");
    auto text = text_at(value.get_object(), "value");
    if (kind == "DNS") return {PeerKind::dns, std::move(text)};
    if (kind == "IP") return {PeerKind::ip, std::move(text)};
    if (kind == "RFC822") return {PeerKind::email, std::move(text)};
    throw Complaint{"a peer name is none of DNS, IP, RFC822"};
}

/// RFC 3339; fractions are cut off: certificates know seconds.
std::chrono::system_clock::time_point moment_from(const std::string& text)
{
    const auto number = [&](std::size_t at, std::size_t digits) {
        int value = -1;
        const char* begin = text.data() + std::min(at, text.size());
        const char* end = text.data() + std::min(at + digits, text.size());
        const auto [stopped, error] = std::from_chars(begin, end, value);
        if (error != std::errc() || stopped != end || end - begin != static_cast<std::ptrdiff_t>(digits)) throw Complaint{"validation_time is no time"};
        return value;
    };
    std::tm parts{};
    parts.tm_year = number(0, 4) - 1900;
    parts.tm_mon = number(5, 2) - 1;
    parts.tm_mday = number(8, 2);
    parts.tm_hour = number(11, 2);
    parts.tm_min = number(14, 2);
    parts.tm_sec = number(17, 2);
    std::time_t moment = timegm(&parts);
    auto zone = text.find_first_of("Zz+-", 19);
    if (zone != std::string::npos && (text[zone] == '+' || text[zone] == '-')) {
        const int offset = (number(zone + 1, 2) * 60 + number(zone + 4, 2)) * 60;
        moment += text[zone] == '+' ? -offset : offset;
    }
    return std::chrono::system_clock::from_time_t(moment);
}

JudgeCase case_from(const json::object& in)
{
    JudgeCase one;
    one.leaf = text_at(in, "peer_certificate");
    one.anchors = texts_at(in, "trusted_certs");
    one.others = texts_at(in, "untrusted_intermediates");
    one.lists = texts_at(in, "crls");
    one.purpose = text_at(in, "validation_kind") == "CLIENT" ? Purpose::client : Purpose::server;
    const auto usage = texts_at(in, "key_usage");
    one.needs_digital_signature = std::ranges::find(usage, "digitalSignature") != usage.end();
    if (const auto& name = member(in, "expected_peer_name"); !name.is_null()) one.names.push_back(peer_from(name));
    if (const auto& names = member(in, "expected_peer_names"); names.is_array())
        for (const auto& name : names.get_array()) one.names.push_back(peer_from(name));
    const auto time = text_at(in, "validation_time");
    one.now = time.empty() ? std::chrono::system_clock::now() : moment_from(time);
    if (const auto& depth = member(in, "max_chain_depth"); !depth.is_null()) {
        if (!depth.is_int64() || depth.get_int64() < 0 || depth.get_int64() > 1000) throw Complaint{"max_chain_depth is no small number"};
        one.max_depth = static_cast<int>(depth.get_int64());
    }
    return one;
}

json::object result_of(const json::value& value)
{
    if (!value.is_object()) throw Complaint{"a case is no object"};
    json::object result;
    const auto id = text_at(value.get_object(), "id");
    if (id.empty()) throw Complaint{"a case has no id"};
    result["id"] = json::string(id);
    JudgeCase one;
    try {
        one = case_from(value.get_object());
    } catch (const Complaint& complaint) {
        throw Complaint{id + ": " + complaint.what};
    }
    const auto facts = judge_case(one);
    const bool good = facts && facts->accepted_by.strict;
    std::string context = facts ? std::string() : facts.error();
    if (facts)
        for (const auto& reason : facts->reasons) context += (context.empty() ? "" : ", ") + reason;
    result["actual_result"] = good ? "SUCCESS" : "FAILURE";
    result["context"] = good ? json::value(nullptr) : json::value(json::string(context));
    return result;
}

}

std::expected<std::string, std::string> judge_suite(std::string_view suite)
{
    if (suite.size() > largest_suite) return std::unexpected("the suite is larger than 64 MiB");
    boost::system::error_code error;
    json::parse_options options;
    options.max_depth = 16;
    const auto document = json::parse(suite, error, {}, options);
    if (error) return std::unexpected("standard input is no JSON: " + error.message());
    if (!document.is_object()) return std::unexpected("standard input is no suite: there is no object with testcases");
    const auto& cases = member(document.get_object(), "testcases");
    if (!cases.is_array()) return std::unexpected("standard input is no suite: testcases is missing");
    json::array results;
    try {
        for (const auto& one : cases.get_array()) results.push_back(result_of(one));
    } catch (const Complaint& complaint) {
        return std::unexpected(complaint.what);
    }
    json::object out;
    out["version"] = 1;
    out["harness"] = "portolan/" PORTOLAN_VERSION;
    out["results"] = std::move(results);
    return json::serialize(out) + "\n";
}

}
