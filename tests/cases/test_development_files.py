# ruff: noqa: E501 - a whole file per line reads better than a line per piece of it
"""Files for development, tests and examples decide nothing; what production uses of them does."""

from __future__ import annotations

from pathlib import Path

import pytest
from surveying import Survey, Surveyed

from seatrial.inspectors.secrets.samples import expand

PRIVILEGED = "services:\n  a: {image: 'acme/a:1.2', privileged: true, ports: ['80:80']}\n"
BASE = "services:\n  api: {image: 'acme/api:1.2'}\n"
PASSWORD = "Vrond7qa" + "leph9X"


def surveyed(survey: Survey, root: Path, files: dict[str, str], *only: str) -> Surveyed:
    for name, content in files.items():
        path = root / "tree" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
    return survey(root / "tree", only=only)


@pytest.mark.parametrize(
    "path",
    [
        ".devcontainer/docker-compose.yml", "docker-compose.dev.yml", "docker-compose.ci.yml", "compose.local.yaml",
        "compose-test.yaml", "compose.override.yaml", "examples/shop/compose.yaml", "e2e/compose.yaml",
        "pkg/testdata/compose.yaml", "fixtures/compose.yaml", "docs/deploy/compose.yaml", "samples/compose.yaml",
        "demo/docker-compose.yml", "docker/dev/compose.yaml",
    ],
)  # fmt: skip
def test_a_compose_file_for_development_is_low(survey: Survey, tmp_path: Path, path: str) -> None:
    done = surveyed(survey, tmp_path, {path: PRIVILEGED}, "compose")
    [found] = done.of("compose/privileged")
    assert found["severity"] == "low"
    assert found["message"].startswith("development only: ")
    assert {f["severity"] for f in done.findings} == {"low"}


@pytest.mark.parametrize(
    "path", ["compose.yaml", "docker-compose.prod.yml", "deploy/compose.yaml", "compose.tools.yml"]
)
def test_a_compose_file_for_production_is_not(survey: Survey, tmp_path: Path, path: str) -> None:
    [found] = surveyed(survey, tmp_path, {path: PRIVILEGED}, "compose").of("compose/privileged")
    assert found["severity"] == "critical"


def test_the_surveyed_directory_itself_is_no_example(survey: Survey, tmp_path: Path) -> None:
    root = tmp_path / "repository" / "examples" / "shop"
    root.mkdir(parents=True)
    (root / "compose.yaml").write_text(PRIVILEGED, "utf-8")
    [found] = survey(root, only=["compose"]).of("compose/privileged")
    assert found["severity"] == "critical"


@pytest.mark.parametrize(
    "text",
    [
        "include: [examples/compose.yaml]\n" + BASE,
        BASE + "  b: {extends: {file: examples/compose.yaml, service: a}, ports: ['81:80']}\n",
    ],
    ids=["include", "extends"],
)
def test_what_production_includes_keeps_its_weight(survey: Survey, tmp_path: Path, text: str) -> None:
    done = surveyed(survey, tmp_path, {"compose.yaml": text, "examples/compose.yaml": PRIVILEGED}, "compose")
    assert "critical" in {f["severity"] for f in done.of("compose/privileged")}


def test_what_another_file_for_development_includes_does_not(survey: Survey, tmp_path: Path) -> None:
    files = {"compose.yaml": BASE, "compose.dev.yaml": "include: [examples/a/compose.yaml]\n"}
    done = surveyed(survey, tmp_path, files | {"examples/a/compose.yaml": PRIVILEGED}, "compose")
    assert {f["severity"] for f in done.of("compose/privileged")} == {"low"}


DOCKERFILE = "FROM debian:12\nENV API_PASSWORD=" + PASSWORD + '\nRUN chmod 777 /srv\nCMD ["a"]\n'


@pytest.mark.parametrize(
    "path", ["Dockerfile.dev", ".devcontainer/Dockerfile", "tests/Dockerfile", "examples/a/Dockerfile"]
)
def test_a_dockerfile_for_development_is_low_unless_production_builds_it(
    survey: Survey, tmp_path: Path, path: str
) -> None:
    alone = surveyed(survey, tmp_path / "alone", {path: DOCKERFILE, "compose.yaml": BASE}, "dockerfile")
    assert {f["severity"] for f in alone.findings} == {"low"}
    folder, _, name = path.rpartition("/")
    built = f"services:\n  api: {{build: {{context: './{folder}', dockerfile: {name}}}}}\n"
    used = surveyed(survey, tmp_path / "used", {path: DOCKERFILE, "compose.yaml": built}, "dockerfile")
    assert "high" in {f["severity"] for f in used.findings}


def test_a_workflow_named_like_a_test_is_production(survey: Survey, tmp_path: Path) -> None:
    text = "on: pull_request_target\njobs: {a: {runs-on: ubuntu-24.04, steps: [{run: 'echo ${{ github.event.pull_request.title }}'}]}}\n"
    for name in ("test_deploy.yml", "e2e_test.yml"):
        done = surveyed(survey, tmp_path / name, {f".github/workflows/{name}": text}, "workflows")
        assert {"high", "critical"} & {f["severity"] for f in done.findings}


def test_variables_of_a_compose_file_for_development_are_low(survey: Survey, tmp_path: Path) -> None:
    text = "services:\n  db: {image: 'postgres:16', environment: {POSTGRES_PASSWORD: postgres, JWT_SECRET: abc}}\n"
    for name, expected in (("compose.dev.yaml", {"low"}), ("compose.yaml", {"low", "medium", "high"})):
        done = surveyed(survey, tmp_path / name, {name: text}, "environment", "compose", "secrets")
        assert {f["severity"] for f in done.findings} == expected


def test_bandit_in_tests_and_examples_is_low(survey: Survey, tmp_path: Path) -> None:
    code = "import subprocess\nsubprocess.run('ls ' + x, shell=True)\n"
    done = surveyed(survey, tmp_path, {"examples/a.py": code, "tests/test_a.py": code, "src/a.py": code}, "python")
    by_path = {f["location"]["path"]: f["severity"] for f in done.of("bandit/B602")}
    assert by_path == {"examples/a.py": "low", "tests/test_a.py": "low", "src/a.py": "high"}


def test_a_password_there_is_low_and_a_providers_key_is_what_it_is(survey: Survey, tmp_path: Path) -> None:
    text = f'db_password = "{PASSWORD}"\nkey = "{expand("ghp_{crc62:36}")}"\n'
    done = surveyed(survey, tmp_path, {"examples/a.py": text}, "secrets")
    found = {f["rule"]: (f["severity"], f["message"].startswith("development only: ")) for f in done.findings}
    assert found == {"secrets/password-assignment": ("low", True), "secrets/github-pat": ("critical", False)}
