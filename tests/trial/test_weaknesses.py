"""One weakness at a time: the check that must catch it does, and a stack without one has nothing to answer for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from conftest import Try, environment, left_behind
from stacks import APP, CRASH_API, OUT_OF_MEMORY, WEAKNESSES, Weakness, lay_out, small

pytestmark = [pytest.mark.docker, pytest.mark.nightly, pytest.mark.timeout(600)]


def test_nothing_is_wrong_with_a_stack_that_is_as_it_should_be(attempt: Try, tmp_path: Path) -> None:
    tried = attempt(lay_out(tmp_path / "ok", small()))
    assert tried.findings == set()
    assert set(tried.statuses().values()) == {"pass"}
    notes = " ".join(n for c in tried.report["checks"] for n in c["notes"])
    assert "of" in notes
    assert "acknowledged writes lost" in notes
    assert "0 of " in notes


@pytest.mark.parametrize("seeded", WEAKNESSES, ids=str)
def test_a_weakness_is_caught(attempt: Try, tmp_path: Path, seeded: Weakness) -> None:
    tried = attempt(seeded.lay_out(tmp_path / "weak"))
    assert (seeded.rule, seeded.service) in tried.findings, tried.out
    assert len({r for r, _ in tried.findings}) == 1, "and nothing else"


def test_few_workers_are_asked_one_question_after_the_other(attempt: Try, tmp_path: Path) -> None:
    """Its readiness waits for the store; its liveness does not, unless our own questions take all its workers."""
    tried = attempt(lay_out(tmp_path / "weak", small("1 worker"), [{"pause": {"service": "store", "duration": "4s"}}]))
    assert tried.findings == {("hangs", "api")}, tried.out
    assert any(n.startswith("api has so few workers that") for n in tried.check("start")["notes"])
    [pause] = tried.check("outage")["experiments"]
    [success] = [m["value"] for m in pause["measurements"] if m["name"] == "api success"]
    assert success > 70


def test_a_service_without_a_page_at_its_root_answers_all_the_same(attempt: Try, tmp_path: Path) -> None:
    tried = attempt(lay_out(tmp_path / "ok", small("no page at the root"), [CRASH_API]))
    assert tried.findings == set(), tried.out
    assert set(tried.statuses().values()) == {"pass", "skip"}
    [crash] = tried.check("recovery")["experiments"]
    assert crash["result"] == "passed"
    assert {m["name"] for m in crash["measurements"]} >= {"api recovery", "api time to detect", "blast radius"}


def test_a_server_that_fails_at_everything_is_a_failure(attempt: Try, tmp_path: Path) -> None:
    tried = attempt(lay_out(tmp_path / "broken", small("only errors"), [CRASH_API]))
    assert tried.findings == {("steady", "api")}, tried.out
    [finding] = tried.report["findings"]
    assert finding["message"] == "api: answers GET :8080/ with 500"
    assert tried.check("endpoints")["status"] == "skip"


@pytest.mark.parametrize(("retries", "fails"), [(5, False), (1, True)], ids=["grace", "no grace"])
def test_a_healthcheck_of_an_image_is_quickened_and_keeps_its_grace(
    attempt: Try, tmp_path: Path, retries: int, *, fails: bool
) -> None:
    """It fails for ten seconds. Three seconds a try make fifteen of grace or three; a second a try would make five."""
    built = f"FROM {APP}\nHEALTHCHECK --interval=3s --timeout=3s --retries={retries} CMD test -e /tmp/up"
    document = yaml.safe_load(small("no page at the root"))
    document["services"]["api"] |= {
        "image": "seatrial-tests/checked:1", "build": {"dockerfile_inline": built},
        "entrypoint": ["sh", "-c", "(sleep 10; touch /tmp/up) & exec python3 /weak.py"],
    }  # fmt: skip
    document["services"]["client"] = {
        "image": APP, "entrypoint": ["sleep", "inf"], "init": True,
        "depends_on": {"api": {"condition": "service_healthy"}},
    }  # fmt: skip
    tried = attempt(lay_out(tmp_path / "checked", yaml.safe_dump(document), [CRASH_API]))
    assert ("start" in {rule for rule, _ in tried.findings}) is fails, tried.out
    assert not any("as they are written" in note for note in tried.check("start")["notes"])


@pytest.mark.parametrize("weakness", ["", "forgetful"])
def test_markers_go_through_the_application_where_it_says_how(attempt: Try, tmp_path: Path, weakness: str) -> None:
    data = {"write": "POST http://api:8080/items?k={marker}", "read": "GET http://api:8080/items"}
    tried = attempt(lay_out(tmp_path / "weak", small(weakness), [CRASH_API], data=data))
    [note] = tried.check("recovery")["notes"]
    assert (" 0 of " in note) is not bool(weakness), tried.out
    assert tried.findings == ({("data-loss", "api")} if weakness else set())


def test_a_full_disk_is_full_and_has_room_again(attempt: Try, tmp_path: Path) -> None:
    tried = attempt(
        lay_out(tmp_path / "ok", small(), [{"disk": {"service": "store", "size": "8MiB", "duration": "3s"}}])
    )
    [note] = tried.check("outage")["notes"]
    assert "1 of its volumes full, 0 bytes free" in note, tried.out
    assert " 0 of " in note
    assert "acknowledged writes lost" in note


def test_running_out_of_memory_is_told(attempt: Try, tmp_path: Path) -> None:
    tried = attempt(lay_out(tmp_path / "leak", small("leak"), [{"overload": "api"}]))
    assert "api" in {service for _, service in tried.findings}, tried.out
    assert OUT_OF_MEMORY & {rule for rule, _ in tried.findings}


def test_a_service_without_restart_policy_is_stopped_instead_of_crashed(attempt: Try, tmp_path: Path) -> None:
    tried = attempt(lay_out(tmp_path / "mortal", small(restart="no")))
    notes = [n for c in tried.report["checks"] for n in c["notes"]]
    assert not any(n.startswith("crash ") for n in notes)
    assert any(n.startswith("stop ") for n in notes)


def test_a_finding_stands_at_its_service(attempt: Try, tmp_path: Path) -> None:
    root = lay_out(tmp_path / "weak", small(volume=False), [{"recreate": "store"}])
    [finding] = attempt(root).report["findings"]
    lines = (root / "compose.yaml").read_text("utf-8").splitlines()
    assert lines[finding["location"]["line"] - 1].strip() == "store:"
    assert finding["severity"] == "critical"
    assert "acknowledged writes were lost" in finding["message"]


def test_the_same_seed_gives_the_same_plan(attempt: Try, tmp_path: Path) -> None:
    root = lay_out(tmp_path / "ok", small())
    first, second = (attempt(root, "--seed", "7", "--trial-budget", "0") for _ in range(2))
    plans = [[n for c in t.report["checks"] for n in c["notes"] if "the budget of" in n] for t in (first, second)]
    assert plans[0] == plans[1]
    assert len(plans[0]) == 8


def test_the_plan_is_printed_and_nothing_is_started(apps: None, tmp_path: Path) -> None:
    root = lay_out(tmp_path / "ok", small(), ["default", {"dns": "api"}])
    words = [sys.executable, "-m", "seatrial", "plan", str(root), "--trial"]
    printed = subprocess.run(words, capture_output=True, text=True, check=True, env=environment(tmp_path)).stdout
    assert "trial: 9 experiments, seed 1, about" in printed
    assert "dns api                        outage" in printed
    assert "api                            asked by GET :8080/healthz" in printed
    assert left_behind("plan") == []  # the name that the lab gives to what it only reads


@pytest.mark.parametrize(
    ("compose", "said"),
    [
        ("services: {a: {image: storefront/app:1.0.0, privileged: true}}\n", "a is privileged"),
        ("services: {a: {image: storefront/app:1.0.0, network_mode: host}}\n", "shares the host's network"),
        (
            "services: {a: {image: storefront/app:1.0.0, volumes: ['/var/run/docker.sock:/s/docker.sock']}}\n",
            "mounts the container engine's socket",
        ),
    ],
)
def test_dangerous_stacks_are_refused(attempt: Try, tmp_path: Path, compose: str, said: str) -> None:
    tried = attempt(lay_out(tmp_path / "danger", compose))
    assert tried.check("start")["status"] == "error"
    assert said in tried.check("start")["reason"]
    assert "--trial-unsafe" in tried.check("start")["reason"]


@pytest.mark.parametrize(
    ("chaos", "said"),
    [
        ([{"crsh": "api"}], "did you mean crash?"),
        ([{"latency": {"service": "store", "delay": "200"}}], "is not a duration with a unit"),
        ([{"pause": {"service": "store", "sped": "1s"}}], "has no parameter 'sped'"),
        ([{"crash": "nobody"}], "unknown service 'nobody'"),
    ],
)
def test_experiments_that_make_no_sense_are_told(attempt: Try, tmp_path: Path, chaos: list[object], said: str) -> None:
    tried = attempt(lay_out(tmp_path / "ok", small(), chaos))
    assert said in tried.check("start")["reason"]


def test_an_image_that_does_not_exist_is_no_fault_of_the_stack(attempt: Try, tmp_path: Path) -> None:
    tried = attempt(lay_out(tmp_path / "no", "services: {a: {image: 'localhost:9/nothing:1'}}\n"))
    assert tried.check("start")["status"] == "error", tried.out
