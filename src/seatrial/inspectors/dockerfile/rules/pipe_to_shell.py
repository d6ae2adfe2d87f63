"""
Nothing from the network is run unseen.

## What it does

Reports a `RUN` that pipes a download into a shell or an interpreter, or runs it by substitution.

## Why it matters

Whatever the server sends at the time of the build runs as root in it; nobody can tell afterwards what that was.

## How to fix

Download, compare a checksum that stands in the Dockerfile (`ADD --checksum=sha256:…`), then run.

Source: https://docs.docker.com/reference/dockerfile/#add---checksum
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.dockerfile.syntax import Dockerfile
from seatrial.inspectors.rulebook import found

ID = "dockerfile/pipe-to-shell"
CHECK = "dockerfile/hardening"
SEVERITY = Severity.MEDIUM
_PIPE = re.compile(
    r"\b(?:curl|wget)\b[^;&\n]*?\|\s*(?:sudo\s+(?:-\w+\s+)*)?(?:\w+=\S+\s+)*(?:/\w+)*/?"
    r"(?:sh|bash|ash|zsh|dash|python\d?|perl|ruby|node|php)\b"
    r"|\b(?:ba|da|z)?sh\s+(?:-\w+\s+)*[\"']?(?:\$\(|<\(|`)\s*(?:curl|wget)\b"
)


def check(file: Dockerfile) -> Iterator[Finding]:
    """Downloads that run."""
    for stage in file.stages:
        for one in stage.all("RUN"):
            if _PIPE.search(one.script):
                at = one.line_of(re.compile(r"\b(?:curl|wget)\b"))
                shipped = stage in file.shipped()
                yield found(
                    ID,
                    SEVERITY if shipped else Severity.LOW,
                    at,
                    "runs what it downloads, unseen",
                    "ADD --checksum=sha256:… URL /tmp/install.sh",
                    anchor=f"pipe {stage.name}",
                )
