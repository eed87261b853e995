// The rules for one certificate at its place in a path: what the RFC and the CA/B baseline requirements ask of a leaf, an authority, an anchor.
#pragma once

#include "probe/net/judge.hpp"
#include "probe/net/judge_view.hpp"

namespace portolan {

enum class Place : std::uint8_t { leaf, between, anchor };

std::vector<Fault> profile_faults(const View& view, Place place, const Question& question);

/// "RSA 2048", "EC P-256", "ED25519".
std::string key_text(X509* certificate);
/// "SHA1" and the like; empty where the algorithm has no digest of its own.
std::string digest_text(X509* certificate);

}
