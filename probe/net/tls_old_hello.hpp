// A handshake that is only begun, with everything on offer that nobody may use any more: what an old server chooses of it says how
// old it is.
#pragma once

#include "probe/net/connector.hpp"

namespace portolan {

/// The second form is read by servers before SSL 3.0 as well (RFC 5246 appendix E.2); it cannot name the host.
enum class HelloForm : std::uint8_t { record, version_2 };

/// `inner`, whose start_tls says that hello and reads the first answer. It always fails, and nothing may be said on the stream afterwards:
/// Cause::tls_version with the version below TLS 1.2 that was chosen, Detail::weak_cipher with a suite that protects nothing,
/// Cause::tls_failed where the server chose what this program speaks as well or sent an alert; otherwise why no answer came.
std::unique_ptr<Stream> with_old_hello(std::unique_ptr<Stream> inner, HelloForm form);

/// The message itself, for a server of that name ("" or an IP literal: none is named).
std::string old_hello(HelloForm form, const Hostname& name);

}
