"""
Only what the image needs is sent to the builder.

## What it does

Reports build contexts outside of the repository (`../..`, `/`, `~`), and remote ones without a commit.

## Why it matters

Everything beside the repository is sent to the builder, including the secrets of other projects; a remote branch is
another one tomorrow.

## How to fix

A directory of the repository; a remote one with the commit (`#<sha>`).

Source: https://docs.docker.com/reference/compose-file/build/#context
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.compose.values import ComposeText, Map
from seatrial.inspectors.rules import Rule

from .base import found, snippet


def _applies(project: ComposeProject) -> bool:
    """Whether anything is built."""
    return any(s.get("build") for s in project.services)


_REMOTE = re.compile(r"^(?:https?://|git@|ssh://|git://|github\.com/)")
_COMMIT = re.compile(r"#(?:[0-9a-f]{40}|v?\d+(?:\.\d+)+)(?::|$)")


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Contexts that are too wide, or move."""
    for service in project.services:
        build = service.get("build")
        text = build.text if isinstance(build, ComposeText) else service.text("build", "context") or ""
        at = service.place("build", "context") if isinstance(build, Map) else service.place("build")
        depth = at.path.count("/")
        outside = text.count("..") > depth or text in ("/", "~", "/root", "/home") or text.startswith("~")
        if outside:
            message = f"is built from {text}, which is outside of the repository"
            yield found(RULE.id, Severity.MEDIUM, service, at, message, snippet(service, "build: ."), "build")
        elif _REMOTE.match(text) and not _COMMIT.search(text):
            message = "is built from a remote branch, which moves"
            yield found(RULE.id, RULE.severity, service, at, message, snippet(service, "build: URL#COMMIT"), "build")


RULE = Rule.of(
    __doc__,
    id="compose/build-context",
    check="compose/images",
    severity=Severity.LOW,
    applies=_applies,
    find=_find,
)
