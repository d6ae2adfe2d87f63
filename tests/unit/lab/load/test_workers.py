"""Workers: shares of all and of each group, whom to blame, the stores, and messages as other programs read them."""

from __future__ import annotations

import base64
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from seatrial.domain.load import LoadRule
from seatrial.domain.work import QueueWay, WorkGroup, WorkMessage
from seatrial.lab.load.messages import enveloped, push, task
from seatrial.lab.load.workers import UNFINISHED, WorkerEnd, WorkSeen, complaints, groups
from seatrial.lab.markers import Redis
from seatrial.lab.probes import Probe

STORE = Probe("store", "redis", 6379)


def seen(completed: dict[str, int], workers: int = 10, failure: str = UNFINISHED, **more: object) -> WorkSeen:
    """Groups of ten, of which so many completed."""
    ends = tuple(
        WorkerEnd(name, float(n + 1)) if n < done else WorkerEnd(name, 0.0, failure, "api" if n % 2 else "db")
        for name, done in completed.items()
        for n in range(workers)
    )
    made = tuple(WorkGroup(name, workers) for name in completed)
    return WorkSeen(made, 15.0, ends, 12.0, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("completed", "wrong"),
    [
        ({"a": 10, "b": 10}, []),
        ({"a": 10, "b": 8}, []),
        ({"a": 10, "b": 10, "c": 10, "d": 10, "e": 7}, ["group e: 7 of 10"]),
        ({"a": 8, "b": 9}, ["17 of all 20"]),
        ({"a": 7, "b": 10}, ["group a: 7 of 10", "17 of all 20"]),
        ({"a": 0}, ["group a: 0 of 10", "0 of all 10"]),
    ],
)
def test_nine_tenths_of_all_and_eight_of_each_have_to_complete(completed: dict[str, int], wrong: list[str]) -> None:
    found = list(complaints(seen(completed)))
    assert [one.text.partition(" workers")[0] for one in found] == wrong
    assert {one.rule for one in found} <= {LoadRule.WORKERS}


def test_the_service_at_which_most_fail_is_blamed_with_the_kinds() -> None:
    [starving, _] = complaints(seen({"a": 7}, failure="http503"))
    assert starving.service == "api"
    assert starving.text == ("group a: 7 of 10 workers completed within 15 s, 80 % are asked for (http503 3)")


def test_a_store_that_does_not_answer_or_dies_is_named() -> None:
    assert not list(complaints(seen({"a": 10}, stores={STORE: 0.95})))
    [silent, dead] = complaints(seen({"a": 10}, stores={STORE: 0.9}, died=frozenset({"db"})))
    assert silent.service == "store"
    assert "90 % of the answers to redis :6379 were good while workers worked" in silent.text
    assert (dead.service, dead.text) == ("db", "died while workers worked")


@contextmanager
def store(answer: bytes) -> Iterator[tuple[Redis, list[bytes]]]:
    """A store that gives one answer, and what it was sent."""
    sent: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                sent.append(connection.recv(65_536))
                connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        events = SimpleNamespace(address=lambda _: "127.0.0.1")
        yield Redis("store", events, server.getsockname()[1], None, ""), sent  # type: ignore[arg-type]
        thread.join()


@pytest.mark.parametrize(
    ("way", "body", "answer", "begins"),
    [
        (QueueWay.LIST, "plain text", b":1\r\n", b"*3\r\n$5\r\nRPUSH\r\n$1\r\na\r\n$10\r\nplain text\r\n"),
        (QueueWay.STREAM, "x", b"$3\r\n1-0\r\n", b"*5\r\n$4\r\nXADD\r\n$1\r\na\r\n$1\r\n*\r\n$4\r\ndata\r\n$1\r\nx"),
        (QueueWay.TASK, "[1]", b":1\r\n", b"*3\r\n$5\r\nLPUSH\r\n$6\r\ncelery\r\n"),
    ],
)  # fmt: skip
def test_a_message_is_one_command_of_redis(way: QueueWay, body: str, answer: bytes, begins: bytes) -> None:
    with store(answer) as (redis, sent):
        push(redis, WorkMessage("store", way, "a", body), body)
    assert sent[0].startswith(begins)


def test_a_message_that_is_refused_is_an_error() -> None:
    with store(b"-WRONGTYPE not a list\r\n") as (redis, _), pytest.raises(OSError, match="WRONGTYPE"):
        push(redis, WorkMessage("store", QueueWay.LIST, "a"), "")


def test_figures_count_only_those_that_completed() -> None:
    [full, none] = groups(seen({"a": 3, "b": 0}))
    assert (full.completed, full.median, full.longest, full.failures) == (3, 2.0, 3.0, ((UNFINISHED, 7),))
    assert (none.completed, none.median, none.longest) == (0, None, None)


def test_a_task_is_what_celery_reads_from_redis() -> None:
    told = json.loads(enveloped("shop.tasks.send", '[1, "x"]'))
    assert told["headers"]["task"] == "shop.tasks.send"
    assert told["headers"]["id"] == told["properties"]["correlation_id"]
    arguments, keywords, embedded = json.loads(base64.b64decode(told["body"]))
    assert (arguments, keywords) == ([1, "x"], {})
    assert set(embedded) == {"callbacks", "errbacks", "chain", "chord"}
    assert task("a")["id"] != task("a")["id"]
