"""
What explains the number, in words that every renderer shares: the score with its evidence, what costs most, the steps.

Texts of the repository come out as they are; each renderer makes them safe for its format.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from seatrial.domain import Check, Finding, Status
from seatrial.domain.grading import Grade
from seatrial.text.wording import counted, listed
from seatrial.verdict.causes import Cause
from seatrial.verdict.path_to_pass import PathStep
from seatrial.verdict.phases import PhaseScore
from seatrial.verdict.score import CategoryScore, CheckScore, decimal, percent

from .outcome import Outcome

COSTLIEST = 3
"""Sentences for each category."""
_NAMED = 4
"""Subjects that one fix names."""
_WORKS = 4
"""Fixes that one step names."""
_PLACES = 2
"""Files that the last step names."""
LIVE = ("trial/", "deployment/", "load/")
"""What the ids of checks begin with that only a trial answers."""


def number(outcome: Outcome) -> str:
    """`62.4 (71 % measured, at least 44.3 proven)`; what the number rests on is as visible as the number."""
    score = outcome.score
    if score.headline is None:
        return "no score: nothing was measured"
    measured = f"{percent(score.coverage, whole=True)} measured"
    proven = f", at least {decimal(score.floor)} proven" if score.floor != score.headline else ""
    return f"{outcome.headline} ({measured}{proven})"


def gate(outcome: Outcome) -> str:
    """`gate closed: 1 critical`: what the gate says, apart from the number."""
    return outcome.verdict.brief


def taken(outcome: Outcome) -> str:
    """`1 critical, 3 high open: 78.0 without them`; empty if open root causes take nothing."""
    score = outcome.score
    told = f"{score.taken_by} open: {decimal(score.raw)} without them"
    return told if score.taken and score.raw is not None else ""


def waived(outcome: Outcome) -> str:
    """`2 of them waived: compose/docker-socket, bandit/B602`; empty if no root cause is."""
    found = [cause for cause in outcome.causes if cause.waived]
    rules = tuple(dict.fromkeys(cause.findings[0].rule if cause.findings else cause.check.id for cause in found))
    more = f" and {counted(len(rules) - _NAMED, 'more rule')}" if len(rules) > _NAMED else ""
    return f"{len(found)} of them waived: {', '.join(rules[:_NAMED])}{more}" if found else ""


def how_to_measure_the_rest(outcome: Outcome) -> str:
    """One line on what was left out and can be had; empty if nothing is."""
    skipped = [c for c in outcome.unmeasured if c.check.id.startswith(LIVE) and c.answer.status is not Status.ERROR]
    points = sum(c.points - c.measured for c in skipped)
    if not points or any(c.answer.status.measured for c in outcome.score.checks if c.check.id.startswith(LIVE)):
        return ""
    return f"{decimal(points)} of 100 points need the running stack: `seatrial run --trial` measures them (with Docker)"


def costliest(category: CategoryScore) -> tuple[tuple[str, str], ...]:
    """The sentences that cost most in a category, with the points of 100 that each costs: at most three."""
    losing = sorted((c for c in category.checks if c.lost), key=lambda c: (-c.lost, c.check.id))
    return tuple((f"−{_points(one)}", sentence(one)) for one in losing[:COSTLIEST])


def _points(one: CheckScore) -> str:
    text = decimal(one.lost)
    return text if text != "0.0" else "0.1"


def sentence(one: CheckScore) -> str:
    """What is wrong by one check: its worst finding, and how much is right."""
    answer = one.answer
    if not answer.findings:
        return f"does not hold: {one.check.title}"
    worst, tally = answer.findings[0], answer.tally
    told, path = worst.message.rstrip("."), worst.location.path
    where = "" if worst.is_nowhere or any(_subjects(worst)) or path in told else f"{worst.location.repository_path}: "
    right = f" ({tally}{' right' if ' of ' in tally else ''})" if tally else ""
    doubt = "perhaps: " if worst.grade is Grade.GUESS else ""
    return f"{doubt}{where}{told}{right}"


def phases(outcome: Outcome) -> tuple[tuple[str, str, str], ...]:
    """Each phase of the configuration: its name, its score of 10, and what the score was counted from."""
    return tuple((one.phase.name, _of_ten(one), _counts(one)) for one in outcome.phases)


def _of_ten(one: PhaseScore) -> str:
    return "–" if one.score is None else decimal(one.score)


def _counts(one: PhaseScore) -> str:
    missing = f", {one.unmeasured} not measured" if one.unmeasured else ""
    return f"{one.passed} passed, {one.failed} failed{missing}"


def step(one: PathStep) -> str:
    """`in compose.yaml: add a healthcheck (api, worker); set a memory limit (api)`."""
    works = [_work(check, causes) for check, causes in one.works.items()]
    left = len(works) - _WORKS
    told = "; ".join(works[:_WORKS]) + (f"; and {counted(left, 'more kind')} of fix" if left > 0 else "")
    places = [place for place in one.places if place]
    return f"in {_where(places)}: {told}" if places else told


def _where(places: Sequence[str]) -> str:
    more = len(places) - _PLACES
    return ", ".join(places[:_PLACES]) + (f" and {counted(more, 'more file')}" if more > 0 else "")


def _work(check: Check, causes: Sequence[Cause]) -> str:
    names = tuple(dict.fromkeys(name for cause in causes for f in cause.findings for name in _subjects(f)))
    lines = tuple(
        dict.fromkeys(
            f"line {f.location.line}"
            for c in causes
            for f in c.findings[:1]
            if f.location.line and not names and not f.is_nowhere
        )
    )
    places = listed(names or lines, _NAMED)
    return f"{check.fix or check.title}{f' ({places})' if places else ''}"


def _subjects(finding: Finding) -> Iterator[str]:
    """What a finding is about, by name; nothing where that is the file itself."""
    for key in finding.about:
        path, _, name = key.partition("#")
        if name and name not in (path, finding.location.path):
            yield name


def gain(one: PathStep) -> str:
    """`+4.1, then 66.5`."""
    return f"+{decimal(one.gain)}, then {decimal(one.score.headline)}"
