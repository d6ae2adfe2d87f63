"""An answer: what one check came to, and how much of its question was measured."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction

from seatrial.domain.extent import Extent
from seatrial.domain.grading import GradingBasis, WeightedShare
from seatrial.domain.load import LoadRun
from seatrial.domain.measured import Experiment, Measurement

from .check import Status
from .finding import Finding, numbered


@dataclass(frozen=True, slots=True)
class Answer:
    """
    What one check came to. Build it with the named constructors.

    Raises:
        ValueError: if the parts contradict each other (a value outside 0..1, a missing reason, ...).
    """

    check: str
    status: Status
    value: Fraction | None = None
    """0..1, exact; `None` unless measured."""
    share: Fraction = Fraction(1)
    """How much of the question was answered, 0..1: 9 of 10 files read is 9/10. The rest counts as not measured."""
    findings: tuple[Finding, ...] = ()
    reason: str = ""
    """Why there is no measurement (`skip`, `error`, `blocked`) or nothing to measure (`na`)."""
    evidence: str = ""
    """What was looked at, in one line."""
    measurements: tuple[Measurement, ...] = ()
    notes: tuple[str, ...] = ()
    """What a reader should know besides: files left out, suppressions honoured, ..."""
    experiments: tuple[Experiment, ...] = ()
    """What the answer of a live check rests on."""
    loads: tuple[LoadRun, ...] = ()
    """The load profiles that the answer rests on."""
    basis: GradingBasis = field(default=WeightedShare())
    """What a value with findings is made from: the subjects that were judged, or how much was searched."""
    unjudged: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    """Parts of the question that were not fully judged: name and reason. The notes say the same to readers."""
    duration: float = field(default=0.0, compare=False)
    """Seconds; volatile, outside every digest."""

    def __post_init__(self) -> None:
        """Refuse a contradiction where it is made, not where it is read."""
        if self.status.measured != (self.value is not None):
            raise ValueError(f"{self.check}: {self.status} with value {self.value}")
        if self.value is not None and not 0 <= self.value <= 1:
            raise ValueError(f"{self.check}: value {self.value} is outside 0..1")
        if not 0 < self.share <= 1:
            raise ValueError(f"{self.check}: share {self.share} is not within 0..1, or is 0: then it is an error")
        if not self.status.measured and not self.reason.strip():
            raise ValueError(f"{self.check}: {self.status} needs a reason")
        if self.status is Status.PASS and self.findings:
            raise ValueError(f"{self.check}: passed with findings")

    @classmethod
    def of_findings(
        cls,
        check: str,
        findings: Iterable[Finding],
        *,
        share: Fraction = Fraction(1),
        evidence: str = "",
        measurements: Iterable[Measurement] = (),
        notes: Iterable[str] = (),
        basis: GradingBasis = WeightedShare(),  # noqa: B008 - frozen
    ) -> Answer:
        """A check that looked, at `share` of what there is: clean is a pass, anything found a graded failure."""
        found = numbered(findings)
        return cls(
            check,
            Status.FAIL if found else Status.PASS,
            basis.value(found),
            share,
            found,
            evidence=evidence,
            measurements=tuple(measurements),
            notes=tuple(notes),
            basis=basis,
        )

    @classmethod
    def of_extent(
        cls,
        check: str,
        extent: Extent,
        findings: Iterable[Finding],
        *,
        absent: str,
        evidence: str = "",
        measurements: Iterable[Measurement] = (),
        notes: Iterable[str] = (),
        basis: GradingBasis = WeightedShare(),  # noqa: B008 - frozen
    ) -> Answer:
        """
        The answer of a check that lists what it is about; how much was measured follows from the list.

        Args:
            check: its id.
            extent: everything that the tree has for it, judged or not.
            findings: what is wrong.
            absent: the evidence that there is nothing to ask, where the extent is empty: `no Dockerfile in the tree`.
            evidence: what was looked at; by default the extent says it.
            measurements: numbers that it rests on.
            notes: what a reader should know besides; those of the extent come first.
            basis: what the value is made from.
        """
        found = numbered(findings)
        if not extent and not found:
            return cls.na(check, absent)
        said = tuple(dict.fromkeys((*extent.notes, *notes)))
        unjudged = tuple((part.name, part.reason) for part in extent.parts if part.judged < 1)
        if not extent.share:
            return replace(cls.error(check, said[0], findings=found, notes=said[1:]), unjudged=unjudged)
        measured = cls.of_findings(
            check,
            found,
            share=extent.share,
            evidence=evidence or extent.evidence,
            measurements=measurements,
            notes=said,
            basis=basis,
        )
        return replace(measured, unjudged=unjudged)

    @property
    def tally(self) -> str:
        """How much of what was judged is right, for people: `3 of 5 services`; empty unless measured."""
        return self.basis.tally(self.findings) if self.status.measured else ""

    def with_only(self, left: tuple[Finding, ...]) -> Answer:
        """
        The answer with only some of its findings left.

        A value that was made from the findings is made anew. Any other measured value is not ours to predict: it stays
        until nothing is left.
        """
        if not self.status.measured:
            return replace(self, findings=left)
        if not left:
            return replace(self, status=Status.PASS, value=Fraction(1), findings=())
        made = self.value == self.basis.value(self.findings)
        return replace(self, value=self.basis.value(left) if made else self.value, findings=left)

    @classmethod
    def skip(cls, check: str, reason: str) -> Answer:
        """Not asked, by choice (`--skip`, budget)."""
        return cls(check, Status.SKIP, reason=reason)

    @classmethod
    def error(cls, check: str, reason: str, *, findings: Iterable[Finding] = (), notes: Iterable[str] = ()) -> Answer:
        """We failed to answer, or to answer fully; what was found before is kept."""
        return cls(check, Status.ERROR, findings=numbered(findings), reason=reason, notes=tuple(notes))

    @classmethod
    def blocked(cls, check: str, reason: str) -> Answer:
        """A prerequisite failed first; the reason names it."""
        return cls(check, Status.BLOCKED, reason=reason)

    @classmethod
    def na(cls, check: str, evidence: str) -> Answer:
        """There is nothing to ask; `evidence` says how we know."""
        return cls(check, Status.NA, reason=evidence)
