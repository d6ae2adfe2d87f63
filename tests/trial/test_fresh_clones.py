"""Stacks as they stand in repositories: settings that are not committed, tasks, and proxies that never ask again."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from conftest import Try
from stacks import CRASH_API, STORE, lay_out, small

pytestmark = [pytest.mark.docker, pytest.mark.timeout(600)]


def test_a_clone_without_its_settings_is_tried_with_examples_and_made_up_secrets(attempt: Try, tmp_path: Path) -> None:
    """And a task that nobody waits for is one: it ends well, and is no death."""
    document = yaml.safe_load(small())
    services = document["services"]
    services["api"] |= {"env_file": ".env", "depends_on": {"store": {"condition": "service_started"}}}
    services["store"]["entrypoint"] += ["--requirepass", "${STORE_PASSWORD}"]
    services["store"]["environment"] = {"REDIS_PASSWORD": "${STORE_PASSWORD}"}
    services["api"]["entrypoint"] = ["sh", "-c", 'test -n "$$STORE_PASSWORD" && exec python3 /weak.py']
    services["task"] = {"image": STORE, "entrypoint": ["sleep", "4"], "depends_on": ["store"]}
    root = lay_out(tmp_path / "clone", yaml.safe_dump(document), [{"crash": "store"}])
    (root / ".env.example").write_text("STORE_PASSWORD=\nNAME=shop\n")
    tried = attempt(root)
    start = tried.check("start")
    assert start["status"] == "pass", tried.out
    assert ".env.example stands in for .env, which is not there" in start["notes"]
    assert "variables without a value were given random ones: STORE_PASSWORD" in start["notes"]
    assert "task ended well: taken for a task" in start["notes"]
    assert {rule for rule, _ in tried.findings} <= {"endpoints", "environment-secrets"}, tried.out
    [crash] = tried.check("recovery")["experiments"]
    assert {m["name"]: m["value"] for m in crash["measurements"]}["lost writes"] == 0


def test_what_one_experiment_broke_is_not_told_of_the_next(attempt: Try, tmp_path: Path) -> None:
    root = lay_out(tmp_path / "weak", small("keeps the address"), [{"recreate": "store"}, CRASH_API])
    tried = attempt(root)
    recreate, crash = tried.check("recovery")["experiments"]
    assert (recreate["result"], crash["result"]) == ("failed", "passed"), tried.out
    assert tried.findings == {("recovery", "api")}
