// One HTTP transfer as libcurl sees it: its settings, what its callbacks collect, and what its end means. Addresses come pinned from our
// resolver, certificates go to our judge, bodies and headers are capped. Included by curl_http alone: libcurl is confined to
// these two and curl_library.
#pragma once

#include "probe/net/curl_library.hpp"
#include "probe/net/http.hpp"

namespace portolan {

struct HttpUrl {
    bool https = false;
    Hostname host;
    Port port = 0;
    std::string text;
};

/// http or https, without a user name, at most 4096 octets; nothing else, and no form that curl reads in a way of its own.
std::optional<HttpUrl> read_http_url(const std::string& text);

/// What curl's callbacks fill in. Stays where it is from set_up to its end: curl holds its address.
struct CurlTransfer {
    CURL* easy = nullptr;
    TlsClient* tls = nullptr;
    Connector* connector = nullptr;
    Hostname host;
    std::size_t body_cap = 0;
    std::string body, location, content_type;
    std::vector<std::pair<std::string, std::string>> headers;
    std::size_t header_bytes = 0;
    std::optional<TlsFacts> facts;
    bool too_much = false, untrusted = false;
    char error[CURL_ERROR_SIZE] = {};
    std::function<void(CURLcode)> done;
    curl_slist *pins = nullptr, *header_lines = nullptr;

    CurlTransfer() = default;
    CurlTransfer(const CurlTransfer&) = delete;
    CurlTransfer& operator=(const CurlTransfer&) = delete;
    ~CurlTransfer()
    {
        if (!easy) return;                     // nothing of curl was ever made
        curl().easy_cleanup(easy);
        curl().slist_free_all(pins);
        curl().slist_free_all(header_lines);
    }
};

/// Who a transfer asks: all of it outlives the transfer.
struct CurlNeeds {
    TlsClient& tls;
    Connector& connector;
    const RacePolicy& policy;
};

/// Makes `transfer` ready for the multi interface, for this one hop and these addresses alone. false: curl could not be set up.
bool set_up(CurlTransfer& transfer, const HttpUrl& url, const HttpRequest& request, const std::vector<IpAddress>& addresses,
            CurlNeeds needs);

/// What a `code` other than CURLE_OK means.
Failure failure_of(CURLcode code, const CurlTransfer& transfer);

}
