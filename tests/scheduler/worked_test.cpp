// What worked before: kept by domain alone, tried first, and believed no more than a guess.
#include "probe/worked.hpp"
#include "tests/support/scripted_world.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <sys/stat.h>

using namespace portolan;
using namespace portolan::scripted;

namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

Service server_at(ServiceKind kind, std::string_view name)
{
    Service service;
    service.service = kind;
    service.host = host(name);
    service.port = default_port(kind, Security::tls);
    return service;
}

SearchScript remembering(std::string_view name)
{
    SearchScript script;
    script.options.discovery.worked_before = {server_at(ServiceKind::imap, name), server_at(ServiceKind::smtp, name)};
    return script;
}

/// Somebody else's servers, named by a slow document.
void slow_document(World& world, milliseconds after)
{
    world.address("autoconfig.example.org", "192.0.2.80");
    world.page("https://autoconfig.example.org/mail/config-v1.1.xml", autoconfig(incoming("mx.hoster.example", 993) + outgoing("mx.hoster.example", 465)), after);
    world.address("mx.hoster.example", "192.0.2.1");
    world.pair("192.0.2.1");
}

struct Folder {
    Folder()
    {
        char name[] = "/tmp/portolan-worked-XXXXXX";
        path = mkdtemp(name);
    }
    ~Folder() { fs::remove_all(path); }
    fs::path path;
    fs::path file() const { return path / "portolan" / "worked.json"; }
};

std::string text_of(const fs::path& file)
{
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

Report ready(std::string_view address)
{
    World world;
    const auto domain = mail_address(address).domain().text();
    world.srv_pair(domain, "mail." + domain, "mail." + domain);
    world.address("mail." + domain, "192.0.2.1");
    world.pair("192.0.2.1");
    auto report = search(world, address).report;
    for (auto& service : report.account.services) service.certificate.emplace();
    return report;
}

}

TEST_CASE("what worked before is tested while the sources are still being asked, and then costs nothing more")
{
    World world;
    slow_document(world, 300ms);
    const auto found = search(world, "alice@example.org", remembering("mx.hoster.example"));
    REQUIRE(found.ended);
    CHECK(*world.first_contact("192.0.2.1") < 300ms);
    CHECK(in_host(found.report) == "mx.hoster.example");
    CHECK(found.report.account.incoming()->trust == Trust::authenticated);          // by the document of today
    CHECK(found.report.account.incoming()->sources.front() == Source::autoconfig);
    World again;
    slow_document(again, 300ms);
    CHECK(search(again, "alice@example.org").took > found.took);
}

TEST_CASE("what worked before ends no wait: it is no answer until somebody names it today")
{
    World world;
    slow_document(world, 4s);
    const auto found = search(world, "alice@example.org", remembering("mx.hoster.example"));
    REQUIRE(found.ended);
    CHECK(found.took >= 4s);
    CHECK(found.report.account.incoming()->trust == Trust::authenticated);
}

TEST_CASE("where nobody names it any more it has to be confirmed, and no password goes there by itself")
{
    World world;
    world.address("old.hoster.example", "192.0.2.1");
    world.pair("192.0.2.1");
    auto script = remembering("old.hoster.example");
    const auto found = search(world, "alice@example.org", script);
    REQUIRE(found.ended);
    CHECK(in_host(found.report) == "old.hoster.example");
    CHECK(found.report.account.incoming()->trust == Trust::confirm);
    CHECK(found.report.account.incoming()->sources == std::vector{Source::worked_before});
    script.options.password = Secret("correct horse");
    CHECK(signed_in(world, "alice@example.org", script.options).sign_in_attempts == 0);
    CHECK(world.sign_ins.empty());
}

TEST_CASE("what is published today stands before what worked before, and a dead memory is nobody's verdict")
{
    World world;
    slow_document(world, 100ms);
    world.address("old.example.org", "192.0.2.7");
    bool alive = false;
    SUBCASE("alive")
    {
        world.pair("192.0.2.7");
        alive = true;
    }
    SUBCASE("dead") {}
    const auto found = search(world, "alice@example.org", remembering("old.example.org"));
    REQUIRE(found.ended);
    CHECK((world.contacts_of("192.0.2.7") > 0) == true);
    CHECK(in_host(found.report) == "mx.hoster.example");
    CHECK(found.report.outcome == ReportOutcome::ready);
    CHECK_FALSE(has(found.report, VerdictCode::settings_endpoint_dead));
    CHECK_FALSE(has(found.report, VerdictCode::connection_refused));
    (void)alive;
}

