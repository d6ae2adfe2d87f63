"""The fixes of one file, put together: each fits those before it, and a YAML file still means what it should."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from seatrial.domain import Confidence, Finding
from seatrial.domain.patches import Fixed, Patch
from seatrial.system.source import Tree
from seatrial.text.yaml_tree import YamlError

from .edits import Edit, applied, compatible
from .model import FixSources, FixTarget, Proposal
from .registry import FIXERS
from .yaml_file import YamlEdit, YamlFile


@dataclass
class Work:
    """One file, with the fixes that were taken so far."""

    before: str
    exists: bool
    edits: list[Edit] = field(default_factory=list)
    changes: list[YamlEdit] = field(default_factory=list)
    fixes: list[Fixed] = field(default_factory=list)

    def take(self, proposal: Proposal, fix: Fixed) -> bool:
        """Add a proposal, if it goes together with those before and the file still means what it should."""
        if not compatible(proposal.all_edits, self.edits):
            return False
        changes = [*self.changes, *proposal.changes]
        if proposal.changes and not _means_what_it_should(self.before, changes):
            return False
        self.edits += proposal.all_edits
        self.changes = changes
        self.fixes.append(fix)
        return True


def _means_what_it_should(text: str, changes: Sequence[YamlEdit]) -> bool:
    try:
        return YamlFile(text).verified(changes) is not None
    except YamlError:
        return False


def proposal_for(finding: Finding, sources: FixSources) -> tuple[Proposal | None, Fixed | None]:
    """What would fix a finding, and what to call it; None where no program can."""
    fixer = FIXERS.get(finding.rule)
    text = sources.text(finding.location.path) if fixer is not None else None
    if fixer is None or text is None:
        return None, None
    proposal = fixer.make(FixTarget(finding, sources, text))
    if proposal is None or not proposal.all_edits:
        return None, None
    path = proposal.path or finding.location.path
    return proposal, Fixed(finding, fixer.title, proposal.safety or fixer.safety, path, proposal.names)


def offered(tree: Tree, findings: Iterable[Finding]) -> tuple[Patch, ...]:
    """
    The patches that can be shown beside findings without a second survey. `rounds` is what `seatrial fix` makes.

    Args:
        tree: the surveyed files.
        findings: of the survey; guesses and old commits are left out.
    """
    sources = FixSources(tree)
    works: dict[str, Work] = {}
    for finding in findings:
        if finding.confidence is Confidence.LOW or finding.commit:
            continue
        proposal, fix = proposal_for(finding, sources)
        if proposal is None or fix is None:
            continue
        existing = sources.text(fix.path)
        if existing is None and fix.path in tree.paths:
            continue
        work = works.get(fix.path) or Work(existing or "", existing is not None)
        if work.take(proposal, fix):
            works[fix.path] = work
    return tuple(_patch(path, work) for path, work in sorted(works.items()))


def _patch(path: str, work: Work) -> Patch:
    before = work.before if work.exists else None
    return Patch(path, before, applied(work.before, work.edits), tuple(work.fixes))
