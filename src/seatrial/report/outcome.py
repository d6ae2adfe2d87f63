"""What every renderer gets: the report and all that was concluded from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from seatrial.domain import Finding, Location, Report
from seatrial.domain.allowance import Allowed, Unjudged, counted_by_kind
from seatrial.domain.patches import Patch
from seatrial.domain.waivers import Waived
from seatrial.settings import FailOn, Settings
from seatrial.text.wording import counted
from seatrial.verdict.baseline import Change, Comparison
from seatrial.verdict.catalogue import Catalogue
from seatrial.verdict.causes import Cause
from seatrial.verdict.decision import Condition, State, Verdict
from seatrial.verdict.gate import by_score
from seatrial.verdict.path_to_pass import PathToPass
from seatrial.verdict.phases import PhaseScore
from seatrial.verdict.score import CheckScore, Score, decimal, exact


def no_page(rule: str) -> str:
    """No page for any rule: the default where explanations are not needed."""
    del rule
    return ""


IDENTITY = "practices/purpose"
"""The check whose evidence says what the repository is."""


@dataclass(frozen=True)
class Outcome:
    """One finished run. Renderers read it and nothing else: no clock, no files, no environment."""

    report: Report
    catalogue: Catalogue
    settings: Settings
    score: Score
    verdict: Verdict
    path: PathToPass
    waived: Waived
    comparison: Comparison | None = None
    """With the base; None if there is none."""
    policy_changes: tuple[str, ...] = ()
    """What the change would do to the policy, a line each. The policy that judged is the base's."""
    notices: tuple[str, ...] = ()
    """What a reader should know about this run: no base to compare with, policy from the change itself, ..."""
    allowed: tuple[Allowed, ...] = ()
    """The findings that comments and the scanners' configuration hide, those by the change first."""
    unjudged: tuple[Unjudged, ...] = ()
    """Files that the change took out of the survey, and that could not be judged."""
    patches: tuple[Patch, ...] = ()
    """Ready changes for what a program can fix, with known secrets masked."""
    phases: tuple[PhaseScore, ...] = ()
    """By label; empty if the configuration names no phases."""
    page_of: Callable[[str], str] = field(default=no_page, compare=False)
    """A rule's page in Markdown; empty if it has none."""

    @property
    def folder(self) -> str:
        """The surveyed directory's path in the repository; empty for the repository itself."""
        return self.report.subject.folder

    @property
    def headline(self) -> str:
        """The score as shown everywhere; never rounded across the gate's threshold."""
        return decimal(self.score.headline, threshold=exact(self.settings.fail_below))

    @property
    def identity(self) -> str:
        """`A library: pyproject.toml`: what the repository is, with the evidence; empty if it was not asked."""
        asked = self.checks.get(IDENTITY)
        text = asked.answer.evidence or asked.answer.reason if asked is not None else ""
        return text[:1].upper() + text[1:]

    @property
    def arithmetic(self) -> str:
        """How the number is made, in a line; docs/score.md has it in full."""
        first = [
            f"the first open {s.label} cause takes {decimal(100 * r.first)} %" for s, r in self.catalogue.open.items()
        ]
        return f"score = 100 × earned / measured; {', '.join(first)}; what is skipped is never proven"

    @property
    def gate_label(self) -> str:
        """What the gate asks for, in a few words."""
        settings = self.settings
        if not by_score(settings, self.comparison):
            new = settings.fail_on is FailOn.NEW
            return "gate: nothing new" if new else f"gate: no finding of {settings.fail_on.replace(':', ' ')}"
        enforced = "" if self.verdict.enforced else ", not enforced"
        return f"gate at {decimal(exact(settings.fail_below))}{enforced}"

    @property
    def allowed_by_change(self) -> tuple[Allowed, ...]:
        """What the change itself hides, and the base does not."""
        return tuple(one for one in self.allowed if one.by_change)

    @property
    def allowed_summary(self) -> str:
        """`12 findings allowed: 9 nosec, 3 seatrial: allow`; empty if none is."""
        number = len(self.allowed)
        return f"{counted(number, 'finding')} allowed: {counted_by_kind(self.allowed)}" if number else ""

    @property
    def allowed_by_change_title(self) -> str:
        """What the section on the change's own allowances says first."""
        ours = self.allowed_by_change
        effect = "They count as open" if any(one.counts for one in ours) else "`accept_in_change` accepts them"
        return f"Allowed by this change itself: {counted(len(ours), 'finding')}. {effect}"

    @property
    def unjudged_title(self) -> str:
        """What the section on files that the change hides says first; empty if there are none."""
        number = len(self.unjudged)
        return f"Hidden by this change itself: {counted(number, 'file')} that cannot be judged" if number else ""

    def reason_of(self, finding: Finding) -> str:
        """What in the change tries to allow an open finding; empty if nothing does."""
        return self._hiding.get((finding.rule, finding.location), "")

    @cached_property
    def _hiding(self) -> Mapping[tuple[str, Location], str]:
        return {(one.rule, one.location): one.kind.value for one in self.allowed_by_change if one.counts}

    @property
    def change_counts(self) -> Mapping[Change, int]:
        """How many findings are of each kind, against the base; empty without one."""
        if self.comparison is None:
            return {}
        numbers = Counter(self.comparison.of(f) for f in self.findings)
        numbers[Change.FIXED] = len(self.comparison.fixed)
        return {change: numbers[change] for change in Change if numbers[change]}

    @cached_property
    def checks(self) -> Mapping[str, CheckScore]:
        """By id."""
        return {c.check.id: c for c in self.score.checks}

    @property
    def unmeasured(self) -> tuple[CheckScore, ...]:
        """Checks that apply and have no answer, or only part of one; those that weigh most first."""
        missing = [c for c in self.score.checks if c.answer.status.applicable and c.measured < c.points]
        return tuple(sorted(missing, key=lambda c: (c.measured - c.points, c.check.id)))

    @property
    def nothing_to_ask(self) -> tuple[str, ...]:
        """Titles of categories of which no check applies here."""
        return tuple(c.category.title for c in self.score.categories if c.checks and not c.asked)

    @property
    def not_scored(self) -> tuple[str, ...]:
        """Titles of categories for which the model has no check yet."""
        return tuple(c.category.title for c in self.score.categories if not c.checks)

    @property
    def not_met(self) -> tuple[Condition, ...]:
        """The gate's conditions that are not GO, closed ones first."""
        order = (State.NO_GO, State.UNKNOWN)
        return tuple(c for state in order for c in self.verdict.conditions if c.state is state)

    @property
    def causes(self) -> tuple[Cause, ...]:
        """Root causes, worst first, those that were waived last."""
        return tuple(sorted(self.score.causes, key=lambda c: c.waived))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, worst first."""
        return self.report.findings

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know besides, about the tree and about the checks; each once."""
        checks: dict[str, list[str]] = {}
        for answer in self.report:
            for note in answer.notes:
                checks.setdefault(note, []).append(answer.check)
        told = (f"{ids[0] if len(ids) == 1 else ids[0].partition('/')[0]}: {note}" for note, ids in checks.items())
        return (*self.report.subject.notes, *told)
