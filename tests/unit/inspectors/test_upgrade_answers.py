"""From what deployments over a running stack showed to what is said of it."""

from __future__ import annotations

from fractions import Fraction

import pytest

from seatrial.domain import Answer, Confidence, Finding, Location, Severity, Status
from seatrial.inspectors.trial import upgrade_rules, upgraded
from seatrial.lab.machine import Machine
from seatrial.lab.measure import ProbeFailure
from seatrial.lab.upgrade.judge import UpgradeFault
from seatrial.lab.upgrade.seen import Asked, Deployment, UpgradeSeen

FINE = Asked("api", "GET :80/", 0.83, 1.7)
GOOD = Deployment(seconds=6, asked=(FINE,), written={"db": 90}, recreated=("api",))


def finding(rule: str, service: str, text: str, severity: Severity, anchor: str) -> Finding:
    at = Location("compose.yaml", 1, 1)
    return Finding(rule, severity, Confidence.CONFIRMED, text, at, subject=service, anchor=f"{service} {anchor}")


def answer(seen: UpgradeSeen, unsteady: str = "") -> Answer:
    return upgraded.answer(seen, unsteady, 5.0, "seed 1", lambda line: line.replace("hidden", "****"), finding)


def seen(**more: object) -> UpgradeSeen:
    known: dict[str, object] = {"again": Deployment(seconds=2), "label": "main", "stores": ("db",)}
    return UpgradeSeen(**{**known, "update": GOOD, "rollback": GOOD, **more})  # type: ignore[arg-type]


def test_a_sound_update_passes_and_its_figures_are_reported() -> None:
    made = answer(seen())
    assert (made.status, made.share) == (Status.PASS, Fraction(1))
    assert {m.name: m.value for m in made.measurements} == {
        "from nothing": 5, "second deployment": 2, "update": 6, "update failed requests": 17, "update longest gap": 1.7,
        "rollback": 6, "rollback failed requests": 17, "rollback longest gap": 1.7,
    }  # fmt: skip
    assert (
        "made anew: api; api GET :80/ 83 % good, longest gap 1.70 s; db: 0 of 90 acknowledged writes" in made.notes[0]
    )


def test_without_a_base_only_the_deployment_from_nothing_is_measured_and_the_option_is_named() -> None:
    made = answer(UpgradeSeen(again=Deployment(seconds=2)))
    assert (made.status, made.share) == (Status.PASS, Fraction(2, 6))
    assert "`--base main`" in made.notes[0]


@pytest.mark.parametrize(
    ("more", "fault", "severity", "right"),
    [
        ({"again": Deployment(problems=(("migrate", "ended with 1"),))}, UpgradeFault.SECOND, Severity.HIGH, 5),
        ({"update": Deployment(written={"db": 90}, lost={"db": 3}, asked=(FINE,))}, UpgradeFault.DATA,
         Severity.CRITICAL, 5),
        ({"update": Deployment(problems=(("api", "hidden"),), asked=(FINE,), written={"db": 1})}, UpgradeFault.FAILS,
         Severity.HIGH, 5),
        ({"update": Deployment(asked=(Asked("api", "GET :80/", 0.69, 3.1),), written={"db": 1})},
         UpgradeFault.REQUESTS, Severity.MEDIUM, 5),
        ({"rollback": Deployment(problems=(("api", "ended with 1"),))}, UpgradeFault.ROLLBACK, Severity.HIGH, 5),
        ({"rollback": Deployment(written={"db": 9}, lost={"db": 9})}, UpgradeFault.ROLLBACK, Severity.HIGH, 5),
    ],
)  # fmt: skip
def test_each_fault_is_one_wrong_part(
    more: dict[str, object], fault: UpgradeFault, severity: Severity, right: int
) -> None:
    made = answer(seen(**more))
    [found] = made.findings
    assert (found.rule, found.severity, made.value) == (f"deployment/{fault}", severity, Fraction(right, 6))
    assert "hidden" not in found.message


def test_a_busy_machine_gives_no_verdict_on_requests() -> None:
    slow = Asked("api", "GET :80/", 0.2, 8)
    made = answer(seen(update=Deployment(asked=(slow,), written={"db": 1}, machine=Machine(late=2.0))))
    assert (made.status, made.share) == (Status.PASS, Fraction(5, 6))
    assert any("is not judged" in note for note in made.notes)


def test_an_address_that_the_head_does_not_have_is_a_change_and_no_outage() -> None:
    gone = Asked("api", "GET :80/old", 0.0, 10, ProbeFailure.STATUS, 404)
    made = answer(seen(update=Deployment(asked=(FINE, gone), written={"db": 1})))
    assert made.status is Status.PASS
    assert any("no longer answered (404)" in note for note in made.notes)


def test_a_store_that_does_not_answer_is_not_measured() -> None:
    made = answer(seen(update=Deployment(asked=(FINE,), written={"db": 1}, unread=("db",))))
    assert made.share == Fraction(5, 6)


def test_a_stack_that_is_not_steady_is_not_deployed_again() -> None:
    assert answer(UpgradeSeen(), "api does not answer").status is Status.SKIP


def test_every_fault_has_a_rule_of_the_same_severity() -> None:
    known = {rule.id: rule.severity for rule in upgrade_rules.rules()}
    assert known == {f"deployment/{fault}": severity for fault, severity in upgraded.SEVERITY.items()}
    assert set(upgraded.SEVERITY) == set(UpgradeFault)
