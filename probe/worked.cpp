#include "probe/worked.hpp"

#include "probe/assemble.hpp"
#include "probe/discovery/strict_json.hpp"

#include <boost/json.hpp>

#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

namespace portolan {

namespace json = boost::json;
namespace fs = std::filesystem;

namespace {

constexpr std::string_view format = "portolan-worked/1";
constexpr std::size_t largest = 1024 * 1024, most_domains = 200, most_services = 4;
constexpr std::int64_t oldest = 90LL * 24 * 3600;

std::int64_t seconds_of(std::chrono::system_clock::time_point when) { return std::chrono::duration_cast<std::chrono::seconds>(when.time_since_epoch()).count(); }

/// "" for what is no plain file: a pipe in its place would hold us up.
std::string content_of(const fs::path& file)
{
    std::error_code error;
    if (!fs::is_regular_file(file, error)) return {};
    std::ifstream in(file, std::ios::binary);
    std::string text(largest + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    return text;
}

/// Its domains; empty where it cannot be read.
json::object domains_in(std::string_view text)
{
    auto root = read_strict_json(text, largest, 8);
    if (!root || !root->is_object()) return {};
    const auto* known = root->get_object().if_contains("format");
    auto* domains = root->get_object().if_contains("domains");
    if (!known || !known->is_string() || known->get_string() != format || !domains || !domains->is_object()) return {};
    return std::move(domains->get_object());
}

std::int64_t age_of(const json::value& entry, std::int64_t now)
{
    const auto* at = entry.is_object() ? entry.get_object().if_contains("worked") : nullptr;
    const auto when = at && at->is_int64() ? at->get_int64() : 0;
    return when > now || when < 0 ? oldest + 1 : now - when;          // a clock that was wrong
}

std::string text_of(const json::object& object, std::string_view key)
{
    const auto* value = object.if_contains(key);
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::optional<Service> service_of(const json::value& value)
{
    if (!value.is_object()) return std::nullopt;
    const auto& object = value.get_object();
    const auto kind = service_kind_from(text_of(object, "service"));
    const auto security = security_from(text_of(object, "security"));
    const auto host = parse_hostname(text_of(object, "host"));
    const auto* port = object.if_contains("port");
    if (!kind || !security || *security == Security::plaintext || !host || !port || !port->is_int64() || port->get_int64() < 1 || port->get_int64() > 65535) return std::nullopt;
    Service service;
    service.service = *kind;
    service.host = *host;
    service.port = static_cast<Port>(port->get_int64());
    service.security = *security;
    return is_mail(service) ? std::optional(std::move(service)) : std::nullopt;
}

json::array working_services(const Report& report)
{
    json::array services;
    for (const auto& service : report.account.services) {
        const bool works = service.state == ServiceState::verified || service.state == ServiceState::reachable;
        const bool good = service.certificate && !service.certificate->problem && service.security != Security::plaintext;
        if (!is_mail(service) || !works || !good || services.size() == most_services) continue;
        services.push_back({{"service", slug(service.service)}, {"host", service.host.text()}, {"port", service.port}, {"security", slug(service.security)}});
    }
    return services;
}

bool write(const fs::path& file, std::string_view text)
{
    auto name = file.string() + ".XXXXXX";
    const int fd = mkostemp(name.data(), O_CLOEXEC);                   // 0600
    if (fd < 0) return false;
    bool good = true;
    while (good && !text.empty()) {
        const auto put = ::write(fd, text.data(), text.size());
        good = put > 0;
        if (good) text.remove_prefix(static_cast<std::size_t>(put));
    }
    good = close(fd) == 0 && good && std::rename(name.c_str(), file.c_str()) == 0;
    if (!good) unlink(name.c_str());
    return good;
}

}

std::optional<fs::path> worked_file()
{
    const auto absolute = [](const char* text) { return text && fs::path(text).is_absolute() ? std::optional(fs::path(text)) : std::nullopt; };
    auto folder = absolute(std::getenv("XDG_CACHE_HOME"));
    if (!folder)
        if (const auto home = absolute(std::getenv("HOME"))) folder = *home / ".cache";
    return folder ? std::optional(*folder / "portolan" / "worked.json") : std::nullopt;
}

std::vector<Service> worked_before(const fs::path& file, const Hostname& domain, std::chrono::system_clock::time_point now)
{
    return read_worked_before(content_of(file), domain, now);
}

std::vector<Service> read_worked_before(std::string_view text, const Hostname& domain, std::chrono::system_clock::time_point now)
{
    std::vector<Service> services;
    const auto domains = domains_in(text);
    const auto* entry = domains.if_contains(domain.text());
    if (!entry || age_of(*entry, seconds_of(now)) > oldest) return services;
    const auto* list = entry->get_object().if_contains("services");
    if (!list || !list->is_array()) return services;
    for (const auto& one : list->get_array())
        if (auto service = service_of(one); service && services.size() < most_services) services.push_back(std::move(*service));
    return services;
}

bool keep_what_worked(const fs::path& file, const Report& report, std::chrono::system_clock::time_point now)
{
    auto services = working_services(report);
    if (services.empty()) return true;
    const auto moment = seconds_of(now);
    auto domains = domains_in(content_of(file));
    domains[report.domain.text()] = {{"worked", moment}, {"services", std::move(services)}};
    std::vector<std::pair<std::int64_t, std::string>> ages;
    for (const auto& [name, entry] : domains) ages.emplace_back(age_of(entry, moment), std::string(name));
    std::ranges::sort(ages);
    for (std::size_t i = 0; i < ages.size(); ++i)
        if (i >= most_domains || ages[i].first > oldest) domains.erase(ages[i].second);

    std::error_code error;
    if (!fs::exists(file.parent_path(), error)) {
        fs::create_directories(file.parent_path().parent_path(), error);
        if (mkdir(file.parent_path().c_str(), 0700) != 0 && errno != EEXIST) return false;
    }
    return write(file, json::serialize(json::object{{"format", format}, {"domains", std::move(domains)}}) + "\n");
}

}
