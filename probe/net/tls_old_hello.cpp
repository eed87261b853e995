#include "probe/net/tls_old_hello.hpp"

#include "probe/net/tls_words.hpp"

#include <openssl/rand.h>

namespace portolan {

namespace {

std::string u16(std::size_t number) { return {static_cast<char>(number >> 8), static_cast<char>(number)}; }
std::string u24(std::size_t number) { return static_cast<char>(number >> 16) + u16(number & 0xffff); }
std::string with_size(const std::string& octets) { return u16(octets.size()) + octets; }

/// Sound suites of before TLS 1.2 first, so that a server that has them shows its version alone.
constexpr auto suites = std::to_array<unsigned>({
    0xc02f, 0xc030, 0xc02b, 0xc02c, 0x009c, 0x009d, 0xc013, 0xc014, 0xc009, 0xc00a, 0x0033, 0x0039, 0x002f, 0x0035, 0x0041, 0x0084,
    0x000a, 0x0016, 0xc012, 0x0005, 0x0004, 0xc011, 0xc007, 0x0009, 0x0015, 0x0062, 0x0064, 0x0003, 0x0006, 0x0008, 0x0014, 0x0018,
    0xc010, 0x003b, 0x0002, 0x0001});
/// The cipher kinds of SSL 2.0: RC4, RC2, IDEA, DES and 3DES, and the first two for export.
constexpr auto old_kinds = std::to_array<unsigned>({0x010080, 0x020080, 0x030080, 0x040080, 0x050080, 0x060040, 0x0700c0});

std::string random(std::size_t size)
{
    std::string octets(size, '\0');
    RAND_bytes(reinterpret_cast<unsigned char*>(octets.data()), static_cast<int>(size));
    return octets;
}

std::string extension(unsigned kind, const std::string& body) { return u16(kind) + with_size(body); }

std::string extensions(const Hostname& name)
{
    std::string all;
    if (!name.text().empty() && !name.is_ip()) all += extension(0, with_size('\0' + with_size(name.text())));  // server_name, RFC 6066 §3
    all += extension(10, with_size(u16(23) + u16(24) + u16(25)));      // groups: P-256, P-384, P-521
    all += extension(11, std::string("\1\0", 2));                      // uncompressed points
    std::string signatures;                    // RFC 5246 §7.4.1.4.1: SHA-256, SHA-384, SHA-512 and SHA-1, with RSA and with ECDSA
    for (const unsigned digest : {4U, 5U, 6U, 2U}) signatures += u16(digest << 8 | 1) + u16(digest << 8 | 3);
    all += extension(13, with_size(signatures));
    return with_size(all);
}

class OldHelloStream : public Stream {
public:
    OldHelloStream(std::unique_ptr<Stream> inner, HelloForm form) : inner_(std::move(inner)), form_(form) {}

    Task<Outcome<std::size_t>> read_some(std::span<char> buffer) override { return inner_->read_some(buffer); }
    Task<Outcome<void>> write_all(std::string_view bytes) override { return inner_->write_all(bytes); }
    Task<Outcome<TlsFacts>> start_tls(const Hostname& name) override
    {
        co_await asio::this_coro::throw_if_cancelled(false);
        const auto hello = old_hello(form_, name);
        if (auto said = co_await inner_->write_all(hello); !said) co_return std::unexpected(said.error());
        std::string heard;
        // A ServerHello with every extension it may have here stands in its first 512 octets; an alert is shorter than what is needed.
        while (heard.size() < 512) {
            std::array<char, 512> chunk;
            const auto got = co_await inner_->read_some(chunk);
            if (!got) co_return std::unexpected(got.error());
            heard.append(chunk.data(), *got);
            const bool alert = heard.front() == 21 && heard.size() >= 7;
            const auto answer = read_first_answer(heard);
            if (!answer && !alert) continue;
            if (!answer || answer->version != "SSLv2") co_return std::unexpected(meaning(answer));
            co_return std::unexpected(Failure{Stage::tls, Cause::tls_version, answer->version});
        }
        co_return std::unexpected(Failure{Stage::tls, Cause::tls_not_spoken, {}});
    }
    void close() override { inner_->close(); }
    IpEndpoint peer() const override { return inner_->peer(); }
    PathFacts path() const override { return inner_->path(); }

private:
    static Failure meaning(const std::optional<FirstAnswer>& answer)
    {
        if (!answer) return {Stage::tls, Cause::tls_failed};
        const auto suite = answer->broken_suite ? ", " + answer->suite : std::string();
        if (answer->too_old) return {Stage::tls, Cause::tls_version, answer->version + suite};
        if (answer->broken_suite) return {Stage::tls, Cause::tls_failed, answer->suite, Detail::weak_cipher};
        return {Stage::tls, Cause::tls_failed};
    }

    std::unique_ptr<Stream> inner_;
    HelloForm form_;
};

}

std::string old_hello(HelloForm form, const Hostname& name)
{
    std::string list;
    if (form == HelloForm::version_2) {
        for (const auto suite : suites) list += u24(suite);
        for (const auto kind : old_kinds) list += u24(kind);
        const std::string message = "\1" + u16(0x0303) + u16(list.size()) + u16(0) + u16(16) + list + random(16);
        return u16(0x8000 | message.size()) + message;
    }
    for (const auto suite : suites) list += u16(suite);
    const std::string body = u16(0x0303) + random(32) + '\0' + with_size(list) + std::string("\1\0", 2) + extensions(name);
    const std::string message = "\1" + u24(body.size()) + body;
    return "\x16" + u16(0x0301) + with_size(message);
}

std::unique_ptr<Stream> with_old_hello(std::unique_ptr<Stream> inner, HelloForm form)
{
    return std::make_unique<OldHelloStream>(std::move(inner), form);
}

}
