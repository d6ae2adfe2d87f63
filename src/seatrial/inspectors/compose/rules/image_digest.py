"""
Every image is one image.

## What it does

Reports, once for each file, images of others that only a tag names.

## Why it matters

A tag moves: the same file runs another program tomorrow.

## How to fix

`image: postgres:17@sha256:…`; Dependabot and Renovate keep digests fresh.

Source: https://docs.docker.com/reference/compose-file/services/#image
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.compose.service import ServiceConfig
from seatrial.inspectors.rules import Rule

from .base import grouped


def _applies(project: ComposeProject) -> bool:
    """Whether any service runs an image of others."""
    return any(s.text("image") and not s.get("build") for s in project.services)


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Images without a digest; those without a fixed tag have a rule of their own."""
    open_ = [s for s in project.services if _only_tagged(s)]
    yield from grouped(
        RULE.id,
        RULE.severity,
        open_,
        lambda names: f"the image has a tag and no digest: {names}",
        "image: NAME:TAG@sha256:…",
    )


def _only_tagged(service: ServiceConfig) -> bool:
    image = service.text("image") or ""
    tag = image.rpartition("/")[2].partition(":")[2]
    return bool(tag) and tag != "latest" and "@" not in image and "$" not in image and not service.get("build")


RULE = Rule.of(
    __doc__,
    id="compose/image-digest",
    check="compose/images",
    severity=Severity.LOW,
    applies=_applies,
    find=_find,
)
