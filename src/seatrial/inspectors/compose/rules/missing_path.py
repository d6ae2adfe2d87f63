"""
Every file that a service is given is there.

## What it does

Reports bind mounts of files, `env_file`, `configs` and build contexts of the repository that are not in it. Data
directories and optional files are not reported, nor files that `.gitignore` usually lists (`.env`, secrets,
certificates).

## Why it matters

Docker creates a directory in place of the missing file, and the program fails with an unrelated error.

## How to fix

Add the file, or correct the path.

Source: https://docs.docker.com/reference/compose-file/services/#volumes
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace

from seatrial.domain import Finding, Location, Severity
from seatrial.inspectors.compose.mounts import mounts
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.compose.service import ServiceConfig
from seatrial.inspectors.compose.values import ComposeText, Map
from seatrial.inspectors.rules import Rule

from .base import any_service, found

_FILE = re.compile(
    r"(?:\.(?:ya?ml|json|toml|conf|cfg|ini|sh|py|js|sql|cnf|xml|properties|template|lua|rules|hcl)|Caddyfile"
    r"|Dockerfile)$"
)
_KEPT_OUT = re.compile(
    r"(?:^|/)(?:\.env|secrets?|certs?|data|logs?|private|keys?|ssl|tls|local|backups?|tmp|dist|build"
    r"|node_modules|vendor|target|acme)\b|\$"
)


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Paths to nothing."""
    for service in project.services:
        for mount in mounts(service):
            if mount.bind and mount.source.startswith(("./", "../")) and _FILE.search(mount.source):
                yield from _missing(project, service, mount.source, mount.at, "mounts")
        for context, at in _contexts(service):
            yield from _missing(project, service, context, at, "is built from", folder=True)
        for item in service.items("env_file"):
            path = item.text("path") if isinstance(item, Map) else item.text if isinstance(item, ComposeText) else ""
            needed = not isinstance(item, Map) or item.text("required") != "false"
            if path and needed and not path.startswith(("/", "~")):
                yield from _missing(project, service, path, item.at, "reads")


def _contexts(service: ServiceConfig) -> Iterator[tuple[str, Location]]:
    build = service.get("build")
    text = build.text if isinstance(build, ComposeText) else service.text("build", "context") or ""
    if text.startswith((".", "./")) and "://" not in text:
        yield text, service.place("build", "context") if isinstance(build, Map) else service.place("build")


def _missing(
    project: ComposeProject, service: ServiceConfig, path: str, at: Location, verb: str, *, folder: bool = False
) -> Iterator[Finding]:
    base = posixpath.dirname(at.path)
    full = posixpath.normpath(posixpath.join(base, path))
    if full.startswith("..") or not project.paths or _KEPT_OUT.search(path):
        return
    there = full == "." or full in project.paths or any(p.startswith(full + "/") for p in project.paths)
    if not there:
        what = "the directory" if folder else "the file"
        message = f"{verb} {what} {path}, which is not in the repository"
        one = found(RULE.id, RULE.severity, service, at, message, f"# add {full}", "paths", full)
        yield replace(one, cause=f"{RULE.id}:{full}")  # adding it mends every use


RULE = Rule.of(
    __doc__,
    id="compose/missing-path",
    check="compose/mounts",
    severity=Severity.MEDIUM,
    applies=any_service,
    find=_find,
)
