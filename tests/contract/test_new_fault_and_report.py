"""A fault and a report that follow CONTRIBUTING, in a copy: the configuration, the documents and a run have them."""

from __future__ import annotations

import csv
import importlib
import json
import shutil
from pathlib import Path

import pytest
from project_copy import lay_out, python

from seatrial import report

FAULT = '''"""The main process gets SIGHUP, as after an edit of its configuration."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from seatrial.lab.faults.base import Aspect, End, Expectation, FaultContext, NotProven, Parameter, Proof, never
from seatrial.lab.model import Service

NAME = "hangup"
KIND = Expectation.INSTANT
ENDS = End.NOTHING
ASPECT = Aspect.RENEWAL
WEIGHT = 0
PARAMETERS: Mapping[str, Parameter] = {"times": Parameter("count", "1", "how often")}
suits = never


def obstacle(context: FaultContext, service: Service) -> str:
    """It is always possible."""
    del context, service
    return ""


@contextmanager
def inject(context: FaultContext, service: Service, parameters: Mapping[str, Any]) -> Iterator[Proof]:
    """Send the signal; nothing is to be undone."""
    container = context.project.container(service.name)
    for _ in range(parameters["times"]):
        context.act(f"send SIGHUP to {service.name}", lambda: container.kill(signal="SIGHUP"))

    def proof() -> str:
        if not context.inspect(service.name)["State"]["Running"]:
            raise NotProven(f"{service.name} does not run")
        return "SIGHUP was sent"

    yield proof
'''
REPORT = '''"""findings.csv: the findings for a spreadsheet."""

from __future__ import annotations

import csv
import io

from .outcome import Outcome


def render(outcome: Outcome) -> str:
    """A line for each finding."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\\n")
    table.writerow(("rule", "severity", "place"))
    table.writerows((f.rule, f.severity.label, str(f.location)) for f in outcome.findings)
    return text.getvalue()
'''
ASK = """
import sys
from seatrial.domain.errors import UsageError
from seatrial.lab import refine
try:
    print(*refine.experiments([{sys.argv[1]: {"service": "api", "times": sys.argv[2]}}]))
except UsageError as error:
    print(error)
"""


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def _change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{path} has {old!r} {text.count(old)} times"
    path.write_text(text.replace(old, new), "utf-8")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = lay_out(tmp_path_factory.mktemp("new-fault-and-report"))
    faults, reports = folder / "src/seatrial/lab/faults", folder / "src/seatrial/report"
    _put(faults / "hangup.py", FAULT)
    _put(reports / "findings_table.py", REPORT)
    _change(
        reports / "__init__.py",
        '    "summary.md": "markdown",\n',
        '    "summary.md": "markdown",\n    "findings.csv": "findings_table",\n',
    )
    return folder


def test_the_documents_have_them(copy: Path) -> None:
    written = python(copy, "tests/contract/documents.py", "--write")
    assert written.returncode == 0, written.stderr
    row = "| `hangup` | instant | `times` 1 |  | The main process gets SIGHUP, as after an edit of its configuration. |"
    assert row in (copy / "docs/trial.md").read_text("utf-8")
    assert "`findings.csv`" in (copy / "README.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("fault", "times", "said"),
    [
        ("hangup", "3", "hangup api"),
        ("hangup", "none", "is not a whole number from 1 to 10,000"),
        ("hangups", "3", "unknown fault 'hangups'"),
    ],
)
def test_the_configuration_takes_the_fault(copy: Path, fault: str, times: str, said: str) -> None:
    done = python(copy, "-c", ASK, fault, times)
    assert said in done.stdout, done.stderr


def test_a_fault_without_one_of_its_facts_stops_the_program(copy: Path, tmp_path: Path) -> None:
    other = tmp_path / "copy"
    shutil.copytree(copy / "src", other / "src")
    _change(other / "src/seatrial/lab/faults/hangup.py", "ENDS = End.NOTHING\n", "")
    done = python(other, "-c", "import seatrial.lab.faults")
    assert done.returncode == 1
    assert "TypeError: seatrial.lab.faults.hangup: ENDS is missing" in done.stderr


def test_a_run_writes_the_report(copy: Path, tmp_path: Path) -> None:
    _put(tmp_path / "tree/compose.yaml", "services:\n  shop:\n    image: example/shop:latest\n")
    words = [
        "run",
        str(tmp_path / "tree"),
        "--report-dir",
        str(tmp_path / "r"),
        "--only",
        "compose",
        "--fail-on",
        "never",
    ]
    done = python(copy, "-m", "seatrial", *words)
    told = json.loads((tmp_path / "r/report.json").read_text("utf-8"))["findings"]
    head, *rows = csv.reader((tmp_path / "r/findings.csv").read_text("utf-8").splitlines())
    assert head == ["rule", "severity", "place"], done.stderr
    assert sorted(row[0] for row in rows) == sorted(finding["rule"] for finding in told)
    assert rows


@pytest.mark.parametrize("module", report.FILES.values())
def test_what_the_list_of_reports_names_can_render(module: str) -> None:
    assert callable(importlib.import_module(f"seatrial.report.{module}").render)
