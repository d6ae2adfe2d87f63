"""
Whether the gate opens, and every reason why not. Pure; decided once, before any report is written.

The order of the conditions is the order in which reports show them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from seatrial.domain import Report, Severity, Status
from seatrial.domain.allowance import Unjudged
from seatrial.domain.waivers import Waived
from seatrial.settings import FailOn, Profile, Settings
from seatrial.text.wording import listed

from . import news_conditions as news
from .baseline import Comparison
from .causes import Cause
from .decision import NAMED, Condition, Decision, State, Verdict, counted
from .score import NOT_MEASURED, CheckScore, Score, decimal, exact


def decide(
    report: Report,
    score: Score,
    settings: Settings,
    waived: Waived = Waived(),  # noqa: B008 - frozen
    comparison: Comparison | None = None,
    unjudged: Sequence[Unjudged] = (),
) -> Verdict:
    """
    Judge a report.

    The gate opens only if every condition is met. One that is not met closes it, even if others are unknown. One that
    is unknown leaves a pull request inconclusive and closes a release: an answer that we owe is never a pass.

    Args:
        report: what was surveyed.
        score: of that report, with `waived.fingerprints`.
        settings: the thresholds, the profile, and what closes the gate (`fail_on`).
        waived: what the waivers come to today.
        comparison: with the base; without one `fail_on: new` falls back to the absolute conditions.
        unjudged: files that the change took out of the survey. Only then there is a condition about them.
    """
    conditions = (
        _completed(report),
        _measured(report, score),
        *_judged(score, settings, waived, comparison),
        _required(score, settings),
        _errors(score),
        _coverage(score, settings),
        _waivers(waived),
        *_lost(unjudged),
    )
    decision = _decision({condition.state for condition in conditions}, settings.profile)
    return Verdict(decision, conditions, enforced=settings.fail_on is not FailOn.NEVER)


def blocks(cause: Cause, settings: Settings, comparison: Comparison | None) -> bool:
    """Whether an open root cause by itself closes the gate, where it is not the score that does."""
    if settings.fail_on in _LEAST:
        return cause.limits is not None and cause.limits >= _LEAST[settings.fail_on]
    return comparison is not None and any(news.is_new(f, settings, comparison) for f in cause.findings)


_LEAST = {
    FailOn.LOW: Severity.LOW,
    FailOn.MEDIUM: Severity.MEDIUM,
    FailOn.HIGH: Severity.HIGH,
    FailOn.CRITICAL: Severity.CRITICAL,
}


def by_score(settings: Settings, comparison: Comparison | None) -> bool:
    """Whether the absolute conditions decide: also if the news were to, and there is nothing to compare with."""
    return settings.fail_on in (FailOn.SCORE, FailOn.NEVER) or (settings.fail_on is FailOn.NEW and comparison is None)


def _judged(score: Score, settings: Settings, waived: Waived, comparison: Comparison | None) -> tuple[Condition, ...]:
    """What `fail_on` asks of the repository or of the change."""
    if settings.fail_on in _LEAST:
        return (_severity(score, settings),)
    if comparison is None or by_score(settings, comparison):
        return _score(score, settings), _criticals(score), _categories(score, settings)
    return (
        news.introduced(score, settings, waived, comparison),
        news.regressions(score, comparison),
        news.no_worse(score, comparison),
        news.no_less_covered(comparison),
    )


def _decision(states: Iterable[State], profile: Profile) -> Decision:
    states = set(states)
    if State.NO_GO in states:
        return Decision.CLOSED
    if State.UNKNOWN in states:
        return Decision.CLOSED if profile is Profile.RELEASE else Decision.INCONCLUSIVE
    return Decision.PASSED


def _completed(report: Report) -> Condition:
    if report.interrupted:
        return Condition(
            "completed", State.UNKNOWN, "to the end", "interrupted", "The survey was interrupted before it was done.",
            "interrupted",
        )  # fmt: skip
    return Condition("completed", State.GO, "to the end", "to the end", "The survey ran to its end.")


def _lost(unjudged: Sequence[Unjudged]) -> Iterator[Condition]:
    """What the change hides from every tool may hold anything."""
    if unjudged:
        count = len(unjudged)
        names = listed((f"{one.path} ({one.reason})" for one in unjudged), NAMED)
        sentence = f"{counted(count, 'file')} of this change cannot be judged, and the base's could: {names}."
        yield Condition("judged", State.UNKNOWN, "every changed file", f"{count} not judged", sentence)


def _measured(report: Report, score: Score) -> Condition:
    """Empty is not success: without files or answers there is no evidence of anything."""
    answered = sum(category.answered for category in score.categories)
    asked = sum(category.asked for category in score.categories)
    state, actual = State.GO, f"{answered} of {asked} checks"
    if not report.subject.files:
        state, actual, sentence = State.UNKNOWN, "no files", "There are no files to survey."
    elif not answered:
        state, sentence = State.UNKNOWN, "Nothing was measured, so there is no verdict."
    else:
        sentence = f"{answered} of {asked} checks that apply were measured."
    return Condition("measured", state, "at least one check", actual, sentence, "nothing measured")


def _score(score: Score, settings: Settings) -> Condition:
    least, value = exact(settings.fail_below), score.headline
    wanted, actual = decimal(least), decimal(value, threshold=least)
    if value is None:
        state, sentence = State.UNKNOWN, f"There is no score; {wanted} is needed."
    elif value >= least:
        state, sentence = State.GO, f"The score of {actual} is at least {wanted}."
    else:
        state, sentence = State.NO_GO, f"The score of {actual} is below {wanted}{_because(score)}."
    brief = "no score" if value is None else f"score below {wanted}"
    return Condition("score", state, f"at least {wanted}", actual, sentence, brief)


def _because(score: Score) -> str:
    return f": {score.taken_by} open, {decimal(score.raw)} without them" if score.taken else ""


def _criticals(score: Score) -> Condition:
    found = score.open(Severity.CRITICAL)
    if not found:
        return Condition("critical", State.GO, "none open", "none open", "No critical root cause is open.")
    count = f"{len(found)} open"
    sentence = (
        f"{counted(len(found), 'critical root cause')} open: {listed((cause.summary for cause in found), NAMED)}."
    )
    return Condition("critical", State.NO_GO, "none open", count, sentence, f"{len(found)} critical")


def _severity(score: Score, settings: Settings) -> Condition:
    level = settings.fail_on.removeprefix("severity:")
    found = [cause for cause in score.causes if blocks(cause, settings, None)]
    if not found:
        return Condition("severity", State.GO, "none open", "none open", f"No root cause of severity {level} is open.")
    what = counted(len(found), "root cause")
    sentence = f"{what} of severity {level} or worse open: {listed((cause.summary for cause in found), NAMED)}."
    brief = f"{len(found)} of severity {level} or worse"
    return Condition("severity", State.NO_GO, "none open", f"{len(found)} open", sentence, brief)


def _categories(score: Score, settings: Settings) -> Condition:
    least = exact(settings.min_category)
    wanted = decimal(least)
    scores = [(c.category.title, c.score) for c in score.categories if c.score is not None]
    low = [(title, value) for title, value in scores if value < least]
    worst = min((value for _, value in scores), default=None)
    actual = NOT_MEASURED if worst is None else f"lowest {decimal(worst, threshold=least)}"
    if low:
        names = listed((f"{title} {decimal(value, threshold=least)}" for title, value in low), NAMED)
        state, sentence = State.NO_GO, f"{counted(len(low), 'category', 'categories')} below {wanted} of 10: {names}."
    else:
        state, sentence = State.GO, f"No measured category is below {wanted} of 10."
    brief = f"{counted(len(low), 'category', 'categories')} below {wanted}"
    return Condition("categories", state, f"each at least {wanted}", actual, sentence, brief)


def _required(score: Score, settings: Settings) -> Condition:
    """
    A required check that does not apply is fine; one that was not measured is not.

    With `only` the others are not asked for, so they are not missing. One that `skip` or `disable` turns off is.
    """
    required = [
        c
        for c in score.checks
        if c.check.required
        and c.answer.status.applicable
        and (c.answer.status.measured or settings.asks_for(c.check.id))
    ]
    missing = [c for c in required if not c.answer.status.measured]
    actual = f"{len(required) - len(missing)} of {len(required)}"
    if missing:
        what = counted(len(missing), "required check")
        state, sentence = State.UNKNOWN, f"{what} not measured: {listed(map(_why, missing), NAMED)}."
    else:
        state, sentence = State.GO, "Every required check that applies was measured."
    brief = f"{counted(len(missing), 'required check')} not measured"
    return Condition("required", state, "all measured", actual, sentence, brief)


def _errors(score: Score) -> Condition:
    """Our own failures, where the check is not required: not the repository's fault, and not a pass."""
    failed = [c for c in score.checks if c.answer.status is Status.ERROR and not c.check.required]
    if not failed:
        return Condition("errors", State.GO, "none", "none", "No other check ended in an error.")
    sentence = f"{counted(len(failed), 'check')} could not be answered: {listed(map(_why, failed), NAMED)}."
    return Condition("errors", State.UNKNOWN, "none", str(len(failed)), sentence, counted(len(failed), "error"))


