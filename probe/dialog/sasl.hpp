// The client's side of a SASL exchange, by libgsasl. Raw octets in and out; base64 and framing belong to the dialogs.
#pragma once

#include "probe/dialog/dialog.hpp"

namespace portolan {

/// Strongest first; what this core can sign in with. CRAM-MD5 and DIGEST-MD5 are recognised in what servers offer, but not used.
std::span<const Mechanism> usable_mechanisms();
std::string_view sasl_name(Mechanism mechanism);               ///< as registered: "SCRAM-SHA-256"; "" for native

/// "AUTH=PLAIN AUTH=LOGIN" and the like: the mechanisms among `words`, strongest first.
std::vector<Mechanism> mechanisms_among(const std::vector<std::string>& words);
/// The first of ours that is offered, in `preferred`'s order where that names some; nothing if there is none in common.
std::optional<Mechanism> choose_mechanism(const std::vector<Mechanism>& offered, const std::vector<Mechanism>& preferred);

class Sasl {
public:
    static std::optional<Sasl> start(Mechanism mechanism, const Credentials& credentials);
    Sasl(Sasl&&) noexcept;
    Sasl& operator=(Sasl&&) noexcept;
    ~Sasl();

    bool client_first() const;
    /// The answer to one challenge (raw). The iteration count of SCRAM is bounded to 4096..1,000,000 (RFC 7677 §4 asks for 4096 and more),
    /// a weaker or costlier one is Cause::broke_protocol (Detail::too_many_iterations), so is a wrong signature (Detail::server_not_proven);
    /// SCRAM's own "e=" is Cause::rejected.
    Outcome<std::string> step(std::string_view challenge);
    /// Every step is done; with SCRAM the server has proved that it knows the password.
    bool finished() const;
    /// Mechanisms in which the server has to prove itself, too.
    bool proves() const;

private:
    Sasl();
    struct Inner;
    std::unique_ptr<Inner> inner_;
};

std::string base64(std::string_view bytes);
std::optional<std::string> unbase64(std::string_view text);

}
