// One table of flags feeds the parser and `--help`; what comes out is checked, so that nothing starts on a wrong value.
#pragma once

#include "probe/net/run.hpp"
#include "probe/search.hpp"
#include "profiles/writer.hpp"

namespace portolan {

enum class Command : std::uint8_t { find, write, judge, demo, wizard };
enum class PasswordFrom : std::uint8_t { nowhere, standard_input, file, prompt };
enum class ColorUse : std::uint8_t { automatic, always, never };

/// What a command line asks for. Files that it names have not been read yet.
struct Request {
    Command command = Command::find;
    std::optional<EmailAddress> address;
    bool json = false, list = false, force = false, remember = false;
    ColorUse color = ColorUse::automatic;
    WorldOptions world;
    SearchOptions search;                      ///< without the password
    PasswordFrom password_from = PasswordFrom::nowhere;
    std::string password_file;
    std::vector<const Target*> targets;
    std::string into, account_file;
    std::string name, language = "en";
    std::string sign_certificate, sign_key, sign_chain;
    std::vector<std::string> passed_on;        ///< to portolan-wizard
};

/// Printed instead of doing anything: a help page or the version (status 0, standard output), or one line about a wrong word (status 2).
struct Instead {
    int status = 2;
    std::string text;
};

/// The language that the command line names, else that of the environment; may be one that we have not. Asked before anything is said.
std::string language_wanted(int argc, char** argv);

std::expected<Request, Instead> read_command_line(int argc, char** argv);

}
