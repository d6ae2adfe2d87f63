"""What a job's variables and its event's payload say, whoever wrote them."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seatrial.ci.github import environment
from seatrial.ci.github.environment import Event, GitHubEnvironment
from seatrial.ci.github.host import GitHub

BASE, HEAD, MERGE = "b" * 40, "c" * 40, "d" * 40
DEPENDABOT = "dependabot[bot]"


def repository(name: str = "o/r") -> dict[str, Any]:
    return {"full_name": name, "default_branch": "main"}


def pull(head: Mapping[str, Any] | None, author: str = "mona") -> dict[str, Any]:
    told = {
        "number": 7,
        "draft": False,
        "user": {"login": author},
        "head": {"sha": HEAD, "ref": "change", "repo": head},
        "base": {"sha": BASE, "ref": "main", "repo": repository()},
    }
    return {"action": "synchronize", "number": 7, "pull_request": told, "repository": repository()}


def run(head: Mapping[str, Any] | None, actor: str = "mallory") -> dict[str, Any]:
    told = {
        "id": 99, "event": "pull_request", "conclusion": "failure", "head_sha": HEAD, "head_branch": "change",
        "head_repository": head, "actor": {"login": actor},
    }  # fmt: skip
    return {"action": "completed", "workflow_run": told, "repository": repository()}


PUSH = {"ref": "refs/heads/main", "before": BASE, "after": HEAD, "repository": repository()}
GROUP = {
    "merge_group": {"head_sha": HEAD, "base_sha": BASE, "base_ref": "refs/heads/main"},
    "repository": repository(),
}
PAYLOADS: Mapping[str, Mapping[str, Any]] = {
    "push": PUSH,
    "pull_request": pull(repository("mallory/r")),
    "pull_request_target": pull(repository("mallory/r")),
    "merge_group": GROUP,
    "workflow_run": run(repository("mallory/r")),
    "schedule": {"schedule": "17 4 * * 1", "repository": repository()},
}


def read(path: Path, event: str, payload: object, **more: str) -> GitHubEnvironment:
    file = path / "event.json"
    file.write_text(payload if isinstance(payload, str) else json.dumps(payload), "utf-8")
    variables = {
        "GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": event, "GITHUB_EVENT_PATH": str(file),
        "GITHUB_REPOSITORY": "o/r", "GITHUB_SHA": MERGE, "GITHUB_REF": "refs/heads/main", "GITHUB_ACTOR": "mona",
    }  # fmt: skip
    made = environment.read(variables | more)
    assert made is not None
    return made


@pytest.mark.parametrize("variables", [{}, {"GITHUB_ACTIONS": "false"}, {"GITHUB_REPOSITORY": "o/r", "CI": "true"}])
def test_elsewhere_there_is_none(variables: dict[str, str]) -> None:
    assert environment.read(variables) is None


def test_push(tmp_path: Path) -> None:
    made = read(tmp_path, "push", PUSH)
    assert made.event is Event.PUSH
    assert (made.base_sha, made.base_ref, made.head_sha) == (BASE, "main", MERGE)
    assert (made.pull_request, made.fork, made.read_only) == (None, False, False)
    assert made.default_branch == "main"


def test_a_push_that_creates_a_branch_is_based_on_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, "push", PUSH | {"before": "0" * 40}).base_sha == ""


@pytest.mark.parametrize(
    ("head", "fork"),
    [
        (repository(), False),
        (repository("O/R"), False),  # GitHub's names are equal whatever their case
        (repository("mallory/r"), True),
        (None, True),  # the fork is gone
        ({}, True),
    ],
)
def test_a_pull_request_and_where_it_comes_from(tmp_path: Path, head: Mapping[str, Any] | None, fork: bool) -> None:
    made = read(tmp_path, "pull_request", pull(head), GITHUB_BASE_REF="main")
    assert made.pull_request is not None
    assert made.pull_request.number == 7
    assert (made.base_sha, made.base_ref, made.head_sha, made.sha) == (BASE, "main", HEAD, MERGE)
    assert (made.fork, made.read_only) == (fork, fork)


def test_a_target_event_writes_even_for_a_fork(tmp_path: Path) -> None:
    made = read(tmp_path, "pull_request_target", pull(repository("mallory/r")))
    assert (made.fork, made.read_only) == (True, False)


def test_dependabot_reads_only_and_so_does_a_run_of_its_that_a_person_repeats(tmp_path: Path) -> None:
    made = read(tmp_path, "pull_request", pull(repository(), DEPENDABOT), GITHUB_ACTOR=DEPENDABOT)
    assert (made.dependabot, made.fork, made.read_only) == (True, False, True)
    repeated = read(
        tmp_path, "pull_request", pull(repository()), GITHUB_ACTOR=DEPENDABOT, GITHUB_TRIGGERING_ACTOR="mona"
    )
    assert repeated.read_only
    taken_over = read(tmp_path, "pull_request", pull(repository(), DEPENDABOT), GITHUB_ACTOR="mona")
    assert not taken_over.read_only


def test_merge_group(tmp_path: Path) -> None:
    made = read(tmp_path, "merge_group", GROUP, GITHUB_SHA=HEAD)
    assert made.event is Event.MERGE_GROUP
    assert (made.base_sha, made.base_ref, made.head_sha, made.pull_request) == (BASE, "main", HEAD, None)


@pytest.mark.parametrize(("head", "fork"), [(repository("mallory/r"), True), (repository(), False), (None, True)])
def test_workflow_run(tmp_path: Path, head: Mapping[str, Any] | None, fork: bool) -> None:
    made = read(tmp_path, "workflow_run", run(head))
    assert made.workflow_run is not None
    assert (made.workflow_run.id, made.workflow_run.conclusion, made.head_sha) == (99, "failure", HEAD)
    assert (made.fork, made.read_only, made.pull_request) == (fork, False, None)


def test_workflow_run_of_dependabot(tmp_path: Path) -> None:
    made = read(tmp_path, "workflow_run", run(repository(), DEPENDABOT))
    assert (made.dependabot, made.read_only) == (True, False)


@pytest.mark.parametrize("event", ["schedule", "workflow_dispatch", "release"])
def test_events_without_a_change(tmp_path: Path, event: str) -> None:
    made = read(tmp_path, event, {"repository": repository()})
    assert made.event is Event(event)
    assert (made.base_sha, made.head_sha, made.fork, made.read_only) == ("", MERGE, False, False)


def test_an_event_of_next_year(tmp_path: Path) -> None:
    made = read(tmp_path, "tea_time", {})
    assert (made.event, made.event_name) == (Event.OTHER, "tea_time")


def test_addresses_of_an_enterprise_server(tmp_path: Path) -> None:
    own = {"GITHUB_API_URL": "https://ghe.example/api/v3", "GITHUB_SERVER_URL": "https://ghe.example"}
    made = read(tmp_path, "push", PUSH, GITHUB_RUN_ID="12", **own)
    assert made.api_url == "https://ghe.example/api/v3"
    assert made.run_url == "https://ghe.example/o/r/actions/runs/12"
    usual = read(tmp_path, "push", PUSH)
    assert (usual.api_url, usual.server_url, usual.run_url) == ("https://api.github.com", "https://github.com", "")


def test_the_runners_files_and_debugging(tmp_path: Path) -> None:
    made = read(tmp_path, "push", PUSH, GITHUB_OUTPUT="/o", GITHUB_STEP_SUMMARY="/s", RUNNER_DEBUG="1")
    assert (made.output_file, made.summary_file, made.state_file, made.debug) == (Path("/o"), Path("/s"), None, True)
    assert not read(tmp_path, "push", PUSH).debug


def test_the_token_is_the_inputs_and_never_shown(tmp_path: Path) -> None:
    made = read(tmp_path, "push", PUSH, INPUT_GITHUB_TOKEN="ghs_one", GITHUB_TOKEN="ghs_two")
    assert made.token == "ghs_one"
    assert "ghs_" not in repr(made)
    assert read(tmp_path, "push", PUSH, INPUT_GITHUB_TOKEN="", GITHUB_TOKEN="ghs_two").token == "ghs_two"


@pytest.mark.parametrize("payload", ["", "{", "[]", "null", "7", '"x"', "[" * 100_000, "\ufeff{}", '{"a": NaN}'])
def test_a_payload_that_is_none_leaves_the_variables(tmp_path: Path, payload: str) -> None:
    made = read(tmp_path, "push", payload)
    assert (made.repository, made.sha, made.base_sha) == ("o/r", MERGE, "")


OWN, FORK = pull(repository("o/r")), pull(repository("mallory/r"))
TRUSTED: Mapping[str, tuple[Mapping[str, Any], bool]] = {
    "push": (PUSH, True),
    "merge_group": (GROUP, True),
    "schedule": ({}, True),
    "release": ({}, True),
    "workflow_dispatch": ({}, True),
    "repository_dispatch": ({}, True),
    "pull_request": (OWN, True),
    "pull_request_target": (OWN, False),
    "workflow_run": (run(repository("o/r")), False),
    "issue_comment": ({"issue": {"number": 7, "pull_request": {}}}, False),
    "issues": ({}, False),
    "pull_request_review": (OWN, False),
    "pull_request_review_comment": (OWN, False),
    "pull_request_comment": (OWN, False),
    "discussion": ({}, False),
    "discussion_comment": ({}, False),
    "deployment": ({}, False),
    "check_run": ({}, False),
    "status": ({}, False),
    "fork": ({}, False),
    "watch": ({}, False),
    "other": ({}, False),
    "PUSH": (PUSH, False),
    "": ({}, False),
}


@pytest.mark.parametrize("event", TRUSTED)
def test_which_events_say_that_the_code_is_the_repositorys_own(tmp_path: Path, event: str) -> None:
    payload, trusted = TRUSTED[event]
    assert read(tmp_path, event, payload).own_code is trusted


def test_every_event_that_we_know_is_in_that_table() -> None:
    assert set(Event) <= set(TRUSTED)


@pytest.mark.parametrize("payload", [FORK, pull(None), {}, {"pull_request": {}}, {"pull_request": {"number": 7}}])
def test_a_pull_request_that_is_not_known_to_be_our_own_is_not(tmp_path: Path, payload: Mapping[str, Any]) -> None:
    assert not read(tmp_path, "pull_request", payload).own_code


def test_a_payload_that_cannot_be_read_leaves_the_variables(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing", tmp_path / "nul\0"):
        made = environment.read({"GITHUB_ACTIONS": "true", "GITHUB_EVENT_PATH": str(path), "GITHUB_SHA": MERGE})
        assert made is not None
        assert made.sha == MERGE
    (tmp_path / "bytes").write_bytes(b'{"before": "\xff"}')
    assert environment.read({"GITHUB_ACTIONS": "true", "GITHUB_EVENT_PATH": str(tmp_path / "bytes")}) is not None


def test_what_is_no_commit_is_none(tmp_path: Path) -> None:
    """It would be handed to git, which takes `--option` and `@{-1}` for something else."""
    for wrong in ("--upload-pack=x", "@{-1}", "main", "c" * 39, "c" * 41, "C" * 40, f"{HEAD}\n", "../x", "g" * 40):
        told = pull(repository("mallory/r"))
        told["pull_request"]["head"]["sha"] = told["pull_request"]["base"]["sha"] = wrong
        made = read(tmp_path, "pull_request", told)
        assert made.pull_request is not None
        assert {made.base_sha, made.pull_request.head_sha, made.pull_request.base_sha} == {""}
        assert made.head_sha == MERGE
    assert read(tmp_path, "push", PUSH | {"before": "e" * 64}).base_sha == "e" * 64


def places(node: object, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    inner = [p for key, value in node.items() for p in places(value, (*path, key))] if isinstance(node, dict) else []
    return [path, *inner] if path else inner


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)


@given(st.data())
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_stands_in_a_payload_every_field_is_of_its_kind(tmp_path: Path, data: st.DataObject) -> None:
    event = data.draw(st.sampled_from(sorted(PAYLOADS)))
    payload = json.loads(json.dumps(PAYLOADS[event]))
    for path in data.draw(st.lists(st.sampled_from(places(payload)), max_size=3)):
        node = payload
        for key in path[:-1]:
            node = node.get(key) if isinstance(node, dict) else None
        if isinstance(node, dict):
            node[path[-1]] = data.draw(JSON)
    made = read(tmp_path, event, payload)
    for part in (made, made.pull_request, made.workflow_run):
        if part is not None:
            assert [f.name for f in dataclasses.fields(part) if not isinstance(getattr(part, f.name), _kind(f))] == []


def _kind(declared: dataclasses.Field[Any]) -> type | tuple[type, ...]:
    known: dict[str, type] = {"str": str, "int": int, "bool": bool, "Path": Path, "Event": Event}
    return known.get(str(declared.type), object)


def test_a_directorys_path_in_the_workspace(tmp_path: Path) -> None:
    made = GitHub({"GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": str(tmp_path / "w")})
    assert made.folder(tmp_path / "w") == ""
    assert made.folder(tmp_path / "w" / "apps" / ".." / "apps" / "shop") == "apps/shop"
    assert made.folder(tmp_path / "elsewhere") == ""
