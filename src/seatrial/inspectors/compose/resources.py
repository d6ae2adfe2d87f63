"""
What Docker's own loader refuses in the top-level resources of a project.

Source: compose-go, validation/
"""

from __future__ import annotations

from collections.abc import Iterator

from . import forms
from .documents import FileProblem
from .project import ComposeProject
from .values import Map

_SOURCES = {"secrets": ("file", "environment"), "configs": ("file", "environment", "content")}


def problems(project: ComposeProject) -> Iterator[FileProblem]:
    """Resources that contradict themselves."""
    for kind, sources in _SOURCES.items():
        for name, entry in project.section(kind) or ():
            given = [source for source in sources if isinstance(entry.value, Map) and source in entry.value.entries]
            if len(given) > 1:
                message = f"{kind}.{name}: {' and '.join(given)} exclude each other"
                yield FileProblem("syntax", entry.key_at, message, "one of them")
    for kind in ("networks", "volumes", *_SOURCES):
        for name, entry in project.section(kind) or ():
            for at, said in forms.of_resource(kind, name, entry.value):
                yield FileProblem("syntax", at, f"{kind}.{name}: {said}")
    for name, entry in project.section("secrets") or ():
        body = entry.value
        if (
            isinstance(body, Map)
            and "driver" in body.entries
            and not {"file", "environment", "external"} & set(body.entries)
        ):
            message = f"secrets.{name}: a driver alone is not a source"
            yield FileProblem("syntax", entry.key_at, message, "file, environment or external")
    for name, entry in project.section("volumes") or ():
        if isinstance(entry.value, Map) and entry.value.text("external") == "true":
            more = [k for k in entry.value.entries if k not in ("name", "external") and not k.startswith("x-")]
            if more:
                message = f"volumes.{name}: external and {more[0]} exclude each other"
                yield FileProblem("syntax", entry.value.key(more[0]), message, "one of the two")
