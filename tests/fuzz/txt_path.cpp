// The context path of CalDAV and CardDAV in TXT records, one a line.
#include "probe/discovery/srv.hpp"
#include "probe/discovery/web_place.hpp"
#include "tests/fuzz/promise.hpp"

#include <cstdint>

using namespace portolan;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const auto host = *parse_hostname("dav.example.org");
    std::vector<std::string> records(1);
    for (const char c : text_of(data, size)) {
        if (c == '\n') records.emplace_back();
        else records.back() += c;
    }
    bool refused = false;
    const auto path = dav_path(records, refused);
    if (!path) return 0;
    promise(path->starts_with('/') && !path->starts_with("//") && is_plain(*path) && path->size() <= 512, "an absolute path");
    promise(path->find("/../") == std::string::npos && !path->ends_with("/.."), "that does not climb");
    const auto url = url_of(host, 443, Security::tls, *path);
    const auto place = web_place(url);
    promise(place && place->host == host && place->port == 443 && place->url == url, "a URL of the same host");
    return 0;
}
