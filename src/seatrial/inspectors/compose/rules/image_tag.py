"""
Every image has a tag that says which.

## What it does

Reports an image without tag and digest, or with the tag `latest`. Images that the project builds itself are left
out, and so are tags that come from a variable without default.

## Why it matters

`latest` is the image that was pushed last: two machines with the same file run different programs, and a rollback is
impossible.

## How to fix

Name a version, and for a release its digest.

Source: https://docs.docker.com/reference/compose-file/services/#image
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.rules import Rule

from .base import found, snippet


def _applies(project: ComposeProject) -> bool:
    """Whether any service runs an image of others."""
    return any(s.text("image") and not s.get("build") for s in project.services)


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Images whose version is open."""
    for service in project.services:
        image = service.text("image")
        if not image or service.get("build") or "@" in image or "$" in image:
            continue
        name, _, tag = image.rpartition("/")[2].partition(":")
        if tag in ("", "latest"):
            what = "has no tag" if not tag else "has the tag latest"
            full = f"{image.rpartition('/')[0]}/{name}" if "/" in image else name
            remedy = snippet(service, f"image: {full}:1.2.3  # the version that you tested")
            yield found(
                RULE.id, RULE.severity, service, service.place("image"), f"the image {full} {what}", remedy, "image"
            )


RULE = Rule.of(
    __doc__,
    id="compose/image-tag",
    severity=Severity.MEDIUM,
    applies=_applies,
    absent="no image that is not built here",
    find=_find,
)
