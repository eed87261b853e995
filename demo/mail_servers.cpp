// IMAP, POP3 and submission as the demonstration speaks them, and the web server of its settings.
#include "demo/servers.hpp"

#include <cctype>

namespace portolan {

namespace {

std::string upper(std::string_view text)
{
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return result;
}

std::pair<std::string, std::string> split(const std::string& text)
{
    const auto space = text.find(' ');
    return space == std::string::npos ? std::pair(text, std::string()) : std::pair(text.substr(0, space), text.substr(space + 1));
}

/// The two strings of LOGIN, quoted or bare.
std::vector<std::string> strings_of(std::string_view text)
{
    std::vector<std::string> found;
    for (std::size_t i = 0; i < text.size();) {
        if (text[i] == ' ') {
            ++i;
            continue;
        }
        std::string one;
        if (text[i] == '"') {
            for (++i; i < text.size() && text[i] != '"'; ++i) {
                if (text[i] == '\\' && i + 1 < text.size()) ++i;
                one += text[i];
            }
            ++i;
        } else
            while (i < text.size() && text[i] != ' ') one += text[i++];
        found.push_back(std::move(one));
    }
    return found;
}

}

Task<void> serve_imap(DemoPeer& peer, const DemoServer& server)
{
    bool secure = server.security == Security::tls, signed_in = false;
    const auto capabilities = [&] { return secure ? "IMAP4rev1 SASL-IR AUTH=PLAIN AUTH=LOGIN ID IDLE" : "IMAP4rev1 STARTTLS LOGINDISABLED"; };
    if (!co_await peer.say(std::string("* OK [CAPABILITY ") + capabilities() + "] Demonstration mail ready.")) co_return;
    std::string named;
    while (auto line = co_await peer.line()) {
        const auto [tag, rest] = split(*line);
        const auto [verb, arguments] = split(rest);
        const auto command = upper(verb);
        const auto finish = [&](std::string text) { return peer.say(tag + " " + std::move(text)); };
        std::optional<std::pair<std::string, std::string>> credentials;
        bool alive = true;
        if (command == "CAPABILITY") alive = co_await peer.say(std::string("* CAPABILITY ") + capabilities()) && co_await finish("OK Capability completed.");
        else if (command == "STARTTLS" && !secure) {
            if (!co_await finish("OK Begin TLS negotiation now.") || !co_await peer.start_tls()) co_return;
            secure = true;
        } else if (command == "AUTHENTICATE" && secure) {
            const auto [mechanism, initial] = split(arguments);
            if (upper(mechanism) == "PLAIN") {
                auto response = initial;
                if (response.empty()) {
                    if (!co_await peer.say("+ ")) co_return;
                    auto more = co_await peer.line();
                    if (!more) co_return;
                    response = *more;
                }
                credentials = demo_read_plain(response);
            } else if (upper(mechanism) == "LOGIN") {
                if (!co_await peer.say("+ " + demo_base64("User Name"))) co_return;
                auto name = co_await peer.line();
                if (!name || !co_await peer.say("+ " + demo_base64("Password"))) co_return;
                auto password = co_await peer.line();
                if (!password) co_return;
                credentials = std::pair(demo_unbase64(*name), demo_unbase64(*password));
            } else alive = co_await finish("NO Unknown mechanism.");
        } else if (command == "LOGIN" && secure) {
            const auto words = strings_of(arguments);
            if (words.size() == 2) credentials = std::pair(words[0], words[1]);
            else alive = co_await finish("BAD LOGIN takes two arguments.");
        } else if (command == "LOGOUT") {
            if (co_await peer.say("* BYE Logging out.")) (void)co_await finish("OK Logout completed.");
            co_return;
        } else if (command == "NOOP" || (signed_in && command == "ID")) alive = co_await finish("OK Completed.");
        else if (signed_in && command == "LIST") alive = co_await peer.say("* LIST (\\HasNoChildren) \"/\" INBOX") && co_await finish("OK List completed.");
        else alive = co_await finish("BAD Unknown command.");
        if (credentials) {
            signed_in = demo_signs_in(credentials->first, credentials->second);
            const bool app_password = server.story == DemoStory::app_password_needed;
            alive = co_await finish(signed_in ? "OK Signed in." : std::string(app_password ? "NO [ALERT] " : "NO [AUTHENTICATIONFAILED] ") + std::string(demo_refusal(credentials->first)));
        }
        if (!alive) co_return;
    }
}

Task<void> serve_pop3(DemoPeer& peer, const DemoServer& server)
{
    bool secure = server.security == Security::tls;
    if (!co_await peer.say("+OK Demonstration mail ready.")) co_return;
    std::string named;
    while (auto line = co_await peer.line()) {
        const auto [verb, arguments] = split(*line);
        const auto command = upper(verb);
        std::optional<std::pair<std::string, std::string>> credentials;
        bool alive = true;
        if (command == "CAPA") alive = co_await peer.say(secure ? "+OK\r\nUSER\r\nUIDL\r\nSASL PLAIN LOGIN\r\n." : "+OK\r\nSTLS\r\nUIDL\r\n.");
        else if (command == "STLS" && !secure) {
            if (!co_await peer.say("+OK Begin TLS negotiation now.") || !co_await peer.start_tls()) co_return;
            secure = true;
        } else if (command == "USER" && secure) {
            named = arguments;
            alive = co_await peer.say("+OK");
        } else if (command == "PASS" && secure) credentials = std::pair(named, arguments);
        else if (command == "AUTH" && secure && upper(arguments) == "PLAIN") {
            if (!co_await peer.say("+ ")) co_return;
            auto response = co_await peer.line();
            if (!response) co_return;
            credentials = demo_read_plain(*response);
        } else if (command == "QUIT") {
            (void)co_await peer.say("+OK Logging out.");
            co_return;
        } else alive = co_await peer.say("-ERR Unknown command.");
        if (credentials) alive = co_await peer.say(demo_signs_in(credentials->first, credentials->second) ? "+OK Signed in." : "-ERR [AUTH] " + std::string(demo_refusal(credentials->first)));
        if (!alive) co_return;
    }
}

Task<void> serve_smtp(DemoPeer& peer, const DemoServer& server)
{
    bool secure = server.security == Security::tls;
    const std::string host(server.host);
    if (!co_await peer.say("220 " + host + " ESMTP")) co_return;
    while (auto line = co_await peer.line()) {
        const auto [verb, arguments] = split(*line);
        const auto command = upper(verb);
        std::optional<std::pair<std::string, std::string>> credentials;
        bool alive = true;
        if (command == "EHLO") alive = co_await peer.say("250-" + host + "\r\n250-SIZE 52428800\r\n250-8BITMIME\r\n" + (secure ? "250 AUTH PLAIN LOGIN" : "250 STARTTLS"));
        else if (command == "STARTTLS" && !secure) {
            if (!co_await peer.say("220 Ready to start TLS") || !co_await peer.start_tls()) co_return;
            secure = true;
        } else if (command == "AUTH" && secure) {
            const auto [mechanism, initial] = split(arguments);
            if (upper(mechanism) == "PLAIN") {
                auto response = initial;
                if (response.empty()) {
                    if (!co_await peer.say("334 ")) co_return;
                    auto more = co_await peer.line();
                    if (!more) co_return;
                    response = *more;
                }
                credentials = demo_read_plain(response);
            } else if (upper(mechanism) == "LOGIN") {
                if (!co_await peer.say("334 " + demo_base64("Username:"))) co_return;
                auto name = co_await peer.line();
                if (!name || !co_await peer.say("334 " + demo_base64("Password:"))) co_return;
                auto password = co_await peer.line();
                if (!password) co_return;
                credentials = std::pair(demo_unbase64(*name), demo_unbase64(*password));
            } else alive = co_await peer.say("504 5.5.4 Unrecognized authentication type.");
        } else if (command == "QUIT") {
            (void)co_await peer.say("221 2.0.0 Bye");
            co_return;
        } else alive = co_await peer.say("500 5.5.2 Command not recognized.");
        if (credentials)
            alive = co_await peer.say(demo_signs_in(credentials->first, credentials->second) ? "235 2.7.0 Accepted"
                                      : server.story == DemoStory::app_password_needed       ? "534 5.7.9 " + std::string(demo_refusal(credentials->first))
                                                                                             : "535 5.7.8 " + std::string(demo_refusal(credentials->first)));
        if (!alive) co_return;
    }
}

namespace {

struct WebAnswer {
    std::string status, headers, body;
};

WebAnswer web_answer(std::string_view host, std::string_view path)
{
    if (host == "demo.example" && (path == "/.well-known/caldav" || path == "/.well-known/carddav"))
        return {"301 Moved Permanently", "Location: https://dav.demo.example/dav/\r\n", ""};
    if (host == "dav.demo.example" && path.starts_with("/dav/"))
        return {"401 Unauthorized", "DAV: 1, 3, calendar-access, addressbook\r\nWWW-Authenticate: Basic realm=\"Demonstration\"\r\n", ""};
    if (path.starts_with("/mail/config-v1.1.xml"))
        if (auto document = demo_document(host); !document.empty()) return {"200 OK", "Content-Type: text/xml\r\n", std::move(document)};
    return {"404 Not Found", "Content-Type: text/plain\r\n", "There is nothing at this path.\n"};
}

}

Task<void> serve_https(DemoPeer& peer, const DemoServer& server)
{
    auto request = co_await peer.line();
    if (!request) co_return;
    while (auto header = co_await peer.line())
        if (header->empty()) break;
    const auto answer = web_answer(server.host, split(split(*request).second).first);
    (void)co_await peer.say_raw("HTTP/1.1 " + answer.status + "\r\n" + answer.headers + "Content-Length: " + std::to_string(answer.body.size()) + "\r\nConnection: close\r\n\r\n" +
                                answer.body);
}

}
