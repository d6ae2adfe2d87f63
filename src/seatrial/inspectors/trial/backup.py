"""From what the backup drill showed to the answer of its check."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from seatrial.domain import Answer, Finding, Location, Severity
from seatrial.domain.grading import GradedSubject, SubjectRole, WeightedShare
from seatrial.domain.measured import Measurement, MeasureUnit
from seatrial.inspectors.rulebook import role_weight
from seatrial.inspectors.trial.checks import DRILL
from seatrial.lab.backup.seen import BackupSeen, Drilled, DrillFault
from seatrial.lab.units import seconds
from seatrial.text.wording import counted, listed

SEVERITY = dict.fromkeys(DrillFault, Severity.HIGH)
ABSENT = "no datastore that keeps data"
_OWN = "`backups: [{{service: {service}, dump: COMMAND, restore: COMMAND}}]`"
_HALF = Fraction(1, 2)
"""What the store's own program shows: that the data can be restored, but not that the repository does so."""
_TEXT = {
    DrillFault.DUMP_FAILS: "its backup fails",
    DrillFault.DUMP_EMPTY: "its backup is empty",
    DrillFault.RESTORE_FAILS: "its backup cannot be restored",
    DrillFault.RESTORE_DIFFERS: "its restored backup is not what the store had",
}


class BackupAnswer:
    """The answer of the drill."""

    def __init__(
        self,
        seen: BackupSeen,
        places: Mapping[str, Location],
        mask: Callable[[str], str],
        finding: Callable[..., Finding],
        about: str,
    ) -> None:
        self._seen, self._places, self._mask, self._finding, self._about = seen, places, mask, finding, about

    def answer(self) -> Answer:
        """Whether what the stores keep can be restored, and how much of that was measured."""
        seen, done = self._seen, self._seen.drilled
        if seen.why_not:
            return Answer.skip(DRILL, seen.why_not)
        notes = tuple(self._notes())
        if not done:
            return replace(Answer.na(DRILL, ABSENT), notes=notes)
        share = sum(map(_share, done), Fraction()) / len(done)
        if not share:
            return replace(Answer.skip(DRILL, self._mask(f"{done[0].service}: {done[0].unmeasured}")), notes=notes)
        subjects = (
            GradedSubject(one.service, self._path(one.service), role_weight(SubjectRole.STORE))
            for one in done if not one.unmeasured
        )  # fmt: skip
        return Answer.of_findings(
            DRILL,
            [self._found(one, one.fault) for one in done if one.fault is not None],
            share=share,
            evidence=self._about,
            measurements=[m for one in done if not one.unmeasured for m in _measured(one)],
            notes=notes,
            basis=WeightedShare(tuple(subjects), "datastore"),
        )

    def _path(self, service: str) -> str:
        at = self._places.get(service) or next(iter(self._places.values()), None)
        return at.path if at is not None else "compose.yaml"

    def _found(self, one: Drilled, fault: DrillFault) -> Finding:
        text = f"{_TEXT[fault]} ({self._mask(one.program)}): {self._mask(one.text)}"
        return self._finding(f"backup/{fault}", one.service, text, SEVERITY[fault])

    def _notes(self) -> Iterator[str]:
        """What was done with each store, and the line of configuration that would measure more."""
        for one in self._seen.drilled:
            own = _OWN.format(service=one.service)
            if one.unmeasured:
                why = self._mask(one.unmeasured)
                yield f"{one.service}: whether it can be restored is not measured: {why}; drill your own backup: {own}"
                continue
            if one.fault is None:
                yield f"{one.service}: {self._mask(_told(one))}"
            if one.moving:
                names = listed(sorted(one.moving), 5)
                yield f"{one.service}: not compared, because they changed during the dump: {names}"
            if not one.own:
                yield f"{one.service}: whether the repository's own backup restores is not measured; add {own}"
        if self._seen.forgets:
            yield f"not drilled, because they are meant to forget: {listed(self._seen.forgets)}"


def _share(one: Drilled) -> Fraction:
    """How much of the question about one store was measured."""
    if one.unmeasured:
        return Fraction(0)
    return Fraction(1) if one.own else _HALF


def _told(one: Drilled) -> str:
    """A drill that went well, in a line."""
    what = counted(one.tables, "table")
    rows = f" with {counted(one.rows, 'row')}" if one.rows else ""
    return (
        f"{one.program} dumped {one.size:,} bytes in {seconds(one.dumped)}; a fresh store had the same {what}{rows} "
        f"after {seconds(one.restored)}; a damaged dump was noticed"
    )


def _measured(one: Drilled) -> Iterator[Measurement]:
    yield Measurement(f"{one.service} dump", round(one.dumped, 3), MeasureUnit.SECONDS)
    if one.restored:
        yield Measurement(f"{one.service} restore", round(one.restored, 3), MeasureUnit.SECONDS)
