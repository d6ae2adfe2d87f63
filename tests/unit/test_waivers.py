"""Waivers: for something, by somebody, for a while."""

from __future__ import annotations

import datetime as dt

import pytest

from seatrial.domain import Confidence, Finding, Location, Severity
from seatrial.domain.errors import UsageError
from seatrial.domain.waivers import Waiver, apply

TODAY = dt.date(2026, 6, 1)


def finding(path: str = "deploy/a.yaml", severity: Severity = Severity.HIGH) -> Finding:
    return Finding("compose/privileged", severity, Confidence.HIGH, "bad", Location(path, 1), anchor=path)


def waiver(**changes: object) -> Waiver:
    values: dict[str, object] = {
        "rule": "compose/privileged",
        "path": "deploy/**",
        "reason": "needed until the new kernel arrives",
        "owner": "ops",
        "created": dt.date(2026, 5, 20),
        "expires": dt.date(2026, 7, 20),
    }
    return Waiver(**(values | changes))  # type: ignore[arg-type]


def test_it_covers_what_it_names() -> None:
    inside, outside = finding(), finding("src/a.yaml")
    assert apply([waiver()], [inside, outside], TODAY).fingerprints == {inside.fingerprint}
    by_print = waiver(rule="", path="", fingerprint=outside.fingerprint)
    assert apply([by_print], [inside, outside], TODAY).fingerprints == {outside.fingerprint}


WRONG: dict[str, tuple[dict[str, object], str]] = {
    "nothing to say": (
        {"reason": "x" * 19},
        "waiver of compose/privileged in deploy/**: the reason has fewer than 20 characters",
    ),
    "blanks": ({"reason": "too short" + " " * 20}, "the reason has fewer than 20 characters"),
    "nobody": ({"owner": " "}, "waiver of compose/privileged in deploy/**: the owner is missing"),
    "two things": (
        {"fingerprint": "0" * 32},
        f"waiver of {'0' * 32}: a waiver names either a fingerprint or a rule with a path",
    ),
    "nothing": (
        {"rule": "", "path": ""},
        "waiver of (nothing) in (nowhere): a waiver names either a fingerprint or a rule with a path",
    ),
    "no path": (
        {"path": ""},
        "waiver of compose/privileged in (nowhere): rule and path belong together; the path ** is everywhere",
    ),
    "a blank path": ({"path": " "}, "rule and path belong together; the path ** is everywhere"),
    "a path without a rule": (
        {"rule": "", "fingerprint": "0" * 32},
        "rule and path belong together; the path ** is everywhere",
    ),
    "too long": (
        {"expires": dt.date(2026, 8, 19)},
        "waiver of compose/privileged in deploy/**: it runs for 91 days; at most 90 are possible",
    ),
    "before its time": (
        {"expires": dt.date(2026, 5, 19)},
        "waiver of compose/privileged in deploy/**: it expires before it was created",
    ),
}


@pytest.mark.parametrize(("changes", "message"), WRONG.values(), ids=WRONG)
def test_what_nobody_could_hold_to_is_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        waiver(**changes, where=".seatrial.yml:7")
    assert caught.value.message.endswith(message)
    assert caught.value.message.startswith("waiver of ")
    assert caught.value.where == ".seatrial.yml:7"


@pytest.mark.parametrize(
    "changes",
    [{"reason": "x" * 20}, {"expires": dt.date(2026, 8, 18)}, {"expires": dt.date(2026, 5, 20)}],
    ids=["the shortest reason", "90 days", "one day"],
)
def test_the_limits_themselves_are_possible(changes: dict[str, object]) -> None:
    assert waiver(**changes).where == ""


def test_its_time() -> None:
    def on(day: dt.date) -> bool:
        return bool(apply([waiver()], [finding()], day).fingerprints)

    assert [on(dt.date(2026, m, d)) for m, d in ((5, 19), (5, 20), (7, 20), (7, 21))] == [False, True, True, False]
    assert apply([waiver()], [finding()], dt.date(2026, 7, 6)).expiring
    assert not apply([waiver()], [finding()], dt.date(2026, 7, 5)).expiring
    assert apply([waiver()], [finding()], dt.date(2026, 7, 21)).expired
    assert not apply([waiver()], [], dt.date(2026, 7, 21)).expired


