// The bounded line channel (design rules 1, 2, 19, 24).
#include "probe/net/channel.hpp"
#include "tests/support/scripted_world.hpp"

#include <doctest/doctest.h>

using namespace portolan;
using namespace portolan::scripted;

namespace {

/// Gives out what was put in, `step` bytes at a time, and keeps what is written.
class TapeStream : public Stream {
public:
    TapeStream(std::string tape, std::size_t step, std::string& written) : tape_(std::move(tape)), step_(step), written_(written) {}
    Task<Outcome<std::size_t>> read_some(std::span<char> buffer) override
    {
        const auto size = std::min({buffer.size(), tape_.size(), step_});
        if (size == 0) co_return std::unexpected(Failure{Stage::request, Cause::closed, {}});
        std::copy_n(tape_.begin(), size, buffer.begin());
        tape_.erase(0, size);
        co_return size;
    }
    Task<Outcome<void>> write_all(std::string_view bytes) override
    {
        written_ += bytes;
        co_return Outcome<void>{};
    }
    Task<Outcome<TlsFacts>> start_tls(const Hostname&) override { co_return TlsFacts{"TLSv1.3", "a cipher", {}}; }
    void close() override { tape_.clear(); }
    IpEndpoint peer() const override { return {}; }

private:
    std::string tape_;
    std::size_t step_;
    std::string& written_;
};

struct Tape {
    explicit Tape(std::string text, std::size_t step = 4096, ChannelBounds bounds = {})
        : channel(std::make_unique<TapeStream>(std::move(text), step, written), world.clock, bounds)
    {
    }
    World world;
    std::string written;
    Channel channel;
    Outcome<std::string> line() { return run(world, channel.read_line(Stage::greeting)); }
};

}

TEST_CASE("lines end in CRLF or a bare LF, however the bytes arrive")
{
    for (const std::size_t step : {1UL, 2UL, 3UL, 7UL, 4096UL}) {
        CAPTURE(step);
        Tape tape("one\r\ntwo\n\r\nth\rree\r\nrest", step);
        for (const auto* expected : {"one", "two", "", "th\rree"}) {
            const auto line = tape.line();
            REQUIRE(line);
            CHECK(*line == expected);
        }
        const auto end = tape.line();
        REQUIRE(!end);
        CHECK(end.error().cause == Cause::closed);
        CHECK(end.error().stage == Stage::greeting);
        CHECK(end.error().detail == Detail::cut_off);
        CHECK(end.error().reply == "23 bytes");                        // a failed attempt says after how much, and keeps what it heard
        CHECK(tape.channel.transcript().lines().back().text == "rest");
    }
}

TEST_CASE("rule 19: a line, a channel and the number of lines are bounded")
{
    const auto cause = [](Tape& tape, int lines) {
        for (int i = 0; i < lines; ++i) {
            const auto line = tape.line();
            if (!line) return line.error().cause;
        }
        return Cause::our_bug;
    };
    const ChannelBounds bounds{.line = 100, .total = 1000, .lines = 5};
    SUBCASE("a line that ends in time")
    {
        Tape tape(std::string(100, 'x') + "\r\n", 4096, bounds);
        CHECK(tape.line().has_value());
    }
    SUBCASE("a line one octet longer")
    {
        Tape tape(std::string(101, 'x') + "\r\n", 4096, bounds);
        CHECK(cause(tape, 1) == Cause::too_much);
    }
    SUBCASE("a line that never ends")
    {
        Tape tape(std::string(900, 'x'), 10, bounds);
        const auto line = tape.line();
        REQUIRE(!line);
        CHECK(line.error().cause == Cause::too_much);
        CHECK(line.error().reply.size() <= 200);
    }
    SUBCASE("too many lines")
    {
        Tape tape("1\n2\n3\n4\n5\n6\n", 4096, bounds);
        for (int i = 0; i < 5; ++i) CHECK(tape.line().has_value());
        CHECK(cause(tape, 1) == Cause::too_much);
    }
    SUBCASE("too many octets")
    {
        std::string text;
        for (int i = 0; i < 30; ++i) text += std::string(60, 'y') + "\n";
        Tape tape(text, 64, {.line = 100, .total = 1000, .lines = 100});
        CHECK(cause(tape, 30) == Cause::too_much);
    }
}

TEST_CASE("rule 24: CR, LF or NUL in a line stop it before a byte is sent")
{
    for (const auto text :
         {std::string_view("a\r\nQUIT"), std::string_view("a\nb"), std::string_view("a\rb"), std::string_view("a\0b", 3)}) {
        Tape tape("");
        const auto said = run(tape.world, tape.channel.write_line(text, Stage::capability));
        REQUIRE(!said);
        CHECK(said.error().cause == Cause::bad_value);
        CHECK(tape.written.empty());
        REQUIRE(run(tape.world, tape.channel.start_tls(host("mail.example.org"))));
        CHECK(!run(tape.world, tape.channel.write_secret_line(text, "PASS", Stage::sign_in)));
        CHECK(tape.written.empty());
    }
    Tape tape("");
    CHECK(run(tape.world, tape.channel.write_line("NOOP", Stage::capability)).has_value());
    CHECK(tape.written == "NOOP\r\n");
}

TEST_CASE("rule 1: a secret line does not leave before TLS is up, and is stored masked")
{
    Tape tape("");
    const auto early = run(tape.world, tape.channel.write_secret_line("PASS hunter2", "PASS", Stage::sign_in));
    REQUIRE(!early);
    CHECK(early.error().cause == Cause::bad_value);
    CHECK(tape.written.empty());
    REQUIRE(run(tape.world, tape.channel.start_tls(host("mail.example.org"))));
    CHECK(run(tape.world, tape.channel.write_secret_line("PASS hunter2", "PASS", Stage::sign_in)).has_value());
    CHECK(tape.written == "PASS hunter2\r\n");
    for (const auto& line : tape.channel.transcript().lines()) CHECK(line.text.find("hunter2") == std::string::npos);
}

TEST_CASE("rule 2: bytes behind the STARTTLS answer are an injection, and TLS is not started")
{
    Tape tape("220 go\r\n250 evil\r\n");
    REQUIRE(tape.line());
    const auto secured = run(tape.world, tape.channel.start_tls(host("mail.example.org")));
    REQUIRE(!secured);
    CHECK(secured.error().cause == Cause::tls_injected);
    CHECK(secured.error().stage == Stage::starttls);
    CHECK(!tape.channel.encrypted());
}
