"""
Labels are one's own.

## What it does

Reports labels of services and of the images that they build in the namespaces `com.docker.*`, `io.docker.*` and
`org.dockerproject.*`.

## Why it matters

They are Docker's: Compose finds a project's containers by `com.docker.compose.*`. With such a label set by hand,
containers get lost or stop with another project. Tools that read the label get a wrong answer.

## How to fix

A namespace of one's own, the reversed domain: `com.example.team: shop`.

Source: https://docs.docker.com/engine/manage-resources/labels/#value-guidelines
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.compose.values import Map
from seatrial.inspectors.rules import Rule

from .base import found, snippet

_PLACES = (("labels",), ("deploy", "labels"), ("build", "labels"))
_RESERVED = re.compile(r"^(?:com\.docker|io\.docker|org\.dockerproject)\.")
_MEANT = re.compile(r"^com\.docker\.(?:desktop|extension|lb)\.")
"""Those that Docker's own products document for users."""


def _applies(project: ComposeProject) -> bool:
    """Whether there is any."""
    return any(s.get(*place) for s in project.services for place in _PLACES)


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Labels in others' namespaces."""
    for service in project.services:
        for place in _PLACES:
            labels = service.get(*place)
            for name, entry in labels if isinstance(labels, Map) else ():
                if _RESERVED.match(name) and not _MEANT.match(name):
                    own = name.rpartition(".")[2]
                    remedy = snippet(service, *(f"{'  ' * n}{key}:" for n, key in enumerate(place)))
                    remedy += f"\n{'  ' * (len(place) + 2)}com.example.{own}: ..."
                    yield found(
                        RULE.id, RULE.severity, service, entry.key_at, f"{name} is Docker's own", remedy, *place, name
                    )


RULE = Rule.of(
    __doc__,
    id="compose/reserved-label",
    check="compose/observability",
    severity=Severity.MEDIUM,
    applies=_applies,
    find=_find,
)