TEST_CASE("the file: what works is kept by domain, without address and user name, for this user alone")
{
    const Folder folder;
    const auto now = std::chrono::system_clock::now();
    REQUIRE(keep_what_worked(folder.file(), ready("alice.secret@example.org"), now));
    const auto text = text_of(folder.file());
    CHECK(text.find("mail.example.org") != std::string::npos);
    for (const auto* never : {"alice", "secret", "@", "user", "password", "plain"}) {
        CAPTURE(never);
        CHECK(text.find(never) == std::string::npos);
    }
    struct stat there{};
    REQUIRE(stat(folder.file().c_str(), &there) == 0);
    CHECK((there.st_mode & 0777) == 0600);
    REQUIRE(stat(folder.file().parent_path().c_str(), &there) == 0);
    CHECK((there.st_mode & 0777) == 0700);
    CHECK(std::distance(fs::directory_iterator(folder.file().parent_path()), {}) == 1);         // no temporary file is left

    const auto kept = worked_before(folder.file(), host("example.org"), now + 89 * 24h);
    REQUIRE(kept.size() == 2);
    CHECK(kept[0].host == host("mail.example.org"));
    CHECK(kept[0].port == 993);
    CHECK(kept[1].service == ServiceKind::smtp);
    CHECK(worked_before(folder.file(), host("example.net"), now).empty());
    CHECK(worked_before(folder.file(), host("example.org"), now + 91 * 24h).empty());
    CHECK(worked_before(folder.file(), host("example.org"), now - 1h).empty());     // written by a clock that was wrong
}

TEST_CASE("the file: what does not work changes nothing; of many domains the oldest goes")
{
    const Folder folder;
    const auto now = std::chrono::system_clock::now();
    auto failed = ready("alice@example.org");
    for (auto& service : failed.account.services) service.state = ServiceState::failed;
    CHECK(keep_what_worked(folder.file(), failed, now));
    CHECK_FALSE(fs::exists(folder.file()));
    auto report = ready("alice@example.org");
    for (int i = 0; i < 205; ++i) {
        report.domain = host("d" + std::to_string(i) + ".example");
        REQUIRE(keep_what_worked(folder.file(), report, now + i * 1s));
    }
    CHECK(worked_before(folder.file(), host("d4.example"), now + 300s).empty());
    CHECK(worked_before(folder.file(), host("d5.example"), now + 300s).size() == 2);
    CHECK(worked_before(folder.file(), host("d204.example"), now + 300s).size() == 2);
}

TEST_CASE("the file: whatever stands in it is read without harm, and replaced by the next that works")
{
    const Folder folder;
    const auto now = std::chrono::system_clock::now();
    fs::create_directories(folder.file().parent_path());
    const auto moment = std::to_string(std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count());
    const auto with = [&](const std::string& service) {
        return R"({"format":"portolan-worked/1","domains":{"example.org":{"worked":)" + moment + R"(,"services":[)" + service + "]}}}";
    };
    const std::string good = R"({"service":"imap","host":"mail.example.org","port":993,"security":"tls"})";
    for (const auto& [text, count] : std::initializer_list<std::pair<std::string, std::size_t>>{
             {with(good), 1},
             {with(good + "," + good + "," + good + "," + good + "," + good), 4},
             {"", 0},
             {"[]", 0},
             {"{", 0},
             {R"({"format":"portolan-worked/2","domains":{}})", 0},
             {R"({"format":"portolan-worked/1","domains":[]})", 0},
             {R"({"format":"portolan-worked/1","domains":{"example.org":7}})", 0},
             {with("7"), 0},
             {with(R"({"service":"imap","host":"mail.example.org","port":143,"security":"none"})"), 0},
             {with(R"({"service":"imap","host":"mail example","port":993,"security":"tls"})"), 0},
             {with(R"({"service":"imap","host":"mail.example.org","port":70000,"security":"tls"})"), 0},
             {with(R"({"service":"caldav","host":"mail.example.org","port":443,"security":"tls"})"), 0},
             {with(good) + std::string(1024 * 1024, ' '), 0},
         }) {
        CAPTURE(text.substr(0, 120));
        std::ofstream(folder.file()) << text;
        CHECK(worked_before(folder.file(), host("example.org"), now).size() == count);
        CHECK(keep_what_worked(folder.file(), ready("alice@example.org"), now));
        CHECK(worked_before(folder.file(), host("example.org"), now).size() == 2);
    }
    fs::remove(folder.file());
    REQUIRE(mkfifo(folder.file().c_str(), 0600) == 0);                 // nobody writes into it: reading would wait for ever
    CHECK(worked_before(folder.file(), host("example.org"), now).empty());
    fs::remove_all(folder.path / "portolan");
    std::ofstream(folder.path / "portolan") << "a file in the way";
    CHECK_FALSE(keep_what_worked(folder.file(), ready("alice@example.org"), now));
}

TEST_CASE("the file stands in the user's cache folder (XDG Base Directory Specification)")
{
    const auto set = [](const char* cache, const char* home) {
        cache ? setenv("XDG_CACHE_HOME", cache, 1) : unsetenv("XDG_CACHE_HOME");
        home ? setenv("HOME", home, 1) : unsetenv("HOME");
        return worked_file().value_or("nowhere").string();
    };
    const char* old_home = std::getenv("HOME");
    const std::string home = old_home ? old_home : "";
    CHECK(set("/c", "/h") == "/c/portolan/worked.json");
    CHECK(set(nullptr, "/h") == "/h/.cache/portolan/worked.json");
    CHECK(set("relative", "/h") == "/h/.cache/portolan/worked.json");
    CHECK(set(nullptr, nullptr) == "nowhere");
    set(nullptr, old_home ? home.c_str() : nullptr);
}
