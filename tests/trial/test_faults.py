"""Each fault on a real stack: proven while it is on, undone afterwards, with the effect that it is named for."""

from __future__ import annotations

import contextlib
import re
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from conftest import left_behind
from stacks import lay_out, small

from seatrial.lab import stack
from seatrial.lab.asking import find_probes
from seatrial.lab.compose import Compose, place
from seatrial.lab.discover import Planned
from seatrial.lab.engine import DockerEngine, LabError, own
from seatrial.lab.events import Events
from seatrial.lab.experiment import Watch, run
from seatrial.lab.faults import FAULTS, cpu
from seatrial.lab.faults.base import Expectation, FaultContext
from seatrial.lab.measure import Measures, Sample
from seatrial.lab.observation import NotDone, Observation
from seatrial.lab.probes import Prober
from seatrial.lab.trial import Lab, open_lab

pytestmark = [pytest.mark.docker, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def lab(image: str, apps: None) -> Iterator[Lab]:
    with contextlib.closing(DockerEngine(f"seatrial-{secrets.token_hex(4)}")) as engine:
        with open_lab(engine, image, own(engine)) as opened:
            yield opened
        assert left_behind(engine.run) == []  # the guard is a lab's first container and its last


@pytest.fixture(scope="module")
def watch(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watch]:
    """A running stack that is watched."""
    root = lay_out(tmp_path_factory.mktemp("stack") / "ok", small())
    where = place(root, ("compose.yaml",), root / "reports", lab.engine.run, lab.own)
    calls = Compose(where, lab.engine.run, {}, lambda _: False)
    with stack.opened(lab.engine, calls, lab.image) as project:
        assert project.start(60).problems == ()
        with Events(lab.engine, project.name) as events:
            probes = find_probes(project.stack, events, {}, {})
            with Prober(list(probes.values()), events.address) as prober:
                context = FaultContext(lab.engine, project, lab.image, lab.capabilities, events, probes)
                yield Watch(context, prober, project.stack.entries)


def carry_out(watch: Watch, fault: str, service: str, **parameters: object) -> Observation:
    done = run(Planned(fault, service, parameters), watch)
    assert isinstance(done, Observation), done
    return done


def of(done: Observation, service: str) -> Measures:
    return next(m for probe, m in done.measures.items() if probe.service == service and not probe.ready)


def test_the_machine_can_do_what_the_faults_need(lab: Lab) -> None:
    assert {"nft", "nft-timeout", "tun"} <= lab.capabilities.works


@pytest.mark.parametrize("fault", ["crash", "restart", "recreate", "oom"])
def test_an_instant_fault_costs_a_moment(watch: Watch, fault: str) -> None:
    done = carry_out(watch, fault, "store")
    assert done.kind is Expectation.INSTANT
    assert 0 < of(done, "store").unavailable < 3
    recovery = of(done, "store").recovery
    assert recovery is not None
    assert recovery < 5
    assert of(done, "api").success == 1  # its liveness does not ask the store
    assert done.healthy is not None


@pytest.mark.parametrize(
    ("fault", "parameters", "kinds"),
    [
        ("pause", {}, "timeout"),
        ("partition", {}, "timeout"),
        ("partition", {"mode": "reject"}, "refused reset"),
        ("reset", {}, "refused reset"),
        ("stop", {}, "unreachable timeout refused"),
        ("disconnect", {}, "timeout unreachable"),
    ],
)
def test_an_outage_takes_the_service_away_and_nothing_else(
    watch: Watch, fault: str, parameters: Mapping[str, Any], kinds: str
) -> None:
    done = carry_out(watch, fault, "store", duration="3s", **parameters)
    store = of(done, "store")
    assert store.success == 0, done.evidence
    assert {str(s.result) for s in failed(watch, done)} <= set(kinds.split()), done.timeline
    assert store.recovery is not None
    assert store.recovery < 3
    assert of(done, "api").success == 1


def failed(watch: Watch, done: Observation) -> list[Sample]:
    """Failed samples of the store from the middle of the newest fault."""
    probe = next(p for p in done.measures if p.service == "store")
    return [s for s in watch.prober.samples[probe] if not s.good][-20:-5]


def test_only_one_pair_can_be_cut(watch: Watch) -> None:
    talk(watch, "connect")
    done = carry_out(watch, "partition", "store", duration="3s", **{"from": "api"})
    assert of(done, "store").success == 1  # we still reach it


def talk(watch: Watch, what: str) -> None:
    """Have the entry point ask for the store's name, or connect to it, again and again for a while."""
    act = {"resolve": "socket.getaddrinfo('store', 1)", "connect": "socket.create_connection(('store', 6379), .2)"}[
        what
    ]
    script = f"import socket, time\nfor _ in range(40):\n  try: {act}\n  except OSError: pass\n  time.sleep(.2)"
    watch.context.project.container("api").exec_run(["python3", "-c", script], detach=True)


def test_a_flap_is_several_short_outages(watch: Watch) -> None:
    done = carry_out(watch, "flap", "store", times=2)
    assert done.evidence.startswith("away 2 times")
    assert 0.5 < of(done, "store").unavailable < 5


def test_latency_makes_every_answer_late(watch: Watch) -> None:
    done = carry_out(watch, "latency", "store", duration="4s", delay="200ms", jitter="1ms")
    late = of(done, "store").p95
    assert late is not None
    assert 0.35 < late < 0.7  # the answers to the connection and to the question
    assert 150 <= int(done.evidence.split()[-3]) <= 250, done.evidence
    assert of(done, "store").success == 1


def test_loss_loses_about_what_was_asked_for(watch: Watch) -> None:
    done = carry_out(watch, "loss", "store", duration="5s", percent="30%")
    seen, lost, _ = (int(word) for word in done.evidence.split() if word.isdigit())
    assert 0.15 < lost / seen < 0.45
    assert (of(done, "store").success or 0) < 0.98


def test_bandwidth_lets_small_answers_pass(watch: Watch) -> None:
    assert (of(carry_out(watch, "bandwidth", "store", duration="3s", rate="256kbit"), "store").success or 0) > 0.9


def test_cpu_is_throttled_and_given_back(watch: Watch) -> None:
    before = watch.context.inspect("api")["HostConfig"]
    done = carry_out(watch, "cpu", "api", duration="4s", cores="0.2")
    told = re.fullmatch(r"([\d.]+) of (0\.[12]) cores used, (\d+) of (\d+) periods throttled", done.evidence)
    assert told, done.evidence
    assert 0.02 < float(told[1]) < 0.4
    assert 0 < int(told[3]) <= int(told[4])
    after = watch.context.inspect("api")["HostConfig"]
    assert max(after["CpuQuota"], 0) == max(before["CpuQuota"], 0)
    assert burning(watch, "api") == []


def burning(watch: Watch, service: str) -> list[str]:
    """What of ours is still in a service's group."""
    listed = watch.context.project.container(service).top(ps_args="-eo pid,args")["Processes"]
    return [" ".join(words) for words in listed if "burner" in " ".join(words)]


def test_where_no_burner_may_join_the_quota_sinks_until_it_throttles(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise LabError("the kernel refuses")

    monkeypatch.setattr(cpu, "_burner", refused)
    done = carry_out(watch, "cpu", "api", duration="3s", cores="2")  # more than it ever uses by itself
    told = re.fullmatch(r"at most ([\d.]+) cores, (\d+) periods throttled", done.evidence)
    assert told, done.evidence
    assert float(told[1]) < 2
    assert int(told[2]) > 0
    assert max(watch.context.inspect("api")["HostConfig"]["CpuQuota"], 0) == 0


@pytest.mark.parametrize("service", ["store", "api"])
def test_memory_is_short_and_the_limit_is_given_back(watch: Watch, service: str) -> None:
    before = watch.context.inspect(service)["HostConfig"]["Memory"]
    done = carry_out(watch, "memory", service, duration="3s")
    told = re.fullmatch(r"(\d+) % of (\d+) MiB used, limit met (\d+) times", done.evidence)
    assert told, done.evidence
    assert 80 < int(told[1]) <= 100
    assert int(told[2]) <= before / 1024**2
    assert watch.context.inspect(service)["HostConfig"]["Memory"] == before
    assert done.deaths == {}


def test_a_disk_is_slow_and_is_fast_again(watch: Watch) -> None:
    for _ in range(2):  # of a service that still has a limit none would be measured
        done = carry_out(watch, "io", "store")
        told = re.fullmatch(r"a write took (\d+) ms and ([\d.]+) ms before, (\d+) operations a second", done.evidence)
        assert told, done.evidence
        assert float(told[1]) > 2 * float(told[2])
        assert 1 < int(told[3]) <= 20


def test_a_disk_that_cannot_be_slowed_down_is_not_measured(watch: Watch) -> None:
    done = run(Planned("io", "api", {}), watch)
    assert isinstance(done, NotDone)
    assert done.reason == "it has no volume that it writes to"


def test_a_wrong_clock_is_wrong_and_is_given_back(watch: Watch) -> None:
    done = carry_out(watch, "clock", "api", duration="2s", offset="24h")
    assert done.evidence == "clock 86400 s ahead"
    assert of(done, "api").success == 1
    assert not any("FAKETIME" in entry for entry in watch.context.inspect("api")["Config"]["Env"])


def test_overload_is_served_or_refused(watch: Watch) -> None:
    done = carry_out(watch, "overload", "api", duration="2s", connections=20)
    assert int(done.evidence.split()[0]) > 100


@pytest.mark.parametrize("mode", ["timeout", "fail"])
def test_names_do_not_resolve(watch: Watch, mode: str) -> None:
    talk(watch, "resolve")
    done = carry_out(watch, "dns", "api", duration="4s", mode=mode)
    assert int(done.evidence.split()[0]) > 0


def test_a_fault_that_nothing_shows_is_no_experiment(watch: Watch) -> None:
    """Nobody asks for a name: the rules are never met, so nothing was tried."""
    done = run(Planned("dns", "store", {"duration": "1s"}), watch)
    assert isinstance(done, NotDone)
    assert done.error
    assert "no packet of store met the rules" in done.reason


def test_every_fault_has_a_test() -> None:
    text = "".join(
        (Path(__file__).parent / name).read_text("utf-8") for name in (Path(__file__).name, "test_weaknesses.py")
    )
    assert [name for name in FAULTS if f'"{name}"' not in text] == []
