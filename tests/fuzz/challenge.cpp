// WWW-Authenticate headers, one a line, and the first line as an address of the web.
#include "probe/discovery/challenge.hpp"
#include "probe/discovery/web_address.hpp"
#include "probe/discovery/web_place.hpp"
#include "tests/fuzz/promise.hpp"

#include <cstdint>

using namespace portolan;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    HttpAnswer answer;
    std::string line;
    const auto text = std::string(text_of(data, size)) + "\n";
    for (const char c : text) {
        if (c != '\n') {
            line += c;
            continue;
        }
        if (answer.headers.empty()) {
            if (const auto address = read_web_address(line)) {
                promise(is_plain(address->text) && address->port != 0 && !address->host.text().empty(), "a web address");
                promise(address->text.find('@') == std::string::npos || address->text.find('@') > address->text.find('/', 8), "without a user");
                const auto again = read_web_address(address->text);
                promise(again && again->text == address->text, "that reads back as itself");
            }
            if (const auto place = web_place(line)) promise(is_plain(place->url) && place->port != 0, "a place");
        }
        answer.headers.emplace_back("www-authenticate", std::move(line));
        line.clear();
    }
    const auto challenges = challenges_of(answer);
    promise(challenges.size() <= 16, "not too many");
    for (const auto& one : challenges)
        promise(!one.scheme.empty() && std::ranges::all_of(one.scheme, [](unsigned char c) { return c > 0x20 && c < 0x7f && !(c >= 'A' && c <= 'Z'); }), "a scheme in lower case");
    promise(mechanisms_of(challenges).size() <= challenges.size(), "one mechanism a challenge at most");
    return 0;
}
