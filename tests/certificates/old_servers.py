"""Servers that this machine's OpenSSL cannot be: SSL 2.0 and 3.0, RC4, export, DES, 3DES, NULL. They read a hello and choose from it."""

import random
import struct
from dataclasses import dataclass

from peer import Gone

HANDSHAKE_FAILURE, PROTOCOL_VERSION = 40, 70
SSL2_RC4 = 0x010080


def read_hello(data):
    """(highest version, the suites offered, in the form of SSL 2.0?) of a hello; None while octets are missing.

    RFC 5246 §7.4.1.2 and appendix E.2.
    """
    if len(data) < 11:
        return None
    if data[0] & 0x80:
        size = struct.unpack("!H", data[:2])[0] & 0x7FFF
        if len(data) < 2 + size:
            return None
        version, suites = struct.unpack("!HH", data[3:7])
        return version, [int.from_bytes(data[at:at + 3], "big") for at in range(11, 11 + suites, 3)], True
    size = struct.unpack("!H", data[3:5])[0]
    if data[0] != 22 or len(data) < 5 + size:
        return None
    at = 44 + data[43]
    suites = struct.unpack("!H", data[at:at + 2])[0]
    return struct.unpack("!H", data[9:11])[0], [int.from_bytes(data[i:i + 2], "big") for i in range(at + 2, at + 2 + suites, 2)], False


@dataclass(frozen=True)
class OldServer:
    """Speaks `version` and no other, and takes these suites alone."""
    version: int
    suites: tuple

    def __call__(self, peer):
        while (hello := read_hello(peer.buffer)) is None:
            peer.buffer += peer._more()
        peer.buffer = b""
        highest, offered, short = hello
        if self.version == 2:
            if not short or SSL2_RC4 not in offered:
                self._alert(peer, HANDSHAKE_FAILURE)
            message = b"\4\0\1" + struct.pack("!HHHH", 2, 0, 3, 16) + SSL2_RC4.to_bytes(3, "big") + random.Random(2).randbytes(16)
            peer.raw(struct.pack("!H", 0x8000 | len(message)) + message)
            peer.silence()
        # Whoever offers no suite of before TLS 1.2 hears of the version first, as OpenSSL says it.
        chosen = [one for one in self.suites if one in offered]
        if highest < self.version or not chosen:
            self._alert(peer, PROTOCOL_VERSION if self.version < 0x0303 and not chosen else HANDSHAKE_FAILURE)
        body = struct.pack("!H", self.version) + random.Random(3).randbytes(32) + b"\0" + struct.pack("!HB", chosen[0], 0)
        self._record(peer, 22, b"\2" + len(body).to_bytes(3, "big") + body)
        peer.silence()

    def _record(self, peer, kind, data):
        peer.raw(struct.pack("!BHH", kind, max(self.version, 0x0300), len(data)) + data)

    def _alert(self, peer, number):
        self._record(peer, 21, bytes([2, number]))
        raise Gone


SSL2 = OldServer(2, ())
SSL3 = OldServer(0x0300, (0x000A, 0x0005))
RC4 = OldServer(0x0303, (0x0005,))
RC4_MD5 = OldServer(0x0301, (0x0004,))
EXPORT = OldServer(0x0303, (0x0003, 0x0006))
TRIPLE_DES = OldServer(0x0303, (0x000A,))
NULL = OldServer(0x0303, (0x003B, 0x0002))
