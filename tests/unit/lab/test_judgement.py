"""What samples and observations mean, without a clock and without an engine."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tried import result, sample

from seatrial.domain.measured import ExperimentResult, TrialRule
from seatrial.lab import judge
from seatrial.lab.calibration import Reach
from seatrial.lab.discover import Expect, Planned
from seatrial.lab.faults.base import End, Expectation
from seatrial.lab.machine import Machine
from seatrial.lab.measure import PERIOD, Measures, ProbeFailure, Sample, measure, stable_from
from seatrial.lab.model import Service, Stack
from seatrial.lab.netem import Conditions, Queue
from seatrial.lab.observation import Aftermath, Jobs, NotDone, Observation, Stall, Writes
from seatrial.lab.probes import Probe, failure_of
from seatrial.lab.voices import Trouble, Voice

API, READY = Probe("api", "http", 80, "/healthz"), Probe("api", "http", 80, "/readyz", ready=True)
STORE, OTHER = Probe("store", "redis", 6379), Probe("other", "tcp", 1)
STACK = Stack(
    {
        "api": Service(name="api", published=True, ports=(80,), depends={"store": "service_healthy"}),
        "store": Service(name="store", image="redis"),
        "other": Service(name="other"),
    }
)
FINE = Measures(100, 1.0, 0.0, 0.0, None, 0.1, None, 0.01)


def samples(*runs: tuple[float, float, str]) -> list[Sample]:
    """From, until, kind: one sample every 50 ms."""
    return [sample(a + n * PERIOD, 0.01, kind) for a, b, kind in runs for n in range(round((b - a) / PERIOD))]


def test_an_outage_is_measured() -> None:
    every = samples((0, 1, "ok"), (1, 3, "timeout"), (3, 4, "http503"), (4, 8, "ok"))
    made = measure(every, injected=1, window=(1, 5), healed=3.5)
    assert made.success == pytest.approx(0.25)
    assert made.unavailable == pytest.approx(3)
    assert made.longest == pytest.approx(3)
    assert made.detect == pytest.approx(0.01)
    assert made.recovery == pytest.approx(0.5)
    assert made.fail_fast == pytest.approx(1 / 3)


def test_a_few_good_answers_are_no_recovery() -> None:
    every = samples((0, 0.4, "ok"), (0.4, 0.5, "refused"), (0.5, 1.2, "ok"), (1.2, 1.3, "refused"), (1.3, 3, "ok"))
    assert stable_from(every, 0) == pytest.approx(1.3)
    assert stable_from(samples((0, 0.9, "ok")), 0) is None
    assert stable_from([], 0) is None


def test_a_slow_probe_needs_fewer_samples_but_the_same_time() -> None:
    slow = [sample(n * 0.5, 0.01, "ok") for n in range(3)]
    assert stable_from(slow, 0, 0.5) == 0
    assert stable_from(slow[:2], 0, 0.5) is None
    question = Probe("api", "http", 80, "/items", ready=True, question=True)
    assert stable_from(slow, 0, question.period, question.lasting) is None  # one of two workers may be broken


def test_what_was_served_before_a_service_was_gone_is_no_recovery() -> None:
    """An orderly restart is begun at 0 and done at 5; the connection of who never connects anew is cut at 4."""
    lost = samples((0, 4, "ok"), (4, 20, "http500"))
    assert measure(lost, injected=0, window=(0, 10), healed=0).recovery == 0
    assert measure(lost, injected=0, window=(0, 10), healed=0, over=5).recovery is None
    never_away = samples((0, 20, "ok"))
    assert measure(never_away, injected=0, window=(0, 10), healed=0, over=5).recovery == 0
    back = samples((0, 4, "ok"), (4, 6, "http500"), (6, 20, "ok"))
    assert measure(back, injected=0, window=(0, 10), healed=0, over=5).recovery == pytest.approx(6)
    soon = samples((0, 1, "ok"), (1, 2, "http500"), (2, 20, "ok"))
    assert measure(soon, injected=0, window=(0, 10), healed=0, over=5).recovery == pytest.approx(2)


@given(st.lists(st.sampled_from(["ok", "timeout", "refused"]), max_size=200), st.integers(0, 200), st.integers(0, 200))
def test_measures_are_consistent(kinds: list[str], start: int, end: int) -> None:
    every = [sample(n * PERIOD, 0.01, kind) for n, kind in enumerate(kinds)]
    made = measure(reversed(every), injected=0, window=(start * PERIOD, end * PERIOD), healed=0)
    assert made.longest <= made.unavailable + 1e-9
    assert made.samples <= len(kinds)
    if made.success is not None:
        assert made.unavailable == pytest.approx((1 - made.success) * made.samples * PERIOD)


def seen(kind: Expectation = Expectation.OUTAGE, target: str = "store", **changes: Any) -> Observation:
    measures = {API: FINE, READY: FINE, STORE: FINE, OTHER: FINE} | changes.pop("measures", {})
    made = Observation(
        planned=Planned("partition", target), kind=kind, parameters={}, evidence="seen", measures=measures,
        baseline={}, healthy=1.0,
    )  # fmt: skip
    return replace(made, **changes)


def rules(one: Observation) -> dict[TrialRule, bool]:
    """TrialRule and whether it is a warning only."""
    return {c.rule: c.warning for c in judge.judge(one, STACK).complaints}


def test_nothing_wrong() -> None:
    assert judge.judge(seen(), STACK).result is ExperimentResult.PASSED


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (seen(measures={API: replace(FINE, recovery=None)}), {TrialRule.RECOVERY: False}),
        (seen(measures={API: replace(FINE, recovery=31)}), {TrialRule.RECOVERY: False}),
        (seen(measures={READY: replace(FINE, recovery=None)}), {TrialRule.RECOVERY: False}),
        (seen(measures={API: replace(FINE, recovery=11)}), {TrialRule.RECOVERY: True}),
        (seen(measures={STORE: replace(FINE, success=0.0, recovery=20)}), {}),
        (seen(healthy=None, unhealthy=(("api", "is unhealthy"),)), {TrialRule.RECOVERY: False}),
        (seen(measures={API: replace(FINE, success=0.69)}), {TrialRule.AVAILABILITY: False}),
        (seen(measures={READY: replace(FINE, success=0.0, fail_fast=1.0)}), {}),
        (seen(measures={READY: replace(FINE, success=0.0, fail_fast=0.0)}), {TrialRule.HANGS: False}),
        (seen(measures={READY: replace(FINE, samples=20, success=0.8, fail_fast=0.0)}), {}),
        (seen(target="api", measures={API: replace(FINE, success=0.0)}), {}),
        (seen(Expectation.INSTANT, measures={API: replace(FINE, unavailable=3.1)}), {TrialRule.AVAILABILITY: False}),
        (seen(Expectation.INSTANT, measures={API: replace(FINE, unavailable=2.9, success=0.5)}), {}),
        (seen(Expectation.DEGRADE, measures={READY: replace(FINE, success=0.6)}), {TrialRule.AVAILABILITY: False}),
        (seen(measures={OTHER: replace(FINE, success=0.94)}), {TrialRule.BLAST_RADIUS: False}),
        (seen(Expectation.DEGRADE, measures={OTHER: replace(FINE, success=0.94)}), {}),
        (seen(deaths={"api": 1}), {TrialRule.DEPENDENT_DIED: True}),
        (seen(Expectation.DEGRADE, deaths={"api": 1}), {TrialRule.DEPENDENT_DIED: False}),
        (seen(deaths={"other": 3}), {TrialRule.RESTART_LOOP: False}),
        (seen(Expectation.DEGRADE, deaths={"store": 1}), {TrialRule.AVAILABILITY: False}),
        (
            seen(
                planned=Planned("partition", "store", expect=Expect(success=0.9)),
                measures={API: replace(FINE, success=0.8)},
            ),
            {TrialRule.AVAILABILITY: False},
        ),
        (seen(killed=("api",)), {TrialRule.OUT_OF_MEMORY: False}),
        (seen(killed=("store",), ends=End.KILLED), {TrialRule.OUT_OF_MEMORY: False}),
        (seen(killed=("store",), ends=End.OUT_OF_MEMORY), {}),
        (seen(Expectation.DEGRADE, killed=("store",), ends=End.FILLED), {}),
        (seen(Expectation.DEGRADE, deaths={"store": 1}, ends=End.FILLED), {TrialRule.AVAILABILITY: False}),
        (seen(killed=("api",), ends=End.OUT_OF_MEMORY), {TrialRule.OUT_OF_MEMORY: False}),
        (seen(writes=Writes(100, 1)), {TrialRule.DATA_LOSS: False}),
        (seen(writes=Writes(100, 0)), {}),
    ],
)
def test_each_rule(one: Observation, expected: dict[TrialRule, bool]) -> None:
    assert rules(one) == expected


def test_a_cache_may_lose_what_it_acknowledged() -> None:
    forgetful = Service(name="store", image="redis", command='redis-server --save "" --appendonly no')
    judged = judge.judge(seen(writes=Writes(100, 7)), replace(STACK, services={**STACK.services, "store": forgetful}))
    [complaint] = judged.complaints
    assert (complaint.rule, complaint.warning) == (TrialRule.DATA_LOSS, True)
    assert judged.result is ExperimentResult.DEGRADED


def test_results() -> None:
    bad, good = seen(Expectation.DEGRADE, writes=Writes(9, 1)), seen(Expectation.DEGRADE)
    assert judge.judge(bad, STACK).result is ExperimentResult.FAILED
    assert judge.judge(bad, STACK, good).result is ExperimentResult.FLAKY
    assert judge.judge(bad, STACK, bad).result is ExperimentResult.FAILED
    assert judge.judge(seen(deaths={"api": 1}), STACK).result is ExperimentResult.DEGRADED
    assert judge.judge(NotDone(Planned("a", "b"), "why"), STACK).result is ExperimentResult.SKIPPED
    assert judge.judge(NotDone(Planned("a", "b"), "why", error=True), STACK).result is ExperimentResult.ERROR


def test_a_result_is_of_its_experiment_and_says_why() -> None:
    bad, good = seen(Expectation.DEGRADE, writes=Writes(9, 1)), seen(Expectation.DEGRADE)
    lost = judge.BrokenRule(TrialRule.DATA_LOSS, "store", "1 of 9 acknowledged writes were lost")
    assert judge.judge(good, STACK) == judge.JudgedExperiment(good, ExperimentResult.PASSED)
    assert judge.judge(bad, STACK) == judge.JudgedExperiment(bad, ExperimentResult.FAILED, (lost,))
    reason = "failed, and passed when repeated"
    assert judge.judge(bad, STACK, good) == judge.JudgedExperiment(bad, ExperimentResult.FLAKY, (lost,), reason)
    slow = seen(deaths={"api": 1})
    assert judge.judge(bad, STACK, slow).result is ExperimentResult.FLAKY
    assert judge.judge(slow, STACK).experiment is slow
    skipped = NotDone(Planned("a", "b"), "why")
    assert judge.judge(skipped, STACK) == judge.JudgedExperiment(skipped, ExperimentResult.SKIPPED, reason="why")


MOVED = "perhaps it still asks the address that store had before"
OLD = "api keeps the address of store"
AWAY = "its liveness fails while store is away: 69 % of the answers were good, 70 % are asked for"
ASKED = Planned("partition", "store", expect=Expect(success=0.9, recovery=5.0))
TEXTS: dict[str, tuple[Observation, tuple[str, str, str]]] = {
    "no answer": (
        seen(measures={API: replace(FINE, recovery=None)}),
        ("api", "does not answer again within 30.0 s", ""),
    ),
    "not ready": (
        seen(measures={READY: replace(FINE, recovery=30.1)}),
        ("api", "is not ready again within 30.0 s", ""),
    ),
    "slow": (seen(measures={API: replace(FINE, recovery=12.0)}), ("api", "recovery 12.0 s > 10.0 s", "")),
    "another address": (
        seen(moved=True, measures={API: replace(FINE, recovery=None)}),
        ("api", f"does not answer again within 30.0 s: {MOVED}", OLD),
    ),
    "its own address": (
        seen(target="api", moved=True, measures={API: replace(FINE, recovery=None)}),
        ("api", "does not answer again within 30.0 s", ""),
    ),
    "asked to be faster": (
        seen(planned=ASKED, measures={API: replace(FINE, recovery=6.0)}),
        ("api", "does not answer again within 5.00 s", ""),
    ),
    "not up": (seen(healthy=None), ("store", "is not up again, 60.0 s after the fault was over", "")),
    "another is not up": (
        seen(healthy=None, unhealthy=(("api", "is unhealthy"),)),
        ("api", "is unhealthy, 60.0 s after the fault was over", ""),
    ),
    "another is dead": (
        seen(healthy=None, unhealthy=(("api", "ended with exit code 1"),), dead=True),
        ("api", "ended with exit code 1, and nothing starts it again", ""),
    ),
    "away": (
        seen(Expectation.INSTANT, measures={API: replace(FINE, unavailable=4.0)}),
        ("api", "unavailable for 4.00 s > 3.00 s", ""),
    ),
    "hanging": (
        seen(measures={READY: replace(FINE, success=0.94, fail_fast=0.49)}),
        ("api", "hangs while store is away: 3 of 100 questions had no answer within 3.00 s", ""),
    ),
    "less than asked": (
        seen(planned=ASKED, measures={READY: replace(FINE, success=0.89, fail_fast=1.0)}),
        ("api", "89 % of the answers were good, 90 % are asked for", ""),
    ),
    "degraded": (
        seen(Expectation.DEGRADE, measures={API: replace(FINE, success=0.69)}),
        ("api", "69 % of the answers were good, 70 % are asked for", ""),
    ),
    "liveness": (seen(measures={API: replace(FINE, success=0.69)}), ("api", AWAY, "")),
    "a bystander": (
        seen(measures={OTHER: replace(FINE, success=0.94)}),
        ("other", "does not need it, and suffers: 94 % of the answers were good, 95 % are asked for", ""),
    ),
    "a bystander of a degradation": (
        seen(Expectation.DEGRADE, measures={OTHER: replace(FINE, success=0.89)}),
        ("other", "does not need it, and suffers: 89 % of the answers were good, 90 % are asked for", ""),
    ),
    "a loop": (seen(deaths={"api": 3}), ("api", "died 3 times", "")),
    "a dependent": (seen(deaths={"api": 2}), ("api", "died when what it needs was disturbed", "")),
    "itself": (seen(Expectation.DEGRADE, deaths={"store": 1}), ("store", "died of a degradation", "")),
    "memory": (seen(killed=("api",)), ("api", "was killed because it was out of memory", "")),
}


@pytest.mark.parametrize(("one", "complaint"), TEXTS.values(), ids=TEXTS)
def test_a_complaint_names_the_service_and_the_figures(one: Observation, complaint: tuple[str, str, str]) -> None:
    assert [(c.service, c.text, c.cause) for c in judge.judge(one, STACK).complaints] == [complaint]


@pytest.mark.parametrize(
    "one",
    [
        seen(measures={API: replace(FINE, recovery=10.0)}),
        seen(planned=ASKED, measures={API: replace(FINE, recovery=5.0)}),
        seen(planned=replace(ASKED, expect=Expect(recovery=40.0)), measures={OTHER: replace(FINE, recovery=None)}),
        seen(planned=replace(ASKED, expect=Expect(success=0.5)), measures={API: replace(FINE, success=0.5)}),
        seen(Expectation.DEGRADE, measures={API: replace(FINE, success=0.70)}),
        seen(Expectation.DEGRADE, measures={OTHER: replace(FINE, success=0.90)}),
        seen(measures={OTHER: replace(FINE, success=0.95)}),
        seen(measures={OTHER: replace(FINE, success=None)}),
        seen(Expectation.INSTANT, measures={API: replace(FINE, unavailable=3.0)}),
        seen(Expectation.INSTANT, measures={READY: replace(FINE, unavailable=9.0)}),
        seen(measures={READY: replace(FINE, success=0.95, fail_fast=0.0)}),
        seen(measures={READY: replace(FINE, success=0.94, fail_fast=0.5)}),
        seen(measures={READY: replace(FINE, success=0.94, fail_fast=None)}),
        seen(measures={READY: replace(FINE, success=None, fail_fast=0.0)}),
        seen(killed=("store",), ends=End.OUT_OF_MEMORY),
        seen(deaths={"store": 1}),
        seen(deaths={"other": 1}),
        seen(Expectation.DEGRADE, deaths={"other": 2}),
        seen(target="api", deaths={"store": 2}),
    ],
)
def test_the_bounds_themselves_and_what_is_expected_are_no_complaint(one: Observation) -> None:
    assert judge.judge(one, STACK).complaints == ()


def test_an_outage_that_lasts_is_complained_of_once() -> None:
    one = seen(Expectation.INSTANT, measures={API: replace(FINE, unavailable=9.0, recovery=None)})
    assert rules(one) == {TrialRule.RECOVERY: False}


def test_exactly_thirty_seconds_are_slow_and_not_a_failure() -> None:
    assert rules(seen(measures={API: replace(FINE, recovery=30.0)})) == {TrialRule.RECOVERY: True}


def test_a_patient_repository_is_warned_all_the_same() -> None:
    patient = replace(ASKED, expect=Expect(recovery=40.0))
    assert rules(seen(planned=patient, measures={API: replace(FINE, recovery=35.0)})) == {TrialRule.RECOVERY: True}


def test_what_we_killed_ourselves_hides_no_other_death() -> None:
    one = seen(killed=("store", "api", "other"), ends=End.OUT_OF_MEMORY)
    assert [c.service for c in judge.judge(one, STACK).complaints] == ["api", "other"]
    assert [c.service for c in judge.judge(seen(killed=("store",)), STACK).complaints] == ["store"]


@pytest.mark.parametrize(
    ("kind", "rules", "expected"),
    [
        (Expectation.OUTAGE, {TrialRule.AVAILABILITY}, True),
        (Expectation.INSTANT, {TrialRule.AVAILABILITY, TrialRule.BLAST_RADIUS}, True),
        (Expectation.DEGRADE, {TrialRule.AVAILABILITY}, False),
        (Expectation.OUTAGE, {TrialRule.AVAILABILITY, TrialRule.RECOVERY}, False),
        (Expectation.OUTAGE, {TrialRule.DATA_LOSS}, False),
        (Expectation.OUTAGE, set(), False),
    ],
)
def test_noise_is_what_lasts_for_seconds_only(kind: Expectation, rules: set[TrialRule], expected: bool) -> None:
    warning = judge.BrokenRule(TrialRule.DEPENDENT_DIED, "api", "x", warning=True)
    complaints = (warning, *(judge.BrokenRule(rule, "api", "x") for rule in rules))
    assert judge.is_noise(seen(kind), complaints) is expected


def test_what_fails_without_a_fault_too_is_subtracted() -> None:
    half = seen(Expectation.DEGRADE, measures={API: replace(FINE, success=0.65), OTHER: replace(FINE, success=0.8)})
    assert rules(half) == {TrialRule.AVAILABILITY: False, TrialRule.BLAST_RADIUS: False}
    assert rules(replace(half, control={API: 0.95, OTHER: 0.9})) == {}
    assert rules(replace(half, control={API: 0.97, OTHER: 0.9})) == {TrialRule.AVAILABILITY: False}


def test_where_the_same_questions_fail_without_a_fault_nothing_was_learned() -> None:
    one = seen(measures={READY: replace(FINE, success=0.0, fail_fast=0.0)}, control={READY: 0.6})
    judged = judge.judge(one, STACK)
    assert judged.result is ExperimentResult.ERROR
    assert judged.reason == (
        "api does not answer GET :80/readyz without a fault either: 60 % of the answers were good, 70 % are asked for"
    )
    lost = replace(one, writes=Writes(100, 1), control={STORE: 0.0})  # lost writes are no matter of answers
    assert judge.judge(lost, STACK).result is ExperimentResult.FAILED


def test_a_cause_is_named_where_it_was_seen() -> None:
    one = seen(measures={API: replace(FINE, success=0.5)})
    share = "50 % of the answers were good, 70 % are asked for"
    assert judge.judge(one, STACK).complaints[0].text == f"its liveness fails while store is away: {share}"
    seen_before = replace(one, depending=frozenset({API}))
    assert judge.judge(seen_before, STACK).complaints[0].text == f"its liveness depends on another service: {share}"


def test_a_machine_that_is_busy_both_times_judges_nothing() -> None:
    away = seen(measures={API: replace(FINE, success=0.5)})
    busy, lossy = replace(away, machine=Machine(0.3, 0.2)), seen(writes=Writes(9, 1), machine=Machine(0.3, 0.2))
    judged = judge.judge(busy, STACK, busy)
    assert judged == judge.JudgedExperiment(
        busy, ExperimentResult.ERROR, reason=f"the machine is too busy to judge: {Machine(0.3, 0.2)}"
    )
    for one, again in ((busy, away), (away, busy), (lossy, lossy)):
        assert judge.judge(one, STACK, again).result is ExperimentResult.FAILED
    slow = replace(seen(deaths={"api": 1}), machine=Machine(0.3, 0.2))
    assert judge.judge(busy, STACK, slow) == judge.judge(slow, STACK)
    assert judge.judge(lossy, STACK, seen()).result is ExperimentResult.FLAKY


@pytest.mark.parametrize(
    ("machine", "unavailable", "complaint"),
    [
        (Machine(), 3.01, "unavailable for 3.01 s > 3.00 s"),
        (Machine(0.2, 0.5), 4.7, ""),
        (Machine(0.2, 0.5), 4.8, "unavailable for 4.80 s > 4.70 s"),
    ],
)
def test_seconds_away_have_a_bound_that_widens_with_the_machines_load(
    machine: Machine, unavailable: float, complaint: str
) -> None:
    one = seen(Expectation.INSTANT, measures={API: replace(FINE, unavailable=unavailable)}, machine=machine)
    assert [c.text for c in judge.judge(one, STACK).complaints] == ([complaint] if complaint else [])


def test_recovered_is_everything_up_and_every_entry_answering() -> None:
    assert judge.recovered(seen(), STACK)
    assert not judge.recovered(seen(healthy=None), STACK)
    assert not judge.recovered(seen(measures={READY: replace(FINE, recovery=None)}), STACK)
    assert judge.recovered(seen(measures={STORE: replace(FINE, recovery=None)}), STACK)


def test_the_blast_radius_is_who_suffers_without_need() -> None:
    hurt = {name: replace(FINE, success=0.5) for name in (API, STORE, OTHER)}
    assert judge.blast_radius(seen(measures=hurt), STACK) == ("other",)
    assert judge.blast_radius(seen(target="api", measures=hurt), STACK) == ("other", "store")
    assert judge.blast_radius(seen(target="other", deaths={"store": 1, "other": 2}), STACK) == ("store",)
    assert judge.blast_radius(seen(measures={OTHER: replace(FINE, success=0.95)}), STACK) == ()
    assert judge.blast_radius(seen(measures={OTHER: replace(FINE, success=None)}), STACK) == ()


@pytest.mark.parametrize(
    ("path", "liveness"),
    [("/healthz", True), ("/live", True), ("/ping", True), ("/readyz", False), ("/health/ready", False), ("/", False)],
)
def test_liveness_by_name(path: str, liveness: bool) -> None:
    assert judge.is_liveness(Probe("a", "http", 80, path)) is liveness


def test_failures_in_a_word() -> None:
    assert failure_of(TimeoutError()) is ProbeFailure.TIMEOUT
    assert failure_of(ConnectionRefusedError()) is ProbeFailure.REFUSED
    assert failure_of(ConnectionResetError()) is ProbeFailure.RESET
    assert failure_of(EOFError()) is ProbeFailure.CLOSED
    assert failure_of(OSError(113, "no route")) is ProbeFailure.UNREACHABLE
    assert failure_of(OSError(5, "other")) is ProbeFailure.BROKEN
    assert failure_of(ValueError()) is ProbeFailure.GARBAGE


@pytest.mark.parametrize(
    ("word", "shown", "answered"),
    [
        ("http503", "HTTP 503", True),
        ("reset", "reset", True),
        ("timeout", "timeout", False),
        ("failed", "failed", False),
    ],
)
def test_a_failure_has_a_word_and_is_an_answer_or_a_time_out(word: str, shown: str, answered: bool) -> None:
    made = result(word)
    assert str(made) == shown
    assert made.failure is not None
    assert made.failure.answered is answered


def test_the_emulator_delays_loses_and_throttles() -> None:
    import random

    late = Queue(Conditions(delay=0.2), random.Random(1))
    late.put(b"x" * 100, 10.0)
    assert late.due(10.19) == []
    assert late.due(10.2) == [b"x" * 100]
    lossy = Queue(Conditions(loss=0.3), random.Random(1))
    for _ in range(2000):
        lossy.put(b"x", 0.0)
    assert 500 < lossy.lost < 700
    again = Queue(Conditions(loss=0.3), random.Random(1))
    for _ in range(2000):
        again.put(b"x", 0.0)
    assert again.lost == lossy.lost  # the same seed, the same dice
    narrow = Queue(Conditions(rate=8000.0), random.Random(1))
    for _ in range(5):
        narrow.put(b"x" * 1000, 0.0)
    assert len(narrow.due(3.0)) == 3  # a thousand bytes a second


def test_a_log_full_of_errors_is_no_recovery() -> None:
    loud = Trouble("api", Voice(6, 12, 0), Voice(3, 45, 42))
    one = seen(after=Aftermath((loud,)))
    [complaint] = judge.judge(one, STACK).complaints
    assert complaint.rule is TrialRule.RECOVERY
    assert complaint.text == "still 14 errors a second in its log, 30.0 s after the fault"
    assert not judge.recovered(one, STACK)


def test_a_worker_that_falls_silent_has_not_recovered() -> None:
    silent = Trouble("api", Voice(6, 12, 0), Voice(5, 0, 0), listened=True)
    assert silent.silent
    assert not replace(silent, listened=False).silent
    [complaint] = judge.judge(seen(after=Aftermath((silent,))), STACK).complaints
    assert "prints nothing any more" in complaint.text


def test_a_worker_that_does_not_work_again_is_told_once() -> None:
    stalled = Aftermath(stalls=(Stall("other", "waits for no job at store any more"),))
    [complaint] = judge.judge(seen(after=stalled), STACK).complaints
    assert (complaint.rule, complaint.service) == (TrialRule.RECOVERY, "other")
    assert complaint.text == "waits for no job at store any more, 30.0 s after the fault"
    assert not judge.recovered(seen(after=stalled), STACK)
    down = seen(after=stalled, healthy=None, unhealthy=(("other", "ended with 1"),))
    assert len(judge.judge(down, STACK).complaints) == 1


def test_who_connected_before_may_take_longer_than_who_crashed() -> None:
    late = {API: replace(FINE, recovery=45)}
    assert not judge.failed(judge.judge(seen(ends=End.ORDERED, measures=late), STACK).complaints)
    assert judge.failed(judge.judge(seen(Expectation.INSTANT, ends=End.KILLED, measures=late), STACK).complaints)
    assert judge.failed(judge.judge(seen(Expectation.INSTANT, ends=End.ORDERED, measures=late), STACK).complaints)
    assert judge.failed(
        judge.judge(seen(ends=End.ORDERED, measures={API: replace(FINE, recovery=61)}), STACK).complaints
    )


def test_a_question_is_judged_whoever_is_an_entry_point() -> None:
    question = Probe("other", "http", 80, "/items", ready=True, question=True)
    for_ever = seen(measures={question: replace(FINE, recovery=None)})
    [complaint] = judge.judge(for_ever, STACK).complaints
    assert (complaint.rule, complaint.service) == (TrialRule.RECOVERY, "other")
    assert not judge.recovered(for_ever, STACK)


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (seen(jobs={"other": Jobs(20, 20, 20)}), None),
        (seen(jobs={"other": Jobs(20, 20, 19)}), TrialRule.RECOVERY),
        (seen(jobs={"other": Jobs(20, 2, 2)}), None),
        (seen(Expectation.INSTANT, jobs={"other": Jobs(20, 2, 2)}), None),
        (seen(Expectation.INSTANT, "other", jobs={"other": Jobs(20, 13, 13)}), TrialRule.AVAILABILITY),
        (seen(Expectation.DEGRADE, jobs={"other": Jobs(20, 13, 13)}), TrialRule.AVAILABILITY),
        (seen(Expectation.DEGRADE, jobs={"other": Jobs(20, 14, 14)}), None),
    ],
    ids=["all", "one is not done", "refused while away", "refused by what restarts", "few", "few in trouble", "enough"],
)
def test_jobs_are_operations(one: Observation, expected: TrialRule | None) -> None:
    assert [c.rule for c in judge.judge(one, STACK).complaints] == ([expected] if expected else [])


def test_operations_of_what_is_replaced_have_to_succeed_and_those_of_others_may_be_refused() -> None:
    question = Probe("api", "http", 80, "/items", ready=True, question=True)
    few = {question: replace(FINE, success=0.6, fail_fast=1.0)}
    assert rules(seen(Expectation.INSTANT, "api", measures=few)) == {TrialRule.AVAILABILITY: False}
    assert rules(seen(Expectation.INSTANT, "store", measures=few)) == {}


def test_who_is_not_asked_any_more_has_nothing_to_print() -> None:
    """The silence of a store behind a proxy that never asks it again is the proxy's doing; its errors are its own."""
    silent = Trouble("store", Voice(6, 12, 0), Voice(5, 0, 0), listened=True)
    loud = Trouble("store", Voice(6, 12, 0), Voice(3, 45, 42), listened=True)
    lost = {API: replace(FINE, recovery=None)}
    blamed = [
        [c.service for c in judge.judge(seen(measures=m, after=Aftermath(troubles=(t,))), STACK).complaints]
        for m, t in (({}, silent), (lost, silent), (lost, loud))
    ]
    assert blamed == [["store"], ["api"], ["api", "store"]]


