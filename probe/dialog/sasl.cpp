#include "probe/dialog/sasl.hpp"

#include <gsasl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <cctype>
#include <cstring>

namespace portolan {

namespace {

constexpr std::array usable{Mechanism::scram_sha_256, Mechanism::scram_sha_1, Mechanism::plain, Mechanism::login};

constexpr int most_iterations = 1'000'000;

struct Context {
    Gsasl* gsasl = nullptr;
    Context() { gsasl_init(&gsasl); }
    ~Context() { gsasl_done(gsasl); }
};

Gsasl* context()
{
    static const Context one;
    return one.gsasl;
}

void discard(char* out, std::size_t size)
{
    if (!out) return;
    OPENSSL_cleanse(out, size);
    gsasl_free(out);
}

std::string upper(std::string_view text)
{
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return result;
}

/// ",s=…" of a message of SCRAM (RFC 5802 §5.1): what stands between it and the next comma, or "".
std::string_view attribute(std::string_view message, std::string_view name)
{
    const auto at = message.find(name);
    if (at == std::string_view::npos) return {};
    message.remove_prefix(at + name.size());
    return message.substr(0, message.find(','));
}

/// SaltedPassword := Hi(Normalize(password), salt, i) (RFC 5802 §3), by OpenSSL: libgsasl would leave copies of the password in memory it has freed.
/// It takes the result in hexadecimal.
bool give_salted(Gsasl_session* session, Mechanism mechanism, const Secret& password, std::string_view salt, int iterations)
{
    std::string given;
    keep_off_the_stack(given);
    given.append(password.reveal());
    char* normal = nullptr;
    const bool good = gsasl_saslprep(given.c_str(), static_cast<Gsasl_saslprep_flags>(0), &normal, nullptr) == GSASL_OK;
    wipe(given);
    if (!good) return false;
    const auto* digest = mechanism == Mechanism::scram_sha_256 ? EVP_sha256() : EVP_sha1();
    std::array<unsigned char, EVP_MAX_MD_SIZE> salted{};
    std::array<char, 2 * EVP_MAX_MD_SIZE + 1> text{};
    const auto size = static_cast<std::size_t>(EVP_MD_get_size(digest));
    const auto length = std::strlen(normal);
    const int done = PKCS5_PBKDF2_HMAC(normal, static_cast<int>(length), reinterpret_cast<const unsigned char*>(salt.data()), static_cast<int>(salt.size()),
                                       iterations, digest, static_cast<int>(size), salted.data());
    discard(normal, length);
    static constexpr std::string_view digits = "0123456789abcdef";
    for (std::size_t i = 0; i < size; ++i) {
        text[2 * i] = digits[salted[i] >> 4];
        text[2 * i + 1] = digits[salted[i] & 15];
    }
    if (done == 1) gsasl_property_set(session, GSASL_SCRAM_SALTED_PASSWORD, text.data());
    OPENSSL_cleanse(salted.data(), salted.size());
    OPENSSL_cleanse(text.data(), text.size());
    return done == 1;
}

constexpr std::array<std::pair<std::string_view, Mechanism>, 14> registered{{{"SCRAM-SHA-256-PLUS", Mechanism::scram_sha_256_plus},
                                                                             {"SCRAM-SHA-256", Mechanism::scram_sha_256},
                                                                             {"SCRAM-SHA-1-PLUS", Mechanism::scram_sha_1_plus},
                                                                             {"SCRAM-SHA-1", Mechanism::scram_sha_1},
                                                                             {"OAUTHBEARER", Mechanism::oauthbearer},
                                                                             {"XOAUTH2", Mechanism::xoauth2},
                                                                             {"EXTERNAL", Mechanism::external},
                                                                             {"GSSAPI", Mechanism::gssapi},
                                                                             {"PLAIN", Mechanism::plain},
                                                                             {"LOGIN", Mechanism::login},
                                                                             {"CRAM-MD5", Mechanism::cram_md5},
                                                                             {"DIGEST-MD5", Mechanism::digest_md5},
                                                                             {"NTLM", Mechanism::ntlm},
                                                                             {"NATIVE", Mechanism::native}}};

}

std::span<const Mechanism> usable_mechanisms() { return usable; }

std::string_view sasl_name(Mechanism mechanism)
{
    if (mechanism == Mechanism::native) return {};
    const auto found = std::ranges::find(registered, mechanism, &std::pair<std::string_view, Mechanism>::second);
    return found == registered.end() ? std::string_view() : found->first;
}

std::vector<Mechanism> mechanisms_among(const std::vector<std::string>& words)
{
    std::vector<Mechanism> found;
    for (const auto& [name, mechanism] : registered) {
        if (mechanism == Mechanism::native) continue;
        if (std::ranges::any_of(words, [&](const std::string& word) { return upper(word) == name; })) found.push_back(mechanism);
    }
    return found;
}

std::optional<Mechanism> choose_mechanism(const std::vector<Mechanism>& offered, const std::vector<Mechanism>& preferred)
{
    const auto both = [&](Mechanism mechanism) { return std::ranges::find(offered, mechanism) != offered.end() && std::ranges::find(usable, mechanism) != usable.end(); };
    for (const auto mechanism : preferred)
        if (both(mechanism)) return mechanism;
    for (const auto mechanism : usable)
        if (both(mechanism)) return mechanism;
    return std::nullopt;
}

struct Sasl::Inner {
    Gsasl_session* session = nullptr;
    Mechanism mechanism{};
    Secret password;
    int steps = 0;
    int status = GSASL_NEEDS_MORE;
    ~Inner()
    {
        if (!session) return;
        take_back();
        gsasl_finish(session);
    }

