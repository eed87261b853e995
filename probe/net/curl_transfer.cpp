#include "probe/net/curl_transfer.hpp"

#include <cctype>
#include <cerrno>
#include <cstring>
#include <openssl/ssl.h>

namespace portolan {

namespace {

/// The judge, as curl's own verification: a chain it refuses ends the handshake before a byte of the request is sent.
int judge_certificate(X509_STORE_CTX* context, void* argument)
{
    auto* transfer = static_cast<CurlTransfer*>(argument);
    std::vector<X509*> chain;
    if (X509* leaf = X509_STORE_CTX_get0_cert(context)) chain.push_back(leaf);
    if (const STACK_OF(X509)* others = X509_STORE_CTX_get0_untrusted(context))
        for (int i = 0; i < sk_X509_num(others) && i < 30; ++i)
            if (X509* one = sk_X509_value(others, i); chain.empty() || X509_cmp(one, chain.front()) != 0) chain.push_back(one);
    TlsFacts facts;
    facts.certificate = transfer->tls->judge(chain, transfer->host);
    transfer->untrusted = facts.certificate.problem.has_value();
    transfer->facts = std::move(facts);
    if (!transfer->untrusted) return 1;
    X509_STORE_CTX_set_error(context, X509_V_ERR_CERT_REJECTED);
    return 0;
}

CURLcode prepare_tls(CURL*, void* context, void* argument)
{
    auto* ctx = static_cast<SSL_CTX*>(context);
    SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION);
    SSL_CTX_set_cert_verify_callback(ctx, judge_certificate, argument);
    return CURLE_OK;
}

curl_socket_t open_socket(void* argument, curlsocktype, curl_sockaddr* address)
{
    const auto* transfer = static_cast<CurlTransfer*>(argument);
    IpEndpoint wanted;
    if (address->addrlen > wanted.capacity()) return CURL_SOCKET_BAD;
    std::memcpy(wanted.data(), &address->addr, address->addrlen);
    wanted.resize(address->addrlen);
    const auto routed = transfer->connector->route(wanted);
    if (routed.size() > sizeof address->addr && routed.size() > address->addrlen) return CURL_SOCKET_BAD;
    address->family = routed.protocol().family();
    address->addrlen = static_cast<unsigned>(routed.size());
    std::memcpy(&address->addr, routed.data(), routed.size());
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

std::size_t take_body(char* data, std::size_t one, std::size_t count, void* argument)
{
    auto* transfer = static_cast<CurlTransfer*>(argument);
    if (transfer->body.size() + one * count > transfer->body_cap) {
        transfer->too_much = true;
        return 0;
    }
    transfer->body.append(data, one * count);
    return one * count;
}

std::size_t take_header(char* data, std::size_t one, std::size_t count, void* argument)
{
    auto* transfer = static_cast<CurlTransfer*>(argument);
    transfer->header_bytes += one * count;
    if (transfer->header_bytes > 64 * 1024) {
        transfer->too_much = true;
        return 0;
    }
    const std::string_view line(data, one * count);
    if (line.starts_with("HTTP/")) transfer->headers.clear(); // an interim answer (100, 103) had headers of its own
    if (const auto colon = line.find(':'); colon != std::string_view::npos && colon > 0) {
        std::string name(line.substr(0, colon)), value(line.substr(colon + 1));
        std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        const auto first = value.find_first_not_of(" \t");
        const auto last = value.find_last_not_of(" \t\r\n");
        transfer->headers.emplace_back(std::move(name), first == std::string::npos || last == std::string::npos || last < first
                                                            ? std::string()
                                                            : value.substr(first, last - first + 1));
    }
    return one * count;
}

}

std::optional<HttpUrl> read_http_url(const std::string& text)
{
    if (text.size() > 4096 || std::ranges::any_of(text, [](unsigned char c) { return c <= ' ' || c == 0x7f; })) return std::nullopt;
    // curl takes one slash or three for two, and the first label of the path for a host.
    const auto slashes = text.find("://");
    if (slashes == std::string::npos || text.find('/', slashes + 3) == slashes + 3) return std::nullopt;
    CURLU* parsed = curl().url();
    HttpUrl url;
    std::optional<HttpUrl> result;
    char *scheme = nullptr, *host = nullptr, *port = nullptr, *user = nullptr;
    if (curl().url_set(parsed, CURLUPART_URL, text.c_str(), CURLU_DISALLOW_USER) == CURLUE_OK &&
        curl().url_get(parsed, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK && curl().url_get(parsed, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
        curl().url_get(parsed, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK) {
        const auto name = parse_hostname(host);
        const std::string_view kind(scheme);
        if (name && (kind == "https" || kind == "http")) {
            url.https = kind == "https";
            url.host = *name;
            url.port = static_cast<Port>(std::atoi(port));
            url.text = text;
            result = std::move(url);
        }
    }
    curl().free(scheme);
    curl().free(host);
    curl().free(port);
    curl().free(user);
    curl().url_cleanup(parsed);
    return result;
}

bool set_up(CurlTransfer& transfer, const HttpUrl& url, const HttpRequest& request, const std::vector<IpAddress>& addresses,
            CurlNeeds needs)
{
    CURL* easy = transfer.easy = curl().easy_init();
    if (!easy) return false;
    transfer.tls = &needs.tls;
    transfer.connector = &needs.connector;
    transfer.host = url.host;
    transfer.body_cap = request.body_cap;
    std::string pin = (url.host.is_ip() && url.host.text().find(':') != std::string::npos ? "[" + url.host.text() + "]" : url.host.text()) +
                      ":" + std::to_string(url.port) + ":";
    for (std::size_t i = 0; i < addresses.size(); ++i)
        pin += (i ? "," : "") + (addresses[i].is_v6() ? "[" + addresses[i].to_string() + "]" : addresses[i].to_string());
    transfer.pins = curl().slist_append(nullptr, pin.c_str());
    curl().easy_setopt(easy, CURLOPT_URL, url.text.c_str());
    curl().easy_setopt(easy, CURLOPT_RESOLVE, transfer.pins);
    curl().easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L); // a reused connection would not have gone through this request's addresses and judge
    curl().easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
    curl().easy_setopt(easy, CURLOPT_PROTOCOLS_STR, request.allow_plain ? "https,http" : "https");
    curl().easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl().easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl().easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(needs.policy.connect_limit.count()) * 2);
    curl().easy_setopt(easy, CURLOPT_HAPPY_EYEBALLS_TIMEOUT_MS, static_cast<long>(needs.policy.stagger.count()));
    curl().easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
    curl().easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
    curl().easy_setopt(easy, CURLOPT_USERAGENT, "Portolan/" PORTOLAN_VERSION);
    curl().easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer.error);
    curl().easy_setopt(easy, CURLOPT_CAINFO, nullptr);
    curl().easy_setopt(easy, CURLOPT_CAPATH, nullptr);
    curl().easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl().easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L); // the judge compares the name itself, by RFC 9525
    curl().easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, prepare_tls);
    curl().easy_setopt(easy, CURLOPT_SSL_CTX_DATA, &transfer);
    curl().easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl().easy_setopt(easy, CURLOPT_OPENSOCKETDATA, &transfer);
    curl().easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl().easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
    curl().easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
    curl().easy_setopt(easy, CURLOPT_HEADERDATA, &transfer);
    curl().easy_setopt(easy, CURLOPT_PRIVATE, &transfer);
    // In the demonstration the way to a host is not the network's: a proxy would not know it.
    const IpEndpoint first(addresses.front(), url.port);
    if (needs.connector.route(first) != first) curl().easy_setopt(easy, CURLOPT_PROXY, "");
    if (request.method != "GET") {
        curl().easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
        curl().easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
        curl().easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, request.body.c_str());
        if (!request.content_type.empty())
            transfer.header_lines = curl().slist_append(transfer.header_lines, ("Content-Type: " + request.content_type).c_str());
    }
    if (std::ranges::none_of(request.headers, [](const std::string& line) { return line.starts_with("Accept:"); }))
        transfer.header_lines = curl().slist_append(transfer.header_lines, "Accept: */*");
    for (const auto& line : request.headers) transfer.header_lines = curl().slist_append(transfer.header_lines, line.c_str());
    curl().easy_setopt(easy, CURLOPT_HTTPHEADER, transfer.header_lines);
    return true;
}

