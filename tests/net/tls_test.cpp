// TLS over real connections: implicit TLS and STARTTLS take the same path, the chain is captured before anything is decided.
#include "tests/net/loopback.hpp"

#include <doctest/doctest.h>

using namespace portolan;
using namespace portolan::scripted;

namespace {

struct Greeted {
    Outcome<void> secured;
    std::optional<TlsFacts> facts;
    std::string answer;                        ///< one line, after the handshake
};

/// Connects, says STARTTLS where it is due, and starts TLS for `name`.
Task<Greeted> meet(Loopback& world, Port port, bool starttls, Hostname name)
{
    auto connector = make_socket_connector(world.tls);
    auto stream = co_await connector->connect(IpEndpoint(asio::ip::address_v4::loopback(), port));
    if (!stream) co_return Greeted{std::unexpected(stream.error()), {}, {}};
    Channel channel(std::move(*stream), world.clock);
    if (starttls) {
        (void)co_await channel.write_line("STARTTLS", Stage::starttls);
        auto go = co_await channel.read_line(Stage::starttls);
        if (!go) co_return Greeted{std::unexpected(go.error()), {}, {}};
    }
    Greeted met;
    met.secured = co_await channel.start_tls(name);
    met.facts = channel.tls();
    if (met.secured) {
        (void)co_await channel.write_line("hello", Stage::capability);
        auto line = co_await channel.read_line(Stage::capability);
        if (line) met.answer = *line;
    }
    co_return met;
}

/// Answers STARTTLS where it is due, then echoes one line inside TLS.
Loopback::Session echo(bool starttls)
{
    return [starttls](DemoPeer& peer) -> Task<void> {
        if (starttls) {
            if (!co_await peer.line() || !co_await peer.say("220 go")) co_return;
        }
        if (!co_await peer.start_tls()) co_return;
        const auto line = co_await peer.line();
        if (line) co_await peer.say("echo " + *line);
    };
}

int note_name(SSL* ssl, int*, void* argument)
{
    const char* name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    *static_cast<std::string*>(argument) = name ? name : "(none)";
    return SSL_TLSEXT_ERR_OK;
}

}

TEST_CASE("a good server: SNI is sent, TLS 1.3 spoken, the certificate judged, lines go both ways")
{
    for (const bool starttls : {false, true}) {
        CAPTURE(starttls);
        Loopback world;
        std::string asked_for;
        const auto context = server_context(world.chain("DNS:mail.example.org"));
        SSL_CTX_set_tlsext_servername_callback(context.get(), note_name);
        SSL_CTX_set_tlsext_servername_arg(context.get(), &asked_for);
        const auto met = world.run(meet(world, world.serve(context, echo(starttls)), starttls, host("mail.example.org")));
        REQUIRE(met.secured);
        CHECK(asked_for == "mail.example.org");
        CHECK(met.facts->version == "TLSv1.3");
        CHECK(!met.facts->cipher.empty());
        CHECK(!met.facts->certificate.problem);
        CHECK(met.facts->certificate.chain.size() == 2);
        CHECK(met.answer == "echo hello");
    }
}

TEST_CASE("no SNI for an IP literal (RFC 6066 section 3)")
{
    Loopback world;
    std::string asked_for = "(not called)";
    const auto context = server_context(world.chain("IP:127.0.0.1"));
    SSL_CTX_set_tlsext_servername_callback(context.get(), note_name);
    SSL_CTX_set_tlsext_servername_arg(context.get(), &asked_for);
    const auto met = world.run(meet(world, world.serve(context, echo(false)), false, host("127.0.0.1")));
    REQUIRE(met.secured);
    CHECK(asked_for != "127.0.0.1");
    CHECK(!met.facts->certificate.problem);
}

TEST_CASE("a bad certificate is captured with its whole chain, and the handshake still stands")
{
    for (const bool starttls : {false, true}) {
        CAPTURE(starttls);
        Loopback world;
        struct Row { std::vector<Made> chain; VerdictCode problem; };
        for (const auto& [chain, problem] :
             std::vector<Row>{{world.chain("DNS:www.example.org", {.to_days = -2}), VerdictCode::certificate_expired},
                              {world.chain("DNS:www.example.org"), VerdictCode::certificate_name_mismatch},
                              {{make_certificate({.alternative_names = "DNS:mail.example.org"})}, VerdictCode::certificate_self_signed},
                              {world.chain("DNS:mail.example.org", {.key = "RSA 1024"}), VerdictCode::certificate_weak}}) {
            CAPTURE(slug(problem));
            const auto met = world.run(meet(world, world.serve(server_context(chain), echo(starttls)), starttls, host("mail.example.org")));
            REQUIRE(met.secured);
            CHECK(met.facts->certificate.problem == problem);
            CHECK(met.facts->certificate.chain.size() == chain.size());
            CHECK(met.facts->certificate.chain.front() == chain.front().pem());
        }
    }
}

