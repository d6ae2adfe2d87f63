"""
The outputs of the Action, once: `action.yml` declares them from here, `files.outputs` writes them.

Every output is always written; one that a run has no answer for is empty. Paths are relative to the workspace: the
runner does not translate a container's paths to its own.
"""

from __future__ import annotations

from collections.abc import Mapping

OUTPUTS: Mapping[str, str] = {
    "score": "The score, 0 to 100; empty if nothing was measured.",
    "coverage": "The share of the points that was measured, in percent.",
    "proven": "The score that holds even if everything that was not measured fails.",
    "verdict": "PASSED, CLOSED or INCONCLUSIVE, as in report.json.",
    "findings": "The number of findings that are not waived.",
    "new_findings": "The number of findings that the change brings in; empty without a base to compare with.",
    "report_json": "The path of report.json.",
    "junit": "The path of junit.xml.",
    "sarif": "The path of seatrial.sarif, for github/codeql-action/upload-sarif.",
    "html": "The path of report.html, one page for people.",
    "summary": "The path of summary.md.",
    "comment_url": "The address of the comment on the pull request; empty if there is none.",
}
