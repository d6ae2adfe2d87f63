"""Whether a job tests, through the scripts and build tools of the tree."""

from __future__ import annotations

from pathlib import Path

import pytest

from seatrial.domain import Location
from seatrial.inspectors.ci import CiSystem, PipelineJob, Trigger
from seatrial.inspectors.ci.commands import expanded
from seatrial.inspectors.practices import pipelines
from seatrial.inspectors.whole import Whole
from seatrial.system.source import open_tree

FILES = {
    "scripts/ci.sh": "#!/bin/sh\nset -e\nscripts/inner.sh\n",
    "scripts/inner.sh": "uv run pytest -q\n",
    "scripts/build.sh": "# pytest is not run here\ndocker build .\n",
    "script/cibuild": "bundle exec rspec\n",
    "tool.py": "import subprocess\nsubprocess.run(['go', 'build'])\n",
    "Makefile": ".PHONY: all ci\nall: build\n\nbuild:\n\tgo build ./...\n\n"
    "ci: lint verify\n\nlint:\n\truff check\n\n"
    "verify:\n\t@$(GO) vet\n\t@go test ./...\n\nrelease: build\n\tgoreleaser\n",
    "justfile": "build:\n    cargo build\nverify: build\n    cargo nextest run\n",
    "Taskfile.yml": "version: '3'\ntasks:\n"
    "  ci:\n    cmds:\n      - task: unit\n  unit:\n    cmds:\n      - go test ./...\n"
    "  build:\n    cmds:\n      - go build\n",
    "package.json": '{"scripts": {"verify": "eslint . && vitest run", "build": "tsc", "ci": "npm run verify"}}',
    "web/package.json": '{"scripts": {"check": "jest"}}',
}


class Follower:
    """Asks of one command whether it leads to tests."""

    def __init__(self, whole: Whole) -> None:
        self._whole = whole

    def command(self, text: str, folder: str = "") -> bool:
        ran = expanded(self._whole, text, folder)
        return pipelines.tests(PipelineJob(CiSystem.GITHUB, Location("a.yml", 1), "a", Trigger.PULL_REQUEST, ran))


@pytest.fixture
def testing(tmp_path: Path) -> Follower:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    return Follower(Whole(open_tree(tmp_path)))


@pytest.mark.parametrize(
    "command",
    [
        "uv run bash scripts/tests-start.sh", "./run_tests.sh", "bash ./test.sh --fast", "sh ci/unit-tests.sh",
        "python scripts/run_tests.py", "./scripts/ci.sh", "bash scripts/ci.sh", "script/cibuild", "make ci",
        "make -j4 verify", "just verify", "just test", "task ci", "task unit", "npm run verify",
        "npm run ci", "yarn verify",
        "hatch run test", "pdm run test:unit", "composer test", "deno test -A", "poe test", "npx nx run-many -t test",
        "npx cypress run", "bats spec/", "earthly +unit-test", "prove -r t", "invoke tests", "flutter test",
        "docker compose run --rm app pytest",
    ],
)  # fmt: skip
def test_a_command_that_leads_to_tests_tests(testing: Follower, command: str) -> None:
    assert testing.command(command)


@pytest.mark.parametrize(
    "command",
    [
        "bash scripts/build.sh", "make", "make all", "make release", "just build", "task build", "npm run build",
        "npm ci", "python tool.py", "docker build .", "./gone.sh", "echo latest", "pip install .", "make absent",
        "cat contest.sh", "bash scripts/attest.sh", "just --list", "uv sync --group test",
        "uv run --group test python app.py", "poetry install --with test", "uv pip install -r requirements-test.txt",
        "echo robot-token", "cargo build --features test",
    ],
)  # fmt: skip
def test_a_command_that_leads_to_no_tests_does_not(testing: Follower, command: str) -> None:
    assert not testing.command(command)


def test_scripts_of_a_folder_are_read_there(testing: Follower) -> None:
    assert testing.command("npm run check", "web")
    assert not testing.command("npm run check")


def test_a_script_that_calls_itself_ends(tmp_path: Path) -> None:
    (tmp_path / "a.sh").write_text("./a.sh\nmake loop\n")
    (tmp_path / "Makefile").write_text("loop: loop2\nloop2: loop\n\t./a.sh\n")
    assert not Follower(Whole(open_tree(tmp_path))).command("./a.sh")
