"""What a service gets from the Dockerfile that it is built from, as far as the repository has it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import replace

from seatrial.inspectors.dockerfile.syntax import BuildStage, Dockerfile, parse
from seatrial.inspectors.reading import read
from seatrial.system.source import Tree

from .service import ServiceConfig
from .values import ComposeText, Map

_LIMIT = 256 * 1024
"""Bytes of a Dockerfile; of a larger one nothing is known here."""


def dockerfile_of(service: ServiceConfig) -> str:
    """The path of the Dockerfile that a service is built from; empty if it is not built, or not from the tree."""
    build = service.get("build")
    context = build.get("context") if isinstance(build, Map) else None
    if not isinstance(build, Map) or not isinstance(context, ComposeText) or build.get("dockerfile_inline"):
        return ""
    folder = posixpath.dirname(context.at.path)  # a path starts in the folder of the file that writes it
    return posixpath.normpath(posixpath.join(folder, context.text, build.text("dockerfile") or "Dockerfile"))


def checked(tree: Tree, services: Iterable[ServiceConfig]) -> Iterator[ServiceConfig]:
    """The services, each with whether its Dockerfile has a health check; a file is read once."""
    known: dict[tuple[str, str], bool] = {}
    for service in services:
        path, target = dockerfile_of(service), service.text("build", "target") or ""
        if path not in tree.paths:
            yield service
            continue
        if (path, target) not in known:
            text = read(tree, path, _LIMIT).text
            known[path, target] = text is not None and "HEALTHCHECK" in text.upper() and _has(parse(path, text), target)
        yield replace(service, built_check=known[path, target])


def _has(file: Dockerfile, target: str) -> bool:
    """Whether the image of a stage has a check, its own or its base stage's."""
    stage: BuildStage | None = next((s for s in file.stages if target and s.name == target.lower()), file.final)
    stages = file.lineage(stage) if stage else ()
    last = next((found for one in stages if (found := one.last("HEALTHCHECK")) is not None), None)
    return last is not None and last.text.strip().upper() != "NONE"
