"""
No image's tag is made to move.

## What it does

Reports tags such as `stable`, `edge`, `main`, `nightly`, `dev`, `lts` and `alpine`, which name no version.

## Why it matters

The image that was pushed last is what runs; going back is impossible because there is nothing to go back to.

## How to fix

Name a version.

Source: https://docs.docker.com/reference/compose-file/services/#image
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.rules import Rule

from .base import found, snippet


def _applies(project: ComposeProject) -> bool:
    """Whether any service runs an image of others."""
    return any(s.text("image") and not s.get("build") for s in project.services)


_MOVING = re.compile(
    r"(?:stable|edge|main|master|nightly|dev(?:el(?:op(?:ment)?)?)?|lts|current|rolling|testing|unstable|head"
    r"|canary|beta|alpha|release|prod(?:uction)?|alpine|slim|jammy|noble|bookworm|trixie|bullseye"
    r"|buster)(?:-(?:alpine|slim|debian))?$"
)


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Tags without a number."""
    for service in project.services:
        image = service.text("image") or ""
        name, _, tag = image.rpartition("/")[2].partition(":")
        distribution = name in ("debian", "ubuntu", "buildpack-deps")
        if _MOVING.match(tag) and "@" not in image and not service.get("build") and not distribution:
            remedy = snippet(service, f"image: {image.removesuffix(tag)}1.2.3  # the version that you tested")
            message = f"the tag {tag} of {name} names no version"
            yield found(RULE.id, RULE.severity, service, service.place("image"), message, remedy, "image")


RULE = Rule.of(
    __doc__,
    id="compose/moving-tag",
    check="compose/images",
    severity=Severity.LOW,
    applies=_applies,
    find=_find,
)
