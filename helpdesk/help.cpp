#include "helpdesk/help.hpp"

#include "helpdesk/layout.hpp"

#include <algorithm>
#include <vector>

namespace portolan {

namespace {

struct Row {
    std::string left, right;
};

std::string table(const std::vector<Row>& rows, std::size_t column)
{
    std::string out;
    for (const auto& row : rows) {
        out += "  " + padded(row.left, column - 2);
        if (columns_of(row.left) + 4 > column) out += "\n" + std::string(column, ' ');
        out += wrapped(row.right, column) + "\n";
    }
    return out;
}

std::string left_of(const CLI::Option& option)
{
    std::string left;
    for (const auto& name : option.get_snames()) left += (left.empty() ? "-" : ", -") + name;
    for (const auto& name : option.get_lnames()) left += (left.empty() ? "--" : ", --") + name;
    if (option.get_type_size() != 0 && !option.get_type_name().empty()) left += " " + option.get_type_name();
    return left;
}

}

std::string HelpPage::make_help(const CLI::App* app, std::string, CLI::AppFormatMode) const
{
    const bool top = app->get_parent() == nullptr;
    std::string out = wrapped(app->get_description(), 0) + "\n\n";
    if (top) {
        out += "  portolan COMMAND [OPTIONS]\n\nCommands\n";
        std::vector<Row> rows;
        for (const auto* command : app->get_subcommands({})) rows.push_back({command->get_name(), command->get_description()});
        out += table(rows, 14);
    } else {
        out += "  portolan " + app->get_name() + " [OPTIONS]";
        for (const auto* option : app->get_options([](const CLI::Option* one) { return one->get_positional(); }))
            out += option->get_required() ? " " + option->get_name(true) : " [" + option->get_name(true) + "]";
        out += "\n";
    }
    auto groups = app->get_groups();
    std::ranges::stable_partition(groups, [](const std::string& group) { return group != "Options"; });   // the page itself comes last
    for (const auto& group : groups) {
        std::vector<Row> rows;
        for (const auto* option : app->get_options([&](const CLI::Option* one) { return one->get_group() == group && one->nonpositional(); }))
            rows.push_back({left_of(*option), option->get_description()});
        if (!group.empty() && !rows.empty()) out += "\n" + (group == "Options" ? std::string("Other") : group) + "\n" + table(rows, 30);
    }
    if (!app->get_footer().empty()) out += "\n" + app->get_footer() + "\n";
    return out;
}

}
