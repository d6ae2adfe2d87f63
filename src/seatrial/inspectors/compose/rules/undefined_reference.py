"""
Everything that a service refers to exists.

## What it does

Reports networks, volumes, secrets, configs, models and services that are used but not defined. Reports missing files of
`extends` and `include`.

## Why it matters

Compose refuses to start such a project. The file cannot have been started like this.

## How to fix

Define the thing at the top level of the file, or correct its name.

Source: https://docs.docker.com/reference/compose-file/
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from seatrial.domain import Confidence, Finding, Location, Severity
from seatrial.inspectors.compose.identity import mount_parts
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.compose.service import ServiceConfig
from seatrial.inspectors.compose.values import ComposeText, Map, Value
from seatrial.inspectors.rules import Rule

from .base import any_service, found

_PATH = re.compile(r"^(?:[./~]|[A-Za-z]:[\\/])")


def _find(project: ComposeProject) -> Iterator[Finding]:
    """References to nothing."""
    for problem in project.problems:
        if problem.kind == "reference":
            who = problem.subject or "the file"
            yield Finding(
                rule=RULE.id, severity=RULE.severity, confidence=Confidence.HIGH, message=f"{who} {problem.message}",
                location=problem.at, remedy="Correct the name, or add what it names to the repository.",
                subject=problem.subject, anchor=f"services.{problem.subject}.{problem.message}",
                cause=f"{RULE.id}:{problem.at.path}:{problem.message}",
            )  # fmt: skip
    if project.whole:
        for service in project.services:
            yield from _of_service(service, project)


def _of_service(service: ServiceConfig, project: ComposeProject) -> Iterator[Finding]:
    services = {s.name for s in project.services}
    defined = {kind: _names(project, kind) for kind in ("networks", "volumes", "secrets", "configs", "models")}
    defined["networks"] |= {"default"}
    for kind, name, at in _references(service):
        known = services if kind == "services" else defined[kind]
        if name not in known and "$" not in name:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            remedy = f"{kind}:\n  {name}: {{}}" if kind != "services" else "Name a service that exists."
            message = f"uses the {kind[:-1]} {name}, which is not defined{hint}"
            one = found(RULE.id, RULE.severity, service, at, message, remedy, kind, name)
            # one definition mends every use of it
            yield replace(one, cause=f"{RULE.id}:{project.files[0]}:{kind}:{name}")


def _names(project: ComposeProject, kind: str) -> set[str]:
    section = project.section(kind)
    return set(section.entries) if section else set()


def _references(service: ServiceConfig) -> Iterator[tuple[str, str, Location]]:
    """(kind, name, place) of everything that a service names."""
    for key in ("networks", "depends_on", "models"):
        value = service.get(key)
        for name, entry in value if isinstance(value, Map) else ():
            yield "services" if key == "depends_on" else key, name, entry.key_at
    for kind in ("secrets", "configs"):
        yield from ((kind, name, at) for name, at in _sources(service.items(kind)))
        yield from ((kind, name, at) for name, at in _sources(service.items("build", kind)) if kind == "secrets")
    yield from (("volumes", name, at) for name, at in _volumes(service.items("volumes")))
    for key in ("network_mode", "pid", "ipc"):
        text = service.text(key) or ""
        if text.startswith("service:"):
            yield "services", text.removeprefix("service:"), service.place(key)
    for item in service.texts("links"):
        yield "services", item.text.partition(":")[0], item.at
    for item in service.texts("volumes_from"):
        if not item.text.startswith("container:"):
            yield "services", item.text.partition(":")[0], item.at


def _sources(items: Iterable[Value]) -> Iterator[tuple[str, Location]]:
    for item in items:
        if isinstance(item, ComposeText):
            yield item.text, item.at
        elif isinstance(item, Map) and (source := item.text("source")):
            yield source, item.at


def _volumes(items: Iterable[Value]) -> Iterator[tuple[str, Location]]:
    """Named volumes; binds and anonymous volumes name nothing."""
    for item in items:
        if isinstance(item, ComposeText) and len(parts := mount_parts(item.text)) > 1 and not _PATH.match(item.text):
            yield parts[0], item.at
        elif isinstance(item, Map) and item.text("type") == "volume" and (source := item.text("source")):
            yield source, item.at


RULE = Rule.of(
    __doc__,
    id="compose/undefined-reference",
    severity=Severity.HIGH,
    applies=any_service,
    absent="no service",
    find=_find,
)
