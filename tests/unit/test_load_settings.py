"""The section `load`: k6's words, and one line with the place for everything else."""

from __future__ import annotations

import pytest

from seatrial.domain.errors import UsageError
from seatrial.domain.load_profile import Executor, LoadRequest, LoadStage
from seatrial.domain.thresholds import DEFAULTS, Metric, Threshold
from seatrial.domain.work import QueueWay, WorkCommand, WorkMessage
from seatrial.settings.config import parse

FULL = """\
version: 1
load_budget: 90
load:
  profiles:
    - name: rush
      stages: [{duration: 1m30s, target: 10}, {duration: 500ms, target: 0}]
      startVUs: 5
      sleep: 2s
      requests:
        - GET http://api:8080/items
        - 'POST http://api/orders {"item": "kettle"}'
      thresholds:
        http_req_duration: ["p(95)<500", " max<2000"]
        http_req_failed: ["rate<0.01"]
    - {name: steady, executor: constant-vus, vus: 20, duration: 1m}
    - {name: each, executor: per-vu-iterations, vus: 3, iterations: 7, maxDuration: 2m}
    - {name: open, executor: ramping-arrival-rate, startRate: 2, maxVUs: 30, stages: [{duration: 1m, target: 50}]}
"""


def test_profiles_are_written_in_the_words_of_k6() -> None:
    config = parse(FULL, ".seatrial.yml")
    rush, steady, each, arriving = config.load.every()
    assert config.options["load_budget"] == 90
    assert (rush.executor, rush.start, rush.sleep) == (Executor.RAMPING_VUS, 5, 2.0)
    assert rush.stages == (LoadStage(90.0, 10), LoadStage(0.5, 0))
    assert rush.requests == (
        LoadRequest("api", 8080, "/items"),
        LoadRequest("api", 80, "/orders", "POST", '{"item": "kettle"}'),
    )
    assert rush.thresholds == (
        Threshold(Metric.DURATION, "p(95)<500"), Threshold(Metric.DURATION, "max<2000"),
        Threshold(Metric.FAILED, "rate<0.01"),
    )  # fmt: skip
    assert (steady.stages, steady.start, steady.thresholds) == ((LoadStage(60.0, 20),), 20, DEFAULTS)
    assert (each.iterations, each.stages, each.start) == (7, (LoadStage(120.0, 3),), 3)
    assert (arriving.executor, arriving.start, arriving.most) == (Executor.RAMPING_ARRIVAL_RATE, 2, 30)
    assert not parse("version: 1\n", "x").load.profiles


