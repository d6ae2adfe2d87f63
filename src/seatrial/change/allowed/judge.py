"""
What is hidden counts: everything is listed, and what the change itself hides is judged as if it were not hidden.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from seatrial.change.comparing import HeadSurvey
from seatrial.domain import Report
from seatrial.domain.allowance import Allowed, Unjudged
from seatrial.domain.errors import Error, UsageError
from seatrial.inspectors.survey import Interrupted, OnProgress
from seatrial.system.base.revision import Revision

from . import hidden, lost, sources
from .hidden import Hidden

_NOT_LISTED = "The findings that comments allow could not be listed: {}."


@dataclass(frozen=True, slots=True)
class JudgedReport:
    """The report with what the change hides, and everything that is hidden."""

    report: Report
    allowed: tuple[Allowed, ...] = ()
    unjudged: tuple[Unjudged, ...] = ()
    """Files that the change takes out of the survey, and that cannot be judged; none of them if that is accepted."""
    notices: tuple[str, ...] = ()
    interrupted: bool = False


def judge(here: HeadSurvey, change: Revision | None, *, accepted: bool, progress: OnProgress) -> JudgedReport:
    """
    Add to a report what the change hides, and list what is hidden.

    Args:
        here: the survey of the tree.
        change: the base of the change; None if there is none.
        accepted: whether what the change hides may stay hidden.
        progress: called with what happens.

    Raises:
        UsageError: what the change hides cannot be found out.
    """
    try:
        ours, unjudged = _of_change(here, change, progress)
        listed, notices = _listed(here, ours, progress)
    except Interrupted:
        return JudgedReport(here.report, interrupted=True)
    report = here.report if accepted else hidden.with_answers(here.report, ours.answers)
    marked = tuple(hidden.counting(ours.allowed, counts=not accepted))
    return JudgedReport(report, (*marked, *_others(listed, ours.allowed)), () if accepted else unjudged, notices)


def _listed(here: HeadSurvey, ours: Hidden, progress: OnProgress) -> tuple[tuple[Allowed, ...], tuple[str, ...]]:
    """Everything that words in the tree hide; a list that cannot be made is a notice, and costs nothing else."""
    try:
        everything = sources.of_tree(here.context.tree)
        return (hidden.find(here, everything, progress).allowed if everything else ()), ()
    except (Error, OSError) as error:
        return ours.allowed, (_NOT_LISTED.format(error),)


def _of_change(here: HeadSurvey, change: Revision | None, progress: OnProgress) -> tuple[Hidden, tuple[Unjudged, ...]]:
    if change is None:
        return Hidden({}, ()), ()
    try:
        added = sources.of_change(here.context.tree, change, here.context.settings)
        found = hidden.find(here, added, progress) if added else Hidden({}, ())
        return found, lost.find(here, change, added, found, progress)
    except (Error, OSError) as error:
        raise UsageError(
            f"what the change allows itself cannot be determined: {error}",
            remedy=change.store.history.advice,
        ) from error


def _others(listed: tuple[Allowed, ...], ours: tuple[Allowed, ...]) -> tuple[Allowed, ...]:
    known = Counter((one.rule, one.location) for one in ours)
    rest = []
    for one in listed:
        if known[one.rule, one.location] > 0:
            known[one.rule, one.location] -= 1
        else:
            rest.append(one)
    return tuple(rest)
