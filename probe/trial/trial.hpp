// One try at one endpoint: resolve, connect, TLS, dialog; with credentials also the sign-in. What was heard is kept, also when it failed.
#pragma once

#include "probe/dialog/dialog.hpp"
#include "probe/net/surroundings.hpp"
#include "probe/trial/causes.hpp"

namespace portolan {

/// Evidence of one attempt at one endpoint.
struct Attempt {
    std::string probe;                         ///< id of its dialog or sign-in probe
    ServiceKind service{};
    Endpoint endpoint;
    Transcript heard;
    std::string tls_version, tls_cipher;
    std::vector<std::string> capabilities;
};

struct TrialOptions {
    std::optional<Credentials> credentials;
    std::vector<AcceptedCertificate> accepted; ///< these keys at these servers, although the judge refuses them
    milliseconds endpoint_limit = 10s;
    std::vector<Mechanism> without;            ///< mechanisms that are known not to work there
    std::string sender;                        ///< after the sign-in to SMTP: may this address send? Empty: not asked
    bool look_inside = false;                  ///< after the sign-in: is the mailbox there, may the sender send?
};

struct Trial {
    Service service;                           ///< with state, certificate, auth and verdict codes filled in
    std::vector<Verdict> verdicts;
    Attempt attempt;
    Outcome<void> outcome;
    bool certificate_accepted = false;         ///< good, or accepted by a person for this key, host and port
    bool sign_in_sent = false;
    std::optional<Mechanism> tried_with;
    bool password_judged = false;              ///< false: refused before anything of the password was sent
    std::optional<Refusal> refusal;
    std::optional<ServiceKind> other_protocol;
    std::vector<IpAddress> addresses;
    std::vector<std::string> aliases;          ///< the names that the host is an alias of, in order
    /// TLS up, certificate accepted, protocol fine.
    bool proven() const { return outcome.has_value() && certificate_accepted; }
};

/// What a trial is given beyond its limit where the network is far away or loses packets, by what the DNS has shown of it.
milliseconds allowance_for(const Surroundings& world);

/// Only imap, pop3 and smtp. Never throws; ends within `endpoint_limit`. `domain` is the address's, for whose turn it is.
Task<Trial> try_service(Service service, Hostname domain, Surroundings& world, TrialOptions options);

}
