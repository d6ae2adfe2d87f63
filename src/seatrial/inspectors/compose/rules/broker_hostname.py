"""
A broker finds its data again.

## What it does

Reports RabbitMQ with a volume for its data and without `hostname` or `RABBITMQ_NODENAME`.

## Why it matters

RabbitMQ stores its data under its host name. A recreated container gets a new default host name: the queues are in the
volume and the broker starts empty.

## How to fix

`hostname: NAME`.

Source: https://www.rabbitmq.com/docs/relocate
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.domain.stores import PATHS
from seatrial.inspectors.compose.mounts import mounts
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.rules import Rule

from .base import found, snippet
from .store_volume import covers

_BROKER = "rabbitmq"


def _applies(project: ComposeProject) -> bool:
    """Whether there is one."""
    return any(s.datastore == _BROKER for s in project.services)


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Brokers whose data is kept under a host name that no container has any more."""
    for service in project.services:
        if service.datastore != _BROKER or service.text("hostname") or service.get("environment", "RABBITMQ_NODENAME"):
            continue
        kept = [m for m in mounts(service) if not m.tmpfs and m.source]
        if any(covers(m.target, path) for m in kept for path in PATHS[_BROKER]):
            message = "keeps its data under the name of its host, which changes with every new container"
            remedy = snippet(service, f"hostname: {service.name}")
            yield found(RULE.id, RULE.severity, service, service.at, message, remedy, "hostname")


RULE = Rule.of(
    __doc__,
    id="compose/broker-hostname",
    check="compose/data",
    severity=Severity.MEDIUM,
    applies=_applies,
    find=_find,
)
