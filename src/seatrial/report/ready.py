"""
The ready patches, as the page shows them.

A page is passed on, and a diff quotes the file. So it has changed lines only, without the lines around them: those of a
Compose file or a Dockerfile often hold passwords, and the short ones are masked nowhere else. In changed lines every
value with a secret's name is masked, also without a finding.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from seatrial.domain.patches import FixSafety, Patch
from seatrial.text.lines import split
from seatrial.text.wording import counted

from .text import shortened

MOST = 20
"""Files on the page."""
_LINES = 400
_WIDTH = 300  # characters of a line
_COMPARED = 5000
"""Lines of a file that are compared for the page; it takes the square of them where a file wants it to."""


def shown(patches: Sequence[Patch]) -> Iterator[dict[str, object]]:
    """A file each, by the names that the template asks for."""
    for patch in patches[:MOST]:
        yield {
            "path": patch.path,
            "number": _number(patch),
            "what": [f"{fix.sentence}{'' if fix.safety is FixSafety.SAFE else ' (unsafe)'}" for fix in patch.fixes],
            "diff": "\n".join(_lines(patch)),
        }


def _number(patch: Patch) -> str:
    """`9 fixes, 4 of them unsafe`, or `1 unsafe fix`."""
    unsafe, every = sum(fix.safety is FixSafety.UNSAFE for fix in patch.fixes), len(patch.fixes)
    if unsafe == every:
        return counted(every, "unsafe fix", "unsafe fixes")
    return counted(every, "fix", "fixes") + (f", {unsafe} of them unsafe" if unsafe else "")


def left(patches: Sequence[Patch]) -> str:
    """How many files do not fit; empty if all do."""
    return counted(len(patches) - MOST, "more file") if len(patches) > MOST else ""


def _lines(patch: Patch) -> Iterator[str]:
    longest = max(len(split(text)) for text in (patch.before or "", patch.after))
    if longest > _COMPARED:
        yield f"{counted(longest, 'line')} are too many to show"
        return
    lines = split(patch.masked.unified(context=0))
    for line in lines[:_LINES]:
        yield shortened(line, _WIDTH)
    if len(lines) > _LINES:
        yield f"… and {counted(len(lines) - _LINES, 'more line')}"
