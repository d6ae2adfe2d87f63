"""How deployments over the running stack went, as an answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction

from seatrial.domain import Answer, Finding, Severity
from seatrial.domain.grading import GradedSubject as Subject
from seatrial.domain.grading import WeightedShare
from seatrial.domain.measured import Measurement, MeasureUnit
from seatrial.inspectors.trial.checks import UPGRADE
from seatrial.lab.units import seconds
from seatrial.lab.upgrade import judge
from seatrial.lab.upgrade.judge import UpgradeComplaint, UpgradeFault
from seatrial.lab.upgrade.seen import Asked, Deployment, UpgradeSeen

SEVERITY = {
    UpgradeFault.DATA: Severity.CRITICAL,
    UpgradeFault.FAILS: Severity.HIGH,
    UpgradeFault.SECOND: Severity.HIGH,
    UpgradeFault.ROLLBACK: Severity.HIGH,
    UpgradeFault.REQUESTS: Severity.MEDIUM,
}
_NO_BASE = "there is no base; `--base main` names one, and a pull request has one"


def answer(
    seen: UpgradeSeen, unsteady: str, started: float, about: str, mask: Callable[[str], str],
    finding: Callable[..., Finding],
) -> Answer:  # fmt: skip
    """
    The answer of the check.

    Args:
        seen: what was seen.
        unsteady: why nothing was tried, if the stack was not steady.
        started: seconds that the deployment from nothing took.
        about: what was looked at.
        mask: takes secrets out of a line.
        finding: makes a finding about a service.
    """
    if unsteady:
        return Answer.skip(UPGRADE, "nothing was deployed over the stack, because it was not steady")
    measured, unmeasured = judge.parts(seen)
    found = [_finding(one, mask, finding) for one in judge.complaints(seen)]
    made = Answer.of_findings(
        UPGRADE,
        found,
        share=Fraction(len(measured), len(measured) + len(unmeasured)),
        evidence=about,
        measurements=[Measurement("from nothing", round(started, 3), MeasureUnit.SECONDS), *_measured(seen)],
        notes=tuple(mask(note) for note in _notes(seen)),
        basis=WeightedShare(tuple(Subject(str(part)) for part in sorted(measured)), "part"),
    )
    return replace(made, unjudged=tuple((str(part), seen.why_not or _NO_BASE) for part in unmeasured))


def _finding(one: UpgradeComplaint, mask: Callable[[str], str], finding: Callable[..., Finding]) -> Finding:
    made = finding(f"deployment/{one.fault}", one.service, mask(one.text), SEVERITY[one.fault], f"{one.fault}")
    return replace(made, about=(Subject(str(one.part)).key,))


def _measured(seen: UpgradeSeen) -> Iterator[Measurement]:
    for name, one in (("second deployment", seen.again), ("update", seen.update), ("rollback", seen.rollback)):
        if one is None:
            continue
        yield Measurement(name, round(one.seconds, 3), MeasureUnit.SECONDS)
        asked = [a for a in one.asked if not a.gone]
        if asked:
            worst = min(a.share for a in asked)
            yield Measurement(f"{name} failed requests", round(100 * (1 - worst), 1), MeasureUnit.PERCENT)
            yield Measurement(f"{name} longest gap", round(one.gap, 3), MeasureUnit.SECONDS)


def _notes(seen: UpgradeSeen) -> Iterator[str]:
    if seen.update is None:
        yield f"the update from the base and the rollback are not measured: {seen.why_not or _NO_BASE}"
    elif seen.rollback is None:
        yield f"the rollback is not measured: {seen.why_no_rollback}"
    for name, one in (("update", seen.update), ("rollback", seen.rollback)):
        if one is not None:
            yield f"{name} ({seen.label}): {_line(one)}"
            yield from (
                f"{name}: {a.service}: {a.question} is no longer answered ({a.status}), and was not counted"
                for a in one.asked if a.gone
            )  # fmt: skip
            yield from (f"{name}: {store}: whether it kept its data is not known" for store in one.unread)
            if one.machine.busy and judge.below(one):
                yield f"{name}: the share of failed requests is not judged, because {one.machine}"
    yield from seen.unkept
    if seen.update is not None and not seen.stores and not seen.unkept:
        yield "the stack has no store that is known, so no data was written; `chaos.data` can name requests for it"


def _line(one: Deployment) -> str:
    asked = "; ".join(map(_asked, one.asked)) or "no entry point was asked"
    kept = "; ".join(f"{s}: {one.lost.get(s, 0)} of {n} acknowledged writes lost" for s, n in one.written.items())
    new = f"made anew: {', '.join(one.recreated)}" if one.recreated else "nothing was made anew"
    return "; ".join(filter(None, [f"up after {seconds(one.seconds)}", new, asked, kept]))


def _asked(one: Asked) -> str:
    return f"{one.service} {one.question} {100 * one.share:.0f} % good, longest gap {seconds(one.gap)}"
