"""What pipelines do, read from the files of each system."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from seatrial.inspectors import ci
from seatrial.inspectors.ci import CiSystem, Trigger
from seatrial.inspectors.practices import pipelines
from seatrial.inspectors.whole import Whole
from seatrial.system.source import open_tree

GITHUB = ".github/workflows/ci.yml"


def whole(root: Path, files: dict[str, str]) -> Whole:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return Whole(open_tree(root))


def jobs(root: Path, files: dict[str, str]) -> tuple[ci.PipelineJob, ...]:
    return ci.read(whole(root, files)).jobs


SYSTEMS = {
    CiSystem.GITHUB: (GITHUB, "on: pull_request\njobs: {t: {runs-on: x, steps: [{run: pytest}]}}\n"),
    CiSystem.GITLAB: (".gitlab-ci.yml", "t:\n  script: [pytest]\n"),
    CiSystem.JENKINS: ("Jenkinsfile", "pipeline { stages { stage('t') { steps { sh 'pytest' } } } }\n"),
    CiSystem.CIRCLECI: (".circleci/config.yml", "jobs: {t: {docker: [], steps: [checkout, {run: pytest}]}}\n"),
    CiSystem.AZURE: ("azure-pipelines.yml", "steps:\n  - script: pytest\n"),
    CiSystem.WOODPECKER: (".woodpecker.yml", "steps:\n  t: {image: python, commands: [pytest]}\n"),
    CiSystem.BUILDKITE: (".buildkite/pipeline.yml", "steps:\n  - {label: t, command: pytest}\n"),
    CiSystem.DRONE: (".drone.yml", "kind: pipeline\nsteps:\n  - {name: t, image: python, commands: [pytest]}\n"),
    CiSystem.TRAVIS: (".travis.yml", "language: python\nscript: pytest\n"),
    CiSystem.BITBUCKET: (
        "bitbucket-pipelines.yml", "pipelines:\n  pull-requests:\n    '**':\n      - step: {script: [pytest]}\n",
    ),
}  # fmt: skip


def test_every_system_has_a_reader_and_a_sample() -> None:
    assert {reader.SYSTEM for reader in ci.READERS} == set(CiSystem) == set(SYSTEMS)


@pytest.mark.parametrize("system", SYSTEMS)
def test_tests_before_the_merge_are_seen_in_every_system(system: CiSystem, tmp_path: Path) -> None:
    path, text = SYSTEMS[system]
    (job,) = jobs(tmp_path, {path: text})
    assert job.system is system
    assert job.before_merge
    assert pipelines.tests(job)
    assert not pipelines.scans(job)
    assert job.at.path == path


LATER = {
    "github push to main": (GITHUB, "on: {push: {branches: [main]}}\njobs: {t: {steps: [{run: pytest}]}}\n"),
    "github by hand": (GITHUB, "on: workflow_dispatch\njobs: {t: {steps: [{run: pytest}]}}\n"),
    "github condition": (
        GITHUB, "on: [push, pull_request]\njobs: {t: {if: github.event_name == 'push', steps: [{run: pytest}]}}\n",
    ),
    "gitlab default branch": (
        ".gitlab-ci.yml", "t:\n  script: [pytest]\n  rules:\n    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH\n",
    ),
    "gitlab only": (".gitlab-ci.yml", "t: {script: [pytest], only: [main, tags]}\n"),
    "gitlab workflow": (
        ".gitlab-ci.yml", "workflow: {rules: [{if: $CI_COMMIT_TAG}]}\nt: {script: [pytest]}\n",
    ),
    "jenkins branch": (
        "Jenkinsfile", "pipeline { stages { stage('t') { when { branch 'main' }\n steps { sh 'pytest' } } } }\n",
    ),
    "circle branches": (
        ".circleci/config.yml",
        "jobs: {t: {steps: [{run: pytest}]}}\nworkflows: {w: {jobs: [{t: {filters: {branches: {only: main}}}}]}}\n",
    ),
    "azure": ("azure-pipelines.yml", "pr: none\nsteps: [{script: pytest}]\n"),
    "woodpecker": (".woodpecker/t.yml", "when: {event: push}\nsteps: {t: {image: x, commands: [pytest]}}\n"),
    "drone": (".drone.yml", "kind: pipeline\ntrigger: {event: [tag]}\nsteps: [{name: t, commands: [pytest]}]\n"),
    "buildkite": (".buildkite/pipeline.yml", "steps: [{command: pytest, branches: main}]\n"),
    "bitbucket": ("bitbucket-pipelines.yml", "pipelines: {branches: {main: [{step: {script: [pytest]}}]}}\n"),
}  # fmt: skip


@pytest.mark.parametrize("case", LATER)
def test_what_runs_after_the_merge_is_told_apart(case: str, tmp_path: Path) -> None:
    path, text = LATER[case]
    (job,) = jobs(tmp_path, {path: text})
    assert pipelines.tests(job)
    assert not job.before_merge


CALLS: dict[str, dict[str, str]] = {
    "bash scripts/check.sh": {"scripts/check.sh": "#!/bin/bash\nset -e\ncoverage run -m pytest\n"},
    "./ci/run": {"ci/run": "#!/bin/sh\nexec poetry run pytest -q\n"},
    "make verify": {"Makefile": "all: lint\nverify: unit\nunit:\n\t@pytest -q\n"},
    "make": {"Makefile": "unit: build\n\tctest\nbuild:\n\tcc x.c\n"},
    "make -C backend test": {"backend/Makefile": "test:\n\tgo test ./...\n"},
    "npm run ci": {"package.json": '{"scripts": {"ci": "npm run unit", "unit": "vitest run"}}'},
    "pnpm -r run verify": {"packages/a/package.json": '{"scripts": {"verify": "jest"}}'},
    "just verify": {"justfile": "verify:\n    cargo test\n"},
    "poe verify": {"pyproject.toml": "[tool.poe.tasks]\nverify = 'pytest'\n"},
    "hatch run verify": {"pyproject.toml": "[tool.hatch.envs.default.scripts]\nverify = 'pytest'\n"},
    "python scripts/ci.py": {"scripts/ci.py": "import subprocess\nsubprocess.run(['pytest'])\n"},
    "docker compose -f compose.ci.yml run tests": {"compose.ci.yml": "services:\n  tests:\n    command: pytest\n"},
    "env A=1 ./t.sh": {"t.sh": "bats tests\n"},
}


@pytest.mark.parametrize("command", CALLS)
def test_tests_that_a_script_runs_are_tests(command: str, tmp_path: Path) -> None:
    workflow = f"on: pull_request\njobs:\n  t:\n    steps:\n      - run: {command}\n"
    (job,) = jobs(tmp_path, {GITHUB: workflow, **CALLS[command]})
    assert pipelines.tests(job), job.commands


NO_TESTS = (
    "echo run pytest before you push",
    "# pytest",
    "pip install --quiet pytest",
    "apt-get install -y bats",
    "ruff check tests/test_a.py",
    "cat scripts/check.sh",
    "make lint",
)


@pytest.mark.parametrize("command", NO_TESTS)
def test_what_only_names_tests_is_none(command: str, tmp_path: Path) -> None:
    files = {
        "tests/test_a.py": "import pytest\n",
        "scripts/check.sh": "pytest\n",
        "Makefile": "lint:\n\truff check .\ntest:\n\tpytest\n",
    }
    workflow = f"on: pull_request\njobs:\n  t:\n    steps:\n      - run: '{command}'\n"
    (job,) = jobs(tmp_path, {GITHUB: workflow, **files})
    assert not pipelines.tests(job), job.commands


def test_calls_in_circles_end(tmp_path: Path) -> None:
    files = {"a.sh": "./b.sh\n", "b.sh": "./a.sh\nmake x\n", "Makefile": "x: y\n\t./a.sh\ny: x\n"}
    (job,) = jobs(tmp_path, {GITHUB: "on: pull_request\njobs: {t: {steps: [{run: ./a.sh}]}}\n", **files})
    assert not pipelines.tests(job)


def test_a_workflow_and_an_action_of_the_repository_are_followed(tmp_path: Path) -> None:
    files = {
        GITHUB: "on: pull_request\njobs: {t: {uses: ./.github/workflows/inner.yml}}\n",
        ".github/workflows/inner.yml": "on: workflow_call\njobs: {u: {steps: [{uses: ./.github/actions/run}]}}\n",
        ".github/actions/run/action.yml": "runs: {using: composite, steps: [{run: cargo test, shell: bash}]}\n",
    }
    (job,) = jobs(tmp_path, files)
    assert pipelines.tests(job)
    assert job.unseen == ()


def test_what_lies_in_another_repository_is_named(tmp_path: Path) -> None:
    (job,) = jobs(tmp_path, {GITHUB: "on: pull_request\njobs: {t: {uses: org/ci/.github/workflows/t.yml@v1}}\n"})
    assert job.unseen == ("org/ci/.github/workflows/t.yml@v1",)


def test_gitlab_extends_references_and_includes(tmp_path: Path) -> None:
    files = {
        ".gitlab-ci.yml": "include:\n  - local: /ci/base.yml\n  - template: Security/SAST.gitlab-ci.yml\n"
        "a:\n  extends: .base\nb:\n  script:\n    - !reference [.base, script]\n",
        "ci/base.yml": ".base:\n  script: [go test ./...]\n"
        "  rules: [{if: $CI_PIPELINE_SOURCE == 'merge_request_event'}]\n",
    }
    found = {job.name: job for job in jobs(tmp_path, files)}
    assert pipelines.tests(found["a"])
    assert pipelines.tests(found["b"])
    assert found["a"].triggers == Trigger.PULL_REQUEST
    assert pipelines.scans(found["Security/SAST.gitlab-ci.yml"])
    assert ".base" not in found


def test_comments_of_a_jenkinsfile_run_nothing(tmp_path: Path) -> None:
    text = "pipeline { stages { stage('t') { steps {\n // sh 'pytest'\n /* sh 'pytest' */ sh 'make' } } } }\n"
    (job,) = jobs(tmp_path, {"Jenkinsfile": text})
    assert not pipelines.tests(job)


@pytest.mark.parametrize("text", ["a: [", "", "- 1\n", "7\n", "{}\n", "on: {x: [[]]}\njobs: {t: [1, {steps: {}}]}\n"])
@pytest.mark.parametrize("path", [path for path, _ in SYSTEMS.values() if path != "Jenkinsfile"])
def test_hostile_files_are_read_or_named(path: str, text: str, tmp_path: Path) -> None:
    found = ci.read(whole(tmp_path, {path: text}))
    assert set(found.files) | set(found.unread) == {path}
    assert not any(job.before_merge and pipelines.tests(job) for job in found.jobs)


SCANS: tuple[tuple[str, Callable[[ci.PipelineJob], bool]], ...] = (
    ("on: pull_request\njobs: {t: {steps: [{uses: github/codeql-action/analyze@v3}]}}\n", pipelines.scans),
    ("on: pull_request\njobs: {t: {steps: [{run: trivy image x}]}}\n", pipelines.scans),
    ("on: pull_request\njobs: {t: {steps: [{run: npm audit}]}}\n", pipelines.scans),
)


@pytest.mark.parametrize(("text", "wanted"), SCANS)
def test_scanners_are_known(text: str, wanted: Callable[[ci.PipelineJob], bool], tmp_path: Path) -> None:
    (job,) = jobs(tmp_path, {GITHUB: text})
    assert wanted(job)


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    found = ci.read(whole(tmp_path, {".gitlab-ci.yml": "a: [", ".circleci/config.yml": ""}))
    assert set(found.unread) == {".gitlab-ci.yml", ".circleci/config.yml"}
    assert not found.jobs
