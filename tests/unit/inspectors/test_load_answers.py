"""What load showed, as answers: what was not carried out or not asked is never a pass."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from seatrial.domain import Answer, Finding, Status
from seatrial.domain.load import LoadResult, LoadRun
from seatrial.domain.work import WorkGroup
from seatrial.inspectors.trial import load
from seatrial.lab.load.judge import JudgedLoad
from seatrial.lab.load.radius import RadiusSeen
from seatrial.lab.load.seen import LoadSeen
from seatrial.lab.load.workers import WorkerEnd, WorkSeen
from seatrial.lab.model import Stack
from seatrial.lab.probes import Probe

PASSED = JudgedLoad(
    LoadRun(profile="first", executor="constant-vus", engine="Locust 2", result=LoadResult.PASSED,
            requests=("GET api:8080/",))
)  # fmt: skip


def answered(seen: LoadSeen) -> dict[str, Answer]:
    def answer(check: str, found: Iterable[Finding], **more: Any) -> Answer:
        del more
        return Answer.of_findings(check, list(found))

    def finding(*words: Any) -> Finding:
        raise AssertionError(words)

    return {one.check: one for one in load.answers(seen, "", Stack({}), finding, answer)}


def test_a_profile_that_was_not_carried_out_is_an_error_beside_one_that_passed() -> None:
    made = answered(LoadSeen(runs=(PASSED,), error="not steady before the load: api", unfinished=True))
    assert {made[check].status for check in ("load/latency", "load/errors", "load/memory")} == {Status.ERROR}
    assert made["load/latency"].reason == "not steady before the load: api"
    assert made["load/blast-radius"].status is Status.ERROR


def test_an_overload_that_failed_leaves_the_profiles_as_they_were() -> None:
    made = answered(LoadSeen(runs=(PASSED,), error="not steady before the overload: api"))
    assert made["load/latency"].status is Status.PASS
    assert made["load/blast-radius"].status is Status.ERROR


def test_an_overload_without_a_question_to_another_service_is_not_measured() -> None:
    made = answered(LoadSeen(runs=(PASSED,), radius=RadiusSeen("api", 100)))
    assert made["load/blast-radius"].status is Status.SKIP
    asked = RadiusSeen("api", 100, {Probe("store", "tcp", 1): 1.0})
    assert answered(LoadSeen(runs=(PASSED,), radius=asked))["load/blast-radius"].status is Status.PASS


def test_workers_are_judged_also_where_nothing_else_was() -> None:
    work = WorkSeen((WorkGroup("sales", 1),), 5.0, (WorkerEnd("sales", 1.0),), 1.0)
    made = answered(LoadSeen(absent="the stack has no entry point", work=work))["load/workers"]
    assert made.status is Status.PASS
    assert [(g.name, g.completed) for g in made.loads[0].groups] == [("sales", 1)]
    assert answered(LoadSeen(work_error="unknown service"))["load/workers"].status is Status.ERROR
    assert answered(LoadSeen(runs=(PASSED,)))["load/workers"].status is Status.NA


def test_a_busy_machine_does_not_starve_a_group() -> None:
    work = WorkSeen((WorkGroup("sales", 1),), 5.0, (WorkerEnd("sales", 0.0, "timeout", "api"),), 5.0, late=0.5)
    made = answered(LoadSeen(work=work))["load/workers"]
    assert (made.status, made.loads[0].result) == (Status.ERROR, LoadResult.ERROR)
