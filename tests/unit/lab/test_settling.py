"""Which ports are waited for, and when nothing more is to be expected."""

from __future__ import annotations

import socket
import threading
import time

import pytest

from seatrial.lab import settling
from seatrial.lab.model import read
from seatrial.lab.settling import Doors, doors


@pytest.mark.parametrize(
    ("body", "others", "exposed", "found"),
    [
        ({"ports": [{"target": 8000, "published": "80"}]}, {}, (), Doors(frozenset({8000}), frozenset({8000}))),
        ({"expose": ["9000"]}, {}, (), Doors(frozenset(), frozenset({9000}))),
        ({}, {"URL": "http://a:8000/x"}, (), Doors(frozenset({8000}))),
        ({}, {"URL": "http://aa:8000/x"}, (), Doors(frozenset())),
        ({}, {}, (80, 443), Doors(frozenset(), frozenset({80, 443}))),
        ({"environment": {"PORT": "8080", "DB_PORT_RANGE": "1"}}, {}, (), Doors(frozenset(), frozenset({8080}))),
        ({"environment": {"PORT": "99999"}}, {}, (), Doors(frozenset())),
        (
            {"ports": [{"target": 53, "published": "53", "protocol": "udp"}]},
            {},
            (),
            Doors(frozenset()),
        ),
    ],
)
def test_the_ports_that_a_service_will_open(
    body: dict[str, object], others: dict[str, str], exposed: tuple[int, ...], found: Doors
) -> None:
    stack = read({"services": {"a": body, "b": {"environment": others}}})
    assert doors(stack.services["a"], stack, exposed) == found


@pytest.mark.parametrize(
    ("every", "some", "steps", "over"),
    [
        ({1}, set(), [(0, set()), (59, set())], False),
        ({1}, set(), [(0, set()), (61, set())], True),
        ({1}, set(), [(8, {1})], True),
        ({1, 2}, set(), [(8, {1}), (12, {1})], False),
        ({1, 2}, set(), [(8, {1}), (19, {1})], True),
        ({1, 2}, set(), [(8, {1}), (17, {1, 2})], True),
        (set(), {1, 2}, [(8, {2})], True),
        (set(), {1, 2}, [(8, set())], False),
        ({1, 2}, set(), [(n, {1 + n % 2}) for n in range(0, 70, 2)] + [(71, {2})], True),
    ],
)
def test_it_is_waited_until_nothing_more_is_to_be_expected(
    every: set[int], some: set[int], steps: list[tuple[float, set[int]]], over: bool
) -> None:
    waiting = settling._Waiting(Doors(frozenset(every), frozenset(some)), 0.0, 0.0)
    assert [waiting.is_over(frozenset(now), moment) for moment, now in steps][-1] is over


def _server(answers: list[bytes]) -> int:
    """A server that gives these answers, one a connection, the last one for ever; its port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            connection, _ = listener.accept()
            with connection:
                connection.recv(1024)
                connection.sendall(answers.pop(0) if len(answers) > 1 else answers[0])

    threading.Thread(target=serve, daemon=True).start()
    return int(listener.getsockname()[1])


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    ("answers", "left"),
    [
        ([b"HTTP/1.1 503 starting\r\n\r\n", b"HTTP/1.1 500 x\r\n\r\n", b"HTTP/1.1 404 x\r\n\r\n"], 1),
        ([b"SSH-2.0\r\n", b"never asked again"], 1),
    ],
)
def test_who_starts_with_5xx_is_asked_again_until_that_is_over(answers: list[bytes], left: int) -> None:
    port = _server(answers)
    settling._settled(_At("127.0.0.1"), "a", port)  # type: ignore[arg-type]
    assert len(answers) == left


def test_who_accepts_and_says_nothing_has_not_answered() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        began = time.monotonic()
        assert settling._heard("127.0.0.1", int(listener.getsockname()[1])) is None
        assert time.monotonic() - began >= settling._ANSWER
    assert settling._heard("127.0.0.1", 9) == 0


class _At:
    """Knows one address."""

    def __init__(self, address: str) -> None:
        self._address = address

    def address(self, _service: str) -> str:
        return self._address
