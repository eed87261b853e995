// Every data file is in the program, with the facts it states.
#include "providers/catalogue.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

using namespace portolan;
namespace json = boost::json;

namespace {

std::vector<json::object> data_files()
{
    std::vector<json::object> all;
    for (const auto& entry : std::filesystem::directory_iterator("providers/data")) {
        if (entry.path().extension() != ".json") continue;
        std::ifstream in(entry.path());
        std::stringstream text;
        text << in.rdbuf();
        all.push_back(json::parse(text.str()).as_object());
        CHECK_MESSAGE(std::string(all.back().at("id").as_string()) + ".json" == entry.path().filename().string(), entry.path().string());
    }
    return all;
}

std::string text_of(const json::object& object, const char* key)
{
    const auto* value = object.if_contains(key);
    return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

std::string login_of(LoginKind kind)
{
    switch (kind) {
    case LoginKind::password: return "password";
    case LoginKind::app_password: return "app-password";
    case LoginKind::authorization_code: return "authorization-code";
    case LoginKind::oauth2: return "oauth2";
    case LoginKind::bridge: return "bridge";
    case LoginKind::unsupported: return "unsupported";
    }
    return {};
}

}

TEST_CASE("every data file is compiled in, no entry comes from elsewhere")
{
    const auto files = data_files();
    CHECK(files.size() >= 360);
    CHECK(all_providers().size() == files.size());
    for (const auto& file : files) {
        const auto id = text_of(file, "id");
        CAPTURE(id);
        const auto* provider = provider_by_id(id);
        REQUIRE(provider);
        CHECK(provider->id == id);
        CHECK(provider->name == text_of(file, "name"));
        CHECK(login_of(provider->login) == text_of(file, "login"));
        CHECK(provider->prepare == text_of(file, "prepare"));
        CHECK(provider->help == text_of(file, "help"));
        CHECK(provider->domains.size() == file.at("domains").as_array().size());
        for (const auto& domain : file.at("domains").as_array()) {
            const auto name = parse_hostname(std::string_view(domain.as_string()));
            REQUIRE(name);
            CHECK(provider_for_domain(name->text()) == provider);
        }
        for (const auto& suffix : file.at("mx").as_array()) CHECK(provider_for_mx(std::string_view(suffix.as_string())) == provider);

        const auto& servers = file.at("servers").as_array();
        REQUIRE(provider->servers.size() >= servers.size());            // those of CalDAV and CardDAV follow
        for (std::size_t i = 0; i < servers.size(); ++i) {
            const auto& said = servers[i].as_object();
            const auto& server = provider->servers[i];
            CHECK(slug(server.service) == text_of(said, "proto"));
            CHECK(server.host == text_of(said, "host"));
            CHECK(server.port == said.at("port").as_int64());
            CHECK((server.security == Security::plaintext ? "plain" : slug(server.security)) == text_of(said, "security"));
            CHECK(server.username == text_of(said, "username"));
        }
        if (const auto* oauth = file.if_contains("oauth")) {
            REQUIRE(provider->oauth);
            CHECK(provider->oauth->issuer == text_of(oauth->as_object(), "issuer"));
            CHECK(provider->oauth->authorization == text_of(oauth->as_object(), "authorization"));
            CHECK(provider->oauth->token == text_of(oauth->as_object(), "token"));
            CHECK(provider->oauth->authorization.starts_with("https://"));
            CHECK(provider->oauth->token.starts_with("https://"));
            CHECK_FALSE(provider->oauth->scopes.empty());
        } else {
            CHECK(provider->oauth == nullptr);
        }
    }
}

TEST_CASE("every entry has servers, or says why not")
{
    for (const auto& provider : all_providers()) {
        CAPTURE(provider.id);
        CHECK_FALSE(provider.name.empty());
        if (provider.servers.empty()) CHECK_FALSE(provider.prepare.empty());
        if (provider.unsupported()) CHECK(provider.servers.empty());
        if (provider.login != LoginKind::password) CHECK_FALSE(provider.prepare.empty());
        if (provider.login == LoginKind::oauth2) CHECK(provider.oauth != nullptr);
        for (const auto& server : provider.servers) {
            CHECK(server.port != 0);
            CHECK_FALSE(server.host.empty());
            const bool web = server.service == ServiceKind::caldav || server.service == ServiceKind::carddav || server.service == ServiceKind::jmap;
            CHECK(web == !server.url.empty());
            if (web) CHECK(server.url.starts_with("https://"));
        }
    }
}

TEST_CASE("the files rest on more than recall, and no two claim one domain or one MX suffix")
{
    std::set<std::string> domains, suffixes;
    for (const auto& file : data_files()) {
        CAPTURE(text_of(file, "id"));
        std::size_t others = 0;
        for (const auto& source : file.at("source").as_array()) others += source.as_string() != "recall" ? 1 : 0;
        CHECK(others > 0);
        for (const auto& domain : file.at("domains").as_array()) CHECK(domains.insert(std::string(domain.as_string())).second);
        for (const auto& suffix : file.at("mx").as_array()) CHECK(suffixes.insert(std::string(suffix.as_string())).second);
    }
}
