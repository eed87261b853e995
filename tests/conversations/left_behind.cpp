// Rule 21: what is given back to the heap in the course of a sign-in holds no password, neither ours nor the SASL library's. Seen through the
// sanitizers' hook on every free(); in a build without them there is nothing to look through, and the rows pass unseen.
#include "probe/dialog/dialog.hpp"
#include "tests/support/scram_server.hpp"

#include <doctest/doctest.h>

using namespace portolan;
using namespace portolan::tests;

extern "C" {
[[gnu::weak]] int __sanitizer_install_malloc_and_free_hooks(void (*)(const volatile void*, std::size_t), void (*)(const volatile void*));
[[gnu::weak]] std::size_t __sanitizer_get_allocated_size(const volatile void*);
}

namespace {

// Longer than what a string keeps inside itself, so that every copy of it is a block of its own. 42 octets: in the base64 of PLAIN's message,
// where 19 stand before it, a piece of it shows as well.
constexpr std::string_view username = "alice@example.org", password = "the marker that nobody may leave behind 42";

bool watching = false;
int found = 0;
std::array<char, 64> encoded{};                ///< a piece of the base64 forms, not on the heap
std::size_t encoded_size = 0;

void inspect(const volatile void* block)
{
    if (!watching || !block) return;
    const std::string_view bytes(static_cast<const char*>(const_cast<const void*>(block)), __sanitizer_get_allocated_size(block));
    // Half of it is enough to count: what a growing buffer leaves behind is a piece.
    const bool plain = bytes.find(password.substr(0, 20)) != std::string_view::npos;
    if (plain || bytes.find({encoded.data(), encoded_size}) != std::string_view::npos) ++found;
}

/// Says one piece at the beginning and one for each line of the client's; keeps nothing of what it hears.
class Reciter : public Stream {
public:
    explicit Reciter(std::vector<std::string> pieces) : pieces_(std::move(pieces)) {}
    Task<Outcome<std::size_t>> read_some(std::span<char> buffer) override
    {
        if (ready_ == 0 || next_ == pieces_.size()) co_return std::unexpected(Failure{Stage::request, Cause::closed, {}});
        --ready_;
        const auto& piece = pieces_[next_++];
        std::ranges::copy(piece, buffer.begin());
        co_return piece.size();
    }
    Task<Outcome<void>> write_all(std::string_view) override
    {
        ++ready_;
        co_return Outcome<void>{};
    }
    Task<Outcome<TlsFacts>> start_tls(const Hostname&) override { co_return TlsFacts{.version = "TLSv1.3"}; }
    void close() override {}
    IpEndpoint peer() const override { return {asio::ip::make_address("192.0.2.1"), 993}; }

private:
    std::vector<std::string> pieces_;
    std::size_t next_ = 0;
    int ready_ = 1;
};

struct Row {
    ServiceKind kind;
    Mechanism with;
    std::vector<std::string> pieces;
};

/// How many blocks with the password in them were freed; -1: the sign-in did not come about.
int left_behind(const Row& row)
{
    found = 0;
    asio::io_context loop;
    VirtualClock clock(loop);
    std::optional<Conversation> heard;
    const Secret secret(password);
    {
        Channel channel(std::make_unique<Reciter>(row.pieces), clock);
        DialogPlan plan;
        plan.endpoint = {*parse_hostname("mail.example.org"), default_port(row.kind, Security::tls), Security::tls};
        plan.accept = [](const TlsFacts&) { return true; };
        plan.credentials = Credentials{std::string(username), secret};
        watching = true;
        asio::co_spawn(loop, mail_dialog(row.kind, channel, clock, std::move(plan)),
                       [&](std::exception_ptr, Conversation all) { heard.emplace(std::move(all)); });
        clock.run([&] { return heard.has_value(); });
    }
    watching = false;
    return heard->signed_in_with == row.with ? found : -1;
}

bool can_watch()
{
    static const bool installed = __sanitizer_install_malloc_and_free_hooks && __sanitizer_get_allocated_size &&
                                  __sanitizer_install_malloc_and_free_hooks([](const volatile void*, std::size_t) {}, inspect) > 0;
    std::string plain;
    plain.append(1, '\0').append(username).append(1, '\0').append(password);
    const auto piece = to_base64(plain).substr(28, 20);
    encoded_size = piece.copy(encoded.data(), encoded.size());
    return installed;
}

}

TEST_CASE("the watch sees what an ordinary string leaves behind")
{
    if (!can_watch()) return;
    found = 0;
    watching = true;
    {
        std::string text(password);
    }
    watching = false;
    CHECK(found == 1);
}

TEST_CASE("rule 21: no sign-in leaves the password or its base64 in freed memory")
{
    (void)can_watch();
    const std::vector<Row> rows{
        {ServiceKind::imap, Mechanism::plain, {"* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hi\r\n", "p1 OK in\r\n", "p2 OK bye\r\n"}},
        {ServiceKind::imap, Mechanism::plain, {"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi\r\n", "+ \r\n", "p1 OK in\r\n", "p2 OK bye\r\n"}},
        {ServiceKind::imap, Mechanism::native, {"* OK [CAPABILITY IMAP4rev1] hi\r\n", "p1 OK in\r\n", "p2 OK bye\r\n"}},
        {ServiceKind::pop3, Mechanism::native, {"+OK\r\n", "-ERR\r\n", "+OK\r\n", "+OK\r\n", "+OK\r\n"}},
        {ServiceKind::pop3, Mechanism::plain, {"+OK\r\n", "+OK\r\nSASL PLAIN\r\n.\r\n", "+ \r\n", "+OK\r\n", "+OK\r\n"}},
        {ServiceKind::smtp, Mechanism::plain, {"220 hi\r\n", "250-hi\r\n250 AUTH PLAIN\r\n", "235 in\r\n", "221 bye\r\n"}},
        {ServiceKind::smtp,
         Mechanism::login,
         {"220 hi\r\n", "250-hi\r\n250 AUTH LOGIN\r\n", "334 VXNlcg==\r\n", "334 UGFzcw==\r\n", "235 in\r\n", "221 bye\r\n"}},
    };
    for (const auto& row : rows) {
        CAPTURE(std::string(slug(row.kind)));
        CAPTURE(std::string(slug(row.with)));
        CAPTURE(row.pieces.front());
        CHECK(left_behind(row) == 0);
    }
}
