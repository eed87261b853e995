"""A name server that misbehaves as told, at an address of its own. It keeps the names that it was asked about."""

import socket
import struct
import threading

A, AAAA = 1, 28
NOERROR, SERVFAIL, NXDOMAIN, REFUSED = 0, 2, 3, 5


def read_question(data):
    """Name in lower case, type, and the question's octets."""
    labels, at = [], 12
    while data[at]:
        labels.append(data[at + 1:at + 1 + data[at]].decode("ascii", "replace").lower())
        at += 1 + data[at]
    return ".".join(labels), struct.unpack("!H", data[at + 1:at + 3])[0], data[12:at + 5]


def answer_with(data, code, address=None, ttl=0):
    """An answer of this code, with one address record where an address is given."""
    _, _, question = read_question(data)
    head = data[:2] + struct.pack("!HHHHH", 0x8180 | code, 1, 1 if address else 0, 0, 0)
    record = b"\xc0\x0c" + struct.pack("!HHIH", A, 1, ttl, 4) + socket.inet_aton(address) if address else b""
    return head + question + record


class NameServer:
    """`behave(question's bytes, name, type, how often that was asked before)` gives the answer's bytes, or None for silence."""

    def __init__(self, address, behave):
        self.address, self.behave = address, behave
        self.asked = []
        self.door = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.door.bind((address, 53))
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                data, who = self.door.recvfrom(4096)
                name, kind, _ = read_question(data)
                before = self.asked.count((name, kind))
                self.asked.append((name, kind))
                answer = self.behave(data, name, kind, before)
                if answer:
                    self.door.sendto(answer, who)
            except IndexError:  # no question
                continue
            except OSError:
                return


def refuses(data, *_):
    return answer_with(data, REFUSED)


def fails(data, *_):
    return answer_with(data, SERVFAIL)


def silent(*_):
    return None


def invents(address):
    """Every name has this address, and no other records."""
    return lambda data, name, kind, before: answer_with(data, NOERROR, address if kind == A else None)


def changes_its_mind(upstream, host, then):
    """What `upstream` says; the address of `host` is another one when it is asked for again (rebinding)."""
    def behave(data, name, kind, before):
        if name == host and kind == A and before > 0:
            return answer_with(data, NOERROR, then)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            asking.settimeout(5)
            asking.sendto(data, (upstream, 53))
            return asking.recv(4096)
    return behave
