# ruff: noqa: E501 - a whole file per line reads better than a line per piece of it
"""A fact that several inspectors report is one line of the report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from surveying import Survey, Surveyed

from seatrial.change import comparing
from seatrial.report import reading
from seatrial.verdict import catalogue

PASSWORD = "Vrond7qa" + "leph9X"
FILES = {
    "compose.yaml": f"services:\n  db:\n    image: postgres:16.4\n    environment:\n      POSTGRES_PASSWORD: {PASSWORD}\n",
    "Dockerfile": f"FROM debian:12\nENV API_PASSWORD={PASSWORD}\nUSER 1000\n",
    "app.py": f'ADMIN_PASSWORD = "{PASSWORD}"\n',
    "call.py": f'connect(\n    host="db",\n    password="{PASSWORD}",\n)\n',
    "url/compose.yaml": f"services:\n  a:\n    image: acme/a:1\n    environment:\n      DATABASE_URL: postgres://app:{PASSWORD}@db/app\n",
    "command/compose.yaml": f"services:\n  a:\n    image: redis:7.4\n    command: redis-server --requirepass {PASSWORD}\n",
}


def surveyed(survey: Survey, root: Path, files: dict[str, str], *only: str) -> Surveyed:
    for name, content in files.items():
        path = root / "tree" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
    return survey(root / "tree", only=only)


ASKED = ("secrets", "compose", "dockerfile", "python", "environment")


@pytest.mark.parametrize("name", FILES)
def test_a_literal_secret_is_one_line_that_names_every_rule(survey: Survey, tmp_path: Path, name: str) -> None:
    done = surveyed(survey, tmp_path, {name: FILES[name]}, *ASKED)
    told = [f for f in done.findings if f["rule"].startswith("secrets/") or " (also " in f["message"]]
    assert len(told) == 1, [f["message"] for f in told]
    assert " (also " in told[0]["message"]
    assert told[0]["severity"] in ("high", "critical")
    fails = {c["id"] for c in done.report["checks"] if told[0]["fingerprint"] in c["findings"]}
    assert len(fails) >= 2
    assert all(done.check(id_)["status"] == "fail" for id_ in fails)


def test_each_rule_still_reports_by_itself(survey: Survey, tmp_path: Path) -> None:
    done = surveyed(survey, tmp_path, {"compose.yaml": FILES["compose.yaml"]}, "compose")
    assert "compose/plain-secret" in done.rules


def test_two_secrets_of_one_file_are_two(survey: Survey, tmp_path: Path) -> None:
    text = f"{FILES['compose.yaml']}      API_PASSWORD: {PASSWORD[::-1]}\n"
    done = surveyed(survey, tmp_path, {"compose.yaml": text}, *ASKED)
    told = [f for f in done.findings if " (also " in f["message"]]
    assert sorted(f["location"]["line"] for f in told) == [5, 6]
    assert len({f["root"] for f in told}) == 2


def test_a_missing_block_of_permissions_is_one_cause(survey: Survey, tmp_path: Path) -> None:
    job = "{runs-on: ubuntu-24.04, timeout-minutes: 5, steps: [{run: make test}]}"
    text = f"on: push\njobs:\n  a: {job}\n  b: {job}\n  c: {job}\n"
    done = surveyed(survey, tmp_path, {".github/workflows/a.yml": text}, "workflows")
    found = done.of("zizmor/excessive-permissions")
    assert len(found) >= 3
    assert len({f["root"] for f in found}) == 1


def test_two_workflows_without_permissions_are_two(survey: Survey, tmp_path: Path) -> None:
    text = "on: push\njobs: {a: {runs-on: ubuntu-24.04, timeout-minutes: 5, steps: [{run: make test}]}}\n"
    files = {f".github/workflows/{name}.yml": text for name in "ab"}
    found = surveyed(survey, tmp_path, files, "workflows").of("zizmor/excessive-permissions")
    assert len({f["root"] for f in found}) == 2


def test_every_format_lists_the_finding_once_and_the_report_can_be_read_again(survey: Survey, tmp_path: Path) -> None:
    done = surveyed(survey, tmp_path, {"compose.yaml": FILES["compose.yaml"]}, "secrets", "compose")
    again = reading.outcome_of(comparing.earlier(done.folder / "report.json").document, catalogue.load())
    assert [f.fingerprint for f in again.findings] == [f["fingerprint"] for f in done.findings]
    results = json.loads((done.folder / "seatrial.sarif").read_text("utf-8"))["runs"][0]["results"]
    assert len(results) == len(done.findings)
