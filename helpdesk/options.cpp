#include "helpdesk/options.hpp"

#include "helpdesk/help.hpp"
#include "helpdesk/language.hpp"
#include "helpdesk/words.hpp"
#include "probe/discovery/web_address.hpp"

#include <charconv>

namespace portolan {

namespace {

/// As typed; checked by `checked` below.
struct Typed {
    std::string address, deadline, username, password_file, color, language;
    std::string ispdb = DiscoveryOptions{}.ispdb;
    std::vector<std::string> only, without, confirm, accept, targets;
    bool offline = false, password_stdin = false, ask_password = false, allow_private = false;
};

constexpr std::string_view statuses = "Exit status\n"
                                      "  0  ready\n"
                                      "  1  found, but something needs attention; the report says what\n"
                                      "  2  wrong usage\n"
                                      "  3  nothing found\n"
                                      "  4  no network or no DNS\n"
                                      "  70 a fault of Portolan's own";

void add_output(CLI::App& app, Request& request, Typed& typed)
{
    app.add_flag("--json", request.json, "the report as JSON (portolan-report/1), nothing else, on standard output")->group("Output");
    app.add_option("--color", typed.color, "auto, always or never; NO_COLOR and a pipe turn colours off")->type_name("WHEN")->group("Output");
    app.add_option("--language", typed.language, "of what is printed, and of texts in files: de, en or fr; else what LC_ALL, LC_MESSAGES or LANG say")
        ->type_name("TAG")->group("Output");
}

void add_search(CLI::App& app, Request& request, Typed& typed)
{
    const char* search = "Searching";
    app.add_option("--resolver", request.world.resolvers, "ask this DNS server; may be given more than once")->type_name("IP[:PORT]")->group(search)->allow_extra_args(false);
    app.add_option("--ca-file", request.world.ca_files, "also trust the certificates in this file")->type_name("PEM")->group(search)->allow_extra_args(false);
    app.add_option("--crl-file", request.world.crl_files, "certificates revoked by a list in this file do not count")->type_name("PEM")->group(search)->allow_extra_args(false);
    app.add_option("--deadline", typed.deadline, "end after this time with what was learned (20)")->type_name("SECONDS")->group(search);
    app.add_option("--only", typed.only, "ask these sources alone: catalogue, srv, autoconfig, …")->type_name("SOURCE[,…]")->delimiter(',')->group(search)->allow_extra_args(false);
    app.add_option("--without", typed.without, "leave these sources out")->type_name("SOURCE[,…]")->delimiter(',')->group(search)->allow_extra_args(false);
    const auto instead_of = "the database to ask instead of " + DiscoveryOptions{}.ispdb + "; \"\" asks none";
    app.add_option("--ispdb", typed.ispdb, instead_of)->type_name("URL")->group(search);
    app.add_flag("--offline", typed.offline, "the built-in catalogue alone; nothing is sent and nothing tested")->group(search);
    app.add_flag("--remember", request.remember, "keep which servers worked, by domain, in your cache folder, and try those first next time")->group(search);
    app.add_flag("--allow-private", typed.allow_private, "addresses of private networks are expected; find and write go there in any case, and say so")->group(search);
    const char* sign_in = "Signing in";
    app.add_option("--username", typed.username, "sign in with this name instead of the one that was found")->type_name("NAME")->group(sign_in);
    app.add_flag("--ask-password", typed.ask_password, "ask for the password on the terminal, once it is known where it goes")->group(sign_in);
    app.add_flag("--password-stdin", typed.password_stdin, "read the password from the first line of standard input")->group(sign_in);
    app.add_option("--password-file", typed.password_file, "read the password from the first line of this file")->type_name("FILE")->group(sign_in);
    app.add_option("--confirm", typed.confirm, "servers of this domain may have the password although the evidence alone would not do")->type_name("DOMAIN")->group(sign_in)->allow_extra_args(false);
    app.add_option("--accept-certificate", typed.accept, "accept this key at this server although its certificate is not good")
        ->type_name("HOST:PORT=SPKI_SHA256")->group(sign_in)->allow_extra_args(false);
}

std::string target_names()
{
    std::string names;
    for (const auto& target : targets()) names += (names.empty() ? "" : ", ") + std::string(target.name);
    return names;
}

Instead wrong(const std::string& why, const std::string& page = {})
{
    return {2, "portolan: " + (page.empty() ? why : translated("{why}; see {command}", {{"{why}", why}, {"{command}", "portolan " + page}})) + "\n"};
}

std::optional<double> number(const std::string& text)
{
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::string shown(std::string_view text) { return in_quotes(clean_server_text(text, 80)); }

using Checked = std::expected<void, std::string>;

/// A refusal: the sentence, and what was typed where it says {value}.
std::unexpected<std::string> no(std::string_view english) { return std::unexpected(std::string(translated(english))); }
std::unexpected<std::string> no(std::string_view english, const std::string& typed) { return std::unexpected(translated(english, {{"{value}", shown(typed)}})); }

/// Sources that this program asks. One that it does not know is a slip; one that another version asks may be left out, but not relied on.
std::expected<std::set<Source>, std::string> sources(const std::vector<std::string>& names, std::string_view flag, bool must_be_asked)
{
    std::set<Source> set;
    for (const auto& name : names) {
        const auto source = source_from(name);
        const bool asked = source && std::ranges::any_of(all_sources(), [&](const SourceEntry& one) { return one.source == *source; });
        if (source && (asked || !must_be_asked)) {
            set.insert(*source);
            continue;
        }
        std::string known;
        for (const auto& one : all_sources()) known += (known.empty() ? "" : ", ") + std::string(slug(one.source));
        return std::unexpected(translated("{flag}: there is no source {value}; there are {known}", {{"{flag}", std::string(flag)}, {"{value}", shown(name)}, {"{known}", known}}));
    }
    return set;
}

std::expected<AcceptedCertificate, std::string> accepted(const std::string& text)
{
    const auto equals = text.find('=');
    const auto colon = text.rfind(':', equals);
    if (equals == std::string::npos || colon == std::string::npos || colon > equals) return no(PORTOLAN_TR("--accept-certificate: {value} is not HOST:PORT=SPKI_SHA256"), text);
    auto host_text = text.substr(0, colon);
    if (host_text.size() > 2 && host_text.front() == '[' && host_text.back() == ']') host_text = host_text.substr(1, host_text.size() - 2);
    const auto host = parse_hostname(host_text);
    if (!host) return no(PORTOLAN_TR("--accept-certificate: {value} is no host name"), text.substr(0, colon));
    unsigned port = 0;
    const auto port_text = text.substr(colon + 1, equals - colon - 1);
    const auto [end, error] = std::from_chars(port_text.data(), port_text.data() + port_text.size(), port);
    if (error != std::errc() || end != port_text.data() + port_text.size() || port < 1 || port > 65535)
        return no(PORTOLAN_TR("--accept-certificate: {value} is no port"), port_text);
    std::string hex;
    for (const char c : text.substr(equals + 1))
        if (c != ':') hex += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    if (hex.size() != 64 || hex.find_first_not_of("0123456789abcdef") != std::string::npos)
        return no(PORTOLAN_TR("--accept-certificate: {value} is not a SHA-256 fingerprint (64 hexadecimal digits)"), text.substr(equals + 1));
    return AcceptedCertificate{*host, static_cast<Port>(port), hex};
}

/// The usual variables, in the order in which curl looks at them for HTTPS; what stands before an @ is nobody's business.
std::string proxy_of_this_computer()
{
    for (const char* name : {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "http_proxy"}) {
        const char* value = std::getenv(name);
        if (!value || !*value) continue;
        const std::string_view text(value);
        const auto at = text.rfind('@');
        return std::string(at == std::string_view::npos ? text : text.substr(at + 1)).substr(0, 200);
    }
    return {};
}

Checked check_search(Request& request, const Typed& typed)
{
    if (!typed.deadline.empty()) {
        const auto seconds = number(typed.deadline);
        if (!seconds || !(*seconds >= 0.1 && *seconds <= 600)) return no(PORTOLAN_TR("--deadline: {value} is not a time from 0.1 to 600 seconds"), typed.deadline);
        request.search.deadline = milliseconds(static_cast<int>(*seconds * 1000));
    }
    auto only = sources(typed.only, "--only", true);
    if (!only) return std::unexpected(only.error());
    auto without = sources(typed.without, "--without", false);
    if (!without) return std::unexpected(without.error());
    request.search.only = std::move(*only);
    request.search.without = std::move(*without);
    // Whoever leaves the database out does not want it to hear of the mail servers' domain instead.
    if (request.search.without.contains(Source::ispdb)) request.search.without.insert(Source::ispdb_mx);
    request.search.offline = typed.offline;
    request.search.proxy = proxy_of_this_computer();
    // "" switches it off: then nothing of the address's domain goes to anybody but its own servers and those that they name.
    const auto database = read_web_address(typed.ispdb);
    const bool usable = typed.ispdb.empty() || (database && database->https);
    if (!usable) return no(PORTOLAN_TR("--ispdb: {value} is no https address"), typed.ispdb);
    request.search.discovery.ispdb = database ? database->text : std::string();
    if (!typed.username.empty()) {
        if (std::ranges::any_of(typed.username, [](unsigned char c) { return c < 0x20 || c == 0x7f; })) return no(PORTOLAN_TR("--username: there is a control character in it"));
        request.search.username = typed.username;
    }
    for (const auto& name : typed.confirm) {
        const auto host = parse_hostname(name);
        const auto registrable = host ? registrable_domain(*host) : std::string();
        if (registrable.empty()) return no(PORTOLAN_TR("--confirm: {value} is no domain"), name);
        if (registrable != host->text()) return std::unexpected(translated("--confirm takes a whole domain: did you mean {domain}?", {{"{domain}", registrable}}));
        request.search.confirmed.push_back(registrable);
    }
    for (const auto& text : typed.accept) {
        auto one = accepted(text);
        if (!one) return std::unexpected(one.error());
        request.search.accepted.push_back(std::move(*one));
    }
    if (typed.ask_password + typed.password_stdin + !typed.password_file.empty() > 1)
        return no(PORTOLAN_TR("--ask-password, --password-stdin and --password-file exclude one another"));
    request.password_file = typed.password_file;
    request.password_from = typed.ask_password ? PasswordFrom::prompt : typed.password_stdin ? PasswordFrom::standard_input
                          : !typed.password_file.empty() ? PasswordFrom::file : PasswordFrom::nowhere;
    if (request.password_from != PasswordFrom::nowhere && request.search.offline) return no(PORTOLAN_TR("--offline signs in nowhere: leave the password out"));
    return {};
}

Checked check_write(Request& request, const Typed& typed)
{
    if (request.list) return {};
    if (typed.targets.empty()) return std::unexpected(translated("--for is missing: which program? One or more of {known}", {{"{known}", target_names()}}));
    for (const auto& name : typed.targets) {
        const auto* target = find_target(name);
        if (!target) return std::unexpected(translated("--for: there is no target {value}; there are {known}", {{"{value}", shown(name)}, {"{known}", target_names()}}));
        if (std::ranges::find(request.targets, target) == request.targets.end()) request.targets.push_back(target);
    }
    if (request.into.empty()) return no(PORTOLAN_TR("--into is missing: which folder do the files go to?"));
    if (request.account_file.empty() == typed.address.empty()) 
        return no(typed.address.empty() ? PORTOLAN_TR("an ADDRESS or --account FILE is missing") : PORTOLAN_TR("an ADDRESS and --account exclude one another"));
    if (request.account_file == "-" && request.password_from == PasswordFrom::standard_input) 
        return no(PORTOLAN_TR("standard input cannot be both the account and the password"));
    if (request.sign_certificate.empty() != request.sign_key.empty()) return no(PORTOLAN_TR("--sign-certificate and --sign-key go together"));
    if (!request.sign_chain.empty() && request.sign_key.empty()) return no(PORTOLAN_TR("--sign-chain goes with --sign-certificate and --sign-key"));
    return {};
}

Checked check_language(Request& request, const Typed& typed)
{
    request.language = typed.language.empty() ? language_of_environment() : typed.language;
    if (typed.language.empty() || speak(typed.language)) return {};
    // The texts in files know more languages than this program speaks.
    const auto tag = std::string_view(typed.language).substr(0, typed.language.find_first_of("-_"));
    const bool shaped = tag.size() >= 2 && tag.size() <= 3 && std::ranges::all_of(tag, [](unsigned char c) { return std::isalpha(c) != 0; });
    if (request.command == Command::write && shaped) return {};
    std::string known;
    for (const auto one : languages_spoken()) known += (known.empty() ? "" : ", ") + std::string(one);
    return std::unexpected(translated("--language: there is no language {value}; there are {known}", {{"{value}", shown(typed.language)}, {"{known}", known}}));
}

Checked check(Request& request, const Typed& typed)
{
    if (typed.color == "always") request.color = ColorUse::always;
    else if (typed.color == "never") request.color = ColorUse::never;
    else if (!typed.color.empty() && typed.color != "auto") return no(PORTOLAN_TR("--color: {value} is none of auto, always, never"), typed.color);
    if (request.command == Command::wizard || request.command == Command::judge) return {};
    if (auto good = check_language(request, typed); !good) return good;
    if (auto good = check_search(request, typed); !good) return good;
    if (request.command == Command::write)
        if (auto good = check_write(request, typed); !good) return good;
    const bool needed = request.command == Command::find;
    if (typed.address.empty() && !needed) return {};
    auto address = parse_email_address(typed.address);
    if (!address) {
        const std::string why(words_for(address.error()));
        return std::unexpected(typed.address.empty() ? why : translated("{value}: {why}", {{"{value}", shown(typed.address)}, {"{why}", why}}));
    }
    request.address = std::move(*address);
    return {};
}

/// The first word that nothing in the table takes.
Instead unexpected_word(const CLI::App& app, const std::string& word)
{
    const bool top = app.get_parent() == nullptr;
    const auto page = top ? std::string("--help") : app.get_name() + " --help";
    if (word.size() > 1 && word.front() == '-') 
        return wrong(translated("there is no option {value}", {{"{value}", shown(word.substr(0, word.find('=')))}}), page);
    if (top && word.find('@') != std::string::npos) 
        return wrong(translated("there is no command {value}; did you mean: {command}", {{"{value}", shown(word)}, {"{command}", "portolan find " + clean_server_text(word, 80)}}));
    return top ? wrong(translated("there is no command {value}", {{"{value}", shown(word)}}), page)
               : wrong(translated("one address at a time: what is {value}?", {{"{value}", shown(word)}}));
}

}

std::string language_wanted(int argc, char** argv)
{
    constexpr std::string_view flag = "--language";
    for (int i = 1; i < argc; ++i) {
        const std::string_view word = argv[i];
        if (word == "--") break;
        if (word == flag && i + 1 < argc) return argv[i + 1];
        if (word.starts_with(flag) && word.substr(flag.size()).starts_with('=')) return std::string(word.substr(flag.size() + 1));
    }
    return language_of_environment();
}

std::expected<Request, Instead> read_command_line(int argc, char** argv)
{
    Request request;
    Typed typed;
    CLI::App app("Portolan finds the servers of an email address, proves that they work, and writes ready configuration for mail programs.");
    app.formatter(std::make_shared<HelpPage>());
    app.set_help_flag("-h,--help", "this page");
    app.set_version_flag("--version", "portolan " PORTOLAN_VERSION, "the version");
    app.allow_extras();
    app.footer("Start here\n"
               "  portolan demo                                      the whole way on built-in servers; nothing leaves this computer\n"
               "  portolan find alice@example.org                    which servers, and do they work?\n"
               "  portolan find --ask-password alice@example.org     and does the sign-in?\n"
               "  portolan write --for apple,outlook --into files alice@example.org\n\n" +
               std::string(statuses) + "\n\nportolan COMMAND --help says more.");

    auto& find = *app.add_subcommand("find", "Finds the settings of an address and tests each server up to the sign-in; with a password it signs in too.");
    find.add_option("ADDRESS", typed.address, "the email address")->required();
    add_search(find, request, typed);
    add_output(find, request, typed);
    find.footer("A password goes only to servers that are named over an authenticated way and show a good certificate. --confirm and\n"
                "--accept-certificate say yes where the wizard would ask.\n\n" + std::string(statuses));

    auto& write = *app.add_subcommand("write", "Finds the settings, or takes them from a file, and writes configuration for mail programs and phones. No file holds a password.");
    write.add_option("ADDRESS", typed.address, "the email address");
    write.add_option("--for", typed.targets, target_names())->type_name("TARGET[,…]")->delimiter(',')->group("Files")->allow_extra_args(false);
    write.add_flag("--list", request.list, "the names of all targets, one a line")->group("Files");
    write.add_option("--into", request.into, "the folder for the files; made when it is missing")->type_name("DIR")->group("Files");
    write.add_flag("--force", request.force, "replace files that are there already")->group("Files");
    write.add_option("--account", request.account_file, "a report, or an object with address, name and account, instead of a search; - is standard input")->type_name("FILE")->group("Files");
    write.add_option("--name", request.name, "the person's name, as others see it")->type_name("NAME")->group("Files");
    write.add_option("--sign-certificate", request.sign_certificate, "sign the Apple profile with this certificate")->type_name("PEM")->group("Files");
    write.add_option("--sign-key", request.sign_key, "and this key")->type_name("PEM")->group("Files");
    write.add_option("--sign-chain", request.sign_chain, "and add these intermediate certificates")->type_name("PEM")->group("Files");
    add_search(write, request, typed);
    add_output(write, request, typed);
    write.footer(std::string(statuses));

    auto& judge = *app.add_subcommand("judge", "Judges certificates: a suite of x509-limbo's JSON on standard input, its result JSON on standard output.");
    judge.footer("Standard input holds {\"version\": 1, \"testcases\": [...]}, at most 64 MiB. A case is SUCCESS where no rule of RFC 5280, RFC 9525\n"
                 "and the CA/B baseline requirements is broken; otherwise its context names every broken rule and, counted from the leaf,\n"
                 "the certificate that breaks it. It is the judge that judges the servers of find and write.\n\n"
                 "Exit status: 0 when every case was judged, 2 when the input is no suite.");

    auto& demo = *app.add_subcommand("demo", "Walks the whole way on built-in servers: find, test, sign in, write files. Real TLS on this computer alone; nothing leaves it.");
    demo.add_option("ADDRESS", typed.address, "one of --list; alice@demo.example where none is given");
    demo.add_flag("--list", request.list, "the addresses, and what each shows")->group("Demonstration");
    demo.add_option("--into", request.into, "the folder for the files (portolan-demo, or the next name that is free)")->type_name("DIR")->group("Demonstration");
    add_output(demo, request, typed);
    demo.footer(std::string(statuses));

    auto& wizard = *app.add_subcommand("wizard", "Opens the desktop wizard (portolan-wizard); what follows is handed to it.");
    wizard.prefix_command();
    for (auto* command : {&find, &write, &judge, &demo}) command->allow_extras();
    app.require_subcommand(0, 1);

    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        return std::unexpected(Instead{0, app.help()});
    } catch (const CLI::CallForVersion& version) {
        return std::unexpected(Instead{0, std::string(version.what()) + "\n"});
    } catch (const CLI::RequiredError&) {
        return std::unexpected(wrong(std::string(words_for(AddressProblem::empty))));
    } catch (const CLI::ArgumentMismatch& mismatch) {
        const std::string what = mismatch.what();
        return std::unexpected(wrong(translated("{option} needs one value", {{"{option}", what.substr(0, what.find(':'))}})));
    } catch (const CLI::ParseError& error) {
        std::string what = error.what();
        return std::unexpected(wrong(what.substr(0, what.find('\n')), "--help"));
    }
    const auto commands = app.get_subcommands();
    if (commands.empty()) {
        if (const auto rest = app.remaining(); !rest.empty()) return std::unexpected(unexpected_word(app, rest.front()));
        return std::unexpected(wrong(std::string(translated("a command is missing: find, write, judge, demo or wizard")), "--help"));
    }
    const auto* command = commands.front();
    request.command = command == &write ? Command::write : command == &judge ? Command::judge : command == &demo ? Command::demo : command == &wizard ? Command::wizard : Command::find;
    if (command == &wizard) request.passed_on = wizard.remaining();
    else {
        auto rest = app.remaining(true);
        std::erase(rest, "--");                // what follows it is an address, also when it begins with a hyphen
        if (!rest.empty()) return std::unexpected(unexpected_word(*command, rest.front()));
    }
    if (auto good = check(request, typed); !good) return std::unexpected(wrong(good.error()));
    return request;
}

}
