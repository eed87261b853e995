"""A name server for made-up domains: what it does not know does not exist."""

import socket
import struct
import threading

A, SRV = 1, 33


def encoded(name):
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".") if label) + b"\0"


def read_question(data):
    """Name in lower case, type, and the question's octets."""
    labels, at = [], 12
    while data[at]:
        labels.append(data[at + 1:at + 1 + data[at]].decode("ascii", "replace").lower())
        at += 1 + data[at]
    return ".".join(labels), struct.unpack(">H", data[at + 1:at + 3])[0], data[12:at + 5]


class Names:
    """Answers over UDP at (address, 53) from {(name, type): [data]}, data as it stands on the wire; an answer has all of them, nothing is compressed but the name asked."""

    def __init__(self, address):
        self.address = address
        self.records = {}
        self.known = set()

    def add(self, name, kind, data):
        self.records.setdefault((name, kind), []).append(data)
        parts = name.split(".")
        self.known.update(".".join(parts[i:]) for i in range(len(parts)))

    def host(self, name, address):
        self.add(name, A, socket.inet_aton(address))

    def service(self, name, port, target):
        self.add(name, SRV, struct.pack(">HHH", 0, 1, port) + encoded(target))

    def start(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self.socket.bind((self.address, 53))
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            question, who = self.socket.recvfrom(4096)
            try:
                self.socket.sendto(self.answer(question), who)
            except (IndexError, struct.error):
                pass  # no question of ours

    def answer(self, question):
        name, kind, asked = read_question(question)
        found = self.records.get((name, kind), [])
        flags = 0x8180 if name in self.known else 0x8183
        head = question[:2] + struct.pack(">HHHHH", flags, 1, len(found), 0, 0)
        body = b"".join(b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 60, len(data)) + data for data in found)
        return head + asked + body
