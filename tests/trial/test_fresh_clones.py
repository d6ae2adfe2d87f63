"""Stacks as they stand in repositories: settings that are not committed, tasks, and proxies that never ask again."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from conftest import Try
from stacks import CRASH_API, PERSISTENT, STORE, fresh_clone, lay_out, small

pytestmark = [pytest.mark.docker, pytest.mark.timeout(600)]


def test_a_clone_without_its_settings_is_tried_with_examples_and_made_up_secrets(attempt: Try, tmp_path: Path) -> None:
    """And a task that nobody waits for is one: it ends well, and is no death."""
    tried = attempt(fresh_clone(tmp_path / "clone"))
    start = tried.check("start")
    assert start["status"] == "pass", tried.out
    assert ".env.example replaces .env, which is missing" in start["notes"]
    assert "variables without a value were given random ones: STORE_PASSWORD" in start["notes"]
    assert "task ended with exit code 0 and counts as a task" in start["notes"]
    assert {rule for rule, _ in tried.findings} <= {"endpoints", "environment-secrets"}, tried.out
    [crash] = tried.check("recovery")["experiments"]
    assert {m["name"]: m["value"] for m in crash["measurements"]}["lost writes"] == 0


def test_what_one_experiment_broke_is_not_told_of_the_next(attempt: Try, tmp_path: Path) -> None:
    root = lay_out(tmp_path / "weak", small("keeps the address"), [{"recreate": "store"}, CRASH_API])
    tried = attempt(root)
    recreate, crash = tried.check("recovery")["experiments"]
    assert (recreate["result"], crash["result"]) == ("failed", "passed"), tried.out
    assert tried.findings == {("recovery", "api")}


def docker(*words: str) -> str:
    return subprocess.run(["docker", *words], capture_output=True, text=True, check=True, timeout=60).stdout


def look_into(volume: str, script: str) -> str:
    return docker("run", "--rm", "--user", "0", "--entrypoint", "sh", "--volume", f"{volume}:/v", STORE, "-c", script)


@pytest.fixture
def precious(apps: None) -> Iterator[str]:
    """A volume and a network of somebody else, by the same name."""
    name = "seatrial-tests-precious"
    docker("volume", "create", name)
    docker("network", "create", name)
    look_into(name, "echo kept > /v/file")
    yield name
    docker("network", "rm", name)
    docker("volume", "rm", name)


def test_what_is_somebody_elses_is_not_touched(attempt: Try, tmp_path: Path, precious: str) -> None:
    """Neither volumes with a name of their own or made elsewhere, nor a database's directory beside the files."""
    document = yaml.safe_load(small())
    document["volumes"] = {"data": {"name": precious}, "other": {"external": True, "name": precious}}
    document["networks"] = {"default": {"name": precious}, "proxy": {"external": True, "name": precious}}
    document["services"]["store"]["volumes"] = ["data:/data", "other:/other"]
    document["services"]["second"] = {
        "image": STORE,
        "entrypoint": ["valkey-server", "--dir", "/data", "--protected-mode", "no", *PERSISTENT],
        "healthcheck": {"test": ["CMD", "valkey-cli", "ping"]},
        "restart": "always",
        "volumes": ["./theirs:/data"],
        "networks": ["proxy", "default"],
    }
    root = lay_out(tmp_path / "theirs", yaml.safe_dump(document), [{"recreate": "store"}, {"crash": "second"}])
    (root / "theirs").mkdir(mode=0o777)
    (root / "theirs" / "file").write_text("kept")
    tried = attempt(root)
    assert tried.findings == set(), tried.out
    assert [e["result"] for e in tried.check("recovery")["experiments"]] == ["passed", "passed"]
    assert look_into(precious, "ls /v; cat /v/file").split() == ["file", "kept"]
    assert [path.name for path in (root / "theirs").iterdir()] == ["file"]
    notes = tried.check("start")["notes"]
    assert "second: an empty volume replaces the directory at /data" in notes
    assert "a separate network replaces proxy, which other projects may use" in notes
    assert "an empty volume replaces data, which other projects may use" in notes


@pytest.mark.parametrize("built", [False, True], ids=["pulled", "built"])
def test_a_registry_that_cannot_be_reached_is_no_fault_of_the_stack(attempt: Try, tmp_path: Path, built: bool) -> None:
    image = "127.0.0.1:9/acme/nothing:1.2"
    body = {"build": {"dockerfile_inline": f"FROM {image}"}} if built else {"image": image}
    tried = attempt(lay_out(tmp_path / "far", yaml.safe_dump({"services": {"a": body}})))
    start = tried.check("start")
    assert (start["status"], tried.findings) == ("error", set()), tried.out
    assert f"image {image} cannot be pulled from 127.0.0.1:9: it refuses the connection" in start["reason"]
