#include "helpdesk/cli.hpp"

#include "demo/demo.hpp"
#include "helpdesk/judge_command.hpp"
#include "helpdesk/language.hpp"
#include "helpdesk/session.hpp"
#include "helpdesk/terminal.hpp"
#include "helpdesk/text.hpp"
#include "helpdesk/words.hpp"
#include "probe/assemble.hpp"
#include "probe/worked.hpp"
#include "providers/suggestion.hpp"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <unistd.h>

namespace portolan {

namespace {

namespace fs = std::filesystem;

constexpr int wrong_usage = 2, our_fault = 70;

int refuse(const std::string& why, int status = wrong_usage)
{
    complain(why);
    return status;
}

Palette palette_for(const Request& request)
{
    const char* no_color = std::getenv("NO_COLOR");
    const bool plain = no_color && *no_color;
    return Palette(request.color == ColorUse::always || (request.color == ColorUse::automatic && !plain && is_terminal(1)));
}

/// The answer on standard output. A reader that went away is no fault.
int answer(const Report& report, const Request& request)
{
    put(request.json ? to_json(report) : to_text(report, palette_for(request)));
    return exit_status(report);
}

struct PasswordSource {
    std::optional<Secret> ready;               ///< from a file or standard input: read before anything starts
    bool ask = false;
};

std::expected<PasswordSource, std::string> password_source(const Request& request)
{
    PasswordSource source;
    source.ask = request.password_from == PasswordFrom::prompt;
    if (request.password_from == PasswordFrom::nowhere || source.ask) return source;
    auto secret = request.password_from == PasswordFrom::file ? read_password_file(request.password_file) : read_password_stdin();
    if (!secret) return std::unexpected(secret.error());
    source.ready = std::move(*secret);
    return source;
}

std::string hosts_of(const Report& report)
{
    std::vector<std::string> hosts;
    for (const auto& service : report.account.services) {
        if (!is_mail(service)) continue;
        auto host = display_name(service.host);
        if (std::ranges::find(hosts, host) == hosts.end()) hosts.push_back(std::move(host));
    }
    return listed(hosts);
}

/// The search, the questions and the sign-in, with words filled in. Shared by find and write.
std::expected<Report, std::string> look_up(Request& request)
{
    if (request.search.offline) {
        auto report = find_offline(*request.address, request.search);
        fill_words(report);
        return report;
    }
    auto source = password_source(request);
    if (!source) return std::unexpected(source.error());
    if (source->ask && !can_ask()) return std::unexpected(std::string(translated("--ask-password needs a terminal; use --password-stdin or --password-file")));
    auto session = Session::real(request);
    if (!session) return std::unexpected(session.error());
    std::function<std::optional<Secret>(const Report&)> password;
    if (source->ready) password = [&](const Report&) { return source->ready; };
    else if (source->ask)
        password = [&](const Report& report) {
            const Value address{"{address}", request.address->display()}, hosts{"{hosts}", hosts_of(report)};
            auto typed = ask_password(translated("Password for {address} (goes to {hosts} alone):", {address, hosts}) + " ");
            if (!typed) complain(translated("no password was given; the sign-in was left out"));
            return typed;
        };
    if (const auto meant = address_probably_meant(*request.address); !meant.empty() && is_terminal(2)) complain(translated("did you mean {address}?", {{"{address}", meant}}));
    const auto kept = request.remember ? worked_file() : std::nullopt;
    if (request.remember && !kept) complain(translated("--remember: there is no cache folder (HOME and XDG_CACHE_HOME are not set)"));
    const auto now = std::chrono::system_clock::now();
    if (kept) request.search.discovery.worked_before = worked_before(*kept, request.address->domain(), now);
    const bool may_ask = source->ask || request.command == Command::write;
    auto report = (*session)->settle(*request.address, request.search, may_ask, password);
    if (kept && !keep_what_worked(*kept, report, now)) complain(translated("--remember: cannot write {file}", {{"{file}", kept->string()}}));
    fill_words(report);
    return report;
}

int find_command(Request& request)
{
    request.search.thorough = true;
    const auto report = look_up(request);
    return report ? answer(*report, request) : refuse(report.error());
}

/// Says before the search starts when the folder cannot take files.
std::optional<std::string> folder_trouble(const fs::path& folder)
{
    std::error_code error;
    auto there = fs::absolute(folder, error).lexically_normal();
    while (!there.empty() && !fs::exists(fs::symlink_status(there, error)) && there != there.parent_path()) there = there.parent_path();
    const Value wanted{"{folder}", in_quotes(folder.string())};
    if (!fs::is_directory(there, error)) return translated("cannot write into {folder}: {place} is not a folder", {wanted, {"{place}", in_quotes(there.string())}});
    if (access(there.c_str(), W_OK | X_OK) != 0) return translated("cannot write into {folder}: {why}", {wanted, {"{why}", system_words(errno)}});
    return std::nullopt;
}

std::expected<WriteOptions, std::string> write_options(const Request& request)
{
    WriteOptions options;
    options.language = request.language;
    if (request.sign_key.empty()) return options;
    SigningKey key;
    const auto take = [](const std::string& path, std::string& into) -> std::optional<std::string> {
        auto text = read_text(path);
        if (!text) return text.error();
        into = std::move(*text);
        return std::nullopt;
    };
    if (auto why = take(request.sign_certificate, key.certificate_pem)) return std::unexpected(*why);
    if (auto why = take(request.sign_key, key.key_pem)) return std::unexpected(*why);
    if (!request.sign_chain.empty())
        if (auto why = take(request.sign_chain, key.chain_pem)) return std::unexpected(*why);
    options.sign = std::move(key);
    return options;
}

struct WriteResult {
    std::vector<std::string> paths;
    std::vector<std::string> left_out;         ///< one clause for each target that cannot hold this account
};

/// Every target is written in memory first: a program that cannot hold this account leaves nothing half done and holds up no other one.
std::expected<WriteResult, std::string> write_files(const PersonalAccount& person, const std::vector<const Target*>& chosen, const WriteOptions& options,
                                                    const std::string& into, bool overwrite)
{
    WriteResult result;
    std::vector<WrittenFile> all;
    for (const auto* target : chosen) {
        auto files = target->write(person, options);
        if (!files) {
            result.left_out.push_back(translated("nothing was written for {program}: {why}", {{"{program}", std::string(target->name)}, {"{why}", words_for(files.error())}}));
            continue;
        }
        for (auto& file : *files)
            if (std::ranges::none_of(all, [&](const WrittenFile& one) { return one.path == file.path; })) all.push_back(std::move(file));
    }
    if (all.empty()) return result;
    auto paths = put_files(into, all, overwrite);
    if (!paths) return std::unexpected(words_for(paths.error()));
    result.paths = std::move(*paths);
    return result;
}

std::string list_of(const std::vector<std::string>& paths)
{
    std::string out;
    for (const auto& path : paths) out += "  " + path + "\n";
    return out;
}

/// May these settings be handed to a mail program that will send the password there? The error is the reason.
std::expected<void, std::string> worth_writing(const Report& report, const SearchOptions& options)
{
    if (!report.account.incoming() && !report.account.find(ServiceKind::smtp)) return std::unexpected(translated("nothing was written: no mail server is known for {domain}", {{"{domain}", report.domain.text()}}));
    for (const auto& service : report.account.services) {
        if (!is_mail(service) || may_have_password(service, options)) continue;
        const Value server{"{server}", shown_host(service)};
        if (service.security == Security::plaintext || service.trust == Trust::insecure)
            return std::unexpected(translated("nothing was written: {server} would take the password unprotected", {server}));
        if (service.certificate && service.certificate->problem)
            return std::unexpected(translated("nothing was written: the certificate of {server} is not good (--accept-certificate {key} accepts this key)",
                                              {server, {"{key}", target_of(service) + "=" + service.certificate->spki_sha256}}));
        return std::unexpected(translated("nothing was written: {server} is not named by an authenticated source (--confirm {domain} says that it is right)",
                                          {server, {"{domain}", registrable_domain(service.host)}}));
    }
    return {};
}

int write_command(Request& request)
{
    if (request.list) {
        std::string names;
        for (const auto& target : targets()) names += std::string(target.name) + "\n";
        put(names);
        return 0;
    }
    if (auto trouble = folder_trouble(request.into)) return refuse(*trouble);
    const auto options = write_options(request);
    if (!options) return refuse(options.error());

    std::optional<Report> report;
    std::optional<PersonalAccount> person;
    if (request.account_file.empty()) {
        auto found = look_up(request);
        if (!found) return refuse(found.error());
        report = std::move(*found);
        if (auto worth = worth_writing(*report, request.search); !worth) {
            answer(*report, request);
            complain(worth.error());
            return std::max(1, exit_status(*report));
        }
        person = PersonalAccount{*request.address, {}, report->account};
    } else {
        const auto text = read_text(request.account_file);
        if (!text) return refuse(text.error());
        auto read = account_from_json(*text);
        if (!read) {
            const Value file{"{file}", in_quotes(clean_server_text(request.account_file, 80))};
            return refuse(read.error() == "document" ? translated("--account: {file} cannot be used: it is not a JSON object", {file})
                                                     : translated("--account: {file} cannot be used: look at {key}", {file, {"{key}", in_quotes(read.error())}}));
        }
        person = std::move(*read);
    }
    if (!request.name.empty()) person->name = request.name;
    const auto result = write_files(*person, request.targets, *options, request.into, request.force);
    int status = report ? answer(*report, request) : 0;
    if (!result) return refuse(result.error(), report ? std::max(1, status) : wrong_usage);
    if (!result->paths.empty()) {
        const auto written = (report ? "\n" : "") + std::string(translated("Written")) + "\n" + list_of(result->paths);
        if (request.json) std::fputs(written.c_str(), stderr);
        else put(written);
    }
    for (const auto& clause : result->left_out) complain(clause);
    return result->left_out.empty() ? status : std::max(1, status);
}

std::string_view words_for_story(DemoStory story)
{
    switch (story) {
    case DemoStory::succeeds: return translated("everything works");
    case DemoStory::certificate_expired: return translated("the servers' certificate has run out");
    case DemoStory::wrong_password: return translated("the servers refuse every password");
    case DemoStory::app_password_needed: return translated("the provider wants an app password");
    case DemoStory::server_dead: return translated("the published server never answers");
    case DemoStory::nothing_there: return translated("the domain has no mail servers");
    }
    return {};
}

std::string free_folder(const std::string& wanted)
{
    std::error_code error;
    auto folder = wanted;
    for (int n = 2; fs::exists(fs::symlink_status(folder, error)) && n < 10000; ++n) folder = wanted + "-" + std::to_string(n);
    return folder;
}

int demo_command(Request& request)
{
    if (request.list) {
        auto out = translated("Addresses of the demonstration; the password is {password}.", {{"{password}", in_quotes(demo_addresses().front().password)}}) + "\n";
        for (const auto& one : demo_addresses()) {
            out += "  " + std::string(one.address) + std::string(30 - one.address.size(), ' ') + std::string(words_for_story(one.story));
            if (one.story == DemoStory::app_password_needed) out += " (" + in_quotes(demo_app_password) + ")";
            out += "\n";
        }
        put(out);
        return 0;
    }
    if (!request.address) request.address = parse_email_address(demo_addresses().front().address).value();
    const auto person = std::ranges::find_if(demo_addresses(), [&](const DemoAddress& one) { return one.address == request.address->text(); });
    if (person == demo_addresses().end()) 
        return refuse(translated("the demonstration has no {address}; portolan demo --list names its addresses", {{"{address}", in_quotes(request.address->display())}}));
    const auto into = request.into.empty() ? free_folder("portolan-demo") : request.into;
    if (auto trouble = folder_trouble(into)) return refuse(*trouble);
    auto session = Session::demonstration();
    if (!session) return refuse(session.error(), our_fault);
    auto report = (*session)->settle(*request.address, request.search, false, [&](const Report&) { return std::optional(Secret(person->password)); });
    fill_words(report);
    const int status = answer(report, request);
    if (status != 0) return status;
    const std::vector<const Target*> chosen{find_target("apple"), find_target("thunderbird"), find_target("outlook")};
    const auto result = write_files({*request.address, request.name, report.account}, chosen, {}, into, false);
    if (!result) return refuse(result.error());
    const auto written = "\n" + std::string(translated("Written for an iPhone, iPad or Mac, for Thunderbird and for Outlook")) + "\n" + list_of(result->paths);
    if (request.json) std::fputs(written.c_str(), stderr);
    else put(written);
    return status;
}

int judge_command()
{
    const auto suite = read_text("-", largest_suite + 1);
    if (!suite) return refuse(suite.error());
    const auto results = judge_suite(*suite);
    if (!results) return refuse(results.error());
    put(*results);
    return 0;
}

int wizard_command(const Request& request)
{
    if (!std::getenv("DISPLAY") && !std::getenv("WAYLAND_DISPLAY") && !std::getenv("QT_QPA_PLATFORM"))
        return refuse(std::string(translated("there is no display here; portolan find works without one")), 1);
    std::error_code error;
    const auto here = fs::read_symlink("/proc/self/exe", error).parent_path();
    std::vector<std::string> words{"portolan-wizard", "--language", std::string(spoken())};
    words.insert(words.end(), request.passed_on.begin(), request.passed_on.end());
    std::vector<char*> arguments;
    for (auto& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    for (const auto& beside : {here / "portolan-wizard", here.parent_path() / "wizard" / "portolan-wizard"}) execv(beside.c_str(), arguments.data());
    execvp("portolan-wizard", arguments.data());
    return refuse(std::string(translated("portolan-wizard is not installed beside this program")), our_fault);
}

}

int run_command_line(int argc, char** argv)
{
    std::signal(SIGPIPE, SIG_IGN);
    leave_no_core_file();                      // design section 4, rule 21
    try {
        speak(language_wanted(argc, argv));
        auto request = read_command_line(argc, argv);
        if (!request) {
            if (request.error().status == 0) put(request.error().text);
            else std::fputs(request.error().text.c_str(), stderr);
            return request.error().status;
        }
        switch (request->command) {
        case Command::find: return find_command(*request);
        case Command::write: return write_command(*request);
        case Command::judge: return judge_command();
        case Command::demo: return demo_command(*request);
        case Command::wizard: return wizard_command(*request);
        }
    } catch (const std::exception& fault) {
        complain(translated("a fault of its own: {what}", {{"{what}", fault.what()}}));
    }
    return our_fault;
}

}
