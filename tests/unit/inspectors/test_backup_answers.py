"""What a drill showed becomes one answer, and only the repository's own backup counts in full."""

from __future__ import annotations

from fractions import Fraction

import pytest

from seatrial.domain import Answer, Confidence, Finding, Location, Severity, Status
from seatrial.inspectors.trial.backup import BackupAnswer
from seatrial.lab.backup.seen import BackupSeen, Drilled, DrillFault

WELL = Drilled(
    service="db", program="pg_dump", tables=3, rows=41, size=2048, dumped=0.4, restored=3.2, moving=("public.visits",)
)
OWN = Drilled(service="db", program="`backup.sh`", own=True, tables=3)
UNKNOWN = Drilled(service="queue", unmeasured="there is no drill for rabbitmq by itself")


def finding(rule: str, service: str, text: str, severity: Severity) -> Finding:
    return Finding(
        rule=rule, severity=severity, confidence=Confidence.CONFIRMED, message=f"{service}: {text}",
        location=Location("compose.yaml", 1, 1), subject=service,
    )  # fmt: skip


def answer(*drilled: Drilled, **more: object) -> Answer:
    seen = BackupSeen(drilled=drilled, **more)  # type: ignore[arg-type]
    mask = lambda text: text.replace("hunter2", "****")  # noqa: E731
    return BackupAnswer(seen, {"db": Location("compose.yaml", 3, 1)}, mask, finding, "seed 1").answer()


@pytest.mark.parametrize(
    ("drilled", "status", "share"),
    [
        ((WELL,), Status.PASS, Fraction(1, 2)),
        ((OWN,), Status.PASS, Fraction(1)),
        ((OWN, UNKNOWN), Status.PASS, Fraction(1, 2)),
        ((WELL, UNKNOWN), Status.PASS, Fraction(1, 4)),
        ((UNKNOWN,), Status.SKIP, Fraction(1)),
        ((), Status.NA, Fraction(1)),
    ],
)
def test_what_was_not_drilled_lowers_the_share(drilled: tuple[Drilled, ...], status: Status, share: Fraction) -> None:
    made = answer(*drilled)
    assert (made.status, made.share) == (status, share)


def test_the_notes_say_what_was_done_and_what_would_measure_more() -> None:
    told, moving, more = answer(WELL).notes
    assert told.startswith("db: pg_dump dumped 2,048 bytes in 0.40 s; a fresh store had the same 3 tables with 41 rows")
    assert moving == "db: not compared, because they changed during the dump: public.visits"
    assert more.endswith("add `backups: [{service: db, dump: COMMAND, restore: COMMAND}]`")
    [unknown] = answer(UNKNOWN).notes
    assert "no drill for rabbitmq" in unknown
    assert "drill your own backup: `backups:" in unknown


@pytest.mark.parametrize("fault", DrillFault)
def test_each_fault_is_a_finding_without_secrets(fault: DrillFault) -> None:
    program = "`pg_dump postgres://shop:hunter2@db/shop`"
    made = answer(Drilled(service="db", own=True, program=program, fault=fault, text="password hunter2 is wrong"))
    [found] = made.findings
    assert (made.status, made.value, found.rule) == (Status.FAIL, Fraction(0), f"backup/{fault}")
    assert "hunter2" not in found.message


def test_a_drill_that_was_turned_off_is_a_skip_and_caches_are_named() -> None:
    assert answer(why_not="turned off by `backup_budget: 0`").status is Status.SKIP
    assert answer(forgets=("cache",)).notes == ("not drilled, because they are meant to forget: cache",)
