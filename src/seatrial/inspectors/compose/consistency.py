"""
What Docker's own loader refuses in a project whose files all fit the schema.

Source: https://github.com/compose-spec/compose-go/blob/main/loader/validate.go
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from fractions import Fraction

from . import forms, resources
from .documents import FileProblem
from .identity import mount_parts
from .project import ComposeProject
from .service import ServiceConfig
from .values import ComposeText, Map, Value


def problems(project: ComposeProject) -> Iterator[FileProblem]:
    """What cannot be merged, and the contradictions in a project."""
    yield from (problem for problem in project.problems if problem.kind == "syntax")
    yield from resources.problems(project)
    yield from _one_name(project)
    for service in project.services:
        yield from _twice(service)
        yield from _build(service, project)
        yield from _network(service)
        yield from _mounts(service)
        for at, said in forms.complaints(service):
            yield FileProblem("syntax", at, f"{service.name}: {said}", subject=service.name)


def _one_name(project: ComposeProject) -> Iterator[FileProblem]:
    """Two services with one container's name."""
    seen: dict[str, str] = {}
    for service in project.services:
        name = service.text("container_name")
        if name and "$" not in name and seen.setdefault(name, service.name) != service.name:
            message = f"{service.name}: {seen[name]} has the container_name {name} too"
            yield FileProblem("syntax", service.place("container_name"), message, "a name of its own", service.name)


_LIMITS = ("deploy", "resources", "limits")
_TWINS = (
    ("pids_limit", _LIMITS, "pids"),
    ("cpus", _LIMITS, "cpus"),
    ("mem_limit", _LIMITS, "memory"),
    ("mem_reservation", ("deploy", "resources", "reservations"), "memory"),
)
"""Limits in both spellings: where the newer section exists at all, it has to hold the same value."""


def _twice(service: ServiceConfig) -> Iterator[FileProblem]:
    for name, section, key in _TWINS:
        old, new = service.text(name), service.text(*section, key)
        if not isinstance(service.get(*section), Map) or (name.startswith("mem_") and new is not None):
            continue  # two sizes that differ are reported by a rule of their own
        if old and "$" not in old + (new or "") and _number(old) != 0 and _differ(old, new):
            message = f"{service.name}: {name} and {'.'.join((*section, key))} have different values"
            yield FileProblem("syntax", service.place(name), message, "one of the two", service.name)
    scale, replicas = _number(service.text("scale")), _number(service.text("deploy", "replicas"))
    if scale is not None and replicas is not None and scale != replicas:
        message = f"{service.name}: scale and deploy.replicas have different values"
        yield FileProblem("syntax", service.place("scale"), message, "one of the two", service.name)
    copies = scale if scale is not None else replicas
    if copies is not None and copies < 0:
        message = f"{service.name}: the number of containers is negative"
        yield FileProblem("syntax", service.place("scale"), message, "0 or more", service.name)
    if service.text("container_name") and copies is not None and copies > 1:
        message = f"{service.name}: container_name allows only one container, and the service has {copies}"
        yield FileProblem("syntax", service.place("container_name"), message, "no container_name", service.name)


def _differ(old: str, new: str | None) -> bool:
    first, second = _number(old), _number(new)
    return second is None if first is None or second is None else first != second


def _number(text: str | None) -> Fraction | None:
    try:
        return Fraction(text) if text and len(text) < 20 and "/" not in text and "e" not in text.lower() else None
    except ValueError:
        return None


def _build(service: ServiceConfig, project: ComposeProject) -> Iterator[FileProblem]:
    build = service.get("build")
    if not isinstance(build, Map):
        return
    if build.text("dockerfile") and build.text("dockerfile_inline"):
        message = f"{service.name}: dockerfile and dockerfile_inline exclude each other"
        yield FileProblem("syntax", build.key("dockerfile"), message, "one of the two", service.name)
    platform, built = service.text("platform"), {text.text for text in service.texts("build", "platforms")}
    if platform and built and "$" not in platform + "".join(built) and platform not in built:
        message = f"{service.name}: build.platforms lacks the service's platform {platform}"
        yield FileProblem("syntax", service.place("platform"), message, f"{platform} in build.platforms", service.name)

    services = {s.name: s for s in project.services}
    contexts = build.get("additional_contexts")
    for name, entry in contexts if isinstance(contexts, Map) else ():
        text = entry.value.text if isinstance(entry.value, ComposeText) else ""
        target = text.removeprefix("service:")
        if target != text and (target not in services or not services[target].get("build")):
            message = f"{service.name}: the build context {name} is the service {target}, which builds nothing"
            yield FileProblem("syntax", entry.key_at, message, "a service with `build:`", service.name)


def _mounts(service: ServiceConfig) -> Iterator[FileProblem]:
    """Two mounts at one place: merging drops them by what is written, and this compares what is meant."""
    seen: set[str] = set()
    targets = [(text.at, text.text.partition(":")[0]) for text in service.texts("tmpfs")]
    places = [(item.at, _target(item)) for item in service.items("volumes")]
    for at, target in (*targets, *((at, posixpath.normpath(target)) for at, target in places if target)):
        if target in seen and "$" not in target:
            message = f"{service.name}: two mounts at {target}"
            yield FileProblem("syntax", at, message, "one of them", service.name)
        seen.add(target)


def _target(item: Value) -> str:
    if isinstance(item, Map):
        return item.text("target") or ""
    parts = mount_parts(item.text) if isinstance(item, ComposeText) else [""]
    return parts[1] if len(parts) > 1 else parts[0]


def _network(service: ServiceConfig) -> Iterator[FileProblem]:
    networks = service.get("networks")
    if service.text("network_mode") and isinstance(networks, Map) and networks.entries:
        message = f"{service.name}: network_mode and networks exclude each other"
        yield FileProblem("syntax", service.place("network_mode"), message, "one of the two", service.name)
