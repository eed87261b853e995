"""Autoconfig documents as providers publish them."""

from servers import PORTS

KINDS = {"imaps": "imap", "imap": "imap", "pop3s": "pop3", "pop3": "pop3", "submissions": "smtp", "submission": "smtp"}


def autoconfig(domain, *endpoints, username="%EMAILADDRESS%"):
    """`endpoints` are "imaps HOST" and so on, most wanted first."""
    servers = []
    for endpoint in endpoints:
        label, host = endpoint.split()
        side = "outgoingServer" if KINDS[label] == "smtp" else "incomingServer"
        socket_type = "SSL" if label in ("imaps", "pop3s", "submissions") else "STARTTLS"
        servers.append(f"""    <{side} type="{KINDS[label]}">
      <hostname>{host}</hostname>
      <port>{PORTS[label]}</port>
      <socketType>{socket_type}</socketType>
      <authentication>password-cleartext</authentication>
      <username>{username}</username>
    </{side}>
""")
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<clientConfig version="1.1">
  <emailProvider id="{domain}">
    <domain>{domain}</domain>
    <displayName>Mail at {domain}</displayName>
    <displayShortName>{domain.split(".")[0]}</displayShortName>
{"".join(servers)}  </emailProvider>
</clientConfig>
"""
