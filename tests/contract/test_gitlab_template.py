"""The file that GitLab's users include, and what docs/gitlab.md and README say of it."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from seatrial.app.cli import cli

ROOT = Path(__file__).parents[2]
TEMPLATE = ROOT / "workflows" / "seatrial.gitlab-ci.yml"
HEADER, JOBS = TEMPLATE.read_text("utf-8").split("\n---\n")
INPUTS: dict[str, Any] = yaml.safe_load(HEADER)["spec"]["inputs"]
INCLUDED = re.compile(r"https://raw\.githubusercontent\.com/seatrial/seatrial/v1/(\S+)")


def rendered(**given: str) -> dict[str, Any]:
    """The jobs with their inputs, as GitLab interpolates them."""
    values = {name: one["default"] for name, one in INPUTS.items()} | given

    def value(found: re.Match[str]) -> str:
        return str(values[found[1]])

    jobs: dict[str, Any] = yaml.safe_load(re.sub(r"\$\[\[ inputs\.(\w+) \]\]", value, JOBS))
    return jobs


def test_every_input_is_described_and_used() -> None:
    used = set(re.findall(r"inputs\.(\w+)", JOBS))
    assert used == set(INPUTS)
    assert all(one["description"] and "default" in one for one in INPUTS.values())


def test_it_is_one_job_that_keeps_its_reports_whatever_the_verdict() -> None:
    [(name, job)] = rendered(job="seaworthy").items()
    assert name == "seaworthy"
    assert job["artifacts"]["when"] == "always"
    assert job["image"]["entrypoint"] == [""]
    assert job["variables"]["GIT_DEPTH"] == "0"
    assert set(job["artifacts"]["reports"]) == {"codequality", "junit", "dotenv"}


def test_the_report_files_are_those_that_the_host_writes() -> None:
    from seatrial.ci.gitlab.host import GitLab

    names = {Path(path).name for path in rendered()["readiness"]["artifacts"]["reports"].values()}
    outcome: Any = None
    assert names - {"junit.xml"} == set(GitLab({}).reports(outcome))


def test_the_script_runs_the_program_of_the_image() -> None:
    [line] = rendered(path="a", arguments="--fail-below 90")["readiness"]["script"]
    program, *words = shlex.split(line)
    assert program in (ROOT / "Dockerfile").read_text("utf-8")
    assert words == ["run", "a", "--fail-below", "90"]


def blocks() -> list[tuple[str, dict[str, Any]]]:
    found = []
    for name in ("README.md", "docs/gitlab.md"):
        for text in re.findall(r"```yaml\n(include:.*?)```", (ROOT / name).read_text("utf-8"), re.DOTALL):
            found.append((name, yaml.safe_load(text)))
    return found


@pytest.mark.parametrize(("name", "block"), blocks())
def test_what_is_copied_from_the_documents_works(name: str, block: dict[str, Any], tmp_path: Path) -> None:
    for include in block["include"]:
        found = INCLUDED.fullmatch(include["remote"])
        assert found is not None
        assert (ROOT / found[1]) == TEMPLATE
        assert set(include["inputs"]) <= set(INPUTS)
        [job] = rendered(**include["inputs"]).values()
        _, command, _path, *options = shlex.split(job["script"][0])
        done = CliRunner().invoke(cli, [command, "--help"])
        assert done.exit_code == 0
        assert all(option in done.output for option in options if option.startswith("--"))


def test_every_document_with_the_file_was_found() -> None:
    assert {name for name, _ in blocks()} == {"README.md", "docs/gitlab.md"}
    assert INCLUDED.search(HEADER) is not None
