"""
Reports in GitLab's own formats, for `artifacts:reports`.

`codequality.json` is the subset of the Code Climate format that GitLab reads:
https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format. `outputs.env` has the numbers for later
jobs: https://docs.gitlab.com/ci/yaml/artifacts_reports/#artifactsreportsdotenv. JUnit is junit.xml as it is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

from seatrial.ci.outputs import numbers
from seatrial.domain import Confidence, Finding, Severity
from seatrial.report import Outcome
from seatrial.report.text import printable

_SCALE = ("info", "minor", "major", "critical", "blocker")
_LEVEL = {Severity.CRITICAL: 4, Severity.HIGH: 3, Severity.MEDIUM: 2, Severity.LOW: 1}
_DESCRIPTION = 1000  # characters; the widget shows one line


def code_quality(outcome: Outcome) -> str:
    """
    Every open finding with its place. A waived one is left out: the widget cannot show that it is.

    A finding in an old commit is left out too: it has no line in the tree.
    """
    folder = f"{outcome.folder}/" if outcome.folder else ""
    return json.dumps(list(_issues(outcome, folder)), indent=1, ensure_ascii=False) + "\n"


def _issues(outcome: Outcome, folder: str) -> Iterator[dict[str, object]]:
    for finding in outcome.findings:
        if finding.fingerprint in outcome.waived.fingerprints or finding.commit or not finding.location.path:
            continue
        yield {
            "description": printable(finding.message, limit=_DESCRIPTION),
            "check_name": finding.rule,
            "fingerprint": _fingerprint(finding, folder),
            "severity": _severity(finding),
            "location": {
                "path": printable(f"{folder}{finding.location.path}"),
                "lines": {"begin": max(finding.location.line, 1)},
            },
        }


def _fingerprint(finding: Finding, folder: str) -> str:
    """With the folder: GitLab shows one of several findings with one fingerprint, and jobs may survey folders each."""
    return hashlib.sha256(f"{folder}\0{finding.fingerprint}".encode("utf-8", "backslashreplace")).hexdigest()[:32]


def _severity(finding: Finding) -> str:
    return _SCALE[max(0, _LEVEL[finding.severity] - (finding.confidence is Confidence.LOW))]


def dotenv(outcome: Outcome) -> str:
    """The numbers as variables: `SEATRIAL_SCORE=87.5`."""
    return "".join(f"SEATRIAL_{name.upper()}={value}\n" for name, value in numbers(outcome).items())
