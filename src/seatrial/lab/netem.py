"""
A network emulator in user space: what leaves a network namespace is delayed, lost or throttled, packet by packet.

It runs in a sidecar that shares the target's namespace, with NET_ADMIN, NET_RAW and /dev/net/tun: routes lead the
packets into a TUN device of ours, and a raw socket sends them on. Connections that exist already are hit too. It undoes
itself by ending, however it ends: the device and its routes vanish with the file descriptor, and the rule that asked
for them then finds nothing. The kernel needs no netem for it.

    python -m seatrial.lab.netem --delay 0.2 --jitter 0.02 --loss 0.1 --rate 1e6 --lifetime 13 --seed 1
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import heapq
import ipaddress
import json
import os
import random
import select
import signal
import socket
import struct
import time
from dataclasses import dataclass, field
from pathlib import Path

from seatrial.system import process

DEVICE = "seatrial0"
_MARK, _TABLE, _PREFERENCE = 0x5EA7, "10064", "64"
_TUNSETIFF, _IFF_TUN, _IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
_BURST = 64  # packets read before the queue is looked at again
_PATIENCE = 5.0  # seconds for one call of ip
_REPORT = 0.5  # seconds between two reports


@dataclass(frozen=True, slots=True)
class Conditions:
    """What happens to a packet."""

    delay: float = 0.0
    """Seconds."""
    jitter: float = 0.0
    """Seconds, at most, more or less."""
    loss: float = 0.0
    """Share of 1."""
    rate: float = 0.0
    """Bits a second; 0: no limit."""


@dataclass
class Queue:
    """Packets on their way, and what became of the others. Pure but for the seeded random numbers."""

    conditions: Conditions
    chance: random.Random
    seen: int = 0
    lost: int = 0
    sent: int = 0
    late: float = 0.0
    """Seconds that packets were held, altogether."""
    _free: float = 0.0
    _waiting: list[tuple[float, int, bytes]] = field(default_factory=list)

    def put(self, packet: bytes, now: float) -> None:
        """Take a packet that leaves now."""
        self.seen += 1
        conditions = self.conditions
        if conditions.loss and self.chance.random() < conditions.loss:
            self.lost += 1
            return
        jitter = self.chance.uniform(-conditions.jitter, conditions.jitter) if conditions.jitter else 0.0
        due = now + max(0.0, conditions.delay + jitter)
        if conditions.rate:
            self._free = max(self._free, now) + len(packet) * 8 / conditions.rate
            due = max(due, self._free)
        self.late += due - now
        heapq.heappush(self._waiting, (due, self.seen, packet))

    def due(self, now: float) -> list[bytes]:
        """The packets whose time has come, in order."""
        ready = []
        while self._waiting and self._waiting[0][0] <= now:
            ready.append(heapq.heappop(self._waiting)[2])
        return ready

    @property
    def next(self) -> float | None:
        """When the next packet is due."""
        return self._waiting[0][0] if self._waiting else None

    def report(self) -> str:
        """The counts so far, as one line of JSON."""
        passed = max(1, self.seen - self.lost)
        return json.dumps(
            {"seen": self.seen, "lost": self.lost, "sent": self.sent, "late": round(self.late / passed, 6)}
        )


def _ip(*words: str) -> str:
    done = process.run(["/usr/sbin/ip", *words], cwd=Path("/"), timeout=_PATIENCE)
    if done.returncode:
        raise SystemExit(f"ip {' '.join(words)}: {done.complaint}")
    return done.stdout.decode()


def _open() -> int:
    """The device and the way of every IPv4 packet into it, the source address kept."""
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, _TUNSETIFF, struct.pack("16sH", DEVICE.encode(), _IFF_TUN | _IFF_NO_PI))
    _ip("link", "set", DEVICE, "up", "mtu", "1500")
    for link in json.loads(_ip("-j", "-4", "addr") or "[]"):
        if link["ifname"] in ("lo", DEVICE):
            continue
        for address in link["addr_info"]:
            network = ipaddress.ip_interface(f"{address['local']}/{address['prefixlen']}").network
            _ip("route", "replace", str(network), "dev", DEVICE, "src", address["local"], "table", _TABLE)
    for route in json.loads(_ip("-j", "route", "show", "default") or "[]"):
        found = json.loads(_ip("-j", "route", "get", route["gateway"]) or "[]") if "gateway" in route else []
        if found:
            _ip("route", "replace", "default", "dev", DEVICE, "src", found[0]["prefsrc"], "table", _TABLE)
    while _deleted():
        pass
    _ip("rule", "add", "pref", _PREFERENCE, "not", "fwmark", str(_MARK), "lookup", _TABLE)
    return device


def _deleted() -> bool:
    words = ["/usr/sbin/ip", "rule", "del", "pref", _PREFERENCE]
    return process.run(words, cwd=Path("/"), timeout=_PATIENCE).returncode == 0


def _sender() -> socket.socket:
    """A raw socket whose packets are marked, so that they do not come back to us."""
    sender = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
    sender.setsockopt(socket.SOL_SOCKET, socket.SO_MARK, _MARK)
    sender.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 21)
    sender.setblocking(False)
    return sender


def main() -> None:
    """Emulate until a signal stops it, or until the lifetime is over."""
    parser = argparse.ArgumentParser()
    for name in ("delay", "jitter", "loss", "rate"):
        parser.add_argument(f"--{name}", type=float, default=0.0)
    parser.add_argument("--lifetime", type=float, required=True)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    stopped: list[int] = []
    for kind in (signal.SIGTERM, signal.SIGINT):
        signal.signal(kind, lambda signum, _frame: stopped.append(signum))
    conditions = Conditions(asked.delay, asked.jitter, asked.loss, asked.rate)
    queue = Queue(conditions, random.Random(asked.seed))  # noqa: S311 - repeatable is what is wanted
    device, sender, end = _open(), _sender(), time.monotonic() + asked.lifetime
    print(queue.report(), flush=True)  # noqa: T201 - this is how it speaks
    told = time.monotonic()
    while not stopped and (now := time.monotonic()) < end:
        _pass_on(queue, device, sender, min(end, queue.next or end))
        if now - told > _REPORT:
            print(queue.report(), flush=True)  # noqa: T201
            told = now
    _deleted()
    print(queue.report(), flush=True)  # noqa: T201


def _pass_on(queue: Queue, device: int, sender: socket.socket, until: float) -> None:
    for packet in queue.due(time.monotonic()):
        with contextlib.suppress(OSError):
            sender.sendto(packet, (socket.inet_ntoa(packet[16:20]), 0))
            queue.sent += 1
    ready, _, _ = select.select([device], [], [], max(0.0, min(until - time.monotonic(), 0.25)))
    for _ in range(_BURST if ready else 0):
        try:
            packet = os.read(device, 65_535)
        except BlockingIOError:
            return
        if packet[0] >> 4 == 4:
            queue.put(packet, time.monotonic())


if __name__ == "__main__":
    main()
