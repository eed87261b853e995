// The demonstration's stage: who lives at which address, what is published, who answers at which port.
#pragma once

#include "demo/demo.hpp"

namespace portolan {

enum class DemoProtocol : std::uint8_t { imap, pop3, smtp, https };

/// One server of the demonstration. It answers on loopback at a port of the kernel's choice; the world routes (address, port) to it.
struct DemoServer {
    std::string_view host;
    std::string_view address;                  ///< of 192.0.2.0/24 (RFC 5737), never contacted for real
    Port port;
    DemoProtocol protocol;
    Security security;
    DemoStory story;
};
std::span<const DemoServer> demo_servers();

/// The address of the servers that never answer.
inline constexpr std::string_view demo_dead_address = "192.0.2.66";

struct DemoRecord {
    std::string_view name;
    RecordType type;
    std::string_view value;                    ///< an address; for MX "10 host"; for SRV "priority weight port host"
};
std::span<const DemoRecord> demo_records();

/// The autoconfig document of `host` ("autoconfig.demo.example"); empty: this host serves none.
std::string demo_document(std::string_view host);

/// Does this name and password open the mailbox? Names are full addresses or local parts.
bool demo_signs_in(std::string_view username, std::string_view password);
/// What the server says when they do not.
std::string_view demo_refusal(std::string_view username);

}
