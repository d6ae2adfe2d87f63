"""Every command, as a user calls it."""

from __future__ import annotations

import json

import pytest
from running import CARED_FOR, Seatrial, Tree

from seatrial import __version__


def test_version_names_the_tools(seatrial: Seatrial) -> None:
    run = seatrial("--version")
    assert run.code == 0
    lines = run.out.splitlines()
    assert lines[0] == f"seatrial {__version__} (model 2026.2)"
    assert {"bandit", "hyperscan", "git"} <= {line.split()[0] for line in lines}


def test_no_command_shows_the_help(seatrial: Seatrial) -> None:
    run = seatrial()
    assert run.code == 2
    assert run.err.startswith("Usage: seatrial")
    assert "\nCommands:\n" in run.err


@pytest.mark.parametrize("command", ["run", "plan", "explain", "init", "schema"])
def test_every_command_has_a_help(seatrial: Seatrial, command: str) -> None:
    run = seatrial(command, "--help")
    assert run.code == 0
    assert run.out.startswith(f"Usage: seatrial {command}")


def test_plan_says_what_and_why_not(seatrial: Seatrial, tree: Tree) -> None:
    run = seatrial("plan", tree({"a.py": "x = 1\n"}), "--skip", "secrets/tokens")
    assert run.code == 0
    lines = run.out.splitlines()
    assert any(line.split()[:2] == ["python/bandit", "Bandit"] for line in lines)
    assert any(line.split() == ["secrets/tokens", "skip:", "turned", "off", "by", "`skip`"] for line in lines)
    assert any(line.startswith("  compose/privileged") and "na: no Compose file in the tree" in line for line in lines)


def test_a_disabled_check_is_skipped_with_its_reason(seatrial: Seatrial, tree: Tree) -> None:
    policy = "disable: {python/bandit: nobody runs this code}\n"
    root = tree(CARED_FOR | {"a.py": "exec('1')\n", ".seatrial.yml": policy})
    run = seatrial("run", root)
    check = next(c for c in run.json["checks"] if c["id"] == "python/bandit")
    assert (check["status"], check["reason"]) == ("skip", "turned off in the configuration: nobody runs this code")
    assert run.code == 3, "a required check has no answer"


def test_a_flag_beats_an_input_and_an_input_beats_the_file(seatrial: Seatrial, tree: Tree) -> None:
    root = tree({"a.py": "x = 1\n", ".seatrial.yml": "fail_below: 10\n"})
    assert seatrial("run", root).json["policy"]["fail_below"] == 10
    assert seatrial("run", root, env={"INPUT_FAIL_BELOW": "20"}).json["policy"]["fail_below"] == 20
    run = seatrial("run", root, "--fail-below", "30", env={"INPUT_FAIL_BELOW": "20"})
    assert run.json["policy"]["fail_below"] == 30


def test_init_then_run(seatrial: Seatrial, tree: Tree) -> None:
    root = tree(CARED_FOR | {"a.py": "x = 1\n"})
    assert seatrial("init", root).out.split() == [
        "written",
        ".seatrial.yml",
        "written",
        ".github/workflows/seatrial.yml",
    ]
    assert seatrial("run", root).code == 0


def test_the_line_that_init_writes_is_reported_until_it_is_pinned_as_it_says(seatrial: Seatrial, tree: Tree) -> None:
    """A tag of ours can be moved like any other one."""
    root = tree(CARED_FOR | {"a.py": "x = 1\n"})
    seatrial("init", root)
    workflow = root / ".github" / "workflows" / "seatrial.yml"
    text = workflow.read_text("utf-8")
    line = text.splitlines().index("      - uses: seatrial/seatrial@v1") + 1

    def reported() -> list[tuple[str, int]]:
        found = seatrial("run", root, "--only", "workflows").json["findings"]
        return [(f["rule"], f["location"]["line"]) for f in found if f["location"]["path"].endswith("seatrial.yml")]

    assert reported() == [("zizmor/unpinned-uses", line)]
    assert "write @COMMIT # v1 in place of @v1" in text
    workflow.write_text(text.replace("seatrial@v1\n", f"seatrial@{'0a1b2c3d4e' * 4} # v1\n"), "utf-8")
    assert reported() == []


