"""
Which development-only files a production file uses: they keep production's weight.

A production Compose file can include or extend a file below `examples/`, build a `Dockerfile.dev`, or read variables
from `docs/app.env`. A workflow can run an action below `tests/`, and push an image of `docker/dev/Dockerfile`.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator

from seatrial.inspectors.compose import project as compose
from seatrial.inspectors.compose.built import dockerfile_of
from seatrial.inspectors.compose.service import ServiceConfig
from seatrial.inspectors.compose.values import ComposeText, Map
from seatrial.inspectors.path_roles import purpose
from seatrial.system.source import Tree

_WORKFLOW = re.compile(r"\.github/(?:workflows|actions)/.*\.ya?ml$")
_LOCAL_ACTION = re.compile(r"\buses[ \t]*:[ \t]*[\"']?\./([\w./-]{1,200})")
_PUSHES = re.compile(r"^[ \t]*push[ \t]*:[ \t]*[\"']?true\b|\bdocker[ \t]+push\b|[ \t]--push\b", re.MULTILINE)
_BUILT = re.compile(
    r"^[ \t]*file[ \t]*:[ \t]*[\"']?(?:\./)?([\w./-]{1,200})"
    r"|\bbuild\b[^\n]{0,200}?[ \t](?:-f|--file)[ =][\"']?(?:\./)?([\w./-]{1,200})",
    re.MULTILINE,
)
_SIZE = 512 * 1024
"""Bytes of a workflow; a larger one is not searched."""


def of_tree(tree: Tree) -> frozenset[str]:
    """Development-only paths that production files use. Reads nothing where there is no such path."""
    doubtful = {path for path in tree.paths if not purpose(path).production}
    if not doubtful:
        return frozenset()
    return frozenset(doubtful & {*_of_workflows(tree), *of_compose(compose.survey(tree).projects)})


def of_compose(projects: Iterable[compose.ComposeProject]) -> Iterator[str]:
    """What the projects of production files alone load, build and read, production's own paths included."""
    for project in projects:
        if all(purpose(path).production for path in project.files):
            yield from project.loaded
            for service in project.services:
                yield from _of_service(service)


def _of_service(service: ServiceConfig) -> Iterator[str]:
    folder = posixpath.dirname(service.at.path)
    if built := dockerfile_of(service):
        yield built
    for item in service.items("env_file"):
        path = item.text("path") if isinstance(item, Map) else item.text if isinstance(item, ComposeText) else ""
        if path:
            yield _joined(folder, path)


def _joined(*parts: str) -> str:
    return posixpath.normpath(posixpath.join(*parts))


def _of_workflows(tree: Tree) -> Iterator[str]:
    for file in tree.files:
        if not _WORKFLOW.match(file.path) or file.size > _SIZE:
            continue
        try:
            text = tree.text(file.path) or ""
        except OSError:
            continue  # the workflows' own checks name it
        for match in _LOCAL_ACTION.finditer(text):
            yield from (posixpath.join(_joined(match[1]), name) for name in ("action.yml", "action.yaml"))
        if _PUSHES.search(text):
            yield from (_joined(match[1] or match[2]) for match in _BUILT.finditer(text))
