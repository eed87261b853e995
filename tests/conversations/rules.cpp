// Design section 4, the rules that concern dialogs and what is tried with them. One case a rule, its number in the name; where a rule has
// many faces, the other files of this folder show them.
#include "tests/conversations/perform.hpp"
#include "tests/conversations/small_world.hpp"

#include "probe/trial/trial.hpp"

using namespace portolan;
using namespace portolan::tests;

namespace {

const Hostname domain = *parse_hostname("example.org");

Service imap_service()
{
    Service one;
    one.host = *parse_hostname("mail.example.org");
    one.port = 993;
    return one;
}

bool holds_secret(std::string_view text)
{
    return std::ranges::any_of(forms_of_secret(alice), [&](const std::string& form) { return text.find(form) != std::string_view::npos; });
}

}

TEST_CASE("rule 1: nothing secret before TLS is up and the certificate is accepted")
{
    for (const auto* tls : {"TLS expired\n", ""}) {
        const bool plain = std::string_view(tls).empty();
        for (const auto& take : perform({.security = plain ? Security::plaintext : Security::tls, .login = alice,
                                         .script = std::string(tls) + "S: * OK\nC: p1 CAPABILITY\nS: * CAPABILITY IMAP4rev1 AUTH=PLAIN\nS: p1 OK\nC: p2 LOGOUT\n= " +
                                                   (plain ? "sign-in bad-value" : "sign-in untrusted-certificate")}))
            CHECK_FALSE(holds_secret(take.played.clear + take.played.encrypted));
    }
    asio::io_context loop;                                             // and the channel itself would not carry it
    VirtualClock clock(loop);
    const auto played = std::make_shared<Played>();
    Channel channel(std::make_unique<ScriptedStream>(parse_script("C: PASS x"), Feed::whole, clock, played), clock);
    std::optional<Outcome<void>> outcome;
    asio::co_spawn(loop, channel.write_secret_line("PASS x", "PASS", Stage::sign_in), [&](std::exception_ptr, Outcome<void> value) { outcome = value; });
    clock.run([&] { return outcome.has_value(); });
    CHECK(outcome->error().cause == Cause::bad_value);
    CHECK(played->clear.empty());
}

TEST_CASE("rule 2: bytes behind the STARTTLS answer are tls-injection")
{
    for (const auto& take : perform({.security = Security::starttls, .script = "S: * OK\nC: p1 CAPABILITY\nS: * CAPABILITY IMAP4rev1 STARTTLS\nS: p1 OK\nC: p2 STARTTLS\nS: p2 OK\nS: * BYE\n= starttls tls-injected"}))
        CHECK(verdict_for(take.heard.outcome.error(), imap_service(), domain, {})->code == VerdictCode::tls_injection);
}

TEST_CASE("rule 3: what was learnt in clear is forgotten")
{
    for (const auto& take : perform({.kind = ServiceKind::smtp, .security = Security::starttls,
                                     .script = "S: 220 hi\nC: EHLO [127.0.0.1]\nS: 250-hi\nS: 250-AUTH LOGIN\nS: 250 STARTTLS\nC: STARTTLS\nS: 220 go\nTLS\nC: EHLO [127.0.0.1]\nS: 250-hi\nS: 250 AUTH PLAIN\nC: QUIT\n= ok"})) {
        CHECK(take.heard.mechanisms == std::vector{Mechanism::plain});
        CHECK(take.heard.capabilities == std::vector<std::string>{"AUTH PLAIN"});
    }
}

TEST_CASE("rule 4: PREAUTH in clear stops")
{
    for (const auto security : {Security::starttls, Security::plaintext})
        for (const auto& take : perform({.security = security, .script = "S: * PREAUTH [CAPABILITY IMAP4rev1 STARTTLS] hello\n= greeting broke-protocol"})) CHECK(take.played.lines.empty());
}

TEST_CASE("rule 5: STARTTLS absent, refused or unknown stops, also without a sign-in")
{
    const std::string asked = "S: 220 hi\nC: EHLO [127.0.0.1]\nS: 250-hi\nS: 250 STARTTLS\nC: STARTTLS\n";
    perform({.kind = ServiceKind::smtp, .security = Security::starttls, .script = "S: 220 hi\nC: EHLO [127.0.0.1]\nS: 250 hi\nC: QUIT\n= starttls not-offered"});
    perform({.kind = ServiceKind::smtp, .security = Security::starttls, .script = asked + "S: 454 later\nC: QUIT\n= starttls rejected"});
    perform({.kind = ServiceKind::smtp, .security = Security::starttls, .script = asked + "S: 500 what\nC: QUIT\n= starttls rejected"});
}

TEST_CASE("rule 6: an unexpected greeting, an early tagged reply or a wrong code stops")
{
    perform({.script = "TLS\nS: p1 OK hello\n= greeting broke-protocol"});
    perform({.script = "TLS\nS: * OK\nC: p1 CAPABILITY\nS: p2 OK\n= capability broke-protocol"});
    perform({.kind = ServiceKind::smtp, .script = "TLS\nS: 220 hi\nC: EHLO [127.0.0.1]\nS: 354 go on\n= capability broke-protocol"});
}

