"""
Nothing is writable for everybody.

## What it does

Reports `chmod 777`, `chmod a+w` and `--chmod=777`, but for directories with the sticky bit (`1777`).

## Why it matters

Any process in the container can replace the programs that other processes run.

## How to fix

Give the files to the user that needs them: `COPY --chown=10001`, `chmod u+w`.

Source: https://man7.org/linux/man-pages/man1/chmod.1.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.dockerfile.syntax import Dockerfile
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.rules import Rule

_OPEN = re.compile(
    r"\bchmod\s+(?:-[a-zA-Z-]+\s+)*(?P<mode>0?[0-7]{2}[2367]\b|(?:[ugo]*[ao][ugo]*|(?=\+))[+=][rx]*w[rwxX]*)"
)
_FLAG = re.compile(r"0?[0-7]{2}[2367]$")


def _find(file: Dockerfile) -> Iterator[Finding]:
    """Modes that let others write."""
    for stage in file.shipped():
        for one in stage.all("RUN"):
            for match in _OPEN.finditer(one.script):
                at = one.line_of(re.compile(re.escape(match[0][:60])))
                yield found(
                    RULE.id, RULE.severity, at, f"mode {match['mode']} makes it world-writable", anchor=match[0][:80]
                )
        for one in stage.all("COPY", "ADD"):
            if _FLAG.match(one.flag("chmod")):
                yield found(
                    RULE.id,
                    RULE.severity,
                    one.at,
                    f"mode {one.flag('chmod')} makes it world-writable",
                    anchor=one.text[:80],
                )


RULE = Rule.of(
    __doc__,
    id="dockerfile/world-writable",
    check="dockerfile/hardening",
    severity=Severity.MEDIUM,
    find=_find,
)