    /// The library frees its copies as they are. They are its own, but reachable while the session lives: it has them for one step at a time.
    void take_back() const
    {
        for (const auto secret : {GSASL_PASSWORD, GSASL_SCRAM_SALTED_PASSWORD}) {
            if (const char* kept = gsasl_property_fast(session, secret)) OPENSSL_cleanse(const_cast<char*>(kept), std::strlen(kept));
            gsasl_property_set(session, secret, nullptr);
        }
    }
};

Sasl::Sasl() : inner_(std::make_unique<Inner>()) {}
Sasl::Sasl(Sasl&&) noexcept = default;
Sasl& Sasl::operator=(Sasl&&) noexcept = default;
Sasl::~Sasl() = default;

std::optional<Sasl> Sasl::start(Mechanism mechanism, const Credentials& credentials)
{
    const std::string name(sasl_name(mechanism));
    Sasl sasl;
    if (name.empty() || gsasl_client_start(context(), name.c_str(), &sasl.inner_->session) != GSASL_OK) return std::nullopt;
    sasl.inner_->mechanism = mechanism;
    sasl.inner_->password = credentials.password;
    gsasl_property_set(sasl.inner_->session, GSASL_AUTHID, credentials.username.c_str());
    return sasl;
}

bool Sasl::client_first() const { return inner_->mechanism != Mechanism::login; }

Outcome<std::string> Sasl::step(std::string_view challenge)
{
    const auto broken = [](Detail detail = Detail::none, std::string reply = {}) {
        return std::unexpected(Failure{Stage::sign_in, Cause::broke_protocol, std::move(reply), detail});
    };
    // The mechanism has said all it had to say: a server that asks on wants the password twice.
    if (inner_->steps > 0 && inner_->status == GSASL_OK) return broken();
    if (++inner_->steps > 8) return broken();
    const bool proof_due = proves() && inner_->steps == 3;
    // server-final-message: v=signature or e=error (RFC 5802 §7)
    if (proof_due && challenge.starts_with("e=")) return std::unexpected(Failure{Stage::sign_in, Cause::rejected, std::string(challenge.substr(0, 200))});
    if (proves() && inner_->steps == 2) {
        // server-first-message: r=…,s=…,i=…  (RFC 5802 §5.1)
        const auto digits = attribute(challenge, ",i=");
        if (digits.empty() || !std::ranges::all_of(digits, [](unsigned char c) { return std::isdigit(c); })) return broken();
        const auto said = "i=" + std::string(digits.substr(0, 20));
        if (digits.size() > 7) return broken(Detail::too_many_iterations, said);
        const int count = std::stoi(std::string(digits));
        if (count > most_iterations) return broken(Detail::too_many_iterations, said);
        if (count < 4096) return broken(Detail::none, said);
        const auto salt = unbase64(attribute(challenge, ",s="));
        if (!salt || salt->empty()) return broken(Detail::none, said);
        if (!give_salted(inner_->session, inner_->mechanism, inner_->password, *salt, count)) return broken(Detail::none, said);
    } else if (!proves()) {
        const auto password = inner_->password.reveal();
        gsasl_property_set_raw(inner_->session, GSASL_PASSWORD, password.data(), password.size());
    }
    char* out = nullptr;
    std::size_t size = 0;
    const auto challenge_bytes = std::string(challenge);
    inner_->status = gsasl_step(inner_->session, challenge_bytes.data(), challenge_bytes.size(), &out, &size);
    inner_->take_back();
    if (inner_->status != GSASL_OK && inner_->status != GSASL_NEEDS_MORE) {
        discard(out, size);
        return broken(proof_due ? Detail::server_not_proven : Detail::none);
    }
    std::string answer;
    keep_off_the_stack(answer);
    answer.append(out ? out : "", size);
    discard(out, size);
    return answer;
}

bool Sasl::proves() const { return inner_->mechanism == Mechanism::scram_sha_256 || inner_->mechanism == Mechanism::scram_sha_1; }

bool Sasl::finished() const { return inner_->status == GSASL_OK; }

std::string base64(std::string_view bytes)
{
    std::string text;
    keep_off_the_stack(text);
    text.resize(4 * ((bytes.size() + 2) / 3) + 1);
    const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(size));
    return text;
}

std::optional<std::string> unbase64(std::string_view text)
{
    if (text.size() % 4 != 0 || text.size() > 16384) return std::nullopt;
    if (text.empty()) return std::string();
    std::string bytes(text.size() / 4 * 3, '\0');
    const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()), reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
    if (size < 0) return std::nullopt;
    std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
    bytes.resize(static_cast<std::size_t>(size) - padding);
    return bytes;
}

}