def test_who_did_jobs_was_measured() -> None:
    nobody = Reach({"store": frozenset()}, {})
    assert judge.unproven(seen(after=Aftermath(worked=frozenset({"api"}))), STACK, nobody, ()) == ()
    assert judge.unproven(seen(jobs={"api": Jobs(3, 3, 3)}), STACK, nobody, ()) == ()


def test_what_no_question_depends_on_is_not_measured() -> None:
    one = seen()
    nobody = Reach({"store": frozenset()}, {})
    assert judge.unproven(one, STACK, nobody, ()) == STACK.neighbours("store")
    assert judge.unproven(one, STACK, Reach({"store": frozenset({API})}, {}), ()) == ()
    assert judge.unproven(one, STACK, nobody, STACK.neighbours("store")) == ()
    failing = seen(measures={API: replace(FINE, recovery=None)})
    assert judge.unproven(failing, STACK, nobody, ()) == ()


def test_what_a_busy_machine_does_is_noise() -> None:
    away = seen(kind=Expectation.INSTANT, measures={API: replace(FINE, unavailable=4.0)})
    assert judge.is_noise(away, judge.judge(away, STACK).complaints)
    assert judge.judge(away, STACK, seen(kind=Expectation.INSTANT)).result is ExperimentResult.PASSED
    assert judge.judge(away, STACK, away).result is ExperimentResult.FAILED
    busy = replace(away, machine=Machine(0.3, 0.2))
    judged = judge.judge(busy, STACK, busy)
    assert judged.result is ExperimentResult.ERROR
    assert judged.reason.startswith("the machine is too busy to judge: samples began 0.30 s late")
    lossy = replace(busy, writes=Writes(10, 1))
    assert judge.judge(busy, STACK, lossy).result is ExperimentResult.FAILED  # a busy machine loses no writes
    gone = seen(kind=Expectation.INSTANT, measures={API: replace(FINE, recovery=None)})
    assert not judge.is_noise(gone, judge.judge(gone, STACK).complaints)