@pytest.mark.parametrize(
    ("profile", "message"),
    [
        ("{name: a}", "ramping-vus needs `stages`"),
        ("{name: a, executor: constant-vus}", "constant-vus needs a `duration`"),
        ("{name: a, executor: constant-vus, stages: []}", "constant-vus has no 'stages'; it has duration, vus"),
        ("{name: a, stages: [{duration: 10, target: 1}]}", "10 is not a duration such as `30s` or `1m30s`"),
        ("{name: a, stages: [{duration: '', target: 1}]}", "'' is not a duration such as `30s` or `1m30s`"),
        ("{name: a, stages: [{duration: 0s, target: 1}]}", "takes no time"),
        ("{name: a, stages: [{duration: 1s, target: -1}]}", "greater than or equal to 0"),
        ("{name: a, stages: [{duration: 1s, traget: 1}]}", "unknown key 'traget'"),
        ("{name: a, executor: shared-iterations}", "'ramping-vus'"),
        ("{name: a, stages: [{duration: 1s, target: 1}], requests: [GET https://example.com/]}",
         "'GET https://example.com/' is not `METHOD http://SERVICE:PORT/PATH [BODY]`"),
        ("{name: a, stages: [{duration: 1s, target: 1}], requests: [GET http://api:0/]}", "is not `METHOD"),
        ("{name: a, stages: [{duration: 1s, target: 1}], thresholds: {http_req_waiting: [avg<1]}}",
         "'http_req_waiting' is not one of http_req_duration, http_req_failed, http_reqs"),
        ("{name: a, stages: [{duration: 1s, target: 1}], thresholds: {http_req_duration: [p95<1]}}",
         "'p95<1' is not a threshold such as"),
        ("{name: a, stages: [{duration: 1s, target: 1}], thresholds: {http_req_failed: ['p(95)<1']}}",
         "http_req_failed has no p(95); it has rate"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_one_line_with_its_place(profile: str, message: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse(f"version: 1\nload:\n  profiles:\n    - {profile}\n", ".seatrial.yml")
    told = str(refused.value)
    assert message in told
    assert "\n" not in told
    assert told.startswith(".seatrial.yml:4:")


def test_a_budget_is_a_duration_or_a_number_of_seconds() -> None:
    assert parse("load_budget: 1m30s\nconfig_budget: 500ms\ntrial_budget: 60\n", "x").options == {
        "load_budget": 90.0, "config_budget": 0.5, "trial_budget": 60.0,
    }  # fmt: skip
    with pytest.raises(UsageError, match=r"^x:1:1: load_budget: input should be a valid number"):
        parse("load_budget: 1 minute\n", "x")


def test_two_profiles_of_one_name_are_refused() -> None:
    one = "{name: a, executor: constant-vus, duration: 1s}"
    with pytest.raises(UsageError, match=r"x:3:3: load\.profiles: two profiles are called 'a'"):
        parse(f"version: 1\nload:\n  profiles: [{one}, {one}]\n", "x")


def test_a_typo_in_a_profile_has_the_nearest_key() -> None:
    with pytest.raises(UsageError) as refused:
        parse("version: 1\nload:\n  profiles:\n    - {name: a, stages: [], treshold: {}}\n", "x")
    assert "thresholds" in (refused.value.remedy or "")


GROUPS = """\
load:
  groups:
    marketing: 10
    sales:
      workers: 3
      operations:
        - GET http://api:8080/items
        - exec: {service: api, command: python -m check}
        - send: {service: redis, list: jobs, message: '{marker}'}
        - send: {service: rabbit, queue: orders}
        - send: {service: redis, task: shop.tasks.send, message: '[1, "{marker}"]'}
  operations: ["POST http://api:8080/orders {}"]
  limit: 2m
"""


def test_groups_do_their_own_operations_or_those_of_all() -> None:
    load = parse(GROUPS, "x").load
    marketing, sales = load.teams()
    assert (load.limit, marketing.name, marketing.workers) == (120.0, "marketing", 10)
    assert marketing.operations == (LoadRequest("api", 8080, "/orders", "POST", "{}"),)
    assert sales.workers == 3
    assert sales.operations == (
        LoadRequest("api", 8080, "/items"),
        WorkCommand("api", "python -m check"),
        WorkMessage("redis", QueueWay.LIST, "jobs", "{marker}"),
        WorkMessage("rabbit", QueueWay.QUEUE, "orders"),
        WorkMessage("redis", QueueWay.TASK, "shop.tasks.send", '[1, "{marker}"]'),
    )
    assert not list(parse("version: 1\n", "x").load.teams())
    assert parse("load: {soak: 10m}\n", "x").load.soak == 600.0
    assert parse("version: 1\n", "x").load.soak == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("groups: {a: 0}", "greater than or equal to 1"),
        ("groups: {a: yes}", "load.groups.a"),
        ("groups: {a: 200, b: 200, c: 200}", "more than 500 workers"),
        ("groups: {a b: 1}", "'a b' is not a name"),
        ("groups: {a: {workers: 1, operation: []}}", "unknown key 'operation'"),
        ("operations: [GET https://example.com/]", "is not `METHOD http://SERVICE:PORT/PATH [BODY]`"),
        ("operations: [{exec: {service: a}}]", "command"),
        ("operations: [{exec: {service: a, command: \"'\"}}]", "has no words"),
        ("operations: [{exec: {service: a, command: ' '}}]", "the command is empty"),
        ("operations: [{}]", "needs one of request, exec, send"),
        ("operations: [{send: {service: a}}]", "needs one of list, stream, queue, task"),
        ("operations: [{send: {service: a, list: b, queue: c}}]", "needs one of list, stream, queue, task"),
        ("operations: [{send: {service: a, task: b, message: '{}'}}]", "'{}' is not a list of JSON"),
        ("operations: [{send: {service: a, topic: b}}]", "unknown key 'topic'"),
        ("limit: 10", "10 is not a duration"),
        ("soak: 30s", "greater than or equal to 60"),
        ("soak: long", "'long' is not a duration"),
    ],
)  # fmt: skip
def test_a_wrong_group_is_one_line_with_its_place(text: str, message: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse(f"load:\n  {text}\n", ".seatrial.yml")
    told = str(refused.value)
    assert message in told
    assert "\n" not in told
    assert told.startswith(".seatrial.yml:2:")
