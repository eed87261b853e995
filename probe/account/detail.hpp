// What refines a cause or a verdict code: the code stays the stable name, the detail says which of its kinds was seen, and words differ by it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace portolan {

/// Slugs are the names with '-' for '_'. A failure or verdict whose code says it all has `none`.
enum class Detail : std::uint8_t {
    none,
    // names: dns-failure, dns-timeout, dns-hijacked
    dnssec_bogus,            ///< a validating resolver says SERVFAIL, and has an answer when told not to validate (RFC 4035 §3.2.2)
    large_answers_lost,      ///< truncated over UDP, and TCP to port 53 is not answered
    forged_answers,          ///< answers came with the wrong id or for another question
    refused_here,            ///< the resolver refuses this client (REFUSED)
    // network: connection-*, greeting-timeout
    port_blocked,            ///< silence at this port while another port of the same host answers
    mail_ports_blocked,      ///< silence at every mail port of every host while web servers answer
    firewall_prohibits,      ///< an ICMP message said "administratively prohibited"
    large_packets_lost,      ///< small packets pass, then nothing: a path MTU black hole
    cut_off,                 ///< reset or closed after some bytes
    closed_at_once,          ///< accepted and closed without a byte
    never_spoke,             ///< connected, and not one byte until the deadline
    too_slow,                ///< bytes drip, too few until the deadline
    // protocol: not-this-protocol, protocol-error, greeting-rejected, too-much-data
    web_server, ssh_server, other_mail_protocol,
    endless_line, endless_lines, giant_literal,
    early_reply,             ///< an answer to a command that was not sent yet
    preauth_in_clear,        ///< "* PREAUTH" before TLS
    wrong_reply_code,        ///< a reply code that this step does not know
    too_many_connections, blocklisted,
    // STARTTLS: tls-not-offered, tls-injection, tls-handshake-failed
    not_listed,              ///< the capability list does not hold it
    hidden_by_firewall,      ///< a list or greeting overwritten with X or *, as SMTP inspection does
    refused, refused_for_now, unknown_command,
    no_go_ahead,             ///< neither yes nor no: "+ continue", 354
    behind_the_answer,       ///< data in the same segment as the answer
    instead_of_tls,          ///< text where the server's first handshake message was due
    broke_after_handshake,   ///< a record that does not decrypt after a good handshake
    alert,                   ///< the server ended the handshake with a TLS alert; it is quoted
    client_certificate_wanted,
    // certificates
    clock_wrong,             ///< this computer's date is off: the server's and the certificates' dates agree with each other
    interception,            ///< the issuer is known security software, a proxy or a portal
    no_anchors,              ///< no trust anchors were found on this computer
    other_name,              ///< verifies cleanly under another name, which is used instead
    // documents
    document_elsewhere,      ///< a redirect out of the address's domain that would tell the address there
    password_in_document,
    // sign-in
    server_not_proven,       ///< SCRAM: the server's signature is wrong
    too_many_iterations,     ///< SCRAM: an iteration count beyond the bound
    expects_tls,             ///< greeting-timeout: silent in clear, and takes a TLS handshake: implicit TLS is due at this port
    // what a network or a zone as a whole does
    no_network,              ///< connection-unreachable: this computer has no way to anywhere
    silent_resolver,         ///< dns-timeout: the DNS servers asked never answered; they are quoted
    wildcard_zone,           ///< nothing-published: the zone answers for every name, so that no name proves anything
    dead_address,            ///< settings-endpoint-dead: one address of a host whose other address works
    proxy_configured,        ///< proxy-required: direct connections fail, and a proxy is set up on this computer
    weak_cipher,             ///< tls-handshake-failed: the server takes only what protects nothing (RC4, export, DES, NULL); it is quoted
    alias,                   ///< settings-point-nowhere: the name is an alias of one that has no address; settings-malformed: SRV names an alias (RFC 2782)
    only_inside,             ///< settings-private-address: and nobody answers at that address from here
    server_filters,          ///< connection-timeout: the host answers elsewhere, and this port of other hosts answers: its own firewall drops it
    mail_exchange_alone,     ///< nothing-published: MX records, and nothing that says where mail is read
    narrow_line,             ///< network-slow: what was asked for at once came one after the other
    // a service that works all the same
    other_port_encrypts,     ///< tls-not-offered: no STARTTLS here, while implicit TLS works at another port of the same host
    offered_in_clear,        ///< sign-in-cleartext-refused: a server that encrypts takes passwords before it does, too
    another_mechanism,       ///< sign-in-mechanism-unsupported: one that is offered does not work, another one did
    shut_out,                ///< sign-in-locked: it answered before the refused sign-in, and takes no connection after it
    over_quota, read_only,   ///< mailbox-problem
};
inline constexpr int detail_count = static_cast<int>(Detail::read_only) + 1;

std::string_view slug(Detail);
std::optional<Detail> detail_from(std::string_view);

}
