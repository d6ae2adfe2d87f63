"""Deployments over a running stack on a real engine: each weakness is caught by its rule, a sound update by none."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ROOT, Tried, Try

pytestmark = [pytest.mark.docker, pytest.mark.timeout(600)]
SERVE = "    server.serve_forever()\n"
MIGRATE_ONCE = """
import sys
from storefront.store import Store

if not Store.from_environment().call("SETNX", "schema", "1"):
    sys.exit("the table is already there")
"""
EXPORT = """
from storefront.store import Store

store = Store.from_environment()
for key in store.call("KEYS", "order:*"):
    print(store.call("HGET", key, "item"))
"""
LOSES = '    for key in server.store.call("KEYS", "order:*"):\n        server.store.call("HDEL", key, "item")\n'
REFUSES = (
    '    if int(server.store.call("GET", "schema") or 1) > 1:\n'
    '        raise SystemExit("the store has a newer schema")\n'
)  # fmt: skip
MIGRATES = '    server.store.call("SET", "schema", "2")\n'
DATA = {"write": 'POST http://api:8080/orders {"item": "{marker}"}', "read": "RUN api python3 -m storefront.export"}


def git(where: Path, *words: str) -> None:
    who = ["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *who, *words], cwd=where, check=True, capture_output=True)


def storefront(where: Path) -> Path:
    """A repository with the example, not committed yet."""
    shutil.copytree(ROOT / "examples/storefront", where)
    git(where, "init", "--quiet", "--initial-branch", "main")
    return where


def before_serving(root: Path, code: str) -> None:
    """Code that the API runs when it starts."""
    api = root / "storefront/api.py"
    text = api.read_text("utf-8")
    assert text.count(SERVE) == 1
    api.write_text(text.replace(SERVE, code + SERVE), "utf-8")


def commit(root: Path, message: str) -> None:
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", message)


def deployed(attempt: Try, root: Path, *words: str) -> Tried:
    """Only deployments, without an experiment before them."""
    return attempt(root, "--trial-budget", "0", "--only", "deployment/upgrade,trial/start,trial/steady", *words)


def check(tried: Tried) -> dict[str, Any]:
    found: dict[str, Any] = next(c for c in tried.report["checks"] if c["id"] == "deployment/upgrade")
    return found


def rules(tried: Tried) -> set[tuple[str, str]]:
    return {(f["rule"], f["subject"]) for f in tried.report["findings"]}


def numbers(tried: Tried) -> Mapping[str, float]:
    return {m["name"]: m["value"] for m in check(tried)["measurements"]}


def test_a_second_deployment_that_fails_is_caught_and_the_stack_is_tried_all_the_same(
    attempt: Try, tmp_path: Path
) -> None:
    root = storefront(tmp_path / "shop")
    (root / "storefront/migrate.py").write_text(MIGRATE_ONCE, "utf-8")
    file = root / "compose.yaml"
    stack = yaml.safe_load(file.read_text("utf-8"))
    api = stack["services"]["api"]
    stack["services"]["migrate"] = {
        **{key: api[key] for key in ("image", "build", "environment", "secrets", "read_only")},
        "command": ["storefront.migrate"], "networks": ["back"], "restart": "no",
        "depends_on": {"store": {"condition": "service_healthy"}},
    }  # fmt: skip
    api["depends_on"]["migrate"] = {"condition": "service_completed_successfully"}
    file.write_text(yaml.safe_dump(stack, sort_keys=False), "utf-8")
    tried = deployed(attempt, root)
    assert {rule for rule, _ in rules(tried)} == {"deployment/second-deploy-fails"}, tried.out
    assert tried.check("steady")["status"] == "pass"
    assert check(tried)["share"] < 1
    assert any("`--base main` names one" in note for note in check(tried)["notes"])


@pytest.mark.nightly
def test_a_sound_update_has_no_finding_and_every_part_is_measured(attempt: Try, tmp_path: Path) -> None:
    root = storefront(tmp_path / "shop")
    commit(root, "base")
    before_serving(root, '    server.store.call("PING")\n')
    commit(root, "head")
    tried = deployed(attempt, root, "--base", "HEAD~1")
    assert rules(tried) == set(), tried.out
    assert (check(tried)["status"], check(tried)["share"]) == ("pass", 1), tried.out
    assert numbers(tried).keys() >= {"from nothing", "second deployment", "update", "rollback", "update longest gap"}
    [update] = [note for note in check(tried)["notes"] if note.startswith("update (")]
    assert "made anew: api, worker;" in update
    assert "store: 0 of " in update


@pytest.mark.nightly
def test_a_migration_that_loses_a_column_is_caught(attempt: Try, tmp_path: Path) -> None:
    root = storefront(tmp_path / "shop")
    (root / "storefront/export.py").write_text(EXPORT, "utf-8")
    (root / ".seatrial.yml").write_text(yaml.safe_dump({"version": 1, "chaos": {"data": DATA}}), "utf-8")
    commit(root, "base")
    before_serving(root, LOSES)
    commit(root, "head")
    tried = deployed(attempt, root, "--base", "HEAD~1")
    assert rules(tried) == {("deployment/loses-data", "api")}, tried.out
    [finding] = tried.report["findings"]
    assert finding["severity"] == "critical"


@pytest.mark.nightly
def test_an_update_that_cannot_be_rolled_back_is_caught(attempt: Try, tmp_path: Path) -> None:
    root = storefront(tmp_path / "shop")
    before_serving(root, REFUSES)
    commit(root, "base")
    api = root / "storefront/api.py"
    api.write_text(api.read_text("utf-8").replace(REFUSES, MIGRATES), "utf-8")
    commit(root, "head")
    tried = deployed(attempt, root, "--base", "HEAD~1", "--deploy-budget", "120")
    assert rules(tried) == {("deployment/no-rollback", "api")}, tried.out


@pytest.mark.nightly
def test_a_head_that_fails_over_the_data_of_the_base_is_caught(attempt: Try, tmp_path: Path) -> None:
    root = storefront(tmp_path / "shop")
    before_serving(root, '    server.store.call("SET", "schema", "1")\n')
    commit(root, "base")
    api = root / "storefront/api.py"
    refuses = '    if server.store.call("GET", "schema"):\n        raise SystemExit("no migration from schema 1")\n'
    text = api.read_text("utf-8").replace('    server.store.call("SET", "schema", "1")\n', refuses)
    api.write_text(text, "utf-8")
    commit(root, "head")
    tried = deployed(attempt, root, "--base", "HEAD~1", "--deploy-budget", "120")
    assert rules(tried) == {("deployment/update-fails", "api")}, tried.out
