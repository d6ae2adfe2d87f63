"""The rules of load, each of which is a check of its own."""

from __future__ import annotations

from typing import NamedTuple


class Row(NamedTuple):
    """A rule as its author writes it. One that is a check has the title and the severity of the check."""

    name: str
    what: str
    why: str
    fix: str
    source: str


_K6 = "https://grafana.com/docs/k6/latest/using-k6/thresholds/"
ROWS = (
    Row(
        "latency",
        (
            "Locust asks the entry points as 10, 50 and 100 users, by GET and HEAD only. Each user pauses a second "
            "between two requests. The 95th percentile has to be below 500 ms and the 99th below 1 s. Profiles of "
            "`load.profiles` replace this, with thresholds in k6's words. The error of a percentile is 1 % at most. "
            "The generator runs in a container on the stack's networks, and asks nothing else."
        ),
        "Users leave a slow page, and callers with a time-out ask again: the load then grows by itself.",
        (
            "Find the step at which the 95th percentile doubles (the knee), and what is used up there: processor, "
            "workers, or connections of a pool. Raise it, or answer from a cache."
        ),
        _K6,
    ),
    Row(
        "errors",
        (
            "Counts the requests of the same load that fail: another status than 200 to 399, or no answer within 10 s. "
            "Less than 1 % may fail. Reports containers that die meanwhile."
        ),
        "A service that works for one user and fails for fifty fails on its busiest day.",
        "Read the kinds of failures, then the service's log in `logs/`: full pools, full queues, too few open files.",
        _K6,
    ),
    Row(
        "memory",
        (
            "Listens for the engine's `oom` events under load. Besides, it reads memory every second while the number "
            "of users stays the same. Growth that reaches the limit within ten minutes is reported as a guess."
        ),
        "A leak ends the service after hours or days, mostly when it is busiest.",
        "Compare two heap profiles of the service under load; bound caches and queues.",
        "https://docs.docker.com/engine/containers/resource_constraints/",
    ),
    Row(
        "blast-radius",
        (
            "100 users ask one entry point without a pause. Every other service that does not need it has to answer at "
            "least 95 % of its own questions meanwhile."
        ),
        "The overload of a page for visitors must not stop orders that are already paid.",
        (
            "Limit what one service may take: connections of a pool, processors, memory. Shed load at the entry point "
            "with 429 or 503, before it reaches what others need."
        ),
        "https://sre.google/sre-book/handling-overload/",
    ),
    Row(
        "workers",
        (
            "Lets the workers of `load.groups` go at the same time. Each does its operations once and in order. At "
            "least 90 % of all workers and 80 % of each group have to complete within `load.limit`. Every store has "
            "to answer at least 95 % of its own questions meanwhile."
        ),
        "A queue or a pool that serves one team first leaves the others waiting, while averages look well.",
        (
            "Look at the group that starves and the operation at which its workers fail. Give each group a queue or a "
            "pool of its own, or share workers fairly between queues."
        ),
        "https://sre.google/sre-book/handling-overload/",
    ),
)
