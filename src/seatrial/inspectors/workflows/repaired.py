"""
zizmor's audit of every file, also of those that it refuses.

One malformed `uses:`, merge key or unknown key makes zizmor skip the whole file, and every audit of the rest.
Such a file is audited in a copy: what is malformed is replaced or blanked, line by line, and what zizmor says of these
lines is dropped. If zizmor refuses the copy too, it audits each job by itself.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from seatrial.domain import Finding
from seatrial.domain.extent import Extent, ExtentPart
from seatrial.inspectors.yaml_view import YamlView
from seatrial.text import lines

from . import zizmor
from .files import Files
from .model import Job, Workflow
from .rules.syntax import merge_keys, unknown_keys
from .rules.uses import malformed

JOBS_LIMIT = 40
"""Jobs of one file that are audited one by one."""
COPIES_LIMIT = 20
"""Files that are audited in a copy."""
_STEP, _JOB = "./seatrial-repaired", "./.github/workflows/seatrial-repaired.yml"
"""What replaces a malformed `uses`: a local path, which no audit is about."""
_REFUSED = "zizmor cannot read the file"


@dataclass(frozen=True)
class Audit:
    """What zizmor came to."""

    findings: tuple[Finding, ...] = ()
    parts: tuple[ExtentPart, ...] = ()
    """Every file that zizmor was asked about."""
    repaired: tuple[str, ...] = ()
    """Files that were audited in a copy."""

    @property
    def extent(self) -> Extent:
        """What was audited."""
        return Extent(self.parts)

    @property
    def incomplete(self) -> frozenset[str]:
        """Files of which zizmor does not say everything."""
        return frozenset((*self.repaired, *(part.name for part in self.parts if part.judged < 1)))

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know."""
        return tuple(f"{path}: zizmor audited a copy without what is malformed" for path in self.repaired)


@dataclass(frozen=True)
class _RepairedCopy:
    """A file as zizmor may read it, line for line."""

    path: str
    rows: tuple[str, ...]
    changed: frozenset[int] = field(default=frozenset())
    """Numbers of lines that differ from the file."""

    def without(self, numbers: Iterator[int] | Sequence[int]) -> _RepairedCopy:
        """The copy with these lines blank."""
        gone = frozenset(numbers)
        rows = tuple("" if number in gone else row for number, row in enumerate(self.rows, 1))
        return _RepairedCopy(self.path, rows, self.changed | gone)


def audit(root: Path, files: Files) -> Audit:
    """
    Ask zizmor about every workflow, action and Dependabot file.

    Raises:
        InspectorError: zizmor is missing, or hangs.
    """
    if not files.auditable:
        return Audit()
    findings, refused = zizmor.run(root, files.auditable)
    found, parts, mended = list(findings), dict[str, ExtentPart](), list[str]()
    settings = {name: (root / name).read_bytes() for name in zizmor.CONFIGS if zizmor.is_regular(root / name)}
    by_path = {one.path: one for one in (*files.workflows, *(action.as_workflow for action in files.actions))}
    for path in refused:
        share, more = Fraction(0), list[Finding]()
        if path in by_path and len(mended) < COPIES_LIMIT:
            share, more = _of_copy(by_path[path], files.texts[path], settings)
        if share:
            mended.append(path)
        parts[path] = ExtentPart(path, share, "" if share == 1 else _reason(share))
        found += more
    every = tuple(parts.get(path, ExtentPart(path)) for path in files.auditable)
    return Audit(tuple(zizmor.in_characters(f, files.texts) for f in found), every, tuple(mended))


def _reason(share: Fraction) -> str:
    return _REFUSED if not share else "zizmor cannot read every job"


def _of_copy(workflow: Workflow, text: str, settings: Mapping[str, bytes]) -> tuple[Fraction, list[Finding]]:
    """How much of a repaired copy zizmor reads, and what it says of it."""
    copy = _repaired(workflow, _RepairedCopy(workflow.path, tuple(lines.split(text))))
    whole = _ask(copy, settings)
    if whole is not None:
        return Fraction(1), whole
    jobs = workflow.jobs[:JOBS_LIMIT]
    if len(workflow.jobs) < 2:
        return Fraction(0), []
    found: dict[tuple[object, ...], Finding] = {}
    read = 0
    for job in jobs:
        alone = _ask(copy.without(_others(workflow, job, len(copy.rows))), settings)
        read += alone is not None
        found.update(((f.rule, f.location), f) for f in alone or ())
    return Fraction(read, len(workflow.jobs)), list(found.values())


def _ask(copy: _RepairedCopy, settings: Mapping[str, bytes]) -> list[Finding] | None:
    """What zizmor says of the lines that are as in the file; None if it refuses the copy."""
    with tempfile.TemporaryDirectory(prefix="seatrial-zizmor-") as folder:
        for name, content in {**settings, copy.path: ("\n".join(copy.rows) + "\n").encode()}.items():
            target = Path(folder) / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        findings, refused = zizmor.run(Path(folder), [copy.path])
    return None if refused else [f for f in findings if f.location.line not in copy.changed]


def _repaired(workflow: Workflow, copy: _RepairedCopy) -> _RepairedCopy:
    """The copy with each malformed `uses` replaced, and without merge keys and unknown keys."""
    rows, changed = list(copy.rows), set(copy.changed)
    for view, harmless in _uses(workflow):
        number, column = view.at.line, view.at.column
        if view.is_map or view.is_list or not 0 < number <= len(rows):
            continue
        rows[number - 1] = rows[number - 1][: column - 1] + harmless
        changed.add(number)
    mended = _RepairedCopy(copy.path, tuple(rows), frozenset(changed))
    bad = [finding.location for finding in (*merge_keys(workflow.root), *unknown_keys(workflow))]
    return mended.without([number for at in bad for number in _entry(mended.rows, at.line, at.column)])


def _uses(workflow: Workflow) -> Iterator[tuple[YamlView, str]]:
    """Every malformed `uses`, and its replacement."""
    for job in workflow.jobs:
        if "uses" in job.view and malformed(job.calls, workflow_wanted=True):
            yield job.view["uses"], _JOB
        for step in job.steps:
            if "uses" in step.view and malformed(step.view["uses"].text):
                yield step.view["uses"], _STEP


def _entry(rows: Sequence[str], number: int, column: int) -> Iterator[int]:
    """The lines of an entry in block style: its key's, and those below that are indented further."""
    if rows[number - 1][: column - 1].strip(" "):
        return  # behind `- ` or within braces: other entries share the line
    yield number
    for below in range(number + 1, len(rows) + 1):
        row = rows[below - 1]
        if row.strip() and len(row) - len(row.lstrip(" ")) < column:
            return
        yield below


def _others(workflow: Workflow, job: Job, last: int) -> list[int]:
    """The lines of every other job; those of anchors stay where they are needed only by luck."""
    starts = sorted(one.key_at.line for one in workflow.jobs)
    numbers: list[int] = []
    for one in workflow.jobs:
        if one.id != job.id:
            end = next((start for start in starts if start > one.key_at.line), last + 1)
            numbers += range(one.key_at.line, _end_of_jobs(workflow, end, last))
    return numbers


def _end_of_jobs(workflow: Workflow, end: int, last: int) -> int:
    """Where a job ends: at the next job, or at the next key of the workflow."""
    jobs = workflow.root.key_at("jobs").line
    tops = [key.line for key, _ in workflow.root.entries.values() if key.line > jobs]
    return min([end, last + 1, *tops])
