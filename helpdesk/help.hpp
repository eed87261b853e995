// How `--help` is laid out: two columns, wrapped at 100 characters, the groups in the order in which a newcomer needs them.
#pragma once

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <string>

namespace portolan {

class HelpPage : public CLI::Formatter {
public:
    std::string make_help(const CLI::App* app, std::string name, CLI::AppFormatMode mode) const override;
};

}
