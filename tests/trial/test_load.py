"""Load on small stacks: each weakness is found by its check, and nothing is found where there is none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import Tried, Try
from stacks import lay_out, shared, small

pytestmark = [pytest.mark.docker, pytest.mark.timeout(600)]


def loaded(attempt: Try, root: Path, budget: int = 45) -> Tried:
    """Load alone: without experiments before it."""
    return attempt(root, "--only", "load", "--load-budget", f"{budget}s")


def findings(tried: Tried) -> set[tuple[str, str]]:
    return {(f["rule"], f["subject"]) for f in tried.report["findings"]}


def statuses(tried: Tried) -> dict[str, str]:
    return {c["id"]: c["status"] for c in tried.report["checks"] if c["id"].startswith("load/")}


def runs(tried: Tried) -> list[dict[str, Any]]:
    return [one for check in tried.report["checks"] for one in check["loads"]]


@pytest.mark.nightly
def test_answers_that_queue_for_50_users_are_found(attempt: Try, tmp_path: Path) -> None:
    tried = loaded(attempt, lay_out(tmp_path / "weak", small("slow in a crowd")))
    assert findings(tried) == {("load/latency", "api")}, tried.out
    [run] = runs(tried)
    assert run["result"] == "failed"
    assert run["knee"] == 50
    assert str(run["engine"]).startswith("Locust 2.")
    first, second, third = run["steps"]
    assert first["numbers"]["p99"] < 1 < second["numbers"]["p99"] <= third["numbers"]["p99"]
    assert {usage["service"] for usage in run["services"]} == {"api", "store"}
    assert all(usage["moments"] for usage in run["services"])


@pytest.mark.nightly
def test_nothing_is_found_where_nothing_is_wrong(attempt: Try, tmp_path: Path) -> None:
    tried = loaded(attempt, lay_out(tmp_path / "ok", small()))
    assert findings(tried) == set(), tried.out
    assert set(statuses(tried).values()) == {"pass"}, tried.out


def test_memory_that_grows_with_every_request_is_found(attempt: Try, tmp_path: Path) -> None:
    tried = loaded(attempt, lay_out(tmp_path / "leak", small("leaks by readiness")), budget=60)
    assert ("load/memory", "api") in findings(tried), tried.out
    assert {rule for rule, _ in findings(tried)} == {"load/memory"}


@pytest.mark.nightly
def test_profiles_of_the_configuration_replace_the_discovered_one(attempt: Try, tmp_path: Path) -> None:
    root = lay_out(tmp_path / "declared", small())
    profiles = [
        {"name": "each", "executor": "per-vu-iterations", "vus": 4, "iterations": 5, "maxDuration": "20s",
         "sleep": "100ms", "requests": ["GET http://api:8080/items", "POST http://api:8080/items?k=seatrial"]},
        {"name": "open", "executor": "ramping-arrival-rate", "startRate": 20, "maxVUs": 50,
         "stages": [{"duration": "4s", "target": 20}], "requests": ["GET http://api:8080/nothing"],
         "thresholds": {"http_req_failed": ["rate<0.5"]}},
    ]  # fmt: skip
    (root / ".seatrial.yml").write_text(yaml.safe_dump({"version": 1, "load": {"profiles": profiles}}), "utf-8")
    tried = loaded(attempt, root)
    assert findings(tried) == {("load/errors", "api")}, tried.out
    each, arriving = runs(tried)
    assert (each["result"], arriving["result"]) == ("passed", "failed")
    assert sum(step["numbers"]["requests"] for step in each["steps"]) == 40
    asked = sum(step["numbers"]["requests"] for step in arriving["steps"])
    assert asked == pytest.approx(80, abs=5)
    assert [kind["kind"] for kind in arriving["failures"]] == ["http404"]


@pytest.mark.nightly
def test_a_service_that_does_not_exist_is_an_error(attempt: Try, tmp_path: Path) -> None:
    root = lay_out(tmp_path / "typo", small())
    profile = {"name": "a", "executor": "constant-vus", "duration": "1s", "requests": ["GET http://apo:8080/"]}
    (root / ".seatrial.yml").write_text(yaml.safe_dump({"version": 1, "load": {"profiles": [profile]}}), "utf-8")
    tried = loaded(attempt, root)
    assert set(statuses(tried).values()) == {"error"}
    assert "unknown service 'apo'; the stack has api, store" in tried.out


def with_core(root: Path, weakness: str) -> Path:
    """An entry point and the core, whose work is declared; few users, so that only the overload is too much."""
    lay_out(root, shared(weakness))
    light = {"name": "light", "executor": "constant-vus", "vus": 10, "duration": "10s"}
    operations = {"operations": ["GET http://core:8080/readyz"]}
    document = {"version": 1, "chaos": operations, "load": {"profiles": [light]}}
    (root / ".seatrial.yml").write_text(yaml.safe_dump(document), "utf-8")
    return root


def test_an_overload_that_takes_what_the_core_needs_is_found(attempt: Try, tmp_path: Path) -> None:
    tried = loaded(attempt, with_core(tmp_path / "greedy", "leaves connections open"))
    assert ("load/blast-radius", "core") in findings(tried), tried.out
    assert {rule for rule, _ in findings(tried)} == {"load/blast-radius"}


@pytest.mark.nightly
def test_an_overload_that_a_pool_bounds_leaves_the_core_alone(attempt: Try, tmp_path: Path) -> None:
    tried = loaded(attempt, with_core(tmp_path / "bounded", "a pool of connections"))
    assert findings(tried) == set(), tried.out
    assert set(statuses(tried).values()) == {"pass"}, tried.out
    [check] = [c for c in tried.report["checks"] if c["id"] == "load/blast-radius"]
    assert {m["name"].partition(" ")[0] for m in check["measurements"]} >= {"core", "store"}


TEAMS = ("marketing", "sales", "support", "design", "finance")


def with_teams(root: Path, weakness: str) -> Path:
    """Five teams of ten, each with orders, a command and a message of its own."""
    lay_out(root, small(weakness))
    command = {"exec": {"service": "store", "command": "valkey-cli ping"}}
    message = {"send": {"service": "store", "list": "jobs", "message": "{marker}"}}
    groups = {
        team: {"workers": 10, "operations": [f"POST http://api:8080/{team}?k={{marker}}", command, message]}
        for team in TEAMS
    }
    document = {"version": 1, "load": {"groups": groups}}
    (root / ".seatrial.yml").write_text(yaml.safe_dump(document), "utf-8")
    return root


@pytest.mark.nightly
def test_a_team_that_starves_is_found(attempt: Try, tmp_path: Path) -> None:
    tried = loaded(attempt, with_teams(tmp_path / "starving", "one team starves"))
    assert findings(tried) == {("load/workers", "api")}, tried.out
    [run] = [run for run in runs(tried) if run["profile"] == "workers"]
    completed = {group["name"]: group["completed"] for group in run["groups"]}
    assert completed.pop("sales") < 8
    assert completed == dict.fromkeys(completed, 10)
    assert any("group sales:" in text for text in run["complaints"])
    assert "sales" in (tried.reports / "report.html").read_text("utf-8")
    assert "marketing 10 of 10" in " ".join(tried.out.split())


@pytest.mark.nightly
def test_teams_that_are_served_alike_complete(attempt: Try, tmp_path: Path) -> None:
    tried = loaded(attempt, with_teams(tmp_path / "served", ""))
    assert findings(tried) == set(), tried.out
    assert statuses(tried)["load/workers"] == "pass"
    [run] = [run for run in runs(tried) if run["profile"] == "workers"]
    assert {group["name"]: group["completed"] for group in run["groups"]} == dict.fromkeys(TEAMS, 10)
    assert all(0 < group["median"] <= group["longest"] for group in run["groups"])


@pytest.mark.nightly
@pytest.mark.parametrize(("weakness", "found"), [("leaks by readiness", {("load/memory", "api")}), ("", set())])
def test_a_soak_tells_a_leak_from_a_healthy_service(
    attempt: Try, tmp_path: Path, weakness: str, found: set[tuple[str, str]]
) -> None:
    root = lay_out(tmp_path / (weakness or "healthy"), small(weakness).replace("96m", "512m"))
    (root / ".seatrial.yml").write_text("version: 1\nload: {soak: 90s}\n", "utf-8")
    tried = loaded(attempt, root, budget=15)
    assert findings(tried) == found, tried.out
    run = runs(tried)[-1]
    assert (run["profile"], run["result"]) == ("soak", "failed" if found else "passed")
    [check] = [c for c in tried.report["checks"] if c["id"] == "load/memory"]
    assert any("load soak: api grows by" in note for note in check["notes"])
    if found:
        assert any("95 % interval" in text and "limit is reached in" in text for text in run["complaints"])
