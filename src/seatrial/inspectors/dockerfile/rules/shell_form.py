"""
The program gets its signals.

## What it does

Reports `ENTRYPOINT` and `CMD` in shell form, of the final image, that start one program without `exec`.

## Why it matters

The shell is process 1 and does not pass SIGTERM on: the program is killed after the grace period at every stop, and
loses what it was doing.

## How to fix

The exec form: `CMD ["program", "--option"]`; where a shell is needed, `exec program` as its last command.

Source: https://docs.docker.com/reference/dockerfile/#shell-and-exec-form
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.dockerfile.syntax import Dockerfile
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.rules import Rule
from seatrial.text.redact import masked_values

_EXEC = re.compile(r"(?:^|[;&|]\s*)exec\s|\btini\b|\bdumb-init\b")


def _find(file: Dockerfile) -> Iterator[Finding]:
    """Shell forms of the final image."""
    for stage in file.shipped()[:1]:
        for keyword in ("ENTRYPOINT", "CMD"):
            one = stage.last(keyword)
            if one is not None and one.text and one.array is None and not _EXEC.search(one.text):
                words = ", ".join(f'"{w}"' for w in one.words[:6] if '"' not in w and "$" not in w)
                remedy = f"{keyword} [{words}]"
                if not words or "$" in one.text or masked_values(remedy) != remedy:  # a remedy quotes no password
                    remedy = "exec form, or `exec` before it"
                yield found(
                    RULE.id, RULE.severity, one.at, f"{keyword} has the shell form: the program gets no signals", remedy
                )


RULE = Rule.of(
    __doc__,
    id="dockerfile/shell-form",
    check="dockerfile/lifecycle",
    severity=Severity.LOW,
    find=_find,
)
