"""What rules of Compose files are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from seatrial.domain import Confidence, Finding, Location, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.compose.service import ServiceConfig
from seatrial.text.wording import listed


def found(
    rule: str,
    severity: Severity,
    service: ServiceConfig,
    at: Location,
    message: str,
    remedy: str,
    *path: str,
    confidence: Confidence = Confidence.HIGH,
) -> Finding:
    """A finding about one service; `path` says structurally what it is about, and never holds a value."""
    return Finding(
        rule=rule,
        severity=severity,
        confidence=confidence,
        message=f"{service.name}: {message}",
        location=at,
        remedy=remedy,
        subject=service.name,
        anchor=".".join(("services", service.name, *path)),
    )


def by_reach(service: ServiceConfig) -> Severity:
    """Of what gives a service power over its host: everyone who can reach it has the first chance at it."""
    return Severity.CRITICAL if service.reachable else Severity.HIGH


def snippet(service: ServiceConfig, *lines: str) -> str:
    """A remedy to paste: the lines below the service's name."""
    return "\n".join(["services:", f"  {service.name}:", *(f"    {line}" for line in lines)])


def grouped(
    rule: str,
    severity: Severity,
    services: Iterable[ServiceConfig],
    say: Callable[[str], str],
    *lines: str,
) -> Iterator[Finding]:
    """
    One finding for each file, with the services that lack something.

    Hygiene is missing in nearly every Compose file; a finding for each service would bury what matters.
    """
    by_file: dict[str, list[ServiceConfig]] = {}
    for service in services:
        by_file.setdefault(service.at.path, []).append(service)
    for members in by_file.values():
        members.sort(key=lambda s: s.at)
        yield Finding(
            rule=rule,
            severity=severity,
            confidence=Confidence.HIGH,
            message=say(listed(s.name for s in members)),
            location=members[0].at,
            remedy=snippet(members[0], *lines),
            related=tuple(s.at for s in members[1:]),
            subject=", ".join(s.name for s in members),
            anchor="services",
        )


def any_service(project: ComposeProject) -> bool:
    """For rules that every service can break."""
    return bool(project.services)


def servers(project: ComposeProject) -> tuple[ServiceConfig, ...]:
    """Services that are meant to stay up and say enough about themselves to be judged by what they lack."""
    return tuple(s for s in project.services if s.complete and not s.one_shot and s.text("restart") != "no")
