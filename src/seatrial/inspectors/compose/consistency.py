"""
What Docker's own loader refuses in a project whose files all fit the schema.

Source: https://github.com/compose-spec/compose-go/blob/main/loader/validate.go
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from .documents import Problem
from .ports import complaint
from .project import Project
from .service import Service
from .values import Map


def problems(project: Project) -> Iterator[Problem]:
    """What cannot be merged, and the contradictions in each service of a project."""
    yield from (problem for problem in project.problems if problem.kind == "syntax")
    for service in project.services:
        yield from _twice(service)
        yield from _build(service)
        yield from _network(service)
        for item in service.items("ports"):
            if said := complaint(item):
                yield Problem("syntax", item.at, f"{service.name}: {said}", subject=service.name)


_LIMITS = (
    ("pids_limit", ("deploy", "resources", "limits", "pids")),
    ("cpus", ("deploy", "resources", "limits", "cpus")),
    ("scale", ("deploy", "replicas")),
)


def _twice(service: Service) -> Iterator[Problem]:
    for name, path in _LIMITS:
        old, new = _number(service.text(name)), _number(service.text(*path))
        if old is not None and new is not None and old != new:
            message = f"{service.name}: {name} and {'.'.join(path)} have different values"
            yield Problem("syntax", service.place(name), message, "one of the two", service.name)
    copies = _number(service.text("deploy", "replicas")) or _number(service.text("scale"))
    if service.text("container_name") and copies is not None and copies > 1:
        message = f"{service.name}: container_name allows only one container, and the service has {copies}"
        yield Problem("syntax", service.place("container_name"), message, "no container_name", service.name)


def _number(text: str | None) -> Fraction | None:
    try:
        return Fraction(text) if text and len(text) < 20 and "/" not in text and "e" not in text.lower() else None
    except ValueError:
        return None


def _build(service: Service) -> Iterator[Problem]:
    build = service.get("build")
    if not isinstance(build, Map):
        return
    if build.text("dockerfile") and build.text("dockerfile_inline"):
        message = f"{service.name}: dockerfile and dockerfile_inline exclude each other"
        yield Problem("syntax", build.key("dockerfile"), message, "one of the two", service.name)
    platform, built = service.text("platform"), {text.text for text in service.texts("build", "platforms")}
    if platform and built and "$" not in platform + "".join(built) and platform not in built:
        message = f"{service.name}: build.platforms lacks the service's platform {platform}"
        yield Problem("syntax", service.place("platform"), message, f"{platform} in build.platforms", service.name)


def _network(service: Service) -> Iterator[Problem]:
    networks = service.get("networks")
    if service.text("network_mode") and isinstance(networks, Map) and networks.entries:
        message = f"{service.name}: network_mode and networks exclude each other"
        yield Problem("syntax", service.place("network_mode"), message, "one of the two", service.name)
