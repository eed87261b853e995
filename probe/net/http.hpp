// HTTP(S) with our addresses, our judge and our redirect policy. One implementation: libcurl on the loop, in curl_*.cpp.
#pragma once

#include "probe/net/racing.hpp"

namespace portolan {

/// No credentials by design (design section 4, rule 11): discovery requests have nowhere to put them.
struct HttpRequest {
    std::string url;                           ///< absolute, http or https
    std::string method = "GET";
    std::string body;
    std::string content_type;
    std::vector<std::string> headers;          ///< whole lines, "Depth: 0"
    milliseconds limit = 10s;                  ///< for all hops together
    std::size_t body_cap = 1024 * 1024;        ///< after decompression
    int redirects = 5;                         ///< 0: a redirect is the answer (status 3xx, `location` filled)
    bool allow_plain = false;                  ///< false: an http:// hop, first or later, is refused (Cause::rejected)
};

struct HttpHop {
    std::string url;
    int status = 0;
    std::optional<TlsFacts> tls;
    std::optional<IpAddress> private_address;  ///< one of them, where the host has no public address (rule 18)
};

struct HttpAnswer {
    int status = 0;
    std::string body, content_type, location, final_url;
    std::vector<std::pair<std::string, std::string>> headers;        ///< of the last hop; names in lower case, at most 64 KiB together
    std::vector<HttpHop> hops;
    bool authenticated = false;                ///< every hop was HTTPS with a certificate good for its name
    /// The first header of this name (lower case), or "".
    std::string_view header(std::string_view name) const
    {
        for (const auto& [key, value] : headers)
            if (key == name) return value;
        return {};
    }
};

/// Causes: those of connecting, untrusted_certificate (the answer is not read; the facts are in `certificate` of the failure's exchange), too_much,
/// rejected (redirect policy: to http, more than the limit, a loop), private_address (a redirect that leads from a public host into a private
/// network), broke_protocol, timed_out, cancelled.
struct HttpExchange {
    Outcome<HttpAnswer> outcome;
    std::vector<HttpHop> hops;                 ///< also when it failed
};

class Http {
public:
    virtual ~Http() = default;
    virtual Task<HttpExchange> fetch(HttpRequest request) = 0;
};

std::unique_ptr<Http> make_curl_http(asio::io_context& loop, std::shared_ptr<TlsClient> tls, Resolver& resolver, Connector& connector, Clock& clock,
                                     HostLedger& ledger, RacePolicy policy = {});

}
