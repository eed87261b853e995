// Challenges to each mechanism we sign in with. The first byte chooses the mechanism; each challenge is one byte for its length and that many
// bytes. In a challenge 0x18 stands for the first message of a SCRAM server that knows the password, 0x19 for its last one, and 0x1A for the
// client's nonce: without them the search would never get past the first step.
#include "probe/dialog/sasl.hpp"
#include "tests/fuzz/promise.hpp"
#include "tests/support/scram_server.hpp"

#include <cstdint>

using namespace portolan;

namespace {

constexpr std::string_view username = "alice@example.org", password = "{|}~^`";

std::string filled(std::string_view challenge, const tests::ScramServer& honest, std::string_view nonce)
{
    std::string text;
    for (const char c : challenge) {
        if (c == '\x18') text += honest.server_first();
        else if (c == '\x19') text += honest.server_final();
        else if (c == '\x1a') text += nonce;
        else text += c;
    }
    return text;
}

}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0) return 0;
    const auto mechanism = usable_mechanisms()[data[0] % usable_mechanisms().size()];
    const bool sha_256 = mechanism == Mechanism::scram_sha_256, scram = sha_256 || mechanism == Mechanism::scram_sha_1;
    auto sasl = Sasl::start(mechanism, {std::string(username), Secret(password)});
    promise(sasl.has_value(), "what is usable starts");
    promise(!sasl->finished(), "nothing is done before the first step");

    tests::ScramServer honest({.username = std::string(username), .password = std::string(password)});
    std::string nonce;
    bool proved = false;                                               // the server has shown that it knows the password
    auto rest = text_of(data + 1, size - 1);
    for (std::size_t steps = 1; (steps == 1 && sasl->client_first()) || !rest.empty(); ++steps) {
        const bool first = steps == 1 && sasl->client_first();
        std::string challenge;
        if (!first) {
            const auto length = std::min<std::size_t>(static_cast<unsigned char>(rest.front()), rest.size() - 1);
            challenge = filled(rest.substr(1, length), honest, nonce);
            rest.remove_prefix(1 + length);
        }
        if (!honest.server_final().empty() && challenge.find(honest.server_final()) != std::string::npos) proved = true;
        const auto answer = sasl->step(challenge);
        promise(!sha_256 || !sasl->finished() || proved, "SCRAM ends with the server's proof");
        if (!answer) {
            promise(answer.error().stage == Stage::sign_in, "a refusal has its stage");
            const bool said_no = scram && challenge.starts_with("e=");                  // RFC 5802 §7, server-error
            promise(answer.error().cause == Cause::broke_protocol || (said_no && answer.error().cause == Cause::rejected), "a refusal has a name");
            break;
        }
        promise(steps <= 8, "an exchange has an end");
        promise(answer->size() <= 1024 + challenge.size(), "an answer is bounded");
        promise(!scram || answer->find(password) == std::string::npos, "SCRAM does not tell the password");
        if (first && scram) {
            promise(honest.client_first(*answer), "the first message is well formed");
            nonce = answer->substr(answer->find(",r=") + 3);
        } else if (sha_256 && honest.server_final().empty()) (void)honest.client_final(*answer);
    }
    return 0;
}
