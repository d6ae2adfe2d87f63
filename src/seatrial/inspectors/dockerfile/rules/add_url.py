"""
What is downloaded is what was meant.

## What it does

Reports `ADD` of an address without `--checksum`; of a plain `http:` address always.

## Why it matters

The file can change before the next build without notice.

## How to fix

`ADD --checksum=sha256:… https://…`.

Source: https://docs.docker.com/reference/dockerfile/#add---checksum
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.dockerfile.masking import clean
from seatrial.inspectors.dockerfile.syntax import Dockerfile
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.rules import Rule

from .weight import in_stage

_ADDRESS = re.compile(r"https?://", re.IGNORECASE)


def _find(file: Dockerfile) -> Iterator[Finding]:
    """Addresses without a checksum."""
    for stage in file.stages:
        for one in stage.all("ADD"):
            for source in one.words[:-1]:
                if _ADDRESS.match(source) and not one.flag("checksum"):
                    plain = source.lower().startswith("http:")
                    severity, where = in_stage(file, stage, Severity.MEDIUM if plain else RULE.severity)
                    yield found(
                        RULE.id,
                        severity,
                        one.at,
                        f"ADD downloads a file and compares no checksum{where}",
                        "ADD --checksum=sha256:… URL PATH",
                        anchor=f"ADD {clean(source)[:120]}",
                    )


RULE = Rule.of(
    __doc__,
    id="dockerfile/add-url",
    check="dockerfile/reproducible",
    severity=Severity.LOW,
    find=_find,
)
