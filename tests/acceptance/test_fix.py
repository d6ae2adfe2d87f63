"""`seatrial fix`, as a user calls it: what it prints, what it writes, and what it leaves alone."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from seatrial.app.cli import main
from seatrial.domain.errors import ExitCode

ROOT = Path(__file__).parents[2]
COMPOSE = """\
# The shop.
services:
  api:
    build: .
    ports: ["8080:8080"]  # behind the proxy
    depends_on: [db]
  db:
    image: postgres:17.2
    volumes: [pg:/var/lib/postgresql/data]
volumes: {pg: {}}
"""
WORKFLOW = """\
on: pull_request
jobs:
  test:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2
        with: {persist-credentials: false}
      - uses: codecov/codecov-action@v5.4.3
      - uses: docker/login-action@v3
      - run: make test
      - run: echo "${{ github.event.pull_request.title }}"
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "shop"
    (root / ".github/workflows").mkdir(parents=True)
    (root / "compose.yaml").write_text(COMPOSE)
    (root / ".github/workflows/ci.yml").write_text(WORKFLOW)
    (root / "Dockerfile").write_text("FROM python:3.13-slim\nEXPOSE 8080\nCMD python -m shop\n")
    subprocess.run(["git", "init", "-q", "."], cwd=root, check=True)
    return root


def fix(tree: Path, *options: str) -> int:
    environ = {"PATH": os.environ["PATH"], "HOME": str(tree.parent)}
    return main(["fix", str(tree), *options], environ)


def test_safe_fixes_are_written_and_the_rest_is_counted(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert fix(tree) == ExitCode.PASSED
    told = capsys.readouterr().out
    compose = (tree / "compose.yaml").read_text()
    assert compose.startswith("# The shop.\n")
    assert 'ports: ["8080:8080"]  # behind the proxy' in compose  # an unsafe fix
    assert "depends_on: {db: {condition: service_healthy}}" in compose
    assert "pg_isready" in compose
    assert compose.count("restart: unless-stopped") == 2
    assert 'CMD ["python", "-m", "shop"]' in (tree / "Dockerfile").read_text()
    workflow = (tree / ".github/workflows/ci.yml").read_text()
    assert "codecov-action@18283e04ce6e62d37312384ff67231eb8fd56d24 # v5.4.3" in workflow
    assert "docker/login-action@v3\n" in workflow  # v3 is not only the version that is known
    assert "compose/healthcheck            add a healthcheck: db" in told
    assert "add --unsafe-fixes" in told


def test_a_dry_run_prints_patches_that_git_applies(tree: Path, capfd: pytest.CaptureFixture[str]) -> None:
    before = {p: p.read_bytes() for p in tree.rglob("*") if p.is_file() and ".git/" not in str(p)}
    assert fix(tree, "--dry-run", "--unsafe-fixes") == ExitCode.PASSED
    shown = capfd.readouterr().out
    assert {p: p.read_bytes() for p in before} == before
    patch = shown[: shown.rindex("\n\n") + 1]
    assert 'echo "${GITHUB_EVENT_PULL_REQUEST_TITLE}"' in patch  # zizmor's own fix
    subprocess.run(["git", "apply", "--check", "-"], cwd=tree, input=patch.encode(), check=True)
    subprocess.run(["git", "apply", "-"], cwd=tree, input=patch.encode(), check=True)
    assert fix(tree, "--dry-run", "--unsafe-fixes") == ExitCode.PASSED
    assert "0 findings can be fixed." in capfd.readouterr().out


SECRETS = """\
services:
  db:
    image: postgres:17.2
    environment:
      POSTGRES_PASSWORD: tr0ub4d
      NOTES: |
        sesame is no secret here
      ADMIN_TOKEN: |
        s3same
        open
    command: serve --password hunt3r
  api:
    image: registry.example.com/shop:1.2.3
    environment: {DATABASE_URL: "postgres://app:tr0ub4d@db/app", DB_PASS: "${DB_PASS}"}
"""


def test_a_dry_run_masks_short_passwords_around_a_change(tree: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tree / "compose.yaml").write_text(SECRETS)
    assert fix(tree, "--dry-run", "--unsafe-fixes") == ExitCode.PASSED
    shown = capfd.readouterr().out
    assert not [value for value in ("tr0ub4d", "s3same", "hunt3r") if value in shown]
    assert "\n     command: serve --password ****\n" in shown
    assert "+    restart: unless-stopped" in shown
    assert "# compose.yaml: secrets are masked, so `git apply` refuses this patch; `seatrial fix` makes it." in shown
    assert "persist-credentials: false" in shown, "a word that holds no secret stays"
    assert "ci.yml: secrets are masked" not in shown
    assert fix(tree, "--unsafe-fixes") == ExitCode.PASSED
    assert (tree / "compose.yaml").read_text().count("tr0ub4d") == 2, "what is written is the file's own"


def test_only_the_named_rules_are_fixed(tree: Path) -> None:
    assert fix(tree, "--rule", "dockerfile", "--rule", "compose/restart-policy") == ExitCode.PASSED
    assert "pg_isready" not in (tree / "compose.yaml").read_text()
    assert (tree / "compose.yaml").read_text().count("restart:") == 2


def test_an_unknown_rule_is_refused(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert fix(tree, "--rule", "compose/nothing") == ExitCode.USAGE
    assert "no fix is known for 'compose/nothing'" in capsys.readouterr().err


def test_permissions_and_links_stay(tree: Path) -> None:
    (tree / "compose.yaml").chmod(0o640)
    outside = tree.parent / "outside.yaml"
    outside.write_text(COMPOSE)
    (tree / "docker-compose.other.yml").symlink_to(outside)
    assert fix(tree) == ExitCode.PASSED
    assert (tree / "compose.yaml").stat().st_mode & 0o777 == 0o640
    assert outside.read_text() == COMPOSE
    assert (tree / "docker-compose.other.yml").is_symlink()


def test_what_cannot_be_read_is_left_alone(tree: Path) -> None:
    broken, pointer = "services:\n  a: [\n", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"
    (tree / "compose.yaml").write_text(broken)
    (tree / "Dockerfile").write_text(pointer)
    assert fix(tree, "--unsafe-fixes") == ExitCode.PASSED
    assert (tree / "compose.yaml").read_text() == broken
    assert (tree / "Dockerfile").read_text() == pointer


@pytest.mark.parametrize("example", ["storefront", "storefront-leaky"])
def test_an_example_is_no_worse_after_all_fixes(example: str, tmp_path: Path) -> None:
    root = tmp_path / example
    shutil.copytree(ROOT / "examples" / example, root)
    subprocess.run(["git", "init", "-q", "."], cwd=root, check=True)
    assert fix(root, "--unsafe-fixes") == ExitCode.PASSED
    assert fix(root, "--unsafe-fixes", "--dry-run") == ExitCode.PASSED
