// Searches with nobody there to ask: addresses of private and reserved ranges are refused. One email address a line on standard input, all searched
// at once; each report on standard output, followed by a NUL.
//
//   attack_unattended RESOLVER CA_FILE [--attended]
#include "probe/net/run.hpp"
#include "probe/search.hpp"

#include <iostream>
#include <list>

using namespace portolan;

int main(int count, char** arguments)
{
    if (count < 3) return 2;
    asio::io_context loop{1};
    auto world = make_real_world(loop, {.resolvers = {arguments[1]}, .ca_files = {arguments[2]}});
    if (!world) {
        std::cerr << "cannot use " << world.error() << "\n";
        return 2;
    }
    std::list<Run> runs;
    for (std::string line; std::getline(std::cin, line);) {
        const auto address = parse_email_address(line);
        if (!address) {
            std::cerr << "no address: " << line << "\n";
            return 2;
        }
        auto& run = runs.emplace_back(loop, *world, nullptr, RacePolicy{.refuse_private = count < 4});
        asio::co_spawn(loop, find(*address, run.around(), SearchOptions{}), [](std::exception_ptr thrown, const Report& report) {
            if (thrown) std::rethrow_exception(thrown);
            std::cout << to_json(report) << '\0' << std::flush;
        });
    }
    loop.run();
}
