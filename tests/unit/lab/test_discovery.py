"""From a Compose model to probes and a plan, without an engine."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.domain.errors import UsageError
from seatrial.lab import discover, refine, units
from seatrial.lab.discover import Planned
from seatrial.lab.errands import Address, ServiceCommand
from seatrial.lab.faults import FAULTS
from seatrial.lab.faults.base import ESSENTIAL, Aspect
from seatrial.lab.model import Service, Stack, read
from seatrial.lab.planning import TrialPlan, experiments, explained
from seatrial.lab.probes import Probe

SHOP: dict[str, Any] = {
    "services": {
        "web": {
            "image": "nginx:1.27", "ports": [{"target": 80, "published": "8080"}], "restart": "always",
            "environment": {"UPSTREAM": "http://api:3000"},
        },
        "api": {
            "build": {"context": "."}, "expose": ["3000"], "restart": "unless-stopped",
            "depends_on": {
                "db": {"condition": "service_healthy"}, "migrate": {"condition": "service_completed_successfully"},
            },
            "healthcheck": {"test": ["CMD", "curl", "-f", "http://localhost:3000/healthz"]},
        },
        "db": {"image": "postgres:17@sha256:0", "restart": "always"},
        "migrate": {"image": "shop/migrate", "depends_on": {"db": {"condition": "service_healthy"}}},
        "cache": {"image": "registry.example/valkey-bundle:8", "deploy": {"restart_policy": {"condition": "any"}}},
    }
}  # fmt: skip


def probes(stack: Stack) -> dict[str, Probe]:
    return {s.name: discover.probe(s) for s in stack.lasting}


def test_the_model_tells_what_is_needed() -> None:
    stack = read(SHOP)
    assert [s.name for s in stack.lasting] == ["api", "cache", "db", "web"]  # the migration is a task
    assert stack.entries == ("web",)
    assert stack.dependents("db") == {"api", "web"}
    assert stack.dependents("web") == set()
    assert stack.needs("web") == {"api"}
    assert stack.services["cache"].restarts
    assert (stack.services["db"].store, stack.services["cache"].store) == ("postgres", "valkey")


def test_the_best_question_for_each() -> None:
    found = {name: str(probe) for name, probe in probes(read(SHOP)).items()}
    assert found == {"api": "GET :3000/healthz", "cache": "redis :6379", "db": "postgres :5432", "web": "tcp :80"}
    web = read(SHOP).services["web"]
    assert str(discover.probe(web, (80,))) == "GET :80/"
    assert discover.probe(web).blind


@pytest.mark.parametrize(
    ("service", "asked"),
    [
        (Service(name="a", health=("CMD-SHELL", "wget -q -T 3 http://127.0.0.1/up || exit 1")), "GET :80/up"),
        (Service(name="a", health=("CMD-SHELL", "wget -q https://127.0.0.1/up")), "health"),
        (Service(name="a", health=("CMD-SHELL", "curl -sfu elastic:$P http://localhost:9200/")), "health"),
        (Service(name="a", health=("CMD", "curl", "-f", "-X", "POST", "http://localhost:80/")), "health"),
        (Service(name="a", health=("CMD", "pg_isready")), "postgres :5432"),
        (Service(name="a", health=("CMD", "/check")), "health"),
        (Service(name="a"), "health"),
        (Service(name="a", ports=(5000, 6000)), "tcp :5000"),
        (Service(name="a", image="mariadb:11"), "mysql :3306"),
        (Service(name="a", image="docker.io/bitnami/postgresql:17@sha256:0"), "postgres :5432"),
        (Service(name="a", image="localhost:5000/mongodb/mongodb-community-server"), "mongo :27017"),
        (Service(name="a", image="mongo-express:1", ports=(8081,)), "tcp :8081"),
        (Service(name="a", image="oliver006/redis_exporter", ports=(9121,)), "tcp :9121"),
        (Service(name="a", image="quay.io/x/postgres-exporter", ports=(9187,)), "tcp :9187"),
    ],
)
def test_questions(service: Service, asked: str) -> None:
    assert str(discover.probe(service)) == asked


def test_only_what_makes_sense_is_planned() -> None:
    stack = read(SHOP)
    found = {str(c) for c in discover.candidates(stack, probes(stack))}
    assert {"crash web", "pause db", "partition api", "recreate db", "recreate api", "cpu web"} <= found
    assert not {"pause web", "latency api", "recreate web", "overload web", "stop web", "crash migrate"} & found


@given(st.integers(0, 1 << 31), st.permutations(sorted(SHOP["services"])))
def test_the_same_seed_gives_the_same_plan_whatever_the_files_order(seed: int, order: list[str]) -> None:
    stack, shuffled = read(SHOP), read({"services": {name: SHOP["services"][name] for name in order}})
    one = discover.plan(stack, probes(stack), seed=seed)
    assert one == discover.plan(shuffled, probes(shuffled), seed=seed)
    assert len(one) == discover.MOST
    assert {p.service for p in one} == {"api", "cache", "db", "web"}  # each has its turn


USUAL: dict[str, Any] = {
    "services": {
        "api": {
            "build": {"context": "."}, "ports": [{"target": 8000, "published": "8000"}], "restart": "unless-stopped",
            "depends_on": {"db": {}, "cache": {}},
            "healthcheck": {"test": ["CMD", "curl", "-f", "http://localhost:8000/healthz"]},
        },
        "worker": {"build": {"context": "."}, "restart": "unless-stopped", "depends_on": {"db": {}, "cache": {}}},
        "db": {
            "image": "postgres:17", "restart": "unless-stopped",
            "volumes": [{"type": "volume", "source": "data", "target": "/var/lib/postgresql/data"}],
        },
        "cache": {"image": "redis:7", "restart": "unless-stopped"},
    }
}  # fmt: skip


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("restart", ["unless-stopped", "no"])
def test_eight_experiments_show_every_essential_aspect_of_a_usual_stack(seed: int, restart: str) -> None:
    document = {"services": {n: {**body, "restart": restart} for n, body in USUAL["services"].items()}}
    stack = read(document)
    plan = discover.plan(stack, probes(stack), seed=seed)
    assert len(plan) == discover.MOST
    aspects = {FAULTS[one.fault].ASPECT for one in plan}
    assert set(ESSENTIAL) <= aspects
    crashed = {one.service for one in plan if FAULTS[one.fault].ASPECT is Aspect.CRASH}
    assert restart != "no" or crashed <= {"db", "cache"}  # a crash of the others would have no end
    assert {one.service for one in plan} == set(USUAL["services"])
    assert all(one.because for one in plan)


@pytest.mark.parametrize(
    ("budget", "number"), [(60, 8), (180, 8), (199, 8), (200, 9), (300, 14), (599, 28), (600, 1000), (7200, 1000)]
)
def test_a_larger_budget_pays_for_more_experiments(budget: float, number: int) -> None:
    assert discover.most(budget) == number


def test_a_budget_of_ten_minutes_is_for_everything_that_applies() -> None:
    stack = read(USUAL)
    found = set(discover.candidates(stack, probes(stack)))
    assert set(experiments(TrialPlan(files=(), budget=600), stack, probes(stack))) == found
    assert len(found) > discover.MOST


def test_the_plan_is_explained_in_a_line_each() -> None:
    stack = read(USUAL)
    plan = TrialPlan(files=(), experiments=tuple(refine.experiments([{"pause": "db"}, "default"])))
    chosen = experiments(plan, stack, probes(stack))
    lines = list(explained(plan, stack, probes(stack), chosen))
    assert lines[0].split() == ["pause", "db", "outage", *["the", "configuration", "asks", "for", "it"]]
    assert len(lines) == len(chosen) + 2
    assert all(len(line.split()) > 4 for line in lines)
    assert "more would apply: `--trial-budget 600`" in lines[-2]
    everything = dataclasses.replace(plan, budget=600.0)
    told = lines[-1].removeprefix("not measured, the budget ran out: ")
    left = {
        f"{fault} {service}"
        for part in told.split("; ")
        for fault, _, services in [part.partition(" ")]
        for service in services.split(", ")
    }
    assert left == {str(one) for one in experiments(everything, stack, probes(stack))} - {str(one) for one in chosen}
    chosen = experiments(everything, stack, probes(stack))
    assert "would apply" not in list(explained(everything, stack, probes(stack), chosen))[-1]


@pytest.mark.timeout(300)
def test_the_same_seed_gives_the_same_plan_in_ten_runs() -> None:
    """Each run has another order of its sets."""
    script = (
        "import json, sys; from seatrial.lab import discover; from seatrial.lab.model import read\n"
        "stack = read(json.loads(sys.argv[1])); probes = {s.name: discover.probe(s) for s in stack.lasting}\n"
        "print([(str(p), p.because) for p in discover.plan(stack, probes, seed=7)])"
    )
    plans = set()
    for number in range(10):
        words = [sys.executable, "-c", script, json.dumps(USUAL)]
        environment = {**os.environ, "PYTHONHASHSEED": str(number)}
        plans.add(subprocess.run(words, env=environment, capture_output=True, text=True, check=True).stdout)
    assert len(plans) == 1
    assert plans.pop().count("(") >= discover.MOST


@pytest.mark.parametrize("most", [3, 4, 8])
def test_every_kind_has_an_experiment(most: int) -> None:
    many = {name: body for n in range(3) for name, body in _renamed(n).items()}
    stack = read({"services": many})
    for seed in range(20):
        plan = discover.plan(stack, probes(stack), seed=seed, most=most)
        assert {FAULTS[one.fault].KIND.value for one in plan} == {"instant", "outage", "degrade"}
        assert len(set(plan)) == most


def _renamed(number: int) -> dict[str, Any]:
    return {
        f"{name}{number}": {**body, "depends_on": {f"{n}{number}": c for n, c in body.get("depends_on", {}).items()}}
        for name, body in SHOP["services"].items()
    }


def test_what_is_tried_without_configuration_has_a_weight_and_only_that() -> None:
    stacks = [
        read(SHOP),
        read(USUAL),
        read(
            {
                "services": {
                    "a": {
                        "image": "x",
                        "ports": [{"target": 80, "published": "80"}],
                        "healthcheck": {"test": ["CMD", "curl", "http://localhost/"]},
                    }
                }
            }
        ),
    ]
    tried = {one.fault for stack in stacks for one in discover.candidates(stack, probes(stack))}
    assert tried == {name for name, fault in FAULTS.items() if fault.WEIGHT}


def test_seeds_differ() -> None:
    stack = read(SHOP)
    assert len({discover.plan(stack, probes(stack), seed=n) for n in range(20)}) > 3


def test_what_is_skipped_is_not_planned() -> None:
    stack = read(SHOP)
    plan = discover.plan(stack, probes(stack), seed=1, most=99, skipped=frozenset({"crash", "db.pause"}))
    assert "crash" not in {p.fault for p in plan}
    assert "pause db" not in {str(p) for p in plan}
    assert "pause api" in {str(p) for p in plan}


def test_own_experiments_stand_where_they_are_written() -> None:
    stack = read(SHOP)
    mine = tuple(refine.experiments([{"crash": "db"}, "default"]))
    chosen = experiments(TrialPlan(files=(), experiments=mine), stack, probes(stack))
    assert chosen[0] == Planned("crash", "db")
    assert len(chosen) == len(set(chosen))
    assert len(chosen) >= discover.MOST


@pytest.mark.parametrize(
    ("text", "probe"),
    [
        ("http://api:8080/ready?x=1", Probe("s", "http", 8080, "/ready?x=1")),
        ("http://api", Probe("s", "http", 80, "/")),
        ("redis", Probe("s", "redis", 6379)),
        ("postgres:6000", Probe("s", "postgres", 6000)),
        ("tcp:81", Probe("s", "tcp", 81)),
        ("health", Probe("s", "health")),
    ],
)
def test_probes_in_words(text: str, probe: Probe) -> None:
    assert refine.probe("s", text) == probe


def test_operations_are_requests_and_commands() -> None:
    asked = list(refine.operations(["POST http://api:8000/x {}", "RUN worker python -c 'import shop'"]))
    post = Probe("api", "http", 8000, "/x", ready=True, question=True, method="POST", body="{}")
    run = Probe("worker", "run", path="python -c 'import shop'", ready=True, question=True)
    assert asked == [post, run]
    assert str(run) == "RUN python -c 'import shop'"
    assert run.lasting > post.lasting


@pytest.mark.parametrize("text", ["", "RUN worker", "RUN worker echo 'a", "GET ftp://a/", "DELETE http://api/x"])
def test_operations_that_are_none(text: str) -> None:
    with pytest.raises(UsageError, match=r"chaos\.operations\.0"):
        list(refine.operations([text]))


def test_jobs_are_given_and_looked_for_by_requests_or_commands() -> None:
    given = {"worker": {"put": "RUN redis redis-cli RPUSH jobs {marker}", "done": "GET http://api/done"}}
    assert refine.jobs(given) == {
        "worker": (ServiceCommand("redis", "redis-cli RPUSH jobs {marker}"), Address("GET", "api", 80, "/done"))
    }


@pytest.mark.parametrize(
    "entry",
    [
        {"put": "GET http://api/{marker}"},
        {"put": "GET http://api/", "done": "GET http://api/"},
        {"put": "LPUSH jobs {marker}", "done": "GET http://api/"},
        {"put": "GET http://api/{marker}", "done": "GET http://api/", "more": "x"},
    ],
    ids=["one alone", "no marker", "no request and no command", "more"],
)
def test_jobs_that_are_none(entry: dict[str, str]) -> None:
    with pytest.raises(UsageError, match=r"chaos\.jobs\.worker"):
        refine.jobs({"worker": entry})


@pytest.mark.parametrize("text", ["", "tcp", "ftp://a", "redis:x", "https://a/", "REDIS"])
def test_probes_that_are_none(text: str) -> None:
    with pytest.raises(UsageError, match=r"chaos\.probes\.s"):
        refine.probe("s", text)


@pytest.mark.parametrize(
    "entry", ["defalt", {}, {"crash": "a", "stop": "b"}, {"crash": {}}, {"crash": ["a"]}, {"nothing": "a"}, 7]
)
def test_experiments_that_are_none(entry: Any) -> None:
    with pytest.raises(UsageError, match=r"chaos\.experiments\.0"):
        list(refine.experiments([entry]))


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("duration", "200ms", 0.2), ("duration", "1.5 s", 1.5), ("duration", "2m", 120),
        ("share", "10%", 0.1), ("rate", "1mbit", 1e6), ("size", "64MiB", 64 * 1024**2),
    ],
)  # fmt: skip
def test_numbers_with_units(kind: str, text: str, value: float) -> None:
    assert units.parse(kind, text) == pytest.approx(value)


@pytest.mark.parametrize("text", ["5", "", "s", "-1s", "5 parsecs", "1e3s", "10%"])
def test_a_bare_number_is_an_error(text: str) -> None:
    with pytest.raises(UsageError, match="with a unit"):
        units.parse("duration", text)


@given(st.from_type(Service))
def test_any_service_has_a_question(service: Service) -> None:
    made = dataclasses.replace(service, name="a", ports=tuple(abs(p) % 65535 + 1 for p in service.ports))
    assert discover.probe(made).service == "a"


@pytest.mark.parametrize("seed", range(10))
def test_clients_of_every_needed_service_have_to_connect_again_before_others_have_their_turn(seed: int) -> None:
    app = {"build": {"context": "."}, "depends_on": {"queue": {}, "db": {}, "vectors": {}}}
    stores = {"queue": {"image": "redis:8"}, "db": {"image": "postgres:17"}, "vectors": {"image": "chromadb/chroma:1"}}
    apps = {"api": app, "agent": app, "ingest": app, "scheduler": app}
    gateway = {"image": "nginx:1", "depends_on": {"api": {}}, "ports": [{"target": 80, "published": "80"}]}
    stack = read({"services": {"gateway": gateway, **apps, **stores}})
    plan = discover.plan(stack, probes(stack), seed=seed)
    ending = {Aspect.CRASH, Aspect.RENEWAL, Aspect.FLAP, Aspect.AWAY}
    assert {"api", *stores} <= {one.service for one in plan if FAULTS[one.fault].ASPECT in ending}


def test_what_would_show_the_same_as_a_failed_recovery_comes_last() -> None:
    """Each failed recovery costs half a minute or more of the budget: what is not known yet goes first."""
    pairs = [name.split() for name in ("crash db", "recreate db", "flap db", "partition db", "crash cache", "cpu web")]
    crash, *left = (Planned(fault, service) for fault, service in [*pairs, ("stop", "db")])
    after = [str(one) for one in discover.later(left, crash)]
    assert after == ["partition db", "crash cache", "cpu web", "recreate db", "flap db", "stop db"]
    cut = Planned("partition", "db")
    assert discover.later(left, cut) == left


def test_names_of_the_version_before_are_read_as_those_of_today() -> None:
    [one] = refine.experiments([{"blink": {"service": "db", "times": 2}}])
    assert one is not None
    assert (one.fault, one.service) == ("flap", "db")
    assert refine.skipped(["blink", "db.blink", "crash"]) == {"flap", "db.flap", "crash"}
