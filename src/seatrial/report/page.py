"""
The content of report.html, by the names that its template asks for.

Words and numbers only: the template does the markup, `html` makes them safe.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cached_property

from seatrial.domain import Confidence, Finding, Subject
from seatrial.domain.grading import Grade
from seatrial.text.wording import counted
from seatrial.verdict.causes import Cause
from seatrial.verdict.decision import Condition, Decision, State
from seatrial.verdict.gate import by_score
from seatrial.verdict.news_conditions import signed
from seatrial.verdict.score import CategoryScore, decimal, exact, percent

from . import explained, page_experiments, page_load, ready
from .bars import BarPart, shares, unit
from .outcome import Outcome

CAUSES = 1000
"""Root causes on the page; a browser folds out no more in reasonable time."""
_PLACES = 25
_ROWS = 500  # of other lists
_WIDTH = 1000  # units of the large drawings
_SOURCE = re.compile(r"^Source: .*?(https://[^\s\"<>]+)", re.MULTILINE)

_VERDICTS = {
    Decision.PASSED: ("go", "✓", "Ready"),
    Decision.CLOSED: ("no", "✗", "Not ready"),
    Decision.INCONCLUSIVE: ("unknown", "?", "Inconclusive"),
}
_STATES = {State.GO: ("go", "✓"), State.NO_GO: ("no", "✗"), State.UNKNOWN: ("unknown", "?")}
_TONES = {
    Grade.CRITICAL: "no",
    Grade.HIGH: "no",
    Grade.MEDIUM: "unknown",
    Grade.LOW: "dim",
    Grade.GUESS: "dim",
}


class ReportPage:
    """One outcome, in the page's words."""

    def __init__(self, outcome: Outcome) -> None:
        self._outcome = outcome
        self.tone, self.symbol, self.word = _VERDICTS[outcome.verdict.decision]
        self.headline = outcome.headline if outcome.score.headline is not None else ""
        self.subject: Subject = outcome.report.subject
        self.model = outcome.score.model
        self.compared = outcome.comparison is not None

    @property
    def summary(self) -> str:
        """The verdict's arithmetic in a sentence."""
        outcome = self._outcome
        told = explained.taken(outcome)
        number = explained.number(outcome).partition("(")[2].rstrip(")") or "nothing was measured"
        return " · ".join([number, *([told] if told else []), explained.gate(outcome), outcome.gate_label])

    @cached_property
    def shares(self) -> Sequence[BarPart]:
        """The hundred points: earned, lost, not measured."""
        score = self._outcome.score
        return shares(score, _WIDTH) if any(c.points for c in score.categories) else ()

    @property
    def arithmetic(self) -> str:
        """The same in words."""
        return "Of 100 points: " + ", ".join(share.text for share in self.shares)

    @cached_property
    def threshold(self) -> str | None:
        """How far the first bar must reach for the score that the gate asks for; None if it does not go by that."""
        settings, score = self._outcome.settings, self._outcome.score
        total = sum((c.points for c in score.categories), Fraction(0))
        if not by_score(settings, self._outcome.comparison) or not score.measured:
            return None
        return unit(exact(settings.fail_below) / 100 * score.measured * _WIDTH / total)

    @property
    def threshold_text(self) -> str:
        """The same in words."""
        wanted = decimal(exact(self._outcome.settings.fail_below))
        return f"the score that the gate asks for: {wanted} % of what was measured"

    @property
    def conditions(self) -> Iterator[dict[str, str]]:
        """All that the gate asks for; what is not met first."""
        met = [c for c in self._outcome.verdict.conditions if c.state is State.GO]
        for condition in (*self._outcome.not_met, *met):
            yield _condition(condition)

    @property
    def notices(self) -> Sequence[str]:
        """What a reader should know about this run."""
        told = [f"This change edits the policy, in force once merged: {c}" for c in self._outcome.policy_changes]
        ours = self._outcome.allowed_by_change
        hidden = [f"{self._outcome.allowed_by_change_title}: see the table below."] if ours else []
        names = ", ".join(f"{one.path} ({one.reason})" for one in self._outcome.unjudged[:_ROWS])
        hidden += [f"{self._outcome.unjudged_title}: {names}"] if names else []
        return [*hidden, *told, *self._outcome.notices][:_ROWS]

    @property
    def allowed_title(self) -> str:
        """How many findings are hidden, by what."""
        return self._outcome.allowed_summary

    @property
    def allowed(self) -> Sequence[dict[str, str]]:
        """The findings that are hidden, those by the change first."""
        return [
            {
                "severity": one.severity.label,
                "rule": one.rule or "",
                "where": str(one.location),
                "by": f"{one.kind}{' in this change' if one.by_change else ''}",
                "reason": one.reason,
            }
            for one in self._outcome.allowed[:_ROWS]
        ]

    @cached_property
    def steps(self) -> Sequence[dict[str, str]]:
        """The path to an open gate."""
        outcome = self._outcome
        return [
            {
                "told": explained.step(step),
                "gain": explained.gain(step),
            }
            for step in (() if outcome.verdict.passed else outcome.path.steps)
        ]

    @property
    def has_patches(self) -> bool:
        """Whether there is anything that a program can fix."""
        return bool(self._outcome.patches)

    @property
    def patches(self) -> Iterator[dict[str, object]]:
        """Ready changes, a file each."""
        return ready.shown(self._outcome.patches)

    @property
    def more_patches(self) -> str:
        """How many files do not fit; empty if all do."""
        return ready.left(self._outcome.patches)

    @property
    def path_title(self) -> str:
        """Its heading."""
        sure = "The cheapest way" if self._outcome.path.cheapest else "A way, perhaps not the cheapest,"
        return f"{sure} to an open gate (effort {self._outcome.path.cost})"

    @property
    def path_remaining(self) -> str:
        """Why the gate stays shut after all steps; empty if it does not."""
        path = self._outcome.path
        return path.remaining[0] if path.remaining and not path.opens else ""

    @property
    def categories(self) -> Iterator[dict[str, object]]:
        """Those that were asked something."""
        for one in self._outcome.score.categories:
            if one.asked:
                yield self._category(one)

    def _category(self, one: CategoryScore) -> dict[str, object]:
        changes = self._outcome.comparison.categories if self._outcome.comparison is not None else {}
        change = changes.get(one.category.id)
        return {
            "title": one.category.title,
            "score": "–" if one.score is None else decimal(one.score),
            "shares": shares(one, 100),
            "costs": explained.costliest(one),
            "passed": f"{one.passed} of {one.asked} passed",
            "measured": percent(one.coverage),
            "change": "–" if change is None else signed(change),
        }

    @property
    def phases(self) -> Sequence[tuple[str, str, str]]:
        """The labels of the configuration: name, score, counts."""
        return explained.phases(self._outcome)

    @property
    def absent(self) -> Iterator[str]:
        """Categories without a question here."""
        if self._outcome.nothing_to_ask:
            yield f"Nothing to ask: {', '.join(self._outcome.nothing_to_ask)}"
        if self._outcome.not_scored:
            yield f"Not scored by this version: {', '.join(self._outcome.not_scored)}"

    @cached_property
    def experiments(self) -> Sequence[dict[str, object]]:
        """What was done to the stack."""
        every = [e for c in self._outcome.score.checks for e in c.answer.experiments]
        return [page_experiments.shown(one) for one in every[:_ROWS]]

    @cached_property
    def loads(self) -> Sequence[dict[str, object]]:
        """What the stack did under load."""
        return [page_load.shown(run) for c in self._outcome.score.checks for run in c.answer.loads[:_ROWS]]

    @property
    def findings_title(self) -> str:
        """How much was found."""
        outcome = self._outcome
        return f"{counted(len(outcome.findings), 'finding')}, {counted(len(outcome.causes), 'root cause')}"

    @cached_property
    def groups(self) -> Sequence[dict[str, object]]:
        """Root causes by what they count as, worst first and guesses apart; waived ones last."""
        kinds = [(grade, waived) for waived in (False, True) for grade in reversed(Grade)]
        return [group for kind in kinds if (group := self._group(*kind))]

    def _group(self, grade: Grade, waived: bool) -> dict[str, object]:
        shown = self._outcome.causes[:CAUSES]
        causes = [c for c in shown if c.grade is grade and c.waived is waived]
        if not causes:
            return {}
        name = "Guesses" if grade is Grade.GUESS else grade.capitalize()
        return {
            "title": f"{name}{', waived' if waived else ''} ({len(causes)})",
            "tone": "dim" if waived else _TONES[grade],
            "open": grade is Grade.CRITICAL and not waived,
            "causes": [self._cause(cause) for cause in causes],
        }

    @property
    def more_causes(self) -> str:
        """How many do not fit; empty if all do."""
        left = len(self._outcome.causes) - CAUSES
        return counted(left, "more root cause") if left > 0 else ""

    def _cause(self, cause: Cause) -> dict[str, object]:
        if not cause.findings:
            return _told(cause.check.id, "", f"does not hold: {cause.check.title}")
        first, *others = self._new_first(cause)
        source = _SOURCE.search(self._outcome.page_of(first.rule))
        return _told(
            first.rule,
            _place(first),
            first.message,
            marks=self._marks(cause, first),
            remedy=first.remedy,
            places=[_place(finding) for finding in others],
            source=source[1] if source else "",
        )

    def _new_first(self, cause: Cause) -> tuple[Finding, ...]:
        """What the change brought in leads, but never a guess before what is certain."""
        new = frozenset(f.fingerprint for f in self._introduced(cause))
        return tuple(sorted(cause.findings, key=lambda f: (f.grade is Grade.GUESS, f.fingerprint not in new)))

    def _introduced(self, cause: Cause) -> tuple[Finding, ...]:
        comparison = self._outcome.comparison
        return comparison.introduced(cause.findings) if comparison is not None else ()

    def _marks(self, cause: Cause, first: Finding) -> tuple[str, ...]:
        marks = ["new"] if self._introduced(cause) else []
        marks += ["low confidence"] if first.confidence is Confidence.LOW else []
        marks += ["waived"] if cause.waived else []
        marks += [counted(len(cause.findings), "place")] if len(cause.findings) > 1 else []
        return tuple(marks)

    @cached_property
    def unmeasured(self) -> Sequence[dict[str, str]]:
        """Checks without an answer, or with a part of one."""
        return [
            {
                "check": one.check.id,
                "status": "measured in part" if one.answer.status.measured else str(one.answer.status),
                "why": one.answer.reason or f"{percent(one.answer.share)} of it",
                "points": decimal(one.points - one.measured),
            }
            for one in self._outcome.unmeasured
        ]

    @cached_property
    def waivers(self) -> Sequence[dict[str, str]]:
        """Those in force."""
        return [
            {"target": w.target, "expires": str(w.expires), "owner": w.owner, "reason": w.reason}
            for w in (match.waiver for match in self._outcome.waived.matches[:_ROWS])
        ]

    @cached_property
    def waiver_words(self) -> Sequence[str]:
        """What is to be said of waivers."""
        return [*self._outcome.waived.notices, *self._outcome.waived.warnings][:_ROWS]

    @property
    def notes(self) -> Sequence[str]:
        """What a reader should know besides."""
        return self._outcome.notes[:_ROWS]

    @property
    def identity(self) -> str:
        """What the repository is; empty if it was not asked."""
        return self._outcome.identity

    @property
    def rule(self) -> str:
        """How the number is made."""
        return f"{self._outcome.arithmetic}. Model {self.model}."

    @property
    def provenance(self) -> str:
        """What was surveyed, and when."""
        subject, report = self.subject, self._outcome.report
        parts = [counted(subject.files, "file")]
        if subject.commit:
            parts.append(f"commit {subject.commit[:12]}{' with changes' if subject.dirty else ''}")
        parts += [f"contents {subject.digest[:12]}"] if subject.digest else []
        parts += [f"begun {report.started}, {report.duration:.1f} s"] if report.started else []
        return " · ".join(parts)

    @property
    def tools(self) -> str:
        """What the answers depend on."""
        return " · ".join(f"{tool.name} {tool.version}".strip() for tool in self._outcome.report.tools)


def _condition(condition: Condition) -> dict[str, str]:
    tone, symbol = _STATES[condition.state]
    return {
        "tone": tone,
        "symbol": symbol,
        "state": condition.state.value,
        "sentence": condition.sentence,
        "threshold": condition.threshold,
        "actual": condition.actual,
    }


def _told(
    rule: str,
    place: str,
    message: str,
    *,
    marks: Sequence[str] = (),
    remedy: str = "",
    places: Sequence[str] = (),
    source: str = "",
) -> dict[str, object]:
    return {
        "rule": rule,
        "place": place,
        "message": message,
        "marks": marks,
        "remedy": remedy,
        "places": places[:_PLACES],
        "more": max(0, len(places) - _PLACES),
        "source": source,
    }


def _place(finding: Finding) -> str:
    return f"{finding.location}{f' in commit {finding.commit[:10]}' if finding.commit else ''}"