TEST_CASE("rule 8: the server's words are kept raw as theirs, and lose controls, escapes and length on their way to a person")
{
    for (const auto& take : perform({.login = alice, .script = "TLS\nS: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN]\nC: p1 AUTHENTICATE PLAIN «\\0alice@example.org\\0correct horse»\nS: p1 NO \\e[2J\\xe2\\x80\\xaeno" +
                                                                  std::string(9000, '!') + "\nC: p2 LOGOUT\nS: p2 OK\n= sign-in rejected"})) {
        CHECK(take.heard.refusal.size() > 9000);
        CHECK(take.heard.outcome.error().reply.size() == 4096);
        const auto shown = clean_server_text(take.heard.refusal);
        CHECK(shown.starts_with("NO no!"));
        CHECK(shown.size() == 300);
    }
}

TEST_CASE("rule 15: STARTTLS means STARTTLS, TLS means TLS: no plan encrypts only if it can")
{
    perform({.security = Security::tls, .script = "S: * OK [CAPABILITY IMAP4rev1 STARTTLS] in clear\n= tls tls-not-spoken"});
    perform({.security = Security::starttls, .script = "S: * OK\nC: p1 CAPABILITY\nS: * CAPABILITY IMAP4rev1\nS: p1 OK\nC: p2 LOGOUT\n= starttls not-offered"});
    CHECK(DialogPlan().endpoint.security == Security::tls);
}

TEST_CASE("rule 19: bytes, lines, time and iterations are bounded")
{
    asio::io_context loop;
    VirtualClock clock(loop);
    const auto reads = [&](const std::string& script, ChannelBounds bounds) {
        Channel channel(std::make_unique<ScriptedStream>(parse_script(script), Feed::byte, clock, std::make_shared<Played>()), clock, bounds);
        int lines = 0;
        for (;;) {
            std::optional<Outcome<std::string>> line;
            asio::co_spawn(loop, channel.read_line(Stage::greeting), [&](std::exception_ptr, Outcome<std::string> value) { line = value; });
            clock.run([&] { return line.has_value(); });
            if (!*line) return std::to_string(lines) + " " + std::string(slug(line->error().cause));
            ++lines;
        }
    };
    CHECK(reads("S: abc", {}) == "1 closed");
    CHECK(reads("S*50: abc", {.lines = 7}) == "7 too-much");
    CHECK(reads("S: 12345678\nS: 123456789", {.line = 8}) == "1 too-much");
    CHECK(reads("S! 1234567890", {.line = 8}) == "0 too-much");
    CHECK(reads("S*50: 12345678", {.total = 45}) == "4 too-much");

    for (const auto& take : perform({.script = "TLS\nS: * OK\nC: p1 CAPABILITY\nSILENT\n= capability timed-out"})) CHECK(take.took == 10s);
    perform({.login = alice, .script = "TLS\nS: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=SCRAM-SHA-256]\nC: p1 AUTHENTICATE SCRAM-SHA-256 «scram:client-first»\nS: + «scram:server-first»\nC: *\n= sign-in broke-protocol",
             .scram = {.iterations = "2147483647"}});

    SmallWorld world;                                                  // a drip that keeps every step in time ends with the endpoint's ten seconds
    std::string drip = "TLS\nS: * OK\nC: p1 CAPABILITY\n";
    for (int i = 0; i < 10; ++i) drip += "WAIT 4000\nS: * OK still here\n";
    world.serve(993, drip);
    const auto began = world.clock.now();
    const auto trial = world.run(try_service(imap_service(), domain, world.around, {}));
    CHECK(trial.outcome.error().cause == Cause::timed_out);
    CHECK(world.clock.now() - began == 10s);
}

TEST_CASE("rule 24: CR, LF or NUL in any value stops it before use")
{
    for (const auto& login : std::initializer_list<Login>{{"alice\r\nDELE 1", "correct horse"}, {"alice", std::string("correct\0horse", 13)}})
        for (const auto& take : perform({.kind = ServiceKind::pop3, .login = login, .script = "TLS\nS: +OK\nC: CAPA\nS: -ERR\nC: QUIT\n= sign-in bad-value"})) CHECK(take.played.lines.size() == 2);
    for (const std::string& line : {std::string("a\rb"), std::string("a\nb"), std::string("a\0b", 3)}) {
        asio::io_context loop;
        VirtualClock clock(loop);
        const auto played = std::make_shared<Played>();
        Channel channel(std::make_unique<ScriptedStream>(Script{}, Feed::whole, clock, played), clock);
        std::optional<Outcome<void>> outcome;
        asio::co_spawn(loop, channel.write_line(line, Stage::request), [&](std::exception_ptr, Outcome<void> value) { outcome = value; });
        clock.run([&] { return outcome.has_value(); });
        CHECK(outcome->error().cause == Cause::bad_value);
        CHECK(played->clear.empty());
    }
    CHECK_FALSE(parse_hostname("mail.example.org\r\nQUIT"));
    CHECK_FALSE(parse_hostname(std::string_view("mail\0.example.org", 17)));
}