def test_a_page_is_judged_as_an_operation_and_not_by_the_time_out_of_a_liveness_probe() -> None:
    page, same = Probe("api", "http", 80, "/"), Probe("api", "http", 80, "/", ready=True, question=True)
    slow, patient = replace(FINE, success=0.5), replace(FINE, success=0.9)
    assert failing(seen(Expectation.DEGRADE, measures={page: slow})) == [TrialRule.AVAILABILITY]
    assert failing(seen(Expectation.DEGRADE, measures={page: slow, same: patient})) == []
    assert failing(seen(Expectation.DEGRADE, measures={page: slow, same: slow})) == [TrialRule.AVAILABILITY]


def test_an_endpoint_of_dependencies_may_fail_with_them_whatever_its_path_is() -> None:
    """`/health/dependencies` has a liveness probe's words in its path, and says how the dependencies are."""
    for asked in (
        Probe("api", "http", 80, "/health/dependencies", ready=True, question=True),
        Probe("api", "http", 80, "/health/status", ready=True),
    ):
        away = replace(FINE, success=0.0)
        assert failing(seen(measures={asked: away})) == []
        assert failing(seen(measures={replace(asked, ready=False, question=False): away})) == [TrialRule.AVAILABILITY]


def failing(one: Observation) -> list[TrialRule]:
    return [c.rule for c in judge.judge(one, STACK).complaints if not c.warning]
