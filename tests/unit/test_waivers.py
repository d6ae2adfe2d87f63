"""Waivers: for something, by somebody, for a while."""

from __future__ import annotations

import datetime as dt

import pytest

from seatrial.domain import Confidence, Finding, Location, Severity
from seatrial.errors import UsageError
from seatrial.waivers import Waiver, apply

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


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"reason": "too short"}, "fewer than 20 characters"),
        ({"owner": " "}, "owner is missing"),
        ({"fingerprint": "0" * 32}, "either a fingerprint or a rule"),
        ({"path": ""}, "rule and path belong together"),
        ({"expires": dt.date(2026, 9, 1)}, "at most 90"),
        ({"expires": dt.date(2026, 5, 1)}, "expires before"),
    ],
)
def test_what_nobody_could_hold_to_is_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        waiver(**changes)


def test_its_time() -> None:
    def on(day: dt.date) -> bool:
        return bool(apply([waiver()], [finding()], day).fingerprints)

    assert [on(dt.date(2026, m, d)) for m, d in ((5, 19), (5, 20), (7, 20), (7, 21))] == [False, True, True, False]
    assert apply([waiver()], [finding()], dt.date(2026, 7, 7)).expiring
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