Failure failure_of(CURLcode code, const CurlTransfer& transfer)
{
    const std::string words = transfer.error;
    if (transfer.untrusted) return {Stage::tls, Cause::untrusted_certificate, words};
    if (transfer.too_much) return {Stage::request, Cause::too_much, words};
    switch (code) {
    case CURLE_COULDNT_CONNECT: {
        long reason = 0; // curl's words do not say it since 7.85
        curl().easy_getinfo(transfer.easy, CURLINFO_OS_ERRNO, &reason);
        return {Stage::connect, reason == ECONNREFUSED ? Cause::refused : reason == ECONNRESET ? Cause::reset : Cause::unreachable, words};
    }
    case CURLE_OPERATION_TIMEDOUT: {
        double connected = 0;
        curl().easy_getinfo(transfer.easy, CURLINFO_CONNECT_TIME, &connected);
        return {connected > 0 ? Stage::request : Stage::connect, Cause::timed_out, words};
    }
    case CURLE_SSL_CONNECT_ERROR:
        return {Stage::tls, words.find("wrong version") != std::string::npos ? Cause::tls_not_spoken : Cause::tls_failed, words};
    case CURLE_PEER_FAILED_VERIFICATION: return {Stage::tls, Cause::untrusted_certificate, words};
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR: return {Stage::request, Cause::reset, words};
    case CURLE_GOT_NOTHING: return {Stage::request, Cause::closed, words};
    case CURLE_FILESIZE_EXCEEDED: return {Stage::request, Cause::too_much, words};
    default: return {Stage::request, Cause::broke_protocol, words};
    }
}

}
