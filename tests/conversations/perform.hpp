// One scene, played three times: the script whole, line by line and byte by byte. What must hold for every conversation is checked here.
#pragma once

#include "probe/dialog/dialog.hpp"
#include "tests/support/script.hpp"

#include <doctest/doctest.h>

namespace portolan::tests {

struct Login {
    std::string username = "alice@example.org";
    std::string password = "correct horse";
};
inline const Login alice;

struct Scene {
    ServiceKind kind = ServiceKind::imap;
    Security security = Security::tls;
    std::optional<Login> login;
    std::string script;
    std::vector<Mechanism> preferred;
    std::function<bool(const TlsFacts&)> accept = [](const TlsFacts& facts) { return !facts.certificate.problem; };
    ScramServerOptions scram;
};

/// One performance.
struct Take {
    Feed feed{};
    Conversation heard;
    Played played;
    milliseconds took{};
    std::string said_to_whom;                  ///< the transcript as text, "C: …", "S: …", "-- …", one line each
};

Take perform_once(const Scene& scene, const Script& script, Feed feed);

/// Plays the scene in every feed and checks, each time: the client wrote exactly the script's lines; the dialog ended as the script says; the stream was
/// closed; no secret is in the transcript, in the server's words that are kept or in what went over the wire in clear. Returns the three takes.
std::vector<Take> perform(const Scene& scene);

/// The forms in which a password may not be found: itself, its base64, the base64 of the PLAIN message.
std::vector<std::string> forms_of_secret(const Login& login);

std::string ending_of(const Conversation& heard);          ///< "ok", or stage and cause: "starttls not-offered"

}
