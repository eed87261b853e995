"""A way of its own between a computer and the small internet: a network namespace, a pair of TUN devices, and a relay that treats each packet as told.

What a way does is a tuple of these: drop(ports), drop_to(addresses), only_to(addresses), prohibit(ports), lose(every), cut(bytes), delay(seconds), rate(bits),
nothing()."""

import ctypes
import fcntl
import heapq
import ipaddress
import os
import select
import socket
import struct
import subprocess
import threading
import time

CLONE_NEWNET = 0x40000000
TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
ROUTER = {4: ipaddress.ip_address("203.0.113.254").packed, 6: ipaddress.ip_address("2001:db8:77::ff").packed}
LIBC = ctypes.CDLL(None, use_errno=True)


def drop(*ports):
    return "drop", ports


def drop_to(*hosts):
    return "drop_to", hosts


def only_to(*hosts):
    return "only_to", hosts


def prohibit(*ports):
    return "prohibit", ports


def lose(every):
    return "lose", every


def cut(size):
    return "cut", size


def delay(seconds):
    return "delay", seconds


def rate(bits):
    return "rate", bits


def nothing():
    return "nothing", 0


def _system(result, what):
    if result < 0:
        raise OSError(ctypes.get_errno(), what)


def _ip(*lines):
    done = subprocess.run(["ip", "-batch", "-"], input="\n".join(lines) + "\n", capture_output=True, text=True,
                          env={"PATH": "/usr/sbin:/sbin:/usr/bin:/bin"})
    if done.returncode:
        raise RuntimeError(f"ip: {done.stderr.strip()}")


def _tun(name):
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TUN | IFF_NO_PI))
    return device


def _checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


class Packet:
    """What the rules look at."""

    def __init__(self, data):
        self.data = data
        self.version = data[0] >> 4
        if self.version == 4:
            head = (data[0] & 15) * 4
            protocol, self.source, self.target = data[9], data[12:16], data[16:20]
        else:
            head, protocol, self.source, self.target = 40, data[6], data[8:24], data[24:40]
        tcp = protocol == 6 and len(data) >= head + 4
        self.ports = struct.unpack("!HH", data[head:head + 4]) if tcp else (0, 0)

    def prohibited(self):
        """The router's answer: "administratively prohibited" (RFC 1812 §5.2.7.1, RFC 4443 §3.1)."""
        if self.version == 4:
            body = self.data[:28]
            icmp = struct.pack("!BBHI", 3, 13, 0, 0) + body
            icmp = icmp[:2] + struct.pack("!H", _checksum(icmp)) + icmp[4:]
            head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(icmp), 0, 0, 64, 1, 0) + ROUTER[4] + self.source
            return head[:10] + struct.pack("!H", _checksum(head)) + head[12:] + icmp
        icmp = struct.pack("!BBHI", 1, 1, 0, 0) + self.data[:1200]
        pseudo = ROUTER[6] + self.source + struct.pack("!I3xB", len(icmp), 58)
        icmp = icmp[:2] + struct.pack("!H", _checksum(pseudo + icmp)) + icmp[4:]
        return struct.pack("!IHBB", 6 << 28, len(icmp), 58, 64) + ROUTER[6] + self.source + icmp


class Way:
    """Use as a context manager. `inside(words)` is the command that runs `words` at its near end."""

    def __init__(self, number, rules, address_of):
        self.number, self.rules = number, dict(rules)
        self.near = f"203.0.113.{number}", f"2001:db8:77::{number:x}"
        self.dead, self.open = ({ipaddress.ip_address(address_of.get(host, host)).packed for host in self.rules.get(rule, ())} for rule in ("drop_to", "only_to"))
        self.queue, self.order, self.passed, self.free = [], 0, 0, [0.0, 0.0]

    def __enter__(self):
        home = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        try:
            _system(LIBC.unshare(CLONE_NEWNET), "unshare")
            self.namespace = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
            _ip("link set lo up")
            self.devices = []
            if "nothing" in self.rules:
                return self
            self.devices.append(_tun("way"))
            _ip(f"address add {self.near[0]}/32 dev way", f"address add {self.near[1]}/128 dev way nodad", "link set way up",
                "route add default dev way", "route add ::/0 dev way")
        finally:
            _system(LIBC.setns(home, CLONE_NEWNET), "setns")
            os.close(home)
        self.devices.append(_tun(f"way{self.number}"))
        _ip(f"link set way{self.number} up", f"route add {self.near[0]}/32 dev way{self.number}", f"route add {self.near[1]}/128 dev way{self.number}")
        self.stop = socket.socketpair()
        self.thread = threading.Thread(target=self._relay, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        if self.devices:
            self.stop[1].close()
            self.thread.join()
            self.stop[0].close()
        for one in (*self.devices, self.namespace):
            os.close(one)

    def inside(self, words):
        return ["nsenter", f"--net=/proc/{os.getpid()}/fd/{self.namespace}", *words]

    def _relay(self):
        while True:
            wait = max(0.0, self.queue[0][0] - time.monotonic()) if self.queue else None
            ready, _, _ = select.select([*self.devices, self.stop[0]], [], [], wait)
            if self.stop[0] in ready:
                return
            for side, device in enumerate(self.devices):
                if device in ready:
                    self._take(side, device)
            now = time.monotonic()
            while self.queue and self.queue[0][0] <= now:
                _, _, device, data = heapq.heappop(self.queue)
                try:
                    os.write(device, data)
                except OSError:  # a full device loses packets, as a full line does
                    pass

    def _take(self, side, device):
        try:
            data = os.read(device, 65536)
        except BlockingIOError:
            return
        packet = Packet(data)
        outward = side == 0
        if outward and packet.ports[1] in self.rules.get("prohibit", ()):
            os.write(device, packet.prohibited())
            return
        if outward and (packet.ports[1] in self.rules.get("drop", ()) or packet.target in self.dead or self.open and packet.target not in self.open):
            return
        if not outward and len(data) > self.rules.get("cut", 1 << 20):
            return
        self.passed += 1
        if self.passed % self.rules.get("lose", 1 << 30) == 0:
            return
        due = time.monotonic() + self.rules.get("delay", 0.0)
        if "rate" in self.rules:  # one packet after the other
            self.free[side] = due = max(due, self.free[side]) + len(data) * 8 / self.rules["rate"]
        self.order += 1
        heapq.heappush(self.queue, (due, self.order, self.devices[1 - side], data))