TEST_CASE("a server that knows only TLS 1.0 and 1.1 is told apart from a broken handshake")
{
    for (const int version : {TLS1_VERSION, TLS1_1_VERSION}) {
        Loopback world;
        const auto context = server_context(world.chain("DNS:mail.example.org"));
        SSL_CTX_set_min_proto_version(context.get(), TLS1_VERSION);
        SSL_CTX_set_max_proto_version(context.get(), version);
        const auto met = world.run(meet(world, world.serve(context, echo(false)), false, host("mail.example.org")));
        REQUIRE(!met.secured);
        CHECK(slug(met.secured.error().cause) == "tls-version");
        CHECK(met.secured.error().stage == Stage::tls);
    }
    Loopback world;
    const auto older = server_context(world.chain("DNS:mail.example.org"));
    SSL_CTX_set_max_proto_version(older.get(), TLS1_2_VERSION);
    const auto met = world.run(meet(world, world.serve(older, echo(false)), false, host("mail.example.org")));
    REQUIRE(met.secured);
    CHECK(met.facts->version == "TLSv1.2");
}

TEST_CASE("plain text where TLS is due: not a broken handshake, and their words ride along")
{
    Loopback world;
    for (const auto* words : {"* OK IMAP ready\r\n", "+OK POP3 ready\r\n", "220 smtp ready\r\n", "HTTP/1.1 400 Bad Request\r\n\r\n"}) {
        CAPTURE(words);
        const auto port = world.serve(nullptr, [text = std::string(words)](DemoPeer& peer) -> Task<void> {
            co_await peer.say_raw(text);
            while (co_await peer.line()) {}
        });
        const auto met = world.run(meet(world, port, false, host("mail.example.org")));
        REQUIRE(!met.secured);
        CHECK(slug(met.secured.error().cause) == "tls-not-spoken");
        CHECK(met.secured.error().reply.starts_with(std::string(words, 4)));
    }
}

TEST_CASE("a connection that is closed in the handshake")
{
    for (const bool starttls : {false, true}) {
        CAPTURE(starttls);
        Loopback world;
        const auto port = world.serve(nullptr, [starttls](DemoPeer& peer) -> Task<void> {
            if (starttls && (!co_await peer.line() || !co_await peer.say("220 go"))) co_return;
        });
        const auto met = world.run(meet(world, port, starttls, host("mail.example.org")));
        REQUIRE(!met.secured);
        const bool gone = met.secured.error().cause == Cause::closed || met.secured.error().cause == Cause::reset;
        CHECK(gone);
        CHECK(met.secured.error().stage == Stage::tls);
    }
}

TEST_CASE("rule 2: an answer smuggled behind STARTTLS is seen on a real connection, too")
{
    Loopback world;
    const auto port = world.serve(server_context(world.chain("DNS:mail.example.org")), [](DemoPeer& peer) -> Task<void> {
        if (!co_await peer.line()) co_return;
        co_await peer.say_raw("220 go\r\n250-evil\r\n");
        co_await peer.line();
    });
    const auto met = world.run(meet(world, port, true, host("mail.example.org")));
    REQUIRE(!met.secured);
    CHECK(met.secured.error().cause == Cause::tls_injected);
}

TEST_CASE("a closed port is refused at once")
{
    Loopback world;
    const auto met = world.run(meet(world, world.unused_port(), false, host("mail.example.org")));
    REQUIRE(!met.secured);
    CHECK(met.secured.error().cause == Cause::refused);
    CHECK(met.secured.error().stage == Stage::connect);
}

TEST_CASE("a cancelled handshake closes its socket")
{
    Loopback world;
    bool hello = false, gone = false;
    const auto port = world.serve(nullptr, [&](DemoPeer& peer) -> Task<void> {
        hello = true;
        while (co_await peer.line()) {}                                // the hello, and then the end of the stream
        gone = true;
    });
    asio::cancellation_signal stop;
    std::optional<Greeted> met;
    asio::co_spawn(world.loop, meet(world, port, false, host("mail.example.org")),
                   asio::bind_cancellation_slot(stop.slot(), [&](std::exception_ptr, Greeted one) { met = std::move(one); }));
    world.run_until([&] { return hello; });
    CHECK(!met);
    stop.emit(asio::cancellation_type::all);
    world.run_until([&] { return met.has_value() && gone; });
    REQUIRE(!met->secured);
    CHECK(met->secured.error().cause == Cause::cancelled);
}

TEST_CASE("anchors come from a file; one without certificates is named")
{
    SteadyClock clock;
    const auto bad = TlsClient::make({"tests/net/CMakeLists.txt"}, clock);
    REQUIRE(!bad);
    CHECK(bad.error() == "tests/net/CMakeLists.txt");
    CHECK(!TlsClient::make({"/nowhere/at/all.pem"}, clock));
}
