"""A name server that misbehaves as told, at an address of its own. It keeps the names that it was asked about."""

import contextlib
import socket
import struct
import threading

from lab import command
from names import read_question
from servers import NAME_SERVER

A, MX, AAAA = 1, 15, 28
NOERROR, SERVFAIL, NXDOMAIN, REFUSED = 0, 2, 3, 5
CHECKING_DISABLED = 0x10  # of the fourth octet (RFC 4035 §3.2.2)


def answer_with(data, code, address=None, ttl=0):
    """An answer of this code, with one address record where an address is given."""
    _, _, question = read_question(data)
    head = data[:2] + struct.pack("!HHHHH", 0x8180 | code, 1, 1 if address else 0, 0, 0)
    record = b"\xc0\x0c" + struct.pack("!HHIH", A, 1, ttl, 4) + socket.inet_aton(address) if address else b""
    return head + question + record


def code_of(answer):
    return answer[3] & 15


class NameServer:
    """`behave(question's bytes, name, type)` gives the answers' bytes, one or a list; None for silence. Use as a context manager."""

    def __init__(self, address, behave):
        self.behave = behave
        self.asked = []
        self.door = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.door.bind((address, 53))

    def __enter__(self):
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.door.close()

    def _serve(self):
        while True:
            try:
                data, who = self.door.recvfrom(4096)
                name, kind, _ = read_question(data)
                self.asked.append((name, kind))
                answers = self.behave(data, name, kind)
                for answer in answers if isinstance(answers, list) else [answers]:
                    if answer:
                        self.door.sendto(answer, who)
            except IndexError:  # no question
                continue
            except OSError:
                return


def at(address, make):
    """A row's `peers`: a name server at `address`, whose behaviour `make(lab)` says. An address outside of 127/8 is put on the servers' side."""
    @contextlib.contextmanager
    def peers(lab):
        if not address.startswith("127."):
            command("ip", "address", "add", f"{address}/32", "dev", "lo")
        with NameServer(address, make(lab)) as server:
            SERVERS[address] = server
            yield
    return peers


SERVERS = {}  # by address


def asked_of(address):
    return SERVERS[address].asked


def refuses(_):
    return lambda data, *_: answer_with(data, REFUSED)


def invents(address):
    """Every name has this address, and no other records."""
    return lambda _: lambda data, name, kind: answer_with(data, NOERROR, address if kind == A else None)


def truth(data):
    """What the small internet's own name server says."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.settimeout(5)
        asking.sendto(data, (NAME_SERVER, 53))
        return asking.recv(4096)


def tells_the_truth(_):
    return lambda data, *_: truth(data)


def sells_what_is_free(address):
    """Whatever does not exist has this address: an internet provider's page of advertisements."""
    def behave(data, name, kind):
        answer = truth(data)
        return answer_with(data, NOERROR, address if kind == A else None) if code_of(answer) == NXDOMAIN else answer
    return lambda _: behave


def validates(bogus):
    """A resolver that checks signatures; those of the domain `bogus` do not hold."""
    def behave(data, name, kind):
        if ("." + name).endswith("." + bogus) and not data[3] & CHECKING_DISABLED:
            return answer_with(data, SERVFAIL)
        return truth(data)
    return lambda _: behave


def fails_for(names):
    """SERVFAIL for some names, as where an alias leads in a circle (RFC 2308 §7.1)."""
    return lambda _: lambda data, name, kind: answer_with(data, SERVFAIL) if name in names else truth(data)


def changes_its_mind(domain, host, then):
    """The address of `host` is `then` when it is asked for a second time in one run (rebinding). The run's first question is the domain's MX."""
    seen = []
    def behave(data, name, kind):
        if (name, kind) == (domain, MX):
            seen.clear()
        if (name, kind) == (host, A):
            seen.append(name)
            if len(seen) > 1:
                return answer_with(data, NOERROR, then)
        return truth(data)
    return lambda _: behave


def with_forgeries(_):
    """A stranger is quicker than the server: once with another id, once for another question."""
    def behave(data, name, kind):
        wrong_id = bytes([data[0] ^ 0x55]) + answer_with(data, NOERROR, "203.0.113.66")[1:]
        other = data[:12] + b"\5wrong\7invalid\0" + struct.pack("!HH", kind, 1)
        return [wrong_id, answer_with(other, NOERROR, "203.0.113.66"), truth(data)]
    return behave
