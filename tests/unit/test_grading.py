"""A value is the share of subjects that are right, or what the worst finding and the density of the others leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.domain import Answer, Confidence, Finding, Location, Severity, Status
from seatrial.domain.grading import ORDINARY, Density, GradedSubject, SubjectPlace, Unit, WeightedShare, keys

SERVICES = tuple(
    GradedSubject(name, "compose.yaml", weight) for name, weight in (("db", 200), ("api", 150), ("job", 100))
)
KEYS = [*(s.key for s in SERVICES), "compose.yaml#a volume"]
ABOUT = st.lists(st.sampled_from(KEYS), max_size=3, unique=True).map(tuple)
findings = st.builds(
    Finding,
    rule=st.just("a/one"),
    severity=st.sampled_from(Severity),
    confidence=st.sampled_from(Confidence),
    message=st.just("wrong"),
    location=st.builds(Location, st.just("compose.yaml"), st.integers(1, 9)),
    about=ABOUT,
)
BASES = st.one_of(
    st.just(WeightedShare(SERVICES, "service")),
    st.just(WeightedShare()),
    st.builds(Density, st.sampled_from(Unit), st.integers(0, 90_000), st.integers(1, 50)),
)


def made(
    severity: Severity = Severity.LOW, *about: str, confidence: Confidence = Confidence.HIGH, line: int = 1
) -> Finding:
    return Finding("a/one", severity, confidence, "wrong", Location("compose.yaml", line), about=about)


@given(BASES, st.lists(findings, max_size=12), findings)
def test_one_finding_more_is_never_better(basis: WeightedShare | Density, found: list[Finding], more: Finding) -> None:
    before, after = basis.value(found), basis.value([*found, more])
    assert 0 <= after <= before <= 1
    assert basis.value([more]) < 1


@given(BASES, st.lists(findings, min_size=1, max_size=12), st.data())
def test_a_guess_costs_no_more_than_it_would_if_it_were_certain(
    basis: WeightedShare | Density, found: list[Finding], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(found) - 1))
    doubted = [replace(f, confidence=Confidence.LOW) if n == place else f for n, f in enumerate(found)]
    assert basis.value(doubted) >= basis.value(found)


@given(st.lists(findings, min_size=1), st.sampled_from([WeightedShare(SERVICES, "service"), WeightedShare()]))
def test_a_check_that_fails_for_every_subject_has_value_zero(more: list[Finding], basis: WeightedShare) -> None:
    everything = [made(Severity.LOW, s.key) for s in SERVICES]
    assert basis.value([*everything, *more]) == 0
    assert basis.value([made(Severity.LOW)]) == 0, "a finding without a subject is about all of them"


def test_a_value_is_the_share_of_what_is_right_by_weight() -> None:
    basis = WeightedShare(SERVICES, "service")
    for wrong, right in ((("db",), 250), (("job",), 350), (("db", "api"), 100)):
        found = [made(Severity.LOW, f"compose.yaml#{name}") for name in wrong]
        assert basis.value(found) == Fraction(right, 450)
        assert basis.tally(found) == f"{3 - len(wrong)} of 3 services"
        assert [s.name for s in basis.wrong(found)] == list(wrong)
    assert basis.value([]) == 1
    assert basis.tally([]) == "3 of 3 services"


def test_what_is_not_in_the_list_is_a_subject_of_its_own() -> None:
    basis = WeightedShare((GradedSubject("api", "compose.yaml"),), "service")
    volume = made(Severity.LOW, "compose.yaml#data")
    assert basis.value([volume]) == Fraction(ORDINARY, 2 * ORDINARY)
    assert basis.tally([volume]) == "1 of 2 services"
    assert basis.value([volume, made(Severity.LOW, "compose.yaml#api")]) == 0


def test_a_doubted_subject_keeps_nine_tenths() -> None:
    guess = made(Severity.CRITICAL, SERVICES[2].key, confidence=Confidence.LOW)
    assert WeightedShare(SERVICES, "service").value([guess]) == 1 - Fraction(10, 450)
    assert WeightedShare(SERVICES, "service").tally([guess]) == "3 of 3 services"
    assert WeightedShare().value([replace(guess, about=())]) == Fraction(9, 10)


@pytest.mark.parametrize(
    ("severity", "confidence", "value"),
    [
        (Severity.CRITICAL, Confidence.CONFIRMED, 0),
        (Severity.HIGH, Confidence.HIGH, Fraction(3, 10)),
        (Severity.MEDIUM, Confidence.HIGH, Fraction(6, 10)),
        (Severity.LOW, Confidence.HIGH, Fraction(85, 100)),
        (Severity.CRITICAL, Confidence.LOW, Fraction(9, 10)),
    ],
)
def test_a_detector_starts_from_its_worst_finding(
    severity: Severity, confidence: Confidence, value: Fraction | int
) -> None:
    for size in (1, 100, 10**6):
        assert Density(Unit.LINES, size, 40).value([made(severity, confidence=confidence)]) == value


def test_a_large_tidy_tree_is_not_punished_for_its_size_nor_a_small_bad_one_spared() -> None:
    def lows(number: int) -> Sequence[Finding]:
        return [made(line=n) for n in range(number)]

    large, small = Density(Unit.LINES, 200_000, 40), Density(Unit.LINES, 2_000, 40)
    assert large.value(lows(800)) > Fraction(7, 10)
    assert small.value(lows(800)) < Fraction(1, 20)
    assert large.value(lows(800)) == pytest.approx(float(small.value(lows(8))), abs=0.02)
    assert Density(Unit.LINES, 3, 40).value(lows(2)) == Density(Unit.LINES, 1_000, 40).value(lows(2))
    assert large.tally(lows(2)) == "2 findings in 200,000 lines"


@given(st.lists(findings, min_size=1, max_size=9), st.integers(0, 10**6), st.integers(0, 10**6))
def test_more_of_what_was_searched_is_never_worse(found: list[Finding], size: int, more: int) -> None:
    assert Density(Unit.FILES, size + more, 8).value(found) >= Density(Unit.FILES, size, 8).value(found)


@pytest.mark.parametrize(
    ("names", "paths", "spreads", "found"),
    [
        (("api",), ("compose.yaml",), False, ("compose.yaml#api",)),
        (("api",), ("prod.yaml",), False, ("prod.yaml#api",)),
        (("api",), ("base.yaml",), False, ("compose.yaml#api", "prod.yaml#api")),
        (("api", "db"), ("compose.yaml", "prod.yaml"), False, ("compose.yaml#api", "compose.yaml#db", "prod.yaml#api")),
        (("data",), ("compose.yaml",), False, ("compose.yaml#data",)),
        ((), ("compose.yaml",), False, ("compose.yaml#",)),
        ((), ("compose.yaml",), True, ("compose.yaml#api", "compose.yaml#db")),
        ((), ("whole.yaml",), False, ("whole.yaml#whole.yaml",)),
    ],
)
def test_a_finding_names_its_subjects(
    names: tuple[str, ...], paths: tuple[str, ...], spreads: bool, found: tuple[str, ...]
) -> None:
    subjects = (
        GradedSubject("api", "compose.yaml"), GradedSubject("db", "compose.yaml"), GradedSubject("api", "prod.yaml"),
        GradedSubject("whole.yaml", "whole.yaml"),
    )  # fmt: skip
    assert tuple(sorted(keys(SubjectPlace(names, paths), subjects, spreads=spreads))) == found


def test_an_answer_says_how_much_is_right_and_is_made_anew_without_a_finding() -> None:
    basis = WeightedShare(SERVICES, "service")
    answer = Answer.of_findings("c", [made(Severity.LOW, s.key) for s in SERVICES[:2]], basis=basis)
    assert (answer.value, answer.tally) == (Fraction(100, 450), "1 of 3 services")
    better = answer.with_only(answer.findings[:1])
    assert (better.value, better.tally) == (Fraction(basis.value(answer.findings[:1])), "2 of 3 services")
    assert answer.with_only(()).status is Status.PASS
    assert Answer.skip("c", "because").tally == ""


@pytest.mark.parametrize("make", [lambda: GradedSubject("a", weight=0), lambda: Density(Unit.LINES, -1, 1)])
def test_nonsense_is_refused(make: object) -> None:
    with pytest.raises(ValueError, match=r"weight|density"):
        make()  # type: ignore[operator]
