"""
zizmor's audit of every file, also of those that it refuses.

One malformed `uses:` makes zizmor give up a whole file, and with it every audit of the other steps. Such a file is
audited in a copy in which each malformed value is replaced; what zizmor says of the replaced lines is dropped.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from seatrial import lines
from seatrial.domain import Finding

from . import zizmor
from .files import Files
from .model import Piece, Workflow
from .rules.uses import malformed

_HARMLESS = "actions/checkout@" + "0" * 40
_REFUSED = "zizmor cannot read the file"


@dataclass(frozen=True)
class Audit:
    """What zizmor came to."""

    findings: tuple[Finding, ...] = ()
    audited: tuple[str, ...] = ()
    unaudited: dict[str, str] = field(default_factory=dict)
    """Reason by path."""
    repaired: tuple[str, ...] = ()
    """Files that were audited in a repaired copy."""

    @property
    def incomplete(self) -> frozenset[str]:
        """Files of which zizmor does not tell everything."""
        return frozenset((*self.unaudited, *self.repaired))

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know."""
        return tuple(f"{path}: zizmor audited a copy without its malformed `uses`" for path in self.repaired)


def audit(root: Path, files: Files) -> Audit:
    """
    Ask zizmor about every workflow, action and Dependabot file.

    Raises:
        InspectorError: zizmor is missing, or hangs.
    """
    if not files.auditable:
        return Audit()
    findings, refused = zizmor.run(root, files.auditable)
    found, mended, unaudited = list(findings), list[str](), dict[str, str]()
    by_path = {workflow.path: workflow for workflow in files.workflows}
    for path in refused:
        more = _of_copy(by_path[path], files.texts[path]) if path in by_path else None
        if more is None:
            unaudited[path] = _REFUSED
        else:
            found += more
            mended.append(path)
    audited = tuple(path for path in files.auditable if path not in unaudited)
    return Audit(tuple(found), audited, unaudited, tuple(mended))


def _of_copy(workflow: Workflow, text: str) -> list[Finding] | None:
    """What zizmor says of a repaired copy; None if nothing can be repaired, or it refuses that as well."""
    broken = [piece for piece in _uses(workflow) if piece.text and malformed(piece.text)]
    rows = lines.split(text)
    changed: set[int] = set()
    for piece in broken:
        number, column = piece.at.line, piece.at.column
        if 0 < number <= len(rows) and piece.text in rows[number - 1]:
            rows[number - 1] = rows[number - 1][: column - 1] + _HARMLESS
            changed.add(number)
    if not changed:
        return None
    with tempfile.TemporaryDirectory(prefix="seatrial-zizmor-") as folder:
        copy = Path(folder) / workflow.path
        copy.parent.mkdir(parents=True)
        copy.write_text("\n".join(rows) + "\n", "utf-8")
        findings, refused = zizmor.run(Path(folder), [workflow.path])
    return None if refused else [f for f in findings if f.location.line not in changed]


def _uses(workflow: Workflow) -> list[Piece]:
    """Every `uses` of steps; that of a called workflow has another form."""
    return [step.piece["uses"] for _, step in workflow.steps() if "uses" in step.piece]
