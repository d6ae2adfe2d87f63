"""
What others say of seatrial.sarif: Microsoft's validator with its rules for GitHub's code scanning, and the files that
the results point into.
"""

from __future__ import annotations

import datetime as dt
import gzip
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from seatrial.app import explain, runner
from seatrial.report import sarif

ROOT = Path(__file__).parents[2]
LEAKY = ROOT / "examples" / "storefront-leaky"
VALIDATOR = Path(__file__).parent / "linters/node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool"
REQUIRED = os.environ.get("SEATRIAL_REQUIRE_DOCKER") == "1"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Path:
    """The file of a run on a subfolder of a repository."""
    work = tmp_path_factory.mktemp("work")
    root = work / "apps" / "shop [1]"
    shutil.copytree(LEAKY, root, ignore=shutil.ignore_patterns("__pycache__", "seatrial-report"))
    for words in (["init", "--quiet"], ["add", "--all"]):
        subprocess.run(["git", "-C", str(work), *words], check=True, capture_output=True)
    flags = {"path": root, "report_dir": work / "reports", "cache_dir": str(cache / "seatrial"), "history": "none"}
    prepared = runner.prepare(flags, {"PATH": os.environ["PATH"], "HOME": str(work)})
    runner.run(prepared, now=lambda: dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    return work / "reports" / "seatrial.sarif"


def results(written: Path) -> list[dict[str, Any]]:
    (run,) = json.loads(written.read_text("utf-8"))["runs"]
    return list(run["results"])


def complaints(file: Path) -> list[str]:
    """What the validator says, without its notes: these would look every address up in the network."""
    if not VALIDATOR.is_file() or sys.platform != "linux":
        reason = "needs `make linters`, on Linux"
        if REQUIRED:
            pytest.fail(reason)
        pytest.skip(reason)
    VALIDATOR.chmod(0o755)  # its package leaves that to a script, and no script of a package runs here
    nowhere = "http://127.0.0.1:9"
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(file.parent),
        "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1",
        "DOTNET_BUNDLE_EXTRACT_BASE_DIR": str(file.parent / "dotnet"),
        "HTTP_PROXY": nowhere,
        "HTTPS_PROXY": nowhere,
    }
    words = [str(VALIDATOR), "validate", str(file), "--rule-kind", "Sarif;GHAS", "--level", "Error;Warning"]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False, timeout=300)
    assert "1 files scanned" in done.stdout, done.stdout + done.stderr
    return [line for line in done.stdout.splitlines() if ": error " in line or ": warning " in line]


def test_the_validator_finds_nothing(written: Path, tmp_path: Path) -> None:
    assert complaints(written) == []
    wrong = json.loads(written.read_text("utf-8"))
    wrong["runs"][0]["results"][0]["locations"] = []
    (tmp_path / "wrong.sarif").write_text(json.dumps(wrong))
    assert "GH1015" in complaints(tmp_path / "wrong.sarif")[0]


def test_every_result_points_to_what_is_there(written: Path) -> None:
    for result in results(written):
        at = result["locations"][0]["physicalLocation"]
        file = written.parent.parent / unquote(at["artifactLocation"]["uri"])
        assert file.is_file(), result
        lines = file.read_text("utf-8", "replace").split("\n")
        region = at.get("region", {"startLine": 1})
        assert region["startLine"] <= region.get("endLine", region["startLine"]) <= len(lines), result
        line = lines[region["startLine"] - 1]
        assert region.get("startColumn", 1) <= region.get("endColumn", region.get("startColumn", 1)), result
        assert region.get("endColumn", region.get("startColumn", 1)) <= len(line) + 1, (line, result)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("compose/privileged", "privileged"),
        ("bandit/B602", "subprocess.run"),
        ("compose/docker-socket", "/var/run/docker.sock:/var/run/docker.sock"),
    ],
)
def test_a_region_holds_what_the_finding_is_about(written: Path, rule: str, text: str) -> None:
    at = next(r for r in results(written) if r["ruleId"] == rule)["locations"][0]["physicalLocation"]
    file, region = written.parent.parent / unquote(at["artifactLocation"]["uri"]), at["region"]
    line = file.read_text("utf-8").split("\n")[region["startLine"] - 1]
    assert line[region["startColumn"] - 1 : region.get("endColumn", 1000) - 1].startswith(text)


def test_every_rule_that_finds_something_can_be_explained(written: Path) -> None:
    """The reports say `seatrial explain RULE` of each."""
    rules = {result["ruleId"] for result in results(written)}
    assert {rule.partition("/")[0] for rule in rules} > {"bandit", "compose", "hadolint", "secrets", "zizmor"}
    for rule in sorted(rules):
        assert "https://" in explain.page(rule), rule


def test_as_many_results_as_github_takes_are_as_few_bytes_as_it_takes(written: Path) -> None:
    """10 MB, compressed."""
    size = len(gzip.compress(written.read_bytes()))
    assert size / len(results(written)) * sarif.RESULTS < 10 * 10**6
