"""
The base image is one image.

## What it does

Reports, once for a file, base images without a digest. Those without a tag, or with `latest`, hadolint reports.

## Why it matters

A tag moves: the same Dockerfile makes another image tomorrow, and today's cannot be rebuilt.

## How to fix

`FROM python:3.14-slim@sha256:…`; Dependabot and Renovate keep digests fresh.

Source: https://docs.docker.com/build/building/best-practices/#pin-base-image-versions
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.dockerfile.syntax import Dockerfile
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.rules import Rule


def _find(file: Dockerfile) -> Iterator[Finding]:
    """Bases of others that only a tag names."""
    open_ = [
        s
        for s in file.stages
        if "@" not in s.base
        and "$" not in s.base
        and s.base.lower() != "scratch"
        and not file.is_stage(s.base)
        and ":" in s.base.rpartition("/")[2]
        and not s.base.endswith(":latest")
    ]
    if open_:
        names = ", ".join(dict.fromkeys(s.base for s in open_))
        yield found(
            RULE.id,
            RULE.severity,
            open_[0].at,
            f"the base has a tag and no digest: {names}",
            f"FROM {open_[0].base}@sha256:…",
            anchor="FROM",
            related=[s.at for s in open_[1:]],
        )


RULE = Rule.of(
    __doc__,
    id="dockerfile/digest",
    check="dockerfile/reproducible",
    severity=Severity.LOW,
    find=_find,
)
