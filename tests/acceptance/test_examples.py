"""The example in two states: nothing is found in the ready one, and every seeded fault in the leaky one."""

from __future__ import annotations

import re
from pathlib import Path

import yaml
from junitparser import JUnitXml
from running import Seatrial

from seatrial.inspectors.compose.rules import RULES

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_the_ready_one_has_no_finding_and_the_gate_opens(seatrial: Seatrial) -> None:
    run = seatrial("run", EXAMPLES / "storefront")
    assert run.code == 0, run.out
    assert run.json["findings"] == []
    assert run.json["score"]["headline"] == 100
    unmeasured = [c for c in run.json["checks"] if c["status"] not in ("pass", "na")]
    assert unmeasured
    live = ("trial/", "deployment/", "load/", "backup/")  # what only a running stack shows
    assert all(c["id"].startswith(live) for c in unmeasured)
    assert "not asked for" in next(c["reason"] for c in unmeasured if c["id"] == "trial/start")
    assert run.out.startswith(" READY   100.0 (")


def test_every_seeded_fault_is_found_at_its_line_and_nothing_else(seatrial: Seatrial) -> None:
    run = seatrial("run", EXAMPLES / "storefront-leaky")
    assert run.code == 1, run.out
    seeded = yaml.safe_load((EXAMPLES / "storefront-leaky" / "seeded.yml").read_text("utf-8"))
    expected = {(s["path"], s["line"], s["rule"]) for s in seeded}
    found = {
        (f["location"]["path"], f["location"]["line"], rule)
        for f in run.json["findings"]
        for rule in (f["rule"], *re.findall(r"[\w-]+/[\w-]+", f["message"].partition(" (also ")[2]))
    }
    assert expected - found == set(), "not found"
    assert found - expected == set(), "found and not seeded"


def test_faults_of_every_kind_are_seeded() -> None:
    rules = {s["rule"] for s in yaml.safe_load((EXAMPLES / "storefront-leaky" / "seeded.yml").read_text("utf-8"))}
    assert {rule.id for rule in RULES if rule.checks == (rule.id,)} <= rules
    for family in (
        "compose",
        "dockerfile",
        "workflow",
        "zizmor",
        "hadolint",
        "kubernetes",
        "prometheus",
        "environment",
    ):
        assert any(rule.startswith(f"{family}/") for rule in rules), family
    assert len({r for r in rules if r.startswith("bandit/")}) >= 10
    assert {"secrets/private-key", "secrets/netrc", "secrets/password-assignment"} <= rules


def planted() -> list[str]:
    """The values of the leaky example's credentials, read from its files."""
    leaky = EXAMPLES / "storefront-leaky"
    values = ["kettle-77-Blue", "tea-Pot-4711", "green-Whistle-9", "copper-Ladle-31"]
    values += [line for line in (leaky / "deploy/throwaway.key").read_text().splitlines() if len(line) == 64]
    for name, before in (
        ("deploy/smoke.http", "Bearer "),
        ("deploy/backup.sh", "SECRET_ACCESS_KEY="),
        ("deploy/backup.yaml", "access_key_id: "),
        (".npmrc", "_authToken="),
    ):
        values.append((leaky / name).read_text("utf-8").partition(before)[2].split()[0])
    return values


def test_no_secret_is_in_anything_that_a_run_writes(seatrial: Seatrial, tmp_path: Path) -> None:
    run = seatrial("run", EXAMPLES / "storefront-leaky", "--verbose")
    written = [p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()]
    everything = b"\0".join([run.out.encode(), run.err.encode(), *written])
    secrets = planted()
    assert len(secrets) == 9
    assert all(len(secret) > 10 for secret in secrets)
    assert len(written) >= 3
    assert [s for s in secrets if s.encode() in everything] == []


def test_the_reports_agree(seatrial: Seatrial) -> None:
    run = seatrial("run", EXAMPLES / "storefront-leaky")
    junit = JUnitXml.fromstring((run.reports / "junit.xml").read_bytes())
    assert junit.failures == sum(c["status"] == "fail" for c in run.json["checks"])
    assert junit.tests == len(run.json["checks"])
    headline = f"{run.json['score']['headline']:.1f} ("
    assert headline in run.out
    assert headline in (run.reports / "summary.md").read_text("utf-8")


def test_two_runs_are_equal_but_for_the_clock(seatrial: Seatrial) -> None:
    first = seatrial("run", EXAMPLES / "storefront-leaky").json
    second = seatrial("run", EXAMPLES / "storefront-leaky").json
    first.pop("volatile")
    second.pop("volatile")
    assert first == second


def test_equal_weights_give_the_phase_arithmetic(seatrial: Seatrial) -> None:
    run = seatrial("run", EXAMPLES / "storefront-leaky", "--weights", "equal")
    checks = [c["status"] for c in run.json["checks"]]
    passed, failed = checks.count("pass"), checks.count("fail")
    assert run.json["score"]["raw"] == round(100 * passed / (passed + failed), 6)
