"""
The base image still gets fixes.

## What it does

Reports official images of a release that was no longer maintained in November 2026, when this model was published.
Abandoned images are reported too (`openjdk`, `centos`).

## Why it matters

Flaws that are found in them are never fixed.

## How to fix

Move to a maintained release.

Source: https://endoflife.date/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.dockerfile.syntax import Dockerfile
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.rules import Rule

from .weight import in_stage

_LAST_DEAD = {
    "python": (3, 9), "node": (20,), "ruby": (3, 2), "php": (8, 1), "golang": (1, 24), "debian": (11,),
    "ubuntu": (20, 4), "alpine": (3, 21), "postgres": (13,), "mysql": (8, 0), "mariadb": (10, 5), "redis": (6,),
    "mongo": (6,), "elasticsearch": (7,), "rust": (1, 60), "dotnet/sdk": (7,), "dotnet/aspnet": (7,),
    "dotnet/runtime": (7,), "fedora": (41,), "nginx": (1, 26), "rabbitmq": (3,), "tomcat": (8,), "gradle": (6,),
}  # fmt: skip
"""By official image: the newest release that was dead. Releases are compared by so many numbers."""
_DEBIAN = {"buzz", "wheezy", "jessie", "stretch", "buster", "bullseye"}
_UBUNTU = {"precise", "trusty", "xenial", "bionic", "focal", "lunar", "mantic", "kinetic", "impish"}
_GIVEN_UP = {"centos", "openjdk", "adoptopenjdk", "java", "node-onbuild", "microsoft/dotnet", "frolvlad/alpine-glibc"}
_VERSION = re.compile(r"([0-9]{1,9})(?:\.([0-9]{1,9}))?(?![0-9])")
_OFFICIAL = re.compile(r"^(?:docker\.io/)?(?:library/)?|^(?:public\.ecr\.aws/docker/library/|mcr\.microsoft\.com/)")


def _find(file: Dockerfile) -> Iterator[Finding]:
    """Bases that are no longer maintained."""
    for stage in file.stages:
        if file.is_stage(stage.base) or "$" in stage.base:
            continue
        if dead(stage.base):
            severity, where = in_stage(file, stage, RULE.severity)
            yield found(
                RULE.id,
                severity,
                stage.at,
                f"{stage.base.partition('@')[0]} is no longer maintained{where}",
                anchor=f"FROM {stage.base}",
            )


def dead(image: str) -> bool:
    """Whether an image's release has reached its end."""
    name, _, tag = _OFFICIAL.sub("", image.partition("@")[0], count=1).partition(":")
    if name in _GIVEN_UP:
        return True
    words = set(re.split(r"[-.]", tag))
    if words & _DEBIAN or (name == "ubuntu" and words & _UBUNTU):
        return True
    match = _VERSION.match(tag)
    last = _LAST_DEAD.get(name)
    if last is None or match is None:
        return False
    version = tuple(int(part) for part in match.groups() if part is not None)[: len(last)]
    return len(version) == len(last) and version <= last


RULE = Rule.of(
    __doc__,
    id="dockerfile/end-of-life",
    check="dockerfile/reproducible",
    severity=Severity.MEDIUM,
    find=_find,
)
