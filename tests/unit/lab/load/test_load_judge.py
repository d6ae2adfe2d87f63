"""What load means: bounds, blame, the knee, leaks, and a generator that measured itself."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from seatrial.domain.load import LoadResult, LoadRule, ServiceUsage, UsageMoment
from seatrial.domain.load_profile import Executor, LoadProfile, LoadRequest, plateaus
from seatrial.domain.thresholds import DEFAULTS
from seatrial.lab.load import radius
from seatrial.lab.load.histogram import Histogram
from seatrial.lab.load.judge import CPU, LAG, Incidents, JudgedLoad, judge
from seatrial.lab.load.radius import RadiusSeen
from seatrial.lab.load.sidecar import Generated
from seatrial.lab.load.tally import LoadSlice, LoadTally
from seatrial.lab.measure import ProbeFailure, Sample, TryResult
from seatrial.lab.model import Service, Stack
from seatrial.lab.probes import Probe

MIB = 2**20
STACK = Stack(
    {
        "api": Service(name="api", depends={"store": "service_healthy"}),
        "web": Service(name="web", depends={"api": "service_started"}),
        "store": Service(name="store", image="redis:8"),
        "worker": Service(name="worker", depends={"store": "service_healthy"}),
    }
)
PROFILE = LoadProfile(
    name="default", executor=Executor.RAMPING_VUS, stages=plateaus((10, 50, 100), 60.0),
    requests=(LoadRequest("api", 80), LoadRequest("web", 80)), thresholds=DEFAULTS, in_turn=True,
)  # fmt: skip
TARGETS = (10, 50, 100)


def tally(seconds: float, requests: int = 200, failed: int = 0, kind: str = "http503") -> LoadTally:
    made = LoadTally()
    for number in range(requests):
        made.add(seconds, kind if number < failed else "")
    return made


def generated(*steps: dict[str, LoadTally], cpu: float = 0.1, lag: float = 0.001, gap: float = 0.1) -> Generated:
    late = Histogram()
    late.add(lag)
    slices = (
        LoadSlice(20.0 * n, 2 * n + 1, 20.0, TARGETS[n], gap, cpu, late, dict(services))
        for n, services in enumerate(steps)
    )
    return Generated("Locust 2.47.0", tuple(slices))


def verdict(made: Generated, usage: tuple[ServiceUsage, ...] = (), incidents: Incidents | None = None) -> JudgedLoad:
    return judge(PROFILE, made, usage, STACK, incidents or Incidents())


FAST = {"api": tally(0.02), "web": tally(0.03)}


def test_fast_answers_pass() -> None:
    judged = verdict(generated(FAST, FAST, FAST))
    assert (judged.run.result, judged.complaints, judged.run.knee) == (LoadResult.PASSED, (), None)
    assert [bound.holds for bound in judged.run.bounds] == [True] * 3
    assert [step.target for step in judged.run.steps] == list(TARGETS)
    assert [step.numbers.requests for step in judged.run.steps] == [400] * 3
    assert judged.run.steps[0].numbers.throughput == 20.0


def test_the_slow_service_is_named_and_the_level_from_which_on() -> None:
    slow = FAST | {"api": tally(2.0)}
    judged = verdict(generated(FAST, slow, slow))
    assert judged.run.result is LoadResult.FAILED
    assert {(c.rule, c.service) for c in judged.complaints} == {(LoadRule.LATENCY, "api")}
    assert all("first at 50 users" in c.text for c in judged.complaints)
    assert judged.run.knee == 50


def test_failures_are_counted_by_kind() -> None:
    failing = FAST | {"web": tally(0.02, failed=30, kind="refused")}
    [complaint] = verdict(generated(FAST, FAST, failing)).complaints
    assert (complaint.rule, complaint.service) == (LoadRule.ERRORS, "web")
    assert "5.00 % (refused 30), first at 100 users" in complaint.text


@pytest.mark.parametrize(
    ("cpu", "lag", "seconds", "result"),
    [
        (CPU + 0.01, 0.0, 0.02, LoadResult.ERROR),
        (CPU + 0.01, 0.0, 2.0, LoadResult.ERROR),
        (CPU, LAG * 1.02, 2.0, LoadResult.ERROR),
        (CPU, LAG * 1.02, 0.02, LoadResult.PASSED),
        (CPU, LAG, 2.0, LoadResult.FAILED),
    ],
)
def test_a_generator_that_is_too_busy_finds_nothing(cpu: float, lag: float, seconds: float, result: LoadResult) -> None:
    """Late timers make durations longer: what is fast enough all the same is fast enough."""
    slow = {"api": tally(seconds)}
    judged = verdict(generated(slow, slow, slow, cpu=cpu, lag=lag))
    assert judged.run.result is result
    assert judged.run.reason.startswith("generator saturated") is (result is LoadResult.ERROR)
    assert bool(judged.complaints) is (result is LoadResult.FAILED)


def test_without_a_request_nothing_is_known() -> None:
    judged = verdict(generated({}, {}, {}))
    assert (judged.run.result, judged.run.reason) == (LoadResult.ERROR, "no request was completed")


def test_a_rate_limit_for_one_client_says_nothing_of_many() -> None:
    limited = {"api": tally(0.02, failed=100, kind="http429")}
    judged = verdict(generated(FAST, limited, limited))
    assert (judged.run.result, judged.complaints) == (LoadResult.SKIPPED, ())
    declared = replace(PROFILE, in_turn=False)
    assert judge(declared, generated(FAST, limited, limited), (), STACK, Incidents()).run.result is LoadResult.FAILED


def usage(service: str, per_second: float, *, limit: int = 128 * MIB, noise: float = 0.0) -> ServiceUsage:
    moments = (
        UsageMoment(float(at), 0.5, round((40 + per_second * max(0, at - 43) + noise * (-1) ** at) * MIB))
        for at in range(60)
    )
    return ServiceUsage(service, limit, tuple(moments))


@pytest.mark.parametrize(
    ("seen", "leaks"),
    [
        (usage("api", 2.0), True),
        (usage("api", 2.0, noise=1.0), True),
        (usage("api", 0.0, noise=10.0), False),
        (usage("api", 0.1), False),  # 1.6 MiB in sixteen seconds may be anything
        (usage("api", 2.0, limit=0), False),
        (usage("api", 8.0, limit=0), True),
        (usage("store", 2.0), False),  # a store keeps data
        (usage("api", 1.0, limit=8192 * MIB), False),
    ],
)
def test_memory_that_grows_on_the_plateau_is_a_guess(seen: ServiceUsage, *, leaks: bool) -> None:
    judged = verdict(generated(FAST, FAST, FAST), (seen,))
    assert {(c.rule, c.service, c.certain) for c in judged.complaints} == (
        {(LoadRule.MEMORY, "api", False)} if leaks else set()
    )
    assert judged.run.result is LoadResult.PASSED


def test_a_death_under_load_is_certain() -> None:
    incidents = Incidents(Counter({"api": 2, "web": 1}), frozenset({"api"}))
    judged = verdict(generated(FAST, FAST, FAST), (usage("api", 2.0),), incidents)
    assert [(c.rule, c.service, c.text) for c in judged.complaints] == [
        (LoadRule.MEMORY, "api", "was killed under load because it was out of memory"),
        (LoadRule.ERRORS, "web", "died under load"),
    ]
    assert judged.run.result is LoadResult.FAILED


def test_an_overload_may_touch_what_needs_the_target_and_nothing_else() -> None:
    assert radius.touched(STACK, "api") == {"api", "web"}
    good, bad = Sample(0.0, 0.01), Sample(0.0, 1.0, TryResult(ProbeFailure.TIMEOUT))
    asked = {Probe(n, "tcp", 1): [good] * 18 + [bad] * 2 for n in ("api", "web", "store", "worker")}
    few = {Probe("late", "tcp", 1): [bad] * 4}
    control = {Probe("worker", "tcp", 1): 0.9}
    served = radius.served({**asked, **few}, control, radius.touched(STACK, "api"))
    assert served == {Probe("store", "tcp", 1): pytest.approx(0.9), Probe("worker", "tcp", 1): pytest.approx(1.0)}
    found = list(radius.complaints(RadiusSeen("api", 5000, served, frozenset({"worker"}))))
    assert [(c.rule, c.service) for c in found] == [(LoadRule.BLAST_RADIUS, "store"), (LoadRule.BLAST_RADIUS, "worker")]
