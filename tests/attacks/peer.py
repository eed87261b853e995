"""One connection as a hostile server sees it: every byte that came, in clear and inside TLS, and a hand on every byte that goes.

TLS runs over memory, so that text can be put between its records."""

import random
import select
import socket
import ssl
import struct
import threading
import time

PATIENCE = 25  # seconds; no case waits longer than this for its client


class Gone(Exception):
    """The client ended the connection, or says nothing any more."""


class Peer:
    def __init__(self, connection, contexts):
        self.socket = connection
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.contexts = contexts
        self.clear = b""      # what the client said before TLS, its handshake included
        self.inside = b""     # what it said inside TLS
        self.secure = None
        self.handshaken = False
        self.buffer = b""
        self.end = time.monotonic() + PATIENCE

    def _receive(self):
        self.socket.settimeout(max(0.01, self.end - time.monotonic()))
        try:
            data = self.socket.recv(65536)
        except OSError as gone:
            raise Gone from gone
        if not data:
            raise Gone
        return data

    def raw(self, data):
        """Past TLS, whether it stands or not."""
        if isinstance(data, str):
            data = data.encode("latin-1")
        self.socket.settimeout(max(0.01, self.end - time.monotonic()))
        try:
            self.socket.sendall(data)
        except OSError as gone:
            raise Gone from gone

    def say(self, text):
        """Text with line ends as they are; latin-1, so that every byte can be said."""
        data = text.encode("latin-1") if isinstance(text, str) else text
        if not self.secure:
            return self.raw(data)
        self.secure.write(data)
        self.raw(self.outgoing.read())

    def line(self):
        """The next line of the client, without its end."""
        while b"\n" not in self.buffer:
            self.buffer += self._more()
        line, _, self.buffer = self.buffer.partition(b"\n")
        return line.rstrip(b"\r").decode("latin-1")

    def _more(self):
        if not self.secure:
            data = self._receive()
            self.clear += data
            return data
        while True:
            try:
                data = self.secure.read(65536)
            except ssl.SSLWantReadError:
                self.incoming.write(self._receive())
                continue
            except ssl.SSLError as gone:
                raise Gone from gone
            if not data:
                raise Gone
            self.inside += data
            return data

    def hello(self):
        """Waits for the client's first message of a handshake (or whatever it says instead)."""
        while not self.buffer:
            self.buffer += self._more()

    def tls(self, kind="good"):
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        secure = self.contexts[kind].wrap_bio(self.incoming, self.outgoing, server_side=True)
        if self.buffer:
            self.incoming.write(self.buffer)
            self.buffer = b""
        while True:
            try:
                secure.do_handshake()
                break
            except ssl.SSLWantReadError:
                if self.outgoing.pending:
                    self.raw(self.outgoing.read())
                data = self._receive()
                self.clear += data
                self.incoming.write(data)
            except ssl.SSLError as gone:
                if self.outgoing.pending:
                    self.raw(self.outgoing.read())
                raise Gone from gone
        self.secure = secure
        self.handshaken = True
        if self.outgoing.pending:
            self.raw(self.outgoing.read())

    def wait(self, seconds):
        """Says nothing for that long; what comes meanwhile is kept."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if select.select([self.socket], [], [], left)[0]:
                self.buffer += self._more()

    def silence(self):
        """Nothing more is said; what the client says is kept until it goes."""
        while True:
            self._more() if self.secure else self._keep()

    def _keep(self):
        self.clear += self._receive()

    def reset(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise Gone

    def acknowledged(self):
        """Bytes that reached the client's computer (struct tcp_info, tcpi_bytes_acked)."""
        return struct.unpack_from("Q", self.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 160), 120)[0]


class Listeners:
    """A thread accepts for every case, one more plays each connection; what was seen stands in `seen` by case."""

    def __init__(self, contexts):
        self.contexts = contexts
        self.listening = {}
        self.seen = {}
        self.changed = threading.Condition()
        self.poll = select.epoll()

    def listen(self, address, port, case, play):
        one = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        one.bind((address, port))
        one.listen(64)
        self.listening[one.fileno()] = (one, case, port, play)
        self.poll.register(one.fileno(), select.EPOLLIN)

    def start(self):
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            for number, _ in self.poll.poll():
                one, case, port, play = self.listening[number]
                connection, _ = one.accept()
                threading.Thread(target=self._play, args=(connection, case, port, play), daemon=True).start()

    def _play(self, connection, case, port, play):
        peer = Peer(connection, self.contexts)
        peer.port = port
        peer.acked = 0
        peer.fault = None
        peer.done = False
        with self.changed:
            self.seen.setdefault(case, []).append(peer)
        try:
            play(peer)
            peer.silence()
        except Gone:
            pass
        except Exception as fault:  # a slip of the case is told by the test
            peer.fault = repr(fault)
        finally:
            try:
                peer.acked = peer.acknowledged()
            except OSError:
                pass
            connection.close()
            with self.changed:
                peer.done = True
                self.changed.notify_all()

    def take(self, case):
        """What was seen for `case` since the last call, once every connection has ended."""
        with self.changed:
            self.changed.wait_for(lambda: all(peer.done for peer in self.seen.get(case, [])), timeout=5)
            return self.seen.pop(case, [])


def scrambled(size):
    """Bytes that are no TLS record of the session."""
    return b"\x17\x03\x03" + size.to_bytes(2, "big") + random.Random(size).randbytes(size)