def test_schema_is_json(seatrial: Seatrial) -> None:
    assert json.loads(seatrial("schema").out)["$id"] == "urn:seatrial:report:1.3"


def test_explain(seatrial: Seatrial) -> None:
    run = seatrial("explain", "compose/docker-socket")
    assert run.code == 0
    assert run.out.startswith("# compose/docker-socket: No container holds the Docker socket\n")
    wrong = seatrial("explain", "compose/doker-socket")
    assert wrong.code == 2
    assert "did you mean compose/docker-socket" in wrong.err


def test_a_waived_finding_opens_the_gate(seatrial: Seatrial, tree: Tree) -> None:
    import datetime as dt

    today = dt.datetime.now(dt.UTC).date()
    waiver = (
        "waivers:\n"
        "  - {rule: compose/privileged, path: compose.yaml, owner: ops, reason: the old kernel needs it until June,\n"
        f"     created: {today}, expires: {today + dt.timedelta(days=20)}}}\n"
    )
    compose = (
        "services:\n"
        "  api:\n"
        "    image: acme/api:1.2\n"
        "    privileged: true\n"
        '    ports: ["8080:8080"]\n'
        "    restart: unless-stopped\n"
        "    healthcheck: {test: [CMD, wget, -qO-, 'http://127.0.0.1:8080/health']}\n"
    )
    root = tree(CARED_FOR | {"compose.yaml": compose, ".seatrial.yml": "fail_below: 50\n"})
    run = seatrial("run", root)
    assert run.code == 1, run.out
    assert [f["waived"] for f in run.json["findings"] if f["severity"] == "critical"] == [False]
    (root / ".seatrial.yml").write_text(f"fail_below: 50\n{waiver}")
    run = seatrial("run", root, "--verbose")  # waived ones are told last
    assert run.code == 0, run.out
    assert [f["waived"] for f in run.json["findings"] if f["rule"] == "compose/privileged"] == [True]
    assert "(waived)" in run.out


PHASES = """
version: 1
phases:
  D: {title: Resilience, checks: [compose, trial]}
  A: [practices/tests, practices/ci-tests]
  L: [python, secrets]
"""
SHOP: dict[str, str | bytes] = {
    "compose.yaml": "services:\n  shop: {image: 'acme/shop:1.2.3', restart: always}\n",
    "shop.py": "x = 1\n",
}


def test_phases_are_in_every_report(seatrial: Seatrial, tree: Tree) -> None:
    run = seatrial("run", tree(SHOP | {".seatrial.yml": PHASES}), "--osv-url", "off")
    statuses = {c["id"]: c["status"] for c in run.json["checks"]}
    for one in run.json["phases"]:
        mine = [s for id_, s in statuses.items() if any(id_ == n or id_.startswith(f"{n}/") for n in one["checks"])]
        passed, failed = mine.count("pass"), mine.count("fail")
        assert (one["passed"], one["failed"]) == (passed, failed)
        assert one["score"] == round(10 * passed / (passed + failed), 6)
        assert one["unmeasured"] == sum(s in ("skip", "error", "blocked") for s in mine)
    assert [one["label"] for one in run.json["phases"]] == ["A", "D", "L"]
    assert run.json["phases"][0]["score"] == 0, "there are no tests"
    assert run.json["phases"][1]["unmeasured"] > 0, "the trial was not run"
    shown = f"{run.json['phases'][1]['score']:.1f}"
    for text in (run.out, *((run.reports / name).read_text("utf-8") for name in ("summary.md", "report.html"))):
        line = next(line for line in text.splitlines() if "D Resilience" in line)
        assert shown in line
        assert "not measured" in line


def test_a_phase_of_unknown_checks_is_refused(seatrial: Seatrial, tree: Tree) -> None:
    run = seatrial("run", tree({"a.py": "", ".seatrial.yml": "phases: {A: [compose/helthcheck]}\n"}))
    assert run.code == 2
    assert "there is no check 'compose/helthcheck'" in run.err