def test_a_critical_finding_is_waived_for_a_month_at_most() -> None:
    found = finding(severity=Severity.CRITICAL)
    assert apply([waiver()], [found], TODAY).fingerprints == frozenset()
    assert apply([waiver()], [found], TODAY).too_long
    assert apply([waiver(expires=dt.date(2026, 6, 19))], [found], TODAY).fingerprints == {found.fingerprint}


def test_what_covers_nothing_is_said() -> None:
    waived = apply([waiver()], [], TODAY)
    assert waived.unused
    assert "matches nothing" in waived.warnings[0]


@pytest.mark.parametrize(("day", "waived", "expired"), [(20, True, False), (21, False, True)])
def test_its_last_day_is_one_of_its_days(day: int, waived: bool, expired: bool) -> None:
    one = waiver()
    applied = apply([one], [finding()], dt.date(2026, 7, day))
    assert (bool(applied.fingerprints), bool(applied.expired)) == (waived, expired)
    assert (one.in_force(dt.date(2026, 7, day)), one.expired(dt.date(2026, 7, day))) == (waived, expired)


def test_an_expired_waiver_is_no_trouble_while_another_covers_the_same() -> None:
    day = dt.date(2026, 7, 21)
    later = waiver(created=dt.date(2026, 7, 1), expires=dt.date(2026, 8, 1), owner="dev")
    other = finding("deploy/b.yaml")
    assert apply([waiver(), later], [finding()], day).expired == ()
    narrow = waiver(created=dt.date(2026, 7, 1), expires=dt.date(2026, 8, 1), path="deploy/a.yaml")
    assert apply([waiver(), narrow], [finding(), other], day).expired == (waiver(),)


def test_a_waiver_that_still_holds_is_never_expired() -> None:
    critical = finding(severity=Severity.CRITICAL)
    waived = apply([waiver()], [critical], TODAY)
    assert waived.expired == ()
    assert waived.too_long == (waiver(),)


def test_a_waiver_of_the_future_covers_nothing_yet() -> None:
    one = waiver()
    assert apply([one], [finding()], dt.date(2026, 5, 19)).early == (one,)
    assert apply([one], [finding()], dt.date(2026, 5, 20)).early == ()
    before = apply([one], [finding(severity=Severity.CRITICAL)], dt.date(2026, 5, 19))
    assert (before.matches, before.too_long, before.unused) == ((), (), ())


def test_what_each_waiver_covers_is_listed_soonest_first() -> None:
    one, other = finding(), finding("src/a.yaml")
    late, soon = waiver(), waiver(path="src/**", expires=dt.date(2026, 6, 10))
    waived = apply([late, soon], [one, other], TODAY)
    assert [(match.waiver, match.findings) for match in waived.matches] == [(soon, (other,)), (late, (one,))]
    assert waived.expiring == (soon,)
    assert waived.notices == ("The waiver of compose/privileged in src/** ends after 2026-06-10; its owner is ops.",)


def test_a_waiver_covers_only_its_rule() -> None:
    other = Finding("compose/host-network", Severity.HIGH, Confidence.HIGH, "bad", Location("deploy/a.yaml", 1))
    waived = apply([waiver()], [other], TODAY)
    assert (waived.fingerprints, waived.unused) == (frozenset(), (waiver(),))


def test_what_the_author_should_tidy_up() -> None:
    late = waiver(created=dt.date(2026, 6, 2), path="**")
    unused = waiver(path="nowhere/**")
    waived = apply([late, unused, waiver()], [finding(severity=Severity.CRITICAL)], TODAY)
    assert waived.warnings == (
        "The waiver of compose/privileged in deploy/** covers no critical finding: its 61 days are more than 30.",
        "The waiver of compose/privileged in ** begins only on 2026-06-02.",
        "The waiver of compose/privileged in nowhere/** matches nothing that was found; delete it when done.",
    )
