"""
What Docker's own loader refuses in the top-level resources of a project.

Source: compose-go, validation/
"""

from __future__ import annotations

from collections.abc import Iterator

from .documents import Problem
from .project import Project
from .values import Map

_SOURCES = {"secrets": ("file", "environment"), "configs": ("file", "environment", "content")}


def problems(project: Project) -> Iterator[Problem]:
    """Resources that contradict themselves."""
    for kind, sources in _SOURCES.items():
        for name, entry in project.section(kind) or ():
            given = [source for source in sources if isinstance(entry.value, Map) and source in entry.value.entries]
            if len(given) > 1:
                message = f"{kind}.{name}: {' and '.join(given)} exclude each other"
                yield Problem("syntax", entry.key_at, message, "one of them")
    for name, entry in project.section("volumes") or ():
        if isinstance(entry.value, Map) and entry.value.text("external") == "true":
            more = [k for k in entry.value.entries if k not in ("name", "external") and not k.startswith("x-")]
            if more:
                message = f"volumes.{name}: external and {more[0]} exclude each other"
                yield Problem("syntax", entry.value.key(more[0]), message, "one of the two")