def _coverage(score: Score, settings: Settings) -> Condition:
    """Too little evidence does not judge the repository, so it is unknown and not a failure."""
    least = exact(settings.least_coverage)
    value = None if score.coverage is None else 100 * score.coverage
    wanted, actual = f"{decimal(least)} %", decimal(value, threshold=least) + (" %" if value is not None else "")
    if not least:
        state, sentence = State.GO, "No coverage is required."
    elif value is None:
        state, sentence = State.UNKNOWN, "No check applies, so none could be measured."
    elif value >= least:
        state, sentence = State.GO, f"{actual} of the points were measured; at least {wanted} are needed."
    else:
        state, sentence = State.UNKNOWN, f"Only {actual} of the points were measured; at least {wanted} are needed."
    return Condition("coverage", state, f"at least {wanted}", actual, sentence, f"less than {wanted} measured")


def _waivers(waived: Waived) -> Condition:
    expired = waived.expired
    if not expired:
        return Condition("waivers", State.GO, "none expired", "none expired", "No waiver has expired.")
    names = listed((f"{waiver.target} on {waiver.expires}" for waiver in expired), NAMED)
    sentence = f"{counted(len(expired), 'waiver')} expired: {names}."
    brief = f"{counted(len(expired), 'expired waiver')}"
    return Condition("waivers", State.NO_GO, "none expired", f"{len(expired)} expired", sentence, brief)


def _why(check: CheckScore) -> str:
    return f"{check.check.id} ({check.answer.status}: {check.answer.reason})"
