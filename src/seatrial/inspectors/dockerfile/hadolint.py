"""
hadolint, as a subprocess: which of its results are kept, and how they are graded.

It exits with 1 for findings, for a missing file and for a syntax error alike, so its exit code says nothing; a file
without any result in its report is one that it found nothing in. It is GPL-3.0 and stays a program of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from seatrial import process
from seatrial.domain import Confidence, Finding, Location, Severity
from seatrial.errors import InspectorError
from seatrial.process import program_of_package

from .syntax import Dockerfile

CHECK = "dockerfile/hadolint"
_SEVERITY = {"error": Severity.MEDIUM, "warning": Severity.LOW, "info": Severity.LOW, "style": Severity.LOW}
_WORSE = {"DL3002": Severity.MEDIUM, "DL3004": Severity.MEDIUM, "DL4006": Severity.LOW}
_TIMEOUT, _AT_ONCE = 120.0, 200

SAME = {
    "dockerfile/root-user": ("DL3002",),
    "dockerfile/shell-form": ("DL3025",),
    "dockerfile/admin-port": ("DL3011",),
    "dockerfile/add-url": ("DL3020",),
    "dockerfile/secret": ("DL3064",),
}
"""Rules of ours that see what one of hadolint's sees: at one line only ours is kept, because it says more."""


def version() -> str:
    """hadolint's version; empty if it is not here."""
    program = program_of_package("hadolint")
    if program is None:
        return ""
    try:
        told = process.run([program, "--version"], cwd=Path("/"), timeout=20)
    except InspectorError:
        return ""
    return told.stdout.decode("utf-8", "replace").strip().rpartition(" ")[2]


def run(root: Path, files: Sequence[Dockerfile], *, config: bool) -> tuple[Finding, ...]:
    """
    hadolint's findings.

    Args:
        root: of the tree; its `.hadolint.yaml` is respected.
        files: what to look at.
        config: whether there is such a configuration.

    Raises:
        InspectorError: hadolint is missing, hangs, or prints no report.
    """
    program = program_of_package("hadolint")
    if program is None:
        raise InspectorError("hadolint is not installed")
    findings: list[Finding] = []
    options = ["--config", ".hadolint.yaml"] if config else ["--config", "/dev/null"]
    for first in range(0, len(files), _AT_ONCE):
        paths = [f"./{f.path}" for f in files[first : first + _AT_ONCE]]
        done = process.run([program, "--format", "json", "--no-fail", *options, *paths], cwd=root, timeout=_TIMEOUT)
        findings += parse(done.stdout, done.complaint)
    return tuple(findings)


def parse(printed: bytes, complaint: str = "") -> tuple[Finding, ...]:
    """
    The findings in a report.

    Raises:
        InspectorError: it is none.
    """
    try:
        entries = json.loads(printed)
        if not isinstance(entries, list):
            raise TypeError
        return tuple(_finding(entry) for entry in entries)
    except (ValueError, KeyError, TypeError):
        raise InspectorError(f"hadolint printed no report: {complaint}") from None


def _finding(entry: dict[str, Any]) -> Finding:
    code, path = str(entry["code"]), str(entry["file"]).removeprefix("./")
    level = str(entry["level"])
    return Finding(
        rule=f"hadolint/{code}",
        severity=_WORSE.get(code, _SEVERITY.get(level, Severity.LOW)),
        confidence=Confidence.LOW if level in ("info", "style") else Confidence.HIGH,
        message=" ".join(str(entry["message"]).split())[:300],
        location=Location(path, max(1, int(entry["line"])), max(1, int(entry["column"]))),
        remedy=f"see {address}" if (address := address_of(code)) else "",
    )


def address_of(code: str) -> str:
    """Where a rule is explained by its makers: hadolint's, or ShellCheck's; empty for neither's."""
    if code.startswith("SC"):
        return f"https://www.shellcheck.net/wiki/{code}"
    return f"https://github.com/hadolint/hadolint/wiki/{code}" if code.startswith("DL") else ""


def without_doubles(hadolint: Iterable[Finding], ours: Iterable[Finding]) -> Iterator[Finding]:
    """hadolint's findings but for those that one of ours says at the same line."""
    said = {
        (finding.location.path, finding.location.line, f"hadolint/{code}")
        for finding in ours
        for code in SAME.get(finding.rule, ())
    }
    return (f for f in hadolint if (f.location.path, f.location.line, f.rule) not in said)
