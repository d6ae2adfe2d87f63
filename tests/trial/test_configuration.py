"""Wrong settings on a real engine: each weakness is caught by its rule, and a service that checks them has none."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml
from conftest import ROOT, Tried, Try
from stacks import APP, HERE

pytestmark = [pytest.mark.docker, pytest.mark.timeout(600)]
KEY = "f3Zq81LxTd0pWm6Ko2Vn"
WEAKNESSES = {
    "accepts an empty secret": "starts-without",
    "falls back to a default key": "starts-without",
    "ignores a bad port": "starts-with-wrong-value",
    "prints the key": "prints-secret",
    "exits 0 on error": "ends-with-zero",
    "does not name it": "unnamed-variable",
    "waits for ever": "never-ready",
    "crash-loops on a bad port": "restarts-inside",
    "dies without the optional key": "dies-without-optional-secret",
    "is dead without the optional key": "dies-without-optional-secret",
    "hangs without the optional key": "hangs-without-optional-secret",
    "loops without the optional key": "repeats-without-optional-secret",
}
QUICK = ("accepts an empty secret", "prints the key", "dies without the optional key")
LOOP = "while true; do python3 /app/shop.py; sleep 0.3; done"


def stack(where: Path, services: Mapping[str, str], **chaos: object) -> Path:
    """A repository whose services have one weakness each, by name; without one a service is as it should be."""
    (where / "shop").mkdir(parents=True)
    shutil.copy(HERE / "configured/shop.py", where / "shop/shop.py")
    body = {
        "image": APP,
        "environment": {"SIGNING_KEY": KEY, "PORT": "8080", "MAIL_API_KEY": "q8Rt2Lm0Zx51Wc"},
        "volumes": ["./shop:/app:ro"],
        "restart": "always",
        "init": True,
        "stop_grace_period": "2s",
    }

    def entry(weakness: str) -> list[str]:
        if weakness == "crash-loops on a bad port":
            return ["sh", "-c", LOOP]
        return ["python3", "/app/shop.py", *([weakness] if weakness else [])]

    every = {name: {**body, "entrypoint": entry(weakness), "ports": ["8080"]} for name, weakness in services.items()}
    (where / "compose.yaml").write_text(yaml.safe_dump({"services": every}), "utf-8")
    (where / ".env.example").write_text("# optional: mail is switched off without it\nMAIL_API_KEY=\n", "utf-8")
    if chaos:
        (where / ".seatrial.yml").write_text(yaml.safe_dump({"version": 1, "chaos": chaos}), "utf-8")
    return where


def configured(attempt: Try, root: Path, *words: str) -> Tried:
    """Only the mutation testing, without an experiment before it."""
    return attempt(root, "--trial-budget", "0", "--only", "deployment,trial/start", *words)


def rules(tried: Tried) -> set[tuple[str, str]]:
    """Rule and service of every finding about settings."""
    mine = [f for f in tried.report["findings"] if f["rule"].startswith("deployment/")]
    return {(f["rule"].removeprefix("deployment/"), f["subject"]) for f in mine}


def test_weaknesses_are_caught_and_nothing_is_found_in_a_service_without_one(attempt: Try, tmp_path: Path) -> None:
    services = {"whole": "", **{weakness.split()[0]: weakness for weakness in QUICK}}
    tried = configured(attempt, stack(tmp_path / "shop", services), "--config-budget", "120")
    assert rules(tried) == {(WEAKNESSES[w], w.split()[0]) for w in QUICK}, tried.out
    assert KEY not in tried.out + json.dumps(tried.report)


@pytest.mark.nightly
@pytest.mark.parametrize("weakness", sorted(WEAKNESSES))
def test_a_weakness_is_caught(attempt: Try, tmp_path: Path, weakness: str) -> None:
    tried = configured(attempt, stack(tmp_path / "shop", {"api": weakness}))
    assert rules(tried) == {(WEAKNESSES[weakness], "api")}, tried.out
    assert KEY not in tried.out + json.dumps(tried.report)


@pytest.mark.nightly
def test_nothing_is_found_in_the_example(attempt: Try) -> None:
    tried = configured(attempt, ROOT / "examples/storefront", "--config-budget", "180")
    assert rules(tried) == set(), tried.out
    statuses = {c["id"]: c["status"] for c in tried.report["checks"] if c["id"].startswith("deployment/")}
    assert set(statuses.values()) == {"pass"}


@pytest.mark.nightly
def test_the_configuration_says_better_what_is_needed(attempt: Try, tmp_path: Path) -> None:
    root = stack(tmp_path / "shop", {"api": ""}, configuration={"MAIL_API_KEY": "required", "PORT": "ignored"})
    tried = configured(attempt, root)
    [finding] = [f for f in tried.report["findings"] if f["rule"] == "deployment/starts-without"]
    assert "MAIL_API_KEY" in finding["message"]
    notes = [note for c in tried.report["checks"] if c["id"].startswith("deployment/") for note in c["notes"]]
    assert any("MAIL_API_KEY (required: " in note for note in notes)
    assert not any("PORT (" in note or ".PORT" in note for note in notes)


@pytest.mark.nightly
def test_what_the_budget_leaves_out_is_named_and_lowers_the_coverage(attempt: Try, tmp_path: Path) -> None:
    services = dict.fromkeys(("api", "shop", "till"), "waits for ever")
    tried = configured(attempt, stack(tmp_path / "shop", services), "--config-budget", "6")
    [check] = [c for c in tried.report["checks"] if c["id"] == "deployment/config-errors"]
    assert check["status"] == "skip" or check["share"] < 1
    assert any(note.startswith("not measured, the budget ran out: ") for note in check["notes"])
